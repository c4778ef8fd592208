/* What is kept on the device, under everything that browsers do to it. The long forms of these are in
 * tools/soak-browser.mjs. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { launch, open, serve } from './harness.mjs';
import { bytesOf } from '../web/fixture.mjs';
import { killedWhileWriting, live, visitorFolder } from './lives.mjs';

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function visit(t) {
  const context = await browser.newContext(), page = await context.newPage(), errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(site.origin);
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  return { context, page };
}
const kept = (page) => page.evaluate(() => globalThis.v.profile().events.map((event) => event.item_id));
/** Open again, wait for the storage where the machine is slow, and say what was kept. */
async function reopen(page) {
  await open(page);
  await page.waitForFunction(() => globalThis.v.profile().storage === 'open', undefined, { timeout: 15000 });
  return kept(page);
}
const track = (page, ...ids) => page.evaluate((items) => items.map((item_id) => globalThis.v.track('view_item', { item_id }).why ?? ''), ids);

test('a browser that is killed while it writes has lost nothing it acknowledged', async () => {
  const seen = await killedWhileWriting(site.origin, 3);
  assert.ok(seen.acknowledged > 30, `${seen.acknowledged} acknowledged`);
  assert.deepEqual({ lost: seen.lost, opened: seen.opened }, { lost: 0, opened: 4 });
});

test('two tabs that write ten thousand events each keep twenty thousand, none twice', async (t) => {
  const { context, page } = await visit(t), second = await context.newPage();
  await second.goto(site.origin);
  const write = (tab, number) => tab.evaluate(async (own) => {
    const { LogStore } = await import('/modules/store.js');
    const store = new LogStore({ onState() {}, onRecords() {}, onReset: () => void store.load(), onErased() {}, onFull() {} });
    await store.load();
    for (let seq = 1; seq <= 10000; seq++) {
      store.append({ tab: own, seq, type: 'view_item', item_id: `i${seq % 90}`, time: 1e12 + seq, value: 0 });
      if (seq % 500 === 0) await store.flush();
    }
    for (let tries = 0; tries < 50 && store.pending.length; tries++) await store.flush();
    return store.pending.length;
  }, number);
  assert.deepEqual(await Promise.all([write(page, 1), write(second, 2)]), [0, 0]);
  const found = await page.evaluate(async () => {
    const { LogStore } = await import('/modules/store.js');
    const { records, skipped } = await new LogStore({ onState() {}, onRecords() {}, onReset() {}, onErased() {}, onFull() {} }).load();
    return { skipped, all: records.length, distinct: new Set(records.map((r) => `${r.tab} ${r.seq}`)).size };
  });
  assert.deepEqual(found, { skipped: 0, all: 20000, distinct: 20000 });
});

test('in a frame of another site, and where the browser blocks every storage, the page ranks from memory, and its console stays clean', async (t) => {
  const context = await browser.newContext(), page = await context.newPage(), noise = [];
  t.after(() => context.close());
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  const inside = (frame) => frame.evaluate(async () => {
    const { createRecommender } = await import('/vitrine/index.js');
    const v = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, catalog: { url: '/data/gru.catalog.vitrine' }, consent: 'granted', learnFromAutomation: true });
    const before = v.recommendSync({ limit: 6 }).items.map((item) => item.item_id);
    v.track('view_item', { item_id: '112' });
    await v.flush();
    const after = v.recommendSync({ limit: 6 }).items.map((item) => item.item_id), { erased } = await v.forget('all');
    await v.close();
    return { changed: String(before) !== String(after), six: after.length, erased: typeof erased };
  });
  const good = { changed: true, six: 6, erased: 'boolean' };
  // Another host name is another site: its storage is parted from the one that shows it.
  const other = site.origin.replace('127.0.0.1', 'localhost');
  await page.goto(site.origin);
  await page.evaluate((src) => document.body.insertAdjacentHTML('beforeend', `<iframe src="${src}/frame"></iframe>`), other);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForLoadState();
  assert.deepEqual(await inside(frame), good, 'another site');
  // As with "block all cookies": every storage throws when it is touched.
  await page.addInitScript(() => {
    for (const name of ['indexedDB', 'localStorage', 'sessionStorage', 'caches'])
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new DOMException('denied', 'SecurityError'); } });
  });
  await page.goto(site.origin);
  assert.deepEqual(await inside(page), good, 'storage blocked');
  assert.deepEqual(noise, []);
});

