// A `.vitrine` model from bare weights, by docs/model-format.md: for benches and for whoever brings
// weights from elsewhere. Runs in Node and in browsers; no other file of the project is used.
//
// One LSTM over an input embedding of its own, logits as scores, nothing else: no table, no
// attributes, no output matrix.

const PANEL = 32, ALIGN = 64, EVENT_KINDS = 18, CONTEXTS = 20, PARTS = 5;
const up = (n, to) => Math.ceil(n / to) * to;
const id4 = (name) => [...name].reduce((word, c, i) => word + c.charCodeAt(0) * 256 ** i, 0);

/** Adding and taking away 1.5 * 2^52 rounds to the nearest whole number, ties to even. */
const MAGIC = 6755399441055744;

function largestOf(values, from, count) {
  let largest = 0;
  for (let i = from; i < from + count; i++) {
    const value = values[i], size = value < 0 ? -value : value;
    if (size > largest) largest = size;
  }
  return largest;
}

/** The code of the small float nearest to a value from 0, and the value of a code. */
const word = new Uint32Array(1), asFloat = new Float32Array(word.buffer), LEAST = (127 - 40) << 23;
function smallFloat(value) {
  if (!(value > 0)) return 0;
  asFloat[0] = value;
  return word[0] > LEAST ? Math.min(65535, Math.max(1, (word[0] - LEAST + (1 << 12)) >>> 13)) : 1;
}
function floatOf(code) {
  word[0] = LEAST + (code << 13);
  return code === 0 ? 0 : asFloat[0];
}

// The loops below run once, on a page that has just begun: plain indices and no calls for each value, so
// that they are soon compiled. A value over its scale is 127 at most, since the scale is the largest / 127.

/** Rows [rows][cols] as panels of 32 rows, column by column. */
function panels(matrix, rows, cols, out) {
  for (let r = 0; r < rows; r++) {
    const from = r * cols, to = Math.floor(r / PANEL) * cols * PANEL + (r % PANEL);
    for (let c = 0; c < cols; c++) out[to + c * PANEL] = matrix[from + c];
  }
}

/** A packed matrix: small floats, then bytes. */
function packed(matrix, rows, cols, code, q) {
  for (let r = 0; r < rows; r++) {
    const from = r * cols, scale = floatOf((code[r] = smallFloat(largestOf(matrix, from, cols) / 127)));
    for (let i = from; i < from + cols && scale > 0; i++) q[i] = Math.fround(matrix[i] / scale) + MAGIC - MAGIC;
  }
}

/** int8 panels, four columns by four, and a scale a row. */
function int8Rows(items, n, dim, q, code) {
  const wide = up(dim, 4);
  for (let r = 0; r < n; r++) {
    const from = r * dim, to = Math.floor(r / PANEL) * PANEL * wide + (r % PANEL) * 4;
    const scale = floatOf((code[r] = smallFloat(largestOf(items, from, dim) / 127)));
    for (let c = 0; c < dim && scale > 0; c++)
      q[to + (c >> 2) * (PANEL * 4) + (c & 3)] = Math.fround(items[from + c] / scale) + MAGIC - MAGIC;
  }
}

/** The same with the 16 bits that follow. */
function exactRows(items, n, dim, q, scale, rest) {
  const wide = up(dim, 4);
  for (let r = 0; r < n; r++) {
    const from = r * dim, to = Math.floor(r / PANEL) * PANEL * wide + (r % PANEL) * 4;
    const largest = largestOf(items, from, dim);
    scale[r] = largest < 1e-30 ? 0 : largest / 127;
    // The float that was stored, not the quotient.
    const unit = scale[r] / 65536;
    for (let c = 0; c < dim && unit > 0; c++) {
      const steps = (items[from + c] / unit + MAGIC - MAGIC) | 0;
      q[to + (c >> 2) * (PANEL * 4) + (c & 3)] = (steps + 32768) >> 16;
      rest[from + c] = steps; // what is stored are its low 16 bits
    }
  }
}

/** A stream of bits, the first bit of a byte its lowest. */
class Bits {
  #bytes;
  #at = 0;
  #held = 0;
  #count = 0;

