// Offers and banners in the page: as the native tool judges them, to the bit; when they may stand where; what
// is counted of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { catalog, model, root, shop } from './fixture.mjs';

const vitrine = process.env.VITRINE ?? join(root, 'build/native/vitrine');
const folder = mkdtempSync(join(tmpdir(), 'vitrine-promotions-'));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name, content) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const files = ['--model', at('m.vitrine', model()), '--catalog', at('c.vitrine', catalog())];
/** What the native tool says of the same visitor. */
function native(list, seen, ...more) {
  const { status, stdout, stderr } = spawnSync(vitrine, ['recommend', ...files, '--history', seen.join(), '--promotions',
    at('p.json', JSON.stringify(list)), '--json', ...more], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).promotions;
}
const see = (v, ids) => ids.forEach((item_id) => v.track('view_item', { items: [{ item_id }], time: 5000 }));
const inStock = (v) => [...v.items()].filter((item) => item.availability === 'in_stock').map((item) => item.item_id);
const one = (id) => ({ field: 'item_id', eq: id });

for (const variant of ['plain', 'simd128'])
  test(`promotions of the ${variant} module have the native tool's numbers, to the bit`, async () => {
    const v = await shop({ variant, learn: false }), ids = inStock(v);
    const list = Array.from({ length: 7 }, (_, n) => ({ id: `every-${n}`, target: { field: 'item_id', in: ids.filter((__, i) => i % 7 === n).slice(0, 16) } }));
    list.push({ id: 'nothing', target: { any: [] } }, { id: 'all', target: { all: [] } });
    for (const seen of [[], ids.slice(3, 5), ids.slice(20, 26)]) {
      await v.forget('all');
      see(v, seen);
      const found = await v.promotions(list), asked = native(list, seen);
      assert.equal(found.placement, 'promotions');
      assert.ok(asked.length >= 8);
      assert.deepEqual(found.items.map(({ rank, ...rest }) => rest),
        asked.map((told) => ({ ...told, appeal: Math.fround(told.appeal), share: Math.fround(told.share) })));
      assert.deepEqual(found.items.map(({ rank }) => rank), asked.map((_, i) => i + 1));
      const best = (await v.recommend({ limit: 1, exclude: [] })).items[0].item_id;
      assert.equal(found.items.find(({ id }) => id === 'all').best_item_id, best);
    }
    await v.close();
  });

test('what the visitor looks at comes first; limit cuts, and nothing without stock is shown', async () => {
  const v = await shop(), ids = inStock(v);
  const list = ids.slice(0, 5).map((id) => ({ id: `about ${id}`, target: one(id) }));
  see(v, [ids[2]]);
  const { items } = await v.promotions(list);
  assert.equal(items.length, 5);
  for (let i = 1; i < items.length; i++) assert.ok(items[i - 1].appeal >= items[i].appeal);
  assert.deepEqual((await v.promotions(list, { limit: 2 })).items, items.slice(0, 2));
  await v.update({ item_id: items[0].best_item_id, availability: false });
  assert.deepEqual((await v.promotions(list)).items.map(({ id }) => id), items.slice(1).map(({ id }) => id));
  v.track('dismiss', { items: [{ item_id: items[1].best_item_id }] });
  assert.equal((await v.promotions(list)).items.some(({ id }) => id === items[1].id), false);
  assert.deepEqual((await v.promotions([])).items, []);
  await v.close();
});

test('a target may test the item that the page is about', async () => {
  const v = await shop(), [a, b] = inStock(v);
  const list = [{ id: 'this', target: { field: 'item_id', eq: { ctx: 'item_id' } } }];
  for (const context of [a, b]) assert.equal((await v.promotions(list, { context })).items[0].best_item_id, context);
  assert.deepEqual((await v.promotions(list)).items, []);
  assert.deepEqual((await v.promotions(list, { context: 'nobody' })).warnings, ['unknown_context']);
  await v.close();
});

