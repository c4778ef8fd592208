/* Deltas in the engine, made here by docs/model-format.md with Node's own SHA-256. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
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
      if (price !== undefined) singly.check(singly.x.$set_price(item, price), 'price');
      if (available !== undefined) singly.check(singly.x.$set_available(item, available), 'stock');
    }
    const after = list(once);
    assert.deepEqual(after, list(singly));
    assert.notDeepEqual(after, before);
    assert.equal(once.x.$price(once.find(stocked[1])), 401);
  });

test('a delta of another catalog, an older one and a broken one are refused, and change nothing', async () => {
  const { engine } = await openEngine(modulesUrl(), variants[0], model(), catalog());
  const price = () => engine.x.$price(engine.find('101'));
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

/** A delta and behind its end a signature, by docs/model-format.md. */
function signed(bytes, { privateKey, spki }) {
  const context = Buffer.from('vitrine signature 1\0');
  const tail = Buffer.alloc(16 + 104);
  tail.set([0x89, 0x56, 0x49, 0x54, 0x53, 0x49, 0x47, 0x0a]);
  tail.writeUInt32LE(1, 8);
  tail.writeUInt32LE(1, 16);
  tail.set(sha(spki), 24);
  tail.set(sign(null, Buffer.concat([context, bytes.subarray(0, 128)]), privateKey), 56);
  return new Uint8Array(Buffer.concat([bytes, tail]));
}
function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, text: spki.toString('base64') };
}

async function openPage(options = {}) {
  const { createRecommender } = await load('index.js');
  const page = await createRecommender({ model: model(), catalog: catalog(), storage: 'memory', consent: 'granted', wasmUrl: modulesUrl(), ...options });
  const errors = [];
  page.on('error', (error) => errors.push(error.code));
  return { page, errors };
}

/** A host for files. @param {Record<string, Uint8Array | string>} files */
async function host(t, files) {
  const server = createServer((request, response) => {
    const file = files[request.url.slice(1)];
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

test('a page applies a delta by update(), and a refused one is an error event and nothing else', async () => {
  const { page, errors } = await openPage();
  const was = page.item('101').price;
  assert.equal(await page.update(model()), false);
  assert.deepEqual(errors, ['bad_version']);
  assert.equal(page.item('101').price, was);
  assert.equal(await page.update(delta(900, parent, { 101: { price: 77 }, nobody: { price: 3 } })), 1);
  assert.equal(page.item('101').price, 77);
  assert.throws(() => page.update({ url: 'x', price: 3 }), /unknown option 'price'/);
  await page.close();
});

test('a page fetches a delta from its address and refuses what is none, or another than was named', async (t) => {
  const good = delta(900, parent, { 101: { price: 77 } });
  const url = await host(t, { 'delta.vitrine': good, 'page.html': '<!doctype html><p>no such page' });
  const { page, errors } = await openPage();
  assert.equal(await page.update({ url: `${url}nothing` }), false);
  assert.equal(await page.update({ url: `${url}page.html` }), false);
  assert.equal(await page.update({ url: `${url}delta.vitrine`, sha256: '0'.repeat(64) }), false);
  assert.equal(await page.update({ url: `${url}delta.vitrine`, minVersion: 901 }), false);
  assert.deepEqual(errors, ['not_found', 'html_instead', 'sha256_mismatch', 'version_replayed']);
  assert.equal(await page.update({ url: `${url}delta.vitrine`, sha256: sha(good).toString('hex'), minVersion: 900 }), 1);
  assert.equal(page.item('101').price, 77);
  // The same again is no news: a replayed delta is refused.
  assert.equal(await page.update({ url: `${url}delta.vitrine` }), false);
  await page.close();
});

test('where the catalog has to be signed, so has its delta', async (t) => {
  const key = newKey(), other = newKey();
  const bare = (version, price) => delta(version, parent, { 101: { price } });
  const url = await host(t, { 'catalog.vitrine': signed(Buffer.from(catalog()), key), 'delta.vitrine': signed(bare(903, 79), key) });
  const { page, errors } = await openPage({ catalog: { url: `${url}catalog.vitrine`, publicKey: key.text } });
  assert.deepEqual((await page.metrics()).errors, []);
  const was = page.item('101').price;
  const flipped = signed(bare(901, 77), key);
  flipped[flipped.length - 5] ^= 1;
  for (const bytes of [bare(901, 77), flipped, signed(bare(901, 77), other)]) {
    assert.equal(await page.update(bytes), false);
    assert.equal(page.item('101').price, was);
  }
  assert.deepEqual(errors, ['signature_missing', 'signature_invalid', 'signature_untrusted']);
  assert.equal(await page.update(signed(bare(902, 78), key)), 1);
  assert.equal(page.item('101').price, 78);
  assert.equal(await page.update({ url: `${url}delta.vitrine` }), 1);
  assert.equal(page.item('101').price, 79);
  assert.equal(await page.update({ url: `${url}delta.vitrine`, publicKey: other.text }), false);
  await page.close();
});
