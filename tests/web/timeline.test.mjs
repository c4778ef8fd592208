/* The developer's clock over the start. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, shop as smallShop, web } from './fixture.mjs';

/** The demo's files: long enough for the browser's SHA-256. */
const bytesOf = (name) => new Uint8Array(readFileSync(join(root, `models/${name}.vitrine`)));
const shop = () => smallShop({ model: bytesOf('demo'), catalog: bytesOf('demo-catalog') });

test('a watched start names its spans, in order and as entries of performance, and lists are the same', async () => {
  const plain = await shop(), want = plain.recommendSync({ limit: 8 }).items;
  await plain.close();
  const { watch } = await import(pathToFileURL(join(web, 'timeline.js')).href);
  const before = [WebAssembly.compile, WebAssembly.instantiate, crypto.subtle.digest];
  const begun = performance.now(), seen = watch();
  const v = await shop();
  assert.deepEqual(v.recommendSync({ limit: 8 }).items, want);
  const spans = seen.spans(), ended = performance.now();
  seen.stop();
  assert.deepEqual([WebAssembly.compile, WebAssembly.instantiate, crypto.subtle.digest], before);
  const order = spans.map(({ name }) => name);
  for (const name of ['compile', 'try the kernels', 'header', 'hash', 'open model', 'open catalog', 'open profile', 'rank']) assert.ok(order.includes(name), name);
  assert.ok(order.indexOf('compile') < order.indexOf('header') && order.indexOf('open model') < order.indexOf('rank'), String(order));
  for (const [i, { name, start, ms }] of spans.entries()) {
    assert.ok(start >= begun && ms >= 0 && start + ms <= ended + 1, `${name}: ${start}, ${ms}`);
    assert.ok(i === 0 || start >= spans[i - 1].start);
  }
  const entries = performance.getEntriesByType('measure').filter(({ name }) => name.startsWith('vitrine:'));
  assert.equal(entries.length, spans.length);
  // What is no longer watched adds none.
  v.recommendSync({ limit: 8, placement: 'bestsellers' });
  await v.close();
  await (await shop()).close();
  assert.equal(seen.spans().filter(({ name }) => name === 'compile').length, order.filter((name) => name === 'compile').length);
});