  /** @param {number} most bytes */
  constructor(most) {
    this.#bytes = new Uint8Array(most);
  }
  /** @param {number} value @param {number} bits 24 at most */
  put(value, bits) {
    this.#held |= (value & ((1 << bits) - 1)) << this.#count;
    for (this.#count += bits; this.#count >= 8; this.#count -= 8) {
      this.#bytes[this.#at++] = this.#held;
      this.#held >>>= 8;
    }
  }
  golomb(value, k) {
    const v = (value >> k) + 1, wide = 31 - Math.clz32(v);
    this.put(0, wide);
    this.put(1, 1);
    this.put(v, wide);
    this.put(value, k);
  }
  bytes() {
    this.put(0, 7);
    return this.#bytes.subarray(0, this.#at);
  }
}

/** Ids '0', '1', ... as packed strings: each shares the front of the one before. */
function numbers(n) {
  const bits = new Bits(9 * n + 16), width = n > 8 ? 4 : 3;
  let length = 0, size = 0;
  for (let i = 0, next = 0; i < n; i++) {
    // Nines that became zeros, and the digit before them.
    let own = 1, left = i;
    for (; left > 0 && left % 10 === 0; left /= 10) own++;
    bits.put(i === next ? 1 : 0, 1);
    if (i === next) {
      bits.golomb(i === 0 ? 1 : 0, 0); // the first is 1 longer than 0, the others than the one before
      next = 10 ** ++length;
    }
    bits.golomb(own - 1, 1);
    bits.put(left % 10, width);
    for (let zeros = 1; zeros < own; zeros++) bits.put(0, width);
    size += length;
  }
  // The letters that occur; with nine ids and more, that is up to '8' or all digits.
  const letters = '0123456789'.slice(0, Math.min(n, 10)), stream = bits.bytes();
  const out = new Uint8Array(5 + letters.length + stream.length);
  new DataView(out.buffer).setUint32(0, size, true);
  out[4] = letters.length - 1;
  for (let i = 0; i < letters.length; i++) out[5 + i] = letters.charCodeAt(i);
  out.set(stream, 5 + letters.length);
  return out;
}

const PRECISION = { f32: 0, int8: 1, exact: 2 };

function head({ items, dim, precision, input, hidden, rows }) {
  const view = new DataView(new ArrayBuffer(172));
  const u32 = (at, ...values) => values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  const f32 = (at, ...values) => values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  u32(0, items, dim, PRECISION[precision], 1 /* LSTM */, input, hidden, 0 /* flags */, rows, 0 /* no gap */, 50 /* tail */);
  f32(40, 4, 4); // decays
  u32(48, 1, 0 /* the logit is the score */);
  f32(92, 1, 1); // deviations
  return new Uint8Array(view.buffer);
}

const SIZE = { u8: 1, i8: 1, u16: 2, i16: 2, f32: 4 };
const VIEW = { u8: Uint8Array, i8: Int8Array, u16: Uint16Array, i16: Int16Array, f32: Float32Array };

/** The file's bytes.
 * @param {{ items: number, dim: number, input: number, rows: number, precision: 'f32' | 'int8' | 'exact',
 *   item: Float32Array, embed: Float32Array, w: Float32Array, u: Float32Array, b: Float32Array }} model
 *   items > 9; item [items][dim]; embed [rows][input], of items 0 .. rows - 1; w [4 dim][input],
 *   u [4 dim][dim], b [4 dim], gates i f g o */
