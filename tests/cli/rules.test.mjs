// Rules and shelves on the command line: every example of docs/rules.md is taken as the page says, and
// what rules say holds in the lists.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root, run } from './tool.mjs';

const model = join(root, 'tests/golden/format1-model.vitrine');

function list(...args) {
  const { status, stdout, stderr } = run('recommend', '--model', model, '--catalog', catalog, '--json', ...args);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}
function rules(value) {
  const path = join(folder, 'rules.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

// A catalog of the model's items in which every field follows from the item's number.
const ids = JSON.parse(run('recommend', '--model', model, '--limit', '100000', '--json').stdout).items.map((item) => item.item_id);
const items = ids.map((item_id, n) => ({
  item_id, price: 10 + (n % 40), brand: ['Acme', 'Nord', 'Lumo'][n % 3], category: ['Shoes/Boots', 'Shoes', 'Home'][n % 4 % 3],
  gender: ['women', 'men'][n % 2], tags: n % 5 === 0 ? 'clearance,old' : 'new', created: `2026-0${1 + (n % 9)}-10`,
  ...(n % 6 === 0 ? { sale_price: 5 + (n % 40) } : {}), sensitive: n % 10 === 9, repurchasable: n % 7 === 0,
}));
writeFileSync(join(folder, 'items.json'), JSON.stringify(items));
const catalog = join(folder, 'catalog.vitrine');
const imported = run('import', '--catalog', join(folder, 'items.json'), '--own-fields', 'gender', '-o', catalog);
assert.equal(imported.status, 0, imported.stderr);
const item = new Map(items.map((one) => [one.item_id, one]));
const usable = ids.filter((id) => !item.get(id).sensitive);

test('every example of the page does what the page says of it', () => {
  const page = readFileSync(join(root, 'docs/rules.md'), 'utf8');
  const blocks = [...page.matchAll(/```json (rules|refused)\n([\s\S]*?)```/g)];
  assert.ok(blocks.length >= 4);
  for (const [, kind, text] of blocks) {
    const { status, stderr } = run('recommend', '--model', model, '--catalog', catalog, '--placement', 'related',
      '--seeds', usable[0], '--rules', rules(text), '--json', '--now', '2026-10-01');
    if (kind === 'rules') assert.equal(status, 0, `${stderr}\n${text}`);
    else {
      assert.equal(status, 3, text);
      assert.match(stderr, /filter\.all\[0\]\.eq: no such field \(node 1\)/);
      assert.ok(page.includes('filter.all[0].eq: no such field (node 1)'));
    }
  }
});

test('a filter, the context item and a mirrored field hold for every item of the list', () => {
  const seed = usable[3], from = item.get(seed);
  const price = (id) => item.get(id).sale_price ?? item.get(id).price;
  const { items: found, source } = list('--placement', 'related', '--seeds', seed, '--rules', rules({
    filter: { all: [{ field: 'price', between: [{ ctx: 'price', mul: 0.7 }, { ctx: 'price', mul: 1.3 }] },
      { not: { field: 'tags', eq: 'clearance' } }, { field: 'category', eq: 'Shoes' }] },
    mustMatch: ['gender'],
  }));
  assert.ok(found.length > 0);
  assert.equal(source, 'model');
  for (const { item_id } of found) {
    const one = item.get(item_id);
    assert.ok(price(item_id) >= price(seed) * 0.7 - 1e-4 && price(item_id) <= price(seed) * 1.3 + 1e-4);
    assert.equal(one.gender, from.gender);
    assert.ok(one.category.startsWith('Shoes') && !one.tags.includes('clearance'));
  }
});

test('boosts lift, burying sinks, by the factor that the list reports', () => {
  const plain = new Map(list('--history', usable.slice(0, 3).join(), '--placement', 'for_you', '-n', '1000').items.map((one) => [one.item_id, one]));
  const ruled = list('--history', usable.slice(0, 3).join(), '-n', '1000', '--rules', rules({
    boost: [{ when: { field: 'brand', eq: 'Acme' }, mul: 3 }], bury: [{ when: { field: 'created', less: '2026-03-01' } }] }));
  for (const { item_id, score, factor = 1 } of ruled.items) {
    const one = item.get(item_id), want = (one.brand === 'Acme' ? 3 : 1) * (one.created < '2026-03-01' ? 0.5 : 1);
    assert.equal(factor, want);
    assert.ok(Math.abs(score - plain.get(item_id).score * want) <= 1e-6 * score);
  }
});

test('pins stand where they were put, hidden items nowhere, in every placement', () => {
  const path = rules({ pin: [{ item_id: usable[30], position: 2 }], hide: [usable[5], usable[6]] });
  for (const placement of ['for_you', 'related', 'bought_together', 'cart_addons', 'trending', 'bestsellers', 'new_arrivals', 'more_like_this', 'because_you_viewed']) {
    const { items: found } = list('--placement', placement, '--seeds', usable[0], '--history', usable.slice(1, 4).join(), '--rules', path);
    assert.equal(found[2].item_id, usable[30], placement);
    assert.equal(found[2].source, 'pinned');
    assert.ok(!found.some(({ item_id }) => [usable[5], usable[6]].includes(item_id)), placement);
    assert.equal(found.length, 20);
  }
});

test('re-ranking keeps its bounds and its first places', () => {
  const given = usable.slice(10, 30);
  const { items: found } = list('--history', usable.slice(0, 3).join(), '--rerank', given.join(), '--max-displacement', '3', '--keep-top', '2');
  assert.deepEqual(found.slice(0, 2).map((one) => one.item_id), given.slice(0, 2));
  assert.deepEqual(found.map((one) => one.item_id).sort(), [...given].sort());
  found.forEach(({ item_id }, place) => assert.ok(Math.abs(given.indexOf(item_id) - place) <= 3));
});

test('a sensitive item is no history and no seed', () => {
  const hidden = ids.find((id) => item.get(id).sensitive);
  assert.equal(list('--history', hidden, '--placement', 'for_you').source, 'popular');
  assert.equal(list('--seeds', hidden, '--placement', 'related').source, 'popular');
});

test('what is wrong with rules is named with its place', () => {
  const bad = [
    ['{', /rules\.json/],
    [{ filtre: {} }, /filtre: no such rule/],
    [{ filter: { field: 'price', eq: 'cheap' } }, /filter\.eq: a number is wanted \(node 0\)/],
    [{ filter: { field: 'brand', less: 3 } }, /only numbers are less/],
    [{ filter: { all: [{ field: 'price', between: [1] }] } }, /filter\.all\[0\]\.between: number of values/],
    [{ filter: { not: [] } }, /not wants one node/],
    [{ filter: { field: 'price', eq: { ctx: 'brand' } } }, /one sort/],
    [{ boost: [{ when: { field: 'brand', eq: 'Acme' }, mul: 0.5 }] }, /boost\[0\]: boost wants mul from 1 up/],
    [{ pin: [{ item_id: ids[0], position: -1 }] }, /pin\[0\]: position/],
    [{ maxPer: { colour: 2 } }, /maxPer\.colour: no such text field/],
    [{ diversity: 2 }, /diversity: a number 0\.\.1/],
    [{ filter: { any: Array.from({ length: 70 }, () => ({ field: 'brand', eq: 'Acme' })) } }, /too many nodes/],
    [{ filter: Array.from({ length: 40 }).reduce((inner) => ({ all: [inner] }), { field: 'brand', eq: 'Acme' }) }, /deep/],
  ];
  for (const [value, why] of bad) {
    const { status, stderr } = run('recommend', '--model', model, '--catalog', catalog, '--rules', rules(value));
    assert.equal(status, 3, JSON.stringify(value));
    assert.match(stderr, why);
  }
  assert.equal(run('recommend', '--model', model, '--seeds', ids[0]).status, 2);
  assert.equal(run('recommend', '--model', model, '--placement', 'homepage').status, 2);
});

test('promotions go by what the visitor looks at, and those without an item in stock are left out', () => {
  const [, text] = readFileSync(join(root, 'docs/rules.md'), 'utf8').match(/```json promotions\n([\s\S]*?)```/);
  const brands = ['Acme', 'Nord', 'Lumo'].map((brand) => ({ id: brand, target: { field: 'brand', eq: brand } }));
  const ask = (history, value) => list('--history', history, '--promotions', rules(value)).promotions;
  assert.deepEqual(ask(usable[0], text).map((one) => one.id).sort(), ['acme-sale', 'boots-week']);
  for (const { id } of brands) {
    const seen = usable.filter((one) => item.get(one).brand === id).slice(0, 4).join();
    const found = ask(seen, [...brands, { id: 'nothing', target: { any: [] } }]);
    assert.equal(found.length, 3);
    assert.equal(found[0].id, id);
    assert.ok(found[0].appeal > 1 && found[0].share <= 1);
    assert.equal(item.get(found[0].best_item_id).brand, id);
  }
  assert.equal(run('recommend', '--model', model, '--catalog', catalog, '--promotions', rules([{ id: 'x' }])).status, 3);
  const [, conditions] = readFileSync(join(root, 'docs/rules.md'), 'utf8').match(/```json promotions[\s\S]*?```json promotions\n([\s\S]*?)```/);
  assert.deepEqual(ask('', conditions).map((one) => one.id), ['welcome']);
  assert.deepEqual(ask(usable[0], conditions).map((one) => one.id).includes('welcome'), false);
  const wrong = run('recommend', '--model', model, '--catalog', catalog, '--promotions', rules([{ id: 'x', target: { all: [] }, when: { all: [{ did: { typ: 'purchase' } }] } }]));
  assert.deepEqual([wrong.status, /\[0\]\.when\.all\[0\]\.did: no 'typ' is known there/.test(wrong.stderr)], [3, true], wrong.stderr);
});

test('learning changes the list of a visitor who comes back to things', () => {
  const history = Array.from({ length: 24 }, (_, n) => usable[n % 3]).join();
  const still = list('--history', history, '--placement', 'for_you'), learnt = list('--history', history, '--placement', 'for_you', '--learn');
  assert.notDeepEqual(learnt.items.map((one) => one.score), still.items.map((one) => one.score));
});
