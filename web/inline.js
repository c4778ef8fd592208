// @ts-check
/* The package with the simd128 module inside: no wasm file to host. A browser without SIMD goes on
 * with the next rung of the chain. */
import { createRecommender as create } from './index.js';
import { WASM } from './inline_wasm.js';

export { VERSION, WASM_SHA256, VitrineError } from './index.js';

/** @param {any} options @returns {Promise<any>} */
export function createRecommender(options) {
  if (options?.wasmUrl ?? options?.wasmModule ?? options?.wasmBinary) return create(options);
  return create({ ...options, wasmBinary: Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0)) });
}