export async function writeModel({ items, dim, input, rows, precision, item, embed, w, u, b }) {
  const kinds = new DataView(new ArrayBuffer(EVENT_KINDS * 12)), kindRows = new Float32Array(EVENT_KINDS * input);
  for (let k = 0; k < EVENT_KINDS; k++) {
    kinds.setFloat32(12 * k, 1, true); // weight; a half-life of 0 is none
    kinds.setUint32(12 * k + 8, 1, true); // the network steps
  }
  const ids = numbers(items), fusion = Float32Array.from({ length: CONTEXTS * PARTS }, (_, i) => (i % PARTS === 0 ? 1 : 0));
  const gates = 4 * dim, wide = up(items, PANEL), width = up(dim, 4), copy = (values) => (to) => to.set(values);
  const small = (matrix, count, cols) => [['u16', count], ['i8', count * cols],
    (code, q) => packed(matrix, count, cols, code, q)];
  const large = (matrix, count, cols) => [['f32', up(count, PANEL) * cols], (to) => panels(matrix, count, cols, to)];
  const matrixOf = precision === 'int8' ? small : large;
  // Name, what it is made of, and what writes it. Those of one writer stand one behind the other.
  const sections = [
    ['head', ['u8', 172], copy(head({ items, dim, precision, input, hidden: dim, rows }))],
    ['ids ', ['u8', ids.length], copy(ids)],
    ...(precision === 'int8' ? [
      ['embd', ...small(embed, rows, input)], ['kemb', ...small(kindRows, EVENT_KINDS, input)],
      ['bias', ['u8', 4 + 2 * items], (to) => to.set([0, 0, 128, 63])], // a step of 1, then multiples of it: all 0
      ['popu', ['u16', items], (to) => to.fill(smallFloat(1 / items))],
    ] : [
      ['embd', ['f32', rows * input], copy(embed)], ['kemb', ['f32', EVENT_KINDS * input], copy(kindRows)],
      ['bias', ['f32', wide], () => {}],
      ['popu', ['f32', items], (to) => to.fill(1 / items)],
    ]),
    ['celw', ...matrixOf(w, gates, input)], ['celu', ...matrixOf(u, gates, dim)],
    ['celb', ['f32', up(gates, PANEL)], copy(b)], ['kind', ['u8', 12 * EVENT_KINDS], copy(new Uint8Array(kinds.buffer))],
    ['fuse', ['f32', CONTEXTS * PARTS], copy(fusion)], ['card', ['u8', 0], () => {}],
    ...{
      f32: () => [['item', ...large(item, items, dim)]],
      int8: () => [['item', ['i8', wide * width]], ['scal', ['u16', items], (q, code) => int8Rows(item, items, dim, q, code)]],
      exact: () => [['item', ['i8', wide * width]], ['scal', ['f32', wide]],
        ['rest', ['i16', items * dim], (q, scale, rest) => exactRows(item, items, dim, q, scale, rest)]],
    }[precision](),
  ];

  const table = 128, begin = up(table + 64 * sections.length, ALIGN);
  const sizeOf = (parts) => parts.reduce((size, part) => size + (Array.isArray(part) ? SIZE[part[0]] * part[1] : 0), 0);
  const size = sections.reduce((at, [, ...parts]) => at + up(sizeOf(parts), ALIGN), begin);
  const file = new Uint8Array(size), out = new DataView(file.buffer), sums = [];
  file.set([0x89, 0x56, 0x49, 0x54, 0x52, 0x49, 0x4e, 0x0a]);
  out.setUint32(8, 1, true); // version
  out.setUint32(12, 1, true); // kind model
  out.setUint32(16, 1, true); // ABI
  out.setUint32(20, sections.length, true);
  out.setBigUint64(24, BigInt(size), true);
  out.setBigUint64(32, 1n, true); // content version
  const sum = async (from, length, to) => file.set(new Uint8Array(await crypto.subtle.digest('SHA-256', file.subarray(from, from + length))), to);
  let at = begin, views = [], written = [];
  for (const [i, [name, ...parts]] of sections.entries()) {
    const row = table + 64 * i, length = sizeOf(parts);
    out.setUint32(row, id4(name), true);
    out.setBigUint64(row + 8, BigInt(at), true);
    out.setBigUint64(row + 16, BigInt(length), true);
    written.push([at, length, row + 24]);
    let from = at;
    for (const part of parts) {
      if (Array.isArray(part)) {
        views.push(new VIEW[part[0]](file.buffer, from, part[1]));
        from += SIZE[part[0]] * part[1];
        continue;
      }
      part(...views);
      // Summed beside this thread, while the next ones are written.
      for (const one of written) sums.push(sum(...one));
      views = [];
      written = [];
    }
    at += up(length, ALIGN);
  }
  await Promise.all(sums);
  await sum(0, table + 64 * sections.length, 72);
  return file;
}
