// @ts-check
/* The package for the largest catalogs: the same, over modules that read split rows too
 * (`vitrine quantize --rows split`), 2 KB more to download. An engine without SIMD gets the usual module. */
import { createRecommender as create } from './index.js';
import { variants } from './variants.js';

export { VERSION, VitrineError } from './index.js';
export { LARGE_SHA256 as WASM_SHA256 } from './constants_large.js';

const NAMES = new Map([['simd128', 'vitrine-large-simd.wasm'], ['relaxed', 'vitrine-large-relaxed.wasm']]);

/** @param {string} variant */
function place(variant) {
  // Bundlers find the files by exactly this pattern.
  if (variant === 'relaxed') return new URL('./vitrine-large-relaxed.wasm', import.meta.url);
  return new URL('./vitrine-large-simd.wasm', import.meta.url);
}

/** @param {any} options @returns {Promise<any>} */
export async function createRecommender(options) {
  const { wasmUrl: folder, wasmModule, wasmBinary, variant = 'auto' } = options ?? {};
  const next = variant === 'auto' ? variants()[0] : variant, name = NAMES.get(next);
  // What the shop says itself stands, and what is wrong with the options is told by whoever checks them.
  if (!name || wasmModule || wasmBinary || (folder !== undefined && !String(folder).endsWith('/'))) return create(options);
  return create({ ...options, wasmUrl: folder === undefined ? place(next) : folder + name });
}
