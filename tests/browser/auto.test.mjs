/* One tag on a page: lists put in order, listeners, consent; and the page whole whatever fails. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { root, shop } from '../web/fixture.mjs';
import { launch, serve } from './harness.mjs';

let site, browser, ids;
const pages = new Map();
before(async () => {
  const v = await shop();
  ids = [...v.items()].map(({ item_id }) => item_id).slice(0, 40);
  await v.close();
  site = await serve({ answers: new Proxy({}, { get: (_, path) => pages.get(path) }) });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

const TAG = (more = '') => `<script type="module" src="/vitrine/auto.js" data-vitrine-model="/data/gru.model.vitrine"
  data-vitrine-consent="granted" data-vitrine-storage="memory" data-vitrine-learn-from-automation ${more}></script>`;
const grid = (attributes, list = ids) => `<ul id="grid" data-vitrine-rerank data-vitrine-id="data-sku" ${attributes}>${list.map((id) =>
  `<li data-sku="${id}" style="height:50px">${id}</li>`).join('')}</ul>`;

let count = 0;
async function open(t, body, { headers = {}, quiet = true, context: options = {}, ready = true } = {}) {
  const path = `/page${count++}`;
  pages.set(path, (_request, response) => response.writeHead(200, { 'content-type': 'text/html', ...headers })
    .end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,"><body style="margin:0">${body}`));
  const context = await browser.newContext({ viewport: { width: 800, height: 400 }, ...options });
  const page = await context.newPage(), errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('vitrine-ready', ({ detail }) => { globalThis.v = detail; });
    globalThis.shifts = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  t.after(async () => {
    await context.close();
    if (quiet) assert.deepEqual(errors, []);
  });
  await page.goto(site.origin + path);
  if (ready) await page.waitForFunction(() => globalThis.v);
  return page;
}
const order = (page) => page.evaluate(() => [...document.querySelectorAll('#grid > *')].map((node) => node.dataset.sku ?? 'banner'));
const learnt = (page) => page.evaluate(() => globalThis.v.profile().events.map((event) => `${event.type} ${event.item_id}`));
const view = (id) => `<script>dataLayer = [{ event: 'view_item', ecommerce: { items: [{ item_id: '${id}' }] } }]</script>`;

test('what is on the screen stays, what lies below is put in the visitor\'s order, and nothing shifts', async (t) => {
  const page = await open(t, `${view('112')}<p style="height:100px;margin:0">top</p>${grid('')}${TAG()}`);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
  const now = await order(page);
  assert.deepEqual(await learnt(page), ['view_item 112']);
  // 300 px for places of 50.
  assert.deepEqual(now.slice(0, 6), ids.slice(0, 6));
  assert.notDeepEqual(now, ids);
  assert.deepEqual([...now].sort(), [...ids].sort());
  assert.deepEqual(now, await page.evaluate((given) => globalThis.v.rerankSync({ items: given, keepTop: 6 }).items.map((item) => item.item_id), ids));
  assert.equal(await page.evaluate(() => globalThis.shifts), 0);
});

test('bounds are kept, and banners between the items keep their places', async (t) => {
  const list = grid('data-vitrine-max-displacement="3" data-vitrine-keep-top="10"')
    .replace('<li data-sku="' + ids[15], '<li class="banner">banner</li><li data-sku="' + ids[15]);
  const page = await open(t, `${view('112')}${list}${TAG()}`);
  await page.waitForFunction((first) => [...document.querySelectorAll('#grid > [data-sku]')].some((node, i) => node.dataset.sku !== first[i]), ids);
  const now = await order(page);
  assert.equal(now.indexOf('banner'), 15);
  const items = now.filter((id) => id !== 'banner');
  assert.deepEqual(items.slice(0, 10), ids.slice(0, 10));
  items.forEach((id, i) => assert.ok(Math.abs(ids.indexOf(id) - i) <= 3, `${id} went from ${ids.indexOf(id)} to ${i}`));
});

test('before the first paint the whole list is put in order', async (t) => {
  const page = await open(t, `${grid('')}${TAG()}`);
  const moved = await page.evaluate(async () => {
    const { rerankGrids } = await import('/vitrine/auto.js');
    const real = performance.getEntriesByType;
    globalThis.v.track('view_item', { item_id: '112' });
    performance.getEntriesByType = () => []; // as it is before the first paint
    try {
      return rerankGrids(globalThis.v);
    } finally {
      performance.getEntriesByType = real;
    }
  });
  assert.ok(moved > 10);
  assert.deepEqual(await order(page), await page.evaluate((given) => globalThis.v.rerankSync(given).items.map((item) => item.item_id), ids));
});

test('a later event puts what is below in order within its frame, and moves no node that stays', async (t) => {
  const page = await open(t, `${grid('')}${TAG()}`);
  const before = await order(page);
  const after = await page.evaluate(async () => {
    let removed = 0;
    const kept = new Set([...document.querySelectorAll('#grid > *')].slice(0, 8));
    new MutationObserver((records) => { for (const { removedNodes } of records) for (const node of removedNodes) removed += Number(kept.has(node)); })
      .observe(document.querySelector('#grid'), { childList: true });
    globalThis.dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: '112' }, { item_id: '133' }] } });
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return { order: [...document.querySelectorAll('#grid > *')].map((node) => node.dataset.sku), removed };
  });
  assert.notDeepEqual(after.order, before);
  assert.deepEqual(after.order.slice(0, 8), before.slice(0, 8));
  assert.equal(after.removed, 0);
});

test('JSON-LD tells of the view, and gives the catalog with data-vitrine-catalog="page"', async (t) => {
  const page = await open(t, `<script type="application/ld+json">{"@type":"Product","sku":"112","name":"Desk lamp","offers":{"price":5,"priceCurrency":"EUR"}}</script>
    <vitrine-shelf placement="bestsellers" limit="1"><template><b>{title}</b></template></vitrine-shelf>
    ${TAG('data-vitrine-catalog="page"')}`);
  assert.deepEqual(await learnt(page), ['view_item 112']);
  assert.equal(await page.evaluate(() => globalThis.v.item('112').title), 'Desk lamp');
});

test('the examples of the guide to elements do what they say', async (t) => {
  const blocks = [...readFileSync(join(root, 'docs/elements.md'), 'utf8').matchAll(/^```html\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  const shelf = blocks.find((code) => code.includes('placement="related"')), list = blocks.find((code) => code.includes('data-vitrine-rerank'));
  const page = await open(t, `${view('112')}${shelf.replace('SKU_1', '112').replace('<ul>', '<ul><li>Server 1</li><li>Server 2</li>')}
    ${list.replace('</ul>', `${ids.slice(0, 30).map((id) => `<li data-sku="${id}" style="height:60px">${id}</li>`).join('')}</ul>`)}
    <vitrine-why item-id="199"></vitrine-why>${TAG(`data-vitrine-words='{"why":"Warum?"}'`)}`);
  await page.waitForFunction(() => !document.querySelector('vitrine-shelf li').textContent.includes('Server'));
  const links = await page.evaluate(() => document.querySelectorAll('vitrine-shelf li a img, vitrine-shelf li button').length);
  assert.equal(links, 4);
  assert.equal(await page.locator('vitrine-shelf').getAttribute('aria-label'), 'You may also like');
  assert.equal(await page.evaluate(() => [...document.querySelector('[data-vitrine-rerank]').children].findIndex((one) => one.className === 'banner')), 1);
  await page.waitForFunction((first) => [...document.querySelectorAll('[data-vitrine-rerank] > [data-sku]')].slice(2).some((one, i) => one.dataset.sku !== first[i]), ids);
  const [gone] = await page.evaluate(() => {
    const button = document.querySelector('vitrine-shelf [data-vitrine-action=dismiss]');
    button.click();
    return globalThis.v.profile().events.filter(({ type }) => type === 'dismiss').map(({ item_id }) => item_id);
  });
  assert.ok(gone);
  await page.getByText('Warum?').waitFor();
});

test('createRecommender listens by itself, and lets go when it is closed', async (t) => {
  const page = await open(t, `${view('112')}<script type="application/ld+json">{"@type":"Product","sku":"199","name":"Chair"}</script>`, { ready: false });
  const found = await page.evaluate(async () => {
    const { createRecommender } = await import('/vitrine/index.js');
    const push = dataLayer.push;
    const v = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, catalog: { fromPage: true }, sources: ['dataLayer', 'jsonld'],
      consent: 'granted', storage: 'memory', learnFromAutomation: true });
    const events = v.profile().events.map(({ type, item_id }) => `${type} ${item_id}`), title = v.item('199')?.title;
    const wrapped = dataLayer.push !== push;
    await v.close();
    dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '112' }] } });
    const wrong = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, sources: ['ga4'], consent: 'denied' }).catch((error) => error.name);
    return { events, title, wrapped, after: dataLayer.push === push, wrong };
  });
  assert.deepEqual(found, { events: ['view_item 112', 'view_item 199'], title: 'Chair', wrapped: true, after: true, wrong: 'TypeError' });
});

test('a tag with a catalog alone ranks by the catalog', async (t) => {
  const page = await open(t, `<vitrine-shelf placement="more_like_this" seeds="112" limit="2"><template><b>{item_id}</b></template></vitrine-shelf>
    ${TAG().replace(/data-vitrine-model="[^"]*"/, 'data-vitrine-catalog="/data/gru.catalog.vitrine"')}`);
  await page.waitForFunction(() => document.querySelector('vitrine-shelf b')?.textContent);
  const shown = await page.evaluate(() => [...document.querySelectorAll('vitrine-shelf b')].map((b) => b.textContent));
  assert.equal(new Set(shown).size, 2);
});

test('consent auto follows Consent Mode: nothing is learnt before the yes, and the no wipes', async (t) => {
  const page = await open(t, `<script>dataLayer = []; function gtag() { dataLayer.push(arguments); }
    gtag('consent', 'default', { personalization_storage: 'denied' });</script>${TAG().replace('"granted"', '"auto"').replace('data-vitrine-storage="memory"', '')}`);
  const push = (item_id) => page.evaluate((id) => dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: id }] } }), item_id);
  await push('112');
  assert.deepEqual(await learnt(page), []);
  // A tag manager tells in the same breath what it held back.
  await page.evaluate(() => {
    gtag('consent', 'update', { personalization_storage: 'granted' });
    dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '199' }] } });
    return globalThis.v.consent.set('granted');
  });
  await page.waitForFunction(() => globalThis.v.profile().storage === 'open');
  assert.deepEqual(await learnt(page), ['view_item 199']);
  await page.evaluate(() => globalThis.v.flush());
  await page.evaluate(() => gtag('consent', 'update', { personalization_storage: 'denied' }));
  await page.waitForFunction(async () => globalThis.v.consent.state === 'denied' && (await indexedDB.databases()).length === 0);
  assert.deepEqual(await learnt(page), []);
});

test('without scripts, without the model and without consent to wasm the page is as the server made it', async (t) => {
  const shelf = '<vitrine-shelf placement="bestsellers"><template><b>{title}</b></template><ul><li><b>Server 1</b></li><li><b>Server 2</b></li></ul></vitrine-shelf>';
  const body = `${shelf}${grid('')}${TAG()}`;
  const texts = (page) => page.evaluate(() => [...document.querySelectorAll('vitrine-shelf b')].map((b) => b.textContent));
  const cases = {
    'no scripts': { context: { javaScriptEnabled: false }, ready: false },
    'no wasm': { headers: { 'content-security-policy': "script-src 'self'" } },
    'strict, with Trusted Types': { headers: { 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'none'; img-src data:; require-trusted-types-for 'script'" }, works: true },
  };
  for (const [name, { works, ...more }] of Object.entries(cases)) {
    const page = await open(t, more.headers ? body.replace(/ style="[^"]*"/g, '') : body, { ...more, ready: more.ready ?? true });
    if (works) assert.ok((await texts(page)).every((text) => !text.startsWith('Server')), name);
    else if (more.ready !== false) {
      assert.deepEqual(await texts(page), ['Server 1', 'Server 2'], name);
      assert.deepEqual(await order(page), ids, name);
    } else assert.equal(await page.locator('vitrine-shelf b').count(), 2);
  }
  const missing = await open(t, body.replace('gru.model', 'nowhere'));
  assert.deepEqual(await texts(missing), ['Server 1', 'Server 2']);
  assert.deepEqual(await order(missing), ids);
});

test('the classic script does the same from one file', async (t) => {
  const page = await open(t, `${view('112')}<vitrine-shelf placement="bestsellers" limit="2"><template><b>{item_id}</b></template></vitrine-shelf>${grid('')}
    ${TAG().replace('type="module" ', '').replace('auto.js', 'vitrine.global.js')}`);
  assert.deepEqual(await learnt(page), ['view_item 112']);
  assert.deepEqual(await page.evaluate(() => Object.keys(globalThis.Vitrine).sort()),
    ['VERSION', 'VitrineError', 'WASM_SHA256', 'connect', 'createRecommender', 'listen', 'ready', 'rerankGrids', 'words']);
  assert.equal(await page.evaluate(async () => (await globalThis.Vitrine.ready) === globalThis.v), true);
  assert.notDeepEqual(await order(page), ids);
  await page.waitForFunction(() => document.querySelectorAll('vitrine-shelf b').length === 2 && document.querySelector('vitrine-shelf b').textContent !== '');
  // In the head it comes before what it works on.
  const early = await open(t, `${TAG().replace('type="module" ', '').replace('auto.js', 'vitrine.global.js')}${view('112')}
    <vitrine-shelf placement="bestsellers"><template><b>{item_id}</b></template><ul><li><b>Server 1</b></li><li><b>Server 2</b></li></ul></vitrine-shelf>${grid('')}`);
  await early.waitForFunction(() => document.querySelectorAll('vitrine-shelf b').length === 2 && !document.querySelector('vitrine-shelf b').textContent.startsWith('Server'));
});

test('what the head names as docs/start.md has it is fetched once, and nothing in vain', async (t) => {
  const head = readFileSync(join(root, 'docs/start.md'), 'utf8').match(/(<link rel="(?:modulepreload|preload)"[^>]*>\n)+/)[0]
    .replaceAll('/shop/', '/data/gru.');
  assert.equal(head.trim().split('\n').length, 5);
  const page = await open(t, '', { ready: false }), requests = [], said = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('console', (message) => said.push(message.text()));
  pages.set('/preloaded', (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><link rel="icon" href="data:,">${head}
    ${TAG('data-vitrine-catalog="/data/gru.catalog.vitrine"')}<vitrine-shelf placement="bestsellers" limit="2"><template><b>{item_id}</b></template></vitrine-shelf>`));
  await page.goto(`${site.origin}/preloaded`);
  await page.waitForFunction(() => document.querySelector('vitrine-shelf b')?.textContent);
  await page.waitForTimeout(4000); // the browser warns of what nobody took some seconds after the page has loaded
  for (const [, path] of head.matchAll(/href="([^"]+)"/g)) assert.equal(requests.filter((one) => one === path).length, 1, path);
  assert.deepEqual(said, []);
});

test('no request follows the loading, whatever the visitor does', async (t) => {
  const page = await open(t, `<vitrine-shelf limit="3"><template><div><a href="#{item_id}">{item_id}</a><button data-vitrine-action="dismiss">x</button></div></template></vitrine-shelf>
    <vitrine-why item-id="112"></vitrine-why><vitrine-privacy></vitrine-privacy>${grid('')}${TAG()}`);
  await page.waitForLoadState('networkidle');
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  for (let i = 0; i < 10; i++) {
    await page.evaluate((id) => dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: id }] } }), ids[i]);
    await page.locator('vitrine-shelf button').first().click();
    await page.locator('vitrine-why button').first().click();
    await page.locator('vitrine-shelf a').first().click();
  }
  await page.locator('vitrine-privacy [part=forget-all]').click();
  await page.waitForTimeout(300);
  assert.deepEqual(requests, []);
});
