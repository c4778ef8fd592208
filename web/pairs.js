// @ts-check
/* The model and the catalog that opened last, kept in the Cache API under their own sums, for the day
 * when the host answers with something else. A pointer names the pair; it changes only when both lie
 * there, so half a pair is never taken. Only with consent, and only where the page is a secure one. */
import { ABI, EVENTS_KEPT } from './constants.js';
import { Engine } from './engine.js';
import { startWasm } from './load.js';
import { hex, sha256 } from './transfer.js';

const NAME = `vitrine-${ABI}`;
/** Addresses that no host is asked for. @param {string} name */
const at = (name) => `/vitrine-pair/${name}`;
/** Bytes handed to the cache at once; how long an idle moment is waited for. */
const PIECE = 1 << 16, IDLE_MS = 5000, PUT_MS = 1000;
/** @typedef {import('./model_source.js').Bytes} Bytes */
/** @typedef {{ urls: string, model: string, catalog: string, version: number, catalogVersion: number }} Pointer */

/** @returns {Promise<Pointer | null>} */
export async function pointerOf() {
  try {
    // Asked in one trip, which makes no cache where there is none.
    const found = await caches.match(at('pointer'), { cacheName: NAME });
    if (!found) return null;
    const { urls, model, catalog, version, catalogVersion = 0 } = await found.json();
    const sums = [model, catalog].every((sum) => typeof sum === 'string' && /^([0-9a-f]{64})?$/.test(sum));
    const known = typeof urls === 'string' && sums && model !== '' && Number.isSafeInteger(version) && Number.isSafeInteger(catalogVersion);
    return known ? { urls, model, catalog, version, catalogVersion } : null;
  } catch {
    return null;
  }
}

/** Whether there is a cache to ask: a browser that blocks storage throws at the name alone. */
function hasCache() {
  try {
    return Boolean(globalThis.caches);
  } catch {
    return false;
  }
}

/** The content version in the header of a .vitrine file. @param {Bytes} bytes */
const versionOf = (bytes) => {
  const [{ buffer, byteOffset }] = [bytes].flat();
  return Number(new DataView(buffer, byteOffset).getBigUint64(32, true));
};
/** Which files they are: another shop's pair is no help. @param {any} model @param {any} catalog */
const urlsOf = (model, catalog) => `${model?.url} ${catalog?.url}`;

/** Whether a model or a catalog is older than the one that opened last: served again by mistake or by
 * somebody else. @param {any} model @param {any} catalog  as the shop names them
 * @param {Bytes} modelBytes @param {Bytes | null} catalogBytes @param {Pointer | null} pointer */
const isOlder = (model, catalog, modelBytes, catalogBytes, pointer) => pointer?.urls === urlsOf(model, catalog)
  && (versionOf(modelBytes) < pointer.version || (catalogBytes !== null && versionOf(catalogBytes) < pointer.catalogVersion));

/** The last pair, checked against its sums; null when there is none.
 * @param {any} model @param {any} catalog @returns {Promise<{ model: Uint8Array, catalog: Uint8Array | null } | null>} */
async function lastPair(model, catalog) {
  try {
    const cache = await caches.open(NAME), pointer = await pointerOf();
    if (pointer?.urls !== urlsOf(model, catalog)) return null;
    const [one, other] = await Promise.all([pointer.model, pointer.catalog].map(async (sum) => {
      if (!sum) return null;
      const bytes = new Uint8Array(await /** @type {Response} */ (await cache.match(at(sum))).arrayBuffer());
      if ((await sha256(bytes)) !== sum) throw new Error('damaged');
      return bytes;
    }));
    return one && { model: one, catalog: other };
  } catch {
    return null;
  }
}

/** Counts how often everything was to go: what was about to be kept then is not. */
let erased = 0;
/** A pair on its way into the cache. @type {Promise<void>} */
let putting = Promise.resolve();
/** Everything is to go. @returns {Promise<void>} when nothing is on its way into the cache any more, which would be made
 * anew after it was deleted; a cache that gives no answer is not waited for, and deleted by whoever puts */
export function dropWaiting() {
  erased++;
  return Promise.race([putting, new Promise((done) => setTimeout(done, PUT_MS))]);
}

/** A file in pieces, so that handing it to the cache stops the page for none of them long.
 * @param {Uint8Array} bytes */
function inPieces(bytes) {
  let at = 0;
  return new Response(new ReadableStream({
    /** @param {ReadableStreamDefaultController} to */
    pull(to) {
      if (at >= bytes.length) return to.close();
      to.enqueue(bytes.slice(at, (at += PIECE)));
    },
  }));
}

/** @type {(value?: unknown) => void} */
let isThere;
/** What is kept of the visitor was read: then comes the first shelf, for whose sake nothing waits before. */
const there = new Promise((done) => (isThere = done));
export { isThere };

/** When the page has nothing else to do. */
const idle = () => new Promise((done) => globalThis.requestIdleCallback?.(done, { timeout: IDLE_MS }) ?? setTimeout(done, IDLE_MS / 5));

/** Put together beside the page's thread. @param {Bytes} came */
const inOne = async (came) => new Uint8Array(await new Blob(/** @type {any} */ ([came].flat())).arrayBuffer());

