#!/usr/bin/env node
// Makes the simulated music service or school of the demo: catalog and event log.
//
//   node tools/demo-domain.mjs music|courses OUT [--seed 1] [--visitors 5000]
//
// writes OUT/catalog.tsv and OUT/events.tsv.gz, and prints the --type-map that turns the domain's verbs
// into events. The same seed gives the same text.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CATALOG_COLUMNS } from './demo-shop/catalog.mjs';
import { DOMAINS } from './demo-shop/domains.mjs';
import { randomFrom } from './demo-shop/random.mjs';
import { makeItems, makeVisits, rowsText } from './demo-shop/visits.mjs';

/** Everything as text: { catalog, events, items, rows }. */
export function makeDomain(name, { seed = 1, visitors = 5000 } = {}) {
  const domain = DOMAINS[name], items = makeItems(domain, randomFrom(seed));
  const rows = makeVisits(domain, items, randomFrom(seed + 1), visitors);
  const line = (item) => CATALOG_COLUMNS.map((column) => (column === 'currency' ? (item.price === '' ? '' : 'EUR') : item[column])).join('\t');
  return { domain, items, rows, catalog: [CATALOG_COLUMNS.join('\t'), ...items.map(line)].join('\n') + '\n', events: rowsText(rows) };
}

function main() {
  const { values, positionals: [name, out] } = parseArgs({ allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, visitors: { type: 'string', default: '5000' } } });
  const seed = Number(values.seed), visitors = Number(values.visitors);
  if (!DOMAINS[name] || !out || !Number.isInteger(seed) || !Number.isInteger(visitors) || visitors < 1) {
    console.error(`usage: demo-domain.mjs ${Object.keys(DOMAINS).join('|')} OUT [--seed N] [--visitors N]`);
    process.exit(2);
  }
  const world = makeDomain(name, { seed, visitors });
  mkdirSync(out, { recursive: true });
  const write = (file, text) => {
    writeFileSync(join(out, file), file.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
    console.log(`${createHash('sha256').update(text).digest('hex')}  ${file.replace('.gz', '')}  ${Buffer.byteLength(text)} bytes`);
  };
  write('catalog.tsv', world.catalog);
  write('events.tsv.gz', world.events);
  writeFileSync(join(out, 'type-map.txt'), world.domain.typeMap);
  console.log(`${world.items.length} items, ${visitors} visitors, ${world.rows.length} rows`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
