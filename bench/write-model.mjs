// A `.vitrine` model from bare weights, by docs/model-format.md: for benches and for whoever brings
// weights from elsewhere. Runs in Node and in browsers; no other file of the project is used.
//
// One LSTM over an input embedding of its own, logits as scores, nothing else: no table, no
// attributes, no output matrix.

const PANEL = 32, ALIGN = 64, EVENT_KINDS = 18, CONTEXTS = 20, PARTS = 5;
const up = (n, to) => Math.ceil(n / to) * to;

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const id4 = (name) => [...name].reduce((word, c, i) => word + c.charCodeAt(0) * 256 ** i, 0);

/** Adding and taking away 1.5 * 2^52 rounds to the nearest whole number, ties to even. */
const MAGIC = 6755399441055744;
const nearest = (x) => x + MAGIC - MAGIC;

function largestOf(values, from, count) {
  let largest = 0;
  for (let i = from; i < from + count; i++) {
    const size = Math.abs(values[i]);
    if (size > largest) largest = size;
  }
  return largest;
}

/** The small float nearest to a value from 0. */
const word = new Uint32Array(1), asFloat = new Float32Array(word.buffer);
function smallFloat(value) {
  if (!(value > 0)) return 0;
  asFloat[0] = value;
  const least = (127 - 40) << 23;
  return word[0] > least ? Math.min(65535, Math.max(1, (word[0] - least + (1 << 12)) >>> 13)) : 1;
}

/** Rows [rows][cols] as panels of 32 rows, column by column. */
function panels(matrix, rows, cols) {
  const out = new Float32Array(up(rows, PANEL) * cols);
  for (let r = 0; r < rows; r++) {
    const from = r * cols, to = Math.floor(r / PANEL) * cols * PANEL + (r % PANEL);
    for (let c = 0; c < cols; c++) out[to + c * PANEL] = matrix[from + c];
  }
  return out;
}

/** A packed matrix: small floats, then bytes. */
function packed(matrix, rows, cols) {
  const out = new Uint8Array(rows * (2 + cols)), q = new Int8Array(out.buffer, 2 * rows);
  for (let r = 0; r < rows; r++) {
    const from = r * cols, scale = Math.fround(largestOf(matrix, from, cols) / 127), code = smallFloat(scale);
    out[2 * r] = code & 255;
    out[2 * r + 1] = code >> 8;
    for (let c = 0; c < cols && scale > 0; c++)
      q[from + c] = Math.max(-127, Math.min(127, nearest(Math.fround(matrix[from + c] / scale))));
  }
  return out;
}

const padded = (values, count) => {
  const out = new Float32Array(up(count, PANEL));
  out.set(values);
  return out;
};

/** int8 panels, four columns by four, and a scale a row. */
function int8Rows(items, n, dim) {
  const wide = up(dim, 4), q = new Int8Array(up(n, PANEL) * wide), scale = new Uint16Array(n);
  for (let r = 0; r < n; r++) {
    const from = r * dim, to = Math.floor(r / PANEL) * PANEL * wide + (r % PANEL) * 4;
    const s = Math.fround(largestOf(items, from, dim) / 127);
    scale[r] = smallFloat(s);
    for (let c = 0; c < dim && s > 0; c++) {
      const steps = nearest(Math.fround(items[from + c] / s));
      q[to + (c >> 2) * PANEL * 4 + (c & 3)] = Math.max(-127, Math.min(127, steps));
    }
  }
  return [['item', q], ['scal', scale]];
}

/** The same with the 16 bits that follow. */
function exactRows(items, n, dim) {
  const wide = up(dim, 4), q = new Int8Array(up(n, PANEL) * wide), scale = new Float32Array(up(n, PANEL));
  const rest = new Int16Array(n * dim), most = 127 * 65536 + 32767;
  for (let r = 0; r < n; r++) {
    const from = r * dim, to = Math.floor(r / PANEL) * PANEL * wide + (r % PANEL) * 4;
    const largest = largestOf(items, from, dim), s = (scale[r] = largest < 1e-30 ? 0 : largest / 127);
    // The float that was stored, not the quotient.
    const unit = scale[r] / 65536;
    for (let c = 0; c < dim && s > 0; c++) {
      const steps = nearest(items[from + c] / unit), v = steps > most ? most : steps < -most ? -most : steps;
      const high = Math.floor((v + 32768) / 65536);
      q[to + (c >> 2) * PANEL * 4 + (c & 3)] = high;
      rest[from + c] = v - high * 65536;
    }
  }
  return [['item', q], ['scal', scale], ['rest', rest]];
}

/** A stream of bits, the first bit of a byte its lowest. */
class Bits {
  #bytes = new Uint8Array(1 << 16);
  #count = 0;

  put(value, bits) {
    if (this.#count + bits > 8 * this.#bytes.length) {
      const more = new Uint8Array(2 * this.#bytes.length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    for (let i = 0; i < bits; i++, this.#count++)
      if ((value >> i) & 1) this.#bytes[this.#count >> 3] |= 1 << (this.#count & 7);
  }
  golomb(value, k) {
    const v = (value >> k) + 1, wide = 31 - Math.clz32(v);
    this.put(0, wide);
    this.put(1, 1);
    this.put(v, wide);
    this.put(value, k);
  }
  bytes() {
    return this.#bytes.subarray(0, (this.#count + 7) >> 3);
  }
}

/** Ids '0', '1', ... as packed strings: each shares the front of the one before. */
function numbers(n) {
  const bits = new Bits();
  let before = '', size = 0;
  for (let i = 0; i < n; i++) {
    const id = String(i), longer = i === 0 || id.length > before.length;
    bits.put(longer ? 1 : 0, 1);
    if (longer) bits.golomb(id.length - (i === 0 ? -1 : before.length) - 1, 0);
    let shared = 0;
    while (shared < id.length - 1 && id[shared] === before[shared]) shared++;
    bits.golomb(id.length - shared - 1, 1);
    for (const digit of id.slice(shared)) bits.put(Number(digit), n > 1 ? (n > 8 ? 4 : 3) : 1);
    size += id.length;
    before = id;
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
  const sections = [['head', head({ items, dim, precision, input, hidden: dim, rows })], ['ids ', numbers(items)]];
  if (precision === 'int8') {
    const bias = new DataView(new ArrayBuffer(4 + 2 * items)); // step, then multiples of it: all 0
    bias.setFloat32(0, 1, true);
    sections.push(...int8Rows(item, items, dim), ['bias', bias],
      ['popu', new Uint16Array(items).fill(smallFloat(1 / items))],
      ['embd', packed(embed, rows, input)], ['kemb', packed(kindRows, EVENT_KINDS, input)],
      ['celw', packed(w, 4 * dim, input)], ['celu', packed(u, 4 * dim, dim)]);
  } else {
    sections.push(...(precision === 'f32' ? [['item', panels(item, items, dim)]] : exactRows(item, items, dim)),
      ['bias', new Float32Array(up(items, PANEL))],
      ['popu', new Float32Array(items).fill(1 / items)],
      ['embd', embed], ['kemb', kindRows],
      ['celw', panels(w, 4 * dim, input)], ['celu', panels(u, 4 * dim, dim)]);
  }
  sections.push(['celb', padded(b, 4 * dim)], ['kind', new Uint8Array(kinds.buffer)],
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
