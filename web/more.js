// @ts-check
/* What learns from the visitor, explains, forgets and counts. It comes beside the model where consent is
 * given, else once the first shelf stands. Each function takes the context of its recommender first. */
import { VERSION } from './constants.js';
import { PARTS, WHO } from './constants_more.js';
import { VitrineError, checkFunction, checkIds, checkNumber, checkOptions, failure, isObject, want, worded } from './errors.js';
import { Throttle, normalise } from './events.js';
import { Funnel } from './funnel.js';
import { isAvailable } from './item_fields.js';
import { Journal } from './journal.js';
import { NoStore } from './no_store.js';
import { affinitiesOf, applyDelta, eventAt, intentOf, memoryOf, modelOf, reasonsOf, scoreOf, stateOf } from './engine_more.js';
import { compact, exportProfile, forgetItem, forgetSince, importProfile } from './journal_more.js';
import { asBytes, readSource, whole } from './model_source.js';

export { promotions } from './promotions.js';
export { rerank } from './rerank.js';
export { refine } from './rules.js';

/** @typedef {import('./recommender.js').Context} Context */

const MOST_HELD = 50, LATENCIES = 256;
/** Events of a page that nobody has seen yet, the floodgate, the counters.
 * @typedef {{ held: [string, any][], throttle: Throttle, funnel: Funnel, latencies: number[], turn: Promise<void> }} Gate */
/** @type {WeakMap<Context, Gate>} */
const gates = new WeakMap();
/** @param {Context} c */
const gateOf = (c) => /** @type {Gate} */ (gates.get(c));

/** Called once, when this module has come. @param {Context} c */
export function begin(c) {
  const page = globalThis.document, gate = { held: /** @type {[string, any][]} */ ([]), throttle: new Throttle(), funnel: new Funnel(c.attributionDays),
    latencies: /** @type {number[]} */ ([]), turn: Promise.resolve() };
  gates.set(c, gate);
  c.engine?.x.$learn(Number(c.learn));
  if (c.engine) c.journal = new Journal(c.engine, new NoStore(), (code) => c.warnings.add(code), gate.funnel);
  /** @param {string} name @param {any} target @param {(event: any) => void} fn */
  const follow = (name, target, fn) => {
    target?.addEventListener?.(name, fn);
    c.leave.push(() => target?.removeEventListener?.(name, fn));
  };
  const release = () => gate.held.splice(0).forEach(([type, data]) => track(c, type, data));
  follow('visibilitychange', page, () => void (page.visibilityState === 'hidden' ? c.journal?.store.flush() : release()));
  follow('prerenderingchange', page, release);
  follow('pagehide', globalThis.window, () => c.journal?.store.pause());
  follow('pageshow', globalThis.window, (event) => event.persisted && c.journal?.store.resume());
  const { funnel } = gate;
  c.note = (topic, detail, data) => {
    if (topic === 'result') {
      funnel.listed(detail, data);
      gate.latencies.push(detail.latency_ms);
      if (gate.latencies.length > LATENCIES) gate.latencies.shift();
    }
    else if (topic === 'event' && !detail.other_tab && /^(no_evidence)?$/.test(detail.why ?? '')) funnel.happened(detail.type, detail.time, detail.items, data);
  };
  for (const [topic, detail, data] of c.early.splice(0)) c.note(topic, detail, data);
}

/** @param {Context} c @param {string} type @param {any} data */
export function track(c, type, data) {
  const { engine, journal } = c, gate = gateOf(c);
  if (!engine || !journal) return undefined;
  // An event of a list names the list; its items are known.
  const listed = isObject(data) && data.items === undefined && data.item_id === undefined ? gate.funnel.itemsOf(data.rec_id) : undefined;
  if (listed) data = { ...data, items: listed.map((item_id) => ({ item_id })) };
  const seen = normalise(type, data, engine, Date.now());
  const why = refusal(c, seen.entries.length, seen.learnt);
  if (why === 'hidden' && gate.held.length < MOST_HELD) gate.held.push([type, { ...data, time: seen.time }]);
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
  c.emit('event', { type: seen.type, time: seen.time, items: seen.entries.map((e) => e.item_id), ...answer }, data);
  return answer;
}

/** Why an event teaches nothing, '' when it does. @param {Context} c @param {number} count @param {boolean} learnt */
function refusal(c, count, learnt) {
  const page = /** @type {any} */ (globalThis.document);
  return c.state === 'denied' ? 'consent'
    : globalThis.navigator?.webdriver && !c.learnFromAutomation ? 'automation'
      : page?.prerendering || page?.visibilityState === 'hidden' ? 'hidden'
        : !gateOf(c).throttle.admits(performance.now(), count) ? 'flood' : learnt ? '' : 'no_evidence';
}

/** Listen to the page as the shop asked, and take up what is kept. @param {Context} c @param {any} recommender */
export async function attend(c, recommender) {
  const { sources = [], consent, storage } = c;
  if (isObject(storage)) for (const name of ['get', 'set', 'delete']) checkFunction(`storage.${name}`, storage[name]);
  const kept = setConsent(c, consent, true);
  const adapters = globalThis.document && (sources.length || consent === 'auto') ? await import('./adapters.js').catch(() => null) : null;
  await kept;
  if (adapters && c.engine) c.leave.push(await adapters.attend(recommender, sources, consent));
}

