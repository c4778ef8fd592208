#!/usr/bin/env node
// Vectors of items from their texts, for `vitrine train --vectors` and `vitrine import --vectors`:
//
//   node tools/text-vectors.mjs catalog.tsv[.gz] [--width 64] [--columns title,brand,description] > vectors.tsv
//
// Latent semantic analysis (Deerwester and others 1990): words weighted by tf-idf, then the subspace in
// which most of it lies, by subspace iteration from a seeded start. Coordinates keep the inner products
// of the texts in that subspace; lengths are 1. Nothing is learnt from outside the catalog, so any
// language will do. Better vectors, of a language or image model, go the same way into `vitrine train`.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';

const ROUNDS = 6;

/** Words of a text: letters and digits, in lower case, at least two of them. */
export function words(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

/** Sparse rows of tf-idf with length 1: [{ word, weight }]; words of a single text say nothing. */
export function weigh(texts) {
  const index = new Map(), documents = [];
  const rows = texts.map((text) => {
    const counts = new Map();
    for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of counts.keys()) {
      if (!index.has(word)) index.set(word, index.size);
      documents[index.get(word)] = (documents[index.get(word)] ?? 0) + 1;
    }
    return counts;
  });
  const sparse = rows.map((counts) => {
    const row = [];
    for (const [word, count] of counts) {
      const at = index.get(word);
      if (documents[at] > 1) row.push({ word: at, weight: (1 + Math.log(count)) * Math.log(texts.length / documents[at]) });
    }
    const length = Math.hypot(...row.map((entry) => entry.weight));
    return length > 0 ? row.map((entry) => ({ word: entry.word, weight: entry.weight / length })) : [];
  });
  return { rows: sparse, words: index.size };
}

/** Makes the columns of a [n][k] matrix orthonormal (Gram and Schmidt, twice for accuracy). */
function orthonormalise(matrix, n, k) {
  for (let c = 0; c < k; c++) {
    for (let round = 0; round < 2; round++)
      for (let other = 0; other < c; other++) {
        let along = 0;
        for (let i = 0; i < n; i++) along += matrix[i * k + c] * matrix[i * k + other];
        for (let i = 0; i < n; i++) matrix[i * k + c] -= along * matrix[i * k + other];
      }
    let square = 0;
    for (let i = 0; i < n; i++) square += matrix[i * k + c] ** 2;
    const scale = square > 1e-20 ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < n; i++) matrix[i * k + c] *= scale;
  }
}

/** Vectors [texts][width] of length 1, or 0 for texts without a telling word. */
export function textVectors(texts, width) {
  const { rows, words: vocabulary } = weigh(texts);
  const n = rows.length, k = Math.min(width, n, vocabulary);
  const q = new Float64Array(n * k), z = new Float64Array(vocabulary * k);
  let state = 1;
  for (let i = 0; i < q.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    q[i] = state / 2 ** 32 - 0.5;
  }
  const backward = () => { // z = transposed X times q
    z.fill(0);
    rows.forEach((row, i) => row.forEach(({ word, weight }) => {
      for (let c = 0; c < k; c++) z[word * k + c] += weight * q[i * k + c];
    }));
  };
  for (let round = 0; round < ROUNDS; round++) {
    backward();
    q.fill(0);
    rows.forEach((row, i) => row.forEach(({ word, weight }) => {
      for (let c = 0; c < k; c++) q[i * k + c] += weight * z[word * k + c];
    }));
    orthonormalise(q, n, k);
  }
  // q' X X' q = G = L L' (Cholesky): rows of q L have the inner products of the texts.
  backward();
  const g = new Float64Array(k * k);
  for (let w = 0; w < vocabulary; w++)
    for (let a = 0; a < k; a++)
      for (let b = 0; b <= a; b++) g[a * k + b] += z[w * k + a] * z[w * k + b];
  for (let a = 0; a < k; a++)
    for (let b = 0; b <= a; b++) {
      let sum = g[a * k + b];
      for (let c = 0; c < b; c++) sum -= g[a * k + c] * g[b * k + c];
      g[a * k + b] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / g[b * k + b];
    }
  return rows.map((_, i) => {
    const vector = new Float64Array(width);
    for (let b = 0; b < k; b++)
      for (let a = b; a < k; a++) vector[b] += q[i * k + a] * g[a * k + b];
    const length = Math.hypot(...vector);
    return length > 1e-9 ? vector.map((value) => value / length) : vector;
  });
}

function main(args) {
  const value = (name, usual) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? usual : args.splice(at, 2)[1];
  };
  const width = Number(value('width', 64)), columns = value('columns', 'title,brand,category,description').split(',');
  if (args.length !== 1 || !(width >= 1 && width <= 1024)) {
    console.error('usage: text-vectors.mjs catalog.tsv[.gz] [--width 1..1024] [--columns title,brand,...]');
    process.exit(2);
  }
  const bytes = readFileSync(args[0]);
  const lines = (args[0].endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean);
  const header = lines[0].split('\t').map((name) => name.trim());
  const id = Math.max(header.indexOf('item_id'), header.indexOf('item'), header.indexOf('id'));
  const used = columns.map((name) => header.indexOf(name)).filter((at) => at >= 0);
  if (id < 0 || used.length === 0) {
    console.error(`${args[0]}: needs a column item and one of: ${columns.join(', ')}; it has ${header.join(', ')}`);
    process.exit(3);
  }
  const items = lines.slice(1).map((line) => line.split('\t'));
  const vectors = textVectors(items.map((fields) => used.map((at) => fields[at] ?? '').join(' ')), width);
  process.stdout.write(items.map((fields, i) =>
    `${fields[id]}\t${[...vectors[i]].map((v) => v.toFixed(4)).join(' ')}\n`).join(''));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
