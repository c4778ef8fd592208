/* The published package as others see it: publint, "are the types wrong", and the list of its files. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { root, web } from '../web/fixture.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);
const dir = mkdtempSync(join(tmpdir(), 'vitrine-package-'));
test.after(() => rmSync(dir, { recursive: true }));
const tarball = join(dir, execFileSync('npm', ['pack', '--silent', '--pack-destination', dir, web], { encoding: 'utf8' }).trim());
const packed = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  .map((name) => name.replace(/^package\//, ''));
const manifest = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));

/** Every path that the manifest names, with the conditions on the way to it. */
function paths(node, way = []) {
  if (typeof node === 'string') return [{ path: node.replace(/^\.\//, ''), way }];
  return Object.entries(node).flatMap(([key, value]) => paths(value, [...way, key]));
}

test('publint finds nothing to say', () => {
  const { status, stdout, stderr } = spawnSync(bin('publint'), [web, '--strict', '--pack', 'false'], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('the types are right for every way to resolve the entries', () => {
  // What lives in a page alone has no CommonJS; wasm files and the classic script have no types.
  const { status, stdout, stderr } = spawnSync(bin('attw'), [tarball, '--format', 'ascii', '--no-color', '--exclude-entrypoints',
    'auto', 'worker', 'timeline', 'global', 'vitrine.wasm', 'vitrine-simd.wasm', 'vitrine-relaxed.wasm',
    'vitrine-large-simd.wasm', 'vitrine-large-relaxed.wasm', '--profile', 'strict'], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  const pageOnly = spawnSync(bin('attw'), [tarball, '--format', 'ascii', '--no-color', '--entrypoints', 'auto', 'worker', 'timeline', '--profile', 'esm-only'],
    { encoding: 'utf8' });
  assert.equal(pageOnly.status, 0, pageOnly.stdout + pageOnly.stderr);
});

test('whatever the manifest names is packed, with declarations for what can be imported', () => {
  for (const { path, way } of [...paths(manifest.exports), ...paths({ main: manifest.main, module: manifest.module, types: manifest.types, unpkg: manifest.unpkg })]) {
    assert.ok(packed.includes(path), `${way.join(' > ')}: ${path} is not in the package`);
    if (way.at(-1) !== 'default') continue;
    const declared = path.replace(/js$/, 'ts').replace(/\.(c?)ts$/, '.d.$1ts');
    assert.ok(packed.includes(declared), `${path} has no ${declared}`);
  }
  for (const path of manifest.sideEffects) assert.ok(packed.includes(path.replace(/^\.\//, '')), path);
});

test('every file that a published module names is packed, and nothing else imports', () => {
  for (const name of packed.filter((path) => /\.(js|cjs)$/.test(path) && path !== 'vitrine.global.js')) {
    const text = readFileSync(join(web, name), 'utf8');
    for (const [, path] of text.matchAll(/(?:from|import|import\(|require\(|new URL\()\s*["'](\.[^"']+)["']/g))
      assert.ok(packed.includes(path.replace(/^\.\//, '')), `${name} names ${path}`);
    for (const [, path] of text.matchAll(/(?:\bfrom|\brequire\()\s*["']([^."'][^"']*)["']/g))
      assert.ok(['react', 'vue', 'node:url'].includes(path), `${name} imports ${path}`);
  }
});

test('the package depends on nothing, and holds no source map, test or stray file', () => {
  assert.equal(manifest.dependencies, undefined);
  for (const path of packed) assert.match(path, /\.(js|cjs|d\.ts|d\.cts|wasm)$|^package\.json$|^README\.md$|^LICENSE$/);
  assert.ok(!existsSync(join(web, 'place.cjs.mjs')));
});
