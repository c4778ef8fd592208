#!/usr/bin/env node
// Puts the demo storefront together: pages, package, model and catalog in one folder of static files.
//
//   node tools/demo.mjs [--out build/demo] [--data DIR] [--threads 2]
//
// Without --data it is the simulated shop with the model of models/. With --data it is a real one: the
// CSV files of UCI's "Online Retail" (or any with its columns) are imported and trained on first,
// two minutes or so; the result is kept until the files change. Needs build/web and, for --data,
// build/native/vitrine.

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { mapOfModel } from './item-map.mjs';
import { pictureUrl } from '../web/demo/pictures.js';
import { presentable } from '../web/demo/collections.js';
import { makeCatalog } from './demo-shop/catalog.mjs';
import { randomFrom } from './demo-shop/random.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const SEED = 1; // of models/demo.vitrine
const STATIC_ITEMS = 12;

function fail(problem, remedy) {
  console.error(`error: ${problem}\nremedy: ${remedy}`);
  process.exit(3);
}

function run(...args) {
  const tool = process.env.VITRINE ?? join(root, 'build/native/vitrine');
  const { status, error } = spawnSync(tool, args, { stdio: 'inherit' });
  if (error) fail(`${tool} does not start: ${error.message}`, 'make native');
  if (status !== 0) process.exit(status);
}

/** Import and train on the logs of a folder: { model, catalog, items } with items best sold first. */
function learn(folder, threads) {
  const logs = existsSync(folder) ? readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name)).sort() : [];
  if (logs.length === 0) fail(`there is no .csv or .csv.gz in '${folder}'`, 'make demo DATA=the folder with the files of Online Retail');
  const work = join(root, 'build/demo-data');
  const at = (name) => join(work, name);
  const stamp = JSON.stringify(logs.map((name) => [name, statSync(join(folder, name)).size, statSync(join(folder, name)).mtimeMs]));
  const kept = existsSync(at('stamp.json')) && readFileSync(at('stamp.json'), 'utf8') === stamp && existsSync(at('model.vitrine'));
  if (kept) console.log('the model of this data is there already: rm -r build/demo-data trains anew');
  else {
    mkdirSync(work, { recursive: true });
    rmSync(at('stamp.json'), { force: true });
    console.log(`importing ${logs.length} files`);
    /* An order line counts as a look: looks are what a page sees, and the order has nothing else. */
    run('import', ...logs.flatMap((name) => ['--events', join(folder, name)]),
      '--columns', 'user=CustomerID,session=InvoiceNo,item=StockCode,time=InvoiceDate,type=,price=UnitPrice,quantity=Quantity,title=Description',
      '--default-type', 'view_item', '--item-case', 'upper', '--item-pattern', '^[0-9]{5}[A-Z]*$',
      '--catalog-from-events', '-o', at('events.tsv.gz'), '--catalog-output', at('catalog.vitrine'), '--catalog-text', at('catalog.tsv'));
    console.log('training, two minutes or so');
    const log = ['--format', 'events', '--events', at('events.tsv.gz')];
    run('train', '--preset', 'base', '--epochs', '6', '--seed', '1', '--threads', String(threads), ...log, '-o', at('model-f32.vitrine'));
    run('quantize', at('model-f32.vitrine'), ...log, '-o', at('model.vitrine'));
    run('convert', at('model.vitrine'), '-o', at('model.safetensors'));
    writeFileSync(at('map.json'), JSON.stringify(mapOfModel(readFileSync(at('model.safetensors')))));
    writeFileSync(at('stamp.json'), stamp);
  }
  const counts = new Map();
  const rows = gunzipSync(readFileSync(at('events.tsv.gz'))).toString().split('\n');
  const column = rows[0].split('\t').indexOf('item');
  for (const row of rows.slice(1)) {
    const id = row.split('\t')[column];
    if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [header, ...lines] = readFileSync(at('catalog.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
  const items = lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])))
    .map((item) => ({ item_id: item.item, title: item.title, price: Number(item.price), currency: 'GBP' }));
  items.sort((a, b) => (counts.get(b.item_id) ?? 0) - (counts.get(a.item_id) ?? 0));
  return { files: { '': ['model.vitrine', 'catalog.vitrine', 'map.json'].map((name) => [at(name), name]) }, items };
}

