// @ts-check
/* What no first shelf needs: reasons, forgetting, export and import, numbers. Fetched once the shelf
 * stands. Each function takes the context of its recommender first. */
import { PARTS, WHO } from './constants.js';
import { failure } from './errors.js';
import { modelOf, reasonsOf } from './engine_more.js';
import { exportProfile, forgetItem, forgetSince, importProfile } from './journal_more.js';

/** @typedef {import('./recommender.js').Context} Context */

/** @param {Context} c @param {import('./shelves.js').Shelf} shelf */
export function reasons(c, { source, list, who, seed, own }) {
  const engine = /** @type {import('./engine.js').Engine} */ (c.engine), ids = c.journal?.ids ?? [];
  const items = list.map(({ item }) => item);
  const found = source === 'model' ? reasonsOf(engine, who, items.slice(0, own)) : [];
  const seedId = seed < 0 ? null : engine.id(seed);
  return items.map((item, i) => {
    /** @param {string} kind @param {number} share @param {string | null} source_item_id @param {number} [event] */
    const reason = (kind, share, source_item_id, event = -1) => ({ kind, share, source_item_id, event_id: ids[event] ?? null });
    if (i >= own || source === 'popular') return reason('popularity', 1, null);
    if (source === 'content') return reason('content', 1, seedId);
    if (source === 'recent') {
      let last = engine.events() - 1;
      while (last >= 0 && engine.event(last).item !== item) last--;
      return reason('recent', 1, engine.id(item), last);
    }
    const { kind, share, source: from, event } = found[i];
    return reason(kind, share, from >= 0 ? engine.id(from) : seedId, who === WHO.visitor ? event : -1);
  });
}

/** @param {Context} c @param {string} item_id */
export function explain({ engine, journal }, item_id) {
  const item = engine ? engine.find(item_id) : -1;
  if (!engine || !journal || item < 0) return null;
  const [{ kind, share, parts, event, source, lost }] = reasonsOf(engine, WHO.visitor, [item]);
  const kept = event >= 0 ? journal.events()[event] ?? null : null;
  return {
    item_id,
    reason: { kind, share, source_item_id: source >= 0 ? engine.id(source) : null, event_id: kept?.event_id ?? null },
    parts,
    lost_without_event: lost,
    event: kept,
    score: engine.rerank([item])[0].score,
  };
}

/** @param {Context} c @param {any} what @param {number} since */
export async function forget(c, what, since) {
  const { journal } = c, before = journal?.size ?? 0;
  let erased = true;
  if (what === 'all') {
    c.held = [];
    journal?.blank();
    await journal?.store.clear();
    if (c.storage) erased = await (await import('./keeping.js')).eraseStorage();
  } else if (journal) {
    erased = await ('item_id' in what ? forgetItem(journal, String(what.item_id)) : forgetSince(journal, since));
  }
  const answer = { before, after: journal?.size ?? 0, erased };
  c.emit('storage', { state: journal?.store.state ?? 'memory', forgot: answer });
  return answer;
}

/** @param {Context} c @param {string} what */
function journalOf({ journal }, what) {
  if (!journal) throw failure('no_model', { what });
  return journal;
}

/** @param {Context} c */
export const exported = (c) => ({ ...exportProfile(journalOf(c, 'export')), settings: { consent: c.state } });

/** @param {Context} c @param {unknown} data */
export function imported(c, data) {
  const journal = journalOf(c, 'import');
  if (c.state === 'denied') throw failure('consent', { what: 'import' });
  return importProfile(journal, data);
}

/** Speed and size so far. @param {Context} c */
export function metrics({ engine, latencies, results, bytes, load_ms, variant, warnings, errors }) {
  const sorted = [...latencies].sort((a, b) => a - b);
  /** @param {number} q */
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return {
    variant, load_ms,
    bytes: { ...bytes, memory: engine?.memoryBytes ?? 0 },
    results,
    latency_ms: { last: latencies[(results - 1) % latencies.length] ?? 0, median: at(0.5), p95: at(0.95) },
    model: { ...(engine ? modelOf(engine) : { version: 0, hash: '', card: '' }), parts: PARTS },
    warnings: [...warnings],
    errors,
  };
}
