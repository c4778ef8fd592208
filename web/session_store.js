// @ts-check
/* Consent 'session': the profile lives as long as the tab. A shop of many pages carries it from page
 * to page in sessionStorage, as one saved profile. */
import { NoStore } from './no_store.js';
import { checkSnapshot, fromBase64, toBase64 } from './record.js';

const KEY = 'vitrine:session';
const FLUSH_MS = 1000;

/** A saved profile and the counters as a text. @param {import('./record.js').Snapshot} snapshot @param {any} funnel */
export const textOf = ({ bytes, ids }, funnel) => JSON.stringify({ bytes: toBase64(bytes), ids, funnel });

/** Throws when it is none. @param {string | null | undefined} text
 * @returns {{ snapshot: import('./record.js').Snapshot | null, funnel: any }} */
export function readText(text) {
  const raw = JSON.parse(text ?? 'null');
  return { snapshot: raw && checkSnapshot({ bytes: fromBase64(String(raw.bytes)), ids: raw.ids }), funnel: raw?.funnel };
}

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
      const found = readText(sessionStorage.getItem(KEY));
      snapshot = found.snapshot;
      this.#kept = found.funnel;
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

  /** @param {import('./record.js').Match} [match]  clicks that go */
  #write(match) {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#dirty) return true;
    try {
      const funnel = this.#funnel?.merged([this.#kept], match);
      sessionStorage.setItem(KEY, textOf(this.#save(), funnel));
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
  /** @param {import('./record.js').Snapshot} _snapshot @param {import('./record.js').Match} [match] */
  async replace(_snapshot, match) {
    this.#dirty = true;
    return this.#write(match);
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