/** The clock of the page stands still. */
function stopClock(t, ms) {
  const { now } = Date;
  Date.now = () => ms;
  t.after(() => { Date.now = now; });
}
const DAY = 86400, NOW = Date.UTC(2026, 10, 27) / 1000;

test('a promotion stands when its condition holds: the page, what the visitor did, the time', async (t) => {
  stopClock(t, 1000 * NOW);
  const v = await shop({ learn: false }), [a, b, c] = inStock(v);
  v.track('view_item', { item_id: a, time: 1000 * (NOW - 3 * DAY) });
  v.track('view_item', { item_id: a, time: 1000 * (NOW - 2 * DAY) });
  v.track('add_to_cart', { item_id: b, time: 1000 * (NOW - 600) });
  const stands = async (when, context) => (await v.promotions([{ id: 'x', target: { all: [] }, when }], { context })).items.length === 1;
  const chance = v.profile().intent;
  const yes = [
    { all: [] }, { not: { any: [] } }, { did: {} }, { did: { least: 3 } }, { did: { type: 'view_item', item: one(a), least: 2 } }, { did: { type: 'Product Added' } },
    { did: { type: ['purchase', 'add_to_cart'], item: one(b), within: 3600 } }, { did: { within: 2 * DAY, least: 2 } },
    { from: '2026-11-27' }, { until: '2026-11-27T00:01Z' }, { from: NOW }, { all: [{ from: '2026-11-20' }, { until: '2026-12-01' }] },
    { context: one(c) }, { context: { not: one(a) } }, { intent: {} }, { intent: { least: chance - 0.01, most: chance + 0.01 } },
  ];
  const no = [
    { any: [] }, { did: { least: 4 } }, { did: { type: 'purchase' } }, { did: { type: 'view_item', item: one(b) } }, { did: { type: 'add_to_cart', within: 500 } },
    { until: '2026-11-27' }, { from: '2026-11-27T00:01:00Z' }, { context: one(a) }, { not: { context: one(c) } }, { intent: { least: chance + 0.01 } },
  ];
  for (const when of yes) assert.equal(await stands(when, c), true, JSON.stringify(when));
  for (const when of no) assert.equal(await stands(when, c), false, JSON.stringify(when));
  assert.equal(await stands({ context: { all: [] } }), false, 'a page about nothing');
  await v.update({ item_id: c, availability: false });
  assert.equal(await stands({ context: one(c) }, c), true, 'also where the item is sold out');
  for (const wrong of [5, {}, { when: 1 }, { all: {} }, { all: [{ did: {} }, { never: 1 }] }, { not: [] }, { did: { type: 'search' } }, { did: { type: 'nothing' } },
    { did: { least: 0.5 } }, { did: { within: -1 } }, { did: { seconds: 1 } }, { from: 'tomorrow' }, { from: '2026-11-27T00:01' }, { intent: { least: 2 } }, { context: { field: 'nothing', eq: 1 } },
    { all: [], any: [] }]) {
    assert.throws(() => v.promotions([{ id: 'x', target: { all: [] }, when: wrong }]), TypeError, JSON.stringify(wrong));
    const { status } = spawnSync(vitrine, ['recommend', ...files, '--history', a, '--promotions', at('w.json', JSON.stringify([{ id: 'x', target: { all: [] }, when: wrong }]))]);
    assert.equal(status, 3, JSON.stringify(wrong));
  }
  await v.close();
});

