// @ts-check
/* Consent 'session': the profile lives as long as the tab. A shop of many pages carries it from page
 * to page in sessionStorage, as one saved profile. */
import { NoStore } from './no_store.js';
import { checkSnapshot, fromBase64, toBase64 } from './record.js';

const KEY = 'vitrine:session';
const FLUSH_MS = 1000;

export class SessionStore extends NoStore {
  #save;
  #funnel;
  /** @type {any} */
  #timer = null;
  #dirty = false;
  /** The counters as they lie there. @type {any} */
  #kept = null;

  /** @param {() => import('./record.js').Snapshot} save @param {import('./funnel.js').Funnel} [funnel] */
  constructor(save, funnel) {
    super();
    this.#funnel = funnel;
    this.state = 'session';
    this.#save = save;
  }

  async load() {
    /** @type {import('./record.js').Snapshot | null} */
    let snapshot = null;
    try {
      const raw = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      if (raw) snapshot = checkSnapshot({ bytes: fromBase64(String(raw.bytes)), ids: raw.ids });
      this.#kept = raw?.funnel;
      this.#funnel?.load([this.#kept]);
    } catch {
      // No such storage, or not ours: start empty.
    }
    return { snapshot, records: [], skipped: 0 };
  }

  touch() {
    this.append();
  }
  append() {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.#write(), FLUSH_MS);
    this.#timer?.unref?.();
  }

  #write() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#dirty) return true;
    try {
      const { bytes, ids } = this.#save();
      const funnel = this.#funnel?.merged([this.#kept]);
      sessionStorage.setItem(KEY, JSON.stringify({ bytes: toBase64(bytes), ids, funnel }));
      this.#kept = funnel;
      this.#funnel?.saved(funnel);
      this.#dirty = false;
      return true;
    } catch {
      return false; // full or forbidden: the profile in memory goes on
    }
  }

  async flush() {
    return this.#write();
  }
  async replace() {
    this.#dirty = true;
    return this.#write();
  }
  pause() {
    this.#write();
  }
  async close() {
    this.#write();
  }
  async clear() {
    this.#dirty = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
