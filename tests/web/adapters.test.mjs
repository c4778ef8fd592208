/* The adapters against recorded pages: what they teach a recommender, and that the page's own things
 * go on as before. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { load, shop } from './fixture.mjs';

const recorded = (name) => JSON.parse(readFileSync(new URL(`adapters/${name}.json`, import.meta.url), 'utf8'));
const learnt = (v) => v.profile().events.map((event) => `${event.type} ${event.item_id}`);

/** A recommender, and what it was told. */
async function visitor(t) {
  const v = await shop({ learnFromAutomation: true });
  t.after(() => v.close());
  return v;
}
/** A page with what an adapter may ask of one. */
function aPage(more = {}) {
  const page = new EventTarget();
  return Object.assign(page, { document: Object.assign(new EventTarget(), { querySelectorAll: () => [] }), navigator: {} }, more);
}
const withScripts = (scripts) => aPage({ document: Object.assign(new EventTarget(), {
  querySelectorAll: (selector) => (selector === 'script[type="application/ld+json"]'
    ? scripts.map((script) => ({ textContent: typeof script === 'string' ? script : JSON.stringify(script) })) : []) }) });
/** gtag pushes the arguments object itself. */
const asPushed = (entry) => (Array.isArray(entry) ? (function () { return arguments; })(...entry) : entry);

test('dataLayer: what was there is replayed, what comes is heard, and the page keeps its own push', async (t) => {
  const { listen } = await load('data_layer.js');
  const { before, later, learnt: expected } = recorded('data_layer');
  const v = await visitor(t);
  const tags = [];
  const page = aPage({ dataLayer: before.map(asPushed) });
  page.dataLayer.push = (...entries) => {
    tags.push(...entries);
    return Array.prototype.push.apply(page.dataLayer, entries);
  };
  const own = page.dataLayer.push;
  const stop = listen(v, { page });
  assert.deepEqual(learnt(v), expected.slice(0, 1));
  for (const entry of later) assert.equal(page.dataLayer.push(asPushed(entry)), page.dataLayer.length);
  assert.equal(tags.length, later.length);
  assert.deepEqual(learnt(v), expected);
  stop();
  assert.equal(page.dataLayer.push, own);
  page.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '199' }] } });
  assert.deepEqual(learnt(v), expected);
});

test('dataLayer: a page without one gets one, and a tag manager that comes later wraps ours', async (t) => {
  const { listen } = await load('data_layer.js');
  const v = await visitor(t), page = aPage();
  const stop = listen(v, { page });
  const ours = page.dataLayer.push;
  page.dataLayer.push = function (...entries) { return ours.apply(page.dataLayer, entries); };
  page.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '112' }] } });
  stop();
  page.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '199' }] } });
  assert.deepEqual(learnt(v), ['view_item 112']);
  assert.equal(page.dataLayer.length, 2);
});

test('dataLayer: counters go back in GA4\'s words only when asked for, never under GPC, and teach nothing', async (t) => {
  const { listen } = await load('data_layer.js');
  const v = await visitor(t);
  const detail = { placement: 'related', items: [{ item_id: '112', index: 1 }] };
  for (const [options, gpc, expected] of [[{}, false, 0], [{ counters: true }, true, 0], [{ counters: true }, false, 2]]) {
    const page = aPage({ navigator: { globalPrivacyControl: gpc }, dataLayer: [] });
    const stop = listen(v, { page, ...options });
    for (const type of ['rec_render', 'rec_view', 'rec_click'])
      page.document.dispatchEvent(Object.assign(new Event(type), { detail }));
    assert.equal(page.dataLayer.length, expected);
    if (expected) assert.deepEqual([...page.dataLayer], [
      { event: 'view_item_list', ecommerce: { item_list_id: 'related', items: detail.items } },
      { event: 'select_item', ecommerce: { item_list_id: 'related', items: detail.items } }]);
    stop();
  }
  assert.deepEqual(learnt(v), []);
});