test('of answers in one breath the last counts: a no that overtakes a yes leaves nothing', async (t) => {
  const context = await browser.newContext(), page = await context.newPage();
  t.after(() => context.close());
  await page.goto(site.origin);
  for (let round = 0; round < 10; round++) {
    await open(page, { consent: 'session' });
    const found = await page.evaluate(async (wait) => {
      const { v } = globalThis;
      v.track('view_item', { item_id: '112' });
      const yes = v.consent.set('granted');
      await new Promise((next) => setTimeout(next, wait));
      await Promise.all([yes, v.consent.set('denied')]);
      await new Promise((next) => setTimeout(next, 100));
      const kept = [v.consent.state, v.profile().events.length, (await indexedDB.databases()).length, (await caches.keys()).length, sessionStorage.length];
      // And the other way round: the no wipes, the yes begins anew.
      v.consent.set('granted');
      v.track('view_item', { item_id: '199' });
      v.consent.set('denied');
      await v.consent.set('granted');
      v.track('view_item', { item_id: '233' });
      await v.flush();
      await v.close();
      return kept;
    }, round);
    assert.deepEqual(found, ['denied', 0, 0, 0, 0]);
    assert.deepEqual((await open(page, { consent: 'granted' })).events, ['233']);
    await page.evaluate(() => globalThis.v.forget('all').then(() => globalThis.v.close()));
  }
});

test('five tabs over a store of the shop\'s own that write at once lose none and double none', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  // An app's store, behind the page and the same for all: it takes its time, and what was written can be read. (Of
  // localStorage a page of another process may read what stood there before.)
  const held = new Map(), soon = () => new Promise((done) => setTimeout(done, 3 * Math.random()));
  await context.exposeFunction('appGet', async (key) => { await soon(); return held.get(key) ?? null; });
  await context.exposeFunction('appSet', async (key, text) => { await soon(); held.set(key, text); });
  await context.exposeFunction('appDelete', (key) => void held.delete(key));
  const pages = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
  const opened = (page) => page.evaluate(async () => {
    const storage = { get: globalThis.appGet, set: globalThis.appSet, delete: globalThis.appDelete };
    const { createRecommender } = await import('/vitrine/index.js');
    globalThis.v = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, catalog: { url: '/data/gru.catalog.vitrine' },
      consent: 'granted', learnFromAutomation: true, storage });
  });
  await Promise.all(pages.map(async (page) => {
    await page.goto(site.origin);
    await opened(page);
  }));
  await Promise.all(pages.map((page, number) => page.evaluate(async (own) => {
    const { v } = globalThis;
    for (let round = 0; round < 8; round++) {
      for (let k = 0; k < 5; k++) v.track('view_item', { item_id: '112', time: 1e12 + 1000 * (100 * own + 5 * round + k) });
      await v.flush();
    }
    await v.close();
  }, number)));
  await opened(pages[0]);
  const times = await pages[0].evaluate(() => globalThis.v.profile().events.map(({ time }) => time));
  assert.equal(times.length, 200);
  assert.equal(new Set(times).size, 200);
});

test('tabs that are closed right after an event keep it', async (t) => {
  const { context } = await visit(t);
  const rounds = 12;
  for (let i = 0; i < rounds; i++) {
    const page = await context.newPage();
    await page.goto(site.origin);
    await open(page);
    await track(page, String(100 + 3 * (i % 20)), '112', '199');
    await page.waitForTimeout(50);
    await page.close({ runBeforeUnload: i % 2 === 0 });
  }
  const page = await context.newPage();
  await page.waitForTimeout(300);
  await page.goto(site.origin);
  assert.equal((await reopen(page)).length, 3 * rounds);
});

