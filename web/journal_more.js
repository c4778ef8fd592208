// @ts-check
/* Keeps the profile in the engine and the store in step over more than one page: restoring, folding,
 * forgetting, carrying from one consent to the next. */
import { EVENTS_KEPT } from './constants.js';
import { WHO } from './constants_more.js';
import { failure, isObject } from './errors.js';
import { eventAt, loadProfile, modelOf, saveProfile } from './engine_more.js';
import { fromBase64, recordId, toBase64 } from './record.js';

/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./record.js').Snapshot} Snapshot */

/** Make the profile anew from the store, with what this tab has not written yet on top.
 * @param {Journal} journal @returns {Promise<number>} records that could not be read */
export const restore = async (journal) => take(journal, await journal.store.load());

/** The same of what the store answered. @param {Journal} journal @param {import('./no_store.js').Loaded | null} loaded */
export function take(journal, loaded) {
  const { store, engine } = journal;
  if (!loaded) return 0; // no answer: the profile in memory goes on
  const { snapshot, records, skipped } = loaded;
  engine.x.$forget_all(WHO.visitor);
  journal.ids = [];
  if (snapshot) loadSnapshot(journal, snapshot);
  for (const record of records) journal.clock = Math.max(journal.clock, record.seq);
  const known = new Set([...journal.ids, ...records.map(recordId)]);
  journal.take(records);
  for (const record of store.pending) if (!known.has(recordId(record))) journal.apply(record);
  if (store.kept > EVENTS_KEPT) void compact(journal);
  return skipped;
}

/** @param {Journal} journal @param {Snapshot} snapshot */
function loadSnapshot(journal, { bytes, ids }) {
  try {
    loadProfile(journal.engine, bytes);
  } catch {
    journal.warn('profile_unreadable');
    return;
  }
  name(journal, ids);
  for (const id of journal.ids) journal.clock = Math.max(journal.clock, parseInt(id.split('-')[1], 36) || 0);
}

/** Items that left the catalog took their events along; which ones, the engine does not say.
 * @param {Journal} journal @param {any[]} ids */
function name(journal, ids) {
  const fit = ids.length === journal.size && ids.every((id) => typeof id === 'string' && id.length < 64);
  journal.ids = fit ? [...ids] : Array.from({ length: journal.size }, (_, i) => `kept-${i}`);
}

/** @param {Journal} journal @returns {Snapshot} */
export const snapshotOf = (journal) => ({ bytes: saveProfile(journal.engine), ids: [...journal.ids] });

/** Fold the log into one saved profile. @param {Journal} journal */
export const compact = (journal) => journal.store.replace(snapshotOf(journal));

/** Bring over what was learnt under another consent: as it is where nothing was kept, otherwise event
 * by event on top of what was.
 * @param {Journal} journal @param {Snapshot} snapshot @param {import('./journal.js').KeptEvent[]} events */
export async function carry(journal, snapshot, events) {
  if (journal.size === 0) loadSnapshot(journal, snapshot);
  else {
    const known = new Set(journal.ids);
    for (const { event_id, type, item_id, time } of events)
      if (!known.has(event_id)) journal.add(type, item_id, time, 0);
  }
  await compact(journal);
}

/** @param {Journal} journal @param {(index: number) => boolean} goes @param {() => void} forget
 * @param {import('./no_store.js').Match} match @returns {Promise<boolean>} false: not confirmed by the store */
async function drop(journal, goes, forget, match) {
  const now = () => {
    const stay = journal.ids.filter((_, i) => !goes(i));
    forget();
    journal.ids = stay;
    journal.funnel?.forget(match);
  };
  for (let tries = 0; tries < 3; tries++) {
    now();
    const done = await journal.store.replace(snapshotOf(journal), match);
    now(); // another tab's events may have come in meanwhile
    if (done) return true;
    // Another tab swapped the snapshot in between: read, forget, and write again.
    if (journal.store.state !== 'open') return false;
    await restore(journal);
  }
  return false;
}

/** @param {Journal} journal @param {string} item_id */
export function forgetItem(journal, item_id) {
  const { engine } = journal, item = engine.find(item_id);
  return drop(journal, (i) => eventAt(engine, i).item === item,
    () => void (item >= 0 && engine.x.$forget_item(WHO.visitor, item)), { item_id });
}

/** @param {Journal} journal @param {number} since ms */
export function forgetSince(journal, since) {
  const { engine } = journal, seconds = Math.floor(since / 1000);
  return drop(journal, (i) => eventAt(engine, i).time >= seconds,
    () => void engine.x.$forget_since(WHO.visitor, seconds), { since: seconds * 1000 });
}

/** The profile as JSON data. docs/storage.md describes it. @param {Journal} journal */
export function exportProfile(journal) {
  const { version, hash } = modelOf(journal.engine);
  return {
    schema: 'vitrine-profile/1',
    exported_at: new Date().toISOString(),
    model: { version, hash },
    events: journal.events(),
    profile: toBase64(saveProfile(journal.engine)),
  };
}

/** Put an exported profile in place of this one. Only the named fields are read.
 * @param {Journal} journal @param {any} data @returns {Promise<{ events: number, skipped: number }>} */
export async function importProfile(journal, data) {
  if (!isObject(data) || data.schema !== 'vitrine-profile/1' || typeof data.profile !== 'string' || !Array.isArray(data.events))
    throw failure('bad_profile', { problem: 'this is no exported profile' });
  let bytes;
  try {
    bytes = fromBase64(data.profile);
  } catch (cause) {
    throw failure('bad_profile', { problem: 'profile is not base64' }, cause);
  }
  const skipped = loadProfile(journal.engine, bytes); // throws and changes nothing when it is damaged
  name(journal, data.events.map((/** @type {any} */ event) => event?.event_id));
  await compact(journal);
  return { events: journal.size, skipped };
}
