// @ts-check
/* The visitor's events in IndexedDB. The truth is the profile in memory; this is its cache, and any
 * failure here only means that the next page starts with less.
 *
 * Database `vitrine`: `log` holds one record an event under [epoch, tab, seq], so tabs cannot
 * collide; `meta` holds the epoch and a snapshot of what was folded. An epoch is one life of the
 * log: a tab that finds another one than it knows has missed a "forget all" and starts anew. */
import { EVENTS_KEPT } from './constants.js';
import { NoStore } from './no_store.js';
import { checkRecord, checkSnapshot, matches, recordId } from './record.js';

/** @typedef {import('./record.js').Rec} Rec */
/** @typedef {import('./record.js').Snapshot} Snapshot */
/** @typedef {import('./no_store.js').Match} Match */
/** @typedef {import('./no_store.js').Loaded} Loaded */
/** @typedef {{ onState: (state: string, error?: unknown) => void, onRecords: (records: Rec[]) => void,
 *   onReset: () => void, onErased: () => void, onFull: () => void }} Watcher */

const NAME = 'vitrine';
const BATCH = 50, FLUSH_MS = 1000, OPEN_MS = 300, ERASE_MS = 1000;
/** When a first visit makes its database: the first shelf stands, and most events are yet to come. */
const NEW_MS = 100;
/** Keys of the counters: 'funnel', and pieces that pages left when they went. */
const pieces = () => IDBKeyRange.bound('funnel', 'funnel~');
const RETRY_MS = [100, 1000, 10000, 10000];
/** Events held while no database answers. */
const MOST_PENDING = 2000;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransaction} tx @returns {Promise<void>} */
const done = (tx) => new Promise((resolve, reject) => {
  tx.oncomplete = () => resolve();
  tx.onabort = () => reject(tx.error ?? new Error('the transaction was aborted'));
});

class Outdated extends Error {}

/** @returns {Promise<IDBDatabase>} */
const connect = () => new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('log');
    request.result.createObjectStore('meta');
  };
  request.onerror = (event) => {
    event.preventDefault?.();
    reject(request.error);
  };
  request.onsuccess = () => resolve(request.result);
});

/** All that is kept: epoch, snapshot, keys and values of the log, counters. @param {IDBDatabase} db */
function readAll(db) {
  const tx = db.transaction(['log', 'meta'], 'readonly'), log = tx.objectStore('log'), meta = tx.objectStore('meta');
  return Promise.all([answer(meta.get('epoch')), answer(meta.get('snapshot')), answer(log.getAllKeys()), answer(log.getAll()), answer(meta.getAll(pieces()))]);
}

/** What readAll() finds where nothing was ever kept. @type {Awaited<ReturnType<typeof readAll>>} */
const NOTHING = [undefined, undefined, [], [], []];

/** Connect, unless there is no database yet: a first visit has nothing to read before its first shelf.
 * @returns {Promise<IDBDatabase | null>} */
async function connectIfThere() {
  const there = await indexedDB.databases?.().then((all) => all.some(({ name }) => name === NAME), () => true) ?? true;
  return there ? connect() : null;
}

/** @returns {BroadcastChannel | null} */
function newChannel() {
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(NAME) : null;
  /** @type {any} */ (channel)?.unref?.(); // Node ends though one is open
  return channel;
}

/** A connection that nobody has taken over yet, what it read, and how often other tabs have told of something since.
 * @type {{ db: Promise<IDBDatabase | null>, found: ReturnType<typeof readAll>, channel: BroadcastChannel | null, told: number } | null} */
let early = null;

/** Connect and read before a store wants it. @returns {() => void} for when none will */
export function connectAhead() {
  const channel = newChannel(), db = connectIfThere(), mine = early = { db, found: db.then((one) => one ? readAll(one) : NOTHING), channel, told: 0 }, leave = () => {
    if (early !== mine) return;
    early = null;
    channel?.close();
    db.then((one) => one?.close(), () => {});
  };
  if (channel) channel.onmessage = () => void mine.told++;
  mine.found.catch(() => {});
  // Another tab may delete the database meanwhile: then the store asks anew.
  db.then((one) => one && (one.onversionchange = one.onclose = leave), leave);
  return leave;
}

