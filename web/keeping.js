// @ts-check
/* What keeps the profile beyond this page, and how consent changes it. Fetched only by pages that may
 * keep something. */
import { AdapterStore, eraseFrom } from './adapter_store.js';
import { isObject } from './errors.js';
import { NoStore } from './no_store.js';
import { carry, compact, restore, snapshotOf, take } from './journal_more.js';
import { dropWaiting, isThere, openBest, pointerOf, settle } from './pairs.js';
import { recordId } from './record.js';
import { SessionStore } from './session_store.js';
import { LogStore, connectAhead, eraseStorage } from './store.js';

/** @typedef {import('./recommender.js').Context} Context */
/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./model_source.js').Bytes} Bytes */

/** With a yes from the start: ask the browser's storage while the files come. What is returned opens them.
 * @param {any} asked @returns {(open: (model: Bytes, catalog: Bytes | null) => Promise<unknown>, model: Bytes | null, catalog: Bytes | null,
 *   warnings: Set<string>) => Promise<void>} */
export function ahead(asked) {
  const granted = asked.consent === 'granted', pointer = granted && asked.model?.url ? pointerOf() : null;
  const leave = granted && !isObject(asked.storage) && hasDatabase() ? connectAhead() : () => {};
  if (globalThis.document && asked.sources?.length) import('./adapters.js').then((it) => it.ahead(asked.sources, asked.consent)).catch(() => {});
  return async (open, model, catalog, warnings) => {
    let opened = false;
    try {
      await openBest(async (...pair) => (opened = Boolean(await open(...pair))), asked, model, catalog, warnings, pointer);
    } finally {
      if (!opened) leave();
    }
  };
}

/** Everything of ours that lies in the browser's storage, and in the shop's own.
 * @param {Context} c @returns {Promise<boolean>} whether that was confirmed */
export async function erase({ storage }) {
  await dropWaiting();
  const [ours, theirs] = await Promise.all([eraseStorage(), !isObject(storage) || eraseFrom(/** @type {any} */ (storage))]);
  return ours && theirs;
}

/** Go over to a store that fits the new state, with what was learnt so far.
 * @param {Context} c @param {import('./recommender.js').Consent} state @param {boolean} keep  what is stored */
export async function change(c, state, keep) {
  const journal = /** @type {Journal} */ (c.journal), old = journal.store;
  if (state === 'denied') {
    journal.blank();
    journal.funnel?.blank();
  }
  if (state === 'granted' || keep) await old.close();
  else {
    await old.clear();
    await old.close();
    await erase(c);
  }
  // With a yes from the start it was done while loading.
  const other = state === 'granted' && c.consent !== 'granted' ? await settle(c) : null;
  const store = state === 'denied' ? new NoStore() : state === 'session'
    ? new SessionStore(() => snapshotOf(journal), journal.funnel) : logStore(c, journal);
  const loaded = await store.load();
  if (!c.journal) return store.close(); // closed meanwhile
  // Only now, and all at once: a page that says yes often has something to tell in the same breath.
  const carried = state === 'denied' ? [] : journal.events();
  const base = carried.length === 0 ? null : snapshotOf(journal);
  journal.blank();
  if (other) c.engine = journal.engine = other;
  journal.store = store;
  if (journal.funnel) journal.funnel.touch = () => journal.store.touch();
  told(c, journal, take(journal, loaded));
  if (base) await carry(journal, base, carried);
  isThere();
}

/** @param {Context} c @param {Journal} journal @param {number} skipped records that could not be read */
function told(c, journal, skipped) {
  if (skipped) c.emit('storage', { state: journal.store.state, skipped });
}

/** A browser that blocks storage throws at the name alone. */
function hasDatabase() {
  try {
    return Boolean(globalThis.indexedDB);
  } catch {
    return false;
  }
}

/** @param {Context} c @param {Journal} journal */
function logStore(c, journal) {
  /** @param {string} state @param {unknown} error */
  const onState = (state, error) => {
    if (state === 'open') c.warnings.delete('storage_memory');
    else c.warnings.add('storage_memory');
    c.emit('storage', { state, error });
  };
  const watch = {
    onState,
    /** @param {import('./record.js').Rec[]} records */
    onRecords: (records) => {
      const known = new Set(journal.ids), fresh = records.filter((record) => !known.has(recordId(record)));
      journal.take(fresh);
      for (const { type, time, item_id } of fresh)
        c.emit('event', { type, time, items: [item_id], learnt: true, event_ids: [], skipped: 0, other_tab: true });
    },
    onReset: () => reload(c, journal),
    onErased: () => {
      journal.blank();
      journal.funnel?.blank();
      c.emit('storage', { state: 'closed', erased: true });
    },
    onFull: () => void compact(journal),
  };
  if (isObject(c.storage)) return new AdapterStore(/** @type {any} */ (c.storage), () => snapshotOf(journal), watch, journal.funnel);
  if (!hasDatabase()) {
    c.warnings.add('storage_unavailable');
    return new NoStore();
  }
  return new LogStore(watch, journal.funnel);
}

/** @param {Context} c @param {Journal} journal */
async function reload(c, journal) {
  try {
    told(c, journal, await restore(journal));
  } catch (error) {
    c.emit('error', error);
  }
}
