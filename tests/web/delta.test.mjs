/* Deltas in the engine, made here by docs/model-format.md with Node's own SHA-256. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { openEngine } from './lists.mjs';
import { catalog, load, model, modulesUrl } from './fixture.mjs';

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** A container of the sections given, as [name, bytes]. */
function container(kind, version, parent, sections) {
  const align = (n) => (n + 63) & ~63;
  const head = Buffer.alloc(128 + 64 * sections.length);
  head.set([0x89, 0x56, 0x49, 0x54, 0x52, 0x49, 0x4e, 0x0a]);
  [1, kind, 1, sections.length].forEach((word, i) => head.writeUInt32LE(word, 8 + 4 * i));
  let end = align(head.length);
  sections.forEach(([name, bytes], i) => {
    const at = 128 + 64 * i;
    head.write(name, at, 'latin1');
    head.writeBigUInt64LE(BigInt(end), at + 8);
    head.writeBigUInt64LE(BigInt(bytes.length), at + 16);
    head.set(sha(bytes), at + 24);
    end = align(end + bytes.length);
  });
  head.writeBigUInt64LE(BigInt(end), 24);
  head.writeBigUInt64LE(BigInt(version), 32);
  head.set(parent, 40);
  head.set(sha(head), 72);
  const file = Buffer.alloc(end);
  file.set(head);
  sections.forEach(([, bytes], i) => file.set(bytes, Number(head.readBigUInt64LE(128 + 64 * i + 8))));
  return new Uint8Array(file);
}

const u32 = (...values) => Buffer.from(new Uint32Array(values).buffer);
const f32 = (...values) => Buffer.from(new Float32Array(values).buffer);
function delta(version, parent, changes) {
  const ids = Object.keys(changes).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  let used = 0;
  return container(3, version, parent, [
    ['head', u32(ids.length)],
    ['idof', u32(0, ...ids.map((id) => (used += id.length)))], ['idby', Buffer.from(ids.join(''))],
    ['pric', f32(...ids.map((id) => changes[id].price ?? -1))],
    ['avai', Buffer.from(ids.map((id) => changes[id].available ?? 2))],
    ['tren', f32(...ids.map((id) => changes[id].trend ?? -1))]]);
}

const { applyDelta } = await load('engine_more.js');
const variants = (await load('load.js')).variants();
const parent = catalog().subarray(72, 104);

for (const variant of variants)
  test(`${variant}: a delta gives the lists of the same changes one by one`, async () => {
    const open = async () => {
      const { engine } = await openEngine(modulesUrl(), variant, model(), catalog());
      for (const id of ['101', '110', '120']) engine.observe(engine.find(id), 0, 1600000000, 0);
      return engine;
    };
    const list = (engine) => {
      engine.mask();
      return engine.recommend({ limit: 50, exclude: [] }).items.map(({ item, score }) => [engine.id(item), score]);
    };
    const [once, singly] = [await open(), await open()];
    const before = list(once);
    const stocked = before.slice(0, 5).map(([id]) => id);
    const changes = Object.fromEntries(stocked.map((id, i) => [id, i % 2 ? { price: 400 + i } : { available: 0 }]));
    assert.equal(applyDelta(once, delta(900, parent, { ...changes, nobody: { price: 3 } })), stocked.length);
    for (const [id, { price, available }] of Object.entries(changes)) {
      const item = singly.find(id);
      if (price !== undefined) singly.check(singly.x.set_price(item, price), 'price');
      if (available !== undefined) singly.check(singly.x.set_available(item, available), 'stock');
    }
    const after = list(once);
    assert.deepEqual(after, list(singly));
    assert.notDeepEqual(after, before);
    assert.equal(once.x.price(once.find(stocked[1])), 401);
  });

test('a delta of another catalog, an older one and a broken one are refused, and change nothing', async () => {
  const { engine } = await openEngine(modulesUrl(), variants[0], model(), catalog());
  const price = () => engine.x.price(engine.find('101'));
  const was = price();
  const refuse = (bytes, code) => {
    assert.throws(() => applyDelta(engine, bytes), (error) => error.code === code);
    assert.equal(price(), was);
  };
  const other = Uint8Array.from(parent);
  other[0] ^= 1;
  refuse(delta(900, other, { 101: { price: 77 } }), 'mismatch');
  refuse(delta(1, parent, { 101: { price: 77 } }), 'mismatch');
  refuse(delta(900, parent, { 101: { price: NaN } }), 'bad_value');
  refuse(delta(900, parent, { 101: { available: 3 } }), 'bad_value');
  refuse(model(), 'bad_version');
  const flipped = delta(900, parent, { 101: { price: 77 } });
  flipped[flipped.length - 62] ^= 4;
  refuse(flipped, 'bad_checksum');
  assert.equal(applyDelta(engine, delta(900, parent, { 101: { price: 77 } })), 1);
  assert.equal(price(), 77);
});

test('a page applies a delta by update(), and a refused one is an error event and nothing else', async () => {
  const { createRecommender } = await load('index.js');
  const page = await createRecommender({ model: model(), catalog: catalog(), storage: 'memory', consent: 'granted', wasmUrl: modulesUrl() });
  const errors = [];
  page.on('error', (error) => errors.push(error.code));
  await page.metrics(); // whatever the package fetches after the first list is here
  const was = page.item('101').price;
  assert.equal(page.update(model()), false);
  assert.deepEqual(errors, ['bad_version']);
  assert.equal(page.item('101').price, was);
  assert.equal(page.update(delta(900, parent, { 101: { price: 77 }, nobody: { price: 3 } })), 1);
  assert.equal(page.item('101').price, 77);
  await page.close();
});
