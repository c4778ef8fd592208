// @ts-check
/* No storage at all: storage 'memory', or consent denied. Also says what a store is. */

/** @typedef {import('./record.js').Rec} Rec */
/** @typedef {import('./record.js').Snapshot} Snapshot */
/** @typedef {import('./record.js').Match} Match */
/** @typedef {{ snapshot: Snapshot | null, records: Rec[], skipped: number }} Loaded */

export class NoStore {
  state = 'memory';
  /** What was kept; null when the store gives no answer.
   * @returns {Promise<Loaded | null>} */
  async load() {
    return { snapshot: null, records: [], skipped: 0 };
  }
  /** @param {Rec} _record */
  append(_record) {}
  /** The counters have changed. */
  touch() {}
  /** Resolves when all that was appended is safely kept; false where nothing keeps it. */
  async flush() {
    return false;
  }
  /** Put a snapshot in place of the records it was made from and of those that match.
   * @param {Snapshot} _snapshot @param {Match} [_match] */
  async replace(_snapshot, _match) {
    return true;
  }
  /** @returns {Rec[]} */
  get pending() {
    return [];
  }
  get kept() {
    return 0;
  }
  pause() {}
  resume() {}
  async close() {}
  async clear() {}
}
