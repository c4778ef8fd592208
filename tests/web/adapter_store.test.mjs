/* A store of the shop's own, and the one text in which it and a tab's storage keep a profile. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { ids, shop } from './fixture.mjs';

/** A place for texts that can be told to misbehave. */
function place() {
  const texts = new Map();
  const here = {
    texts, fault: null, calls: 0,
    answer(work) {
      here.calls++;
      if (here.fault === 'throws') throw new Error('no place');
      if (here.fault === 'hangs') return new Promise(() => {});
      return Promise.resolve().then(work);
    },
    get: (key) => here.answer(() => texts.get(key) ?? null),
    set: (key, text) => here.answer(() => void texts.set(key, text)),
    delete: (key) => here.answer(() => void texts.delete(key)),
  };
  return here;
}
const open = (storage, more = {}) => shop({ storage, strict: false, ...more });
const see = (v, ...list) => list.forEach((item_id) => v.track('view_item', { item_id }));
const seen = (v) => v.profile().events.map(({ item_id }) => item_id);

/** A click on a shelf, which the counters remember by its item. */
async function click(v) {
  const shelf = await v.recommend({ limit: 4 });
  v.track('rec_render', { rec_id: shelf.rec_id });
  v.track('rec_click', { rec_id: shelf.rec_id, items: [{ item_id: shelf.items[0].item_id }] });
  return shelf.items[0].item_id;
}

test('the next page takes up what the store of the shop kept, profile and numbers', async () => {
  const storage = place(), v = await open(storage);
  see(v, '112', '199', '233');
  await click(v);
  assert.equal(await v.flush(), true);
  assert.equal(v.profile().storage, 'open');
  const [list, rows] = [ids(await v.recommend({ limit: 20 })), (await v.metrics()).funnel];
  assert.equal(rows[0].click, 1);
  await v.close();
  assert.deepEqual([...storage.texts.keys()], ['vitrine:profile']);
  const w = await open(storage);
  assert.deepEqual(seen(w), ['112', '199', '233']);
  assert.deepEqual(ids(await w.recommend({ limit: 20 })), list);
  assert.deepEqual((await w.metrics()).funnel, rows);
  assert.deepEqual((await w.metrics()).warnings, []);
  await w.close();
});

test("forgetting reaches the shop's store: an item, its click, everything", async () => {
  const storage = place(), v = await open(storage);
  see(v, '112', '199');
  const clicked = await click(v);
  see(v, clicked);
  await v.flush();
  const clicks = () => JSON.parse(storage.texts.get('vitrine:profile')).funnel.clicks.map(([id]) => id);
  assert.deepEqual(clicks(), [clicked]);
  assert.equal((await v.forget({ item_id: clicked })).erased, true);
  assert.deepEqual(clicks(), []);
  assert.equal((await v.forget('all')).erased, true);
  assert.equal(storage.texts.size, 0);
  see(v, '112');
  await v.flush();
  assert.equal(storage.texts.size, 1);
  await v.consent.set('denied');
  assert.equal(storage.texts.size, 0);
  await v.close();
  assert.equal(storage.texts.size, 0);
});

test('a store that denies or hangs costs nothing but the memory of it, and is asked again', async () => {
  for (const fault of ['throws', 'hangs']) {
    const storage = place(), before = await open(storage);
    see(before, '112');
    await before.close();
    storage.fault = fault;
    const begun = performance.now(), v = await open(storage);
    assert.ok(performance.now() - begun < 1500, 'no page waits for it');
    assert.deepEqual((await v.metrics()).warnings, ['storage_memory']);
    see(v, '199');
    assert.deepEqual(seen(v), ['199']);
    storage.fault = null;
    for (let i = 0; i < 300 && v.profile().storage !== 'open'; i++) await new Promise((next) => setTimeout(next, 10));
    // What lay there is below what came meanwhile, and nothing was written over it.
    assert.deepEqual(seen(v), ['112', '199']);
    assert.deepEqual((await v.metrics()).warnings, []);
    await v.close();
    const w = await open(storage);
    assert.deepEqual(seen(w), ['112', '199']);
    await w.close();
  }
});

test('after five failures in a row the store is left alone', async () => {
  const storage = place();
  storage.fault = 'throws';
  const v = await open(storage);
  for (let i = 0; i < 8; i++) assert.equal(await v.flush(), false);
  assert.equal(v.profile().storage, 'off');
  const { calls } = storage;
  see(v, '112');
  await new Promise((next) => setTimeout(next, 1200));
  assert.equal(storage.calls, calls);
  assert.equal((await v.forget('all')).erased, false);
  await v.close();
});

/** Until something is so, or two seconds are over. */
async function until(so) {
  for (let i = 0; i < 200 && !so(); i++) await new Promise((next) => setTimeout(next, 10));
}

