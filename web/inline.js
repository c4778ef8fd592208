// @ts-check
/* The package with the simd128 module inside: no wasm file to host. A browser without SIMD goes on
 * with the next rung of the chain. */
import { createRecommender as create } from './index.js';
import { WASM } from './inline_wasm.js';

export { VERSION, WASM_SHA256, VitrineError } from './index.js';

/** Base64 of gzip: what is packed twice travels as small as what is packed once. */
async function unpack() {
  const packed = Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0));
  try {
    return await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  } catch {
    return packed; // a browser that cannot unpack takes it for what it is: no wasm
  }
}

/** @param {any} options @returns {Promise<any>} */
export async function createRecommender(options) {
  if (options?.wasmUrl ?? options?.wasmModule ?? options?.wasmBinary) return create(options);
  return create({ ...options, wasmBinary: await unpack() });
}
