// @ts-check
/* Finds the wasm module that this engine runs right, and starts it: fetched and tried while the model is
 * on its way, started when the files' sizes say how much memory it may take.
 *
 * The variants give the same lists; they differ in speed. */
import { ABI } from './constants.js';
import { VitrineError, failure } from './errors.js';
import { asBytes, download, refuseHtml, whole } from './model_source.js';
import { VARIANTS, variants } from './variants.js';

export { variants };

/** @typedef {import('./variants.js').Variant} Variant */
/** @typedef {{ exports: Record<string, any>, memory: WebAssembly.Memory, variant: Variant }} Wasm */

const PAGE = 65536;
/** Working memory for each byte of a file, and for each item given as an object: a generous bound,
 * declared but not taken. */
const ROOM = 16 << 20, ROOM_PER_BYTE = 8, ROOM_PER_ITEM = 4096;
/** The module declares 512 KB as its least; the files' bytes and working memory come on top. */
const FIRST_PAGES = 8;
const MOST_PAGES = 32768;

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
    const abi = exports.$abi?.();
    if (abi !== ABI) throw failure('abi_mismatch', { found: `ABI ${abi}`, expected: ABI });
    const variant = VARIANTS[exports.$variant()];
    if (exports.$known_answer() !== 1) throw failure('known_answer', { variant });
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
