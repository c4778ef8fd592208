// The tool as a user runs it, and a folder of the test's own: shared by the tests of the command line.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const vitrine = process.env.VITRINE ?? join(root, 'build/native/vitrine');
export const folder = mkdtempSync(join(tmpdir(), 'vitrine-cli-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A path in the folder. */
export const at = (name) => join(folder, name);
/** A file in the folder; gives its path. */
export function file(name, content) {
  writeFileSync(at(name), content);
  return at(name);
}

/** Runs it to its end. */
export function run(...args) {
  const { status, stdout, stderr } = spawnSync(vitrine, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}
/** Runs what must succeed. */
export function good(...args) {
  const result = run(...args);
  assert.equal(result.status, 0, `vitrine ${args.join(' ')}\n${result.stderr}`);
  return result;
}
/** Runs what must be refused; `says` are the words that the message has to have. */
export function bad(code, args, ...says) {
  const result = run(...args);
  assert.equal(result.status, code, `vitrine ${args.join(' ')}: ${result.status}\n${result.stderr}`);
  for (const word of says) assert.match(result.stderr, word);
}
