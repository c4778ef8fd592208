// @ts-check
/* The visitor's events, in the engine and in the store at once. What restores, folds and forgets them
 * is in journal_more.js: a first visit needs none of it. */
import { SEEN_KIND, WHO } from './constants_more.js';
import { eventAt, kindName, kindOf } from './engine_more.js';

/** @typedef {import('./record.js').Rec} Rec */
/** @typedef {{ event_id: string, type: string, item_id: string, time: number }} KeptEvent */

/** @param {Rec} record */
export const recordId = ({ tab, seq }) => `${tab.toString(36)}-${seq.toString(36)}`;

/** Which came first: `seq` counts on over all tabs, whatever the clocks say.
 * @param {Rec} a @param {Rec} b */
export const byOrder = (a, b) => a.seq - b.seq || a.tab - b.tab;

export class Journal {
  engine;
  /** @type {import('./no_store.js').NoStore} */
  store;
  warn;
  /** event_id of each event in the engine, oldest first. @type {string[]} */
  ids = [];
  clock = 0;
  /** What else the store keeps. @type {import('./funnel.js').Funnel | undefined} */
  funnel;
  #tab = Math.floor(Math.random() * 2 ** 40);

  /** @param {import('./engine.js').Engine} engine @param {import('./no_store.js').NoStore} store
   * @param {(code: string) => void} warn @param {import('./funnel.js').Funnel} [funnel] */
  constructor(engine, store, warn, funnel) {
    this.engine = engine;
    this.store = store;
    this.warn = warn;
    this.funnel = funnel;
  }

  get size() {
    return this.engine.x.$events(WHO.visitor);
  }

  /** @returns {KeptEvent[]} oldest first */
  events() {
    return this.ids.map((event_id, i) => {
      const { item, kind, time } = eventAt(this.engine, i);
      return { event_id, type: kindName(kind), item_id: this.engine.id(item), time: time * 1000 };
    });
  }

  /** @param {Rec} record @returns {boolean} whether the engine took it in */
  apply(record) {
    const engine = this.engine, before = this.size;
    this.clock = Math.max(this.clock, record.seq);
    const item = engine.find(record.item_id), kind = kindOf(record.type);
    if (item < 0 || kind < 0) return false;
    // What was shown tires an item and is no event of the visitor's.
    if (kind === SEEN_KIND) return engine.x.$seen(item, Math.floor(record.time / 1000)) === 0;
    if (engine.x.$observe(WHO.visitor, item, kind, Math.floor(record.time / 1000), record.value) !== 0) return false;
    this.ids.push(recordId(record));
    // A full profile folds its oldest events into its base.
    this.ids.splice(0, before + 1 - this.size);
    return true;
  }

  /** @param {string} type @param {string} item_id @param {number} time ms @param {number} value
   * @returns {string | null} event_id, null when the engine does not know the item */
  add(type, item_id, time, value) {
    const record = { tab: this.#tab, seq: this.clock + 1, type, item_id, time, value };
    if (!this.apply(record)) return null;
    this.store.append(record);
    return recordId(record);
  }

  /** Events of another tab. @param {Rec[]} records */
  take(records) {
    for (const record of records.sort(byOrder)) this.apply(record);
  }

  /** Empty the profile in memory alone. */
  blank() {
    this.engine.x.$forget_all(WHO.visitor);
    this.ids = [];
  }
}
