/* The custom elements on real pages: the server's list first, the same places, nothing moves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { shop } from '../web/fixture.mjs';
import { launch, serve } from './harness.mjs';

let site, browser, items;
const pages = new Map();
before(async () => {
  const v = await shop();
  items = [...v.items()].map(({ item_id }, i) => ({ item_id, title: `Thing ${item_id}`, brand: `Brand ${i % 5}`, price: 10 + i,
    currency: 'EUR', link: `/things/${item_id}`, image_link: `/images/${item_id}.png` }));
  await v.close();
  site = await serve({ answers: new Proxy({}, { get: (_, path) => pages.get(path) }) });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

const CARD = '<template><a href="{link}"><img src="{image_link}" alt="" width="60" height="60"><b>{title}</b> <i>{price}</i></a></template>';
const served = (ids) => `<ul>${ids.map((id) => `<li><a href="/server/${id}"><img src="/images/${id}.png" alt="" width="60" height="60"><b>Server ${id}</b></a></li>`).join('')}</ul>`;
/** A page whose recommender waits for `go`. */
const html = (body, { items: own = items, options = {} } = {}) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>shop</title>
<link rel="icon" href="data:,"><style>body{margin:0}vitrine-shelf{display:block}ul{list-style:none;margin:0;padding:0;display:flex;gap:8px}li{width:120px}</style>
<body>${body}<p id="below">below</p><script type="module">
import { createRecommender } from '/vitrine/index.js';
import { connect } from '/vitrine/elements.js';
globalThis.shifts = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
globalThis.told = [];
for (const type of ['rec_render', 'rec_view', 'rec_click', 'rec_add_to_cart'])
  document.addEventListener(type, ({ detail }) => globalThis.told.push([type, detail.placement, detail.items.length, detail.items[0]?.item_id]));
