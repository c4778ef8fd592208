/* The log in IndexedDB, against an in-memory IndexedDB that keeps the standard's rules. */
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { load } from './fixture.mjs';

const { LogStore, connectAhead, eraseStorage } = await load('store.js');
const { byOrder, checkRecord, checkSnapshot } = await load('record.js');

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A tab: a store, and what it was told. */
async function tab(t, number, { begin = true } = {}) {
  const told = { states: [], records: [], resets: 0, erased: 0, full: 0 };
  const store = new LogStore({
    onState: (state) => told.states.push(state),
    onRecords: (records) => told.records.push(...records),
    onReset: () => { told.resets++; void store.load(); },
    onErased: () => told.erased++,
    onFull: () => told.full++,
  });
  t.after(() => store.close());
  let seq = 0;
  const add = (item_id, time = 1000) => store.append({ tab: number, seq: ++seq, type: 'view_item', item_id, time, value: 0 });
  if (begin) await store.load();
  return { store, told, add };
}
const read = async (t) => (await (await tab(t, 999, { begin: false })).store.load());
const until = async (claim) => {
  for (let i = 0; i < 400 && !claim(); i++) await new Promise((next) => setTimeout(next, 10));
  assert.ok(claim(), String(claim));
};
const wait = (ms) => new Promise((next) => setTimeout(next, ms));

test('five tabs that write 2,000 events each lose none and double none', async (t) => {
  const tabs = await Promise.all([1, 2, 3, 4, 5].map((number) => tab(t, number)));
  for (let i = 0; i < 2000; i += 40) {
    for (const { add } of tabs) for (let k = i; k < i + 40; k++) add(`item ${k}`);
    await Promise.all(tabs.map(({ store }) => store.flush()));
  }
  for (const { store } of tabs) for (let tries = 0; tries < 20 && store.pending.length; tries++) await store.flush();
  const { records, skipped } = await read(t);
  assert.equal(records.length, 10000);
  assert.equal(skipped, 0);
  assert.equal(new Set(records.map((r) => `${r.tab} ${r.seq}`)).size, 10000);
});

test('fifty events are written at once, fewer after a second', async (t) => {
  const { store, add } = await tab(t, 1);
  for (let i = 0; i < 50; i++) add('a');
  await until(() => store.pending.length === 0);
  add('b');
  await wait(300);
  assert.equal(store.pending.length, 1);
  await wait(1000);
  assert.equal(store.pending.length, 0);
  assert.equal((await read(t)).records.length, 51);
});

test('another tab hears of what was written, once', async (t) => {
  const one = await tab(t, 1);
  one.add('a');
  await one.store.flush();
  const two = await tab(t, 2);
  one.add('b');
  one.add('c');
  await one.store.flush();
  await until(() => two.told.records.length === 2);
  assert.deepEqual(two.told.records.map((r) => r.item_id), ['b', 'c']);
});

test('a write that fails keeps its events, opens the database anew, and writes them then', async (t) => {
  const { store, add, told } = await tab(t, 1);
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  t.after(() => { IDBObjectStore.prototype.put = put; });
  add('a');
  assert.equal(await store.flush(), false);
  assert.deepEqual(told.states, ['open', 'memory']);
  add('b');
  assert.equal(store.pending.length, 2);
  IDBObjectStore.prototype.put = put;
  await until(() => told.states.at(-1) === 'open');
  assert.deepEqual((await read(t)).records.map((r) => r.item_id), ['a', 'b']);
});

test('a database that hangs is given up after 300 ms, and five failures in a row end the trying', async (t) => {
  const open = t.mock.method(indexedDB, 'open', () => ({}));
  const begun = Date.now();
  const { store, told, add } = await tab(t, 1, { begin: false });
  assert.equal(await store.load(), null);
  assert.ok(Date.now() - begun < 450);
  assert.deepEqual(told.states, ['memory']);
  for (let i = 0; i < 4; i++) assert.equal(await store.flush(), false);
  assert.equal(told.states.at(-1), 'off');
  const calls = open.mock.callCount();
  assert.equal(calls, 5);
  for (let i = 0; i < 5000; i++) add('x');
  assert.equal(await store.flush(), false);
  assert.equal(open.mock.callCount(), calls);
  assert.equal(store.pending.length, 2000);
});

test('a connection that breaks is replaced', async (t) => {
  const { store, add } = await tab(t, 1);
  add('a');
  await store.flush();
  store.pause();
  add('b');
  assert.equal(await store.flush(), true);
  assert.deepEqual((await read(t)).records.map((r) => r.item_id), ['a', 'b']);
});

