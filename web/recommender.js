// @ts-check
/* What a shop calls. Here is what a shelf needs for a visitor of whom nothing is known or may be known;
 * what learns, keeps, explains and counts is in more.js, which comes beside the model where consent is
 * given and after the first shelf where it is not. Nothing of the world's trouble gets out of here
 * except as a warning, or as VitrineError with `strict`. */
import { VitrineError, checkFunction, checkIds, checkOneOf, checkOptions, failure, want, worded } from './errors.js';
import { itemId } from './item_fields.js';
import { ASKING, REFINING, prepare } from './shelves.js';

/** @typedef {'granted' | 'session' | 'denied'} Consent */
/** @typedef {{ engine: import('./engine.js').Engine | null, variant: string, items: any[] | null, fallback: string[],
 *   storage: any, consent: string, model?: any, catalog?: any, loading: Promise<{ module: WebAssembly.Module }>, timeout: number, strict: boolean, learnFromAutomation: boolean, templates: any, attributionDays: number, sources?: string[], learn: boolean | number, warnings: Set<string>,
 *   bytes: { wasm: number, model: number, catalog: number }, errors: unknown[], load_ms: number }} Parts */
/** What the modules of one recommender share.
 * @typedef {Parts & { journal: import('./journal.js').Journal | null, state: Consent, results: number,
 *   loaded: typeof import('./more.js') | null, more: () => Promise<typeof import('./more.js')>, own: Map<string, any> | null,
 *   emit: (topic: string, detail: any, data?: any) => void, early: [string, any, any][],
 *   attempt: <T>(work: (() => T) | null | false | undefined, otherwise: () => T) => T,
 *   result: (asked: { placement: string, experiment?: string, cursor?: string }, source: string, items: { item_id: string, score: number }[],
 *     warnings: string[], begun: number, more?: boolean) => any,
 *   note: ((topic: string, detail: any, data: any) => void) | null, leave: (() => void)[], queue: [string, any][] | null,
 *   itemOf: (id: string) => any }} Context */

const TOPICS = 'result event consent storage error';
const MOST_EARLY = 100;

/** @param {string[]} ids */
const unranked = (ids) => ids.map((item_id) => ({ item_id, score: 0 }));

/** @param {any} options */
const isRefined = (options) => REFINING.split(' ').some((name) => options[name]);

export class Recommender {
  /** @type {Context} */
  #c;
  #open = true;
  /** @type {Record<string, Set<(detail: any) => void>>} */
  #listeners = {};

  /** `consent.state` is what counts now; `consent.set(state, { keep })` changes it. */
  consent;

  /** @param {Parts} parts */
  constructor(parts) {
    for (const topic of TOPICS.split(' ')) this.#listeners[topic] = new Set();
    const page = Math.floor(Math.random() * 2 ** 48).toString(36);
    /** @type {Promise<typeof import('./more.js')> | null} */
    let loading = null;
    /** @type {Context} */
    const c = this.#c = {
      ...parts, journal: null, state: 'denied', results: 0, loaded: null, early: [], note: null, leave: [], queue: null, itemOf: (id) => this.item(id),
      more: () => loading ??= import('./more.js').then((module) => {
        if (this.#open) module.begin(c);
        return (c.loaded = module);
      }, (cause) => {
        loading = null;
        throw failure('network', { what: 'more.js', from: 'the package' }, cause);
      }),
      own: parts.items && new Map(parts.items.map((item) => [String(itemId(item)), item])),
      emit: (topic, detail, data) => {
        if (c.note) c.note(topic, detail, data);
        else if (c.early.length < MOST_EARLY) c.early.push([topic, detail, data]);
        for (const fn of this.#listeners[topic]) {
          try {
            fn(detail);
          } catch (error) {
            console.error(error); // a listener's fault is the page's to see, and no reason to stop
          }
        }
      },
      attempt: (work, otherwise) => {
        try {
          if (work) return work();
        } catch (error) {
          if (!(error instanceof VitrineError) || c.strict) throw error;
          c.emit('error', error);
          c.warnings.add(error.code);
        }
        return otherwise();
      },
      result: ({ placement, experiment, cursor }, source, items, warnings, begun, more) => {
        const latency_ms = performance.now() - begun, rec_id = `${page}-${c.results.toString(36)}`;
        c.results++;
        const result = {
          rec_id, placement, source,
          ...(experiment && { experiment }),
          model_version: c.engine?.x.$model_version() ?? 0,
          variant: c.variant,
          latency_ms,
          warnings: [...c.warnings, ...warnings],
          cursor: more ? rec_id : null,
          items: items.map((item, i) => ({ rank: i + 1, ...item })),
        };
        c.emit('result', result, cursor);
        return result;
      },
    };
    const live = () => this.#live();
    this.consent = {
      get state() {
        return c.state;
      },
      /** @param {any} state @param {{ keep?: boolean }} [options] */
      set(state, options = {}) {
        live();
        checkOneOf('consent', state, 'granted session denied');
        checkOptions('consent.set', options, 'keep');
        if (c.loaded) return c.loaded.setConsent(c, state, options.keep);
        c.queue = state === 'denied' ? null : []; // what is told in the same breath counts
        return c.more().then((more) => more.setConsent(c, state, options.keep));
      },
    };
  }

