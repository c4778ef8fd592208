// A `.vitrine` model from bare weights, by docs/model-format.md: for benches and for whoever brings
// weights from elsewhere. Runs in Node and in browsers; of the project it uses build/wasm-simd/bench_pack.wasm
// alone (bench/pack.c), in whose memory the file is made.
//
// One LSTM over an input embedding of its own, logits as scores, nothing else: no table, no
// attributes, no output matrix.

const PANEL = 32, PAUSE = 1 << 19, ROWS = 8 * PANEL, ALIGN = 64, EVENT_KINDS = 18, CONTEXTS = 20, PARTS = 5;
const up = (n, to) => Math.ceil(n / to) * to;
const id4 = (name) => [...name].reduce((word, c, i) => word + c.charCodeAt(0) * 256 ** i, 0);

/** The code of the small float nearest to a value from 0. */
const word = new Uint32Array(1), asFloat = new Float32Array(word.buffer), LEAST = (127 - 40) << 23;
function smallFloat(value) {
  if (!(value > 0)) return 0;
  asFloat[0] = value;
  return word[0] > LEAST ? Math.min(65535, Math.max(1, (word[0] - LEAST + (1 << 12)) >>> 13)) : 1;
}

const PRECISION = { f32: 0, int8: 1, exact: 2 };

function head({ items, dim, precision, input, hidden, rows }) {
  const view = new DataView(new ArrayBuffer(172));
  const u32 = (at, ...values) => values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  const f32 = (at, ...values) => values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  u32(0, items, dim, PRECISION[precision], 1 /* LSTM */, input, hidden, precision === 'int8' ? 32 : 0 /* flags: the gates' products in bytes */, rows, 0 /* no gap */, 50 /* tail */);
  f32(40, 4, 4); // decays
  u32(48, 1, 0 /* the logit is the score */);
  f32(92, 1, 1); // deviations
  return new Uint8Array(view.buffer);
}

const SIZE = { u8: 1, i8: 1, u16: 2, i16: 2, f32: 4 };

/** The file's bytes, a view of the packer's memory.
 * @param {{ items: number, dim: number, input: number, rows: number, precision: 'int8' | 'exact',
 *   split?: boolean, item: Float32Array, embed: Float32Array, w: Float32Array, u: Float32Array, b: Float32Array }} model
 *   split: the int8 rows in two halves; items > 9; item [items][dim]; embed [rows][input], of items 0 .. rows - 1; w [4 dim][input],
 *   u [4 dim][dim], b [4 dim], gates i f g o
 * @param {BufferSource} packer  bench_pack.wasm */