test('pausing writes what waits without waiting for an answer', async (t) => {
  const { store, add } = await tab(t, 1);
  add('a');
  store.pause();
  await wait(20);
  assert.deepEqual((await read(t)).records.map((r) => r.item_id), ['a']);
});

test('a database of the future is left alone and the page goes on from memory', async (t) => {
  await new Promise((ready) => {
    const request = indexedDB.open('vitrine', 99);
    request.onsuccess = () => { request.result.close(); ready(); };
  });
  const { store, told } = await tab(t, 1, { begin: false });
  assert.equal(await store.load(), null);
  assert.deepEqual(told.states, ['memory']);
  assert.equal((await indexedDB.databases())[0].version, 99);
});

test('what was read ahead is taken, and read again when another tab has written since', async (t) => {
  const first = await tab(t, 1);
  first.add('a');
  await first.store.flush();
  const { transaction } = IDBDatabase.prototype;
  let read = 0;
  t.after(() => (IDBDatabase.prototype.transaction = transaction));
  IDBDatabase.prototype.transaction = function (names, mode, ...more) {
    read += mode === 'readonly';
    return transaction.call(this, names, mode, ...more);
  };
  const itemsOf = async (number) => (await (await tab(t, number, { begin: false })).store.load()).records.map((record) => record.item_id);
  connectAhead();
  await wait(50);
  assert.deepEqual(await itemsOf(2), ['a']);
  assert.equal(read, 1);
  connectAhead();
  await wait(50);
  first.add('b');
  await first.store.flush();
  await wait(50);
  assert.deepEqual(await itemsOf(3), ['a', 'b']);
  assert.equal(read, 3);
  // One that nobody takes is let go, and keeps nobody from deleting.
  connectAhead();
  await wait(50);
  assert.equal(await eraseStorage(), true);
  assert.deepEqual(await itemsOf(4), []);
  const leave = connectAhead();
  leave();
  assert.deepEqual(await itemsOf(5), []);
});

test('a first visit makes its database behind its first list, and at once for what is to be kept', async (t) => {
  const none = async () => assert.deepEqual(await indexedDB.databases(), []);
  const first = async (number) => {
    globalThis.indexedDB = new IDBFactory();
    connectAhead();
    await wait(20);
    const found = await tab(t, number);
    await none();
    return found;
  };
  const one = await first(1), begun = performance.now();
  one.add('a');
  await until(() => one.store.pending.length === 0);
  assert.ok(performance.now() - begun < 900, 'it waited for a second');
  assert.deepEqual((await read(t)).records.map((record) => record.item_id), ['a']);
  const two = await first(2);
  await until(() => two.store.state === 'open');
  assert.equal(two.store.pending.length, 0);
  // Whoever leaves or forgets before has none made.
  await (await first(3)).store.close();
  await wait(200);
  await none();
  await (await first(4)).store.clear();
  await wait(200);
  await none();
});

test('a first visit reads what another tab wrote since it asked', async (t) => {
  connectAhead();
  await wait(20);
  const { LogStore: Other } = await load('store.js?other');
  const other = new Other({ onState() {}, onRecords() {}, onReset() {}, onErased() {}, onFull() {} });
  t.after(() => other.close());
  await other.load();
  other.append({ tab: 7, seq: 1, type: 'view_item', item_id: 'theirs', time: 1000, value: 0 });
  await other.flush();
  await wait(50);
  assert.deepEqual((await read(t)).records.map((record) => record.item_id), ['theirs']);
});

test('deleting the database in one tab empties the others', async (t) => {
  const one = await tab(t, 1), two = await tab(t, 2);
  one.add('a');
  await one.store.flush();
  two.add('late');
  await one.store.clear();
  assert.equal(await eraseStorage(), true);
  await until(() => two.told.erased === 1);
  assert.equal(two.store.pending.length, 0);
  assert.deepEqual(await indexedDB.databases(), []);
});

test('a tab that slept through a forget writes under the new life of the log, and nothing old returns', async (t) => {
  const { store, add, told } = await tab(t, 1);
  add('old');
  await store.flush();
  const other = new IDBFactory();
  globalThis.indexedDB = other; // the old database is gone without a word
  store.pause();
  const two = await tab(t, 2);
  two.add('theirs');
  await two.store.flush();
  add('new');
  await store.flush();
  await until(() => told.resets > 0);
  await until(() => store.pending.length === 0);
  assert.deepEqual((await read(t)).records.map((r) => r.item_id).sort(), ['new', 'theirs']);
});