/** Keep a pair that opened. @param {any} model @param {any} catalog @param {Bytes} modelCame @param {Bytes | null} catalogCame */
async function keepPair(model, catalog, modelCame, catalogCame) {
  const then = erased;
  await there;
  await idle();
  if (then === erased) await (putting = putPair(then, model, catalog, modelCame, catalogCame));
}

/** The same, now. @param {number} then  how often everything was to go before
 * @param {any} model @param {any} catalog @param {Bytes} modelCame @param {Bytes | null} catalogCame */
async function putPair(then, model, catalog, modelCame, catalogCame) {
  try {
    const modelBytes = await inOne(modelCame), catalogBytes = catalogCame && await inOne(catalogCame);
    const cache = await caches.open(NAME), before = await pointerOf();
    const pointer = { urls: urlsOf(model, catalog), model: await sha256(modelBytes), catalog: catalogBytes ? await sha256(catalogBytes) : '',
      version: versionOf(modelBytes), catalogVersion: catalogBytes ? versionOf(catalogBytes) : 0 };
    if (!pointer.model || (before?.model === pointer.model && before.catalog === pointer.catalog && before.urls === pointer.urls)) return;
    if (then === erased) await cache.put(at(pointer.model), inPieces(modelBytes));
    if (catalogBytes && then === erased) await cache.put(at(pointer.catalog), inPieces(catalogBytes));
    if (then === erased) await cache.put(at('pointer'), new Response(JSON.stringify(pointer)));
    for (const sum of [before?.model, before?.catalog])
      if (sum && sum !== pointer.model && sum !== pointer.catalog) await cache.delete(at(sum));
  } catch {
    // Full, or no secure page: the host has the files.
  } finally {
    if (then !== erased) await caches.delete(NAME).catch(() => {});
  }
}

/** Open what came, or the last pair where it did not come, does not open, or is older.
 * @param {(model: Bytes, catalog: Bytes | null) => Promise<unknown>} open
 * @param {{ model?: any, catalog?: any, consent: string }} asked @param {Bytes | null} model @param {Bytes | null} catalog what came
 * @param {Set<string>} warnings @param {Promise<Pointer | null> | null} pointer  as it was when they were asked for */
export async function openBest(open, asked, model, catalog, warnings, pointer) {
  if (asked.consent !== 'granted' || !asked.model?.url || !hasCache()) return void (model && await open(model, catalog));
  const whole = catalog !== null || asked.catalog?.url === undefined;
  let tried = false;
  const older = model !== null && isOlder(asked.model, asked.catalog, model, catalog, await pointer);
  if (older) warnings.add('version_replayed');
  if (model && whole && !older && (tried = true) && await open(model, catalog)) {
    // A refused catalog leaves the model alone, and a warning: that is no good pair.
    if (!warnings.size) void keepPair(asked.model, asked.catalog, model, catalog);
    return;
  }
  const last = await lastPair(asked.model, asked.catalog);
  if (last && await open(last.model, last.catalog)) warnings.add('cached_pair');
  else if (model && !older && !tried) await open(model, catalog);
}

/** A file as it lies in the engine's memory, where it is used in place; null when it is not the one that opened.
 * @param {import('./engine.js').Engine} engine @param {'model' | 'catalog'} what */
function fileOf(engine, what) {
  const [at, length] = engine.files[what] ?? [];
  const opened = at !== undefined && hex(engine.u8(at + 72, 32)) === hex(engine.u8((what === 'model' ? engine.x.$model_hash : engine.x.$catalog_hash)(), 32));
  return opened ? engine.u8(at, length).slice() : null;
}

/** A yes that came after opening, when nothing of the pair could be read yet: keep what opened, or open the last
 * pair where what opened is older or stands in for a model that did not come. Asks no host.
 * @param {import('./recommender.js').Context} c
 * @returns {Promise<import('./engine.js').Engine | null | void>} over that pair, with an empty profile */
export async function settle(c) {
  const { engine, model, catalog, warnings, errors, items: rows } = c;
  isThere(); // the first shelf stood before the visitor's answer
  if (!engine || !model?.url || !hasCache()) return null;
  const own = fileOf(engine, 'model'), fetched = catalog?.url === undefined ? null : fileOf(engine, 'catalog');
  if (!own) return null;
  const older = !engine.first && isOlder(model, catalog, own, fetched, await pointerOf());
  if (older) warnings.add('version_replayed');
  else if (!engine.first && !errors.length) return void keepPair(model, catalog, own, fetched);
  const last = await lastPair(model, catalog);
  if (!last) return null;
  try {
    const { module } = await c.loading, opened = new Engine(await startWasm(module, last.model.length + (last.catalog?.length ?? 0), rows?.length));
    await opened.openModel(last.model);
    await opened.openCatalog(rows ? (await import('./columns.js')).catalogFile(opened, rows) : last.catalog);
    await opened.openProfiles(EVENTS_KEPT);
    opened.x.$learn(Number(c.learn));
    warnings.add('cached_pair');
    return opened;
  } catch {
    return null; // what opened stays
  }
}
