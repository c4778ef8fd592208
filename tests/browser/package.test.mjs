import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { launch, open, serve } from './harness.mjs';

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** A fresh visitor with one page of the site, and a complaint when the page logged an error. */
async function visit(t, { origin = site.origin, quiet = true } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(origin);
  t.after(async () => {
    await context.close();
    if (quiet) assert.deepEqual(errors, []);
  });
  return { context, page };
}

const view = (page, ...ids) => page.evaluate((items) => {
  for (const item_id of items) globalThis.v.track('view_item', { items: [{ item_id }] });
  return globalThis.v.flush();
}, ids);
const kept = (page) => page.evaluate(() => globalThis.v.profile().events.map((event) => event.item_id));
const list = (page, options = {}) => page.evaluate((o) => globalThis.v.recommendSync(o).items.map((i) => [i.item_id, i.score]), options);
/** Everything the origin holds, seen from a page that has not loaded the package. */
const storage = async (context) => {
  const page = await context.newPage();
  await page.goto(`${site.origin}/elsewhere`);
  const found = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map((db) => db.name), caches: await caches.keys(),
    local: Object.keys(localStorage), session: Object.keys(sessionStorage) }));
  await page.close();
  return found;
};
const NOTHING = { databases: [], caches: [], local: [], session: [] };

test('a reload keeps the profile, its state and the list to the bit', async (t) => {
  const { page } = await visit(t);
  assert.deepEqual((await open(page)).events, []);
  await view(page, '112', '199', '233');
  const before = await page.evaluate(() => [...globalThis.v.profile().state]);
  const first = await list(page);
  await page.reload();
  assert.deepEqual((await open(page)).events, ['112', '199', '233']);
  assert.deepEqual(await page.evaluate(() => [...globalThis.v.profile().state]), before);
  assert.deepEqual(await list(page), first);
});

test('events that were never flushed survive leaving the page', async (t) => {
  const { page } = await visit(t);
  await open(page);
  await view(page, '112');
  await page.evaluate(() => globalThis.v.track('add_to_cart', { items: [{ item_id: '136' }] }));
  await page.goto(`${site.origin}/next`);
  assert.deepEqual((await open(page)).events, ['112', '136']);
});

test('a second tab starts with the profile and hears of new events, both ways', async (t) => {
  const { context, page } = await visit(t);
  await open(page);
  await view(page, '112');
  const second = await context.newPage();
  await second.goto(site.origin);
  assert.deepEqual((await open(second)).events, ['112']);
  await view(page, '199');
  await second.waitForFunction(() => globalThis.v.profile().events.length === 2);
  await view(second, '233');
  await page.waitForFunction(() => globalThis.v.profile().events.length === 3);
  assert.deepEqual(await kept(page), ['112', '199', '233']);
  assert.deepEqual(await list(second), await list(page));
});

test('two tabs that write at once lose nothing, and a later page has it all once', async (t) => {
  const { context, page } = await visit(t);
  const second = await context.newPage();
  await second.goto(site.origin);
  await Promise.all([open(page), open(second)]);
  const many = (tab) => tab.evaluate(async () => {
    for (let i = 0; i < 150; i++) {
      globalThis.v.track('view_item', { items: [{ item_id: String(100 + (i % 30) * 3) }] });
      if (i % 10 === 0) await new Promise((next) => setTimeout(next, 5));
    }
    return globalThis.v.flush();
  });
  await Promise.all([many(page), many(second)]);
  // A tab that was outrun reads the log anew and writes on its next flush.
  await Promise.all([page, second].map((tab) => tab.waitForFunction(() => globalThis.v.profile().events.length === 300)));
  await Promise.all([page, second].map((tab) => tab.evaluate(() => globalThis.v.flush())));
  const third = await context.newPage();
  await third.goto(site.origin);
  await open(third);
  const events = await third.evaluate(() => globalThis.v.profile().events.map((event) => event.event_id));
  assert.equal(events.length, 300);
  assert.equal(new Set(events).size, 300);
});