/** What stood on the pages up to a cursor. @param {Context} c @param {string} cursor */
export const listedBefore = (c, cursor) => gateOf(c).funnel.listedBefore(cursor);

/** @param {Context} c @param {string} asked @param {boolean} [keep]  what is stored */
export async function setConsent(c, asked, keep) {
  const keeping = c.storage ? import('./keeping.js') : null; // whatever the answer: no later one may make a request
  if (asked === 'auto') return;
  let state = /** @type {import('./recommender.js').Consent} */ (asked);
  if (c.consent === 'auto') {
    c.warnings.delete('consent_auto');
    // The browser's own signal stands above an answer nobody configured.
    if (state === 'granted' && /** @type {any} */ (globalThis.navigator)?.globalPrivacyControl) state = 'session';
  }
  const before = c.state;
  c.state = state;
  for (const [type, data] of c.queue?.splice(0) ?? []) track(c, type, data);
  if (state === before || !c.journal) return;
  const gate = gateOf(c);
  gate.held = [];
  // One after the other: a yes that a no has overtaken is not carried out, a no always is.
  await (gate.turn = gate.turn.then(async () => {
    if (!c.journal || (state !== 'denied' && c.state !== state)) return;
    try {
      if (keeping) await (await keeping).change(c, state, keep === true);
      else if (state === 'denied') {
        c.journal.blank();
        gate.funnel.blank();
      }
    } catch {
      c.warnings.add('storage_unavailable'); // keeping.js did not come
    }
  }));
  c.emit('consent', { state, before });
}

/** Why a rung lists an item, where it is not the fused score. @type {Record<string, string>} */
const KINDS = { item_knn: 'neighbours', popular: 'popularity' };

/** The shop's words for a reason: a function, or texts by kind with {title} and {source} in them.
 * @param {Context} c @param {any} templates @param {any} reason @param {string} item_id */
function reasonText(c, templates, reason, item_id) {
  const item = c.itemOf(item_id), source = reason.source_item_id === null ? null : c.itemOf(reason.source_item_id);
  if (typeof templates === 'function') return String(templates(reason, item, source) ?? '');
  // A text about a source says nothing without one.
  const fits = [templates[reason.kind], templates.default].find((text) => text && (source || !text.includes('{source}')));
  return String(fits ?? '').replace(/\{(title|source)\}/g, (_, what) => (what === 'title' ? item?.title : source?.title) ?? '');
}

/** @param {any} templates */
function checkTemplates(templates) {
  if (isObject(templates)) for (const text of Object.values(templates)) want(typeof text === 'string', 'templates wants texts');
  else checkFunction('templates', templates);
}

/** @param {Context} c @param {import('./shelves.js').Shelf} shelf @param {any} how  true, or { templates } */
export function reasons(c, { list, seeded, seed }, how) {
  const templates = how.templates ?? c.templates;
  if (templates) checkTemplates(templates);
  const engine = /** @type {import('./engine.js').Engine} */ (c.engine), ids = c.journal?.ids ?? [];
  const ranked = list.filter(({ rung }) => rung === 'model').map(({ item }) => item);
  const found = new Map(reasonsOf(engine, seeded ? WHO.seeds : WHO.visitor, ranked).map((reason, i) => [ranked[i], reason]));
  const seedId = seed < 0 ? null : engine.id(seed);
  return list.map(({ item, rung }) => {
    const fused = found.get(item);
    let event = fused && !seeded ? fused.event : -1;
    if (rung === 'recent') for (event = ids.length - 1; event >= 0 && eventAt(engine, event).item !== item;) event--;
    const reason = {
      kind: fused?.kind ?? KINDS[rung] ?? rung,
      share: fused?.share ?? 1,
      source_item_id: fused && fused.source >= 0 ? engine.id(fused.source) : rung === 'recent' ? engine.id(item)
        : /model|content|item_knn/.test(rung) ? seedId : null,
      event_id: ids[event] ?? null,
    };
    return templates ? { ...reason, text: reasonText(c, templates, reason, engine.id(item)) } : reason;
  });
}

/** @param {Context} c */
export const profile = ({ engine, journal }) => (engine && journal
  ? { events: journal.events(), affinities: affinitiesOf(engine, 24), intent: intentOf(engine), drift: engine.x.$drift(), state: stateOf(engine), storage: journal.store.state } : {});

/** @param {Context} c @param {string} id */
export function explain({ engine, journal }, id) {
  const [item_id] = checkIds('explain', [id]);
  return () => {
    const item = engine ? engine.find(item_id) : -1;
    if (!engine || !journal || item < 0) return null;
    const [{ kind, share, parts, event, source, lost }] = reasonsOf(engine, WHO.visitor, [item]);
    const kept = event >= 0 ? journal.events()[event] ?? null : null;
    return {
      item_id,
      reason: { kind, share, source_item_id: source >= 0 ? engine.id(source) : null, event_id: kept?.event_id ?? null },
      parts,
      lost_without_event: lost,
      event: kept,
      score: scoreOf(engine, item),
    };
  };
}