test('JSON-LD: products become items in the words of Merchant feeds, and a product page is a view', async (t) => {
  const { itemsOfPage, listen } = await load('json_ld.js');
  for (const { name, scripts, items, learnt: expected } of recorded('json_ld').pages) {
    const v = await visitor(t), page = withScripts(scripts);
    assert.deepEqual(itemsOfPage(page.document), items, name);
    listen(v, { page })();
    assert.deepEqual(learnt(v), expected, name);
  }
  assert.deepEqual(itemsOfPage(undefined), []);
});

test('JSON-LD: the items of a page are a catalog', async () => {
  const { itemsOfPage } = await load('json_ld.js');
  const [{ scripts }, , group] = recorded('json_ld').pages;
  const v = await shop({ catalog: { items: itemsOfPage(withScripts([...scripts, ...group.scripts]).document) } });
  assert.equal(v.item('112').price, '59.90');
  assert.equal(v.item('112').availability, 'in_stock');
  assert.equal(v.item('100').availability, 'out_of_stock');
  assert.equal(v.item('103').item_group_id, 'coat');
  await v.close();
});

test('Segment: track calls teach, by whichever id the catalog knows', async (t) => {
  const { listen } = await load('segment.js');
  const { calls, learnt: expected } = recorded('segment');
  const v = await visitor(t), handlers = new Set();
  const page = aPage({ analytics: { on: (method, fn) => method === 'track' && handlers.add(fn), off: (_, fn) => handlers.delete(fn) } });
  const stop = listen(v, { page });
  for (const [event, properties] of calls) for (const fn of handlers) fn(event, properties, undefined);
  for (const fn of handlers) fn('Product Viewed', undefined);
  assert.deepEqual(learnt(v), expected);
  const [only] = handlers;
  stop();
  assert.equal(handlers.size, 0);
  only('Product Viewed', { product_id: '100' });
  assert.deepEqual(learnt(v), expected);
});

test('Adobe: events of the storefront SDK teach, also when it loads after us', async (t) => {
  const { listen } = await load('adobe.js');
  const { events, learnt: expected } = recorded('adobe');
  for (const late of [false, true]) {
    const v = await visitor(t), handlers = {};
    const names = [...new Set(events.map(([name]) => name)), 'initiateCheckout'];
    const each = (fn) => Object.fromEntries(names.map((name) => [name, (handler) => fn(name, handler)]));
    const sdk = { subscribe: each((name, handler) => { handlers[name] = handler; }), unsubscribe: each((name) => { delete handlers[name]; }) };
    const page = aPage(late ? {} : { magentoStorefrontEvents: sdk });
    const stop = listen(v, { page });
    page.magentoStorefrontEvents = sdk;
    page.dispatchEvent(new Event('load'));
    for (const [name, eventInfo] of events) handlers[name]({ event: name, eventInfo });
    assert.deepEqual(learnt(v), expected);
    stop();
    assert.deepEqual(handlers, {});
  }
});

test('Shopify: a form and a call to /cart/add.js add to the cart once each, and the theme\'s call is untouched', async (t) => {
  const { listen } = await load('shopify.js');
  const v = await visitor(t), calls = [];
  const form = (fields) => new URLSearchParams(fields);
  class FormData { constructor(target) { return form(target.fields); } }
  const own = async (...call) => {
    calls.push(call);
    return { ok: !String(call[0]).includes('sold'), status: 200 };
  };
  const page = aPage({ FormData, fetch: own });
  const stop = listen(v, { page });
  const submit = (action, fields, prevented) => page.dispatchEvent(Object.defineProperties(new Event('submit', { cancelable: true }), {
    target: { value: { action, fields } }, defaultPrevented: { value: prevented } }));
  submit('https://shop.example/cart/add', { id: '112', quantity: '2' }, false);
  submit('https://shop.example/en/cart/add', { id: '100', quantity: '1' }, true); // the theme sends this one itself
  submit('https://shop.example/contact', { id: '103' }, false);
  const jsonBody = { method: 'POST', body: JSON.stringify({ items: [{ id: 199, quantity: 1 }, { id: 233, quantity: 1 }] }) };
  assert.equal((await page.fetch('/cart/add.js', jsonBody)).ok, true);
  await page.fetch('/en/cart/add?x=1', { method: 'POST', body: form({ id: '136', quantity: '1' }) });
  await page.fetch('/cart/add.js', { method: 'POST', body: 'id=139&quantity=3' });
  await page.fetch('/cart/add.js?sold', { method: 'POST', body: '{"id":142}' });
  await page.fetch('/cart/add.js', { method: 'POST', body: '{"id":' });
  await page.fetch('/cart.js');
  await page.fetch(new URL('https://shop.example/search?q=/cart/add.json'));
  await new Promise((next) => setTimeout(next));
  assert.deepEqual(learnt(v), ['add_to_cart 112', 'add_to_cart 199', 'add_to_cart 233', 'add_to_cart 136', 'add_to_cart 139']);
  assert.equal(calls.length, 7);
  assert.equal(calls[0][1], jsonBody);
  stop();
  assert.equal(page.fetch, own);
});

