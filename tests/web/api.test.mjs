import assert from 'node:assert/strict';
import test from 'node:test';
import { catalog, ids, model, shop } from './fixture.mjs';

const see = (v, ...items) => items.forEach((item_id) => v.track('view_item', { items: [{ item_id }] }));

test('an empty profile gets the popular items, an event changes the list at once', async () => {
  const v = await shop();
  const first = await v.recommend({ limit: 10 });
  assert.equal(first.source, 'popular');
  assert.equal(first.items.length, 10);
  see(v, '112');
  const second = v.recommendSync({ limit: 10 });
  assert.equal(second.source, 'model');
  assert.notDeepEqual(ids(second), ids(first));
  assert.deepEqual(second.items.map((item) => item.rank), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (let i = 1; i < 10; i++) assert.ok(second.items[i - 1].score >= second.items[i].score);
  assert.deepEqual(Object.keys(second), ['rec_id', 'placement', 'source', 'model_version', 'variant', 'latency_ms', 'warnings', 'cursor', 'items']);
  assert.notEqual(first.rec_id, second.rec_id);
  await v.close();
});

test('names of other shops\' systems mean the same event', async () => {
  const lists = [];
  for (const name of ['add_to_cart', 'Product Added', 'product_added_to_cart', 'addToCart', 'AddCartAddition', 'add-to-cart']) {
    const v = await shop();
    v.track(name, { items: [{ id: '112', quantity: 1 }] });
    assert.equal(v.profile().events[0].type, 'add_to_cart');
    lists.push(JSON.stringify(v.recommendSync().items));
    await v.close();
  }
  assert.equal(new Set(lists).size, 1);
});

test('a mistake in the calling program throws at once', async () => {
  const v = await shop();
  for (const wrong of [
    () => v.recommend({ limits: 3 }), () => v.recommend({ limit: 0 }), () => v.recommend({ limit: 1.5 }),
    () => v.recommend({ placement: 'home' }), () => v.recommend({ exclude: ['bought'] }), () => v.recommend({ seeds: '112' }),
    () => v.track('no such event', {}), () => v.track('view_item', {}), () => v.track('view_item', { items: 'x' }),
    () => v.track('view_item', { items: [{ item_id: '112' }], time: 'yesterday-ish' }), () => v.track(7),
    () => v.rerank({ ids: [] }), () => v.rerank({ items: [{}] }), () => v.page({}), () => v.forget('everything'), () => v.forget({}),
    () => v.forget({ since: 'x' }), () => v.on('click', () => {}), () => v.on('result'), () => v.update({ item_id: '112', price: NaN }),
    () => v.update({ item_id: '112', stock: 3 }), () => v.consent.set('maybe'),
  ]) assert.throws(wrong, TypeError, String(wrong));
  await v.close();
  assert.throws(() => v.recommend(), /closed/);
  await assert.rejects(shop({ modle: 1 }), /unknown option 'modle'/);
  await assert.rejects(shop({ model: undefined, catalog: undefined }), TypeError);
  await assert.rejects(shop({ storage: 'cookies' }), TypeError);
});

test('exclusions, candidates and seeds hold in every placement', async () => {
  const v = await shop();
  see(v, '112', '133');
  v.track('purchase', { items: [{ item_id: '139' }] });
  v.track('add_to_cart', { items: [{ item_id: '199' }] });
  v.track('add_to_wishlist', { items: [{ item_id: '233' }] });
  v.track('dismiss', { items: [{ item_id: '136' }] });
  for (const placement of ['for_you', 'related', 'more_like_this', 'because_you_viewed', 'bestsellers', 'recently_viewed']) {
    const all = ids(v.recommendSync({ placement, seeds: ['247'], limit: 300, exclude: [] }));
    assert.ok(!all.includes('136'), `${placement}: dismissed`);
    assert.ok(!all.includes('247') || !['related', 'more_like_this'].includes(placement), `${placement}: its seed`);
    assert.equal(new Set(all).size, all.length);
    const strict = ids(v.recommendSync({ placement, seeds: ['247'], limit: 300, exclude: ['viewed', 'cart', 'wishlist', 'purchased'] }));
    for (const id of ['112', '133', '139', '199', '233']) assert.ok(!strict.includes(id), `${placement}: ${id}`);
    const few = ids(v.recommendSync({ placement, seeds: ['247'], limit: 300, exclude: [], candidates: ['112', '104', '106', 'nope'] }));
    for (const id of few) assert.ok(['112', '104', '106'].includes(id), `${placement}: ${id}`);
  }
  assert.deepEqual(ids(v.recommendSync({ placement: 'recently_viewed' })), ['133', '112']);
  assert.deepEqual(v.recommendSync({ candidates: ['nope'] }).warnings, ['unknown_candidates']);
  await v.close();
});

test('a list is never empty, except of things viewed when nothing was', async () => {
  const v = await shop();
  assert.equal(v.recommendSync({ placement: 'related', seeds: ['unknown'], limit: 4 }).items.length, 4);
  assert.deepEqual(v.recommendSync({ placement: 'recently_viewed' }).items, []);
  see(v, '112');
  const only = v.recommendSync({ candidates: ['112'], exclude: ['viewed'] });
  assert.deepEqual(ids(only), ['112']);
  assert.deepEqual(only.warnings, ['exclusions_relaxed']);
  await v.close();
});

test('a page shows no item twice', async () => {
  const v = await shop();
  see(v, '112', '199');
  const shelves = await v.page([{ limit: 8 }, { placement: 'recently_viewed' }, { placement: 'bestsellers', limit: 8 },
    { placement: 'because_you_viewed', limit: 8 }]);
  const all = shelves.flatMap(ids);
  assert.equal(new Set(all).size, all.length);
  assert.equal(shelves[2].items.length, 8);
  await v.close();
});

test('rerank keeps every item, what is pinned, and its bounds', async () => {
  const v = await shop();
  see(v, '112', '199', '233');
  const given = ['247', '100', '133', '139', 'unknown', '112', '200', '101', '199', '136', '142', '163'];
  const free = ids(await v.rerank(given));
  assert.deepEqual([...free].sort(), [...given].sort());
  assert.notDeepEqual(free, given);
  for (const maxDisplacement of [0, 1, 2, 5, 11]) {
    for (const keepTop of [0, 1, 3, 20]) {
      const order = ids(v.rerankSync({ items: given, maxDisplacement, keepTop }));
      assert.deepEqual([...order].sort(), [...given].sort());
      assert.deepEqual(order.slice(0, keepTop), given.slice(0, keepTop));
      order.forEach((id, place) => assert.ok(Math.abs(given.indexOf(id) - place) <= maxDisplacement, `${id} moved too far`));
      if (maxDisplacement === 11 && keepTop === 0) assert.deepEqual(order, free);
    }
  }
  // Of all orders within the bounds it is the one whose first places are best: tried one by one.
  const few = given.slice(0, 7), rank = new Map(ids(v.rerankSync(few)).map((id, i) => [id, i]));
  const orders = (left, done = []) => (left.length === 0 ? [done]
    : left.flatMap((id) => orders(left.filter((other) => other !== id), [...done, id])));
  for (const most of [1, 2, 3]) {
    const within = orders(few).filter((order) => order[4] === 'unknown' && order.every((id, i) => Math.abs(few.indexOf(id) - i) <= most))
      .map((order) => order.map((id) => rank.get(id)).join('')).sort();
    assert.equal(ids(v.rerankSync({ items: few, maxDisplacement: most })).map((id) => rank.get(id)).join(''), within[0]);
  }
  assert.deepEqual(ids(await v.rerank([])), []);
  await v.close();
});

test('reasons name the event, and their shares add up', async () => {
  const v = await shop();
  see(v, '112', '199', '233');
  const events = new Map(v.profile().events.map((event) => [event.event_id, event.item_id]));
  for (const { reason } of (await v.recommend({ limit: 20, explain: true })).items) {
    assert.ok(reason.share > 0 && reason.share <= 1);
    if (reason.event_id) assert.equal(events.get(reason.event_id), reason.source_item_id);
  }
  const why = await v.explain('133');
  const sum = Object.values(why.parts).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - 1) < 1e-5);
  assert.equal(why.reason.share, Math.max(...Object.values(why.parts)));
  assert.ok(events.has(why.event.event_id));
  assert.equal(await v.explain('nobody knows it'), null);
  await v.close();
});