/** A thousandth of random, so that two lives begun in one millisecond differ. */
const newEpoch = () => Date.now() * 1000 + Math.floor(Math.random() * 1000);

/** @param {IDBObjectStore} log @param {number} epoch @param {Rec[]} batch */
function put(log, epoch, batch) {
  for (const { tab, seq, type, item_id, time, value } of batch) log.put({ type, item_id, time, value }, [epoch, tab, seq]);
}

export class LogStore extends NoStore {
  #watch;
  #funnel;
  /** @type {IDBDatabase | null} */
  #db = null;
  /** @type {Promise<IDBDatabase | null> | null} */
  #opening = null;
  /** @type {number | null} */
  #epoch = null;
  #rev = 0;
  #loaded = false;
  /** There is no database yet, and one may be made. */
  #fresh = false;
  #failures = 0;
  #closed = false;
  /** @type {Map<string, Rec>} */
  #pending = new Map();
  /** Keys in the log that the profile in memory holds. @type {Map<string, IDBValidKey>} */
  #kept = new Map();
  /** @type {Promise<any>} */
  #tail = Promise.resolve();
  /** @type {any} */
  #timer = null;
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** How often other tabs have told of something since what is kept was read, or is being read. */
  #told = 0;

  /** @param {Watcher} watch @param {import('./funnel.js').Funnel} [funnel] counters that lie beside the log */
  constructor(watch, funnel) {
    super();
    this.#funnel = funnel;
    this.state = 'closed';
    this.#watch = watch;
  }

  get pending() {
    return [...this.#pending.values()];
  }
  get kept() {
    return this.#kept.size;
  }

  /** @param {string} state @param {unknown} [error] */
  #become(state, error) {
    if (this.state === state) return;
    this.state = state;
    this.#watch.onState(state, error);
  }

