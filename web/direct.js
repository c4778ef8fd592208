// @ts-check
/* The engine without a page: no events kept, no consent to ask, no shelves. For servers that fill a
 * shelf into HTML, for workers, for tests and for whoever measures. Items and kinds are numbers. */
import { EVENTS_KEPT } from './constants.js';
import { checkOneOf, checkOptions, checkWhole } from './errors.js';
import { asBytes, readSource, sizeOf } from './model_source.js';
import { DirectEngine } from './engine_more.js';
import { loadWasm, startWasm } from './load.js';

const OPTIONS = ['model', 'catalog', 'capacity', 'wasmUrl', 'wasmModule', 'wasmBinary', 'variant', 'signal', 'timeout'];

/** Open an engine over a model. Whatever is wrong with it is thrown.
 * @param {{ model: any, catalog?: any, capacity?: number, wasmUrl?: string | URL, wasmModule?: WebAssembly.Module,
 *   wasmBinary?: any, variant?: string, signal?: AbortSignal, timeout?: number }} options
 *   model, catalog: bytes or { url, sha256? }, or a promise of them; capacity: events a profile keeps one by one
 * @returns {Promise<{ engine: DirectEngine, variant: string }>} */
export async function openEngine(options) {
  checkOptions('openEngine', options, OPTIONS);
  const asked = { timeout: 20000, variant: 'auto', capacity: EVENTS_KEPT, onProgress: () => {}, ...options };
  const { model, catalog, capacity, variant } = asked;
  checkOneOf('variant', variant, ['auto', 'plain', 'simd128', 'relaxed']);
  checkWhole('capacity', capacity, 1, 65536);
  const warn = () => {};
  /** @param {any} promised @param {string} what */
  const read = async (promised, what) => {
    const source = await promised;
    if (!asBytes(source) && source?.url === undefined) throw new TypeError(`${what} wants { url } or bytes`);
    return readSource(source, what, asked, warn);
  };
  const [{ module }, modelBytes, catalogBytes] = await Promise.all([
    loadWasm(asked), read(model, 'model'), catalog === undefined ? null : read(catalog, 'catalog')]);
  const wasm = await startWasm(module, sizeOf(modelBytes) + sizeOf(catalogBytes ?? []));
  const engine = new DirectEngine(wasm);
  await engine.openModel(modelBytes);
  await engine.openCatalog(catalogBytes);
  await engine.openProfiles(capacity);
  return { engine, variant: wasm.variant };
}