test('an exported profile comes back to the bit, and a damaged one changes nothing', async () => {
  const v = await shop(), w = await shop();
  see(v, '112', '199');
  v.track('rate', { items: [{ item_id: '233', rating_value: 4 }] });
  const data = JSON.parse(JSON.stringify(await v.export()));
  see(w, '100');
  const before = JSON.stringify(w.profile().events);
  for (const broken of [null, {}, { ...data, schema: 'other' }, { ...data, profile: 'no base64 !' }, { ...data, profile: 'AAAA' },
    { ...data, profile: data.profile.slice(0, 40) }]) {
    await assert.rejects(w.import(broken), { name: 'VitrineError' });
    assert.equal(JSON.stringify(w.profile().events), before);
  }
  assert.deepEqual(await w.import({ ...data, __proto__: { polluted: true }, extra: 1 }), { events: 3, skipped: 0 });
  assert.equal({}.polluted, undefined);
  assert.deepEqual(w.profile().events, v.profile().events);
  assert.deepEqual([...w.profile().state], [...v.profile().state]);
  assert.deepEqual(w.recommendSync().items, v.recommendSync().items);
  await v.close();
  await w.close();
});

test('forgetting counts what went, and the list is as if it had never been', async () => {
  const v = await shop(), w = await shop();
  const time = Date.parse('2026-01-01');
  const at = (x, item_id, hours) => x.track('view_item', { items: [{ item_id }], time: time + hours * 3600e3 });
  for (const [id, hours] of [['112', 0], ['199', 1], ['233', 2], ['199', 3], ['100', 4]]) at(v, id, hours);
  for (const [id, hours] of [['112', 0], ['233', 2]]) at(w, id, hours);
  assert.deepEqual(await v.forget({ item_id: '199' }), { before: 5, after: 3, erased: true });
  assert.deepEqual(await v.forget({ since: time + 4 * 3600e3 }), { before: 3, after: 2, erased: true });
  assert.deepEqual(v.recommendSync().items, w.recommendSync().items);
  assert.deepEqual([...v.profile().state], [...w.profile().state]);
  assert.deepEqual(await v.forget('all'), { before: 2, after: 0, erased: true });
  assert.equal(v.recommendSync().source, 'popular');
  await v.close();
  await w.close();
});

