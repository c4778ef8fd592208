// @ts-check
/* Finds the wasm module that this engine runs right, and starts it: fetched and tried while the model is
 * on its way, started when the files' sizes say how much memory it may take.
 *
 * The variants give the same lists; they differ in speed. Which one runs is asked of the engine
 * itself, by tiny modules: whether it accepts the instructions, and whether the int8 dot product
 * comes out right, since one engine accepts it and computes it wrongly (Node 20 on AVX-VNNI). */
import { ABI } from './constants.js';
import { VitrineError, failure } from './errors.js';
import { asBytes, download, refuseHtml, whole } from './model_source.js';

/** @typedef {'relaxed' | 'simd128' | 'plain'} Variant */
/** @typedef {{ exports: Record<string, any>, memory: WebAssembly.Memory, variant: Variant }} Wasm */

/** As the module counts them. @type {Variant[]} */
const VARIANTS = ['plain', 'simd128', 'relaxed'];
const PAGE = 65536;
/** Working memory for each byte of a file, and for each item given as an object: a generous bound,
 * declared but not taken. */
const ROOM = 16 << 20, ROOM_PER_BYTE = 8, ROOM_PER_ITEM = 4096;
/** The module declares 512 KB as its least; the files' bytes and working memory come on top. */
const FIRST_PAGES = 8;
const MOST_PAGES = 32768;

/** A module that exports f: () -> i32 with the given body. Every length stays below 128.
 * @param {number[]} body */
const probe = (body) => new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version
  1, 5, 1, 96, 0, 1, 127, // type: () -> i32
  3, 2, 1, 0, // function 0 has type 0
  7, 5, 1, 1, 102, 0, 0, // export 'f'
  10, body.length + 4, 1, body.length + 2, 0, ...body, 11,
]);
// Sixteen equal bytes each: i32.const, i8x16.splat. The answer is the first lane, i32x4.extract_lane 0.
const SIMD128 = probe([65, 1, 253, 15, 253, 98, 253, 27, 0]); // i8x16.popcnt of 1
const RELAXED = probe([ // i32x4.relaxed_dot_i8x16_i7x16_add_s of -128 and 127, and 0
  65, 128, 127, 253, 15, 65, 255, 0, 253, 15, 65, 0, 253, 15, 253, 147, 2, 253, 27, 0]);

/** @param {Uint8Array} bytes @param {number} right */
function answers(bytes, right) {
  try {
    return /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(/** @type {any} */ (bytes))).exports).f() === right;
  } catch {
    return false;
  }
}

/** The variants this engine computes rightly, fastest first.
 * @returns {Variant[]} */
export function variants() {
  return VARIANTS.slice(0, answers(RELAXED, 4 * -128 * 127) ? 3 : answers(SIMD128, 0x01010101) ? 2 : 1).reverse();
}

/** @param {Variant} variant @param {string | URL | undefined} folder */
function place(variant, folder) {
  if (folder !== undefined) return folder + { plain: 'vitrine.wasm', simd128: 'vitrine-simd.wasm', relaxed: 'vitrine-relaxed.wasm' }[variant];
  // Bundlers find the files by exactly this pattern.
  if (variant === 'relaxed') return new URL('./vitrine-relaxed.wasm', import.meta.url);
  if (variant === 'simd128') return new URL('./vitrine-simd.wasm', import.meta.url);
  return new URL('./vitrine.wasm', import.meta.url);
}

/** Start a module over a memory of its own.
 * @param {WebAssembly.Module} module
 * @param {number} [files]  bytes of what will be opened
 * @param {number} [rows]  items that come as rows
 * @returns {Promise<Wasm>} */
export async function startWasm(module, files = 0, rows = 0) {
  const room = ROOM + ROOM_PER_BYTE * files + ROOM_PER_ITEM * rows;
  try {
    const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: Math.min(FIRST_PAGES + room / PAGE, MOST_PAGES) });
    // It gets the memory and nothing else: a module that wants more is refused here.
    const { exports } = /** @type {{ exports: Record<string, any> }} */ (
      await WebAssembly.instantiate(module, { env: { memory } }));
    const abi = exports.abi?.();
    if (abi !== ABI) throw failure('abi_mismatch', { found: `ABI ${abi}`, expected: ABI });
    exports._initialize?.();
    const variant = VARIANTS[exports.variant()];
    if (exports.known_answer() !== 1) throw failure('known_answer', { variant });
    return { exports, memory, variant };
  } catch (/** @type {any} */ cause) {
    if (cause instanceof VitrineError) throw cause;
    throw cause instanceof RangeError ? failure('out_of_memory', { bytes: room }, cause)
      : failure('abi_mismatch', { found: cause.message, expected: ABI }, cause);
  }
}

/** Load the engine and see that it is right.
 * @param {import('./model_source.js').Transfer
 *   & { wasmUrl?: string | URL, wasmModule?: WebAssembly.Module, wasmBinary?: any, variant?: string }} asked
 *   wasmUrl: a file, or a folder that ends in '/' and holds the three
 * @returns {Promise<{ module: WebAssembly.Module, bytes: number }>} */
export async function loadWasm(asked) {
  const { wasmUrl, wasmModule, wasmBinary, variant } = asked;
  if (typeof WebAssembly !== 'object') throw failure('wasm_unavailable');
  const folder = wasmUrl === undefined || String(wasmUrl).endsWith('/');
  try {
    if (wasmModule) return { module: wasmModule, bytes: 0 };
    const given = asBytes(wasmBinary);
    const tried = variant && variant !== 'auto' ? [/** @type {Variant} */ (variant)] : variants();
    for (;;) {
      const next = /** @type {Variant} */ (tried.shift());
      const from = given ? 'wasmBinary' : folder ? place(next, wasmUrl) : /** @type {any} */ (wasmUrl);
      const bytes = given ?? whole(await download(from, 'wasm', asked));
      try {
        if (String(bytes.subarray(0, 4)) !== '0,97,115,109') {
          await refuseHtml(bytes, 'wasm', from);
          throw failure('not_wasm', { from });
        }
        const module = await WebAssembly.compile(/** @type {any} */ (bytes));
        await startWasm(module);
        return { module, bytes: bytes.length };
      } catch (error) {
        const slower = error instanceof WebAssembly.CompileError || /** @type {any} */ (error).code === 'known_answer';
        if (given || !folder || !slower || tried.length === 0) throw error;
      }
    }
  } catch (/** @type {any} */ cause) {
    asked.signal?.throwIfAborted();
    if (cause instanceof VitrineError) throw cause;
    throw failure(/CSP|unsafe-eval/.test(cause?.message) ? 'csp_wasm_blocked' : 'wasm_failed', {}, cause);
  }
}