export async function writeModel({ items, dim, input, rows, precision, split, item, embed, w, u, b }, packer) {
  const pack = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(packer)).exports);
  const need = (/** @type {number} */ end) => {
    const missing = end - pack.memory.buffer.byteLength;
    if (missing > 0) pack.memory.grow(Math.ceil(missing / 65536));
  };
  const kinds = new DataView(new ArrayBuffer(EVENT_KINDS * 12)), kindRows = new Float32Array(EVENT_KINDS * input);
  for (let k = 0; k < EVENT_KINDS; k++) {
    kinds.setFloat32(12 * k, 1, true); // weight; a half-life of 0 is none
    kinds.setUint32(12 * k + 8, 1, true); // the network steps
  }
  const spare = up(pack.__heap_base.value, ALIGN);
  need(spare + 9 * items + 64);
  const room = new Uint8Array(pack.memory.buffer), ids = room.slice(spare, spare + pack.pack_numbers(items, spare));
  room.fill(0, spare, spare + ids.length);
  const fusion = Float32Array.from({ length: CONTEXTS * PARTS }, (_, i) => (i % PARTS === 0 ? 1 : 0));
  const gates = 4 * dim, wide = up(items, PANEL), width = up(dim, 4);
  const copy = (values) => (at) => new Uint8Array(file.buffer, at, values.byteLength)
    .set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const fill = (View, count, value) => (at) => new View(file.buffer, at, count).fill(value);
  /** What the packer makes of a matrix, a few panels of rows at a time; bytes: what a row takes in each target. */
  const packed = (name, matrix, count, cols, bytes) => (...to) => {
    const input = new Float32Array(file.buffer, scratch, ROWS * cols);
    for (let r = 0; r < count; r += ROWS) {
      const part = matrix.subarray(r * cols, Math.min(count, r + ROWS) * cols);
      input.set(part);
      pack[name](scratch, part.length / cols, cols, ...to.map((at, i) => at + r * bytes[i]));
    }
  };
  const small = (matrix, count, cols) => [['u16', count, 'i8', count * cols],
    (at) => packed('pack_matrix', matrix, count, cols, [2, cols])(at, at + 2 * count)];
  const large = (matrix, count, cols) => [['f32', up(count, PANEL) * cols], packed('pack_panels', matrix, count, cols, [4 * cols])];
  /** The item rows, in panels or in two halves, of which the upper begins as zeros: 8 in each four bits. */
  const rowsOf = (name, others) => (first, ...to) => {
    if (split) new Uint8Array(file.buffer, first, wide * width / 2).fill(0x88);
    packed(split ? `${name}_halves` : name, item, items, dim, [...(split ? [width / 2, width / 2] : [width]), ...others])(first, ...to);
  };
  const matrixOf = precision === 'int8' ? small : large;
  // Name, what it is made of, and what writes it: where there is none, the writer of a later one does.
  const sections = [
    ['head', ['u8', 172], copy(head({ items, dim, precision, input, hidden: dim, rows }))],
    ['ids ', ['u8', ids.length], copy(ids)],
    ...(precision === 'int8' ? [
      ['embd', ...small(embed, rows, input)], ['kemb', ...small(kindRows, EVENT_KINDS, input)],
      ['bias', ['f32', 1, 'u16', items], copy(new Float32Array([1]))], // a step of 1, then multiples of it: all 0
      ['popu', ['u16', items], fill(Uint16Array, items, smallFloat(1 / items))],
    ] : [
      ['embd', ['f32', rows * input], copy(embed)], ['kemb', ['f32', EVENT_KINDS * input], copy(kindRows)],
      ['bias', ['f32', wide], () => {}],
      ['popu', ['f32', items], fill(Float32Array, items, 1 / items)],
    ]),
    ['celw', ...matrixOf(w, gates, input)], ['celu', ...matrixOf(u, gates, dim)],
    ['celb', ['f32', up(gates, PANEL)], copy(b)], ['kind', ['u8', 12 * EVENT_KINDS], copy(kinds)],
    ['fuse', ['f32', CONTEXTS * PARTS], copy(fusion)], ['card', [], () => {}],
    ...(split ? [['high', ['i8', wide * width / 2], null], ['low ', ['i8', wide * width / 2], null]] : [['item', ['i8', wide * width], null]]),
    ...(precision === 'int8' ? [['scal', ['u16', items], rowsOf('pack_int8', [2])]]
      : [['scal', ['f32', wide], null], ['rest', ['i16', items * dim], rowsOf('pack_exact', [4, 2 * dim])]]),
  ];

  const table = 128, begin = up(table + 64 * sections.length, ALIGN);
  const sizeOf = (parts) => parts.reduce((size, part, i) => size + (i % 2 ? part * SIZE[parts[i - 1]] : 0), 0);
  const size = sections.reduce((at, [, parts]) => at + up(sizeOf(parts), ALIGN), begin);
  const base = spare, scratch = base + size;
  need(scratch + 4 * ROWS * Math.max(dim, input));
  const file = new Uint8Array(pack.memory.buffer, base, size), out = new DataView(file.buffer, base, size), sums = [];
  file.set([0x89, 0x56, 0x49, 0x54, 0x52, 0x49, 0x4e, 0x0a]);
  out.setUint32(8, 1, true); // version
  out.setUint32(12, 1, true); // kind model
  out.setUint32(16, 1, true); // ABI
  out.setUint32(20, sections.length, true);
  out.setBigUint64(24, BigInt(size), true);
  out.setBigUint64(32, 1n, true); // content version
  const sum = async (from, length, to) => file.set(new Uint8Array(await crypto.subtle.digest('SHA-256', file.subarray(from, from + length))), to);
  let at = begin, places = [], written = [];
  for (const [i, [name, parts, write]] of sections.entries()) {
    const row = table + 64 * i, length = sizeOf(parts);
    out.setUint32(row, id4(name), true);
    out.setBigUint64(row + 8, BigInt(at), true);
    out.setBigUint64(row + 16, BigInt(length), true);
    places.push(base + at);
    written.push([at, length, row + 24]);
    at += up(length, ALIGN);
    if (!write) continue;
    write(...places);
    // Summed beside this thread, while the next ones are written.
    for (const one of written.splice(0)) sums.push(sum(...one));
    places = [];
    // What was fetched meanwhile is taken up: the engine is compiled beside this thread too.
    if (length > PAUSE) await new Promise((next) => setTimeout(next));
  }
  await Promise.all(sums);
  await sum(0, table + 64 * sections.length, 72);
  return file;
}