test('a flood teaches nothing once its burst is over', async () => {
  const v = await shop();
  let learnt = 0, flood = 0;
  for (let i = 0; i < 1000; i++) {
    const { why } = v.track('view_item', { item_id: String(100 + 3 * (i % 60)) });
    if (why === 'flood') flood++;
    else learnt++;
  }
  assert.ok(learnt >= 200 && learnt < 300, `${learnt} were learnt`);
  assert.equal(flood, 1000 - learnt);
  assert.equal(v.profile().events.length, learnt);
  await v.close();
});

test('a clock that lies does not upset the order of events or the lists', async () => {
  const real = Date.now, v = await shop(), w = await shop();
  try {
    const year = 365 * 86400e3;
    [[0, '112'], [year, '199'], [-year, '233'], [-year, '100']].forEach(([shift, id]) => {
      Date.now = () => real() + shift;
      see(v, id);
    });
  } finally {
    Date.now = real;
  }
  assert.deepEqual(v.profile().events.map((event) => event.item_id), ['112', '199', '233', '100']);
  v.track('view_item', { item_id: '103', time: real() + 1e9 });
  assert.ok(v.profile().events.at(-1).time <= real());
  assert.ok(v.recommendSync({ limit: 50 }).items.every((item) => Number.isFinite(item.score)));
  await v.close();
  await w.close();
});

test('price and stock change in place', async () => {
  const v = await shop();
  see(v, '112');
  const [top] = ids(v.recommendSync());
  assert.equal(await v.update({ item_id: top, availability: 'out of stock', price: 12.5 }), true);
  assert.ok(!ids(v.recommendSync({ limit: 300 })).includes(top));
  assert.equal(v.item(top).price, 12.5);
  assert.equal(v.item(top).availability, 'out_of_stock');
  for (const price of [98.84, 0.1, 123456.7, 9999999]) {
    await v.update({ item_id: top, price });
    assert.equal(v.item(top).price, price); // though 32 bits hold it
  }
  void v.update({ item_id: top, availability: true }); // seen by the next list, awaited or not
  assert.equal(ids(v.recommendSync())[0], top);
  assert.equal(await v.update({ item_id: 'nope', price: 1 }), false);
  await v.close();
});

test('a catalog given as objects ranks like the file, in any order and in the words of any feed', async () => {
  const file = await shop();
  const items = [...file.items()].filter((item) => item.availability === 'in_stock');
  const renamed = items.map(({ item_id, title, brand, category = '', price, ...rest }) => ({
    id: item_id, item_name: title, item_brand: brand, price: price && `${price} EUR`,
    item_category: category.split('/')[0], item_category2: category.split('/')[1], ...rest }));
  const shelves = [];
  for (const given of [items, [...items].reverse(), renamed]) {
    const v = await shop({ catalog: { items: given } });
    see(v, '112', '199');
    shelves.push(v.recommendSync({ limit: 200 }).items);
    await v.close();
  }
  assert.deepEqual(shelves[1], shelves[0]);
  assert.deepEqual(shelves[2], shelves[0]);
  // item() shows no sales, which the file has for items unknown to the model: only those may differ.
  see(file, '112', '199');
  const known = (list) => list.map((item) => item.item_id).filter((id) => Number(id) < 400).slice(0, 30);
  assert.deepEqual(known(shelves[0]), known(file.recommendSync({ limit: 200 }).items));
  await file.close();
});

