// @ts-check
/* What a shop calls. It checks the caller, asks the engine, and words the answer; nothing of the
 * world's trouble gets out of here except as a warning, or as VitrineError with `strict`. */
import { FLAGS, PARTS, WHO } from './constants.js';
import { VitrineError, checkIds, checkOneOf, checkOptions, checkWhole } from './errors.js';
import { Throttle, normalise } from './events.js';
import { isAvailable, itemId } from './item_fields.js';
import { Journal } from './journal.js';
import { NoStore } from './no_store.js';
import { PLACEMENTS, fillShelf, permute } from './shelves.js';

/** @typedef {'granted' | 'session' | 'denied'} Consent */
/** @typedef {{ engine: import('./engine.js').Engine | null, variant: string, items: any[] | null, fallback: string[],
 *   storage: typeof import('./storage.js') | null, consent: string, strict: boolean, learnFromAutomation: boolean, warnings: string[],
 *   bytes: { wasm: number, model: number, catalog: number }, errors: unknown[], load_ms: number }} Parts */

const EXCLUDABLE = { viewed: FLAGS.was_viewed, cart: FLAGS.in_cart, wishlist: FLAGS.in_wishlist, purchased: FLAGS.was_purchased };
const ASKING = ['placement', 'seeds', 'limit', 'exclude', 'candidates', 'explain'];
const TOPICS = ['result', 'event', 'consent', 'storage', 'error'];
const MOST_HELD = 50, LATENCIES = 256;

export class Recommender {
  #parts;
  #engine;
  /** @type {Journal | null} */
  #journal = null;
  /** @type {Consent} */
  #consent = 'denied';
  #open = true;
  #warnings;
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map(TOPICS.map((topic) => [topic, new Set()]));
  #throttle = new Throttle();
  /** Events of a page that nobody has seen yet. @type {[string, any][]} */
  #held = [];
  #results = 0;
  /** @type {number[]} */
  #latencies = [];
  #page = Math.floor(Math.random() * 2 ** 48).toString(36);
  /** @type {Map<string, any> | null} */
  #own;
  /** @type {(() => void)[]} */
  #leave = [];

  /** `consent.state` is what counts now; `consent.set(state, { keep })` changes it. */
  consent;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#warnings = new Set(parts.warnings);
    this.#own = parts.items && new Map(parts.items.map((item) => [/** @type {string} */ (itemId(item)), item]));
    const self = this;
    this.consent = {
      get state() {
        return self.#consent;
      },
      /** @param {string} state @param {{ keep?: boolean }} [options] */
      set(state, options = {}) {
        self.#live();
        checkOneOf('consent', state, ['granted', 'session', 'denied']);
        checkOptions('consent.set', options, ['keep']);
        return self.#setConsent(/** @type {Consent} */ (state), options.keep === true);
      },
    };
    if (this.#engine) this.#journal = new Journal(this.#engine, new NoStore(), (code) => this.#warnings.add(code));
  }

