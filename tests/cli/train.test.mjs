// vitrine train as a user runs it: interruptions, and what it refuses.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, run, vitrine } from './tool.mjs';

// A walk over 80 items: the next one follows from the last but for every fifth step.
function sessions(count, salt = 0) {
  return Array.from({ length: count }, (_, s) => {
    let item = (s * 31 + salt) % 80;
    return Array.from({ length: 3 + (s % 5) }, (_, t) => {
      item = (t + s) % 5 === 4 ? (item + s) % 80 : (7 * item + 3) % 80;
      return `i${item}`;
    }).join(' ');
  }).join('\n') + '\n';
}
const log = at('log.txt');
writeFileSync(log, sessions(3000));
const train = ['train', '--format', 'sessions', '--events', log, '--dim', '16', '--epochs', '6', '--quiet'];

test('a training that was killed goes on and writes the same bytes', async () => {
  assert.equal(run(...train, '-o', at('whole.vitrine')).status, 0);
  const child = spawn(vitrine, [...train, '--checkpoint', at('kept'), '-o', at('killed.vitrine')]);
  const gone = new Promise((done) => child.on('close', done));
  while (!existsSync(at('kept'))) await new Promise((done) => setTimeout(done, 2));
  child.kill('SIGKILL');
  await gone;
  assert.ok(!existsSync(at('killed.vitrine')), 'it was interrupted');
  const resumed = run(...train, '--checkpoint', at('kept'), '--resume', '-o', at('resumed.vitrine'));
  assert.equal(resumed.status, 0, resumed.stderr);
  assert.deepEqual(readFileSync(at('resumed.vitrine')), readFileSync(at('whole.vitrine')));
});

test('a checkpoint of another log or of other options is refused, and says what to do', () => {
  assert.equal(run(...train, '--checkpoint', at('kept2'), '-o', at('m.vitrine')).status, 0);
  const options = run(...train, '--rate', '0.01', '--checkpoint', at('kept2'), '--resume', '-o', at('m2.vitrine'));
  assert.equal(options.status, 3);
  assert.match(options.stderr, /kept2 was made with other options.*without --resume/);
  writeFileSync(at('other.txt'), sessions(3000, 1));
  const other = run('train', '--format', 'sessions', '--events', at('other.txt'), ...train.slice(5),
    '--checkpoint', at('kept2'), '--resume', '-o', at('m2.vitrine'));
  assert.equal(other.status, 3);
  assert.match(other.stderr, /kept2 was made with another log/);
  writeFileSync(at('kept3'), 'no checkpoint');
  const damaged = run(...train, '--checkpoint', at('kept3'), '--resume', '-o', at('m2.vitrine'));
  assert.equal(damaged.status, 3);
  assert.match(damaged.stderr, /kept3 is no checkpoint, or damaged/);
  assert.ok(!existsSync(at('m2.vitrine')));
});

test('a model knows whether visits come back to what they had', () => {
  // A walk along a ring of 30 items, one to three steps either way; or the same without what it had.
  const walks = (again) => Array.from({ length: 600 }, (_, s) => {
    let state = s + 1;
    const random = (n) => (state = (state * 48271) % 2147483647) % n;
    const walk = [random(30)];
    while (walk.length < 8) {
      const next = (walk.at(-1) + [27, 28, 29, 1, 2, 3][random(6)]) % 30;
      if (again || !walk.includes(next)) walk.push(next);
      else if (random(20) === 0) break;
    }
    return walk.join(' ');
  }).join('\n') + '\n';
  const penalty = (again) => {
    writeFileSync(at('walks.txt'), walks(again));
    const done = run('train', '--format', 'sessions', '--events', at('walks.txt'), '--arch', 'itemknn', '--quiet', '-o', at('walks.vitrine'));
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(run('inspect', '--json', at('walks.vitrine')).stdout);
  };
  const [once, again] = [penalty(false), penalty(true)].map((model) => JSON.stringify(model).match(/"repeat_penalty":([\d.]+)/)[1]);
  assert.ok(once >= 0.875 && again === '0', `${once} and ${again}`);
});