test('Shopify: a catalog of products is met by the form\'s product and by the shop\'s answer', async (t) => {
  const { listen } = await load('shopify.js');
  const v = await visitor(t), answers = [];
  class FormData { constructor(target) { return new URLSearchParams(target.fields); } }
  const page = aPage({ FormData, fetch: async () => new Response(answers.shift() ?? '{}', { status: 200 }) });
  const stop = listen(v, { page });
  page.dispatchEvent(Object.defineProperties(new Event('submit', { cancelable: true }), {
    target: { value: { action: '/cart/add', fields: { id: '990001', 'product-id': '112' } } }, defaultPrevented: { value: false } }));
  answers.push('{"id":990002,"variant_id":990002,"product_id":199,"sku":"S","handle":"chair","quantity":3}', '{"items":[{"variant_id":990003,"product_id":5,"sku":"233"},{"variant_id":990004,"handle":"136"}]}', 'no JSON');
  const sent = await page.fetch('/cart/add.js', { body: '{"id":990002,"quantity":1}' });
  assert.equal((await sent.json()).product_id, 199, 'the theme reads the answer too');
  await page.fetch('/cart/add.js', { body: '{"items":[{"id":990003},{"id":990004},{"id":990005}]}' });
  await page.fetch('/cart/add.js', { body: '{"id":139}' });
  await new Promise((next) => setTimeout(next, 20));
  assert.deepEqual(learnt(v), ['add_to_cart 112', 'add_to_cart 199', 'add_to_cart 233', 'add_to_cart 136', 'add_to_cart 139']);
  stop();
});

test('Shopify: variants map to items, and purchases a pixel left are taken once', async (t) => {
  const { listen } = await load('shopify.js');
  const v = await visitor(t), kept = new Map([['vitrine:purchases', '[{"item_id":"199","quantity":1}]']]);
  const page = aPage({ localStorage: { getItem: (key) => kept.get(key) ?? null, removeItem: (key) => kept.delete(key) } });
  const stop = listen(v, { page: Object.assign(page, { fetch: async () => ({ ok: true }) }),
    itemOf: (variant) => ({ 4471: '112' })[variant] });
  await page.fetch('/cart/add.js', { body: '{"id":4471}' });
  await new Promise((next) => setTimeout(next));
  stop();
  listen(v, { page })();
  assert.deepEqual(learnt(v), ['purchase 199', 'add_to_cart 112']);
  assert.equal(kept.size, 0);
  kept.set('vitrine:purchases', 'not JSON');
  assert.doesNotThrow(listen(v, { page }));
});

test('several sources: the same view told twice in different words counts once, and each may be stopped', async (t) => {
  const { listen } = await load('adapters.js');
  const v = await visitor(t), [{ scripts }] = recorded('json_ld').pages;
  let fn;
  const page = Object.assign(withScripts(scripts), { analytics: { on: (_, handler) => { fn = handler; } },
    dataLayer: [{ event: 'view_item', ecommerce: { items: [{ item_id: '112' }] } }] });
  const stop = await listen(v, ['jsonld', 'segment', 'dataLayer'], { page });
  fn('Product Viewed', { product_id: '112' });
  assert.deepEqual(learnt(v), ['view_item 112']);
  // The same source may say it again: the visitor came back to it.
  page.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '112' }] } });
  fn('Product Added', { product_id: '112' });
  page.dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: '112' }, { item_id: '199' }] } });
  page.dataLayer.push({ event: 'add_to_wishlist', ecommerce: { items: [{ item_id: '112' }] } });
  assert.deepEqual(learnt(v), ['view_item 112', 'view_item 112', 'add_to_cart 112', 'add_to_cart 199', 'add_to_wishlist 112']);
  stop();
  page.dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: '233' }] } });
  assert.equal(learnt(v).length, 5);
  await assert.rejects(listen(v, ['ga4']), TypeError);
});

