// The search of settings: it finds what is better, goes on where it was stopped, and says what to type.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, file, run, vitrine } from './tool.mjs';

// The item before the last one decides: a window of one step in the table knows half as much.
const rows = ['session\titem'];
for (let v = 0; v < 300; v++) {
  let at = (v * 17) % 40;
  for (let n = 0; n < 5; n++) rows.push(`s${v}\ti${(at = (at + 1 + ((v + n) % 3)) % 40)}`);
}
const log = file('log.tsv', `${rows.join('\n')}\n`);
const base = ['--events', log, '--format', 'events'];
// A rate of 1e-6 learns nothing: any other one must win. Without the table the network is judged alone.
const space = file('space.json', JSON.stringify({ rate: [1e-6, 0.01], dim: [16] }));
const search = (journal, out, ...more) => ['tune', '--trials', '6', '--epochs', '9', '--space', space, '--seed', '3',
  '--journal', at(journal), '-o', at(out), '--quiet', ...more, '--', ...base, '--ablate',
  'neighbours,recent,content,popularity', '--rate', '1e-6'];

test('what learns beats what does not, and the command line says so', () => {
  const result = run(...search('one.jsonl', 'one.json'));
  assert.equal(result.status, 0, result.stderr);
  const { best, usual, trials } = JSON.parse(readFileSync(at('one.json'), 'utf8'));
  assert.equal(best.options.rate, '0.01');
  assert.ok(best.recall20 + best.mrr20 > usual.recall20 + usual.mrr20);
  assert.match(result.stdout, /vitrine train --events .* --rate 0\.01 --dim 16 --epochs 9 -o model\.vitrine/);
  // 6 settings for three epochs, 2 for nine.
  assert.deepEqual([3, 9].map((epochs) => trials.filter((trial) => trial.epochs === epochs).length), [6, 2]);
  assert.deepEqual(trials.find((trial) => trial.trial === 0).options, {});
  // The line that it prints is one that train takes, with the figure that was promised.
  const words = result.stdout.trim().split('\n').at(-1).split(' ').slice(1);
  const again = run(...words.slice(0, -1), at('m.vitrine'), '--no-refit', '--json', '--quiet');
  assert.equal(again.status, 0, again.stderr);
  assert.equal(JSON.parse(again.stdout).recall20, best.recall20);
});

test('a search that was stopped goes on, and ends as if it had not been', () => {
  const lines = readFileSync(at('one.jsonl'), 'utf8').split('\n');
  assert.equal(lines.length, 1 + 8 + 1);
  file('two.jsonl', `${lines.slice(0, 5).join('\n')}\n${lines[5].slice(0, 20)}`); // killed while writing
  const result = run(...search('two.jsonl', 'two.json', '--jobs', '3'));
  assert.equal(result.status, 0, result.stderr);
  const strip = (name) => JSON.parse(readFileSync(at(name), 'utf8'), (key, value) => (key === 'seconds' ? undefined : value));
  const [one, two] = ['one.json', 'two.json'].map(strip);
  assert.deepEqual(two.best, one.best);
  const order = (a, b) => a.epochs - b.epochs || a.trial - b.trial;
  assert.deepEqual(two.trials.sort(order), one.trials.sort(order));
  const kept = readFileSync(at('two.jsonl'), 'utf8');
  assert.ok(kept.startsWith(`${lines.slice(0, 5).join('\n')}\n`));
  assert.equal(kept.trimEnd().split('\n').length, 9);
});

test('a journal of another search is refused', () => {
  const other = run(...search('one.jsonl', 'x.json').map((word) => (word === '6' ? '7' : word)));
  assert.equal(other.status, 2);
  assert.match(other.stderr, /another search/);
});

test('a value that train refuses fails its trial alone; what every trial shares ends the search', () => {
  const odd = file('odd.json', JSON.stringify({ arch: ['transformer'] }));
  const result = run('tune', '--trials', '3', '--epochs', '1', '--space', odd, '--quiet', '--json', '--', ...base);
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stderr, /transformer/);
  const { best, trials } = JSON.parse(result.stdout);
  assert.equal(best.trial, 0);
  assert.deepEqual(trials.map((trial) => trial.ok), [true, false, false]);
  assert.equal(run('tune', '--trials', '2', '--quiet', '--', '--events', at('nowhere.tsv')).status, 3);
});

test('spaces are checked, and the built-in one is one', () => {
  const printed = run('tune', '--print-space');
  assert.equal(printed.status, 0);
  assert.deepEqual(JSON.parse(printed.stdout).arch, ['gru', 'lstm']);
  for (const wrong of ['[]', '{}', '{"rate":[]}', '{"rate":{"low":1}}', '{"rate":{"low":0,"high":1,"log":true}}',
    '{"rate":{"low":2,"high":1}}', '{"--rate":[1]}', '{"rate":{"low":1,"high":2,"step":1}}'])
    assert.equal(run('tune', '--space', file('wrong.json', wrong), '--', ...base).status, 3, wrong);
  assert.equal(run('tune').status, 2);
});

test('the report draws a search', () => {
  const html = run('report', at('one.json'), '-o', '-').stdout;
  assert.match(html, /<h2>Search of settings<\/h2>/);
  assert.match(html, /rate 0\.01, dim 16/);
});
