// vitrine train under mpirun: two processes find what one finds.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, run, vitrine } from './tool.mjs';

const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
function mpirun(ranks, ...args) {
  return spawnSync('mpirun', ['--oversubscribe', '-n', String(ranks), vitrine, ...args], { encoding: 'utf8', env });
}

const skip = spawnSync('mpirun', ['--version']).status === 0 ? false : 'mpirun is not installed';

writeFileSync(at('log.txt'), Array.from({ length: 1500 }, (_, s) => {
  let item = (s * 31) % 80;
  return Array.from({ length: 3 + (s % 5) }, (_, t) => {
    item = (t + s) % 5 === 4 ? (item + s) % 80 : (7 * item + 3) % 80;
    return `i${item}`;
  }).join(' ');
}).join('\n') + '\n');
const train = ['train', '--format', 'sessions', '--events', at('log.txt'), '--dim', '16', '--epochs', '4',
  '--rate', '0.01', '--json'];

test('two processes find what one finds, and one of them writes and speaks', { skip }, () => {
  const two = mpirun(2, ...train, '-o', at('two.vitrine'));
  assert.equal(two.status, 0, two.stderr);
  const one = run(...train, '-o', at('one.vitrine'));
  assert.equal(one.status, 0, one.stderr);
  const found = JSON.parse(two.stdout), alone = JSON.parse(one.stdout);
  assert.ok(alone.network_mrr20 > 0.3, 'something was learnt');
  for (const key of ['network_recall20', 'network_mrr20', 'recall20', 'mrr20'])
    assert.ok(Math.abs(found[key] - alone[key]) < 0.02, `${key}: ${found[key]} and ${alone[key]}`);
  const lists = ['one', 'two'].map((name) => JSON.parse(run('recommend', '--model', at(`${name}.vitrine`),
    '--history', 'i3,i24', '--limit', '1', '--json').stdout).items[0]);
  assert.equal(lists[0].item_id, lists[1].item_id);
  assert.ok(Math.abs(lists[0].score - lists[1].score) < 0.02 * Math.abs(lists[0].score));
});

test('a mistake ends all processes with one message', { skip }, () => {
  const result = mpirun(2, ...train.slice(0, 3), '--events', at('missing.txt'), '-o', at('none.vitrine'));
  assert.notEqual(result.status, 0);
  assert.match(result.stderr, /missing\.txt/);
  assert.ok(!existsSync(at('none.vitrine')));
});
