/* The profile in the engine and the log in the browser's storage, together, over several lives of a page. */
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { openEngine } from './lists.mjs';
import { catalog, load, model, modulesUrl } from './fixture.mjs';

const { LogStore } = await load('store.js');
const { Journal } = await load('journal.js');
const { compact, forgetItem, restore } = await load('journal_more.js');

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function page(t, capacity) {
  const { engine } = await openEngine(modulesUrl(), 'plain', model(), catalog(), capacity);
  const warnings = [];
  const store = new LogStore({ onState() {}, onRecords: (records) => journal.take(records),
    onReset: () => void restore(journal), onErased: () => journal.blank(), onFull: () => void compact(journal) });
  const journal = new Journal(engine, store, (code) => warnings.push(code));
  await restore(journal);
  t.after(() => store.close());
  return { engine, journal, store, warnings, add: (i) => journal.add('view_item', String(100 + 3 * (i % 90)), 1.6e12 + 6e4 * i, 0) };
}

test('more events than are kept fold into a snapshot: the log stays small, the state the same to the bit', async (t) => {
  const first = await page(t, 2000), plain = await page(t, 2000);
  await plain.store.close();
  for (let i = 0; i < 4500; i++) {
    assert.ok(first.add(i));
    plain.add(i);
    if (i % 100 === 99) await first.store.flush();
  }
  await first.store.flush();
  assert.ok(first.store.kept <= 2001, `${first.store.kept} records`);
  assert.equal(first.journal.size, 2000);
  await first.store.close();
  const second = await page(t, 2000);
  assert.equal(second.journal.size, 2000);
  assert.deepEqual([...second.engine.state()], [...plain.engine.state()]);
  assert.deepEqual(second.journal.events().map((e) => e.event_id), first.journal.events().map((e) => e.event_id));
});

test('forgetting holds after a reload, across a snapshot and what other tabs wrote', async (t) => {
  const one = await page(t, 2000), two = await page(t, 2000);
  for (let i = 0; i < 30; i++) one.add(i);
  await one.store.flush();
  await compact(one.journal);
  for (let i = 0; i < 10; i++) two.add(i);
  for (let tries = 0; tries < 5 && two.store.pending.length; tries++) await two.store.flush();
  assert.equal(await forgetItem(one.journal, '100'), true);
  assert.ok(!one.journal.events().some((event) => event.item_id === '100'));
  await one.store.close();
  await two.store.close();
  const later = await page(t, 2000);
  assert.ok(later.journal.size >= 38);
  assert.ok(!later.journal.events().some((event) => event.item_id === '100'));
});

test('a damaged snapshot costs what was in it and nothing more', async (t) => {
  const one = await page(t, 2000);
  one.add(1);
  await one.store.flush();
  await one.store.replace({ bytes: new Uint8Array(200).fill(7), ids: ['1-1'] });
  one.add(2);
  await one.store.close();
  const two = await page(t, 2000);
  assert.deepEqual(two.warnings, ['profile_unreadable']);
  assert.deepEqual(two.journal.events().map((event) => event.item_id), ['106']);
});

test('order on the next page is the order of the calls, though the clock went back a year', async (t) => {
  const one = await page(t, 2000);
  one.journal.add('view_item', '112', Date.now(), 0);
  one.journal.add('view_item', '199', Date.now() - 31536e6, 0);
  await one.store.close();
  const two = await page(t, 2000);
  two.journal.add('view_item', '233', 0, 0);
  await two.store.close();
  const three = await page(t, 2000);
  assert.deepEqual(three.journal.events().map((event) => event.item_id), ['112', '199', '233']);
});