test('pages that are open at once hear of each other, keep what each was told, and count together', async () => {
  const storage = place(), v = await open(storage), w = await open(storage);
  const heard = [];
  w.on('event', ({ items, other_tab }) => other_tab && heard.push(...items));
  see(v, '112');
  await v.flush();
  await until(() => seen(w).length === 1);
  assert.deepEqual([seen(w), heard], [['112'], ['112']]);
  // Both add before either has written.
  see(v, '199');
  see(w, '233');
  const [one, other] = [await click(v), await click(w)];
  await Promise.all([v.flush(), w.flush()]);
  await until(() => seen(v).length === 3 && seen(w).length === 3);
  assert.deepEqual(seen(v).sort(), ['112', '199', '233']);
  assert.deepEqual(seen(w).sort(), ['112', '199', '233']);
  await Promise.all([v.close(), w.close()]);
  const x = await open(storage);
  assert.deepEqual(seen(x).sort(), ['112', '199', '233']);
  assert.equal((await x.metrics()).funnel[0].click, 2);
  assert.deepEqual(JSON.parse(storage.texts.get('vitrine:profile')).funnel.clicks.map(([id]) => id).sort(), [...new Set([one, other])].sort());
  await x.close();
});

test('a page that heard nothing puts its events on top of what lies there, and forgets in it', async (t) => {
  const { BroadcastChannel } = globalThis;
  delete globalThis.BroadcastChannel;
  t.after(() => { globalThis.BroadcastChannel = BroadcastChannel; });
  const storage = place(), v = await open(storage), w = await open(storage);
  see(v, '112', '199');
  await v.flush();
  see(w, '233');
  assert.equal(await w.flush(), true);
  assert.deepEqual(seen(w), ['112', '199', '233']);
  // What was forgotten there is not brought back by a page that still has it, and forgetting reaches what others wrote.
  assert.equal((await w.forget({ item_id: '112' })).erased, true);
  assert.deepEqual(seen(v), ['112', '199']);
  assert.equal((await v.forget({ item_id: '233' })).erased, true);
  assert.deepEqual(seen(v), ['199']);
  see(w, '266');
  await w.flush();
  assert.deepEqual(seen(w), ['199', '266']);
  await Promise.all([v.close(), w.close()]);
});

test('"forget all" empties every open page, and a store that keeps the text all the same does not bring it back', async () => {
  const storage = place(), v = await open(storage), w = await open(storage);
  see(v, '112');
  await v.flush();
  await until(() => seen(w).length === 1);
  await v.forget('all');
  await until(() => seen(w).length === 0);
  assert.deepEqual([seen(w), storage.texts.size], [[], 0]);
  see(w, '199');
  await w.flush();
  await until(() => seen(v).length === 1);
  assert.deepEqual(seen(v), ['199']);
  storage.delete = () => Promise.reject(new Error('no'));
  assert.equal((await v.forget('all')).erased, false);
  see(v, '233');
  assert.equal(await v.flush(), true);
  assert.deepEqual(seen(v), ['233']);
  await Promise.all([v.close(), w.close()]);
});

test('a text that is not ours is passed over, said, and put right', async () => {
  for (const text of ['no JSON', '{"bytes":"%%%","ids":[]}', '{"bytes":"AAAA","ids":["a"]}', '[]', 'null', '{"__proto__":{"x":1},"bytes":"","ids":{}}']) {
    const storage = place();
    storage.texts.set('vitrine:profile', text);
    const v = await open(storage);
    assert.deepEqual(seen(v), []);
    see(v, '112');
    await v.close();
    const w = await open(storage);
    assert.deepEqual(seen(w), ['112']);
    await w.close();
  }
  assert.equal({}.x, undefined);
});

test('a store without its three functions is a mistake of the program', async () => {
  await assert.rejects(shop({ storage: { get: () => null, set: () => {} } }), /storage\.delete wants a function/);
  await assert.rejects(shop({ storage: 'redis' }), /storage is "redis"; it may be indexeddb memory/);
});

test("for this visit's storage forgetting an item takes its click along", async (t) => {
  const texts = new Map();
  globalThis.sessionStorage = { getItem: (key) => texts.get(key) ?? null, setItem: (key, text) => void texts.set(key, text) };
  t.after(() => delete globalThis.sessionStorage);
  const v = await open('indexeddb', { consent: 'session' });
  see(v, '112');
  const clicked = await click(v);
  await v.flush();
  const clicks = () => JSON.parse(texts.get('vitrine:session')).funnel.clicks.map(([id]) => id);
  assert.deepEqual(clicks(), [clicked]);
  await v.forget({ item_id: clicked });
  assert.deepEqual(clicks(), []);
  await v.close();
});
