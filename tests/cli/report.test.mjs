// The report: one page that stands alone, from what the other commands said.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { file, folder, run } from './tool.mjs';

function ok(...args) {
  const result = run(...args);
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

// Visits around a circle of items: the next one is likely; every third buys.
const visits = Array.from({ length: 240 }, (_, v) => Array.from({ length: 3 + (v % 4) }, (_, n) =>
  [`s${v}`, `i${(v * 7 + n * (v % 5 === 0 ? 3 : 1)) % 30}`, v % 3 === 0 && n === 2 + (v % 4) ? 'purchase' : 'view_item']));
const log = file('log.tsv', `session\titem\ttype\n${visits.flat().map((row) => row.join('\t')).join('\n')}\n`);
const model = join(folder, 'm.vitrine');
const trained = join(folder, 'train.json');
ok('train', '--events', log, '--preset', 'small', '--epochs', '3', '--dropout-input', '0.3', '--intent', '--intent-hidden', '8',
  '--name', 'Tea & <b>biscuits</b>', '--date', '2026-02-01', '--log', trained, '--quiet', '-o', model);
const evaluated = file('evaluate.json', ok('evaluate', '--model', model, '--events', log, '--train', log,
  '--baselines', 'pop,sr', '--against', model, '--json', '--quiet'));
const quantized = file('quantize.json', ok('quantize', model, '--events', log, '-o', join(folder, 'm8.vitrine'),
  '--max-ndcg-drop', '1', '--json', '--quiet'));
const timed = file('bench.json', ok('bench', '--model', model, '--seconds', '0.01', '--train', '--json', '--quiet'));

/** The elements of a page, checked to nest; those that HTML may leave open are named. */
function elementsOf(html) {
  const open = [], found = [], loose = new Set(['td', 'th', 'tr', 'tbody', 'thead', 'html', 'p', 'li']);
  const empty = new Set(['meta', '!doctype']);
  for (const [, close, name, rest] of html.replace(/<style>[^]*?<\/style>/, '').matchAll(/<(\/?)([!a-z][a-z0-9]*)([^>]*)>/g)) {
    if (empty.has(name) || loose.has(name)) continue;
    if (close) assert.equal(open.pop(), name);
    else {
      found.push(name);
      if (!rest.endsWith('/')) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return found;
}

test('what make bench and bench/start.mjs wrote is drawn, too', () => {
  const row = (env, items, who, ms, to_limit) => ({ env, items, who, task: 'event', ms, to_limit });
  const rounds = join(folder, 'rounds.json'), start = join(folder, 'start.json'), path = join(folder, 'browser.html');
  writeFileSync(rounds, JSON.stringify({ schema: 1, rows: [row('node', 10000, 'int8 relaxed', 0.0625, 3.5), row('node', 10000, 'onnxruntime-web', 0.25, 12),
    { ...row('node', 10000, 'int8 relaxed', 77, 8), task: 'page' }, row('chromium', 100000, 'exact <simd>', 0.875, null)] }));
  writeFileSync(start, JSON.stringify({ schema: 1, starts: [{ visit: 'first visit', network: '4g', first_list_ms: 200, spans: [
    { name: 'fetch a<b', begin_ms: 10, end_ms: 110 }, { name: 'rank', begin_ms: 190, end_ms: 200 }] }] }));
  ok('report', start, rounds, '-o', path);
  const html = readFileSync(path, 'utf8'), elements = elementsOf(html);
  assert.deepEqual([...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]), ['Speed beside others', 'From script to shelf']);
  for (const text of ['node, 10,000 items', '0.0625, 3.5x', '0.25, 12.0x', 'chromium, 100,000 items', 'exact &lt;simd&gt;', '>0.875<', 'first list after 200 ms', 'fetch a&lt;b'])
    assert.ok(html.includes(text), text);
  assert.ok(!html.includes('>77, '));
  // The first span takes half the axis, the second a twentieth, where it ends.
  const bars = [...html.slice(html.indexOf('From script')).matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(([, x, wide]) => [Number(x), Number(wide)]);
  assert.equal(bars.length, 2);
  assert.ok(Math.abs(bars[0][1] / bars[1][1] - 10) < 0.2 && Math.abs(bars[1][0] + bars[1][1] - (bars[0][0] + bars[0][1] * 1.9)) < 0.3, String(bars));
  assert.equal(elements.filter((name) => name === 'svg').length, 3);
});

test('every result has its section, and its numbers are on the page', () => {
  const path = join(folder, 'all.html');
  ok('report', timed, quantized, evaluated, trained, '--model', model, '-o', path);
  const html = readFileSync(path, 'utf8'), elements = elementsOf(html);
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
  assert.deepEqual(headings.map((heading) => heading.replace(/[:,@].*/, '')),
    ['Training', 'Purchase intent', 'Quality', 'Recall', 'Size against quality', 'Speed', 'Map of the items']);
  assert.ok(elements.filter((name) => name === 'svg').length >= 8);
  const { training } = JSON.parse(readFileSync(timed, 'utf8'));
  assert.ok(html.includes(`${(training.multiply_adds_per_s / 1e9).toFixed(1)} G/s`));
  const { systems } = JSON.parse(readFileSync(evaluated, 'utf8'));
  for (const system of systems)
    for (const metric of system.metrics)
      for (const key of ['recall', 'mrr', 'ndcg']) assert.ok(html.includes(metric[key].toFixed(4)), `${system.name} ${key}`);
  // A dot for each of the 30 items, besides keys, curves and slices; each says which item it is.
  const map = html.slice(html.indexOf('Map of the items'));
  const dots = [...map.matchAll(/class="dot k8"[^>]*><title>(i\d+)</g)].map((match) => match[1]);
  assert.equal(new Set(dots).size, 30);
});

test('a page asks for nothing and runs nothing, and text stays text', () => {
  const html = ok('report', trained, evaluated, '-o', '-');
  assert.ok(html.startsWith('<!doctype html>'));
  assert.ok(html.includes('<h1>Tea &amp; &lt;b&gt;biscuits&lt;/b&gt;</h1>'));
  assert.ok(!/<script|<link|<img|<iframe|src=|href=|url\(|@import|https?:|\son\w+=/i.test(html));
  assert.ok(html.includes('prefers-color-scheme:dark') && html.includes('width=device-width'));
});

test('the same results make the same page', () => {
  assert.equal(ok('report', trained, '-o', '-'), ok('report', trained, '-o', '-'));
  assert.ok(!ok('report', trained, '-o', '-').includes('2026'));
  assert.ok(ok('report', trained, '-o', '-', '--date', '1 May 2026', '--title', 'T').includes('<p>1 May 2026</p>'));
});

test('the price of rules is a table of its own', () => {
  const rules = file('rules.json', '{"hide":["i3"],"pin":[{"item_id":"i5","position":0}]}');
  const result = file('ruled.json', ok('evaluate', '--model', model, '--events', log, '--baselines', 'pop', '--rules', rules,
    '--json', '--quiet'));
  const html = ok('report', result, '-o', '-');
  elementsOf(html);
  const table = html.slice(html.indexOf('<h2>Price of rules'));
  assert.deepEqual([...table.matchAll(/<tr(?: class="first")?><td>(.*?)<td>/g)].map((match) => match[1]),
    ['no rules', 'all rules', 'hide', 'pin 1']);
  const [none, , hidden] = JSON.parse(readFileSync(result, 'utf8')).systems.filter((system) => system.kind === 'rules');
  const fall = hidden.metrics.at(-1).recall - none.metrics.at(-1).recall;
  assert.ok(fall < 0 && table.includes(fall.toFixed(4)));
  assert.ok(!html.slice(html.indexOf('<h3>Recall@20'), html.indexOf('<h3>MRR@20')).includes('no rules'));
});

test('bars carry their value, longest for the largest', () => {
  const html = ok('report', evaluated, '-o', '-');
  const figure = html.slice(html.indexOf('<h3>Recall@20'), html.indexOf('<h3>MRR@20'));
  const widths = [...figure.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]));
  const values = JSON.parse(readFileSync(evaluated, 'utf8')).systems.map((system) => system.metrics.at(-1).recall);
  assert.equal(widths.length, values.length);
  values.forEach((value, n) => assert.ok(Math.abs(widths[n] / widths[0] - value / values[0]) < 0.01));
});

test('what is no result is refused by name', () => {
  const strange = run('report', file('strange.json', '{"hello":1}'), '-o', join(folder, 'x.html'));
  assert.equal(strange.status, 3);
  assert.match(strange.stderr, /strange\.json/);
  assert.equal(run('report', file('broken.json', '{"epochs":'), '-o', join(folder, 'x.html')).status, 3);
  assert.equal(run('report', trained).status, 2);
  assert.equal(run('report', '-o', join(folder, 'x.html')).status, 2);
  assert.equal(run('report', '--model', model, '--catalog', trained, '-o', join(folder, 'x.html')).status, 3);
});

test('a card says what the model learnt from, and only what the training knows', () => {
  const { card } = JSON.parse(ok('inspect', model, '--json'));
  assert.equal(card.name, 'Tea & <b>biscuits</b>');
  assert.equal(card.date, '2026-02-01');
  assert.deepEqual(card.data.files, ['log.tsv']);
  assert.equal(card.data.items, 30);
  assert.equal(card.options.seed, 1);
  assert.equal(card.options.dropout_input, 0.3);
  assert.ok(card.held_out.recall20 > 0 && card.held_out.recall20 <= 1);
  assert.ok(card.intent.last_event.auc > 0);
  const text = ok('inspect', '--card', model);
  assert.match(text, /^name: Tea & <b>biscuits<\/b>\ndate: 2026-02-01\n/);
  assert.match(text, /\n  files: log\.tsv\n/);
  assert.match(text, new RegExp(`\n  recall20: ${Number(card.held_out.recall20.toPrecision(4))}\n`));
  assert.ok(!('seconds' in card) && !('seconds' in card.intent));
});
