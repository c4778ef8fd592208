// What a shop publishes while it runs: deltas of price, stock and momentum, and catalogs with it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, bad, file, good, root } from './tool.mjs';

/** A .vitrine file as a stranger reads it by docs/model-format.md: sections by name. */
function sections(path) {
  const bytes = readFileSync(path);
  const found = { kind: bytes.readUInt32LE(12), version: Number(bytes.readBigUInt64LE(32)),
    parent: bytes.subarray(40, 72).toString('hex'), hash: bytes.subarray(72, 104).toString('hex') };
  for (let i = 0; i < bytes.readUInt32LE(20); i++) {
    const entry = 128 + 64 * i, offset = Number(bytes.readBigUInt64LE(entry + 8)), size = Number(bytes.readBigUInt64LE(entry + 16));
    found[bytes.toString('latin1', entry, entry + 4)] = bytes.subarray(offset, offset + size);
  }
  return found;
}
const floats = (bytes) => bytes && Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
const ids = ({ idof, idby }) => Array.from({ length: idof.length / 4 - 1 },
  (_, i) => idby.toString('utf8', idof.readUInt32LE(4 * i), idof.readUInt32LE(4 * i + 4)));

const base = file('base.csv', 'id,title,price,availability\na,A,1,in stock\nb,B,2,in stock\nc,C,3,out of stock\nd,D,4,in stock\ne,E,5,in stock\n');
good('import', '--catalog', base, '--content-version', '7', '-o', at('base.vitrine'));

test('a delta holds what has changed since its catalog, and says what it cannot hold', () => {
  const now = file('now.csv', 'id,title,price,availability\na,A,1.5,in stock\nb,B,2,out of stock\nc,C,3,in stock\ne,Renamed,5,in stock\nf,New,9,in stock\n');
  const result = good('import', '--delta', at('base.vitrine'), '--catalog', now, '-o', at('d.vitrine'), '--json');
  assert.deepEqual(result.json().delta, { items: 4, prices: 1, stock: 3, trends: 0, gone: 1, added: 1, other: 1 });
  assert.match(result.stderr, /1 new items and other fields of 1 .* need a new catalog/);
  const delta = sections(at('d.vitrine'));
  assert.deepEqual([delta.kind, delta.version, delta.parent], [3, 8, sections(at('base.vitrine')).hash]);
  assert.deepEqual(ids(delta), ['a', 'b', 'c', 'd']);
  assert.deepEqual(floats(delta.pric), [1.5, -1, -1, -1]);
  assert.deepEqual([...delta.avai], [2, 0, 1, 0]);
  assert.equal(delta.tren, undefined);
  assert.ok(readFileSync(at('d.vitrine')).length < 1024);
  const shown = good('inspect', at('d.vitrine'), '--json').json();
  assert.deepEqual([shown.kind, shown.items, shown.parent], ['delta', 4, delta.parent]);
  assert.equal(good('inspect', '--items', at('d.vitrine')).stdout, 'a\nb\nc\nd\n');
});

test('nothing changed is a delta of nothing', () => {
  const result = good('import', '--delta', at('base.vitrine'), '--catalog', base, '-o', at('same.vitrine'), '--json');
  assert.equal(result.json().delta.items, 0);
  assert.deepEqual(ids(sections(at('same.vitrine'))), []);
});

// Two items that sell alike until the last week, when one of them doubles; a third sells much and evenly.
const day = 86400, from = 1600000000;
const rows = [];
for (let d = 0; d < 35; d++) {
  const sold = { a: d >= 28 ? 8 : 2, b: 2, c: 20, d: d >= 28 ? 0 : 3 };
  for (const [item, n] of Object.entries(sold)) for (let i = 0; i < n; i++) rows.push(`u${d}-${item}-${i},${item},${from + d * day + i * 60}`);
}
const log = file('log.csv', `user,item,time\n${rows.join('\n')}\n`);

test('momentum is what is asked for more than before, not what is asked for most', () => {
  good('import', '--events', log, '--catalog', base, '--trend', '7d', '--catalog-output', at('trend.vitrine'));
  const trend = floats(sections(at('trend.vitrine')).tren);
  const [a, b, c, d, e] = trend;
  assert.ok(a > 4 && a > b && a > c, String(trend));
  assert.deepEqual([d, e], [0, 0]);
  /* By hand: 7 * 30 events of the last week among 28 * 27 before. */
  const expected = 2 * 28 * (7 * 30) / (28 * 27);
  assert.ok(Math.abs(a - (56 - expected) / Math.sqrt(expected + 1)) < 1e-4);
  const alone = good('import', '--delta', at('base.vitrine'), '--events', log, '--trend', '7d', '-o', at('t.vitrine'), '--json').json();
  assert.deepEqual([alone.delta.trends, alone.delta.stock, alone.delta.prices, alone.delta.gone], [trend.filter((x) => x > 0).length, 0, 0, 0]);
  assert.ok(Math.abs(floats(sections(at('t.vitrine')).tren)[0] - a) < 1e-6);
});

