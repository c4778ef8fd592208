// The guides' commands as they stand, one guide after the other in a folder of its own, on files such as each
// platform exports them: what a guide says first makes what it needs next.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = process.env.VITRINE ?? join(root, 'build/native/vitrine');

/** The commands of a page in its order, each on one line. */
function commandsOf(page) {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text);
  return blocks.flatMap((text) => text.replace(/\\\n\s*/g, ' ').split('\n')).map((line) => line.replace(/\s#.*/, '').trim())
    .filter((line) => line.startsWith('vitrine '));
}

let state = 1;
const below = (n) => (state = (state * 48271) % 2147483647) % n;
const ITEMS = Array.from({ length: 24 }, (_, i) => ({ id: String(4000 + i), sku: `24-MB${10 + i}`, name: `Bag ${i}`, brand: ['Acme', 'Nord'][i % 2],
  category: ['Bags/Totes', 'Bags/Backpacks'][Math.floor(i / 12)], price: 20 + i }));
/** Visits that go from one item to the next of its kind: [visitor, visit, index of the item, type, seconds]. */
function visits(count, from) {
  const rows = [];
  for (let v = 0; v < count; v++) {
    const kind = 12 * below(2), begun = from + v * 1800, who = `v${below(200)}`;
    let item = below(12);
    for (let step = 0; step < 3 + below(4); step++, item = (item + 1 + Number(below(4) === 0)) % 12)
      rows.push([who, 1000 + v, kind + item, step === 2 && below(2) ? 'add_to_cart' : 'view_item', begun + 60 * step]);
  }
  return rows;
}
const csv = (names, rows) => `${[names, ...rows].map((cells) => cells.join(',')).join('\n')}\n`;
const ga4 = (rows) => gzipSync(rows.map(([user, visit, item, type, time]) => JSON.stringify({ event_name: type, event_timestamp: `${time}000000`, user_pseudo_id: user,
  event_params: [{ key: 'ga_session_id', value: { int_value: String(visit) } }, { key: 'page_location', value: { string_value: 'https://shop.example/' } }],
  items: [{ item_id: ITEMS[item].sku, item_name: ITEMS[item].name, item_category: 'Bags', price: ITEMS[item].price, quantity: '1' }] })).join('\n'));
const JANUARY = Date.UTC(2026, 0, 5) / 1000, MONTH = 30 * 86400;
/** A Merchant feed. */
const feed = () => ['id\ttitle\tbrand\tproduct_type\tprice\tavailability\tlink\timage_link', ...ITEMS.map((it) =>
  [it.sku, it.name, it.brand, it.category.replace('/', ' > '), `${it.price}.00 EUR`, 'in_stock', `https://shop.example/${it.id}`, `https://shop.example/${it.id}.jpg`].join('\t'))].join('\n');

const FILES = {
  'docs/start.md': () => ({ 'feed.tsv': feed(),
    ...Object.fromEntries([['events.csv.gz', 400, JANUARY], ['next-week.csv.gz', 60, JANUARY + MONTH]].map(([name, count, from]) => [name, gzipSync(csv(['customer', 'sku', 'when', 'event'],
      visits(count, from).map(([user, , item, type, time]) => [user, ITEMS[item].sku, new Date(1000 * time).toISOString(), type])))])) }),
  'docs/guides/ga4.md': () => ({ 'feed.tsv': feed(), 'events-0.jsonl.gz': ga4(visits(300, JANUARY)), 'events-1.jsonl.gz': ga4(visits(300, JANUARY + MONTH)),
    'april.jsonl.gz': ga4(visits(60, JANUARY + 3 * MONTH)) }),
  'docs/guides/adobe.md': () => ({ 'catalog_product.csv': csv(['sku', 'store_view_code', 'attribute_set_code', 'product_type', 'categories', 'name', 'price', 'url_key', 'base_image', 'qty'],
    ITEMS.map((it) => [it.sku, '', 'Bag', 'simple', `"Default Category/Gear,Default Category/Gear/${it.category.split('/')[1]}"`, it.name, `${it.price}.0000`, `bag-${it.id}`, `/m/b/${it.id}.jpg`, '100.0000'])) }),
  'docs/guides/shopify.md': () => ({
    'products.json': JSON.stringify({ products: ITEMS.slice(0, 12).map((it) => ({ id: Number(`9${it.id}`), title: it.name, handle: `bag-${it.id}`, vendor: it.brand, product_type: 'Bags', tags: ['leather', 'new'],
      variants: ['Red', 'Blue'].map((colour, i) => ({ id: Number(it.id) * 10 + i, title: colour, option1: colour, sku: `${it.sku}-${i}`, price: `${it.price}.00`, available: i === 0, compare_at_price: null })),
      images: [{ src: `https://cdn.example/${it.id}.jpg` }], options: [{ name: 'Colour', values: ['Red', 'Blue'] }] })) }),
    'products_export.csv': csv(['Handle', 'Title', 'Body (HTML)', 'Vendor', 'Type', 'Tags', 'Published', 'Option1 Name', 'Option1 Value', 'Variant SKU', 'Variant Inventory Qty', 'Variant Price', 'Image Src', 'Status'],
      ITEMS.flatMap((it) => [[`bag-${it.id}`, it.name, '<p>A bag</p>', it.brand, 'Bags', '"leather, new"', 'true', 'Colour', 'Red', `${it.sku}-0`, '5', `${it.price}.00`, `https://cdn.example/${it.id}.jpg`, 'active'],
        [`bag-${it.id}`, '', '', '', '', '', '', '', 'Blue', `${it.sku}-1`, '0', `${it.price}.00`, '', '']])) }),
  'docs/guides/woocommerce.md': () => ({
    'products.json': JSON.stringify(ITEMS.map((it) => ({ id: Number(it.id), name: it.name, sku: it.sku, permalink: `https://shop.example/product/${it.id}/`, on_sale: false,
      prices: { price: `${it.price}00`, regular_price: `${it.price}00`, sale_price: `${it.price}00`, currency_code: 'EUR', currency_minor_unit: 2 },
      images: [{ id: 1, src: `https://shop.example/${it.id}.jpg` }], categories: [{ id: 3, name: it.category.split('/')[1], slug: 'x' }], tags: [], is_in_stock: true }))),
    'orders.csv': csv(['order_id', 'customer_id', 'date_created', 'product_id', 'quantity'], visits(400, JANUARY).map(([user, visit, item, , time]) => [visit, user.slice(1), new Date(1000 * time).toISOString().slice(0, 19), ITEMS[item].id, 1])) }),
};

for (const [page, files] of Object.entries(FILES)) {
  test(`the commands of ${page} do what it says, on files such as its platform writes`, (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'vitrine-guide-'));
    t.after(() => rmSync(dir, { recursive: true, force: true }));
    for (const [name, content] of Object.entries(files())) writeFileSync(join(dir, name), content);
    symlinkSync(tool, join(dir, 'vitrine'));
    const commands = commandsOf(page);
    assert.ok(commands.length >= 1, 'there are commands');
    for (const command of commands) {
      const quick = command.startsWith('vitrine train') ? `${command} --epochs 2 --no-refit` : command;
      const { status, stderr } = spawnSync('bash', ['-c', quick], { cwd: dir, encoding: 'utf8', env: { ...process.env, PATH: `${dir}:${process.env.PATH}` } });
      // evaluate may find that the model is no better: that is an answer, too.
      assert.ok(status === 0 || (status === 1 && command.includes('--min-lift')), `${command}\n${status}: ${stderr}`);
      const [, out] = command.match(/ -o (\S+)/) ?? [];
      if (!out) continue;
      assert.ok(existsSync(join(dir, out)), `${command} writes ${out}`);
      if (command.startsWith('vitrine import')) {
        assert.ok(readFileSync(join(dir, out)).includes('Bag 1'), `${command} keeps the titles`);
      }
    }
    if (existsSync(join(dir, 'model.vitrine')) && existsSync(join(dir, 'catalog.vitrine')))
      execFileSync(tool, ['recommend', '--model', join(dir, 'model.vitrine'), '--catalog', join(dir, 'catalog.vitrine'), '--history', page.includes('woo') ? ITEMS[0].id : ITEMS[0].sku], { stdio: 'ignore' });
  });
}
