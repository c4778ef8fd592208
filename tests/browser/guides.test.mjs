/* The guides' pages as they stand, each in a page like its platform's: what visitors do there is learnt, with the
 * consent that the platform's own tool gives, and the shelf stands. Placeholders of Liquid and PHP are filled in. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { bytesOf, root } from '../web/fixture.mjs';
import { launch, serve } from './harness.mjs';

let site, browser;
const answers = { '/shop/model.vitrine': file('gru.model.vitrine'), '/shop/catalog.vitrine': file('gru.catalog.vitrine') };
function file(name) {
  return (_request, response) => response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytesOf(name));
}
before(async () => {
  site = await serve({ answers });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Blocks of a guide in a language. */
const blocks = (guide, language) => [...readFileSync(join(root, `docs/guides/${guide}.md`), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code);
/** What a test adds to a tag: it drives the browser itself. */
const testable = (html) => html.replace('data-vitrine-consent', 'data-vitrine-learn-from-automation data-vitrine-consent');

/** Open a page made of these pieces, and wait for its recommender. */
async function open(t, ...pieces) {
  answers['/page'] = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' })
    .end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,"><body>${pieces.join('\n')}`);
  const context = await browser.newContext(), page = await context.newPage(), errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !/404/.test(message.text()) && errors.push(message.text())); // the items' pictures are nowhere
  await page.addInitScript(() => document.addEventListener('vitrine-ready', ({ detail }) => { globalThis.v = detail; }));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  await page.goto(`${site.origin}/page`);
  await page.waitForFunction(() => globalThis.v);
  return page;
}
const learnt = (page) => page.evaluate(() => globalThis.v.profile().events.map((event) => `${event.type} ${event.item_id}`));
/** While a page goes over to what is kept, its profile is empty for a moment. */
const until = async (page, ...expected) => {
  for (let i = 0; i < 100 && String(await learnt(page)) !== String(expected); i++) await page.waitForTimeout(50);
  assert.deepEqual(await learnt(page), expected);
};
const shelf = (page) => page.waitForFunction(() => {
  const cards = [...document.querySelectorAll('vitrine-shelf [role=listitem], vitrine-shelf li')];
  return cards.length >= 4 && cards.every((card) => card.querySelector('a')?.getAttribute('href') !== '{link}') && cards.map((card) => card.textContent);
});
const CONSENT_MODE = `<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
  gtag('consent', 'default', { ad_storage: 'denied', personalization_storage: 'denied', wait_for_update: 500 });</script>`;
const YES = `gtag('consent', 'update', { personalization_storage: 'granted' })`;

test('GA4: what was pushed before and after is learnt once the banner says yes', async (t) => {
  const [tag] = blocks('ga4', 'html');
  const page = await open(t, CONSENT_MODE, `<script>dataLayer.push({ ecommerce: null }); dataLayer.push({ event: 'view_item', ecommerce: { currency: 'EUR', value: 5, items: [{ item_id: '112', item_name: 'Lamp', price: 5, quantity: 1 }] } });</script>`,
    testable(tag), '<vitrine-shelf placement="for_you" limit="4"><template><a href="/{item_id}">{item_id}</a></template></vitrine-shelf>');
  assert.deepEqual(await learnt(page), []);
  await page.evaluate(YES);
  await page.evaluate(() => globalThis.gtag('event', 'add_to_cart', { currency: 'EUR', items: [{ item_id: '199', quantity: 1 }] }));
  await page.evaluate(() => globalThis.dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: 'T1', items: [{ item_id: '233', quantity: 2 }] } }));
  await until(page, 'add_to_cart 199', 'purchase 233');
  await shelf(page);
});

