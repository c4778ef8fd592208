// @ts-check
/* What a shop calls. It checks the caller, asks the engine, and words the answer; nothing of the
 * world's trouble gets out of here except as a warning, or as VitrineError with `strict`.
 *
 * Only what the first shelf needs is here. The rest is in more.js (reasons, forgetting, export, numbers)
 * and keeping.js (storage), which work on the same context. */
import { FLAGS, TEXT } from './constants.js';
import { VitrineError, checkFunction, checkIds, checkNumber, checkOneOf, checkOptions, checkWhole, failure, want, worded } from './errors.js';
import { Throttle, normalise } from './events.js';
import { isAvailable, itemId } from './item_fields.js';
import { Journal } from './journal.js';
import { NoStore } from './no_store.js';
import { PLACEMENTS, fillShelf, permute } from './shelves.js';

/** @typedef {'granted' | 'session' | 'denied'} Consent */
/** @typedef {{ engine: import('./engine.js').Engine | null, variant: string, items: any[] | null, fallback: string[],
 *   storage: boolean, consent: string, strict: boolean, learnFromAutomation: boolean, warnings: Set<string>,
 *   bytes: { wasm: number, model: number, catalog: number }, errors: unknown[], load_ms: number }} Parts */
/** What the modules of one recommender share.
 * @typedef {Parts & { journal: Journal | null, state: Consent, held: [string, any][], results: number, latencies: number[],
 *   loaded: typeof import('./more.js') | null, more: () => Promise<typeof import('./more.js')>, own: Map<string, any> | null, emit: (topic: string, detail: any) => void }} Context */

const EXCLUDABLE = { viewed: FLAGS.was_viewed, cart: FLAGS.in_cart, wishlist: FLAGS.in_wishlist, purchased: FLAGS.was_purchased };
const ASKING = 'placement seeds limit exclude candidates explain';
const TOPICS = 'result event consent storage error';
const MOST_HELD = 50, LATENCIES = 256;

export class Recommender {
  /** @type {Context} */
  #c;
  #open = true;
  /** @type {Record<string, Set<(detail: any) => void>>} */
  #listeners = {};
  #throttle = new Throttle();
  #page = Math.floor(Math.random() * 2 ** 48).toString(36);
  /** @type {(() => void)[]} */
  #leave = [];

  /** `consent.state` is what counts now; `consent.set(state, { keep })` changes it. */
  consent;

