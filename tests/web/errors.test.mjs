/* The catalog of errors: the page, the texts and the code name the same ones. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { load, root, shop } from './fixture.mjs';

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const documented = new Set([...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code)));
const sources = readdirSync(join(root, 'web')).filter((name) => name.endsWith('.js') && name !== 'words.js')
  .map((name) => readFileSync(join(root, 'web', name), 'utf8')).join('\n');

test('every code that is raised is in the catalog, and the catalog names no other', async () => {
  const { WORDS } = await load('words.js');
  const { STATUS } = await load('constants.js');
  const raised = new Set(STATUS.filter((name) => name !== 'ok'));
  for (const [, code] of sources.matchAll(/(?:failure|refuse|warn|warnings\.(?:add|push)|new VitrineError)\(\s*'(\w+)'/g)) raised.add(code);
  for (const [, code] of sources.matchAll(/'((?:unknown|exclusions|rules|rerank|explain)_(?!key)\w+)'/g)) raised.add(code);
  for (const [, one, other] of sources.matchAll(/failure\(.*\? '(\w+)' : '(\w+)'/g)) raised.add(one).add(other);
  for (const what of ['invalid', 'untrusted']) raised.add(`signature_${what}`);
  assert.deepEqual([...documented].sort(), [...raised].sort());
  // Warnings of one list and of the storage have no text of their own; all else does.
  for (const code of Object.keys(WORDS)) assert.ok(documented.has(code), code);
  const { VitrineError } = await load('errors.js');
  for (const code of raised) {
    const text = WORDS[code];
    if (new RegExp(`failure\\([^)]*'${code}'`).test(sources)) assert.ok(text, `no words for ${code}`);
    if (text) assert.ok(text[0].length > 5 && text[1].length > 5 && new VitrineError(code, '').docsUrl === `docs/errors.md#${code}`);
  }
});

test('an error says what happened, where, and what to do', async () => {
  for (const [options, code, says, hint] of [
    [{ model: new TextEncoder().encode('<!doctype html>') }, 'html_instead', /HTML for the given bytes \(the model\)/, /start page/],
    [{ model: new Uint8Array(300) }, 'bad_format', /model: bad_format in 'magic' at byte 0: found \d+, expected \d+/, /build or copy/],
    [{ wasmBinary: new Uint8Array([1, 2, 3, 4]) }, 'not_wasm', /wasmBinary is not a WebAssembly file/, /wasmUrl/],
    [{ catalog: { items: [{}] } }, 'bad_item', /number 0 has no item_id/, /1 to 512/]])
    await assert.rejects(shop(options), (error) => {
      assert.equal(error.code, code);
      assert.match(error.message, says);
      assert.match(error.hint, hint);
      assert.equal(error.docsUrl, `docs/errors.md#${code}`);
      return true;
    });
});
