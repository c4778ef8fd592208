// Writes intent.json: purchase intent after each event of some visits, worked out in double precision
// from the words of docs/intent.md, sharing no line with src/.
//
//   node tests/golden/make_intent.mjs
//
// Weights are bytes, scales and biases whole numbers of 1/1024, so that the file is exact.
import { writeFileSync } from 'node:fs';

const SEED = 20260214, HIDDEN = 9, INPUTS = 16, GAP = 1800, ITEMS = 40;

/* xorshift32 */
let state = SEED;
function next() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
const whole = (n, low, high) => Array.from({ length: n }, () => low + (next() % (high - low + 1)));

const rows = 4 * HIDDEN;
const weights = {
  w: whole(rows * INPUTS, -127, 127), u: whole(rows * HIDDEN, -127, 127), // row-major
  scale_w: whole(rows, 1, 12), scale_u: whole(rows, 1, 6), bias: whole(rows, -800, 800),
  out: whole(HIDDEN, -4000, 4000), out_bias: -700,
};
const shares = Array.from({ length: ITEMS }, (_, i) => (i < 4 ? [0.25, 0.125, 0.0625, 0.03125][i] : 0.53125 / 36));

// view 0, cart 2, remove 3, wishlist 4, purchase 6, list 10 (not looked at)
const kinds = [0, 0, 0, 0, 0, 2, 3, 4, 1, 8, 0, 2, 10, 6];
const events = [];
let time = 1700000000;
for (let n = 0; n < 120; n++) {
  time += [3, 20, 45, 90, 400, 1799, 1800, 1801, 5000][next() % (n % 9 === 0 ? 9 : 6)];
  events.push([next() % 7 === 0 ? next() % ITEMS : next() % 5, kinds[next() % kinds.length], time]);
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const part = (value, half) => value / (value + half);

function features(visit, index) {
  const [item, kind, at] = visit[index];
  const x = new Array(INPUTS).fill(0);
  x[kind] = 1;
  if (index > 0) {
    x[10] = part(at - visit[index - 1][2], 60);
    x[11] = part(at - visit[0][2], 600);
    x[13] = visit[index - 1][0] === item ? 1 : 0;
  }
  x[12] = part(index, 8);
  x[14] = part(visit.slice(0, index).filter((event) => event[0] === item).length, 2);
  x[15] = part(shares[item] * ITEMS, 1);
  return x;
}

function intent(visit) {
  let h = new Array(HIDDEN).fill(0), c = new Array(HIDDEN).fill(0);
  visit.forEach((_, index) => {
    const x = features(visit, index);
    const sums = Array.from({ length: rows }, (_, r) => {
      let input = 0, back = 0;
      for (let i = 0; i < INPUTS; i++) input += weights.w[r * INPUTS + i] * x[i];
      for (let j = 0; j < HIDDEN; j++) back += weights.u[r * HIDDEN + j] * h[j];
      return (input * weights.scale_w[r] + back * weights.scale_u[r] + weights.bias[r]) / 1024;
    });
    const gate = (g, j) => sums[g * HIDDEN + j];
    c = c.map((was, j) => sigmoid(gate(1, j)) * was + sigmoid(gate(0, j)) * Math.max(gate(2, j), 0));
    h = c.map((now, j) => sigmoid(gate(3, j)) * Math.max(now, 0));
  });
  return sigmoid(h.reduce((sum, value, j) => sum + (value * weights.out[j]) / 1024, weights.out_bias / 1024));
}

/* The visit that is open after each event: since the last purchase or long pause. */
const answers = [];
let visit = [];
for (const event of events) {
  const [, kind, at] = event;
  if (kind === 6) visit = [];
  else if (kind <= 9) {
    if (visit.length > 0 && at - visit.at(-1)[2] > GAP) visit = [];
    visit.push(event);
  }
  answers.push(visit.length > 0 ? Number(intent(visit).toPrecision(10)) : null);
}

writeFileSync(new URL('intent.json', import.meta.url), `{
"tool": "make_intent.mjs, double precision", "version": 1, "seed": ${SEED},
"command": "node tests/golden/make_intent.mjs",
"note": "w u bytes row-major, gates i f g o; scales, bias, out, out_bias in 1/1024; events [item, kind, time]; answers null where no visit is open",
"hidden": ${HIDDEN}, "gap": ${GAP}, "shares": ${JSON.stringify(shares)},
${Object.entries(weights).map(([name, values]) => `"${name}": ${JSON.stringify(values)}`).join(',\n')},
"events": ${JSON.stringify(events)},
"answers": ${JSON.stringify(answers)}
}
`);
