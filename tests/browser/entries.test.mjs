/* The entries beside the main one, in a browser: worker, inline, React and Vue. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { build } from 'esbuild';
import { root, web } from '../web/fixture.mjs';
import { launch, open, serve } from './harness.mjs';

let site, browser;
const files = new Map();
before(async () => {
  site = await serve({ answers: new Proxy({}, { get: (_, path) => files.get(path) }) });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});
async function visit(t, path = '/') {
  const context = await browser.newContext(), page = await context.newPage(), errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  await page.goto(site.origin + path);
  return page;
}
const OPTIONS = { model: { url: '/data/gru.model.vitrine' }, catalog: { url: '/data/gru.catalog.vitrine' }, consent: 'granted', learnFromAutomation: true };

test('the worker gives the lists of the main thread, and its events', async (t) => {
  const page = await visit(t);
  await open(page, { storage: 'memory' });
  const found = await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    const progress = [], heard = [];
    const w = globalThis.w = await createRecommender({ ...options, onProgress: ({ phase }) => progress.push(phase) });
    const off = w.on('event', (event) => heard.push(event.type, ...event.items));
    // What lies between two events counts in whole seconds: the two hear of the same ones.
    const time = Date.now() - 9000, first = { items: [{ item_id: '112' }], time }, second = { item_id: '199', time: time + 2000 };
    const tracked = await w.track('view_item', first);
    globalThis.v.track('view_item', first);
    off();
    await w.track('view_item', second);
    globalThis.v.track('view_item', second);
    const list = (result) => result.items.map((item) => [item.item_id, item.score]);
    const same = JSON.stringify(list(await w.recommend({ limit: 20 }))) === JSON.stringify(list(globalThis.v.recommendSync({ limit: 20 })));
    const pages = await w.page([{ limit: 3 }, { placement: 'bestsellers', limit: 3 }]);
    const item = await w.item('112'), items = await w.items();
    const explained = await w.explain('112'), profile = await w.profile(), metrics = await w.metrics();
    const wrong = await w.recommend({ placement: 'nonsense' }).catch((error) => [error instanceof TypeError, error.message]);
    const flushed = await w.flush();
    const forgot = await w.forget({ item_id: '112' });
    const missing = Object.getOwnPropertyNames(Object.getPrototypeOf(globalThis.v))
      .filter((name) => !/^(constructor|begin|recommendSync|rerankSync)$/.test(name) && typeof w[name] !== 'function');
    return { missing, progress: [...new Set(progress)], heard, learnt: tracked.learnt, same, pages: pages.map((one) => one.items.length), item: item.item_id, items: items.length,
      explained: explained.item_id, events: profile.events.length, state: profile.state.constructor.name, errors: metrics.errors, wrong, flushed, forgot, consent: w.consent.state };
  }, OPTIONS);
  assert.ok(found.progress.includes('ready'));
  assert.deepEqual(found.missing, []);
  assert.deepEqual(found.heard, ['view_item', '112']);
  assert.deepEqual([found.learnt, found.same, found.pages, found.item, found.explained, found.events, found.state, found.errors, found.flushed, found.consent],
    [true, true, [3, 3], '112', '112', 2, 'Float32Array', [], true, 'granted']);
  assert.ok(found.items > 100);
  assert.equal(found.wrong[0], true);
  assert.match(found.wrong[1], /nonsense/);
  assert.deepEqual(found.forgot, { before: 2, after: 1, erased: true });
  const closed = await page.evaluate(async () => {
    await globalThis.w.consent.set('denied');
    const state = globalThis.w.consent.state;
    await globalThis.w.close();
    await globalThis.w.close();
    return [state, await globalThis.w.recommend().catch((error) => error.message), (await indexedDB.databases()).length];
  });
  assert.deepEqual(closed, ['denied', 'this recommender was closed', 0]);
});

test('the worker keeps the profile in the same storage as the page, and knows a robot', async (t) => {
  const page = await visit(t);
  await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    const w = await createRecommender(options);
    await w.track('view_item', { item_id: '112' });
    await w.close();
  }, OPTIONS);
  assert.deepEqual((await open(page)).events, ['112']);
  const why = await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    const w = await createRecommender({ ...options, learnFromAutomation: false });
    const answer = await w.track('view_item', { item_id: '112' });
    await w.close();
    return answer.why;
  }, OPTIONS);
  assert.equal(why, 'automation');
});

test('a store of the shop\'s own stays on the page, and the worker keeps the profile there', async (t) => {
  const page = await visit(t);
  const found = await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    const texts = new Map(), storage = { get: (key) => texts.get(key) ?? null, set: (key, text) => void texts.set(key, text), delete: async (key) => void texts.delete(key) };
    const wrong = await createRecommender({ ...options, storage: { get: storage.get } }).catch((error) => error.message);
    const w = await createRecommender({ ...options, storage });
    await w.track('view_item', { item_id: '112' });
    await w.flush();
    const kept = [...texts.keys()];
    await w.close();
    const again = await createRecommender({ ...options, storage }), events = (await again.profile()).events.map((event) => event.item_id);
    const { erased } = await again.forget('all');
    const left = texts.size;
    storage.set = () => { throw new Error('full'); };
    await again.track('view_item', { item_id: '199' });
    const flushed = await again.flush();
    const { warnings } = await again.metrics();
    await again.close();
    return { wrong, kept, events, erased, left, flushed, warnings, databases: (await indexedDB.databases()).length };
  }, OPTIONS);
  assert.deepEqual(found, { wrong: 'storage.set wants a function', kept: ['vitrine:profile'], events: ['112'], erased: true, left: 0, flushed: false,
    warnings: ['storage_memory'], databases: 0 });
});

test('the worker\'s page answers for consent auto, and keeps listening to itself', async (t) => {
  const page = await visit(t);
  const found = await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    globalThis.dataLayer = [['consent', 'default', { personalization_storage: 'granted' }]];
    const w = await createRecommender({ ...options, consent: 'auto' });
    const { learnt } = await w.track('view_item', { item_id: '112' });
    const wrong = await createRecommender({ ...options, sources: ['dataLayer'] }).catch((error) => error instanceof TypeError);
    await w.close();
    return [learnt, wrong];
  }, OPTIONS);
  assert.deepEqual(found, [true, true]);
});

test('a page that goes away takes the worker\'s last events along', async (t) => {
  const page = await visit(t);
  await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    const w = await createRecommender(options);
    await w.track('view_item', { item_id: '112' });
    await new Promise((done) => setTimeout(done, 300)); // well below the second after which a page writes
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    globalThis.why = (await w.track('view_item', { item_id: '199' })).why;
  }, OPTIONS);
  assert.equal(await page.evaluate(() => globalThis.why), 'hidden');
  await page.goto(`${site.origin}/next`);
  assert.deepEqual((await open(page)).events, ['112']);
});

test('a worker that cannot start, and a model that is not there, are told by name', async (t) => {
  const page = await visit(t);
  const strict = await page.evaluate(async (options) => {
    const { createRecommender, VitrineError } = await import('/vitrine/worker.js');
    return createRecommender({ ...options, strict: true, catalog: new Uint8Array([1, 2, 3]) })
      .catch((error) => [error instanceof VitrineError, error.code, error.hint !== '']);
  }, OPTIONS);
  assert.deepEqual(strict, [true, 'bad_format', true]);
  const wrong = await page.evaluate(async () => {
    const { createRecommender } = await import('/vitrine/worker.js');
    return createRecommender({ colour: 'red' }).catch((error) => [error instanceof TypeError, error.message]);
  });
  assert.equal(wrong[0], true);
  assert.match(wrong[1], /colour/);
  assert.equal(await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    return createRecommender({ ...options, fallback: () => [] }).catch((error) => error.message);
  }, OPTIONS), 'create: what goes to a worker holds no functions');
  files.set('/vitrine/worker_host.js', (_request, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end('throw new Error("no")'));
  t.after(() => files.delete('/vitrine/worker_host.js'));
  const context = await browser.newContext(), other = await context.newPage();
  t.after(() => context.close());
  await other.goto(site.origin);
  assert.equal(await other.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/worker.js');
    return createRecommender(options).catch((error) => error.code);
  }, OPTIONS), 'worker_failed');
});

test('vitrine/inline loads no wasm file', async (t) => {
  const page = await visit(t), requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  const found = await page.evaluate(async (options) => {
    const { createRecommender } = await import('/vitrine/inline.js');
    const v = await createRecommender({ ...options, storage: 'memory' });
    return [(await v.metrics()).variant, v.recommendSync({ limit: 3 }).items.length];
  }, OPTIONS);
  assert.deepEqual(found, ['simd128', 3]);
  assert.deepEqual(requests.filter((path) => path.endsWith('.wasm')), []);
  // A browser that cannot unpack goes on with the next rung.
  const old = await page.evaluate(async (options) => {
    delete globalThis.DecompressionStream;
    const { createRecommender } = await import('/vitrine/inline.js');
    const v = await createRecommender({ ...options, storage: 'memory', fallback: ['7'] });
    return [v.recommendSync().source, v.recommendSync().warnings];
  }, OPTIONS);
  assert.deepEqual(old, ['static', ['not_wasm']]);
});

test('vitrine/large fetches one wasm of its own, and ranks split rows as the usual package ranks panels', async (t) => {
  const page = await visit(t), requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  const [split, panels] = await page.evaluate(async () => {
    const lists = [];
    for (const [entry, name] of [['large', 'split'], ['index', 'exact']]) {
      const { createRecommender } = await import(`/vitrine/${entry}.js`);
      const v = await createRecommender({ model: { url: `/data/${name}.model.vitrine` }, catalog: { url: '/data/exact.catalog.vitrine' },
        consent: 'granted', storage: 'memory', strict: true, learnFromAutomation: true });
      v.track('view_item', { item_id: '112' });
      lists.push(v.recommendSync({ limit: 50 }).items.map((item) => [item.item_id, item.score]));
    }
    return lists;
  });
  assert.equal(split.length, 50);
  assert.deepEqual(split, panels);
  assert.match(requests.filter((path) => path.endsWith('.wasm'))[0], /vitrine-large-(relaxed|simd)\.wasm$/);
});

/** A page with a bundle of `text`, as a shop's build makes it. */
async function bundled(name, text) {
  const { outputFiles } = await build({ stdin: { contents: text, resolveDir: root, loader: 'jsx' }, bundle: true, write: false, format: 'esm',
    alias: { 'vitrine/react': join(web, 'react.js'), 'vitrine/vue': join(web, 'vue.js') }, external: ['/vitrine/*'],
    define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true' }, logLevel: 'error' });
  files.set(`/${name}.js`, (_request, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputFiles[0].text));
}
const texts = (page) => page.evaluate(() => [...document.querySelectorAll('li')].map((li) => li.textContent));
const listed = (page, options) => page.evaluate((asked) => globalThis.v.recommendSync(asked).items.map((item) => item.item_id), options);

for (const [name, text] of [['react', `
  import { createElement as h, useState } from 'react';
  import { hydrateRoot } from 'react-dom/client';
  import { createRecommender } from '/vitrine/index.js';
  import { useRecommendations } from 'vitrine/react';
  const promise = createRecommender(${JSON.stringify({ ...OPTIONS, storage: 'memory' })}).then((v) => (globalThis.v = v));
  function Shelf() {
    const [limit, set] = useState(3);
    const { items, ready, error } = useRecommendations(promise, { limit }, { items: [{ item_id: 'server' }] });
    globalThis.more = () => set(5);
    return h('ul', { 'data-ready': ready, 'data-error': String(error) }, items.map(({ item_id }) => h('li', { key: item_id }, item_id)));
  }
  document.body.innerHTML = '<div id="app"><ul data-ready="false" data-error="null"><li>server</li></ul></div>';
  const root = hydrateRoot(document.querySelector('#app'), h(Shelf), { onRecoverableError: (error) => { globalThis.mismatch = String(error); } });
  globalThis.leave = () => root.unmount();`], ['vue', `
  import { createSSRApp, h, ref } from 'vue';
  import { createRecommender } from '/vitrine/index.js';
  import { useRecommendations } from 'vitrine/vue';
  const promise = createRecommender(${JSON.stringify({ ...OPTIONS, storage: 'memory' })}).then((v) => (globalThis.v = v));
  document.body.innerHTML = '<div id="app"><ul data-ready="false" data-error="null"><li>server</li></ul></div>';
  const app = createSSRApp({ setup() {
    const limit = ref(3);
    globalThis.more = () => { limit.value = 5; };
    const { items, ready, error } = useRecommendations(promise, () => ({ limit: limit.value }), { items: [{ item_id: 'server' }] });
    return () => h('ul', { 'data-ready': ready.value, 'data-error': String(error.value) }, items.value.map(({ item_id }) => h('li', item_id)));
  } });
  app.mount('#app');
  globalThis.leave = () => app.unmount();`]]) {
  test(`${name}: what the server listed is hydrated, then the list follows options and events, and lets go`, async (t) => {
    await bundled(name, text);
    files.set(`/${name}`, (_request, response) => response.writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/${name}.js"></script>`));
    const page = await visit(t, `/${name}`);
    await page.waitForFunction(() => document.querySelector('ul')?.dataset.ready === 'true');
    assert.equal(await page.evaluate(() => globalThis.mismatch), undefined);
    assert.deepEqual(await texts(page), await listed(page, { limit: 3 }));
    await page.evaluate(() => globalThis.more());
    await page.waitForFunction(() => document.querySelectorAll('li').length === 5);
    const before = await texts(page);
    await page.evaluate(() => globalThis.v.track('view_item', { item_id: '112' }));
    await page.waitForFunction((old) => document.querySelector('li').textContent !== old, before[0]);
    assert.deepEqual(await texts(page), await listed(page, { limit: 5 }));
    assert.equal(await page.evaluate(() => document.querySelector('ul').dataset.error), 'null');
    const results = await page.evaluate(async () => {
      globalThis.leave();
      let count = 0;
      globalThis.v.on('result', () => count++);
      globalThis.v.track('view_item', { item_id: '199' });
      await new Promise((done) => setTimeout(done, 50));
      return count;
    });
    assert.equal(results, 0);
  });
}