test('writes that fail at any point, one after the other, never reach the page', async (t) => {
  const { page } = await visit(t);
  await open(page);
  const states = await page.evaluate(async () => {
    const { v } = globalThis, seen = new Set(), quota = () => { throw new DOMException('full', 'QuotaExceededError'); };
    const places = [[IDBObjectStore.prototype, 'put'], [IDBObjectStore.prototype, 'get'], [IDBObjectStore.prototype, 'delete'],
      [IDBDatabase.prototype, 'transaction'], [IDBObjectStore.prototype, 'getAll'], [IDBTransaction.prototype, 'commit']];
    for (const [target, name] of places) {
      const real = target[name];
      target[name] = quota;
      v.track('view_item', { item_id: '112' });
      await v.flush();
      await v.forget({ item_id: '199' });
      seen.add(v.profile().storage);
      if (v.recommendSync({ limit: 4 }).items.length !== 4) throw new Error(name);
      target[name] = real;
      v.track('view_item', { item_id: '233' });
      await new Promise((next) => setTimeout(next, 150));
      await v.flush();
    }
    return { seen: [...seen], events: v.profile().events.length };
  });
  assert.equal(states.events, 12);
  assert.ok(states.seen.includes('memory'));
});

test('storage that is deleted while it is open costs what was kept, and the page goes on', async (t) => {
  const { context, page } = await visit(t), cdp = await context.newCDPSession(page);
  await open(page);
  await track(page, '112');
  await page.evaluate(() => globalThis.v.flush());
  await cdp.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'all' });
  await page.waitForTimeout(200);
  await track(page, '199');
  for (let i = 0; i < 100 && !(await page.evaluate(() => globalThis.v.flush())); i++) await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => globalThis.v.recommendSync({ limit: 5 }).items.length), 5);
  await page.reload();
  assert.ok((await reopen(page)).includes('199'));
});

test('a newer database is let in at once, and a page that is older goes on without', async (t) => {
  const { context, page } = await visit(t);
  await open(page);
  await track(page, '112');
  await page.evaluate(() => globalThis.v.flush());
  const second = await context.newPage();
  await second.goto(site.origin);
  const upgraded = await second.evaluate(() => new Promise((done) => {
    const begun = performance.now(), request = indexedDB.open('vitrine', 2);
    request.onsuccess = () => {
      request.result.close();
      done(performance.now() - begun);
    };
    request.onblocked = () => done(Infinity);
  }));
  assert.ok(upgraded < 1000, `${upgraded} ms`);
  await track(page, '199');
  assert.equal(await page.evaluate(() => globalThis.v.flush()), false);
  assert.deepEqual(await kept(page), ['112', '199']);
  const begun = Date.now();
  await open(second);
  assert.equal(await second.evaluate(() => globalThis.v.recommendSync({ limit: 4 }).items.length), 4);
  assert.ok(Date.now() - begun < 3000);
});

test('records of every wrong shape, ten megabytes and __proto__ among them, are skipped and counted', async (t) => {
  const { page } = await visit(t);
  await open(page);
  await track(page, '112');
  await page.evaluate(() => globalThis.v.close());
  await page.evaluate(async () => {
    const db = await new Promise((ready) => { const r = indexedDB.open('vitrine'); r.onsuccess = () => ready(r.result); });
    const tx = db.transaction(['log', 'meta'], 'readwrite'), log = tx.objectStore('log'), meta = tx.objectStore('meta');
    const epoch = await new Promise((ready) => { meta.get('epoch').onsuccess = (e) => ready(e.target.result); });
    const fine = { type: 'view_item', item_id: '199', time: 1, value: 0 };
    const wrong = [null, 7, [], {}, { ...fine, item_id: 'y'.repeat(10 << 20) }, { ...fine, type: {} }, { ...fine, time: -1 }, { ...fine, value: NaN },
      JSON.parse('{"__proto__":{"polluted":true},"type":"view_item"}')];
    for (let i = 0; i < 1000; i++) log.put(wrong[i % wrong.length === 4 && i > 10 ? 0 : i % wrong.length], [epoch, 77, i]);
    meta.put({ rows: [['__proto__', { render: 'x' }], 7], clicks: [[1, 2], ['a', { key: 5 }]] }, 'funnel');
    await new Promise((ready) => { tx.oncomplete = ready; });
    db.close();
  });
  await page.reload();
  assert.deepEqual(await reopen(page), ['112']);
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  assert.deepEqual(await page.evaluate(async () => (await globalThis.v.metrics()).funnel.map((row) => row.render)), [0]);
});