test('wrong uses of --delta and --trend are said', () => {
  const d = ['import', '--delta', at('base.vitrine')];
  bad(2, [...d, '-o', at('x')], /--catalog FILE/);
  bad(2, [...d, '--catalog', base], /-o FILE/);
  bad(2, [...d, '--catalog', base, '--content-version', '7', '-o', at('x')], /no newer than 7/);
  bad(2, [...d, '--catalog', base, '--catalog-output', at('y'), '-o', at('x')], /no catalog/);
  bad(2, ['import', '--catalog', base, '--trend', '7d', '-o', at('x')], /--trend needs --events/);
  bad(2, [...d, '--events', file('untimed.csv', 'user,item\nu,a\n'), '--trend', '7d', '-o', at('x')], /times/);
  bad(3, ['import', '--delta', join(root, 'tests/golden/format1-model.vitrine'), '--catalog', base, '-o', at('x')], /kind/);
  bad(4, ['import', '--delta', at('none'), '--catalog', base, '-o', at('x')], /none/);
});

test('an import says what the pages will know of the items, and which columns it left', () => {
  const feed = file('feed.tsv', 'id\ttitle\tdescription\tprice\tgender\na\tA\tlong\t1 EUR\tmale\nb\tB\tlong\t2 EUR\tfemale\n');
  const told = (...more) => good('import', '--catalog', feed, '-o', at('feed.vitrine'), ...more).stderr;
  assert.equal(told(), 'vitrine import: 2 items with title, currency, price; without brand, category, image_link, link, item_group_id, tags, '
    + 'sales, availability, created\nvitrine import: columns not used: description, gender; --own-fields keeps up to four of them for rules\n');
  assert.match(told('--own-fields', 'gender'), /columns not used: description; /);
  assert.equal(told('--quiet'), '');
  // Names beyond the room are left out whole.
  const wide = file('wide.csv', `id,title,${Array.from({ length: 60 }, (_, i) => `column ${i}`).join(',')}\na,A${',x'.repeat(60)}\n`);
  const { stderr } = good('import', '--catalog', wide, '-o', at('wide.vitrine'));
  assert.match(stderr, /columns not used: column 0, column 1, .*column \d+; --own/);
  assert.ok(stderr.length < 600);
});

test('a model learns what is asked for more than before, and speaks where the catalog says nothing', () => {
  // 'up' comes from nothing in the last week; 'usual' was always first.
  const rows = ['user,item,time'];
  const day = (n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
  for (let n = 0; n < 35; n++)
    for (let u = 0; u < 6; u++) {
      rows.push(`u${n}-${u},usual,${day(n)}`, `u${n}-${u},${n < 28 ? 'down' : 'up'},${day(n)}`);
      if (u < 2) rows.push(`u${n}-${u},rare,${day(n)}`);
    }
  const log = file('momentum.csv', rows.join('\n'));
  const train = (...more) => good('train', '--events', log, '--epochs', '1', '--preset', 'small', '--quiet', '-o', at('up.vitrine'), ...more);
  const list = (...more) => good('recommend', '--model', at('up.vitrine'), '--placement', 'trending', '--json', ...more).json();
  train();
  const { tren, ...rest } = sections(at('up.vitrine'));
  const names = ['up', 'down', 'rare', 'usual']; // by length, then bytes
  /* By hand: 7 * 14 events of the last week against 28 * 14 before; eighths to nearest. */
  assert.deepEqual([...tren], names.map((id) => (id === 'up' ? Math.round(8 * 42) : 0)).map((x) => Math.min(x, 255)));
  assert.ok(rest.popu);
  const shelf = list();
  assert.equal(shelf.source, 'trending');
  assert.equal(shelf.items[0].item_id, 'up');
  assert.equal(shelf.items[0].score, 255 / 8);
  // A visitor nobody knows still gets what most people want.
  const first = good('recommend', '--model', at('up.vitrine'), '--placement', 'for_you', '--json').json();
  assert.deepEqual([first.source, first.items[0].item_id], ['popular', 'usual']);
  // A catalog that has momentum is believed instead; one that has none leaves the model's.
  const plain = file('plain.csv', 'id,title\nup,Up\ndown,Down\nrare,Rare\nusual,Usual\n');
  good('import', '--catalog', plain, '-o', at('plain.vitrine'), '-q');
  assert.equal(list('--catalog', at('plain.vitrine')).items[0].item_id, 'up');
  const back = file('back.csv', rows.map((row) => row.replace(/,up,/, ',x,').replace(/,down,/, ',up,').replace(/,x,/, ',down,')).join('\n'));
  good('import', '--events', back, '--catalog', plain, '--trend', '7d', '--catalog-output', at('believed.vitrine'), '-q');
  assert.equal(list('--catalog', at('believed.vitrine')).items[0].item_id, 'down');
  // Rounding keeps it; an asked-for silence and a log without times have none.
  good('quantize', at('up.vitrine'), '--events', log, '-o', at('up8.vitrine'));
  assert.deepEqual([...sections(at('up8.vitrine')).tren], [...tren]);
  train('--trend', '0');
  assert.equal(sections(at('up.vitrine')).tren, undefined);
  assert.equal(list().source, 'popular');
});
