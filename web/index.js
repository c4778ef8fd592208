// @ts-check
/* Vitrine: recommendations that are made where the visitor is. Importing does nothing. */
import { EVENTS_KEPT, VERSION, WASM_SHA256 } from './constants.js';
import { VitrineError, checkFunction, checkIds, checkNumber, checkOneOf, checkOptions, isObject, want, worded } from './errors.js';
import { asBytes, readSource, sizeOf } from './model_source.js';
import { Engine } from './engine.js';
import { Recommender } from './recommender.js';
import { loadWasm, startWasm } from './load.js';

export { VERSION, WASM_SHA256, VitrineError };

/** @typedef {import('./model_source.js').Bytes} Bytes */

const OPTIONS = 'model catalog fallback storage consent wasmUrl wasmModule wasmBinary variant onProgress signal strict timeout '
  + 'learnFromAutomation templates attributionDays sources learn';

/** @param {string} where @param {any} source @param {string} enough options of which one will do */
function checkSource(where, source, enough) {
  if (asBytes(source)) return;
  checkOptions(where, source, 'sha256 publicKey unsigned minVersion ' + enough);
  want(enough.split(' ').some((name) => source[name] !== undefined), `${where} wants { url } or bytes`);
}

/** @param {any} options
 * @returns {Promise<any>} */
export async function createRecommender(options) {
  checkOptions('createRecommender', options, OPTIONS);
  const asked = { onProgress: () => {}, strict: false, timeout: 20000, variant: 'auto', storage: 'indexeddb', consent: 'auto',
    learnFromAutomation: false, attributionDays: 7, fallback: [], learn: 0, ...options };
  const { model, catalog, onProgress, signal, strict, storage, consent, sources, templates } = asked;
  if (model !== undefined) checkSource('model', model, 'url');
  if (catalog !== undefined) checkSource('catalog', catalog, 'url items fromPage');
  want(model ?? catalog, 'no model, no catalog');
  for (const list of [catalog?.items, sources]) want(!list || Array.isArray(list), 'catalog.items and sources want arrays');
  isObject(storage) || checkOneOf('storage', storage, 'indexeddb memory');
  checkOneOf('consent', consent, 'auto granted session denied');
  checkOneOf('variant', asked.variant, 'auto plain simd128 relaxed');
  checkFunction('onProgress', onProgress);
  if (typeof templates !== 'object') checkFunction('templates', templates ?? onProgress);
  checkNumber('attributionDays', asked.attributionDays, 0, 365);
  checkNumber('learn', Number(asked.learn), 0, 1);
  const fallback = checkIds('fallback', asked.fallback);

  const begun = performance.now();
  const bytes = { wasm: 0, model: 0, catalog: 0 };
  /** @type {Set<string>} */
  const warnings = new Set();
  /** @type {unknown[]} */
  const errors = [];
  /** The world's failures become warnings, unless the shop wants them.
   * @param {any} error */
  const refuse = async (error) => {
    signal?.throwIfAborted();
    await worded(error);
    if (strict || !(error instanceof VitrineError)) throw error;
    warnings.add(error.code);
    errors.push(error);
    return null;
  };

  signal?.throwIfAborted();
  const stored = storage !== 'memory';
  /** @param {any} source @param {'model' | 'catalog'} what @returns {Promise<Bytes | null>} */
  const read = async (source, what) => {
    const found = source && await readSource(source, what, asked, (code) => warnings.add(code)).catch(refuse);
    bytes[what] = sizeOf(found ?? []);
    return found;
  };
  // What not every page needs comes beside the model, and before the first list.
  const kept = /^[gs]/.test(consent);
  const rows = catalog?.fromPage ? (await import('./json_ld.js')).itemsOfPage(globalThis.document) : catalog?.items ?? null;
  const coming = Promise.all([
    read(model, 'model'),
    rows ? null : read(catalog, 'catalog'),
    rows ? import('./columns.js') : null,
    kept && stored ? import('./keeping.js').then((it) => it.ahead(asked), () => {}) : null,
    kept ? import('./more.js').catch(() => {}) : null]);
  // Beside the files, whose sizes it waits for to start. What is wrong with it is for whoever opens.
  const loading = loadWasm(asked);
  loading.catch(() => {});
  const [modelBytes, catalogBytes, columns, keeping] = await coming;

  /** @type {Engine | null} */
  let engine = null, found = 'none';
  /** @param {Bytes} file @param {Bytes | null} items @param {number} [first]  the first item that is the shop's */
  const open = async (file, items, first = 0) => {
    try {
      const { module, bytes: length } = await loading, wasm = await startWasm(module, sizeOf(file) + bytes.catalog, rows?.length);
      bytes.wasm = length;
      onProgress({ phase: 'open', file: 'model', loaded: bytes.model, total: bytes.model });
      const opened = new Engine(wasm);
      await opened.openModel(file);
      opened.first = first;
      try {
        await opened.openCatalog(columns ? columns.catalogFile(opened, rows) : items);
      } catch (error) {
        await refuse(error);
        await opened.openCatalog(null);
      }
      await opened.openProfiles(EVENTS_KEPT);
      engine = opened;
      found = wasm.variant;
      return true;
    } catch (error) {
      return await refuse(error);
    }
  };
  if (keeping) await keeping(open, modelBytes, catalogBytes, warnings);
  else if (modelBytes) await open(modelBytes, catalogBytes);
  // Without a model the catalog's own words and figures answer, if the wasm is not what was wrong.
  if (!engine && (catalogBytes || rows?.length) && (!modelBytes || bytes.wasm))
    await open((await import('./catalog_model.js')).catalogModel(), catalogBytes, 1);
  const ready = new Recommender({
    ...asked, engine, loading, variant: found, items: rows, fallback, storage: stored && storage, bytes, warnings, errors, load_ms: performance.now() - begun,
  });
  await ready.begin();
  onProgress({ phase: 'ready', file: 'all', loaded: 0, total: 0 });
  return ready;
}