test('--resume starts where there is no checkpoint, and needs a name', () => {
  const fresh = run(...train, '--checkpoint', at('new'), '--resume', '-o', at('fresh.vitrine'));
  assert.equal(fresh.status, 0, fresh.stderr);
  assert.ok(existsSync(at('new')));
  assert.equal(run(...train, '--resume', '-o', at('fresh.vitrine')).status, 2);
});

test('a checkpoint that cannot be written ends the training with a message', () => {
  const result = run(...train, '--checkpoint', at('missing/kept'), '-o', at('m3.vitrine'));
  assert.equal(result.status, 4);
  assert.match(result.stderr, /missing\/kept: cannot write/);
});

// Items a0..f19 carry the tag of their letter; after one of a letter comes any of the next letter. The
// last two of each letter are in the catalog but in no session.
test('an item that training never saw is found by its attributes', () => {
  const letters = [...'abcdef'];
  const lines = Array.from({ length: 2500 }, (_, s) =>
    Array.from({ length: 5 }, (_, t) => `${letters[(s + t) % 6]}${(((s * 5 + t + 1) * 2654435761) >>> 20) % 18}`).join(' '));
  writeFileSync(at('letters.txt'), lines.join('\n') + '\n');
  writeFileSync(at('letters.tsv'), 'item\ttitle\ttags\tprice\n' + letters.flatMap((letter, l) =>
    Array.from({ length: 20 }, (_, n) => `${letter}${n}\tThing\tletter ${letter}\t${5 * l + n / 10}`)).join('\n') + '\n');
  assert.equal(run('import', '--catalog', at('letters.tsv'), '-o', at('letters-catalog.vitrine'), '--quiet').status, 0);
  const trained = run('train', '--format', 'sessions', '--events', at('letters.txt'), '--catalog', at('letters.tsv'),
    '--ablate', 'neighbours,content,recent,popularity', '--dim', '16', '--epochs', '8', '--rate', '0.01', '--quiet',
    '-o', at('letters.vitrine'));
  assert.equal(trained.status, 0, trained.stderr);
  let right = 0;
  letters.forEach((letter, l) => {
    const result = run('recommend', '--model', at('letters.vitrine'), '--catalog', at('letters-catalog.vitrine'),
      '--history', `${letter}3,${letters[(l + 1) % 6]}4`, '--limit', '120', '--json');
    assert.equal(result.status, 0, result.stderr);
    const cold = JSON.parse(result.stdout).items.map((item) => item.item_id)
      .filter((id) => id.endsWith('18') || id.endsWith('19'));
    assert.equal(cold.length, 12);
    right += cold.slice(0, 2).filter((id) => id[0] === letters[(l + 2) % 6]).length;
  });
  assert.ok(right >= 10, `${right} of the 12 first new items have the letter that comes next`);
});

test('time gaps are an input when asked for, and stay one when training goes on', () => {
  const timed = at('timed.csv');
  writeFileSync(timed, 'session,time,item\n' + Array.from({ length: 600 }, (_, s) => Array.from({ length: 4 }, (_, e) =>
    `s${s},${1600000000 + s * 9000 + e * (20 + s)},i${(s * 7 + e * 3) % 40}\n`).join('')).join(''));
  const short = ['--events', timed, '--epochs', '2', '--quiet', '-o'];
  const network = (name) => JSON.parse(run('inspect', at(name), '--json').stdout).model;
  assert.equal(run('train', '--dim', '16', ...short, at('plain.vitrine')).status, 0);
  assert.equal(run('train', '--dim', '16', '--gaps', ...short, at('gaps.vitrine')).status, 0);
  assert.equal(network('plain.vitrine').time_gaps, 0);
  assert.equal(network('gaps.vitrine').time_gaps, 1);
  const on = run('train', '--continue', at('gaps.vitrine'), ...short, at('more.vitrine'));
  assert.ok(on.status === 0 || /the old model is better/.test(on.stderr), on.stderr);
  if (on.status === 0) assert.equal(network('more.vitrine').time_gaps, 1);
  assert.equal(run('train', '--gaps', '--continue', at('gaps.vitrine'), ...short, at('x.vitrine')).status, 2);
  const none = run('train', '--gaps', '--format', 'sessions', '--events', log, '--quiet', '-o', at('x.vitrine'));
  assert.equal(none.status, 2);
  assert.match(none.stderr, /--gaps.*no times/);
});

