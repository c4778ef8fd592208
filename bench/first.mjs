#!/usr/bin/env node
// From import to the first list in Chromium, the model file's making included, each time on a page of its own: ours
// and the peers, in turns.
//
//   node bench/first.mjs [BEFORE] [--rounds 9] [--items 10000]
//
// BEFORE is a folder with another build of the package, which then takes its turns too. Peers that are not installed
// (npm install --prefix bench) are left out. CHROMIUM names the browser.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals: [before] } = parseArgs({ allowPositionals: true, options: {
  rounds: { type: 'string', default: '9' }, items: { type: 'string', default: '10000' } } });
const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PEERS = [['onnxruntime-web', 'onnxruntime', 'onnxruntime-web'], ['tfjs-wasm', 'tfjs', '@tensorflow/tfjs-backend-wasm'], ['typed arrays', 'typed', '']]
  .filter(([, , needs]) => existsSync(join(root, 'bench/node_modules', needs)));
/** Who, where its files are, its adapter. */
const turns = [...(before ? ['before'] : []), 'now'].flatMap((place) => [['int8', 'adapter-int8'], ['exact', 'adapter']].map(([precision, file]) =>
  ({ who: before ? `${precision}, ${place}` : precision, ours: true, place, file: `bench/${file}.mjs` })));
for (const [who, file] of PEERS) turns.push({ who, ours: false, place: 'now', file: `bench/peers/${file}.mjs` });

const server = createServer(async ({ url }, response) => {
  const [, place, path] = decodeURIComponent(new URL(url, 'http://x').pathname).match(/^\/(before|now)\/(.+)$/) ?? [];
  const file = place === 'before' && path.startsWith('build/web/') ? join(resolve(before), path.slice(10)) : path && join(root, path);
  const body = file ? await readFile(file).catch(() => null) : '<!doctype html><title>first</title>';
  // Isolated pages have a clock of 5 us, others one of 100.
  response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[extname(file ?? '.html')] ?? 'text/html', 'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' });
  response.end(body ?? '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });

const times = turns.map(() => []);
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [i, { place, file }] of turns.entries()) {
      const context = await browser.newContext(), page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      times[i].push(await page.evaluate(async ([base, path, items]) => {
        const at = `${location.origin}/${base}`, { prepare } = await import(`${at}/bench/inside.mjs`);
        const { first_ms } = await prepare(() => import(`${at}/${path}`), { items, dim: 128 }, {
          env: 'browser', wasmUrl: `${at}/build/web/`, npm: (name) => `${at}/bench/node_modules/${name}`,
          bytes: async (name) => (await fetch(`${at}/${name}`)).arrayBuffer() });
        return first_ms;
      }, [place, file, Number(values.items)]));
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
console.log(`first list of ${values.items} items, ${values.rounds} pages of each in turns: quickest and middle, ms; then how many times as fast as each peer`);
for (const [i, { who, ours }] of turns.entries()) {
  const against = turns.flatMap((peer, k) => (ours && !peer.ours && peer.who !== 'typed arrays'
    ? [`${peer.who} ${median(times[k].map((ms, round) => ms / times[i][round])).toFixed(1)} (quickest by quickest ${(Math.min(...times[k]) / Math.min(...times[i])).toFixed(1)})`] : []));
  console.log(`${who.padEnd(18)}${Math.min(...times[i]).toFixed(0).padStart(6)}${median(times[i]).toFixed(0).padStart(6)}   ${against.join(', ')}`);
}
