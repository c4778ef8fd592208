// Enough of ONNX's protobuf to write the job as a model: https://onnx.ai/onnx/api/classes.html names
// the messages, https://protobuf.dev/programming-guides/encoding the bytes.
const coder = new TextEncoder();

function varint(value) {
  const bytes = [];
  for (let rest = BigInt(value); ;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
    if (!rest) return bytes;
  }
}

/** A message from its fields: [number, value]; whole numbers are varints, all else is bytes. */
function message(...fields) {
  const parts = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') parts.push(Uint8Array.from([...varint(number << 3), ...varint(value)]));
    else {
      const bytes = typeof value === 'string' ? coder.encode(value)
        : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      parts.push(Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes);
    }
  }
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const FLOAT = 1, INT64 = 7, ATTRIBUTE_INT = 2;
const tensor = (name, dims, data) => message(...dims.map((d) => [1, d]),
  [2, data instanceof Float32Array ? FLOAT : INT64], [8, name], [9, data]);
const value = (name, type, dims) => message([1, name], [2, message([1, message([1, type],
  [2, message(...dims.map((d) => [1, typeof d === 'string' ? message([2, d]) : message([1, d])]))])])]);
const node = (type, inputs, outputs, attributes = {}) => message(...inputs.map((name) => [1, name]),
  ...outputs.map((name) => [2, name]), [3, outputs.find(Boolean)], [4, type],
  ...Object.entries(attributes).map(([name, number]) => [5, message([1, name], [3, number], [20, ATTRIBUTE_INT])]));

/** Gates i f g o to ONNX's i o f c, of a matrix of so many columns. */
function reorder(matrix, H, cols) {
  const out = new Float32Array(matrix.length);
  [0, 3, 1, 2].forEach((from, to) => out.set(matrix.subarray(from * H * cols, (from + 1) * H * cols), to * H * cols));
  return out;
}

/** Event ids and state in, state out; with `list` best scores and items too. Items lie [width][items],
 * which is the layout that the runtime multiplies fastest.
 * @param {any} m @param {boolean} list */
export function modelOf(m, list) {
  const { E, H, N, V, K } = m, bias = new Float32Array(8 * H);
  bias.set(reorder(m.b, H, 1));
  const nodes = [
    node('Gather', ['emb', 'ids'], ['x'], { axis: 0 }), node('Unsqueeze', ['x', 'one'], ['xs']),
    node('LSTM', ['xs', 'W', 'R', 'B', '', 'h0', 'c0'], ['', 'h', 'c'], { hidden_size: H })];
  const weights = [
    tensor('emb', [V, E], m.emb), tensor('one', [1], new BigInt64Array([1n])),
    tensor('W', [1, 4 * H, E], reorder(m.Wx, H, E)), tensor('R', [1, 4 * H, H], reorder(m.Wh, H, H)),
    tensor('B', [1, 8 * H], bias)];
  const state = (name) => value(name, FLOAT, [1, 1, H]);
  const outputs = [state('h'), state('c')];
  if (list) {
    const items = new Float32Array(N * H);
    for (let n = 0; n < N; n++) for (let d = 0; d < H; d++) items[d * N + n] = m.items[n * H + d];
    nodes.push(node('Reshape', ['h', 'flat'], ['q']), node('MatMul', ['q', 'items'], ['scores']),
      node('TopK', ['scores', 'k'], ['best', 'found']));
    weights.push(tensor('flat', [2], new BigInt64Array([1n, BigInt(H)])), tensor('items', [H, N], items),
      tensor('k', [1], new BigInt64Array([BigInt(K)])));
    outputs.push(value('best', FLOAT, [1, K]), value('found', INT64, [1, K]));
  }
  const graph = message(...nodes.map((n) => [1, n]), [2, 'job'], ...weights.map((w) => [5, w]),
    [11, value('ids', INT64, ['T'])], [11, state('h0')], [11, state('c0')], ...outputs.map((o) => [12, o]));
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 17])]);
}
