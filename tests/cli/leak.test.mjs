// What is to be judged on is never read by training: when it changes, the model's bytes do not.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, vitrine } from './tool.mjs';

/** The model of a log; logs of one name, as the card holds the name. */
function modelOf(place, text, ...options) {
  mkdirSync(join(folder, place));
  const log = join(folder, place, 'log.txt'), model = join(folder, place, 'm.vitrine');
  writeFileSync(log, text);
  const { status, stderr } = spawnSync(vitrine, ['train', '--events', log, ...options, '--preset', 'small', '--epochs', '2',
    '--quiet', '-o', model], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return readFileSync(model);
}

const users = Array.from({ length: 120 }, (_, u) => Array.from({ length: 5 + (u % 4) }, (_, n) => `i${(u * 5 + n * (1 + (u % 3))) % 40}`));

test('leave one out: the last item of each user is not read', () => {
  const lines = (last) => users.map((items, u) => `u${u} ${items.slice(0, -1).join(' ')} ${last(u)}`).join('\n') + '\n';
  const own = lines((u) => users[u].at(-1));
  /* The same items in all, so that the vocabulary stays: user u gets the last item of another one. */
  const other = lines((u) => users[(u * 7 + 3) % users.length].at(-1));
  assert.notEqual(own, other);
  assert.ok(modelOf('own', own, '--format', 'sequences').equals(modelOf('other', other, '--format', 'sequences')));
  /* The test can fail: the last but one, which chooses epochs and weights, does matter. */
  const before = users.map((items, u) =>
    `u${u} ${items.slice(0, -2).join(' ')} ${users[(u * 7 + 3) % users.length].at(-2)} ${items.at(-1)}`).join('\n') + '\n';
  assert.ok(!modelOf('before', before, '--format', 'sequences').equals(readFileSync(join(folder, 'own/m.vitrine'))));
});

test('a split by time: what comes from the date on is not read', () => {
  const log = (shift) => 'session\titem\ttime\n' + users.flatMap((items, u) => items.map((item, n) => {
    const late = u >= 90, moved = late ? `i${(Number(item.slice(1)) + shift) % 40}` : item;
    return `s${u}\t${moved}\t${1500000000 + u * 86400 + n}`;
  })).join('\n') + '\n';
  const until = ['--format', 'events', '--until', String(1500000000 + 90 * 86400)];
  assert.ok(modelOf('a', log(0), ...until).equals(modelOf('b', log(7), ...until)));
  assert.ok(!modelOf('c', log(7), '--format', 'events').equals(modelOf('d', log(0), '--format', 'events')));
});