test('an unseen page, a page made ahead, and a flood teach nothing before their time', async (t) => {
  const { page } = await visit(t);
  await open(page);
  const set = (name, value, event) => page.evaluate(([n, is, e]) => {
    Object.defineProperty(document, n, { configurable: true, value: is });
    document.dispatchEvent(new Event(e));
  }, [name, value, event]);
  for (const [name, away, back, event] of [['visibilityState', 'hidden', 'visible', 'visibilitychange'], ['prerendering', true, false, 'prerenderingchange']]) {
    const before = (await kept(page)).length;
    await set(name, away, event);
    assert.deepEqual(await track(page, '112', '199'), ['hidden', 'hidden']);
    assert.equal((await kept(page)).length, before);
    await set(name, back, event);
    assert.equal((await kept(page)).length, before + 2);
  }
  const flood = await page.evaluate(async () => {
    let learnt = 0;
    for (let i = 0; i < 3000; i++) learnt += Number(globalThis.v.track('view_item', { item_id: '112' }).learnt);
    await globalThis.v.flush();
    const db = await new Promise((ready) => { const r = indexedDB.open('vitrine'); r.onsuccess = () => ready(r.result); });
    const count = await new Promise((ready) => { db.transaction('log').objectStore('log').count().onsuccess = (e) => ready(e.target.result); });
    db.close();
    return { learnt, count };
  });
  assert.ok(flood.learnt < 400, `${flood.learnt}`);
  assert.ok(flood.count <= 2000, `${flood.count}`);
});

test('fifty reloads leave memory as it was and no connection open', async (t) => {
  const { context, page } = await visit(t), cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };
  await open(page);
  await track(page, '112');
  for (let i = 0; i < 5; i++) {
    await page.reload();
    await open(page);
  }
  const before = await heap();
  for (let i = 0; i < 45; i++) {
    await page.reload();
    await open(page);
  }
  const grown = (await heap()) - before;
  assert.ok(Math.abs(grown) <= 2e6, `${grown} bytes`);
  await page.goto(`${site.origin}/elsewhere`);
  assert.equal(await page.evaluate(() => new Promise((done) => {
    const request = indexedDB.deleteDatabase('vitrine');
    request.onsuccess = () => done('deleted');
    request.onblocked = () => done('blocked');
  })), 'deleted');
});

test('after every turn of consent and a forget nothing is left, by the browser\'s own count', async (t) => {
  const { context, page } = await visit(t), cdp = await context.newCDPSession(page);
  await open(page);
  await page.evaluate(async () => {
    const { v } = globalThis;
    for (const state of ['session', 'granted', 'denied', 'granted', 'session', 'denied', 'session', 'granted']) {
      await v.consent.set(state);
      v.track('view_item', { item_id: '112' });
      const { rec_id } = await v.recommend();
      v.track('rec_render', { rec_id });
      await v.flush();
    }
    await v.forget('all');
    await v.close();
  });
  await page.goto(`${site.origin}/elsewhere`);
  assert.deepEqual(await page.evaluate(async () => ({ databases: await indexedDB.databases(), caches: await caches.keys(),
    local: Object.keys(localStorage), session: Object.keys(sessionStorage) })), { databases: [], caches: [], local: [], session: [] });
  const { usageBreakdown } = await cdp.send('Storage.getUsageAndQuota', { origin: site.origin });
  for (const { storageType, usage } of usageBreakdown) assert.equal(usage, 0, storageType);
});

test('the funnel is kept beside the events, over reloads and from two tabs', async (t) => {
  const { context, page } = await visit(t);
  const act = (tab) => tab.evaluate(async () => {
    const { rec_id, items } = await globalThis.v.recommend({ placement: 'bestsellers', limit: 4 });
    for (const type of ['rec_render', 'rec_view']) globalThis.v.track(type, { rec_id });
    globalThis.v.track('rec_click', { rec_id, items: [{ item_id: items[0].item_id }] });
    return items[0].item_id;
  });
  const row = (tab) => tab.evaluate(async () => (await globalThis.v.metrics()).funnel[0]);
  const second = await context.newPage();
  await second.goto(site.origin);
  await Promise.all([open(page), open(second)]);
  const item = await act(page);
  await act(second);
  // The tab that was outrun reads anew and writes a little later.
  for (let i = 0; i < 3; i++) {
    await Promise.all([page, second].map((tab) => tab.evaluate(() => globalThis.v.flush())));
    await page.waitForTimeout(200);
  }
  await page.reload();
  await reopen(page);
  assert.deepEqual(await row(page), { placement: 'bestsellers', render: 2, view: 2, click: 2, add_to_cart: 0, purchase: 0, revenue: {} });
  await page.evaluate((item_id) => globalThis.v.track('purchase', { currency: 'GBP', items: [{ item_id, price: 12, quantity: 2 }] }), item);
  await page.goto(`${site.origin}/next`); // not flushed: leaving writes it
  await reopen(page);
  assert.deepEqual(await row(page), { placement: 'bestsellers', render: 2, view: 2, click: 2, add_to_cart: 0, purchase: 1, revenue: { GBP: 24 } });
});

