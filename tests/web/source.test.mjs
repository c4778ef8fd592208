/* What the sources promise about privacy and cleanliness, by reading them. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { publishedNames } from '../../tools/bare-exports.mjs';
import { modules, root, web } from './fixture.mjs';

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
const files = Object.fromEntries(readdirSync(join(root, 'web')).filter((name) => name.endsWith('.js'))
  .map((name) => [name, withoutComments(readFileSync(join(root, 'web', name), 'utf8'))]));

test('nothing can send, and one file can fetch', () => {
  const banned = /\b(sendBeacon|XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection|importScripts)\b|\bnew\s+Image\b/;
  for (const [name, text] of Object.entries(files)) {
    assert.doesNotMatch(text, banned, name);
    // The Shopify adapter stands before the page's own calls and makes none.
    if (name === 'shopify.js') for (const [use] of text.matchAll(/\S*\bfetch\b\S*/g)) assert.match(use, /^\(?page\.fetch[;)]?$/);
    else if (name !== 'model_source.js') assert.doesNotMatch(text, /\bfetch\b/, name);
  }
  assert.equal(files['model_source.js'].match(/\bfetch\(/g).length, 1);
});

test('elements are made in one place, and none of a kind that fetches or runs', () => {
  const kinds = new Set();
  for (const [name, text] of Object.entries(files)) {
    if (name !== 'connection.js') assert.doesNotMatch(text, /\bcreateElement(NS)?\b/, name);
    for (const [, kind] of text.matchAll(/\bmake\((?!tag\b)\s*([^,)]+)/g)) kinds.add(kind);
  }
  assert.equal(files['connection.js'].match(/\bcreateElement\b/g).length, 1);
  assert.ok(kinds.size > 5);
  for (const kind of kinds)
    assert.match(kind, /^'(a|button|div|h2|label|li|option|p|section|select|slot|small|span|ul)'$|^list === this \? 'div' : 'li'$/);
});

test('nothing is evaluated, and no cookie is touched', () => {
  for (const [name, text] of Object.entries(files))
    assert.doesNotMatch(text, /\beval\s*\(|\bnew\s+Function\b|\bdocument\.cookie\b|\binnerHTML\b/, name);
});

test('importing the package does nothing', async () => {
  const before = Object.getOwnPropertyNames(globalThis);
  const touched = [];
  for (const name of ['document', 'window', 'indexedDB', 'localStorage', 'sessionStorage', 'caches', 'location'])
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
  const exported = await import(join(modules(), 'index.js'));
  for (const name of ['document', 'window', 'indexedDB', 'localStorage', 'sessionStorage', 'caches', 'location'])
    if (!before.includes(name)) delete globalThis[name];
  assert.deepEqual(touched, []);
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
  assert.deepEqual(Object.keys(exported).sort(), ['VERSION', 'VitrineError', 'WASM_SHA256', 'createRecommender']);
});

test('the wasm imports its memory alone, and is the one the package names', async () => {
  const { createHash } = await import('node:crypto');
  const { ABI, WASM_SHA256 } = await import(join(modules(), 'constants.js'));
  for (const [variant, name] of [['plain', 'vitrine.wasm'], ['simd128', 'vitrine-simd.wasm'], ['relaxed', 'vitrine-relaxed.wasm']]) {
    const bytes = readFileSync(join(modules(), name));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), WASM_SHA256[variant]);
    if (!WebAssembly.validate(bytes)) {
      assert.equal(variant, 'relaxed'); // this Node knows no relaxed-simd
      continue;
    }
    const module = await WebAssembly.compile(bytes);
    assert.deepEqual(WebAssembly.Module.imports(module), [{ module: 'env', name: 'memory', kind: 'memory' }]);
  }
  assert.equal(ABI, 3);
});

test('a published wasm has letters for the exports that the header declares, each its own, and nothing else', async () => {
  const names = publishedNames(readFileSync(join(root, 'src/wasm/exports.h'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''));
  const exported = async (file) => WebAssembly.Module.exports(await WebAssembly.compile(readFileSync(file))).map(({ name }) => name).sort();
  assert.deepEqual(await exported(join(web, 'vitrine.wasm')), Object.values(names).sort());
  assert.deepEqual(await exported(join(modules(), 'vitrine.wasm')), Object.keys(names).sort());
  assert.equal(new Set(Object.values(names)).size, Object.keys(names).length);
  assert.ok(names.$abi === 'abi' && Object.values(names).every((name) => name === 'abi' || /^[A-Za-z]{1,2}$/.test(name)));
});

test('an ABI of another release, and a module that wants more, are refused', async () => {
  const { loadWasm } = await import(join(modules(), 'load.js'));
  const transfer = { timeout: 1000, onProgress() {} };
  // (module), and (module (import "env" "now" (func))), by hand.
  const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const greedy = new Uint8Array([...empty, 1, 4, 1, 96, 0, 0, 2, 11, 1, 3, 101, 110, 118, 3, 110, 111, 119, 0, 0]);
  for (const wasmBinary of [empty, greedy]) await assert.rejects(loadWasm({ wasmBinary, ...transfer }), { code: 'abi_mismatch' });
  await assert.rejects(loadWasm({ wasmBinary: new Uint8Array([1, 2, 3, 4]), ...transfer }), { code: 'not_wasm' });
  await assert.rejects(loadWasm({ wasmBinary: new Uint8Array(0), ...transfer }), { code: 'empty_file' });
});

test('an answer without a body is an empty file, and says so', async () => {
  const { readSource } = await import(join(modules(), 'model_source.js'));
  const fetched = globalThis.fetch;
  globalThis.fetch = async () => new Response(null, { status: 204 });
  try {
    const asked = readSource({ url: 'http://shop.test/model.vitrine' }, 'model', { timeout: 1000, onProgress() {} }, () => {});
    await assert.rejects(asked, { code: 'empty_file' });
  } finally {
    globalThis.fetch = fetched;
  }
});