globalThis.go = async () => {
  globalThis.v = await createRecommender({ model: { url: '/data/gru.model.vitrine' }, catalog: { items: ${JSON.stringify(own).replaceAll('<', '\\u003c')} },
    storage: 'memory', consent: 'granted', learnFromAutomation: true, ...${JSON.stringify(options)} });
  globalThis.stop = await connect(globalThis.v);
  await settled();
};
globalThis.settled = () => new Promise((done) => setTimeout(done));
globalThis.titles = (selector = 'vitrine-shelf') => [...document.querySelector(selector).querySelectorAll('b')].map((b) => b.textContent);
globalThis.there = true;
</script>`;

let count = 0;
async function open(t, body, more) {
  const path = `/page${count++}`;
  pages.set(path, (_request, response) => response.writeHead(200, { 'content-type': 'text/html', ...more?.headers }).end(html(body, more)));
  pages.set('/images', null);
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.route('**/images/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"/>' }));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  await page.goto(site.origin + path);
  await page.waitForFunction(() => globalThis.there);
  return page;
}
const go = (page) => page.evaluate(() => globalThis.go());
const titles = (page, selector) => page.evaluate((s) => globalThis.titles(s), selector);
const box = (page, selector) => page.evaluate((s) => {
  const { x, y, width, height } = document.querySelector(s).getBoundingClientRect();
  return [x, y, width, height];
}, selector);
const viewed = (page, ...ids) => page.evaluate((given) => given.forEach((item_id) => globalThis.v.track('view_item', { item_id })), ids);

test('the server\'s list stands until there is a better one, in the same places, and nothing moves', async (t) => {
  const ids = items.slice(0, 4).map(({ item_id }) => item_id);
  const page = await open(t, `<vitrine-shelf placement="related" seeds="112" label="You may also like">${CARD}${served(ids)}</vitrine-shelf>`);
  assert.deepEqual(await titles(page), ids.map((id) => `Server ${id}`));
  const places = await page.evaluate(() => [...document.querySelectorAll('li')].map((li) => JSON.stringify(li.getBoundingClientRect())));
  const below = await box(page, '#below');
  await go(page);
  const expected = await page.evaluate(() => globalThis.v.recommendSync({ placement: 'related', seeds: ['112'], limit: 4 }).items.map((item) => `Thing ${item.item_id}`));
  assert.deepEqual(await titles(page), expected);
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('li')].map((li) => JSON.stringify(li.getBoundingClientRect()))), places);
  assert.deepEqual(await box(page, '#below'), below);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
  assert.equal(await page.evaluate(() => globalThis.shifts), 0);
  const [first] = expected, id = first.slice(6);
  const link = await page.evaluate(() => document.querySelector('li a').getAttribute('href'));
  assert.equal(link, `/things/${id}`);
  assert.match(await page.textContent('li i'), /^€\d+\.00$/);
});

test('a longer card keeps the place of a shorter one, and is free again when the window changes', async (t) => {
  const long = items.map((item) => ({ ...item, title: `${item.title} ${'with a very long name '.repeat(8)}` }));
  const page = await open(t, `<vitrine-shelf placement="bestsellers">${CARD}${served(['112', '199'])}</vitrine-shelf>`, { items: long });
  const below = await box(page, '#below');
  await go(page);
  assert.deepEqual(await box(page, '#below'), below);
  await page.setViewportSize({ width: 700, height: 600 });
  await page.waitForFunction((y) => document.querySelector('#below').getBoundingClientRect().y > y, below[1]);
});

test('without a list of the server\'s, places are there before the items are', async (t) => {
  const page = await open(t, `<vitrine-shelf placement="bestsellers" limit="3" style="--vitrine-card-height:100px">${CARD}</vitrine-shelf>`);
  await page.evaluate(() => { globalThis.connecting = globalThis.go(); });
  await page.evaluate(() => globalThis.connecting);
  assert.equal((await titles(page)).length, 3);
  assert.equal((await box(page, 'vitrine-shelf'))[3], 300);
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('vitrine-shelf > div')].map((div) => div.getAttribute('role'))),
    ['listitem', 'listitem', 'listitem']);
});

test('what an item says becomes text, and no script, style or strange address', async (t) => {
  const evil = items.map((item) => ({ ...item, title: '<img src=x onerror="globalThis.owned=1">{link}', link: 'javascript:globalThis.owned=2',
    image_link: 'data:text/html,<script>1</script>', brand: '/a b?c&d', tags: 'globalThis.owned=3' }));
  const page = await open(t, `<vitrine-shelf placement="bestsellers" limit="1"><template><div><a href="{link}" title="{title}">{title}</a>
    <a id="path" href="/brand/{brand}/x" onclick="{tags}" style="color:{brand}">{nothing}</a><img src="{image_link}" srcset="{image_link} 2x" alt="{title}"><form action="{link}"><button formaction="{link}">b</button></form><script>"{title}"</script></div></template></vitrine-shelf>`, { items: evil });
  await go(page);
  const seen = await page.evaluate(() => {
    const shelf = document.querySelector('vitrine-shelf'), [first, path] = shelf.querySelectorAll('a');
    return { text: first.textContent, href: first.getAttribute('href'), title: first.title, path: path.outerHTML, img: shelf.querySelector('img').outerHTML,
      form: shelf.querySelector('form').outerHTML, owned: globalThis.owned };
  });
  assert.equal(seen.text, '<img src=x onerror="globalThis.owned=1">{link}');
  assert.equal(seen.title, seen.text);
  assert.equal(seen.href, null);
  assert.equal(seen.path, '<a id="path" href="/brand/%2Fa%20b%3Fc%26d/x"></a>');
  assert.match(seen.img, /^<img alt="[^"]*">$/);
  assert.equal(seen.form, '<form><button>b</button></form>');
  await page.evaluate(() => document.querySelector('vitrine-shelf a').click());
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
});

test('an event changes every shelf within its frame, without an item twice on the page', async (t) => {
  const page = await open(t, `<vitrine-shelf id="a">${CARD}${served(['112', '199', '233', '136'])}</vitrine-shelf>
    <vitrine-shelf id="b" placement="bestsellers">${CARD}${served(['139', '142', '145'])}</vitrine-shelf>`);
  await go(page);
  const before = await titles(page, '#a');
  const after = await page.evaluate(async () => {
    let frames = 0;
    requestAnimationFrame(() => frames++);
    for (const item_id of ['112', '233', '112']) globalThis.v.track('view_item', { item_id });
    // Before the next frame, and before any timer.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return { frames, a: globalThis.titles('#a'), b: globalThis.titles('#b') };
  });
  assert.equal(after.frames, 0);
  assert.notDeepEqual(after.a, before);
  assert.equal(new Set([...after.a, ...after.b]).size, 7);
  assert.deepEqual(after.a, await page.evaluate(() => globalThis.v.recommendSync({ limit: 4 }).items.map(({ item_id }) => `Thing ${item_id}`)));
});

test('a shelf that asks for nonsense keeps the server\'s list, and the others go on', async (t) => {
  const page = await open(t, `<vitrine-shelf id="a" placement="nonsense">${CARD}${served(['112', '199'])}</vitrine-shelf>
    <vitrine-shelf id="b" placement="bestsellers">${CARD}${served(['139', '142'])}</vitrine-shelf><vitrine-shelf id="c">${served(['112'])}</vitrine-shelf>`);
  await go(page);
  assert.deepEqual(await titles(page, '#a'), ['Server 112', 'Server 199']);
  assert.ok((await titles(page, '#b')).every((title) => title.startsWith('Thing')));
  assert.deepEqual(await titles(page, '#c'), ['Server 112']);
});

test('fallback="server" waits for the visitor; without the model the server\'s list stays', async (t) => {
  const shelf = `<vitrine-shelf fallback="server">${CARD}${served(['112', '199'])}</vitrine-shelf>`;
  const page = await open(t, shelf);
  await go(page);
  assert.deepEqual(await titles(page), ['Server 112', 'Server 199']);
  await viewed(page, '233');
  assert.ok((await titles(page)).every((title) => title.startsWith('Thing')));
  const broken = await open(t, shelf.replace(' fallback="server"', ''), { options: { wasmUrl: '/nowhere.wasm' } });
  await go(broken);
  assert.deepEqual(await titles(broken), ['Server 112', 'Server 199']);
});

test('render, a view after a second of half, click and add to cart are told once each', async (t) => {
  const page = await open(t, `<vitrine-shelf placement="bestsellers"><template><div><a href="#x">{title}<b>{title}</b></a>
    <button data-vitrine-action="add_to_cart">add</button></div></template></vitrine-shelf>
    <div style="height:2000px"></div><vitrine-shelf id="far" placement="for_you" limit="2">${CARD}</vitrine-shelf>`);
  await go(page);
  const kinds = () => page.evaluate(() => globalThis.told.map(([type, placement, n]) => `${type} ${placement} ${n}`));
  assert.deepEqual(await kinds(), ['rec_render bestsellers 12', 'rec_render for_you 2']);
  await page.waitForTimeout(1300);
  assert.deepEqual((await kinds()).slice(2), ['rec_view bestsellers 12']);
  await page.click('vitrine-shelf a');
  await page.click('vitrine-shelf button');
  await page.mouse.wheel(0, 300);
  assert.deepEqual((await kinds()).slice(3), ['rec_click bestsellers 1', 'rec_add_to_cart bestsellers 1']);
  await page.evaluate(() => document.querySelector('#far').scrollIntoView());
  await page.waitForTimeout(1300);
  assert.deepEqual((await kinds()).slice(5), ['rec_view for_you 2']);
});

test('half a shelf, or a look of half a second, is no view', async (t) => {
  const page = await open(t, `<div style="height:560px"></div><vitrine-shelf placement="bestsellers">${CARD}${served(['112', '199'])}</vitrine-shelf><div style="height:2000px"></div>`);
  await go(page);
  await page.waitForTimeout(1200);
  await page.evaluate(() => scrollTo(0, 500));
  await page.waitForTimeout(400);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(1200);
  assert.deepEqual(await page.evaluate(() => globalThis.told.map(([type]) => type)), ['rec_render']);
});

test('what is not wanted goes at once, and the keyboard stays where it was', async (t) => {
  const card = '<template><div><a href="{link}">{title}<b>{title}</b></a> <button data-vitrine-action="dismiss">Not for me</button></div></template>';
  const page = await open(t, `<vitrine-shelf limit="4">${card}</vitrine-shelf>`);
  await go(page);
  await page.mouse.move(890, 590);
  const [, second] = await titles(page);
  await page.focus('vitrine-shelf [role=listitem]:nth-of-type(2) button');
  await page.keyboard.press('Enter');
  await page.evaluate(() => globalThis.settled());
  assert.ok(!(await titles(page)).includes(second));
  assert.equal((await titles(page)).length, 4);
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('[role=listitem]')].findIndex((place) => place.contains(document.activeElement))), 1);
  assert.deepEqual(await page.evaluate(() => globalThis.v.profile().events.map(({ type }) => type)), ['dismiss']);
});

test('what has the focus keeps its place while it is still listed', async (t) => {
  const page = await open(t, `<vitrine-shelf limit="12">${CARD}</vitrine-shelf>`);
  await go(page);
  await page.mouse.move(890, 590);
  const list = () => page.evaluate(() => globalThis.v.recommendSync({ limit: 12 }).items.map(({ item_id }) => `Thing ${item_id}`));
  await viewed(page, '112');
  await page.evaluate(() => globalThis.settled());
  const before = await titles(page);
  await page.evaluate(() => globalThis.stop());
  await viewed(page, '112', '112');
  const after = await list(), at = before.findIndex((title, i) => after.includes(title) && after[i] !== title);
  assert.ok(at >= 0, 'no item moves in this test');
  await page.locator('vitrine-shelf a').nth(at).focus();
  await page.evaluate(async () => {
    const { connect } = await import('/vitrine/elements.js');
    await connect(globalThis.v);
    await globalThis.settled();
  });
  const now = await titles(page);
  assert.equal(now[at], before[at]);
  assert.deepEqual([...now].sort(), [...after].sort());
  assert.equal(await page.evaluate(() => document.activeElement.querySelector('b').textContent), before[at]);
});

test('screen readers find a named region with a list in it', async (t) => {
  const page = await open(t, `<vitrine-shelf limit="2"><h2 slot="heading">For you</h2>${CARD}</vitrine-shelf>`);
  await go(page);
  const snapshot = await page.locator('vitrine-shelf').ariaSnapshot();
  assert.match(snapshot, /^- region "For you":\n  - heading "For you" \[level=2\]\n  - list:\n    - listitem:\n      - link "Thing/);
});

test('why: the reason names what was looked at, and forgetting it changes the shelf in the same frame', async (t) => {
  const page = await open(t, `<vitrine-shelf limit="3">${CARD.replace('<a ', '<a data-id="{item_id}" ')}</vitrine-shelf><vitrine-why item-id="199"></vitrine-why>`);
  await go(page);
  const popular = await titles(page);
  const why = page.locator('vitrine-why');
  await why.locator('button').first().click();
  assert.match(await why.locator('[part=reason]').textContent(), /Popular|looked/);
  await page.keyboard.press('Escape');
  assert.equal(await why.locator('[part=panel]').isVisible(), false);
  await viewed(page, '112');
  await why.locator('button').first().click();
  const found = await page.evaluate(() => globalThis.v.explain('199'));
  const text = await why.locator('[part=reason]').textContent();
  assert.equal(found.reason.source_item_id, '112');
  assert.match(text, /Thing 112/);
  assert.equal(await why.locator('[part=button]').getAttribute('aria-expanded'), 'true');
  assert.notDeepEqual(await titles(page), popular);
  await why.locator('[part=forget]').click();
  await page.evaluate(() => globalThis.settled());
  assert.deepEqual(await page.evaluate(() => globalThis.v.profile().events), []);
  assert.deepEqual(await titles(page), popular);
  assert.equal(await page.evaluate(() => document.querySelector('vitrine-why').shadowRoot.activeElement?.part.value), 'button');
});

test('privacy: what is kept is shown, forgotten one by one and altogether, saved, and switched off', async (t) => {
  const page = await open(t, '<vitrine-privacy></vitrine-privacy>');
  await go(page);
  const panel = page.locator('vitrine-privacy');
  await panel.locator('[part=summary]').waitFor();
  assert.equal(await panel.locator('[part=summary]').textContent(), 'Nothing is kept.');
  await viewed(page, '112', '199', '112');
  await page.evaluate(() => globalThis.v.track('add_to_cart', { item_id: '199' }));
  await page.evaluate(() => globalThis.settled());
  assert.equal(await panel.locator('[part=summary]').textContent(), '4 events are kept on this device.');
  assert.deepEqual(await panel.locator('[part=name]').allTextContents(), ['Thing 199', 'Thing 112']);
  const [download] = await Promise.all([page.waitForEvent('download'), panel.locator('[part=export]').click()]);
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.equal(saved.schema, 'vitrine-profile/1');
  assert.equal(saved.events.length, 4);
  await panel.getByRole('button', { name: 'Forget this: Thing 112' }).click();
  await panel.getByText('2 events forgotten, 2 left.').waitFor();
  assert.deepEqual(await panel.locator('[part=name]').allTextContents(), ['Thing 199']);
  await panel.locator('[part=forget-all]').click();
  await panel.getByText('2 events forgotten, 0 left.').waitFor();
  await viewed(page, '112');
  await panel.getByLabel('Personal recommendations').selectOption('denied');
  await page.waitForFunction(() => globalThis.v.consent.state === 'denied');
  assert.deepEqual(await page.evaluate(() => globalThis.v.profile().events), []);
  assert.match(await panel.locator('[part=note]').textContent(), /not sent to anybody/);
});

test('the elements speak the shop\'s words', async (t) => {
  const page = await open(t, '<div id="here"></div>');
  await page.evaluate(async () => {
    const { words } = await import('/vitrine/elements.js');
    Object.assign(words, { why: 'Warum?', privacy: 'Meine Daten' });
    document.querySelector('#here').innerHTML = '<vitrine-why item-id="112"></vitrine-why><vitrine-privacy></vitrine-privacy>';
  });
  await go(page);
  await page.getByText('Meine Daten').waitFor();
  await page.getByText('Warum?').waitFor();
});

test('further options come as JSON, and a mistyped one leaves the others be', async (t) => {
  const page = await open(t, `<vitrine-shelf id="a" placement="bestsellers" options='{"candidates":["112","199"]}'>${CARD}${served(['100', '101'])}</vitrine-shelf>
    <vitrine-shelf id="b" placement="bestsellers" options="{no}">${CARD}${served(['100', '101'])}</vitrine-shelf>`);
  await go(page);
  assert.deepEqual((await titles(page, '#a')).sort(), ['Thing 112', 'Thing 199']);
  assert.ok((await titles(page, '#b')).every((title) => title.startsWith('Thing')));
});

test('shelves that come and go later are ranked and let go', async (t) => {
  const page = await open(t, '<div id="here"></div>');
  await go(page);
  await page.evaluate((markup) => {
    document.querySelector('#here').innerHTML = markup;
    return globalThis.settled();
  }, `<vitrine-shelf placement="bestsellers" limit="2">${CARD}</vitrine-shelf>`);
  assert.equal((await titles(page)).filter((title) => title.startsWith('Thing')).length, 2);
  await page.evaluate(() => {
    const shelf = document.querySelector('vitrine-shelf');
    shelf.setAttribute('placement', 'more_like_this');
    shelf.setAttribute('seeds', '112');
    return globalThis.settled();
  });
  assert.deepEqual(await titles(page), await page.evaluate(() =>
    globalThis.v.recommendSync({ placement: 'more_like_this', seeds: ['112'], limit: 2 }).items.map(({ item_id }) => `Thing ${item_id}`)));
  await page.evaluate(() => {
    document.querySelector('#here').innerHTML = '';
    globalThis.told.length = 0;
    globalThis.v.track('view_item', { item_id: '112' });
    return globalThis.settled();
  });
  assert.deepEqual(await page.evaluate(() => globalThis.told), []);
});
