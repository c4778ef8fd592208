// Writes recurrent.json: what ONNX Runtime computes for small LSTM and GRU layers, every step of it.
//
//   npm install --ignore-scripts onnxruntime-node@1.20.1      (in any folder)
//   NODE_PATH=<that folder>/node_modules node tests/golden/make_recurrent.mjs
//
// Weights and inputs are whole numbers of 1/256, so that the file is short and exact. Gates are
// written in our order, LSTM i f g o and GRU r z n; ONNX wants i o f c and z r h.

import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SEED = 20260131;
const require = createRequire(join(process.env.NODE_PATH ?? '.', 'index.js'));
const ort = require('onnxruntime-node');
const { version } = require('onnxruntime-node/package.json');

/* xorshift32 */
let state = SEED;
function next() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
const whole = (n, limit) => Array.from({ length: n }, () => (next() % (2 * limit + 1)) - limit);

// --- the few words of protobuf and of ONNX's schema (onnx.proto) that a graph of one node needs

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}
const number = (field, value) => [...varint(field * 8), ...varint(value)];
const message = (field, bytes) => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const text = (field, string) => message(field, [...Buffer.from(string)]);

const attribute = {
  int: (name, value) => message(5, [...text(1, name), ...number(3, value), ...number(20, 2)]),
  strings: (name, values) =>
    message(5, [...text(1, name), ...values.flatMap((value) => text(9, value)), ...number(20, 8)]),
};
function tensor(field, name, dims) {
  const shape = dims.flatMap((dim) => message(1, number(1, dim)));
  const type = [...number(1, 1), ...message(2, shape)];
  return message(field, [...text(1, name), ...message(2, message(1, type))]);
}
function model(op, attributes, inputs, outputs) {
  const node = [...Object.keys(inputs).flatMap((name) => text(1, name)),
    ...Object.keys(outputs).flatMap((name) => text(2, name)), ...text(4, op), ...attributes];
  const graph = [...message(1, node), ...text(2, 'layer'),
    ...Object.entries(inputs).flatMap(([name, dims]) => tensor(11, name, dims)),
    ...Object.entries(outputs).flatMap(([name, dims]) => tensor(12, name, dims))];
  return Uint8Array.from([...number(1, 8), ...message(7, graph), ...message(8, number(2, 14))]);
}

// --- one layer

const CELLS = {
  lstm: { op: 'LSTM', order: [0, 3, 1, 2], activations: ['Sigmoid', 'Tanh', 'Tanh'] },
  lstm_relu: { op: 'LSTM', order: [0, 3, 1, 2], activations: ['Sigmoid', 'Relu', 'Relu'] },
  gru: { op: 'GRU', order: [1, 0, 2], activations: ['Sigmoid', 'Tanh'] },
};

async function layer(cell, hidden, input, steps) {
  const { op, order, activations } = CELLS[cell];
  const gates = order.length;
  const w = whole(gates * hidden * input, 160);
  const u = whole(gates * hidden * hidden, hidden > 16 ? 64 : 128);
  const inputBias = whole(gates * hidden, 100);
  const recurrentBias = whole(gates * hidden, 100);
  const x = whole(steps * input, 400);

  const reorder = (rows, width) =>
    order.flatMap((gate) => rows.slice(gate * hidden * width, (gate + 1) * hidden * width));
  const floats = (values) => Float32Array.from(values, (value) => value / 256);
  const inputs = {
    X: [floats(x), [steps, 1, input]],
    W: [floats(reorder(w, input)), [1, gates * hidden, input]],
    R: [floats(reorder(u, hidden)), [1, gates * hidden, hidden]],
    B: [floats([...reorder(inputBias, 1), ...reorder(recurrentBias, 1)]), [1, 2 * gates * hidden]],
  };
  const attributes = [...attribute.int('hidden_size', hidden),
    ...attribute.strings('activations', activations),
    ...(op === 'GRU' ? attribute.int('linear_before_reset', 1) : [])];
  const outputs = { Y: [steps, 1, 1, hidden], Y_h: [1, 1, hidden],
    ...(op === 'LSTM' ? { Y_c: [1, 1, hidden] } : {}) };
  const dims = Object.fromEntries(Object.entries(inputs).map(([name, [, shape]]) => [name, shape]));
  const session = await ort.InferenceSession.create(model(op, attributes, dims, outputs));
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, [values, shape]]) =>
    [name, new ort.Tensor('float32', values, shape)]));
  const result = await session.run(feeds);

  // The two biases of a gate are one, but for the GRU's candidate.
  const split = op === 'GRU' ? 2 * hidden : gates * hidden;
  const round = (values) => Array.from(values, (value) => Number(value.toPrecision(9)));
  return { cell, hidden, input, steps, x, w, u,
    b: inputBias.map((value, row) => (row < split ? value + recurrentBias[row] : value)),
    ...(op === 'GRU' ? { c: recurrentBias.slice(split) } : {}),
    h: round(result.Y.data),
    ...(op === 'LSTM' ? { last_cell: round(result.Y_c.data) } : {}) };
}

const cases = [];
for (const cell of Object.keys(CELLS)) {
  cases.push(await layer(cell, 8, 5, 20));
  cases.push(await layer(cell, 33, 3, 7));
}
const lines = cases.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
writeFileSync(new URL('recurrent.json', import.meta.url), `{
"tool": "onnxruntime-node", "version": "${version}", "seed": ${SEED},
"command": "node tests/golden/make_recurrent.mjs",
"note": "x w u b c in units of 1/256, row-major, gates i f g o and r z n; h [steps][hidden]",
"cases": [
${lines}
]}
`);
