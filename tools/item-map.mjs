#!/usr/bin/env node
// Where items stand on a picture of all of them: their vectors in two dimensions.
//
//   node tools/item-map.mjs MODEL.safetensors > map.json
//
// The model as `vitrine convert` writes it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomFrom } from './demo-shop/random.mjs';

const MOST = 1600; /* t-SNE looks at all pairs; larger catalogs get their two main directions */

/** Two main directions of centred rows, by power iteration: [n][2]. */
function principal(rows) {
  const n = rows.length, d = rows[0].length, mean = new Float64Array(d);
  for (const row of rows) for (let j = 0; j < d; j++) mean[j] += row[j] / n;
  const x = rows.map((row) => Float64Array.from(row, (value, j) => value - mean[j]));
  const random = randomFrom(7), found = [];
  for (let axis = 0; axis < 2; axis++) {
    let v = Float64Array.from({ length: d }, () => random.normal());
    for (let round = 0; round < 60; round++) {
      const next = new Float64Array(d);
      for (const row of x) {
        let dot = 0;
        for (let j = 0; j < d; j++) dot += row[j] * v[j];
        for (let j = 0; j < d; j++) next[j] += dot * row[j];
      }
      for (const other of found) {
        const dot = next.reduce((sum, value, j) => sum + value * other[j], 0);
        for (let j = 0; j < d; j++) next[j] -= dot * other[j];
      }
      const length = Math.hypot(...next) || 1;
      v = next.map((value) => value / length);
    }
    found.push(v);
  }
  return x.map((row) => found.map((v) => row.reduce((sum, value, j) => sum + value * v[j], 0)));
}

/* Probabilities of being neighbours, each row to a perplexity of 30 (van der Maaten and Hinton 2008). */
function affinities(rows, perplexity) {
  const n = rows.length, p = new Float64Array(n * n), distance = new Float64Array(n), want = Math.log(perplexity);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < rows[i].length; k++) sum += (rows[i][k] - rows[j][k]) ** 2;
      distance[j] = sum;
    }
    for (let low = 0, high = Infinity, beta = 1, round = 0; round < 40; round++) {
      let total = 0, weighted = 0;
      for (let j = 0; j < n; j++) {
        p[i * n + j] = j === i ? 0 : Math.exp(-beta * distance[j]);
        total += p[i * n + j];
        weighted += p[i * n + j] * distance[j];
      }
      const entropy = Math.log(total) + beta * weighted / total;
      for (let j = 0; j < n; j++) p[i * n + j] /= total;
      if (entropy > want) [low, beta] = [beta, high === Infinity ? 2 * beta : (beta + high) / 2];
      else [high, beta] = [beta, (low + beta) / 2];
    }
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) p[i * n + j] = p[j * n + i] = Math.max((p[i * n + j] + p[j * n + i]) / (2 * n), 1e-12);
  return p;
}

function neighbourMap(rows) {
  const n = rows.length, p = affinities(rows, Math.min(30, (n - 1) / 3)), start = principal(rows);
  const spread = 100 * (Math.hypot(...start.map(([a]) => a)) / Math.sqrt(n) || 1);
  const x = Float64Array.from(start, ([a]) => a / spread), y = Float64Array.from(start, ([, b]) => b / spread);
  const stepX = new Float64Array(n), stepY = new Float64Array(n), q = new Float64Array(n * n);
  for (let round = 0; round < 400; round++) {
    let total = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const near = 1 / (1 + (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2);
        q[i * n + j] = near;
        total += 2 * near;
      }
    const early = round < 100 ? 4 : 1, momentum = round < 150 ? 0.5 : 0.8, rate = n / 8;
    const pullX = new Float64Array(n), pullY = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const near = q[i * n + j], force = 4 * (early * p[i * n + j] - near / total) * near;
        const dx = force * (x[i] - x[j]), dy = force * (y[i] - y[j]);
        pullX[i] += dx;
        pullX[j] -= dx;
        pullY[i] += dy;
        pullY[j] -= dy;
      }
    for (let i = 0; i < n; i++) {
      x[i] += stepX[i] = momentum * stepX[i] - rate * pullX[i];
      y[i] += stepY[i] = momentum * stepY[i] - rate * pullY[i];
    }
  }
  return rows.map((_, i) => [x[i], y[i]]);
}

/** { id: [x, y] } with whole numbers 0..256.
 * @param {string[]} ids @param {Float32Array[]} rows  one vector an id */
export function itemMap(ids, rows) {
  const unit = rows.map((row) => {
    const length = Math.hypot(...row) || 1;
    return Array.from(row, (value) => value / length);
  });
  const y = ids.length <= MOST && ids.length > 12 ? neighbourMap(unit) : principal(unit);
  const range = [0, 1].map((k) => {
    const sorted = y.map((point) => point[k]).sort((a, b) => a - b), cut = Math.floor(sorted.length / 200);
    return [sorted[cut], sorted[sorted.length - 1 - cut]];
  });
  const place = (point, k) => Math.max(0, Math.min(256, Math.round(256 * (point[k] - range[k][0]) / (range[k][1] - range[k][0] || 1))));
  return Object.fromEntries(ids.map((id, i) => [id, [place(y[i], 0), place(y[i], 1)]]));
}

/** The map of a model as `vitrine convert` writes it: a buffer of safetensors. */
export function mapOfModel(bytes) {
  const size = Number(bytes.readBigUInt64LE(0)), at = 8 + size;
  const header = JSON.parse(bytes.subarray(8, at).toString('utf8'));
  const ids = bytes.subarray(...header.ids.data_offsets.map((offset) => at + offset)).toString('utf8').trimEnd().split('\n');
  const { shape: [n, d], data_offsets: [from] } = header['item.weight'] ?? header['embedding.weight'];
  return itemMap(ids, Array.from({ length: n }, (_, i) =>
    Float32Array.from({ length: d }, (_, j) => bytes.readFloatLE(at + from + 4 * (i * d + j)))));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(mapOfModel(readFileSync(process.argv[2]))));
