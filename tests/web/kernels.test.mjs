// Every kernel of every wasm build gives the scalar's bits: the checks of tests/property/kernel_checks.h,
// compiled with the flags of the package.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { load } from './fixture.mjs';

const BUILDS = { plain: 'wasm', simd128: 'wasm-simd', relaxed: 'wasm-relaxed' };
const runnable = (await load('load.js')).variants();

for (const build of runnable) {
  const bytes = readFileSync(new URL(`../../build/${BUILDS[build]}/kernel_checks.wasm`, import.meta.url));
  const { exports } = (await WebAssembly.instantiate(bytes)).instance;
  const text = (at) => {
    const from = new Uint8Array(exports.memory.buffer, at);
    return Buffer.from(from.subarray(0, from.indexOf(0))).toString();
  };
  const names = (nameAt) => {
    const all = [];
    for (let at; (at = nameAt(all.length)) !== 0;) all.push(text(at));
    return all;
  };
  exports._initialize?.();
  const variants = names(exports.kernel_variant), checks = names(exports.kernel_check);

  test(`the ${build} build holds its kernels, best first, and the definition last`, () => {
    const want = { plain: ['scalar'], simd128: ['simd128', 'scalar'], relaxed: ['relaxed', 'simd128', 'scalar'] };
    assert.deepEqual(variants, want[build]);
    assert.ok(checks.length > 0);
  });
  variants.forEach((variant, v) => {
    // The definition against itself says nothing, except that its maxima are found.
    checks.forEach((check, c) => {
      if (variant === 'scalar' && !['most', 'max'].includes(check)) return;
      test(`${variant} in the ${build} build: ${check}`, () => {
        const place = exports.kernel_check_run(v, c);
        assert.equal(place === 0 ? '' : text(place), '');
      });
    });
  });
}