test('forgetting an item gives the state as if it had never been, and a reload agrees', async (t) => {
  const { page } = await visit(t);
  await open(page);
  await view(page, '112', '233');
  const without = { state: await page.evaluate(() => [...globalThis.v.profile().state]), list: await list(page) };
  await page.evaluate(() => globalThis.v.forget('all'));
  await view(page, '112', '199', '233', '199');
  assert.notDeepEqual(await list(page), without.list);
  assert.deepEqual(await page.evaluate(() => globalThis.v.forget({ item_id: '199' })), { before: 4, after: 2, erased: true });
  assert.deepEqual(await page.evaluate(() => [...globalThis.v.profile().state]), without.state);
  assert.deepEqual(await list(page), without.list);
  await page.reload();
  assert.deepEqual((await open(page)).events, ['112', '233']);
  assert.deepEqual(await list(page), without.list);
});

test('forget all leaves nothing in any storage, with a second tab open too', async (t) => {
  const { context, page } = await visit(t);
  await open(page);
  const second = await context.newPage();
  await second.goto(site.origin);
  await open(second);
  await view(page, '112', '199');
  assert.deepEqual((await storage(context)).databases, ['vitrine']);
  assert.deepEqual(await page.evaluate(() => globalThis.v.forget('all')), { before: 2, after: 0, erased: true });
  await second.waitForFunction(() => globalThis.v.profile().events.length === 0);
  assert.deepEqual(await storage(context), NOTHING);
  await view(second, '233');
  await page.reload();
  assert.deepEqual((await open(page)).events, ['233']);
});

test('consent: denied touches no storage and learns nothing; taking it back wipes', async (t) => {
  const { context, page } = await visit(t);
  await open(page, { consent: 'denied' });
  assert.equal(await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }).why), 'consent');
  assert.deepEqual(await storage(context), NOTHING);
  assert.equal((await list(page, { limit: 5 })).length, 5);
  await page.evaluate(() => globalThis.v.consent.set('granted'));
  await view(page, '112');
  assert.deepEqual((await storage(context)).databases, ['vitrine']);
  await page.evaluate(() => globalThis.v.consent.set('denied'));
  assert.deepEqual(await kept(page), []);
  assert.deepEqual(await storage(context), NOTHING);
});

test('consent session: the profile follows from page to page of a tab, and stays out of IndexedDB', async (t) => {
  const { context, page } = await visit(t);
  await open(page, { consent: 'session' });
  await view(page, '112', '199');
  await page.goto(`${site.origin}/next`);
  assert.deepEqual((await open(page, { consent: 'session' })).events, ['112', '199']);
  assert.deepEqual(await storage(context), NOTHING); // another tab: another session
  await page.evaluate(() => globalThis.v.consent.set('granted'));
  assert.deepEqual(await kept(page), ['112', '199']);
  await page.reload();
  assert.deepEqual((await open(page)).events, ['112', '199']);
});

test('consent auto says that nobody answered, and stays at session under Global Privacy Control', async (t) => {
  const { page } = await visit(t);
  await page.evaluate(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
  assert.deepEqual((await open(page, { consent: 'auto' })).warnings, ['consent_auto']);
  await page.evaluate(() => globalThis.v.consent.set('granted'));
  assert.equal(await page.evaluate(() => globalThis.v.consent.state), 'session');
});

test('an automated browser teaches nothing unless the shop says so', async (t) => {
  const { page } = await visit(t);
  await open(page, { learnFromAutomation: false });
  assert.equal(await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }).why), 'automation');
  assert.deepEqual(await kept(page), []);
});

test('no request leaves the page after loading, whatever is called', async (t) => {
  const { page } = await visit(t);
  await open(page, { consent: 'denied' });
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.evaluate(async () => {
    const { v } = globalThis;
    await v.consent.set('granted');
    for (let i = 0; i < 40; i++) {
      const item_id = String(100 + i * 3);
      v.track(['view_item', 'add_to_cart', 'add_to_wishlist', 'dismiss', 'search'][i % 5], { items: [{ item_id }] });
      await v.recommend({ explain: true });
      await v.rerank(['112', '199', '233']);
      v.update({ item_id, price: 3 });
    }
    await v.page([{ placement: 'for_you' }, { placement: 'bestsellers' }]);
    await v.explain('112');
    await v.flush();
    await v.import(await v.export());
    await v.forget({ item_id: '100' });
    await v.forget('all');
    await v.consent.set('session');
    await v.close();
  });
  assert.deepEqual(requests, []);
});