  /** Read what is kept; called once, by createRecommender. */
  async begin() {
    const { consent } = this.#parts;
    // Nobody answers for 'auto' yet but the shop, by consent.set: until then it is 'denied'.
    if (consent === 'auto') this.#warnings.add('consent_auto');
    else await this.#setConsent(/** @type {Consent} */ (consent), true);
    this.#follow('visibilitychange', globalThis.document, () => {
      if (document.visibilityState === 'hidden') void this.#journal?.store.flush();
      else this.#release();
    });
    this.#follow('prerenderingchange', globalThis.document, () => this.#release());
    this.#follow('pagehide', globalThis.window, () => this.#journal?.store.pause());
    this.#follow('pageshow', globalThis.window, (event) => event.persisted && this.#journal?.store.resume());
    return this;
  }

  /** @param {string} name @param {any} target @param {(event: any) => void} fn */
  #follow(name, target, fn) {
    if (!target?.addEventListener) return;
    target.addEventListener(name, fn);
    this.#leave.push(() => target.removeEventListener(name, fn));
  }

  #live() {
    if (!this.#open) throw new TypeError('this recommender was closed');
  }

  /** @param {string} topic @param {any} detail */
  #emit(topic, detail) {
    for (const fn of this.#listeners.get(topic) ?? []) {
      try {
        fn(detail);
      } catch (error) {
        // A listener's fault is the page's to see, and no reason to stop.
        if (typeof reportError === 'function') reportError(error);
        else console.error(error);
      }
    }
  }

  /** @template T @param {() => T} work @returns {Promise<Awaited<T>>} */
  #later(work) {
    try {
      return Promise.resolve(work());
    } catch (error) {
      if (error instanceof VitrineError) return Promise.reject(error);
      throw error;
    }
  }

  // --- events ---------------------------------------------------------------------------------

  /** @param {string} type @param {any} [data] */
  track(type, data = {}) {
    this.#live();
    if (!this.#engine || !this.#journal) return { learnt: false, event_ids: [], skipped: 0, why: 'no_model' };
    const seen = normalise(type, data, this.#engine, Date.now());
    const why = this.#refusal(seen.entries.length, seen.learnt);
    if (why === 'hidden' && this.#held.length < MOST_HELD) this.#held.push([type, { ...data, time: seen.time }]);
    /** @type {string[]} */
    const event_ids = [];
    let { skipped } = seen;
    if (!why && seen.learnt) {
      for (const { item_id, value } of seen.entries) {
        const id = this.#journal.add(seen.type, item_id, seen.time, value);
        if (id === null) skipped++;
        else event_ids.push(id);
      }
    }
    const answer = { learnt: event_ids.length > 0, event_ids, skipped, ...(why ? { why } : {}) };
    this.#emit('event', { type: seen.type, time: seen.time, items: seen.entries.map((e) => e.item_id), ...answer });
    return answer;
  }

  /** Why an event teaches nothing, '' when it does. @param {number} count @param {boolean} learnt */
  #refusal(count, learnt) {
    if (!learnt) return 'no_evidence';
    if (this.#consent === 'denied') return 'consent';
    if (globalThis.navigator?.webdriver && !this.#parts.learnFromAutomation) return 'automation';
    const page = /** @type {any} */ (globalThis.document);
    if (page?.prerendering || page?.visibilityState === 'hidden') return 'hidden';
    return this.#throttle.admits(globalThis.performance.now(), count) ? '' : 'flood';
  }

  #release() {
    for (const [type, data] of this.#held.splice(0)) this.track(type, data);
  }

  flush() {
    this.#live();
    return this.#journal?.store.flush() ?? Promise.resolve(false);
  }

  // --- lists ----------------------------------------------------------------------------------

  /** @param {any} [options] */
  recommend(options = {}) {
    return this.#later(() => this.recommendSync(options));
  }

  /** @param {any} [options] */
  recommendSync(options = {}) {
    this.#live();
    return this.#shelf(options, new Set());
  }

  /** @param {any[]} shelves  the options of each, in the order of the page */
  page(shelves) {
    this.#live();
    if (!Array.isArray(shelves)) throw new TypeError('page wants an array with the options of each shelf');
    return this.#later(() => {
      /** @type {Set<number | string>} */
      const shown = new Set();
      return shelves.map((options) => this.#shelf(options, shown));
    });
  }

  /** @param {any} options @param {Set<any>} shown  grows by what is listed */
  #shelf(options, shown) {
    checkOptions('recommend', options, ASKING);
    const { placement = 'for_you', limit = 12, explain = false } = options;
    checkOneOf('placement', placement, PLACEMENTS);
    checkWhole('limit', limit, 1, 1000);
    const seeds = checkIds('seeds', options.seeds ?? []);
    const candidates = options.candidates && checkIds('candidates', options.candidates);
    const exclude = options.exclude ?? (placement === 'recently_viewed' ? [] : ['purchased', 'cart']);
    if (!Array.isArray(exclude)) throw new TypeError('exclude wants an array');
    for (const what of exclude) checkOneOf('exclude', what, Object.keys(EXCLUDABLE));
    const begun = performance.now();
    const engine = this.#engine;
    if (!engine) return this.#static(placement, candidates, limit, shown, begun);

    /** @type {string[]} */
    const warnings = [];
    /** @param {string[]} ids @param {string} code */
    const known = (ids, code) => {
      const found = ids.map((id) => engine.find(id)).filter((item) => item >= 0);
      if (found.length < ids.length) warnings.push(code);
      return found;
    };
    try {
      const shelf = fillShelf(engine, {
        placement, limit, shown,
        seeds: known(seeds, 'unknown_seeds'),
        candidates: candidates ? new Set(known(candidates, 'unknown_candidates')) : null,
        exclude: exclude.reduce((/** @type {number} */ bits, /** @type {keyof typeof EXCLUDABLE} */ what) =>
          bits | EXCLUDABLE[what], 0),
      });
      if (shelf.relaxed && shelf.list.length) warnings.push('exclusions_relaxed');
      for (const { item } of shelf.list) shown.add(item);
      const reasons = explain ? this.#reasons(engine, shelf) : null;
      const items = shelf.list.map(({ item, score }, i) => ({
        item_id: engine.id(item), score, rank: i + 1, ...(reasons ? { reason: reasons[i] } : {}),
      }));
      return this.#result(placement, shelf.source, items, warnings, begun);
    } catch (error) {
      return this.#failed(error, () => this.#static(placement, candidates, limit, shown, begun));
    }
  }

  /** @template T @param {any} error @param {() => T} otherwise @returns {T} */
  #failed(error, otherwise) {
    if (!(error instanceof VitrineError) || this.#parts.strict) throw error;
    this.#emit('error', error);
    this.#warnings.add(error.code);
    return otherwise();
  }

  /** The last rung: the lists the shop gave. @param {string} placement
   * @param {string[] | undefined} candidates @param {number} limit @param {Set<any>} shown @param {number} begun */
  #static(placement, candidates, limit, shown, begun) {
    const ids = candidates ?? (this.#parts.fallback.length ? this.#parts.fallback : [...(this.#own?.keys() ?? [])]);
    const list = placement === 'recently_viewed' ? [] : ids.filter((id) => !shown.has(id)).slice(0, limit);
    for (const id of list) shown.add(id);
    return this.#result(placement, 'static', list.map((item_id, i) => ({ item_id, score: 0, rank: i + 1 })), [], begun);
  }

  /** @param {string} placement @param {string} source @param {any[]} items @param {string[]} warnings @param {number} begun */
  #result(placement, source, items, warnings, begun) {
    const latency_ms = performance.now() - begun;
    this.#latencies[this.#results % LATENCIES] = latency_ms;
    const result = {
      rec_id: `${this.#page}-${(this.#results++).toString(36)}`,
      placement, source,
      model_version: this.#engine?.modelVersion ?? 0,
      variant: this.#parts.variant,
      latency_ms,
      warnings: [...this.#warnings, ...warnings],
      items,
    };
    this.#emit('result', result);
    return result;
  }

  /** @param {import('./engine.js').Engine} engine @param {import('./shelves.js').Shelf} shelf */
  #reasons(engine, { source, list, who, seed, own }) {
    const items = list.map(({ item }) => item);
    const found = source === 'model' ? engine.explain(who, items.slice(0, own)) : [];
    const seedId = seed < 0 ? null : engine.id(seed);
    return items.map((item, i) => {
      if (i >= own || source === 'popular') return { kind: 'popularity', share: 1, source_item_id: null, event_id: null };
      if (source === 'recent') return { kind: 'recent', share: 1, source_item_id: engine.id(item), event_id: this.#lastEvent(item) };
      if (source === 'content') return { kind: 'content', share: 1, source_item_id: seedId, event_id: null };
      const { kind, share, source: from, event } = found[i];
      const own_event = who === WHO.visitor && event >= 0;
      return {
        kind, share,
        source_item_id: from >= 0 ? engine.id(from) : seedId,
        event_id: own_event ? this.#journal?.idOf(event) ?? null : null,
      };
    });
  }

  /** @param {number} item */
  #lastEvent(item) {
    const engine = /** @type {import('./engine.js').Engine} */ (this.#engine);
    for (let i = engine.events(WHO.visitor) - 1; i >= 0; i--)
      if (engine.event(i).item === item) return this.#journal?.idOf(i) ?? null;
    return null;
  }

  /** @param {any} options */
  rerank(options) {
    return this.#later(() => this.rerankSync(options));
  }

  /** @param {any} options  an array of ids, or { items, maxDisplacement, keepTop, placement } */
  rerankSync(options) {
    this.#live();
    const asked = Array.isArray(options) ? { items: options } : options;
    checkOptions('rerank', asked, ['items', 'maxDisplacement', 'keepTop', 'placement']);
    const ids = checkIds('rerank: items', asked.items);
    const { maxDisplacement = ids.length, keepTop = 0, placement = 'rerank' } = asked;
    checkWhole('maxDisplacement', maxDisplacement, 0, Number.MAX_SAFE_INTEGER);
    checkWhole('keepTop', keepTop, 0, Number.MAX_SAFE_INTEGER);
    if (typeof placement !== 'string') throw new TypeError('rerank: placement wants to be a string');
    const begun = performance.now();
    const engine = this.#engine;
    const given = () => this.#result(placement, 'static', ids.map((item_id, i) => ({ item_id, score: 0, rank: i + 1 })), [], begun);
    if (!engine) return given();
    try {
      const numbers = [...new Set(ids.map((id) => engine.find(id)).filter((item) => item >= 0))];
      const ranked = new Map(engine.rerank(numbers).map(({ item, score }, rank) => [engine.id(item), { rank, score }]));
      const warnings = ids.some((id) => !ranked.has(id)) ? ['unknown_items'] : [];
      const order = permute(ids, (id) => ranked.get(id)?.rank ?? ids.length, maxDisplacement, keepTop);
      const items = order.map((item_id, i) => ({ item_id, score: ranked.get(item_id)?.score ?? 0, rank: i + 1 }));
      return this.#result(placement, 'model', items, warnings, begun);
    } catch (error) {
      return this.#failed(error, given);
    }
  }

  /** Why an item stands where it stands for this visitor; null when nobody knows the item.
   * @param {string} item_id */
  explain(item_id) {
    this.#live();
    checkIds('explain', [item_id]);
    return this.#later(() => {
      const engine = this.#engine, item = engine ? engine.find(String(item_id)) : -1;
      if (!engine || item < 0) return null;
      const [reason] = engine.explain(WHO.visitor, [item]);
      const events = (this.#journal?.events() ?? []);
      return {
        item_id: String(item_id),
        reason: {
          kind: reason.kind, share: reason.share,
          source_item_id: reason.source >= 0 ? engine.id(reason.source) : null,
          event_id: reason.event >= 0 ? events[reason.event]?.event_id ?? null : null,
        },
        parts: reason.parts,
        lost_without_event: reason.lost,
        event: reason.event >= 0 ? events[reason.event] ?? null : null,
        score: engine.rerank([item])[0].score,
      };
    });
  }

  // --- the profile ----------------------------------------------------------------------------

  /** What is known about the visitor, for a panel or a debugger. */
  profile() {
    this.#live();
    const store = this.#journal?.store;
    return {
      events: this.#journal?.events() ?? [],
      affinities: this.#engine?.affinities(24) ?? [],
      state: this.#engine?.state() ?? new Float32Array(0),
      consent: this.#consent,
      storage: store?.state ?? 'memory',
    };
  }

  /** @param {'all' | { item_id: string } | { since: any }} what */
  forget(what) {
    this.#live();
    if (what !== 'all') {
      checkOptions('forget', what, ['item_id', 'since']);
      if (Object.keys(what).length !== 1) throw new TypeError("forget wants { item_id }, { since } or 'all'");
    }
    const since = what === 'all' || !('since' in what) ? 0 : new Date(what.since).getTime();
    if (!Number.isFinite(since)) throw new TypeError('forget: since wants ms since 1970, an ISO text or a Date');
    return this.#forget(what, since);
  }

  /** @param {any} what @param {number} since */
  async #forget(what, since) {
    const journal = this.#journal, before = journal?.size ?? 0;
    let stored = true;
    if (what === 'all') {
      this.#held = [];
      await journal?.forgetAll();
      if (this.#parts.storage) stored = await this.#parts.storage.eraseStorage();
    } else if (journal) {
      stored = await ('item_id' in what ? journal.forgetItem(String(what.item_id)) : journal.forgetSince(since));
    }
    const answer = { before, after: journal?.size ?? 0, erased: stored };
    this.#emit('storage', { state: journal?.store.state ?? 'memory', forgot: answer });
    return answer;
  }

  export() {
    this.#live();
    return this.#later(() => {
      if (!this.#journal) throw new VitrineError('no_model', 'export: there is no profile without a model');
      return { ...this.#journal.export(), settings: { consent: this.#consent } };
    });
  }

  /** @param {unknown} data */
  async import(data) {
    this.#live();
    if (!this.#journal) throw new VitrineError('no_model', 'import: there is no profile without a model');
    if (this.#consent === 'denied')
      throw new VitrineError('consent', 'import: without consent no profile is kept', { hint: 'Call consent.set first.' });
    return this.#journal.import(data);
  }

  /** @param {Consent} state @param {boolean} keep */
  async #setConsent(state, keep) {
    if (this.#parts.consent === 'auto') {
      this.#warnings.delete('consent_auto');
      // The browser's own signal stands above an answer nobody configured.
      if (state === 'granted' && /** @type {any} */ (globalThis.navigator)?.globalPrivacyControl) state = 'session';
    }
    const before = this.#consent, journal = this.#journal;
    if (state === before || !journal) {
      this.#consent = state;
      return;
    }
    this.#consent = state;
    this.#held = [];
    const old = journal.store, { storage } = this.#parts;
    const carried = state === 'denied' ? [] : journal.events();
    const base = state === 'denied' || carried.length === 0 ? null : journal.snapshot();
    if (state === 'granted' || keep) await old.close();
    if (!keep && state !== 'granted' && storage) {
      await old.clear();
      await old.close();
      await storage.eraseStorage();
    }
    journal.blank();
    journal.store = !storage || state === 'denied' ? new NoStore() : state === 'session'
      ? new storage.SessionStore(() => journal.snapshot()) : this.#logStore(journal, storage);
    await this.#restore();
    if (base) await journal.carry(base, carried);
    this.#emit('consent', { state, before });
  }

  /** @param {Journal} journal @param {typeof import('./storage.js')} storage */
  #logStore(journal, storage) {
    if (typeof indexedDB === 'undefined') {
      this.#warnings.add('storage_unavailable');
      return new NoStore();
    }
    return new storage.LogStore({
      onState: (state, error) => {
        if (state === 'open') this.#warnings.delete('storage_memory');
        else this.#warnings.add('storage_memory');
        this.#emit('storage', { state, error });
      },
      onRecords: (records) => {
        journal.take(records);
        for (const { type, time, item_id } of records)
          this.#emit('event', { type, time, items: [item_id], learnt: true, event_ids: [], skipped: 0, other_tab: true });
      },
      onReset: () => void this.#restore(),
      onErased: () => {
        journal.blank();
        this.#emit('storage', { state: 'closed', erased: true });
      },
    });
  }

  async #restore() {
    try {
      const skipped = await this.#journal?.restore();
      if (skipped) this.#emit('storage', { state: this.#journal?.store.state, skipped });
    } catch (error) {
      this.#emit('error', error);
    }
  }

  // --- the catalog, numbers, end --------------------------------------------------------------

  /** Fields of an item, or the shop's own object when the catalog was given as objects.
   * @param {string} item_id @returns {any} undefined when there is no such item */
  item(item_id) {
    this.#live();
    const engine = this.#engine, id = String(item_id), own = this.#own?.get(id);
    const item = engine ? engine.find(id) : -1;
    if (!engine || item < 0) return own;
    const price = engine.price(item);
    const now = { ...(price >= 0 ? { price } : {}), availability: engine.available(item) ? 'in_stock' : 'out_of_stock' };
    if (own) return { ...own, ...(own.price !== undefined && Math.fround(Number(own.price)) === price ? { availability: now.availability } : now) };
    /** @type {Record<string, any>} */
    const fields = { item_id: id };
    for (const name of ['title', 'brand', 'category', 'image_link', 'link', 'group', 'currency', 'tags']) {
      const text = engine.text(item, name);
      if (text) fields[name === 'group' ? 'item_group_id' : name] = name === 'tags' ? text.split(',') : text;
    }
    return { ...fields, ...now };
  }

  /** Every item there is. */
  *items() {
    this.#live();
    if (!this.#engine) {
      yield* this.#own?.values() ?? [];
      return;
    }
    for (let i = 0; i < this.#engine.items; i++) yield this.item(this.#engine.id(i));
  }

  /** Price and stock in place, seen by the next list.
   * @param {{ item_id: string, price?: number, availability?: any }} change @returns {boolean} false: no such item */
  update(change) {
    this.#live();
    checkOptions('update', change, ['item_id', 'price', 'availability']);
    const { price, availability } = change;
    checkIds('update: item_id', [change.item_id]);
    if (price !== undefined && !(typeof price === 'number' && price >= 0 && Number.isFinite(Math.fround(price))))
      throw new TypeError(`update: price is ${price}; it wants a finite number from 0`);
    const engine = this.#engine, item = engine ? engine.find(String(change.item_id)) : -1;
    if (!engine || item < 0) return false;
    if (price !== undefined) engine.setPrice(item, price);
    if (availability !== undefined) engine.setAvailable(item, isAvailable(availability));
    return true;
  }

  /** Speed and size so far. */
  metrics() {
    this.#live();
    const { bytes, load_ms, variant } = this.#parts;
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    /** @param {number} q */
    const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    return {
      variant, load_ms,
      bytes: { ...bytes, memory: this.#engine?.memoryBytes ?? 0 },
      results: this.#results,
      latency_ms: { last: this.#latencies[(this.#results - 1) % LATENCIES] ?? 0, median: at(0.5), p95: at(0.95) },
      model: { version: this.#engine?.modelVersion ?? 0, hash: this.#engine?.modelHash ?? '', card: this.#engine?.modelCard ?? '', parts: PARTS },
      warnings: [...this.#warnings],
      errors: this.#parts.errors,
    };
  }

  /** @param {string} topic @param {(detail: any) => void} fn @returns {() => void} unsubscribe */
  on(topic, fn) {
    this.#live();
    checkOneOf('on', topic, TOPICS);
    if (typeof fn !== 'function') throw new TypeError('on wants a function');
    const set = /** @type {Set<any>} */ (this.#listeners.get(topic));
    set.add(fn);
    return () => void set.delete(fn);
  }

  /** Write what waits, end every connection, let the memory go. A second call does nothing. */
  async close() {
    if (!this.#open) return;
    this.#open = false;
    for (const leave of this.#leave) leave();
    await this.#journal?.store.close();
    this.#journal = this.#engine = null;
  }
}

// Node 20 and older browsers know no Symbol.asyncDispose.
if (Symbol.asyncDispose)
  Object.defineProperty(Recommender.prototype, Symbol.asyncDispose, { value: Recommender.prototype.close });