test('a broken catalog of objects is refused with the item and the remedy, and the model goes on alone', async () => {
  const good = { item_id: '112', price: 3 };
  for (const [items, says] of [
    [[good, { item_id: '199', price: NaN }], /'199': price is NaN/], [[good, { item_id: '199', price: -1 }], /'199': price is -1/],
    [[good, { item_id: '199', sales: Infinity }], /'199': sales is Infinity/], [[good, { title: 'x' }], /number 1 has no item_id/],
    [[good, good], /'112' is there twice/], [[good, null], /number 1 has no item_id/]]) {
    await assert.rejects(shop({ catalog: { items } }), (error) => error.code === 'bad_item' && says.test(error.message) && error.hint !== '');
    const v = await shop({ catalog: { items }, strict: false });
    assert.deepEqual((await v.metrics()).warnings, ['bad_item']);
    assert.equal(v.recommendSync({ limit: 3 }).items.length, 3);
    await v.close();
  }
});

test('one item, and no item, are catalogs too', async () => {
  const one = await shop({ catalog: { items: [{ item_id: '112', price: '59.90 EUR' }] } });
  assert.deepEqual(ids(one.recommendSync()), ['112']);
  assert.deepEqual(one.track('view_item', { items: [{ item_id: 'unheard of' }] }), { learnt: false, event_ids: [], skipped: 1 });
  await one.close();
  const none = await shop({ catalog: { items: [] }, strict: false, fallback: ['x'] });
  assert.ok(none.recommendSync().items.length > 0);
  await none.close();
});

test('every truncation and a changed byte of the model are refused by place, and the static list stands in', async () => {
  const whole = model();
  for (const size of [0, 1, 7, 63, 64, 500, 5000, whole.length - 1]) {
    await assert.rejects(shop({ model: whole.subarray(0, size) }), { name: 'VitrineError' });
  }
  const changed = whole.slice();
  changed[20000] ^= 1;
  await assert.rejects(shop({ model: changed }), (error) => error.code === 'bad_checksum' && /at byte \d+/.test(error.message));
  const html = new TextEncoder().encode('\n<!doctype html><title>404</title>');
  await assert.rejects(shop({ model: html }), { code: 'html_instead' });
  await assert.rejects(shop({ model: catalog() }), { code: 'bad_version' });
  const v = await shop({ model: changed, catalog: undefined, strict: false, fallback: ['5', '6', '7'] });
  assert.deepEqual(ids(v.recommendSync({ limit: 2 })), ['5', '6']);
  assert.deepEqual(ids(await v.rerank(['a', 'b'])), ['a', 'b']);
  assert.equal(v.track('view_item', { item_id: '112' }).why, 'no_model');
  assert.equal(v.recommendSync().variant, 'none');
  assert.deepEqual(v.recommendSync().warnings, ['bad_checksum']);
  await v.close();
});

