#!/usr/bin/env node
// Where the time goes from a page's first script to its first shelf, in Chromium, with the published package and
// a shop's model: the demo's, with its catalog.
//
//   node bench/start.mjs [--model FILE] [--catalog FILE] [--rounds 9] [--network none|4g|3g] [--out build/start.json]
//
// First visits have an empty cache and no profile; the second visits of the same browsers read both. Writes
// JSON, which `vitrine report` draws.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: set } = parseArgs({ options: {
  model: { type: 'string', default: join(root, 'models/demo.vitrine') }, catalog: { type: 'string', default: join(root, 'models/demo-catalog.vitrine') },
  rounds: { type: 'string', default: '9' }, network: { type: 'string', default: 'none' }, out: { type: 'string', default: join(root, 'build/start.json') } } });
/** As Chromium's own presets: bytes a second, milliseconds. */
const NETWORKS = { none: null, '4g': { throughput: 1.5e6 * 0.9, latency: 60 }, '3g': { throughput: 1.6e6 / 8 * 0.9, latency: 150 } };
if (!(set.network in NETWORKS)) throw new TypeError(`--network is one of ${Object.keys(NETWORKS).join(', ')}`);
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = `<!doctype html><title>start</title><script type="module">
const { watch } = await import('/web/timeline.js');
const begun = performance.now(), seen = watch();
const { createRecommender } = await import('/web/index.js');
const v = await createRecommender({ model: { url: '/model.vitrine' }, catalog: { url: '/catalog.vitrine' }, consent: 'granted', learnFromAutomation: true });
const list = await v.recommend({ limit: 12 }), ended = performance.now();
const fetched = ({ name, start, ms }) => /^get /.test(name) && start + ms > ended;
globalThis.done = { first_ms: ended - begun, items: list.items.length, source: list.source, warnings: list.warnings, spans: seen.spans()
  .filter((span) => span.start >= begun && span.start < ended && !fetched(span)).map(({ name, start, ms }) => ({ name, start: start - begun, ms })) };
for (const { item_id } of list.items.slice(0, 5)) v.track('view_item', { items: [{ item_id }] });
await v.flush();
globalThis.kept = true;
</script>`;

const server = createServer(async ({ url }, response) => {
  const path = new URL(url, 'http://x').pathname;
  const file = { '/model.vitrine': resolve(set.model), '/catalog.vitrine': resolve(set.catalog) }[path] ?? join(root, 'build', path);
  const body = path === '/' ? PAGE : await readFile(file).catch(() => null);
  // Isolated pages have a clock of 5 us, others one of 100.
  response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[extname(path)] ?? 'text/html', 'Cache-Control': 'max-age=3600',
    'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' });
  response.end(body ?? '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });

const visits = { 'first visit': [], 'second visit': [] };
for (let round = 0; round < Number(set.rounds); round++) {
  const context = await browser.newContext();
  for (const visit of Object.keys(visits)) {
    const page = await context.newPage(), limits = NETWORKS[set.network];
    if (limits) {
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', { offline: false, latency: limits.latency,
        downloadThroughput: limits.throughput, uploadThroughput: limits.throughput });
    }
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => globalThis.kept);
    visits[visit].push(await page.evaluate(() => globalThis.done));
    await page.close();
  }
  await context.close();
}
await browser.close();
server.close();

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
/** What spans of one name take together, from the first's begin to the last's end: medians over the rounds. */
const rowsOf = (rounds) => {
  const names = new Map();
  for (const [r, { spans }] of rounds.entries())
    for (const { name, start, ms } of spans) {
      const of = names.get(name) ?? names.set(name, []).get(name), one = (of[r] ??= { begin: start, end: 0, busy: 0, calls: 0 });
      one.end = Math.max(one.end, start + ms);
      one.busy += ms;
      one.calls++;
    }
  return [...names].map(([name, all]) => {
    const seen = all.filter(Boolean), of = (key) => Number(median(seen.map((one) => one[key])).toFixed(3));
    return { name, begin_ms: of('begin'), end_ms: of('end'), busy_ms: of('busy'), calls: of('calls') };
  }).sort((a, b) => a.begin_ms - b.begin_ms);
};
let commit = null;
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
} catch { /* a folder without git */ }
const starts = Object.entries(visits).map(([visit, rounds]) => ({ visit, network: set.network, first_list_ms: Number(median(rounds.map((one) => one.first_ms)).toFixed(3)),
  source: rounds[0].source, items: rounds[0].items, spans: rowsOf(rounds) }));
mkdirSync(dirname(set.out), { recursive: true });
writeFileSync(set.out, `${JSON.stringify({ schema: 1, machine: { cpu: cpus()[0].model, cores: cpus().length }, commit, date: new Date().toISOString(),
  rounds: Number(set.rounds), starts }, null, 1)}\n`);
for (const { visit, first_list_ms, source, spans } of starts) {
  console.log(`${visit}, network ${set.network}: first list (${source}) after ${first_list_ms.toFixed(1)} ms`);
  for (const { name, begin_ms, end_ms, busy_ms, calls } of spans)
    console.log(`  ${name.padEnd(34)}${begin_ms.toFixed(1).padStart(8)} to ${end_ms.toFixed(1).padStart(8)} ms${calls > 1 ? `, ${calls} times, ${busy_ms.toFixed(1)} ms` : ''}`);
}