/** What `follow` says on a page, in order. */
async function said(t, page) {
  const { follow } = await load('consent_signals.js');
  const answers = [];
  const stop = follow((answer) => answers.push(answer), { page });
  t.after(stop);
  return { answers, stop };
}

test('consent by Consent Mode: personalisation counts, statistics and ads do not', async (t) => {
  const page = aPage({ dataLayer: [asPushed(['consent', 'default', { analytics_storage: 'granted', ad_storage: 'granted' }])] });
  const { answers, stop } = await said(t, page);
  page.dataLayer.push(asPushed(['consent', 'default', { personalization_storage: 'granted', region: ['US'] }]));
  assert.deepEqual(answers, []);
  page.dataLayer.push(asPushed(['consent', 'update', { personalization_storage: 'denied' }]));
  page.dataLayer.push(asPushed(['consent', 'update', { personalization_storage: 'granted' }]));
  page.dataLayer.push(asPushed(['consent', 'update', { personalization_storage: 'granted' }]));
  assert.deepEqual(answers, ['denied', 'granted']);
  stop();
  page.dataLayer.push(asPushed(['consent', 'update', { personalization_storage: 'denied' }]));
  assert.deepEqual(answers, ['denied', 'granted']);
});

test('consent by TCF: purposes 1, 5 and 6, once the visitor has chosen', async (t) => {
  let hear;
  const removed = [];
  const page = aPage({ __tcfapi: (command, version, fn, id) => {
    assert.equal(version, 2);
    if (command === 'addEventListener') hear = fn;
    else removed.push(id);
  } });
  const { answers, stop } = await said(t, page);
  const consents = (...purposes) => ({ consents: Object.fromEntries(purposes.map((n) => [n, true])) });
  hear({ listenerId: 7, eventStatus: 'cmpuishown', purpose: consents() }, true);
  hear({ listenerId: 7, eventStatus: 'tcloaded', gdprApplies: false, purpose: consents() }, true);
  hear(null, false);
  assert.deepEqual(answers, []);
  hear({ listenerId: 7, eventStatus: 'tcloaded', gdprApplies: true, purpose: consents(1, 2, 3, 4) }, true);
  hear({ listenerId: 7, eventStatus: 'useractioncomplete', gdprApplies: true, purpose: consents(1, 5, 6) }, true);
  assert.deepEqual(answers, ['denied', 'granted']);
  stop();
  assert.deepEqual(removed, [7]);
});

test('consent by Shopify: the preferences purpose, when its API has loaded and when the visitor answers', async (t) => {
  let loaded, allowed = false;
  const page = aPage({ Shopify: { loadFeatures: (features, done) => {
    assert.deepEqual(features, [{ name: 'consent-tracking-api', version: '0.1' }]);
    loaded = done;
  } } });
  const { answers } = await said(t, page);
  assert.deepEqual(answers, []);
  page.Shopify.customerPrivacy = { preferencesProcessingAllowed: () => allowed };
  loaded();
  allowed = true;
  page.document.dispatchEvent(new Event('visitorConsentCollected'));
  assert.deepEqual(answers, ['denied', 'granted']);
});

test('consent: a tool that comes late is asked, and of two that disagree the no counts', async (t) => {
  const page = aPage();
  const { answers } = await said(t, page);
  page.dataLayer = [asPushed(['consent', 'default', { personalization_storage: 'granted' }])];
  page.Shopify = { customerPrivacy: { preferencesProcessingAllowed: () => false } };
  page.dispatchEvent(new Event('load'));
  assert.deepEqual(answers, ['granted', 'denied']);
});
