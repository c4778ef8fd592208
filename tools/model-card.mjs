#!/usr/bin/env node
// Writes the card of the demo's model from what tools/make-demo-model.sh left in its folder:
//
//   node tools/model-card.mjs WORK MODELS SPLIT THREADS >models/README.md

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const [work, models, split, threads] = process.argv.slice(2);
const text = (name) => readFileSync(join(work, name), 'utf8').trimEnd();
const row = (name, what) => {
  const bytes = readFileSync(join(models, name));
  return `| \`${name}\` | ${what} | ${bytes.length.toLocaleString('en')} | ${brotliCompressSync(bytes).length.toLocaleString('en')} | \`${createHash('sha256').update(bytes).digest('hex')}\` |`;
};
const intent = (report) => /^purchase intent: .*(?:\n  .*)*/m.exec(report)[0].replace(/, [\d.]+ s$/m, '');

console.log(`# The demo's models

What \`make demo\` shows is trained on simulated shoppers: [docs/demo-shop.md](../docs/demo-shop.md) says
how they are made. No person's behaviour is in these files. They know the items of the simulated worlds
and nothing else; they are of use for the demo and as an example of a model's size.

| file | holds | bytes | brotli | SHA-256 |
|---|---|---|---|---|
${row('demo.vitrine', 'the shop: network, item-to-item table, attributes, momentum, purchase intent; int8 item rows')}
${row('demo-catalog.vitrine', 'catalog: titles, brands, categories, prices, tags')}
${row('music.vitrine', 'the music service: the same without intent, since nobody buys there')}
${row('music-catalog.vitrine', 'its catalog')}
${row('courses.vitrine', 'the school: the same with intent, which is to finish a course')}
${row('courses-catalog.vitrine', 'its catalog')}

## Made by

    make native
    tools/make-demo-model.sh

with seed 1 and ${threads} thread${threads === '1' ? '' : 's'}; the same seed and number of threads give the same bytes. The log, as text:

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

Whether a visit of the shop will end in a purchase, and whether one of the school in a finished course, on the
newest visits (docs/intent.md has the network and the words):

\`\`\`
${intent(text('train.txt'))}
${intent(readFileSync('build/demo-courses/train.txt', 'utf8'))}
\`\`\`

int8 against the model it was made from:

\`\`\`
${text('quantize.txt')}
\`\`\`

The simulation is kinder than life, so these figures show that the whole way works; they promise
nothing about a real shop.`);
