// @ts-check
/* Keeps the profile in the engine and the store in step: every event goes to both, and what is
 * forgotten in one is forgotten in the other. */
import { EVENTS_KEPT, WHO } from './constants.js';
import { byOrder, fromBase64, recordId, toBase64 } from './record.js';
import { VitrineError, isObject } from './errors.js';

/** @typedef {import('./record.js').Rec} Rec */
/** @typedef {{ event_id: string, type: string, item_id: string, time: number }} KeptEvent */

export class Journal {
  #engine;
  /** @type {import('./no_store.js').NoStore} */
  store;
  /** event_id of each event in the engine, oldest first. @type {string[]} */
  #ids = [];
  #tab = Math.floor(Math.random() * 2 ** 40);
  #clock = 0;
  #warn;

  /** @param {import('./engine.js').Engine} engine @param {import('./no_store.js').NoStore} store
   * @param {(code: string) => void} warn */
  constructor(engine, store, warn) {
    this.#engine = engine;
    this.store = store;
    this.#warn = warn;
  }

  get size() {
    return this.#engine.events(WHO.visitor);
  }
  /** @param {number} index */
  idOf(index) {
    return this.#ids[index];
  }

  /** @returns {KeptEvent[]} oldest first */
  events() {
    return this.#ids.map((event_id, i) => {
      const { item, kind, time } = this.#engine.event(i);
      return { event_id, type: this.#engine.kindName(kind), item_id: this.#engine.id(item), time: time * 1000 };
    });
  }

  /** @param {Rec} record @returns {boolean} whether the engine took it in */
  #apply(record) {
    const engine = this.#engine, before = this.size;
    this.#clock = Math.max(this.#clock, record.seq);
    const item = engine.find(record.item_id), kind = engine.kindOf(record.type);
    if (item < 0 || kind < 0) return false;
    if (!engine.observe(WHO.visitor, item, kind, Math.floor(record.time / 1000), record.value)) return false;
    this.#ids.push(recordId(record));
    // A full profile folds its oldest events into its base.
    this.#ids.splice(0, before + 1 - this.size);
    return true;
  }

  /** @param {string} type @param {string} item_id @param {number} time ms @param {number} value
   * @returns {string | null} event_id, null when the engine does not know the item */
  add(type, item_id, time, value) {
    const record = { tab: this.#tab, seq: this.#clock + 1, type, item_id, time, value };
    if (!this.#apply(record)) return null;
    this.store.append(record);
    if (this.store.kept > EVENTS_KEPT) void this.compact();
    return recordId(record);
  }

  /** Events of another tab. @param {Rec[]} records */
  take(records) {
    for (const record of records.sort(byOrder)) this.#apply(record);
  }

  /** Make the profile anew from the store, with what this tab has not written yet on top.
   * @returns {Promise<number>} records that could not be read */
  async restore() {
    const loaded = await this.store.load();
    if (!loaded) return 0; // no answer: the profile in memory goes on
    const { snapshot, records, skipped } = loaded;
    this.#engine.forgetAll(WHO.visitor);
    this.#ids = [];
    if (snapshot) this.#loadSnapshot(snapshot);
    for (const record of records) this.#clock = Math.max(this.#clock, record.seq);
    const known = new Set(records.map(recordId));
    this.take(records);
    for (const record of this.store.pending) if (!known.has(recordId(record))) this.#apply(record);
    if (this.store.kept > EVENTS_KEPT) await this.compact();
    return skipped;
  }

  /** @param {import('./record.js').Snapshot} snapshot */
  #loadSnapshot({ bytes, ids }) {
    try {
      this.#engine.load(bytes);
    } catch {
      this.#warn('profile_unreadable');
      return;
    }
    // Items that left the catalog took their events along; which ones, the engine does not say.
    this.#ids = ids.length === this.size ? [...ids] : Array.from({ length: this.size }, (_, i) => `kept-${i}`);
    for (const id of this.#ids) this.#clock = Math.max(this.#clock, parseInt(id.split('-')[1], 36) || 0);
  }

  /** @returns {import('./record.js').Snapshot} */
  snapshot() {
    return { bytes: this.#engine.save(), ids: [...this.#ids] };
  }

  /** Bring over what was learnt under another consent: as it is where nothing was kept, otherwise event
   * by event on top of what was.
   * @param {import('./record.js').Snapshot} snapshot @param {KeptEvent[]} events */
  async carry(snapshot, events) {
    if (this.size === 0) this.#loadSnapshot(snapshot);
    else {
      const known = new Set(this.#ids);
      for (const { event_id, type, item_id, time } of events)
        if (!known.has(event_id)) this.add(type, item_id, time, 0);
    }
    await this.store.replace(this.snapshot());
  }

  /** Fold the log into one saved profile. */
  compact() {
    return this.store.replace(this.snapshot());
  }

  /** @param {(index: number) => boolean} goes @param {() => void} forget
   * @param {import('./no_store.js').Match} match @returns {Promise<boolean>} false: not confirmed by the store */
  async #forget(goes, forget, match) {
    const drop = () => {
      const stay = this.#ids.filter((_, i) => !goes(i));
      forget();
      this.#ids = stay;
    };
    for (let tries = 0; tries < 3; tries++) {
      drop();
      const done = await this.store.replace(this.snapshot(), match);
      drop(); // another tab's events may have come in meanwhile
      if (done) return true;
      // Another tab swapped the snapshot in between: read, forget, and write again.
      if (this.store.state !== 'open') return false;
      await this.restore();
    }
    return false;
  }

  /** @param {string} item_id */
  forgetItem(item_id) {
    const engine = this.#engine, item = engine.find(item_id);
    return this.#forget((i) => engine.event(i).item === item,
      () => void (item >= 0 && engine.forgetItem(item)), { item_id });
  }

  /** @param {number} since ms */
  forgetSince(since) {
    const seconds = Math.floor(since / 1000);
    return this.#forget((i) => this.#engine.event(i).time >= seconds,
      () => void this.#engine.forgetSince(seconds), { since: seconds * 1000 });
  }

  forgetAll() {
    this.blank();
    return this.store.clear();
  }

  /** Empty the profile in memory alone. */
  blank() {
    this.#engine.forgetAll(WHO.visitor);
    this.#ids = [];
  }

  /** The profile as JSON data. docs/storage.md describes it. */
  export() {
    const engine = this.#engine;
    return {
      schema: 'vitrine-profile/1',
      exported_at: new Date().toISOString(),
      model: { version: engine.modelVersion, hash: engine.modelHash },
      events: this.events(),
      profile: toBase64(engine.save()),
    };
  }

  /** Put an exported profile in place of this one. Only the named fields are read.
   * @param {any} data @returns {Promise<{ events: number, skipped: number }>} */
  async import(data) {
    if (!isObject(data) || data.schema !== 'vitrine-profile/1' || typeof data.profile !== 'string' || !Array.isArray(data.events))
      throw new VitrineError('bad_format', 'import: this is no exported profile',
        { hint: 'Give what export() returned: { schema: "vitrine-profile/1", events, profile, ... }.' });
    let bytes;
    try {
      bytes = fromBase64(data.profile);
    } catch (cause) {
      throw new VitrineError('bad_format', 'import: profile is not base64', { cause });
    }
    const skipped = this.#engine.load(bytes); // throws and changes nothing when it is damaged
    const ids = data.events.map((/** @type {any} */ event) => event?.event_id);
    const named = ids.length === this.size && ids.every((/** @type {any} */ id) => typeof id === 'string' && id.length < 64);
    this.#ids = named ? ids : Array.from({ length: this.size }, (_, i) => `kept-${i}`);
    await this.store.replace(this.snapshot());
    return { events: this.size, skipped };
  }
}