test('a full disk leaves the page whole, and what was held is written when there is room', async (t) => {
  const { page } = await visit(t);
  await open(page);
  await page.evaluate(() => {
    globalThis.realPut = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  });
  assert.equal(await view(page, '112', '199'), false);
  assert.deepEqual(await kept(page), ['112', '199']);
  assert.ok((await page.evaluate(() => globalThis.v.recommendSync().warnings)).includes('storage_memory'));
  await page.evaluate(() => { IDBObjectStore.prototype.put = globalThis.realPut; });
  await page.waitForFunction(() => globalThis.v.profile().storage === 'open');
  await page.evaluate(() => globalThis.v.flush());
  await page.reload();
  assert.deepEqual((await open(page)).events, ['112', '199']);
});

test('an indexedDB that throws or hangs costs at most the time-out', async (t) => {
  for (const broken of ['throws', 'hangs']) {
    const { page } = await visit(t);
    await page.evaluate((how) => {
      IDBFactory.prototype.open = how === 'throws' ? () => { throw new DOMException('no', 'SecurityError'); } : () => ({});
    }, broken);
    const begun = Date.now();
    await open(page);
    assert.ok(Date.now() - begun < 5000, broken); // 300 ms of it for the database, the rest is the machine's
    // A first visit asks for a database behind its first list (tests/web/store.test.mjs).
    await page.waitForFunction(async () => (await globalThis.v.metrics()).warnings.join() === 'storage_memory', undefined, { timeout: 5000 });
    await view(page, '112');
    assert.equal((await list(page, { limit: 3 })).length, 3);
  }
});

test('back from the back/forward cache the profile is up to date', async (t) => {
  const { context, page } = await visit(t);
  await open(page);
  await view(page, '112');
  // The two events a browser sends around the cache; whether it keeps a page is its own choice.
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  const second = await context.newPage();
  await second.goto(site.origin);
  await open(second);
  await view(second, '199');
  assert.deepEqual(await kept(page), ['112']);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await page.waitForFunction(() => globalThis.v.profile().events.length === 2);
});

test('HTML in place of the model or the wasm is called by its name', async (t) => {
  const html = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Shop</h1>');
  const host = await serve({ answers: {
    '/html.vitrine': html, '/html/vitrine-relaxed.wasm': html, '/html/vitrine-simd.wasm': html, '/html/vitrine.wasm': html } });
  t.after(() => host.close());
  const { page } = await visit(t, { origin: host.origin });
  for (const [options, file] of [[{ model: { url: '/html.vitrine' } }, 'html.vitrine'], [{ wasmUrl: '/html/' }, 'html/vitrine-relaxed.wasm']]) {
    assert.deepEqual((await open(page, { ...options, catalog: undefined, fallback: ['7', '8'] })).warnings, ['html_instead']);
    const { errors, shelf } = await page.evaluate(async () => ({
      errors: (await globalThis.v.metrics()).errors.map((error) => error.message), shelf: globalThis.v.recommendSync() }));
    assert.match(errors[0], /your server returned HTML for/);
    assert.ok(errors[0].includes(file), errors[0]);
    assert.equal(shelf.source, 'static');
    assert.deepEqual(shelf.items.map((item) => item.item_id), ['7', '8']);
    const rejected = await open(page, { ...options, strict: true }).catch((error) => String(error));
    assert.match(String(rejected), /your server returned HTML/);
  }
});

test('a wasm with the wrong MIME type loads, a missing one says where it was sought', async (t) => {
  const host = await serve({ answers: {
    '/missing/vitrine-relaxed.wasm': (_request, response) => response.writeHead(404).end() } });
  t.after(() => host.close());
  const { page } = await visit(t, { origin: host.origin });
  await page.route('**/*.wasm', async (route) => {
    if (route.request().url().includes('missing')) return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
  });
  assert.deepEqual((await open(page)).warnings, []);
  assert.deepEqual((await open(page, { wasmUrl: '/missing/' })).warnings, ['not_found']);
});