  /** One thing at a time; nothing escapes into the page.
   * @template T @param {() => Promise<T>} work @param {T} otherwise @returns {Promise<T>} */
  #run(work, otherwise) {
    const next = this.#tail.then(async () => {
      try {
        const result = await work();
        this.#failures = 0;
        if (this.#db) this.#become('open');
        return result;
      } catch (error) {
        if (error instanceof Outdated) this.#reset();
        else this.#fail(error);
        return otherwise;
      }
    });
    this.#tail = next;
    return next;
  }

  /** Connections go bad and never recover: the next try opens a new one. @param {unknown} error */
  #fail(error) {
    this.#db?.close();
    this.#db = null;
    const wait = RETRY_MS[this.#failures++];
    this.#become(wait === undefined ? 'off' : 'memory', error);
    if (wait !== undefined) this.#schedule(wait);
  }

  /** Memory no longer agrees with the log: read it again. */
  #reset() {
    this.#loaded = false;
    if (!this.#closed) this.#watch.onReset();
  }

  /** @param {number} wait */
  #schedule(wait) {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, wait);
    this.#timer?.unref?.();
  }

  /** @returns {Promise<IDBDatabase | null>} null when there is none yet, as was asked ahead */
  #openIfThere() {
    if (this.#db) return Promise.resolve(this.#db);
    if (this.#failures > RETRY_MS.length) return Promise.reject(new Error('storage failed five times'));
    this.#opening ??= new Promise((resolve, reject) => {
      const coming = early?.db ?? connect();
      let late = false;
      early = null;
      const timer = setTimeout(() => {
        late = true;
        reject(new Error(`indexedDB.open gave no answer in ${OPEN_MS} ms`));
      }, OPEN_MS);
      coming.then((db) => {
        clearTimeout(timer);
        if (late || this.#closed) return db?.close();
        if (!db) return resolve(null);
        db.onversionchange = (event) => {
          db.close();
          this.#db = null;
          // Another tab deletes the database: what it forgets, this one forgets, and opens nothing
          // before the next event.
          if (event.newVersion === null) {
            this.#blank();
            this.#watch.onErased();
          }
        };
        db.onclose = () => (this.#db = null);
        resolve((this.#db = db));
      }, (error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
    return this.#opening.finally(() => (this.#opening = null));
  }

  /** @returns {Promise<IDBDatabase>} */
  async #open() {
    return await this.#openIfThere() ?? /** @type {Promise<IDBDatabase>} */ (this.#openIfThere());
  }

  /** A transaction that goes on only if the log is the one this tab knows.
   * @param {IDBDatabase} db @param {(log: IDBObjectStore, meta: IDBObjectStore, epoch: number) => void} write
   * @param {boolean} [swaps]  the snapshot, so it must be the one this tab has read
   * @param {boolean} [asks]  more after the first answer, so the transaction ends by itself */
  async #write(db, write, swaps = false, asks = swaps) {
    const tx = db.transaction(['log', 'meta'], 'readwrite', { durability: 'relaxed' });
    const meta = tx.objectStore('meta');
    let epoch = this.#epoch;
    /** @type {unknown} */
    let why = null;
    const snapshot = meta.get('snapshot');
    meta.get('epoch').onsuccess = (event) => {
      const found = /** @type {any} */ (event.target).result ?? null;
      if (found !== this.#epoch || (swaps && (snapshot.result?.rev ?? 0) !== this.#rev)) {
        why = new Outdated();
        return tx.abort();
      }
      try {
        if (epoch === null) meta.put((epoch = newEpoch()), 'epoch');
        write(tx.objectStore('log'), meta, epoch);
        if (!asks) tx.commit?.();
      } catch (error) {
        why = error;
        tx.abort();
      }
    };
    try {
      await done(tx);
    } catch (error) {
      throw why ?? error;
    }
    this.#epoch = epoch;
  }

  /** @returns {Promise<Loaded | null>} */
  load() {
    return this.#run(/** @returns {Promise<Loaded | null>} */ async () => {
      const ahead = this.#db || this.#opening || this.#channel ? null : early;
      this.#told = ahead?.told ?? 0;
      this.#listen(ahead?.channel);
      const db = await (ahead ? this.#openIfThere() : this.#open());
      let found = await (ahead?.found.catch(async () => readAll(await this.#open())) ?? readAll(/** @type {IDBDatabase} */ (db)));
      // What another tab told of may not be in it.
      if (this.#told) found = await readAll(await this.#open());
      const [epoch, raw, keys, values, counters] = found;
      this.#funnel?.load(counters);
      this.#epoch = Number.isSafeInteger(epoch) ? epoch : null;
      this.#rev = Number.isSafeInteger(raw?.rev) ? raw.rev : 0;
      this.#kept.clear();
      /** @type {Rec[]} */
      const records = [];
      keys.forEach((key, i) => {
        const [life, tab, seq] = Array.isArray(key) ? key : [];
        const record = life === this.#epoch ? checkRecord(tab, seq, values[i]) : null;
        // Broken ones are kept in mind too: the next snapshot sweeps them out.
        this.#kept.set(record ? recordId(record) : `broken ${i}`, key);
        if (record) records.push(record);
      });
      this.#loaded = true;
      this.#fresh = !this.#db;
      if (this.#fresh) this.#schedule(NEW_MS);
      else if (this.#waits()) this.#schedule(FLUSH_MS);
      return { snapshot: checkSnapshot(raw), records, skipped: keys.length - records.length };
    }, null);
  }

  /** @param {Rec} record */
  append(record) {
    this.#pending.set(recordId(record), record);
    if (this.#pending.size > MOST_PENDING) this.#pending.delete(this.#pending.keys().next().value ?? '');
    if (this.#kept.size > EVENTS_KEPT) this.#watch.onFull();
    if (this.state === 'memory' || this.state === 'off') return; // the retry flushes
    if (this.#pending.size >= BATCH) void this.flush();
    else if (this.#fresh) this.#schedule(0); // a page that goes writes only to what is open
    else if (this.#timer === null) this.#schedule(FLUSH_MS);
  }

  flush() {
    return this.#run(async () => {
      if (this.#closed) return false;
      // Nothing to write makes no database where there is none, as after a forget.
      if (this.#loaded && !this.#fresh && !this.#waits()) return true;
      const db = await this.#open();
      this.#fresh = false;
      if (!this.#loaded) throw new Outdated();
      if (!this.#waits()) return true;
      await this.#commit(db);
      return true;
    }, false);
  }

  /** @param {IDBDatabase} db */
  async #commit(db) {
    const batch = this.pending, funnel = this.#funnel;
    /** @type {any} */
    let counters = null;
    // Asked once: what is counted while the transaction opens is the next one's, or it would ask after its end.
    const counting = Boolean(funnel?.dirty);
    await this.#write(db, (log, meta, epoch) => {
      put(log, epoch, batch);
      if (counting) this.#putCounters(meta, (record) => (counters = record));
    }, false, counting);
    if (counters) funnel?.saved(counters);
    if (batch.length === 0) return;
    for (const record of batch) {
      const id = recordId(record);
      if (this.#pending.delete(id)) this.#kept.set(id, [/** @type {number} */ (this.#epoch), record.tab, record.seq]);
    }
    this.#channel?.postMessage({ epoch: this.#epoch, rev: this.#rev, records: batch.map((record) => ({ ...record })) });
  }

  /** @param {IDBObjectStore} meta @param {(record: any) => void} tell @param {Match} [match] clicks that go */
  #putCounters(meta, tell, match) {
    meta.getAll(pieces()).onsuccess = (event) => {
      const record = this.#funnel?.merged(/** @type {any} */ (event.target).result, match);
      meta.delete(pieces());
      meta.put(record, 'funnel');
      tell(record);
    };
  }

  /** @param {Snapshot} snapshot @param {Match} [match] @returns {Promise<boolean>} */
  replace(snapshot, match) {
    if (match) this.#drop(match);
    // The snapshot holds these now; what comes while it is written is not in it.
    const held = [...this.#pending.keys()], keys = [...this.#kept];
    return this.#run(async () => {
      const db = await this.#open();
      if (!this.#loaded) throw new Outdated();
      /** @type {any} */
      let counters = null;
      await this.#write(db, (log, meta) => {
        for (const [, key] of keys) log.delete(key);
        if (match && this.#funnel) this.#putCounters(meta, (record) => (counters = record), match);
        // What another tab wrote in between, or the flush before this.
        for (const id of held) if (this.#kept.has(id)) log.delete(/** @type {any} */ (this.#kept.get(id)));
        if (match) {
          log.openCursor().onsuccess = (event) => {
            const cursor = /** @type {any} */ (event.target).result;
            if (!cursor) return;
            if (matches(match, cursor.value)) cursor.delete();
            cursor.continue();
          };
        }
        meta.put({ rev: this.#rev + 1, bytes: snapshot.bytes, ids: snapshot.ids }, 'snapshot');
      }, true);
      this.#rev++;
      if (counters) this.#funnel?.saved(counters);
      for (const [id] of keys) this.#kept.delete(id);
      for (const id of held) {
        this.#pending.delete(id);
        this.#kept.delete(id);
      }
      this.#channel?.postMessage({ epoch: this.#epoch, changed: true, forgot: match });
      return true;
    }, false);
  }

  #waits() {
    return this.#pending.size > 0 || this.#funnel?.dirty === true;
  }

  touch() {
    if (this.#timer === null && this.state !== 'memory' && this.state !== 'off') this.#schedule(FLUSH_MS);
  }

  /** @param {Match} match */
  #drop(match) {
    this.#funnel?.forget(match);
    for (const [id, record] of this.#pending) if (matches(match, record)) this.#pending.delete(id);
  }

  /** @param {BroadcastChannel | null} [channel]  one that listens already */
  #listen(channel = this.#channel ?? newChannel()) {
    if (this.#channel || !channel) return;
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      this.#told++;
      if (!this.#loaded) return;
      if (data?.forgot) this.#drop(data.forgot);
      // News of before the last snapshot may name what was forgotten with it.
      if (data?.epoch !== this.#epoch || data.changed || data.rev !== this.#rev) return this.#reset();
      /** @type {Rec[]} */
      const fresh = [];
      for (const raw of Array.isArray(data.records) ? data.records.slice(0, MOST_PENDING) : []) {
        const record = checkRecord(raw?.tab, raw?.seq, raw);
        if (!record || this.#kept.has(recordId(record))) continue;
        this.#kept.set(recordId(record), [/** @type {number} */ (this.#epoch), record.tab, record.seq]);
        fresh.push(record);
      }
      if (fresh.length) this.#watch.onRecords(fresh);
    };
  }

  /** The page goes to the back/forward cache or away: what waits is written without a question, since
   * no answer would be heard. Under an epoch that is over it counts for nothing. An open connection
   * would keep the page out of the cache; closing one lets its transactions finish. */
  pause() {
    const db = this.#db;
    if (db && this.#loaded && this.#waits()) {
      try {
        const tx = db.transaction(['log', 'meta'], 'readwrite', { durability: 'relaxed' });
        if (this.#epoch === null) tx.objectStore('meta').add((this.#epoch = newEpoch()), 'epoch');
        put(tx.objectStore('log'), this.#epoch, this.pending);
        // A piece of its own, added to the others by whoever reads next.
        if (this.#funnel?.dirty) tx.objectStore('meta').put(this.#funnel.delta(), `funnel ${Math.random()}`);
        tx.commit?.();
      } catch {
        // The page is going: nobody is left to tell, and nothing else to try.
      }
    }
    db?.close();
    this.#db = null;
    this.#channel?.close();
    this.#channel = null;
  }

  /** Back from the cache: other tabs may have written. */
  resume() {
    this.#failures = 0;
    this.#reset();
  }

  async close() {
    this.#fresh = false; // with nothing to write none is made
    await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.pause();
  }

  /** Drop what waits and end every connection; the database itself goes by eraseStorage(). */
  async clear() {
    this.#pending.clear();
    await this.#run(async () => {
      const db = this.#db;
      if (!db) return;
      // Should deletion be blocked, the records are gone all the same.
      const tx = db.transaction(['log', 'meta'], 'readwrite');
      tx.objectStore('log').clear();
      tx.objectStore('meta').clear();
      await done(tx);
    }, undefined);
    this.#db?.close();
    this.#db = null;
    this.#blank();
  }

  #blank() {
    this.#pending.clear();
    this.#kept.clear();
    this.#epoch = null;
    this.#rev = 0;
    this.#loaded = true;
    this.#fresh = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** Remove everything of ours from the browser's storage.
 * @returns {Promise<boolean>} false when the browser did not confirm it */
export async function eraseStorage() {
  let erased = true;
  try {
    for (const area of [globalThis.localStorage, globalThis.sessionStorage])
      for (const key of area ? Object.keys(area) : []) if (key.startsWith('vitrine:')) area.removeItem(key);
    for (const name of (await globalThis.caches?.keys?.()) ?? []) if (name.startsWith('vitrine-')) await caches.delete(name);
  } catch {
    erased = false;
  }
  try {
    if (!globalThis.indexedDB) return erased;
  } catch {
    return false;
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ERASE_MS);
    /** @param {boolean} result */
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    try {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = () => end(erased);
      request.onerror = () => end(false);
    } catch {
      end(false);
    }
  });
}