test('Adobe: the storefront events SDK teaches by SKU', async (t) => {
  const [tag, unit] = blocks('adobe', 'html');
  const page = await open(t, CONSENT_MODE, `<script>${YES};
    const handlers = {}; window.magentoStorefrontEvents = {
      subscribe: new Proxy({}, { get: (_, name) => (fn) => { (handlers[name] ??= []).push(fn); } }), unsubscribe: new Proxy({}, { get: () => () => {} }),
      publish: (name, info) => (handlers[name] ?? []).forEach((fn) => fn({ event: name, eventInfo: info })) };</script>`,
  testable(tag), unit.replace('24-MB01', '112').replace('></vitrine-shelf>', '><template><a href="/{item_id}">{item_id}</a></template></vitrine-shelf>'));
  await page.evaluate(() => globalThis.magentoStorefrontEvents.publish('productPageView', { productContext: { productId: 7, sku: '112', name: 'Lamp' } }));
  const { events } = JSON.parse(readFileSync(join(root, 'tests/web/adapters/adobe.json'), 'utf8'));
  const [, cart] = events.find(([name]) => name === 'addToCart');
  await page.evaluate((info) => globalThis.magentoStorefrontEvents.publish('addToCart', info), cart);
  await until(page, 'view_item 112', 'add_to_cart 112');
  await shelf(page);
});

test('Shopify: the theme\'s lines teach views and carts by product, with the customer privacy banner\'s yes', async (t) => {
  const [tag, product] = blocks('shopify', 'html');
  const liquid = (html) => html.replace(/\{\{ '([\w.]+)' \| asset_url \}\}/g, (_, name) => (name.endsWith('.vitrine') ? `/shop/${name}` : `/vitrine/${name}`))
    .replaceAll('{{ product.id }}', '112');
  answers['/cart/add.js'] = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' })
    .end('{"id":44999,"variant_id":44999,"product_id":199,"sku":"LAMP-RED","handle":"lamp","quantity":1}');
  const page = await open(t, `<script>window.Shopify = { customerPrivacy: { answer: false, preferencesProcessingAllowed() { return this.answer; } },
      loadFeatures: (list, done) => done() };</script>
    <form action="/cart/add" method="post"><input type="hidden" name="id" value="44888"><input type="hidden" name="product-id" value="112"><button name="add">Add</button></form>
    <iframe name="nowhere" hidden></iframe><script>document.forms[0].target = 'nowhere';</script>`, liquid(product), testable(liquid(tag)));
  assert.deepEqual(await learnt(page), []);
  await page.evaluate(() => {
    globalThis.Shopify.customerPrivacy.answer = true;
    document.dispatchEvent(new CustomEvent('visitorConsentCollected', { detail: { preferencesAllowed: true } }));
    globalThis.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '112' }] } }); // the page after the yes
  });
  await until(page, 'view_item 112');
  await page.click('button[name=add]');
  await page.evaluate(() => fetch('/cart/add.js', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 44999, quantity: 1 }) }));
  await until(page, 'view_item 112', 'add_to_cart 112', 'add_to_cart 199');
  await shelf(page);
});

test('WooCommerce: what the templates print teaches by the product\'s number, and so does its cart event', async (t) => {
  /** What printf prints: texts joined, with %s and %d filled in. */
  const printed = (php, fill) => [...php.matchAll(/printf\(((?:'[^']*'(?:\s*\.\s*)?)+)/g)].map(([, texts]) => [...texts.matchAll(/'([^']*)'/g)].map(([, one]) => one).join('').replace(/%[sd]/g, fill));
  const [footer, template] = blocks('woocommerce', 'php'), [cart] = blocks('woocommerce', 'js');
  const [tag] = printed(footer, '/theme/vitrine/'), lines = printed(template, '112');
  assert.equal(lines.length, 2);
  const page = await open(t, CONSENT_MODE, `<script>${YES}; const bound = {}; window.jQuery = (it) => ({ on: (name, fn) => { bound[name] = fn; return this; }, data: (key) => it[key] });
    window.added = (product) => bound.added_to_cart({}, {}, 'hash', { data: () => product });</script>
    <script type="application/ld+json">{"@context":"https://schema.org/","@type":"Product","@id":"https://shop.example/product/lamp/#product","name":"Lamp","sku":"LAMP-RED"}</script>`,
  ...lines, testable(tag.replace('/theme/vitrine/auto.js', '/vitrine/auto.js').replaceAll('/theme/vitrine/', '/shop/')), `<script>${cart}</script>`);
  await until(page, 'view_item 112');
  await page.evaluate(() => globalThis.added(199));
  await until(page, 'view_item 112', 'add_to_cart 199');
  await shelf(page);
});