  /** Read what is kept, and listen to the page; called once, by createRecommender. */
  async begin() {
    const c = this.#c, { consent } = c;
    // Until somebody answers, 'auto' is 'denied'.
    if (consent === 'auto') c.warnings.add('consent_auto');
    // What later calls need comes now in any case, so that no act of the visitor makes a request.
    const loading = c.more().then((more) => more.attend(c, this)).catch((error) => {
      if (error instanceof TypeError) throw error; // a source that nobody knows
      c.warnings.add(error.code);
    });
    if (/^[gs]/.test(consent) || c.sources) await loading;
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

  /** Call a function of more.js, which checks its arguments and returns what is to be run. Once it is
   * there, mistakes are thrown at once. @param {string} name @param {any[]} args @returns {Promise<any>} */
  #more(name, ...args) {
    const c = this.#live(), check = () => /** @type {any} */ (c.loaded)[name](c, ...args);
    return c.loaded ? this.#settle(check()) : this.#settle(() => check()(), true);
  }

  /** @param {string} type @param {any} [data] @returns {{ learnt: boolean, event_ids: string[], skipped: number, why?: string }} */
  track(type, data = {}) {
    const c = this.#live();
    if (!c.loaded) c.queue?.push([type, { time: Date.now(), ...data }]);
    return c.loaded?.track(c, type, data) ?? { learnt: false, event_ids: [], skipped: 0, why: c.engine ? 'consent' : 'no_model' };
  }

  flush() {
    return this.#live().journal?.store.flush() ?? Promise.resolve(false);
  }

  // --- lists ----------------------------------------------------------------------------------

  /** @param {any} [options] */
  recommend(options = {}) {
    const run = this.#ask(options);
    return this.#settle(() => run(new Set()), options.explain || isRefined(options));
  }

  /** @param {any} [options] */
  recommendSync(options = {}) {
    return this.#ask(options)(new Set());
  }

  /** @param {any[]} shelves  the options of each, in the order of the page */
  page(shelves) {
    want(Array.isArray(shelves), 'page wants an array of options');
    const runs = shelves.map((options) => this.#ask(options)), shown = new Set();
    return this.#settle(() => runs.map((run) => run(shown)), shelves.some((options) => options.explain || isRefined(options)));
  }

  /** Check one shelf's options. @param {any} options
   * @returns {(shown: Set<any>) => any} makes the list; shown grows by what is listed */
  #ask(options) {
    const c = this.#live(), { engine } = c;
    checkOptions('recommend', options, ASKING);
    const { placement = 'for_you', limit = 12, explain, candidates, hide = [], cursor, experiment } = options;
    const fill = prepare(options), refined = isRefined(options);
    if (refined && engine) c.loaded?.refine(engine, options);
    return (shown) => {
      const begun = performance.now(), before = cursor && c.loaded?.listedBefore(c, cursor);
      /** @type {string[]} */
      const warnings = cursor && !before ? ['unknown_cursor'] : [];
      for (const id of before ?? []) shown.add(id);
      /** @param {string} source @param {any[]} items */
      const result = (source, items) => {
        for (const { item_id } of items) shown.add(item_id);
        return c.result({ placement, experiment, cursor }, source, items, warnings, begun, items.length >= limit);
      };
      if (refined && !c.loaded) warnings.push('rules_pending');
      return c.attempt(engine && (!refined || c.loaded) && (() => {
        engine.x.$rules_clear();
        const shelf = fill(engine, [...shown], warnings, refined ? c.loaded?.refine(engine, options) : undefined);
        if (shelf.relaxed && shelf.list.length) {
          if (cursor) shelf.list = []; // the end, rather than the first page again
          else warnings.push('exclusions_relaxed');
        }
        const reasons = explain && c.loaded?.reasons(c, shelf, explain);
        if (explain && !reasons) warnings.push('explain_pending');
        return result(engine.first && shelf.source === 'model' ? 'content' : shelf.source, shelf.list.map(({ item, score }, i) =>
          ({ item_id: engine.id(item), score, ...(reasons ? { reason: reasons[i] } : {}) })));
      }), () => {
        // The last rung: the lists the shop gave.
        const ids = (candidates ?? (c.fallback.length ? c.fallback : [...(c.own?.keys() ?? [])])).map(String);
        const list = placement === 'recently_viewed' ? [] : ids.filter((/** @type {string} */ id) => !shown.has(id) && !hide.includes(id));
        return result('static', unranked(list.slice(0, limit)));
      });
    };
  }