test('the back/forward cache takes the page and gives it back, up to date', async () => {
  const folder = visitorFolder(), { context, end } = await live(folder);
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    await open(page);
    await page.evaluate(() => {
      globalThis.restored = 0;
      addEventListener('pageshow', (event) => { globalThis.restored += Number(event.persisted); });
    });
    for (let i = 0; i < 5; i++) {
      await track(page, '112');
      await page.goto(`${site.origin}/next`);
      await page.goBack({ waitUntil: 'commit' });
    }
    assert.equal(await page.evaluate(() => globalThis.restored), 5);
    assert.equal((await kept(page)).length, 5);
    assert.equal(await page.evaluate(() => globalThis.v.flush()), true);
  } finally {
    await end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('the pair that opened last stands in for a host that answers with rubbish, and an older model is refused', async (t) => {
  const bytes = { '/m': bytesOf('gru.model.vitrine'), '/c': bytesOf('gru.catalog.vitrine') };
  let answer = (path) => bytes[path];
  const host = await serve({ answers: Object.fromEntries(Object.keys(bytes).map((path) => [path, (_request, response) => {
    const body = answer(path);
    response.writeHead(body ? 200 : 503, { 'cache-control': 'no-store' }).end(body ?? undefined);
  }])) });
  t.after(() => host.close());
  const context = await browser.newContext(), page = await context.newPage();
  t.after(() => context.close());
  await page.goto(host.origin);
  const files = { model: { url: '/m' }, catalog: { url: '/c' }, fallback: ['7'] };
  const shelf = () => page.evaluate(() => globalThis.v.recommendSync({ limit: 5 }).items.map((item) => item.item_id));
  assert.deepEqual((await open(page, files)).warnings, []);
  const good = await shelf();
  const held = () => page.evaluate(async () => {
    const [name] = await caches.keys();
    return name ? (await (await caches.open(name)).keys()).length : 0;
  });
  // It is kept when the page has nothing else to do, after five seconds at the latest.
  for (let i = 0; i < 300 && (await held()) < 3; i++) await page.waitForTimeout(100);
  assert.equal(await held(), 3);
  const half = bytes['/m'].slice(0, 5000), changed = bytes['/m'].slice(), html = new TextEncoder().encode('<!doctype html>');
  changed[20000] ^= 1;
  for (const [bad, code] of [[undefined, 'not_found'], [half, 'bad_format'], [changed, 'bad_checksum'], [html, 'html_instead']]) {
    answer = (path) => (path === '/m' ? bad : bytes[path]);
    await page.reload();
    assert.deepEqual((await open(page, files)).warnings.sort(), [code, 'cached_pair'].sort());
    assert.deepEqual(await shelf(), good);
  }
  answer = (path) => (path === '/c' ? html : bytes[path]);
  await page.reload();
  assert.ok((await open(page, files)).warnings.includes('cached_pair'), 'half a pair is none');
  // What the pointer remembers is newer than what the host has, of one file or of the other.
  answer = (path) => bytes[path];
  const remember = (known) => page.evaluate(async (more) => {
    const cache = await caches.open((await caches.keys())[0]), [key] = (await cache.keys()).filter(({ url }) => url.endsWith('pointer'));
    const before = await (await cache.match(key)).json();
    await cache.put(key, new Response(JSON.stringify({ ...before, ...more })));
    return [before.version, before.catalogVersion];
  }, known);
  const versions = ['/m', '/c'].map((path) => Number(Buffer.from(bytes[path]).readBigUInt64LE(32)));
  assert.deepEqual(await remember({ version: 2 ** 50 }), versions);
  for (const next of [{ version: versions[0], catalogVersion: 2 ** 50 }, { catalogVersion: versions[1] }]) {
    await page.reload();
    assert.deepEqual((await open(page, files)).warnings.sort(), ['cached_pair', 'version_replayed']);
    assert.deepEqual(await shelf(), good);
    await remember(next);
  }
  await page.reload();
  assert.deepEqual((await open(page, files)).warnings, []);
  await page.evaluate(async () => { await globalThis.v.forget('all'); });
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await page.reload();
  await open(page, { ...files, consent: 'denied' });
  assert.deepEqual(await page.evaluate(() => caches.keys()), [], 'without consent nothing is kept');
});

test('a yes that comes after loading keeps the pair, and goes over to it where the host has failed, without a request', async (t) => {
  const bytes = { '/m': bytesOf('gru.model.vitrine'), '/c': bytesOf('gru.catalog.vitrine') };
  let answer = (path) => bytes[path];
  const host = await serve({ answers: Object.fromEntries(Object.keys(bytes).map((path) => [path, (_request, response) => {
    const body = answer(path);
    response.writeHead(body ? 200 : 503, { 'cache-control': 'no-store' }).end(body ?? undefined);
  }])) });
  t.after(() => host.close());
  const context = await browser.newContext(), page = await context.newPage();
  t.after(() => context.close());
  await page.goto(host.origin);
  const files = { model: { url: '/m' }, catalog: { url: '/c' }, consent: 'auto' };
  const shelf = () => page.evaluate(() => globalThis.v.recommendSync({ limit: 5 }).items.map((item) => item.item_id));
  const state = () => page.evaluate(async () => ({ source: (await globalThis.v.recommend()).source, warnings: (await globalThis.v.metrics()).warnings.filter((one) => one !== 'storage_memory').sort(),
    version: (await globalThis.v.metrics()).model.version, events: globalThis.v.profile().events.map((event) => event.item_id),
    held: (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length)))[0] ?? 0 }));
  const yes = async () => {
    await page.waitForLoadState('networkidle'); // what comes after the first shelf has come
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.evaluate(async () => {
      await globalThis.v.consent.set('granted');
      globalThis.v.track('view_item', { item_id: '112' });
      await globalThis.v.flush();
    });
    // The pair is kept when the page has nothing else to do.
    await page.waitForFunction(async () => (await caches.keys()).length > 0 && (await (await caches.open((await caches.keys())[0])).keys()).length === 3);
    page.removeAllListeners('request');
    assert.deepEqual(asked.filter((url) => !url.startsWith('blob:')), []);
  };
  await open(page, files);
  assert.equal((await state()).held, 0, 'nothing is kept before the yes');
  await yes();
  assert.deepEqual(await state(), { source: 'model', warnings: [], version: 1, events: ['112'], held: 3 });
  const good = await shelf();
  // The host has only the catalog, which is of no use without its model: a static list until the visitor says yes.
  answer = (path) => (path === '/m' ? undefined : bytes[path]);
  await page.reload();
  await open(page, files);
  assert.equal((await state()).source, 'static');
  await yes();
  assert.deepEqual(await state(), { source: 'model', warnings: ['cached_pair', 'not_found'], version: 1, events: ['112', '112'], held: 3 });
  await page.evaluate(() => globalThis.v.forget({ item_id: '112' }));
  await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }));
  assert.deepEqual(await shelf(), good);
  // The host has an older model than the pointer remembers.
  answer = (path) => bytes[path];
  await page.reload();
  await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]), [key] = (await cache.keys()).filter(({ url }) => url.endsWith('pointer'));
    await cache.put(key, new Response(JSON.stringify({ ...await (await cache.match(key)).json(), version: 2 })));
  });
  await open(page, files);
  await yes();
  assert.deepEqual((await state()).warnings, ['cached_pair', 'version_replayed']);
  // A no wipes, and a later yes keeps again.
  await page.evaluate(() => globalThis.v.consent.set('denied'));
  assert.deepEqual([(await state()).held, (await state()).source], [0, 'popular']);
  await yes();
  assert.deepEqual((await state()).held, 3);
});