test('--similarity ease makes a table in closed form, chosen by the held-out part, and says where it cannot', () => {
  const short = ['--format', 'sessions', '--quiet', '--arch', 'itemknn', '--similarity', 'ease', '-o'];
  const made = run('train', '--events', log, '--json', ...short, at('ease.vitrine'));
  assert.equal(made.status, 0, made.stderr);
  const told = JSON.parse(made.stdout);
  assert.ok(told.mrr20 > 2 * told.popular_mrr20, `${told.mrr20} and ${told.popular_mrr20}`);
  assert.equal(JSON.parse(run('inspect', at('ease.vitrine'), '--json').stdout).card.options.similarity, 'ease');
  const more = run('train', '--events', log, '--continue', at('ease.vitrine'), '--format', 'sessions', '--quiet',
    '--similarity', 'ease', '-o', at('x.vitrine'));
  assert.equal(more.status, 2);
  assert.match(more.stderr, /ease\.vitrine has counted/);
  writeFileSync(at('many.txt'), Array.from({ length: 8200 }, (_, s) => `a${s} b${s} a${s + 1}`).join('\n') + '\n');
  const many = run('train', '--events', at('many.txt'), ...short, at('x.vitrine'));
  assert.equal(many.status, 2);
  assert.match(many.stderr, /at most 16384.*16401.*--min-item-count/);
});

test('--continue goes on from a model, knows new items, and refuses to get worse', () => {
  const short = ['--format', 'sessions', '--quiet', '-o'];
  assert.equal(run('train', '--events', log, '--dim', '16', '--epochs', '6', ...short, at('old.vitrine')).status, 0);
  // The same walk over 90 items of which 10 are new.
  writeFileSync(at('day.txt'), Array.from({ length: 900 }, (_, s) => {
    let item = (s * 31) % 90;
    return Array.from({ length: 5 }, () => `i${(item = item < 80 ? (7 * item + 3) % 80 : (item - 79) % 90)}`)
      .concat(s % 3 === 0 ? [`i${80 + (s % 10)}`, `i${(s % 10) + 1}`] : []).join(' ');
  }).join('\n') + '\n');
  const better = run('train', '--events', at('day.txt'), '--continue', at('old.vitrine'), '--json', ...short, at('day.vitrine'));
  assert.equal(better.status, 0, better.stderr);
  assert.equal(JSON.parse(better.stdout).items, 90);
  const version = (name) => JSON.parse(run('inspect', at(name), '--json').stdout).version;
  assert.equal(version('day.vitrine'), version('old.vitrine') + 1);

  const before = readFileSync(at('day.vitrine'));
  const worse = run('train', '--events', at('day.txt'), '--continue', at('day.vitrine'), '--rate', '0.9', '--ablate',
    'neighbours,content,recent,popularity', ...short, at('day.vitrine'));
  assert.equal(worse.status, 1, worse.stderr);
  assert.match(worse.stderr, /the old model is better.*nothing was written/s);
  assert.deepEqual(readFileSync(at('day.vitrine')), before);

  assert.equal(run('train', '--events', log, '--continue', at('old.vitrine'), '--dim', '8', ...short, at('x.vitrine')).status, 2);
  assert.equal(run('train', '--events', log, '--continue', log, ...short, at('x.vitrine')).status, 3);
});
