#!/usr/bin/env node
// Makes the simulated department store of the demo: catalog, event log, and the shoppers' true tastes.
//
//   node tools/demo-shop.mjs OUT [--seed 1] [--shoppers 9000]
//
// writes OUT/catalog.tsv, OUT/events.tsv.gz and OUT/shoppers.tsv. The same seed gives the same text;
// the checksums printed are of the text, since gzip's bytes may differ between versions of zlib.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { catalogText, makeCatalog } from './demo-shop/catalog.mjs';
import { randomFrom } from './demo-shop/random.mjs';
import { eventText, makeShopper, shopperText, Simulation, truthOf } from './demo-shop/shoppers.mjs';

const BOTS = 6;

/** Everything as text: { catalog, events, shoppers, counts }. */
export function makeShop({ seed = 1, shoppers = 9000 } = {}) {
  const items = makeCatalog(randomFrom(seed));
  const simulation = new Simulation(items, randomFrom(seed + 1));
  const truths = [];
  for (let number = 1; number <= shoppers; number++) {
    const shopper = makeShopper(number, simulation.random);
    truths.push(truthOf(shopper));
    simulation.shop(shopper);
  }
  for (let number = 1; number <= BOTS; number++) simulation.bot(number);
  /* As a shop's server would have written it: by time; equal times stay in the order they arose. */
  simulation.rows.sort((a, b) => a.time - b.time);
  simulation.spoil();
  return {
    catalog: catalogText(items), events: eventText(simulation.rows), shoppers: shopperText(truths),
    counts: { items: items.length, shoppers, sessions: simulation.sessions, rows: simulation.rows.length },
  };
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, shoppers: { type: 'string', default: '9000' } },
  });
  const seed = Number(values.seed), shoppers = Number(values.shoppers);
  if (positionals.length !== 1 || !Number.isInteger(seed) || !Number.isInteger(shoppers) || shoppers < 1) {
    console.error('usage: demo-shop.mjs OUT [--seed N] [--shoppers N]');
    process.exit(2);
  }
  const shop = makeShop({ seed, shoppers });
  mkdirSync(positionals[0], { recursive: true });
  const write = (name, text) => {
    const bytes = name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text;
    writeFileSync(join(positionals[0], name), bytes);
    const sum = createHash('sha256').update(text).digest('hex');
    console.log(`${sum}  ${name.replace('.gz', '')}  ${Buffer.byteLength(text)} bytes`);
  };
  write('catalog.tsv', shop.catalog);
  write('events.tsv.gz', shop.events);
  write('shoppers.tsv', shop.shoppers);
  const { counts } = shop;
  console.log(`${counts.items} items, ${counts.shoppers} shoppers, ${counts.sessions} sessions, ${counts.rows} rows`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