  /** @param {any} options */
  rerank(options) {
    return this.#more('rerank', options);
  }

  /** Which of the shop's offers to show, by falling appeal. @param {any[]} list @param {any} [options] */
  promotions(list, options) {
    return this.#more('promotions', list, options);
  }

  /** The given order, where more.js has not come yet: then nothing is known of the visitor either.
   * @param {any} options  an array of ids, or { items, maxDisplacement, keepTop, keep, placement, ... } */
  rerankSync(options) {
    const c = this.#live(), { placement = 'rerank', items = options } = options;
    return c.loaded ? c.loaded.rerank(c, options)() : c.result({ placement }, 'static',
      unranked(checkIds('rerank: items', items)), ['rerank_pending'], performance.now());
  }

  // --- the profile and the numbers: more.js ---------------------------------------------------

  /** Why an item stands where it stands for this visitor; null when nobody knows the item.
   * @param {string} item_id */
  explain(item_id) {
    return this.#more('explain', item_id);
  }

  /** What is known about the visitor, for a panel or a debugger. */
  profile() {
    const c = this.#live();
    return { events: [], affinities: [], intent: null, drift: 0, state: new Float32Array(0), consent: c.state, storage: 'memory', ...c.loaded?.profile(c) };
  }

  /** @param {any} what  'all', { item_id } or { since } */
  forget(what) {
    return this.#more('forget', what);
  }
  /** @param {any} [options]  { replay }: for `vitrine replay`, with the lists as they stand */
  export(options) {
    return this.#more('exported', options);
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
    // A price is kept as 32 bits: seven digits of it are the shop's.
    const price = +engine.x.$price(item).toPrecision(7), availability = engine.x.$available(item) ? 'in_stock' : 'out_of_stock';
    if (mine) return price < 0 || Math.fround(Number(mine.price)) === Math.fround(price) ? { ...mine, availability } : { ...mine, price, availability };
    /** @type {Record<string, any>} */
    const fields = { item_id: id };
    engine.fields.forEach((name, field) => {
      const text = engine.words(engine.x.$text(item, field));
      if (text) fields[name] = name === 'tags' ? text.split(',') : text;
    });
    if (price >= 0) fields.price = price;
    return { ...fields, availability };
  }

  /** Every item there is. */
  *items() {
    const { engine, own } = this.#live();
    if (!engine) yield* own?.values() ?? [];
    else for (let i = engine.first; i < engine.items; i++) yield this.item(engine.id(i));
  }

  /** Price and stock in place, seen by the next list: of one item, or by a delta file.
   * @param {any} change */
  update(change) {
    return this.#more('update', change);
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
    const c = this.#c, { journal } = c;
    if (!this.#open) return;
    this.#open = false;
    for (const leave of c.leave) leave();
    c.journal = c.engine = null;
    await journal?.store.close();
  }
}

// Older browsers know no Symbol.asyncDispose, and nobody asks them for ''.
/** @type {any} */ (Recommender.prototype)[Symbol.asyncDispose ?? ''] = Recommender.prototype.close;