test('a snapshot takes the place of the records it was made from, and of nothing else', async (t) => {
  const one = await tab(t, 1), two = await tab(t, 2);
  for (let i = 0; i < 60; i++) one.add(`a${i}`);
  await one.store.flush();
  two.add('b');
  await two.store.flush();
  await until(() => two.told.resets > 0 || two.store.pending.length === 0);
  await until(() => one.store.kept === 61);
  two.add('c');
  const bytes = new Uint8Array([1, 2, 3]);
  assert.equal(await one.store.replace({ bytes, ids: ['1-1'] }), true);
  for (let tries = 0; tries < 5 && two.store.pending.length; tries++) await two.store.flush();
  const { snapshot, records } = await read(t);
  assert.deepEqual([...snapshot.bytes], [1, 2, 3]);
  assert.deepEqual(snapshot.ids, ['1-1']);
  assert.deepEqual(records.map((r) => r.item_id), ['c']);
});

test('of two tabs that fold at once one wins, and the other is told to read anew', async (t) => {
  const one = await tab(t, 1);
  one.add('a');
  await one.store.flush();
  const two = await tab(t, 2);
  const first = one.store.replace({ bytes: new Uint8Array([1]), ids: [] });
  const second = two.store.replace({ bytes: new Uint8Array([2]), ids: [] });
  assert.deepEqual((await Promise.all([first, second])).sort(), [false, true]);
  assert.equal((await read(t)).records.length, 0);
});

test('ten thousand broken records are skipped and counted, and the next snapshot sweeps them out', async (t) => {
  const { store, add } = await tab(t, 1);
  add('good');
  await store.flush();
  const db = await new Promise((ready) => { const r = indexedDB.open('vitrine', 1); r.onsuccess = () => ready(r.result); });
  const tx = db.transaction(['log', 'meta'], 'readwrite'), log = tx.objectStore('log');
  const epoch = await new Promise((ready) => { tx.objectStore('meta').get('epoch').onsuccess = (e) => ready(e.target.result); });
  const fine = { type: 'view_item', item_id: 'x', time: 1, value: 0 };
  const broken = [null, 7, 'text', [], {}, { ...fine, type: 5 }, { ...fine, item_id: '' }, { ...fine, item_id: 'y'.repeat(1e6) },
    { ...fine, time: -1 }, { ...fine, time: NaN }, { ...fine, time: '1' }, { ...fine, value: Infinity }, { ...fine, value: null },
    JSON.parse('{"__proto__": {"polluted": true}, "type": "view_item"}')];
  for (let i = 0; i < 10000; i++) log.put(broken[i % broken.length], [epoch, 77, i]);
  log.put(fine, [epoch + 1, 77, 1]);
  log.put(fine, 'a key of another kind');
  log.put(fine, [epoch, 'tab', 1]);
  await new Promise((ready) => { tx.oncomplete = ready; });
  db.close();
  const found = await store.load();
  assert.deepEqual(found.records.map((r) => r.item_id), ['good']);
  assert.equal(found.skipped, 10003);
  assert.equal(Object.getPrototypeOf(found.records[0]), null);
  assert.equal({}.polluted, undefined);
  assert.equal(await store.replace({ bytes: new Uint8Array([1]), ids: [] }), true);
  const after = await read(t);
  assert.equal(after.records.length + after.skipped, 0);
});

test('a record or snapshot of any other shape is refused', () => {
  const fine = { type: 'view_item', item_id: 'x', time: 1, value: 0 };
  assert.deepEqual({ ...checkRecord(1, 2, { ...fine, extra: 1 }) }, { tab: 1, seq: 2, ...fine });
  for (const [a, b] of [[-1, 2], [1.5, 2], ['1', 2], [1, NaN], [1, 2 ** 60]]) assert.equal(checkRecord(a, b, fine), null);
  assert.ok(checkRecord(1, 2, { ...fine, time: Date.now() + 1e12 }).time <= Date.now());
  assert.ok(checkSnapshot({ bytes: new Uint8Array(3), ids: ['a'] }));
  for (const wrong of [null, [], {}, { bytes: [1], ids: [] }, { bytes: new Uint8Array(1), ids: 'a' }, { bytes: new Uint8Array(1), ids: [1] }])
    assert.equal(checkSnapshot(wrong), null);
});

test('order is by the counter that all tabs share, whatever the clocks say', () => {
  const records = [[2, 5, 10], [1, 5, 99], [1, 1, 1e12], [3, 9, 0]].map(([tabNumber, seq, time]) => ({ tab: tabNumber, seq, time }));
  assert.deepEqual(records.sort(byOrder).map((r) => [r.tab, r.seq]), [[1, 1], [1, 5], [2, 5], [3, 9]]);
});
