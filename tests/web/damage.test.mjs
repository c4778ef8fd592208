/* What a module checks with vectors, byte by byte: a value that no writer makes is refused wherever it stands. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { writeModel } from '../../bench/write-model.mjs';
import { load, root, web } from './fixture.mjs';

const sha = (bytes) => createHash('sha256').update(bytes).digest();
const numbers = (count, seed) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 12.9898 * i));

/** An int8 model with an input embedding of its own, 37 rows of 5: neither fills a vector. */
async function smallModel() {
  const { packer } = await import(pathToFileURL(join(root, 'build/web.place.js')).href);
  const items = 40, dim = 8, input = 5, rows = 37;
  return (await writeModel({ items, dim, input, rows, precision: 'int8', item: numbers(items * dim, 1), embed: numbers(rows * input, 2),
    w: numbers(4 * dim * input, 3), u: numbers(4 * dim * dim, 4), b: numbers(4 * dim, 5) }, Buffer.from(packer, 'base64'))).slice();
}

/** Where a section lies, and the file with one byte of it changed and its sums made anew. */
function section(file, name) {
  const view = new DataView(file.buffer), count = view.getUint32(20, true);
  const row = Array.from({ length: count }, (_, i) => 128 + 64 * i).find((at) => Buffer.from(file.subarray(at, at + 4)).toString('latin1') === name);
  const offset = Number(view.getBigUint64(row + 8, true)), size = Number(view.getBigUint64(row + 16, true));
  return { size, changed(at, value) {
    const bad = file.slice();
    bad[offset + at] = value;
    bad.set(sha(bad.subarray(offset, offset + size)), row + 24);
    bad.fill(0, 72, 104);
    bad.set(sha(bad.subarray(0, 128 + 64 * count)), 72);
    return bad;
  } };
}

for (const variant of (await load('load.js')).variants())
  test(`${variant}: a byte of -128 in an embedding is refused wherever it stands`, async () => {
    const { openEngine } = await import(pathToFileURL(join(web, 'direct.js')).href);
    const file = await smallModel(), embed = section(file, 'embd'), codes = 2 * 37;
    const open = (model) => openEngine({ model, variant });
    await open(file);
    await open(embed.changed(codes, 127));
    assert.equal(embed.size, codes + 37 * 5);
    for (let at = codes; at < embed.size; at++)
      await assert.rejects(open(embed.changed(at, 128)), ({ code, details }) => code === 'bad_value' && details.field === 'embed', `byte ${at}`);
    for (let row = 0; row < 37; row++)
      await assert.rejects(open(embed.changed(2 * row + 1, 255)), { code: 'bad_value' }, `the scale of row ${row}`);
  });
