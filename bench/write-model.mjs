// A `.vitrine` model from bare weights, by docs/model-format.md: for benches and for whoever brings
// weights from elsewhere. Runs in Node and in browsers; no other file of the project is used.
//
// One LSTM over an input embedding of its own, logits as scores, nothing else: no table, no
// attributes, no output matrix.

const PANEL = 32, ALIGN = 64, EVENT_KINDS = 18, CONTEXTS = 10, PARTS = 5;
const up = (n, to) => Math.ceil(n / to) * to;

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const id4 = (name) => [...name].reduce((word, c, i) => word + c.charCodeAt(0) * 256 ** i, 0);

/** Rows [rows][cols] as panels of 32 rows, column by column. */
function panels(matrix, rows, cols) {
  const out = new Float32Array(up(rows, PANEL) * cols);
  for (let r = 0; r < rows; r++) {
    const from = r * cols, to = Math.floor(r / PANEL) * cols * PANEL + (r % PANEL);
    for (let c = 0; c < cols; c++) out[to + c * PANEL] = matrix[from + c];
  }
  return out;
}

const padded = (values, count) => {
  const out = new Float32Array(up(count, PANEL));
  out.set(values);
  return out;
};

/** To nearest, ties to even, as the format asks. */
function nearest(x) {
  const down = Math.floor(x), rest = x - down;
  if (rest < 0.5) return down;
  if (rest > 0.5) return down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** int8 panels, four columns by four, and a scale a row. */
function quantised(items, n, dim) {
  const wide = up(dim, 4), q = new Int8Array(up(n, PANEL) * wide), scale = new Float32Array(up(n, PANEL));
  for (let r = 0; r < n; r++) {
    let largest = 0;
    for (let c = 0; c < dim; c++) largest = Math.max(largest, Math.abs(items[r * dim + c]));
    const s = (scale[r] = Math.fround(largest / 127)), to = Math.floor(r / PANEL) * PANEL * wide + (r % PANEL) * 4;
    for (let c = 0; c < dim && s > 0; c++) {
      const steps = nearest(Math.fround(items[r * dim + c] / s));
      q[to + (c >> 2) * PANEL * 4 + (c & 3)] = Math.max(-127, Math.min(127, steps));
    }
  }
  return { q, scale };
}

/** Ids '0', '1', ...: sorted by length, then by bytes, when they rise. */
function numbers(n) {
  const coder = new TextEncoder(), offsets = new Uint32Array(n + 1);
  let text = '';
  const parts = [];
  for (let i = 0, at = 0; i < n; i++) {
    const id = String(i);
    offsets[i + 1] = at += id.length;
    text += id;
    if (text.length > 1 << 16) {
      parts.push(coder.encode(text));
      text = '';
    }
  }
  parts.push(coder.encode(text));
  const bytes = new Uint8Array(offsets[n]);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { offsets, bytes };
}

function head({ items, dim, precision, input, hidden, rows }) {
  const view = new DataView(new ArrayBuffer(160));
  const u32 = (at, ...values) => values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  const f32 = (at, ...values) => values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  u32(0, items, dim, precision, 1 /* LSTM */, input, hidden, 0 /* flags */, rows, 0 /* no gap */, 50 /* tail */);
  f32(40, 4, 4); // decays
  u32(48, 1, 0 /* the logit is the score */);
  f32(92, 1, 1); // deviations
  return new Uint8Array(view.buffer);
}

/** The file's bytes.
 * @param {{ items: number, dim: number, input: number, rows: number, precision: 'f32' | 'int8',
 *   item: Float32Array, embed: Float32Array, w: Float32Array, u: Float32Array, b: Float32Array }} model
 *   item [items][dim]; embed [rows][input], of items 0 .. rows - 1; w [4 dim][input], u [4 dim][dim],
 *   b [4 dim], gates i f g o */
export async function writeModel({ items, dim, input, rows, precision, item, embed, w, u, b }) {
  const ids = numbers(items), kinds = new DataView(new ArrayBuffer(EVENT_KINDS * 12));
  for (let k = 0; k < EVENT_KINDS; k++) {
    kinds.setFloat32(12 * k, 1, true); // weight; a half-life of 0 is none
    kinds.setUint32(12 * k + 8, 1, true); // the network steps
  }
  const sections = [
    ['head', head({ items, dim, precision: { f32: 0, int8: 1 }[precision], input, hidden: dim, rows })],
    ['idof', ids.offsets], ['idby', ids.bytes]];
  if (precision === 'f32') sections.push(['item', panels(item, items, dim)]);
  else {
    const { q, scale } = quantised(item, items, dim);
    sections.push(['item', q], ['scal', scale]);
  }
  sections.push(
    ['bias', new Float32Array(up(items, PANEL))],
    ['popu', new Float32Array(items).fill(1 / items)],
    ['embd', embed], ['kemb', new Float32Array(EVENT_KINDS * input)],
    ['celw', panels(w, 4 * dim, input)], ['celu', panels(u, 4 * dim, dim)], ['celb', padded(b, 4 * dim)],
    ['kind', new Uint8Array(kinds.buffer)],
    ['fuse', Float32Array.from({ length: CONTEXTS * PARTS }, (_, i) => (i % PARTS === 0 ? 1 : 0))],
    ['card', new Uint8Array(0)]);

  const table = 128, first = up(table + 64 * sections.length, ALIGN);
  const size = sections.reduce((at, [, view]) => at + up(view.byteLength, ALIGN), first);
  const file = new Uint8Array(size), out = new DataView(file.buffer);
  file.set([0x89, 0x56, 0x49, 0x54, 0x52, 0x49, 0x4e, 0x0a]);
  out.setUint32(8, 1, true); // version
  out.setUint32(12, 1, true); // kind model
  out.setUint32(16, 1, true); // ABI
  out.setUint32(20, sections.length, true);
  out.setBigUint64(24, BigInt(size), true);
  out.setBigUint64(32, 1n, true); // content version
  let at = first;
  for (const [i, [name, view]] of sections.entries()) {
    const row = table + 64 * i, bytes = bytesOf(view);
    out.setUint32(row, id4(name), true);
    out.setBigUint64(row + 8, BigInt(at), true);
    out.setBigUint64(row + 16, BigInt(bytes.length), true);
    file.set(await sha256(bytes), row + 24);
    file.set(bytes, at);
    at += up(bytes.length, ALIGN);
  }
  file.set(await sha256(file.subarray(0, table + 64 * sections.length)), 72);
  return file;
}
