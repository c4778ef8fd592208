// @ts-check
/* A store of the shop's own: anything that keeps a text under a name, as an app's storage around a web
 * view or an extension's does. The profile lies there whole, as one text that is written anew. Pages
 * that are open at once do not learn of each other: the last that writes stands. */
import { NoStore } from './no_store.js';
import { matches } from './record.js';
import { readText, textOf } from './session_store.js';

/** @typedef {{ get: (key: string) => any, set: (key: string, text: string) => any, delete: (key: string) => any }} Adapter */
/** @typedef {import('./record.js').Rec} Rec */

export const KEY = 'vitrine:profile';
const FLUSH_MS = 1000, ANSWER_MS = 300, WRITTEN_MS = 5000;
const RETRY_MS = [100, 1000, 10000, 10000];
/** Events held until what lies in the store is known. */
const MOST_PENDING = 2000;

/** What an adapter answers, which may throw, refuse, or never come.
 * @template T @param {() => T | Promise<T>} ask @param {number} ms @returns {Promise<T>} */
const within = (ask, ms) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`the storage adapter gave no answer in ${ms} ms`)), ms);
  new Promise((begin) => begin(ask())).then((found) => resolve(/** @type {T} */ (found)), reject).finally(() => clearTimeout(timer));
});

export class AdapterStore extends NoStore {
  #place;
  #save;
  #watch;
  #funnel;
  /** The counters as they lie there. @type {any} */
  #kept = null;
  /** Until it has been read, nothing is written over it. */
  #loaded = false;
  /** @type {Set<Rec>} */
  #pending = new Set();
  #dirty = false;
  #failures = 0;
  #closed = false;
  /** @type {any} */
  #timer = null;
  /** @type {Promise<any>} */
  #tail = Promise.resolve();

  /** @param {Adapter} place @param {() => import('./record.js').Snapshot} save
   * @param {{ onState: (state: string, error?: unknown) => void, onReset: () => Promise<void> }} watch  onReset: read again
   * @param {import('./funnel.js').Funnel} [funnel] */
  constructor(place, save, watch, funnel) {
    super();
    this.state = 'closed';
    this.#place = place;
    this.#save = save;
    this.#watch = watch;
    this.#funnel = funnel;
  }

  get pending() {
    return [...this.#pending];
  }

  /** @param {string} state @param {unknown} [error] */
  #become(state, error) {
    if (this.state === state) return;
    this.state = state;
    this.#watch.onState(state, error);
  }

  /** @param {unknown} error */
  #fail(error) {
    const wait = RETRY_MS[this.#failures++];
    this.#become(wait === undefined ? 'off' : 'memory', error);
    if (wait !== undefined) this.#schedule(wait);
  }

  /** @param {number} wait */
  #schedule(wait) {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), wait);
    this.#timer?.unref?.();
  }

  /** @returns {Promise<import('./no_store.js').Loaded | null>} */
  async load() {
    /** @type {string | null | undefined} */
    let text;
    try {
      text = await within(() => this.#place.get(KEY), ANSWER_MS);
    } catch (error) {
      this.#fail(error);
      return null;
    }
    this.#loaded = true;
    this.#failures = 0;
    this.#become('open');
    let skipped = 0, snapshot = null;
    try {
      const found = readText(text);
      snapshot = found.snapshot;
      this.#kept = found.funnel;
      this.#funnel?.load([this.#kept]);
    } catch {
      skipped = 1; // not ours, or damaged: the next write puts it right
    }
    return { snapshot, records: [], skipped };
  }

  touch() {
    this.#dirty = true;
    if (this.#timer === null && /open|closed/.test(this.state)) this.#schedule(FLUSH_MS);
  }
  /** @param {Rec} record */
  append(record) {
    if (!this.#loaded && this.#pending.size < MOST_PENDING) this.#pending.add(record);
    this.touch();
  }

  /** @param {import('./record.js').Match} [match] */
  flush(match) {
    const next = this.#tail.then(() => this.#write(match));
    this.#tail = next;
    return next;
  }

  /** @param {import('./record.js').Match} [match]  clicks that go */
  async #write(match) {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#loaded) await this.#watch.onReset();
    if (!this.#loaded) return false;
    if (!this.#dirty) return true;
    this.#dirty = false;
    try {
      this.#kept = this.#funnel?.merged([this.#kept], match);
      this.#funnel?.saved(this.#kept); // now, since more is counted while the store takes its time
      const text = textOf(this.#save(), this.#kept);
      await within(() => this.#place.set(KEY, text), WRITTEN_MS);
      this.#pending.clear();
      this.#failures = 0;
      this.#become('open');
      return true;
    } catch (error) {
      this.#dirty = true;
      this.#fail(error);
      return false;
    }
  }

  /** @param {import('./record.js').Snapshot} _snapshot @param {import('./record.js').Match} [match] */
  async replace(_snapshot, match) {
    for (const record of match ? this.#pending : []) if (matches(/** @type {any} */ (match), record)) this.#pending.delete(record);
    this.#dirty = true;
    return this.flush(match);
  }
  pause() {
    if (this.#dirty) void this.flush();
  }
  resume() {
    this.#failures = 0;
    void this.#watch.onReset();
  }
  async close() {
    if (this.#dirty || this.#pending.size) await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
  }
  async clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
    await this.#tail;
    this.#dirty = false;
    this.#pending.clear();
    this.#kept = null;
    this.#loaded = true;
  }
}

/** @param {Adapter} place @returns {Promise<boolean>} whether it says that nothing is left */
export async function eraseFrom(place) {
  try {
    await within(() => place.delete(KEY), WRITTEN_MS);
    return true;
  } catch {
    return false;
  }
}
