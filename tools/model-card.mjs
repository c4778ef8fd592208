#!/usr/bin/env node
// Writes the card of the demo's model from what tools/make-demo-model.sh left in its folder:
//
//   node tools/model-card.mjs WORK MODELS SPLIT >models/README.md

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const [work, models, split] = process.argv.slice(2);
const text = (name) => readFileSync(join(work, name), 'utf8').trimEnd();
const row = (name, what) => {
  const bytes = readFileSync(join(models, name));
  return `| \`${name}\` | ${what} | ${bytes.length.toLocaleString('en')} | ${brotliCompressSync(bytes).length.toLocaleString('en')} | \`${createHash('sha256').update(bytes).digest('hex')}\` |`;
};

console.log(`# The demo's model

What \`make demo\` shows is trained on simulated shoppers: [docs/demo-shop.md](../docs/demo-shop.md) says
how they are made. No person's behaviour is in these files. They know the items of the simulated shop
and nothing else; they are of use for the demo and as an example of a model's size.

| file | holds | bytes | brotli | SHA-256 |
|---|---|---|---|---|
${row('demo.vitrine', 'model: network, item-to-item table, attributes; int8 item rows')}
${row('demo-catalog.vitrine', 'catalog: titles, brands, categories, prices, tags')}

## Made by

    make native
    tools/make-demo-model.sh

with seed 1 and 2 threads; the same seed and number of threads give the same bytes. The log, as text:

\`\`\`
${readFileSync(`${work}.txt`, 'utf8').trimEnd()}
\`\`\`

Importing refuses what a real log has too:

\`\`\`
${text('import.txt')}
\`\`\`

## Measured

A second model, trained the same way on the log before ${split}, ranks all 1,260 items at every position
of every later session; repeats stay candidates. Beside it the baselines on the same positions:

\`\`\`
${text('figures.txt')}
\`\`\`

int8 against the model it was made from:

\`\`\`
${text('quantize.txt')}
\`\`\`

The simulation is kinder than life, so these figures show that the whole way works; they promise
nothing about a real shop.`);
