// @ts-check
/* The model and the catalog that opened last, kept in the Cache API under their own sums, for the day
 * when the host answers with something else. A pointer names the pair; it changes only when both lie
 * there, so half a pair is never taken. Only with consent, and only where the page is a secure one. */
import { ABI } from './constants.js';
import { sha256 } from './transfer.js';

const NAME = `vitrine-${ABI}`;
/** Addresses that no host is asked for. @param {string} name */
const at = (name) => `/vitrine-pair/${name}`;
/** @typedef {{ urls: string, model: string, catalog: string, version: number, catalogVersion: number }} Pointer */

/** @param {Cache} cache @returns {Promise<Pointer | null>} */
async function pointerOf(cache) {
  try {
    const { urls, model, catalog, version, catalogVersion = 0 } = await /** @type {Response} */ (await cache.match(at('pointer'))).json();
    const sums = [model, catalog].every((sum) => typeof sum === 'string' && /^([0-9a-f]{64})?$/.test(sum));
    const known = typeof urls === 'string' && sums && model !== '' && Number.isSafeInteger(version) && Number.isSafeInteger(catalogVersion);
    return known ? { urls, model, catalog, version, catalogVersion } : null;
  } catch {
    return null;
  }
}

/** The content version in the header of a .vitrine file. @param {Uint8Array} bytes */
const versionOf = (bytes) => Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(32, true));
/** Which files they are: another shop's pair is no help. @param {any} model @param {any} catalog */
const urlsOf = (model, catalog) => `${model?.url} ${catalog?.url}`;

/** Whether a model or a catalog is older than the one that opened last: served again by mistake or by
 * somebody else. @param {any} model @param {any} catalog  as the shop names them
 * @param {Uint8Array} modelBytes @param {Uint8Array | null} catalogBytes */
async function isOlder(model, catalog, modelBytes, catalogBytes) {
  try {
    const pointer = await pointerOf(await caches.open(NAME));
    return pointer?.urls === urlsOf(model, catalog) && (versionOf(modelBytes) < pointer.version
      || (catalogBytes !== null && versionOf(catalogBytes) < pointer.catalogVersion));
  } catch {
    return false;
  }
}

/** The last pair, checked against its sums; null when there is none.
 * @param {any} model @param {any} catalog @returns {Promise<{ model: Uint8Array, catalog: Uint8Array | null } | null>} */
async function lastPair(model, catalog) {
  try {
    const cache = await caches.open(NAME), pointer = await pointerOf(cache);
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

/** Keep a pair that opened. @param {any} model @param {any} catalog @param {Uint8Array} modelBytes @param {Uint8Array | null} catalogBytes */
async function keepPair(model, catalog, modelBytes, catalogBytes) {
  try {
    const cache = await caches.open(NAME), before = await pointerOf(cache);
    const pointer = { urls: urlsOf(model, catalog), model: await sha256(modelBytes), catalog: catalogBytes ? await sha256(catalogBytes) : '',
      version: versionOf(modelBytes), catalogVersion: catalogBytes ? versionOf(catalogBytes) : 0 };
    if (!pointer.model || (before?.model === pointer.model && before.catalog === pointer.catalog && before.urls === pointer.urls)) return;
    await cache.put(at(pointer.model), new Response(/** @type {any} */ (modelBytes)));
    if (catalogBytes) await cache.put(at(pointer.catalog), new Response(/** @type {any} */ (catalogBytes)));
    await cache.put(at('pointer'), new Response(JSON.stringify(pointer)));
    for (const sum of [before?.model, before?.catalog])
      if (sum && sum !== pointer.model && sum !== pointer.catalog) await cache.delete(at(sum));
  } catch {
    // Full, or no secure page: the host has the files.
  }
}

/** Open what came, or the last pair where it did not come, does not open, or is older.
 * @param {(model: Uint8Array, catalog: Uint8Array | null) => Promise<unknown>} open
 * @param {{ model?: any, catalog?: any, consent: string }} asked @param {Uint8Array | null} model @param {Uint8Array | null} catalog what came
 * @param {Set<string>} warnings */
export async function openBest(open, asked, model, catalog, warnings) {
  if (asked.consent !== 'granted' || !asked.model?.url || !globalThis.caches) return void (model && await open(model, catalog));
  const whole = catalog !== null || asked.catalog?.url === undefined;
  let tried = false;
  const older = model !== null && await isOlder(asked.model, asked.catalog, model, catalog);
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