test('a host that never finishes is given up after the time-out', async (t) => {
  const host = await serve({ answers: { '/slow': (_request, response) => response.writeHead(200).write('x') } });
  t.after(() => host.close());
  const { page } = await visit(t, { origin: host.origin });
  assert.deepEqual((await open(page, { model: { url: '/slow' }, timeout: 300 })).warnings, ['timeout']);
});

test('a page whose policy allows wasm ranks with it; one that does not falls back', async (t) => {
  const strict = (script, more = '') => `default-src 'none'; script-src ${script}; connect-src 'self'; img-src data:${more}`;
  for (const [allowed, policy] of [[true, ''], [true, strict("'self' 'wasm-unsafe-eval'")], [false, strict("'self'")],
    [true, strict("'self' 'wasm-unsafe-eval'", "; require-trusted-types-for 'script'; trusted-types 'none'")]]) {
    const host = await serve({
      headers: policy ? { 'content-security-policy': policy } : {},
      answers: { '/page.js': (_request, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(`
        import { createRecommender } from '/vitrine/index.js';
        try {
          const v = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, consent: 'granted', fallback: ['8'] });
          document.title = JSON.stringify(v.recommendSync({ limit: 1 }));
        } catch (error) {
          document.title = JSON.stringify({ error: String(error) });
        }`),
      '/': (_request, response) => response.writeHead(200, { 'content-type': 'text/html', ...(policy ? { 'content-security-policy': policy } : {}) })
        .end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>') } });
    t.after(() => host.close());
    const { page } = await visit(t, { origin: host.origin });
    await page.waitForFunction(() => document.title.startsWith('{'));
    const result = JSON.parse(await page.title());
    assert.equal(result.error, undefined);
    assert.deepEqual(result.warnings, allowed ? [] : ['csp_wasm_blocked']);
    assert.equal(result.source, allowed ? 'popular' : 'static');
  }
});

test('fifty makes and closes leave no database open', async (t) => {
  const { page } = await visit(t);
  const left = await page.evaluate(async () => {
    const { createRecommender } = await import('/vitrine/index.js');
    const model = await (await fetch('/data/gru.model.vitrine')).arrayBuffer();
    for (let i = 0; i < 50; i++) {
      const v = await createRecommender({ model, consent: 'granted', learnFromAutomation: true });
      v.track('view_item', { item_id: '112' });
      await v.close();
    }
    // Deletion waits for every open connection.
    return new Promise((resolve) => {
      const request = indexedDB.deleteDatabase('vitrine');
      request.onsuccess = () => resolve('deleted');
      request.onblocked = () => resolve('blocked');
    });
  });
  assert.equal(left, 'deleted');
});

test('a shelf the shop draws itself is rendered, seen for a second and clicked, each counted once', async (t) => {
  const { page } = await visit(t);
  await open(page);
  const row = () => page.evaluate(async () => (await globalThis.v.metrics()).funnel.map(({ render, view: seen, click }) => [render, seen, click])[0]);
  await page.evaluate(async () => {
    const { observeShelf } = await import('/vitrine/adapters.js');
    const shelf = document.createElement('div'), result = await globalThis.v.recommend({ limit: 3 });
    shelf.style.marginTop = '3000px';
    for (const { item_id } of result.items) {
      const card = document.createElement('p');
      card.dataset.itemId = card.textContent = item_id;
      shelf.append(card);
    }
    document.body.append(shelf);
    globalThis.stop = observeShelf(shelf, result, globalThis.v);
  });
  await page.waitForTimeout(1200);
  assert.deepEqual(await row(), [1, 0, 0]);
  await page.evaluate(() => document.querySelector('p').scrollIntoView({ block: 'center' }));
  for (let i = 0; i < 50 && (await row())[1] === 0; i++) await page.waitForTimeout(100);
  await page.evaluate(() => { for (let i = 0; i < 2; i++) document.querySelector('p').click(); });
  await page.evaluate(() => { globalThis.stop(); document.querySelectorAll('p')[1].click(); });
  assert.deepEqual(await row(), [1, 1, 1]);
});