/** The worlds that models/ holds: folder of the site -> [file, name there]. */
function simulated() {
  const files = {};
  for (const [folder, name] of [['', 'demo'], ['music', 'music'], ['courses', 'courses']]) {
    files[folder] = [[`${name}.vitrine`, 'model.vitrine'], [`${name}-catalog.vitrine`, 'catalog.vitrine'], [`${name}-map.json`, 'map.json']]
      .map(([from, to]) => [join(root, 'models', from), to]);
    for (const [from] of files[folder]) if (!existsSync(from)) fail(`${from} is not there`, 'tools/make-demo-model.sh makes it');
  }
  const items = makeCatalog(randomFrom(SEED));
  items.sort((a, b) => b.sales - a.sales);
  return { files, items: items.map((item) => ({ ...item, currency: 'EUR', tags: item.tags.split(',') })) };
}

/** Links to the worlds, in the HTML itself: what a script adds to the head of a page moves the rest of it. */
function menu(worlds) {
  if (worlds.length < 2) return '';
  const links = worlds.map((name, n) => `<a href="${n === 0 ? './' : `?world=${name}`}"${n === 0 ? ' aria-current="true"' : ''}>${name[0].toUpperCase()}${name.slice(1)}</a>`);
  return `<nav class="worlds" id="worlds" aria-label="Worlds of the demo">${links.join('')}</nav>`;
}

const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The list that stands in the HTML: what is seen before the script runs, or without it. */
function bestsellers(items) {
  const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: items[0].currency });
  return items.filter((item) => item.availability !== 'out_of_stock').slice(0, STATIC_ITEMS).map(presentable).map((item) => `
<li class="card" data-item="${safe(item.item_id)}"><span class="picture"><img src="${pictureUrl(item)}" alt="" width="240" height="240"></span><span class="card-title">${safe(item.title)}</span>
<p class="card-line"><span class="brand">${safe(item.brand || item.department)}</span><span class="price">${money.format(item.price)}</span></p><p class="reason">Popular</p></li>`).join('');
}

function main() {
  const { values } = parseArgs({ options: {
    out: { type: 'string', default: join(root, 'build/demo') }, data: { type: 'string' },
    threads: { type: 'string', default: '2' } } });
  const pack = process.env.VITRINE_WEB ?? join(root, 'build/web');
  if (!existsSync(join(pack, 'index.js'))) fail(`the package is not in ${pack}`, 'make web');
  const shop = values.data ? learn(values.data, Number(values.threads)) : simulated();
  const { out } = values;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(join(root, 'web/demo'), out, { recursive: true });
  cpSync(pack, join(out, 'vitrine'), { recursive: true });
  for (const [folder, files] of Object.entries(shop.files)) {
    mkdirSync(join(out, folder), { recursive: true });
    for (const [from, to] of files) copyFileSync(from, join(out, folder, to));
  }
  const source = values.data
    ? 'The model learnt from a year of orders of a real shop: Online Retail, UCI Machine Learning Repository (Chen, Sain, Guo 2012, CC BY 4.0).' : '';
  const about = values.data
    ? `Its titles and prices come from a real one. ${source} The pictures are drawn by code.`
    : 'Its things, brands and pictures are made by a program, and the shoppers its model learnt from are simulated.';
  const worlds = values.data ? ['shop'] : ['shop', 'music', 'courses'];
  const words = { worlds: worlds.join(' '), menu: menu(worlds), simulated: values.data ? 'no' : 'yes', source, about, currency: shop.items[0].currency,
    items: shop.items.length.toLocaleString('en'), bestsellers: bestsellers(shop.items) };
  const page = readFileSync(join(out, 'index.html'), 'utf8').replace(/\{\{(\w+)\}\}/g, (all, name) => words[name] ?? all);
  writeFileSync(join(out, 'index.html'), page);
  console.log(`the storefront is in ${out}: ${shop.items.length} items`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