/** @param {Context} c @param {any} what  'all', { item_id } or { since } */
export function forget(c, what) {
  if (what !== 'all' && what !== 'learning') {
    checkOptions('forget', what, 'item_id since');
    want(Object.keys(what).length === 1, "forget wants { item_id }, { since }, 'learning' or 'all'");
  }
  const since = new Date(what.since ?? 0).getTime();
  want(since >= 0, 'forget: since wants ms since 1970, an ISO text or a Date');
  return async () => {
    const { journal } = c, before = journal?.size ?? 0;
    let erased = true;
    if (what === 'all') {
      gateOf(c).held = [];
      journal?.blank();
      gateOf(c).funnel.blank();
      await journal?.store.clear();
      if (c.storage) erased = await (await import('./keeping.js')).erase(c);
    } else if (journal && what === 'learning') {
      journal.engine.x.$reset_learning();
      erased = await compact(journal);
    } else if (journal) {
      erased = await ('item_id' in what ? forgetItem(journal, String(what.item_id)) : forgetSince(journal, since));
    }
    const answer = { before, after: journal?.size ?? 0, erased };
    c.emit('storage', { state: journal?.store.state ?? 'memory', forgot: answer });
    return answer;
  };
}

/** @param {Context} c @param {string} what */
function journalOf({ journal }, what) {
  if (!journal) throw failure('no_model', { what });
  return journal;
}

/** @param {Context} c @param {any} [options] */
export const exported = (c, options = {}) => {
  checkOptions('export', options, 'replay');
  return async () => {
    const profile = exportProfile(journalOf(c, 'export'));
    if (!options.replay || !c.engine) return { ...profile, settings: { consent: c.state } };
    return (await import('./replay.js')).replayOf(c.engine, { version: VERSION, variant: c.variant, learn: Number(c.learn) });
  };
};

/** @param {Context} c @param {unknown} data */
export const imported = (c, data) => () => {
  const journal = journalOf(c, 'import');
  if (c.state === 'denied') throw failure('consent', { what: 'import' });
  return importProfile(journal, data);
};

/** A delta file, as bytes or where it lies. Whoever has to have signed the catalog has to have signed what
 * changes it, unless another key is named. @param {Context} c @param {any} source
 * @returns {Promise<number | false>} how many items changed, false when it is refused */
async function updateBy(c, source) {
  try {
    const { publicKey, unsigned } = c.catalog ?? {}, given = asBytes(source);
    const named = given ? { publicKey, unsigned } : { publicKey, unsigned, ...source };
    if (named.publicKey === undefined) delete named.publicKey;
    /** @param {string} code */
    const warn = (code) => void c.warnings.add(code);
    const bytes = given && publicKey ? await (await import('./signature.js')).unsealed(given, named, 'delta', warn)
      : whole(await readSource(given ?? named, 'delta', { timeout: c.timeout, onProgress: () => {} }, warn));
    return c.engine ? applyDelta(c.engine, bytes) : false;
  } catch (error) {
    if (!(error instanceof VitrineError) || c.strict) throw error;
    c.emit('error', await worded(error));
    c.warnings.add(error.code);
    return false;
  }
}

/** One item's change, or a delta file. @param {Context} c @param {any} change
 * @returns {() => boolean | Promise<number | false>} whether the item is there; how many items a delta changed */
export function update(c, change) {
  const { engine } = c;
  if (asBytes(change)) return () => updateBy(c, change);
  if (change?.url !== undefined) {
    checkOptions('update', change, 'url sha256 publicKey unsigned minVersion');
    return () => updateBy(c, change);
  }
  checkOptions('update', change, 'item_id price availability');
  const { price, availability } = change, [id] = checkIds('update: item_id', [change.item_id]);
  if (price !== undefined) checkNumber('update: price', price, 0, 3e38);
  return () => {
    const item = engine ? engine.find(id) : -1;
    if (!engine || item < 0) return false;
    if (price !== undefined) engine.x.$set_price(item, price);
    if (availability !== undefined) engine.x.$set_available(item, Number(isAvailable(availability)));
    return true;
  };
}

/** Speed and size so far. @param {Context} c */
export const metrics = (c) => () => {
  const { latencies } = gateOf(c), { engine, results, bytes, load_ms, variant, warnings, errors } = c;
  const sorted = [...latencies].sort((a, b) => a - b);
  /** @param {number} q */
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return {
    variant, load_ms,
    bytes: { ...bytes, memory: engine ? memoryOf(engine) : 0 },
    results,
    latency_ms: { last: latencies.at(-1) ?? 0, median: at(0.5), p95: at(0.95) },
    model: { ...(engine ? modelOf(engine) : { version: 0, hash: '', card: '' }), parts: PARTS },
    funnel: gateOf(c).funnel.rows(),
    attribution_days: c.attributionDays,
    warnings: [...warnings],
    errors,
  };
};