test('a hundred random conditions hold in the page where they hold natively', async (t) => {
  stopClock(t, 1000 * NOW);
  const v = await shop({ learn: false }), ids = inStock(v).slice(0, 12), types = ['view_item', 'add_to_cart', 'purchase', 'add_to_wishlist', 'dismiss'];
  let state = 7;
  const below = (n) => (state = (state * 48271) % 2147483647) % n, pick = (list) => list[below(list.length)];
  const rows = Array.from({ length: 30 }, (_, i) => [pick(ids), pick(types), NOW - (30 - i) * 5000]);
  for (const [item_id, type, time] of rows) v.track(type, { item_id, time: 1000 * time });
  const log = at('log.tsv', `user\ttime\ttype\titem\n${rows.map(([item, type, time]) => `u\t${time}\t${type}\t${item}`).join('\n')}\n`);
  const tree = () => pick([() => one(pick(ids)), () => ({ field: 'price', greater: below(60) }), () => ({ not: { field: 'item_id', in: [pick(ids), pick(ids)] } }), () => ({ field: 'price', less: { ctx: 'price', mul: 1.5 } })])();
  const condition = (depth) => pick([
    () => ({ did: { ...(below(2) && { type: below(2) ? pick(types) : [pick(types), pick(types)] }), ...(below(2) && { item: tree() }), ...(below(2) && { within: 5000 * (1 + below(30)) }), ...(below(2) && { least: 1 + below(6) }) } }),
    () => ({ context: tree() }), () => ({ [pick(['from', 'until'])]: NOW - 5 + below(10) }), () => ({ intent: { [pick(['least', 'most'])]: below(10) / 10 } }),
    ...(depth > 0 ? [() => ({ [pick(['all', 'any'])]: Array.from({ length: below(4) }, () => condition(depth - 1)) }), () => ({ not: condition(depth - 1) })] : []),
  ])();
  const list = Array.from({ length: 100 }, (_, i) => ({ id: `p${i}`, target: tree(), when: condition(3) })), context = ids[3];
  const { items } = await v.promotions(list, { context });
  const { status, stdout, stderr } = spawnSync(vitrine, ['recommend', ...files, '--events', log, '--format', 'events', '--session-gap', '0', '--now', String(NOW), '--seeds', context,
    '--promotions', at('p.json', JSON.stringify(list)), '--json'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const told = JSON.parse(stdout).promotions;
  assert.deepEqual(items.map(({ id, appeal, items: n }) => [id, appeal, n]), told.map(({ id, appeal, items: n }) => [id, Math.fround(appeal), n]));
  assert.ok(items.length > 10 && items.length < 90, `${items.length} stand`);
  await v.close();
});

test('a promotion shown, clicked on and bought from stands in the funnel', async () => {
  const v = await shop(), [a] = inStock(v);
  const { rec_id, items: [offer] } = await v.promotions([{ id: 'a', target: one(a) }], { experiment: 'red' });
  assert.equal(offer.best_item_id, a);
  for (const type of ['rec_render', 'rec_view']) v.track(type, { rec_id });
  v.track('rec_click', { rec_id, items: [{ item_id: offer.best_item_id }] });
  v.track('purchase', { items: [{ item_id: a, price: 3, quantity: 2, currency: 'EUR' }] });
  assert.deepEqual((await v.metrics()).funnel, [{ placement: 'promotions', experiment: 'red', render: 1, view: 1, click: 1, add_to_cart: 0, purchase: 1, revenue: { EUR: 6 } }]);
  await v.close();
});

test('a mistake in a promotion throws, and where nothing is ranked none is shown', async () => {
  const v = await shop();
  for (const wrong of [
    () => v.promotions(), () => v.promotions({}), () => v.promotions([{ id: 'x' }]), () => v.promotions([{ id: 3, target: one('112') }]),
    () => v.promotions([{ id: 'x', target: { field: 'nothing', eq: 1 } }]), () => v.promotions([{ id: 'x', target: one('112'), if: {} }]),
    () => v.promotions([], { limit: 0 }), () => v.promotions([], { most: 1 }),
  ]) assert.throws(wrong, TypeError, String(wrong));
  await v.close();
  const none = await shop({ model: new Uint8Array(8), fallback: ['a'], strict: false });
  assert.deepEqual((await none.promotions([{ id: 'x', target: one('a') }])).items, []);
  await none.close();
});
