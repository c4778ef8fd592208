// @ts-check
/* A store of the shop's own: anything that keeps a text under a name, as an app's storage around a web
 * view or an extension's does. The profile lies there whole, as one text that is written anew. Pages that
 * are open at once tell each other what they wrote; and before it writes, a page looks whether the text is
 * still the one it knows, and if not puts what is new here on top of what lies there. */
import { NoStore } from './no_store.js';
import { checkRecord, matches } from './record.js';
import { readText, textOf } from './session_store.js';

/** @typedef {{ get: (key: string) => any, set: (key: string, text: string) => any, delete: (key: string) => any }} Adapter */
/** @typedef {import('./record.js').Rec} Rec */
/** @typedef {import('./record.js').Match} Match */
/** @typedef {{ onState: (state: string, error?: unknown) => void, onReset: () => Promise<void>, onRecords: (records: Rec[]) => void,
 *   onErased: () => void }} Watcher  onReset: read again, with what waits on top */

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

/** One page at a time between looking and writing, where the browser can see to that; a page that was frozen
 * in between holds up nobody. @param {() => Promise<boolean>} work */
async function alone(work) {
  let ran = false;
  try {
    return await navigator.locks.request(KEY, { signal: AbortSignal.timeout(WRITTEN_MS) }, () => {
      ran = true;
      return work();
    });
  } catch (error) {
    if (ran) throw error;
    return work();
  }
}

export class AdapterStore extends NoStore {
  #place;
  #save;
  #watch;
  #funnel;
  /** What lies there, as far as this page knows; undefined: it has not been read. @type {string | null | undefined} */
  #text;
  /** The counters in it. @type {any} */
  #kept = null;
  /** What this page added since it last wrote. @type {Set<Rec>} */
  #pending = new Set();
  #dirty = false;
  /** Whatever lies there is to go: it was erased, or should have been. */
  #void = false;
  #failures = 0;
  #closed = false;
  /** @type {any} */
  #timer = null;
  /** @type {Promise<any>} */
  #tail = Promise.resolve();
  /** @type {BroadcastChannel | null} */
  #channel = null;

  /** @param {Adapter} place @param {() => import('./record.js').Snapshot} save @param {Watcher} watch
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

  /** Pages that are open at once. */
  #listen() {
    if (this.#channel || this.#closed || typeof BroadcastChannel !== 'function') return;
    this.#channel = new BroadcastChannel(KEY);
    /** @type {any} */ (this.#channel).unref?.();
    this.#channel.onmessage = ({ data }) => {
      if (this.#text === undefined) return;
      if (data?.forgot) this.#drop(data.forgot);
      if (data?.erased) {
        this.#blank();
        return this.#watch.onErased();
      }
      if (data?.changed) return void this.#watch.onReset();
      const fresh = (Array.isArray(data?.records) ? data.records.slice(0, MOST_PENDING) : [])
        .map((/** @type {any} */ raw) => checkRecord(raw?.tab, raw?.seq, raw)).filter(Boolean);
      if (fresh.length) this.#watch.onRecords(fresh);
    };
  }

  /** @param {Match} match */
  #drop(match) {
    this.#funnel?.forget(match);
    for (const record of this.#pending) if (matches(match, record)) this.#pending.delete(record);
  }

  /** @returns {Promise<import('./no_store.js').Loaded | null>} */
  async load() {
    this.#listen();
    /** @type {string | null | undefined} */
    let text;
    try {
      text = await within(() => this.#place.get(KEY), ANSWER_MS);
    } catch (error) {
      this.#fail(error);
      return null;
    }
    this.#text = text ?? null;
    this.#kept = null;
    this.#failures = 0;
    this.#become('open');
    let skipped = 0, snapshot = null;
    try {
      const found = readText(text);
      snapshot = found.snapshot;
      this.#kept = found.funnel;
    } catch {
      skipped = 1; // not ours, or damaged: the next write puts it right
    }
    this.#funnel?.load([this.#kept]);
    return { snapshot, records: [], skipped };
  }

  touch() {
    this.#dirty = true;
    if (this.#timer === null && /open|closed/.test(this.state)) this.#schedule(FLUSH_MS);
  }
  /** @param {Rec} record */
  append(record) {
    if (this.#pending.size < MOST_PENDING) this.#pending.add(record);
    this.touch();
  }

  flush() {
    return this.#run(() => alone(() => this.#write()));
  }

  /** One thing at a time. @param {() => Promise<boolean>} work */
  #run(work) {
    const next = this.#tail.then(work).catch((error) => {
      this.#dirty = true;
      this.#fail(error);
      return false;
    });
    this.#tail = next;
    return next;
  }

  /** @param {Match} [match]  what goes: where the text is another one, it has to be read and forgotten in first
   * @param {boolean} [blind]  whatever lies there now */
  async #write(match, blind = false) {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#text === undefined) await this.#watch.onReset();
    if (this.#text === undefined) return false;
    if (!this.#dirty) return true;
    if (!blind && !this.#void && (await within(() => this.#place.get(KEY), ANSWER_MS) ?? null) !== this.#text) {
      if (match) return false;
      this.#text = undefined;
      await this.#watch.onReset();
      if (this.#text === undefined) return false;
    }
    const held = this.pending;
    this.#dirty = false;
    this.#kept = this.#funnel?.merged([this.#kept], match);
    this.#funnel?.saved(this.#kept); // now, since more is counted while the store takes its time
    const text = textOf(this.#save(), this.#kept);
    await within(() => this.#place.set(KEY, text), WRITTEN_MS);
    this.#text = text;
    for (const record of held) this.#pending.delete(record);
    this.#void = false;
    this.#failures = 0;
    this.#become('open');
    this.#channel?.postMessage(match || blind ? { changed: true, forgot: match } : { records: held.map((record) => ({ ...record })) });
    return true;
  }

  /** @param {import('./record.js').Snapshot} _snapshot @param {Match} [match]  without one, as after an import, nothing of what
   *   lies there stays */
  async replace(_snapshot, match) {
    if (match) this.#drop(match);
    this.#dirty = true;
    return this.#run(() => alone(() => this.#write(match, !match)));
  }
  /** The page is going: nobody would hear what lies there. */
  pause() {
    if (this.#dirty && this.#text !== undefined) void this.#run(() => this.#write(undefined, true));
    this.#channel?.close();
    this.#channel = null;
  }
  resume() {
    this.#failures = 0;
    void this.#watch.onReset();
  }
  async close() {
    if (this.#dirty || this.#pending.size) await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
  }
  async clear() {
    await this.#tail;
    this.#channel?.postMessage({ erased: true });
    this.#blank();
    this.#void = true;
  }

  #blank() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#dirty = false;
    this.#pending.clear();
    this.#text = this.#kept = null;
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
