// Vectors from texts: what is alike lies near, and inner products are those of the texts.
import test from 'node:test';
import assert from 'node:assert/strict';
import { textVectors, weigh, words } from '../../tools/text-vectors.mjs';

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

test('words are letters and digits of any script', () => {
  assert.deepEqual(words('Boots, size 42 — ÜBER-Größe! a'), ['boots', 'size', '42', 'über', 'größe']);
});

test('with the full width inner products are those of tf-idf', () => {
  const texts = ['red leather boots', 'brown leather boots', 'red silk scarf', 'blue silk scarf', 'blue leather belt'];
  const { rows } = weigh(texts);
  const vectors = textVectors(texts, 5);
  for (let i = 0; i < 5; i++)
    for (let j = 0; j < 5; j++) {
      const other = new Map(rows[j].map(({ word, weight }) => [word, weight]));
      const expected = rows[i].reduce((sum, { word, weight }) => sum + weight * (other.get(word) ?? 0), 0);
      assert.ok(Math.abs(dot(vectors[i], vectors[j]) - expected) < 1e-6, `${i} ${j}`);
    }
});

test('a narrow space still tells topics apart, and the same texts give the same numbers', () => {
  const topics = [['bolt', 'nut', 'steel', 'thread'], ['glue', 'tape', 'seal', 'foam'], ['lamp', 'bulb', 'watt', 'lumen']];
  const texts = Array.from({ length: 60 }, (_, i) =>
    [0, 1, 2].map((n) => topics[i % 3][(i * 7 + n * (1 + (i % 2))) % 4]).join(' '));
  const vectors = textVectors(texts, 3);
  let within = 0, across = 0;
  for (let i = 0; i < 60; i++)
    for (let j = 0; j < i; j++) {
      if (i % 3 === j % 3) within += dot(vectors[i], vectors[j]) / 570;
      else across += Math.abs(dot(vectors[i], vectors[j])) / 1200;
    }
  assert.ok(within > 0.8 && across < 0.1, `${within} ${across}`);
  assert.deepEqual(textVectors(texts, 3), vectors);
});

test('a text without a telling word has no vector', () => {
  const vectors = textVectors(['one two', 'one two', '', 'three'], 2);
  assert.deepEqual([...vectors[2]], [0, 0]);
  assert.deepEqual([...vectors[3]], [0, 0]);
});
