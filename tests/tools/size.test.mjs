import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { measure, weigh } from '../../tools/size.mjs';

const dir = mkdtempSync(join(tmpdir(), 'vitrine-size-'));
test.after(() => rmSync(dir, { recursive: true }));

test('what the entry imports at once counts, what it imports later does not', () => {
  writeFileSync(join(dir, 'index.js'), [
    "import { a, b }\n  from './a.js'; import './b.js';", "export * from './c.js';",
    "// import './comment.js'", "/* import './block.js'; */",
    "const later = () => import('./later.js');"].join('\n'));
  for (const name of ['a', 'b', 'c', 'later', 'comment', 'block']) writeFileSync(join(dir, `${name}.js`), '');
  writeFileSync(join(dir, 'vitrine.wasm'), 'x');
  writeFileSync(join(dir, 'vitrine-simd.wasm'), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251)));
  const { core, bars } = measure(dir);
  assert.deepEqual([...core].sort(), ['a.js', 'b.js', 'c.js', 'index.js']);
  assert.ok(bars[0].bytes > weigh(Buffer.from('x')).brotli, 'the largest wasm is the one that counts');
});

test('a package past a bar is told by how much', () => {
  let seed = 1;
  const noise = Buffer.from(Array.from({ length: 50_000 }, () => (seed = (seed * 48271) % 2147483647) & 255));
  writeFileSync(join(dir, 'vitrine-simd.wasm'), noise);
  const [toRun] = measure(dir).bars;
  assert.ok(toRun.bytes > toRun.most);
});

test('a package without a module is no package', () => {
  const empty = mkdtempSync(join(tmpdir(), 'vitrine-size-'));
  writeFileSync(join(empty, 'index.js'), '');
  assert.throws(() => measure(empty), /no wasm/);
  rmSync(empty, { recursive: true });
});
