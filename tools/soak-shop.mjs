#!/usr/bin/env node
// A shop of 10,080 items for tools/soak-phone.mjs: the simulated one eight times over, each session in one of
// the eight. What it recommends matters to nobody; its files have the sizes and parts of a real shop's.
//
//   node tools/soak-shop.mjs OUT            OUT/model.vitrine and OUT/catalog.vitrine, by build/native/vitrine
//
// A minute or so; what is there already is left.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { makeShop } from './demo-shop.mjs';

const COPIES = 8, SHOPPERS = 9000, GROUP = 'item_group_id';
const [out = 'build/soak'] = process.argv.slice(2), at = (name) => join(out, name);
if (existsSync(at('model.vitrine')) && existsSync(at('catalog.vitrine'))) process.exit(0);

/** Rows of a table, changed one by one; the header stays. @param {string} text @param {(cells: string[], names: string[]) => string[][]} change */
function rewritten(text, change) {
  const [head, ...rows] = text.trimEnd().split('\n'), names = head.split('\t');
  return `${[head, ...rows.flatMap((row) => change(row.split('\t'), names).map((cells) => cells.join('\t')))].join('\n')}\n`;
}

const { catalog, events } = makeShop({ shoppers: SHOPPERS });
mkdirSync(out, { recursive: true });
writeFileSync(at('catalog.tsv'), rewritten(catalog, (cells, names) => Array.from({ length: COPIES }, (_, copy) =>
  cells.map((cell, i) => (cell && (i === 0 || names[i] === GROUP) ? `${cell}-${copy}` : cell)))));
writeFileSync(at('events.tsv.gz'), gzipSync(rewritten(events, (cells, names) => [cells.map((cell, i) =>
  (cell && names[i] === 'item' ? `${cell}-${Number(cells[names.indexOf('session')].slice(1)) % COPIES || 0}` : cell))])));
const tool = process.env.VITRINE ?? fileURLToPath(new URL('../build/native/vitrine', import.meta.url));
const run = (...args) => execFileSync(tool, args, { stdio: ['ignore', 'ignore', 'inherit'] });
run('import', '--quiet', '--events', at('events.tsv.gz'), '--catalog', at('catalog.tsv'), '-o', at('clean.tsv.gz'), '--catalog-output', at('catalog.vitrine'));
run('train', '--quiet', '--epochs', '2', '--no-refit', '--int8', '--intent', '--events', at('clean.tsv.gz'), '--format', 'events', '--catalog', at('catalog.tsv'), '-o', at('model.vitrine'));
