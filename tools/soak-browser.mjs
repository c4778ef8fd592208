#!/usr/bin/env node
// The long forms of tests/browser/storage.test.mjs.
//
//   tools/node tools/soak-browser.mjs [--kills 200] [--tabs 2,5,10] [--closes 100] [--returns 20]
//       [--makes 200]
//
// Passes when no acknowledged event is lost in a database that Chromium kept (docs/storage.md), every event of
// every tab is kept once, every closed tab has kept its event, every return comes from the back/forward cache,
// and recommenders made and closed in one page leave its memory within 2 MB and no connection. CHROMIUM names
// the browser.

import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch, open, serve } from '../tests/browser/harness.mjs';
import { killedWhileWriting, live, visitorFolder } from '../tests/browser/lives.mjs';

const { values } = parseArgs({ options: {
  kills: { type: 'string', default: '200' }, tabs: { type: 'string', default: '2,5,10' }, closes: { type: 'string', default: '100' },
  returns: { type: 'string', default: '20' }, makes: { type: 'string', default: '200' },
} });
const site = await serve();
const browser = await launch();
let failed = 0;
const say = (ok, text) => {
  if (!ok) failed++;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${text}`);
};

async function kills(times) {
  const { acknowledged, lost, opened, late, wiped } = await killedWhileWriting(site.origin, times);
  say(lost === 0 && opened === times + 1, `${times} kills: ${lost} of ${acknowledged} acknowledged events lost, opened ${opened} of ${times + 1} times, ${late} times late`
    + `${wiped ? `; ${wiped} times Chromium took its own files for damaged and began anew` : ''}`);
}

async function tabs(count) {
  const context = await browser.newContext();
  const pages = await Promise.all(Array.from({ length: count }, () => context.newPage()));
  await Promise.all(pages.map((page) => page.goto(site.origin)));
  await Promise.all(pages.map((page, number) => page.evaluate(async (own) => {
    const { LogStore } = await import('/modules/store.js');
    const store = new LogStore({ onState() {}, onRecords() {}, onReset: () => void store.load(), onErased() {}, onFull() {} });
    await store.load();
    for (let seq = 1; seq <= 10000; seq++) {
      store.append({ tab: own, seq, type: 'view_item', item_id: `i${seq % 90}`, time: 1e12 + seq, value: 0 });
      if (seq % 500 === 0) await store.flush();
    }
    for (let tries = 0; tries < 200 && store.pending.length; tries++) await store.flush();
  }, number + 1)));
  const found = await pages[0].evaluate(async () => {
    const { LogStore } = await import('/modules/store.js');
    const { records } = await new LogStore({ onState() {}, onRecords() {}, onReset() {}, onErased() {}, onFull() {} }).load();
    return [records.length, new Set(records.map((r) => `${r.tab} ${r.seq}`)).size];
  });
  await context.close();
  say(found.every((n) => n === count * 10000), `${count} tabs: ${found[0]} of ${count * 10000} events kept, ${found[1]} distinct`);
}

async function closes(times) {
  const context = await browser.newContext();
  for (let i = 0; i < times; i++) {
    const page = await context.newPage();
    await page.goto(site.origin);
    await open(page);
    await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }));
    await page.waitForTimeout(50);
    await page.close({ runBeforeUnload: i % 2 === 0 });
  }
  const page = await context.newPage();
  await page.waitForTimeout(500);
  await page.goto(site.origin);
  await open(page);
  await page.waitForFunction(() => globalThis.v.profile().storage === 'open');
  const { length } = await page.evaluate(() => globalThis.v.profile().events);
  await context.close();
  say(length >= 0.999 * times, `${times} closed tabs: ${length} events kept`);
}

async function returns(times) {
  const folder = visitorFolder(), { context, end } = await live(folder);
  const page = await context.newPage();
  await page.goto(site.origin);
  await open(page);
  await page.evaluate(() => {
    globalThis.restored = 0;
    addEventListener('pageshow', (event) => { globalThis.restored += Number(event.persisted); });
  });
  for (let i = 0; i < times; i++) {
    await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }));
    await page.goto(`${site.origin}/next`);
    await page.goBack({ waitUntil: 'commit' });
  }
  const [restored, events] = await page.evaluate(() => [globalThis.restored, globalThis.v.profile().events.length]);
  await end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  say(restored === times && events === times, `${times} returns: ${restored} from the cache, ${events} events`);
}

async function makes(times) {
  const context = await browser.newContext(), page = await context.newPage(), cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
    return usedSize + backingStorageSize;
  };
  await page.goto(site.origin);
  let before = 0;
  for (let i = -10; i < times; i++) {
    if (i === 0) before = await heap();
    await open(page);
    await page.evaluate(async () => {
      globalThis.v.track('view_item', { item_id: '112' });
      await globalThis.v.recommend();
      await globalThis.v.forget('all');
      await globalThis.v.close();
      delete globalThis.v;
    });
  }
  const grown = (await heap()) - before;
  const left = await page.evaluate(() => new Promise((done) => {
    const request = indexedDB.deleteDatabase('vitrine');
    request.onsuccess = () => done('deleted');
    request.onblocked = () => done('blocked');
  }));
  await context.close();
  say(Math.abs(grown) <= 2e6 && left === 'deleted', `${times} recommenders made and closed: ${grown} bytes more, database ${left}`);
}

try {
  await makes(Number(values.makes));
  await returns(Number(values.returns));
  await closes(Number(values.closes));
  for (const count of values.tabs.split(',')) await tabs(Number(count));
  await kills(Number(values.kills));
} finally {
  await browser.close();
  await site.close();
}
process.exit(failed ? 1 : 0);