  /** @param {Parts} parts */
  constructor(parts) {
    for (const topic of TOPICS.split(' ')) this.#listeners[topic] = new Set();
    /** @type {Promise<typeof import('./more.js')> | null} */
    let loading = null;
    /** @type {Context} */
    const c = this.#c = {
      ...parts, journal: null, state: 'denied', held: [], results: 0, latencies: [], loaded: null,
      more: () => loading ??= import('./more.js').then((module) => (c.loaded = module), (cause) => {
        loading = null;
        throw failure('network', { what: 'more.js', from: 'a module of the package' }, cause);
      }),
      own: parts.items && new Map(parts.items.map((item) => [String(itemId(item)), item])),
      emit: (topic, detail) => {
        for (const fn of this.#listeners[topic]) {
          try {
            fn(detail);
          } catch (error) {
            // A listener's fault is the page's to see, and no reason to stop.
            typeof reportError === 'function' ? reportError(error) : console.error(error);
          }
        }
      },
    };
    if (c.engine) c.journal = new Journal(c.engine, new NoStore(), (code) => c.warnings.add(code));
    const live = () => this.#live();
    this.consent = {
      get state() {
        return c.state;
      },
      /** @param {string} state @param {{ keep?: boolean }} [options] */
      set(state, options = {}) {
        live();
        checkOneOf('consent', state, 'granted session denied');
        checkOptions('consent.set', options, 'keep');
        return setConsent(c, /** @type {Consent} */ (state), options.keep === true);
      },
    };
  }

  /** Read what is kept; called once, by createRecommender. */
  async begin() {
    const c = this.#c, { consent } = c, page = globalThis.document;
    // Until somebody answers, 'auto' is 'denied'.
    if (consent === 'auto') c.warnings.add('consent_auto');
    else await setConsent(c, /** @type {Consent} */ (consent), true);
    /** @param {string} name @param {any} target @param {(event: any) => void} fn */
    const follow = (name, target, fn) => {
      target?.addEventListener?.(name, fn);
      this.#leave.push(() => target?.removeEventListener?.(name, fn));
    };
    const release = () => c.held.splice(0).forEach(([type, data]) => this.track(type, data));
    follow('visibilitychange', page, () => void (page.visibilityState === 'hidden' ? c.journal?.store.flush() : release()));
    follow('prerenderingchange', page, release);
    follow('pagehide', globalThis.window, () => c.journal?.store.pause());
    follow('pageshow', globalThis.window, (event) => event.persisted && c.journal?.store.resume());
    // What later calls need comes now, so that no act of the visitor makes a request.
    for (const module of [c.more(), c.storage && import('./keeping.js')]) module && module.catch(() => {});
    return this;
  }

  #live() {
    want(this.#open, 'this recommender was closed');
    return this.#c;
  }

  /** Run what was checked, after more.js has come if it takes that; failures come in words.
   * @template T @param {() => T} run @param {unknown} [needsMore] @returns {Promise<Awaited<T>>} */
  async #settle(run, needsMore) {
    try {
      if (needsMore) await this.#c.more();
      return await run();
    } catch (error) {
      throw await worded(error);
    }
  }

  /** Call a function of more.js. @param {string} name @param {any[]} args @returns {Promise<any>} */
  #more(name, ...args) {
    const c = this.#live();
    return this.#settle(async () => /** @type {any} */ (await c.more())[name](c, ...args));
  }

  // --- events ---------------------------------------------------------------------------------

  /** @param {string} type @param {any} [data] */
  track(type, data = {}) {
    const c = this.#live(), { engine, journal } = c;
    if (!engine || !journal) return { learnt: false, event_ids: [], skipped: 0, why: 'no_model' };
    const seen = normalise(type, data, engine, Date.now());
    const why = this.#refusal(seen.entries.length, seen.learnt);
    if (why === 'hidden' && c.held.length < MOST_HELD) c.held.push([type, { ...data, time: seen.time }]);
    /** @type {string[]} */
    const event_ids = [];
    let { skipped } = seen;
    if (!why) {
      for (const { item_id, value } of seen.entries) {
        const id = journal.add(seen.type, item_id, seen.time, value);
        if (id === null) skipped++;
        else event_ids.push(id);
      }
    }
    const answer = { learnt: event_ids.length > 0, event_ids, skipped, ...(why ? { why } : {}) };
    c.emit('event', { type: seen.type, time: seen.time, items: seen.entries.map((e) => e.item_id), ...answer });
    return answer;
  }

  /** Why an event teaches nothing, '' when it does. @param {number} count @param {boolean} learnt */
  #refusal(count, learnt) {
    const page = /** @type {any} */ (globalThis.document);
    return !learnt ? 'no_evidence'
      : this.#c.state === 'denied' ? 'consent'
        : globalThis.navigator?.webdriver && !this.#c.learnFromAutomation ? 'automation'
          : page?.prerendering || page?.visibilityState === 'hidden' ? 'hidden'
            : this.#throttle.admits(performance.now(), count) ? '' : 'flood';
  }

  flush() {
    return this.#live().journal?.store.flush() ?? Promise.resolve(false);
  }

  // --- lists ----------------------------------------------------------------------------------

  /** @param {any} [options] */
  recommend(options = {}) {
    const run = this.#ask(options);
    return this.#settle(() => run(new Set()), options.explain);
  }

  /** @param {any} [options] */
  recommendSync(options = {}) {
    return this.#ask(options)(new Set());
  }

  /** @param {any[]} shelves  the options of each, in the order of the page */
  page(shelves) {
    want(Array.isArray(shelves), 'page wants an array with the options of each shelf');
    const runs = shelves.map((options) => this.#ask(options)), shown = new Set();
    return this.#settle(() => runs.map((run) => run(shown)), shelves.some(({ explain }) => explain));
  }

  /** Check one shelf's options. @param {any} options
   * @returns {(shown: Set<any>) => any} makes the list; shown grows by what is listed */
  #ask(options) {
    const c = this.#live();
    checkOptions('recommend', options, ASKING);
    const { placement = 'for_you', limit = 12, explain } = options;
    checkOneOf('placement', placement, PLACEMENTS);
    checkWhole('limit', limit, 1, 1000);
    const seeds = checkIds('seeds', options.seeds ?? []);
    const candidates = options.candidates && checkIds('candidates', options.candidates);
    const exclude = options.exclude ?? (placement === 'recently_viewed' ? [] : ['purchased', 'cart']);
    want(Array.isArray(exclude), 'exclude wants an array');
    let flags = 0;
    for (const what of exclude) {
      checkOneOf('exclude', what, Object.keys(EXCLUDABLE));
      flags |= EXCLUDABLE[/** @type {keyof typeof EXCLUDABLE} */ (what)];
    }
    return (shown) => {
      const begun = performance.now(), { engine } = c;
      /** @type {string[]} */
      const warnings = [];
      return this.#try(engine && (() => {
        /** @param {string[]} ids @param {string} code */
        const known = (ids, code) => {
          const found = ids.map((id) => engine.find(id)).filter((item) => item >= 0);
          if (found.length < ids.length) warnings.push(code);
          return found;
        };
        const shelf = fillShelf(engine, {
          placement, limit, shown, exclude: flags,
          seeds: known(seeds, 'unknown_seeds'),
          candidates: candidates ? new Set(known(candidates, 'unknown_candidates')) : null,
        });
        if (shelf.relaxed && shelf.list.length) warnings.push('exclusions_relaxed');
        const reasons = explain && c.loaded?.reasons(c, shelf);
        if (explain && !reasons) warnings.push('explain_pending');
        const items = shelf.list.map(({ item, score }, i) => {
          shown.add(item);
          return { item_id: engine.id(item), score, ...(reasons ? { reason: reasons[i] } : {}) };
        });
        return this.#result(placement, shelf.source, items, warnings, begun);
      }), () => {
        // The last rung: the lists the shop gave.
        const ids = candidates ?? (c.fallback.length ? c.fallback : [...(c.own?.keys() ?? [])]);
        const list = placement === 'recently_viewed' ? [] : ids.filter((/** @type {string} */ id) => !shown.has(id)).slice(0, limit);
        return this.#result(placement, 'static', list.map((/** @type {string} */ item_id) => {
          shown.add(item_id);
          return { item_id, score: 0 };
        }), warnings, begun);
      });
    };
  }

  /** @template T @param {(() => T) | null} work @param {() => T} otherwise @returns {T} */
  #try(work, otherwise) {
    const c = this.#c;
    try {
      if (work) return work();
    } catch (error) {
      if (!(error instanceof VitrineError) || c.strict) throw error;
      c.emit('error', error);
      c.warnings.add(error.code);
    }
    return otherwise();
  }

  /** @param {string} placement @param {string} source @param {any[]} items @param {string[]} warnings @param {number} begun */
  #result(placement, source, items, warnings, begun) {
    const c = this.#c, latency_ms = performance.now() - begun;
    c.latencies[c.results % LATENCIES] = latency_ms;
    const result = {
      rec_id: `${this.#page}-${(c.results++).toString(36)}`,
      placement, source,
      model_version: c.engine?.modelVersion ?? 0,
      variant: c.variant,
      latency_ms,
      warnings: [...c.warnings, ...warnings],
      items: items.map((item, i) => ({ rank: i + 1, ...item })),
    };
    c.emit('result', result);
    return result;
  }

  /** @param {any} options */
  rerank(options) {
    const run = this.#order(options);
    return this.#settle(run);
  }

  /** @param {any} options  an array of ids, or { items, maxDisplacement, keepTop, placement } */
  rerankSync(options) {
    return this.#order(options)();
  }

  /** @param {any} options */
  #order(options) {
    const c = this.#live(), asked = Array.isArray(options) ? { items: options } : options;
    checkOptions('rerank', asked, 'items maxDisplacement keepTop placement');
    const ids = checkIds('rerank: items', asked.items);
    const { maxDisplacement = ids.length, keepTop = 0, placement = 'rerank' } = asked;
    checkWhole('maxDisplacement', maxDisplacement, 0, 1e9);
    checkWhole('keepTop', keepTop, 0, 1e9);
    want(typeof placement === 'string', 'rerank: placement wants to be a string');
    return () => {
      const begun = performance.now(), { engine } = c;
      return this.#try(engine && (() => {
        const numbers = [...new Set(ids.map((id) => engine.find(id)).filter((item) => item >= 0))];
        const ranked = new Map(engine.rerank(numbers).map(({ item, score }, rank) => [engine.id(item), { rank, score }]));
        const order = permute(ids, (id) => ranked.get(id)?.rank ?? ids.length, maxDisplacement, keepTop);
        return this.#result(placement, 'model', order.map((item_id) => ({ item_id, score: ranked.get(item_id)?.score ?? 0 })),
          ids.some((id) => !ranked.has(id)) ? ['unknown_items'] : [], begun);
      }), () => this.#result(placement, 'static', ids.map((item_id) => ({ item_id, score: 0 })), [], begun));
    };
  }

  /** Why an item stands where it stands for this visitor; null when nobody knows the item.
   * @param {string} item_id */
  explain(item_id) {
    return this.#more('explain', checkIds('explain', [item_id])[0]);
  }

  // --- the profile ----------------------------------------------------------------------------

  /** What is known about the visitor, for a panel or a debugger. */
  profile() {
    const { engine, journal, state } = this.#live();
    return {
      events: journal?.events() ?? [],
      affinities: engine?.affinities(24) ?? [],
      state: engine?.state() ?? new Float32Array(0),
      consent: state,
      storage: journal?.store.state ?? 'memory',
    };
  }

  /** @param {any} what  'all', { item_id } or { since } */
  forget(what) {
    if (what !== 'all') {
      checkOptions('forget', what, 'item_id since');
      want(Object.keys(what).length === 1, "forget wants { item_id }, { since } or 'all'");
    }
    const since = new Date(what.since ?? 0).getTime();
    want(since >= 0, 'forget: since wants ms since 1970, an ISO text or a Date');
    return this.#more('forget', what, since);
  }

  export() {
    return this.#more('exported');
  }
  /** @param {unknown} data */
  import(data) {
    return this.#more('imported', data);
  }
  /** Numbers about speed, size and what became of the lists. */
  metrics() {
    return this.#more('metrics');
  }

  // --- the catalog, end -----------------------------------------------------------------------

  /** Fields of an item, or the shop's own object when the catalog was given as objects.
   * @param {string} item_id @returns {any} undefined when there is no such item */
  item(item_id) {
    const { engine, own } = this.#live(), id = String(item_id), mine = own?.get(id);
    const item = engine ? engine.find(id) : -1;
    if (!engine || item < 0) return mine;
    const price = engine.x.price(item), availability = engine.x.available(item) ? 'in_stock' : 'out_of_stock';
    if (mine) return Math.fround(Number(mine.price)) === price || price < 0 ? { ...mine, availability } : { ...mine, price, availability };
    /** @type {Record<string, any>} */
    const fields = { item_id: id };
    for (const name of TEXT) {
      const text = engine.text(item, name);
      if (text) fields[name === 'group' ? 'item_group_id' : name] = name === 'tags' ? text.split(',') : text;
    }
    if (price >= 0) fields.price = price;
    return { ...fields, availability };
  }

  /** Every item there is. */
  *items() {
    const { engine, own } = this.#live();
    if (!engine) yield* own?.values() ?? [];
    else for (let i = 0; i < engine.items; i++) yield this.item(engine.id(i));
  }

  /** Price and stock in place, seen by the next list.
   * @param {{ item_id: string, price?: number, availability?: any }} change @returns {boolean} false: no such item */
  update(change) {
    const { engine } = this.#live();
    checkOptions('update', change, 'item_id price availability');
    const { price, availability } = change;
    const [id] = checkIds('update: item_id', [change.item_id]);
    if (price !== undefined) checkNumber('update: price', price, 0, 3e38);
    const item = engine ? engine.find(id) : -1;
    if (!engine || item < 0) return false;
    if (price !== undefined) engine.check(engine.x.set_price(item, price), 'update');
    if (availability !== undefined) engine.check(engine.x.set_available(item, Number(isAvailable(availability))), 'update');
    return true;
  }

  /** @param {string} topic @param {(detail: any) => void} fn @returns {() => void} unsubscribe */
  on(topic, fn) {
    this.#live();
    checkOneOf('on', topic, TOPICS);
    checkFunction('on', fn);
    this.#listeners[topic].add(fn);
    return () => void this.#listeners[topic].delete(fn);
  }

  /** Write what waits, end every connection, let the memory go. A second call does nothing. */
  async close() {
    if (!this.#open) return;
    this.#open = false;
    for (const leave of this.#leave) leave();
    const { journal } = this.#c;
    this.#c.journal = this.#c.engine = null;
    await journal?.store.close();
  }
}

/** @param {Context} c @param {Consent} state @param {boolean} keep */
async function setConsent(c, state, keep) {
  if (c.consent === 'auto') {
    c.warnings.delete('consent_auto');
    // The browser's own signal stands above an answer nobody configured.
    if (state === 'granted' && /** @type {any} */ (globalThis.navigator)?.globalPrivacyControl) state = 'session';
  }
  const before = c.state;
  c.state = state;
  if (state === before || !c.journal) return;
  c.held = [];
  if (c.storage) {
    try {
      await (await import('./keeping.js')).change(c, state, keep);
    } catch {
      c.warnings.add('storage_unavailable'); // keeping.js did not come
    }
  } else if (state === 'denied') c.journal.blank();
  c.emit('consent', { state, before });
}

// Node 20 and older browsers know no Symbol.asyncDispose.
if (Symbol.asyncDispose)
  Object.defineProperty(Recommender.prototype, Symbol.asyncDispose, { value: Recommender.prototype.close });