test('a changed byte of any section is refused at its place, by the browser\'s SHA-256 and without one', async (t) => {
  const { readFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { root } = await import('./fixture.mjs');
  // The demo's files: some of their sections are long enough to be worth the browser's while, some are not.
  const [whole, items] = ['demo', 'demo-catalog'].map((name) => new Uint8Array(readFileSync(join(root, `models/${name}.vitrine`))));
  const both = { model: whole, catalog: items }, own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  t.after(() => Object.defineProperty(globalThis, 'crypto', own));
  const digest = t.mock.method(crypto.subtle, 'digest');
  const found = [[], []];
  for (const [which, value] of [globalThis.crypto, undefined].entries()) {
    Object.defineProperty(globalThis, 'crypto', { value, configurable: true });
    await (await shop(both)).close();
    for (const [name, file] of Object.entries(both)) {
      const table = new DataView(file.buffer, file.byteOffset);
      for (let i = 0; i < table.getUint32(20, true); i++) {
        const at = table.getUint32(136 + 64 * i, true), size = table.getUint32(144 + 64 * i, true);
        if (size === 0) continue;
        const changed = file.slice();
        changed[at + size - 1] ^= 64;
        const { code, details } = await shop({ ...both, [name]: changed }).then(() => assert.fail(`${name}, section ${i}`), (error) => error);
        // What says how large things are is looked at before anything is summed.
        assert.ok(code === 'bad_checksum' ? details.offset === at : /^bad_|no_space/.test(code), `${name}, section ${i}: ${code}`);
        found[which].push(code);
      }
    }
  }
  assert.deepEqual(found[0], found[1]);
  assert.ok(found[0].filter((code) => code === 'bad_checksum').length > found[0].length / 2);
  assert.ok(digest.mock.callCount() > 10, `${digest.mock.callCount()} sums`);
});

test('the wasm is on its way before the model has come', async (t) => {
  const { createServer } = await import('node:http');
  const { readFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { web } = await import('./fixture.mjs');
  const asked = [], answers = [];
  // Nothing is answered before both have been asked for.
  const server = createServer(({ url }, response) => {
    asked.push(url);
    answers.push(() => response.end(url === '/shop.vitrine' ? model() : readFileSync(join(web, url))));
    if (asked.length >= 2) for (const answer of answers.splice(0)) answer();
  });
  await new Promise((done) => server.listen(0, done));
  t.after(() => server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  const v = await shop({ model: { url: `${origin}/shop.vitrine` }, catalog: undefined, wasmUrl: `${origin}/`, timeout: 5000 });
  assert.ok(asked.includes('/shop.vitrine') && asked.some((url) => /^\/vitrine.*\.wasm$/.test(url)), String(asked));
  assert.ok(v.recommendSync().items.length > 0);
  await v.close();
  server.closeAllConnections();
});

test('a wrong sha256 is refused, the right one passes', async (t) => {
  const { createServer } = await import('node:http');
  const { createHash } = await import('node:crypto');
  const server = createServer((_request, response) => response.end(model()));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/m.vitrine`;
  const phases = new Set();
  const v = await shop({ model: { url, sha256: createHash('sha256').update(model()).digest('hex') }, onProgress: ({ phase }) => phases.add(phase) });
  assert.deepEqual([...phases], ['initiate', 'download', 'verify', 'open', 'ready']);
  await v.close();
  await assert.rejects(shop({ model: { url, sha256: '00'.repeat(32) } }), { code: 'sha256_mismatch' });
  await assert.rejects(shop({ model: { url: 'http://127.0.0.1:9/none' } }), { code: 'network' });
  await assert.rejects(shop({ model: { url }, signal: AbortSignal.abort() }), { name: 'AbortError' });
  await assert.rejects(shop({ model: { url: 'model.vitrine' } }), TypeError);
});

test('listeners hear results and events, a failing one hurts nobody, and unsubscribing works', async (t) => {
  const errors = t.mock.method(console, 'error', () => {});
  const v = await shop(), heard = [];
  v.on('result', () => { throw new Error('of the shop'); });
  const off = v.on('result', (result) => heard.push(result.placement));
  v.on('event', ({ type, items, learnt }) => heard.push([type, items, learnt]));
  see(v, '112');
  v.track('search', { search_term: 'lamp' });
  v.recommendSync();
  off();
  v.recommendSync();
  assert.deepEqual(heard, [['view_item', ['112'], true], ['search', [], false], 'for_you']);
  assert.equal(errors.mock.callCount(), 2);
  await v.close();
});

test('ten thousand lists and events leave the memory as it was', async () => {
  const v = await shop();
  const before = (await v.metrics()).bytes.memory;
  for (let i = 0; i < 10000; i++) {
    if (i % 50 === 0) v.track('view_item', { item_id: String(100 + 3 * (i % 90)) });
    v.recommendSync({ limit: 20 });
  }
  assert.equal((await v.metrics()).bytes.memory, before);
  assert.equal((await v.metrics()).results, 10000);
  assert.ok((await v.metrics()).latency_ms.p95 > 0);
  await v.close();
});

test('in Node nothing touches storage with storage: memory, and import alone does nothing', async () => {
  const had = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get() { throw new Error('touched'); } });
  try {
    const v = await shop();
    see(v, '112');
    assert.equal(await v.flush(), false);
    await v.forget('all');
    await v.close();
  } finally {
    if (had) Object.defineProperty(globalThis, 'indexedDB', had);
    else delete globalThis.indexedDB;
  }
});

test('the funnel counts by placement and experiment, each once, with revenue inside its window', async () => {
  const v = await shop({ attributionDays: 2 });
  const day = 86400e3, start = Date.now() - 10 * day;
  const list = v.recommendSync({ placement: 'bestsellers', limit: 3, experiment: 'b' }), [a, b, c] = ids(list);
  const other = v.recommendSync({ placement: 'new_arrivals', limit: 3 });
  const row = async (placement) => (await v.metrics()).funnel.find((it) => it.placement === placement);
  assert.deepEqual((await v.metrics()).funnel, []);
  v.track('rec_render', { rec_id: other.rec_id });
  for (let twice = 0; twice < 2; twice++) {
    v.track('rec_render', { rec_id: list.rec_id });
    v.track('rec_view', { rec_id: list.rec_id });
    v.track('rec_click', { rec_id: list.rec_id, items: [{ item_id: a }], time: start });
  }
  v.track('rec_click', { rec_id: list.rec_id, items: [{ item_id: b }], time: start });
  v.track('rec_click', { rec_id: 'no such list', items: [{ item_id: c }], time: start });
  v.track('add_to_cart', { items: [{ item_id: a }], time: start + day });
  v.track('add_to_cart', { items: [{ item_id: c }], time: start + day });
  v.track('purchase', { currency: 'eur', time: start + day, items: [{ item_id: a, price: 10, quantity: 3 }, { item_id: c, price: 99 }] });
  v.track('purchase', { currency: 'EUR', time: start + 3 * day, items: [{ item_id: b, price: 5 }] });
  assert.deepEqual(await row('bestsellers'), { placement: 'bestsellers', experiment: 'b', render: 1, view: 1, click: 2, add_to_cart: 1,
    purchase: 1, revenue: { EUR: 30 } });
  assert.deepEqual(await row('new_arrivals'), { placement: 'new_arrivals', render: 1, view: 0, click: 0, add_to_cart: 0, purchase: 0, revenue: {} });
  await v.forget('all');
  assert.deepEqual((await v.metrics()).funnel, []);
  await v.close();
});

test('nothing is counted of a visitor who said no', async () => {
  const v = await shop({ consent: 'denied' });
  const { rec_id } = await v.recommend();
  v.track('rec_view', { rec_id });
  v.track('rec_click', { rec_id, items: [{ item_id: '112' }] });
  assert.deepEqual((await v.metrics()).funnel, []);
  assert.deepEqual(v.profile().events, []);
  await v.close();
});

test('shelves that were seen tire their items, and only those', async () => {
  const v = await shop();
  see(v, '112', '199');
  const exclude = ['viewed'], first = v.recommendSync({ limit: 4, exclude }), fatigue = { views: 1, halfLife: 86400 };
  assert.deepEqual(ids(v.recommendSync({ limit: 4, exclude, fatigue })), ids(first));
  for (let i = 0; i < 4; i++) {
    const { rec_id } = v.recommendSync({ limit: 1, exclude });
    v.track('rec_view', { rec_id });
  }
  const tired = v.recommendSync({ limit: 4, exclude, fatigue });
  assert.notEqual(tired.items[0].item_id, first.items[0].item_id);
  assert.deepEqual(ids(v.recommendSync({ limit: 4, exclude })), ids(first));
  assert.equal(v.profile().events.length, 2);
  await v.close();
});

test('rules hold in every placement, and a rule that says nothing is a mistake', async () => {
  const v = await shop();
  see(v, '112', '199');
  const items = new Map([...v.items()].map((item) => [item.item_id, item]));
  const brand = items.get('112').brand;
  for (const placement of ['for_you', 'related', 'bestsellers', 'new_arrivals', 'trending', 'more_like_this', 'bought_together', 'because_you_viewed']) {
    const only = v.recommendSync({ placement, seeds: ['112'], limit: 200, exclude: [], filter: { field: 'brand', eq: brand } });
    for (const id of ids(only)) assert.equal(items.get(id).brand, brand, placement);
    const plain = ids(v.recommendSync({ placement, seeds: ['112'], limit: 6 })), [, second] = plain;
    assert.ok(!ids(v.recommendSync({ placement, seeds: ['112'], limit: 200, hide: [second] })).includes(second), placement);
    assert.equal(ids(v.recommendSync({ placement, seeds: ['112'], limit: 6, pin: [{ item_id: plain[5], position: 2 }] }))[2], plain[5], placement);
    const capped = ids(v.recommendSync({ placement, seeds: ['112'], limit: 8, maxPer: { brand: 1 } })).map((id) => items.get(id).brand).filter(Boolean);
    assert.equal(new Set(capped).size, capped.length, placement);
    const near = v.recommendSync({ placement, seeds: ['112'], limit: 40, exclude: [],
      filter: { field: 'price', between: [{ ctx: 'price', mul: 0.7 }, { ctx: 'price', mul: 1.3 }] } });
    if (placement !== 'because_you_viewed')
      for (const id of ids(near)) assert.ok(Math.abs(items.get(id).price / items.get('112').price - 1) < 0.3001, placement);
  }
  assert.deepEqual(ids(v.recommendSync({ limit: 5 })), ids(v.recommendSync({ limit: 5 })), 'no rule stays behind');
  const [best, next] = ids(v.recommendSync({ limit: 2 }));
  assert.equal(ids(v.recommendSync({ limit: 1, bury: [{ when: { field: 'item_id', eq: best }, mul: 0.001 }] }))[0], next);
  assert.equal(ids(v.recommendSync({ limit: 1, boost: [{ when: { field: 'item_id', eq: next }, mul: 100 }] }))[0], next);
  for (const wrong of [{ filter: { field: 'price', eq: 'x' } }, { filter: { field: 'no such field', eq: 1 } }, { filter: { field: 'brand' } }, { filter: [] },
    { filter: { field: 'brand', eq: 'a', in: ['b'] } }, { filter: { some: [] } }, { boost: { when: {} } }, { boost: [{ when: { field: 'brand', eq: 'a' }, mul: 0.5 }] },
    { bury: [{ when: { field: 'brand', eq: 'a' }, mul: 2 }] }, { pin: [{ id: '112' }] }, { pin: [{ item_id: '112', position: -1 }] }, { hide: '112' },
    { maxPer: { size: 2 } }, { maxPer: { brand: 0 } }, { mustMatch: ['size'] }, { diversity: 2 }, { minRelevance: 'some' }, { fatigue: { times: 2 } },
    { filter: { all: Array.from({ length: 70 }, () => ({ field: 'price', less: 5 })) } }])
    assert.throws(() => v.recommendSync(wrong), TypeError, JSON.stringify(wrong));
  await v.close();
});

test('the next page repeats nothing, and the last says so', async () => {
  const v = await shop();
  see(v, '112');
  const seen = [];
  let page = v.recommendSync({ limit: 100 });
  for (;;) {
    seen.push(...ids(page));
    if (page.cursor === null) break;
    page = await v.recommend({ limit: 100, cursor: page.cursor });
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(seen.slice(0, 150), ids(v.recommendSync({ limit: 150 })));
  assert.ok(v.recommendSync({ cursor: 'of another page' }).warnings.includes('unknown_cursor'));
  await v.close();
});

test('the shop words its reasons, as texts or by a function', async () => {
  const v = await shop({ templates: { default: 'For you', network: 'As you saw {source}', neighbours: 'Goes with {source}', popularity: 'Much liked' } });
  see(v, '112', '199');
  const titles = new Set([...v.items()].map((item) => item.title));
  for (const { reason } of v.recommendSync({ limit: 20, explain: true }).items) {
    const from = reason.text.match(/^(?:As you saw|Goes with) (.+)$/)?.[1];
    if (from) assert.ok(titles.has(from) && from === v.item(reason.source_item_id).title, reason.text);
    else assert.ok(['For you', 'Much liked'].includes(reason.text), reason.text);
  }
  const shelf = v.recommendSync({ limit: 3, explain: { templates: (reason, item, source) => `${reason.kind}: ${item.item_id} ${source?.item_id ?? ''}` } });
  for (const { item_id, reason } of shelf.items) assert.equal(reason.text, `${reason.kind}: ${item_id} ${reason.source_item_id ?? ''}`);
  await v.close();
});

test('a list that somebody else made keeps what is to stay, and obeys rules', async () => {
  const v = await shop();
  see(v, '112', '199', '233');
  const given = ['247', '100', '133', '139', '112', '200', '101', '199', '136', '142', '163', '100'];
  const order = ids(v.rerankSync({ items: given, keep: [3, 5] }));
  assert.deepEqual([order[3], order[5], order[11]], ['139', '200', '100']);
  const boosted = ids(v.rerankSync({ items: given, boost: [{ when: { field: 'item_id', eq: '142' }, mul: 1000 }] }));
  assert.equal(boosted[0], '142');
  assert.throws(() => v.rerankSync({ items: given, filter: { field: 'nothing', eq: 1 } }), TypeError);
  await v.close();
});

test('a catalog alone is enough: sales, newness, likeness, and what the visitor did', async () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ item_id: `s${i}`, title: `Thing ${i}`, brand: ['Acme', 'Bolt', 'Cork'][i % 3],
    category: ['A/x', 'A/y', 'B/z'][i % 3], price: 5 + i, sales: i === 7 ? 500 : i, gender: i % 2 ? 'f' : 'm', created: i === 9 ? '2026-01-01' : '2025-01-01' }));
  const v = await shop({ model: undefined, catalog: { items } });
  assert.deepEqual([...v.items()], items.map((item) => ({ ...item, availability: 'in_stock' })));
  const first = v.recommendSync({ limit: 3 });
  assert.deepEqual([first.source, ids(first)], ['popular', ['s7', 's59', 's58']]);
  assert.equal(ids(v.recommendSync({ placement: 'new_arrivals', limit: 1 }))[0], 's9');
  const like = v.recommendSync({ placement: 'more_like_this', seeds: ['s0'], limit: 8, mustMatch: ['gender'] });
  assert.equal(like.source, 'content');
  for (const id of ids(like)) assert.deepEqual([v.item(id).brand, v.item(id).gender], ['Acme', 'm']);
  see(v, 's4');
  const mine = v.recommendSync({ limit: 5, exclude: ['viewed'] });
  assert.equal(mine.source, 'content');
  for (const id of ids(mine)) assert.equal(v.item(id).brand, 'Bolt');
  await v.close();
  const broken = await shop({ model: model().subarray(0, 500), catalog: { items }, strict: false });
  assert.deepEqual(ids(broken.recommendSync({ limit: 1 })), ['s7']);
  assert.deepEqual(broken.recommendSync().warnings, ['bad_format']);
  await broken.close();
});

test('an exported profile that was damaged anywhere is refused or read as it is, and nothing else changes', async () => {
  const v = await shop(), times = Number(process.env.VITRINE_IMPORTS ?? 2000);
  see(v, '112', '199', '233');
  const text = JSON.stringify(await v.export());
  let state = 7, refused = 0;
  const below = (n) => (state = (state * 48271) % 2147483647) % n;
  const odd = ['null', '[]', '{}', '-1', '1e999', '"__proto__"', '{"__proto__":{"polluted":1}}', '"\\u0000"', '"' + 'A'.repeat(64) + '"'];
  for (let i = 0; i < times; i++) {
    let damaged = text;
    for (let cuts = 1 + below(3); cuts > 0; cuts--) {
      const at = below(damaged.length), long = below(20);
      damaged = damaged.slice(0, at) + (below(2) ? odd[below(odd.length)] : String.fromCharCode(32 + below(90))) + damaged.slice(at + long);
    }
    let data;
    try {
      data = JSON.parse(damaged);
    } catch {
      // No JSON any more: some value of the whole one is another.
      data = JSON.parse(text);
      let place = { data }, key = 'data';
      for (let deep = below(5); deep > 0 && place[key] !== null && typeof place[key] === 'object' && Object.keys(place[key]).length > 0; deep--) {
        place = place[key];
        const keys = Object.keys(place);
        key = keys[below(keys.length)];
      }
      place[key] = JSON.parse(odd[below(odd.length)]);
      if (key === 'data') data = place.data;
    }
    const before = JSON.stringify(v.profile().events);
    const answer = await v.import(data).catch((error) => error);
    if (answer instanceof Error) {
      refused++;
      assert.equal(answer.name, 'VitrineError');
      assert.equal(JSON.stringify(v.profile().events), before);
    }
    assert.equal(v.recommendSync({ limit: 3 }).items.length, 3);
  }
  assert.ok(refused > 0);
  assert.equal({}.polluted, undefined);
  await v.close();
});

test('learning on the device moves the list within its meter, and is taken back by one call', async () => {
  const v = await shop({ learn: true }), w = await shop();
  for (const x of [v, w]) {
    see(x, '112', '199', '233', '112', '199');
    x.track('dismiss', { items: [{ item_id: '136' }] });
    x.track('purchase', { items: [{ item_id: '139' }] });
  }
  const plain = w.recommendSync({ limit: 30 }).items;
  assert.notDeepEqual(v.recommendSync({ limit: 30 }).items, plain);
  assert.ok(v.profile().drift > 0 && v.profile().drift <= 1);
  assert.equal(w.profile().drift, 0);
  await v.forget('learning');
  assert.deepEqual(v.recommendSync({ limit: 30 }).items, plain);
  assert.equal(v.profile().events.length, 7);
  assert.throws(() => v.forget('something'), TypeError);
  await v.close();
  await w.close();
});

test('without a model, what goes with a thing is not another of its kind', async () => {
  const thing = (item_id, category, brand) => ({ item_id, title: item_id, category, brand, sales: 1 });
  const items = [...[1, 2, 3, 4].map((n) => thing(`boot ${n}`, 'Shoes/Boots', 'A')), thing('bag', 'Bags', 'A'), thing('sock', 'Socks', 'A'), thing('lamp', 'Lamps', 'B')];
  const v = await shop({ model: undefined, catalog: { items } });
  const seeds = ['boot 1'];
  assert.match(ids(await v.recommend({ placement: 'related', seeds, limit: 3 })).join(), /^boot \d,boot \d,boot \d$/);
  for (const options of [{ placement: 'bought_together', seeds }, { placement: 'cart_addons', seeds }]) {
    const { source, items: list } = await v.recommend({ ...options, limit: 5 });
    assert.equal(source, 'content');
    assert.deepEqual(list.slice(0, 2).map(({ item_id }) => item_id).sort(), ['bag', 'sock']);
    assert.equal(list.filter(({ item_id }) => item_id.startsWith('boot')).length, 3);
  }
  // Two seeds of one category lower it once; a boost of the shop's goes on top.
  const scores = new Map((await v.recommend({ placement: 'bought_together', seeds: ['boot 2', 'boot 1'], limit: 5 })).items.map(({ item_id, score }) => [item_id, score]));
  const likeness = new Map((await v.recommend({ placement: 'related', seeds, limit: 6 })).items.map(({ item_id, score }) => [item_id, score]));
  assert.equal(scores.get('boot 3'), Math.fround(likeness.get('boot 3') / 4));
  assert.equal(scores.get('bag'), likeness.get('bag'));
  const boosted = await v.recommend({ placement: 'bought_together', seeds, limit: 5, boost: [{ when: { field: 'brand', eq: 'A' }, mul: 2 }] });
  assert.equal(boosted.items.find(({ item_id }) => item_id === 'boot 3').score, Math.fround(likeness.get('boot 3') / 2));
  await v.close();
});
