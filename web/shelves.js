// @ts-check
/* The placements: each is one question to the engine, with what may not be listed taken out before
 * the best are chosen, and the next rung of the chain where an answer comes up short. */
import { FLAGS, WHO } from './constants.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./engine.js').Scored} Scored */
/** @typedef {'model' | 'content' | 'popular' | 'recent' | 'static'} Source */
/** @typedef {{ placement: string, seeds: number[], limit: number, exclude: number, candidates: Set<number> | null,
 *   shown: Set<number> }} Request  items as the engine numbers them; shown: stands on the page already */
/** @typedef {{ source: Source, list: Scored[], who: number, seed: number, own: number }} Shelf
 *   own: how many of the list the source itself gave; seed: the item it starts from, or -1 */

export const PLACEMENTS = 'for_you related more_like_this because_you_viewed recently_viewed bestsellers';

/** Items of the visitor's events, newest first, each once.
 * @param {Engine} engine @returns {number[]} */
function visited(engine) {
  const seen = new Set();
  for (let i = engine.events() - 1; i >= 0; i--) seen.add(engine.event(i).item);
  return [...seen];
}

/** Write into the engine's mask what may be listed.
 * @param {Engine} engine @param {Request} request @param {Scored[]} [taken] @param {number} [exclude] */
function allow(engine, { seeds, candidates, shown }, taken = [], exclude = 0) {
  // The seeds' profile knows nothing of the visitor, so the visitor's items go by the mask.
  const flags = exclude | FLAGS.dismissed;
  const out = visited(engine).filter((item) => engine.flags(item) & flags);
  const mask = engine.mask(candidates ? 0 : 1);
  if (candidates) for (const item of candidates) mask[item] = 1;
  for (const items of [seeds, shown, out]) for (const item of items) mask[item] = 0;
  for (const { item } of taken) mask[item] = 0;
}

/** Rank for a history made of the given items. @param {Engine} engine @param {Request} request
 * @param {number[]} history */
function rankSeeds(engine, request, history = request.seeds) {
  engine.forgetAll(WHO.seeds);
  for (const item of history) engine.observe(WHO.seeds, item, 0, 0, 0);
  allow(engine, { ...request, seeds: [...request.seeds, ...history] }, [], request.exclude);
  return engine.rank(WHO.seeds, 0, request.limit);
}

/** @param {Engine} engine @param {Request} request @returns {Shelf} */
function ask(engine, request) {
  const { placement, seeds, limit, exclude } = request;
  const last = seeds.length ? seeds[seeds.length - 1] : -1;
  /** @param {Source} source @param {Scored[]} list @param {number} [who] @param {number} [seed] @returns {Shelf} */
  const shelf = (source, list, who = WHO.visitor, seed = -1) => ({ source, list, who, seed, own: list.length });

  if (placement === 'recently_viewed') {
    const list = visited(engine).filter((item) => {
      const ok = !request.candidates || request.candidates.has(item);
      return ok && !seeds.includes(item) && !request.shown.has(item) && engine.x.available(item)
        && !(engine.flags(item) & (exclude | FLAGS.dismissed));
    });
    return shelf('recent', list.slice(0, limit).map((item, i) => ({ item, score: 1 / (i + 1) })));
  }
  if (placement === 'bestsellers') {
    allow(engine, request, [], exclude);
    return shelf('popular', engine.popular(exclude, limit));
  }
  if (placement === 'more_like_this' && last >= 0) {
    allow(engine, request, [], exclude);
    return shelf('content', engine.similar(last, exclude, limit), WHO.seeds, last);
  }
  if (placement === 'because_you_viewed') {
    const source = visited(engine).find((item) => !seeds.includes(item) && !(engine.flags(item) & FLAGS.dismissed));
    if (source !== undefined)
      return shelf('model', rankSeeds(engine, request, [source]), WHO.seeds, source);
  }
  if (placement === 'related' && last >= 0)
    return shelf('model', rankSeeds(engine, request), WHO.seeds, last);
  if (engine.events() > 0) {
    allow(engine, request, [], exclude);
    return shelf('model', engine.rank(WHO.visitor, exclude, limit));
  }
  if (last >= 0) return shelf('model', rankSeeds(engine, request), WHO.seeds, last);
  allow(engine, request, [], exclude);
  return shelf('popular', engine.popular(exclude, limit));
}

/** @param {Engine} engine @param {Request} request @returns {Shelf & { relaxed: boolean }} */
export function fillShelf(engine, request) {
  const shelf = ask(engine, request);
  let relaxed = false;
  // "Recently viewed" with things nobody viewed would be a lie: that shelf may stay empty.
  if (request.placement !== 'recently_viewed') {
    const more = () => request.limit - shelf.list.length;
    if (more() > 0) {
      allow(engine, request, shelf.list, request.exclude);
      shelf.list.push(...engine.popular(request.exclude, more()));
    }
    if (shelf.list.length === 0) {
      relaxed = true;
      allow(engine, { ...request, shown: new Set(), seeds: [] });
      shelf.list.push(...engine.popular(0, request.limit));
    }
    if (shelf.own === 0) shelf.source = 'popular';
  }
  return { ...shelf, relaxed };
}

/** Best first, within bounds: the first `keepTop` stay, and no other moves more than `most` places.
 * Where an item's last possible place has come it is put there, so the bounds can always be kept.
 * @template T @param {T[]} items @param {(item: T) => number} rankOf  smaller is better
 * @param {number} most @param {number} keepTop @returns {T[]} */
export function permute(items, rankOf, most, keepTop) {
  const order = items.slice(0, keepTop);
  const rest = items.slice(keepTop).map((item, at) => ({ item, at, rank: rankOf(item) }));
  const byRank = [...rest].sort((a, b) => a.rank - b.rank);
  const placed = new Set();
  rest.forEach((_, place) => {
    const due = rest[place - most];
    const next = due && !placed.has(due) ? due : byRank.find((it) => !placed.has(it) && it.at - most <= place);
    placed.add(next);
    order.push(/** @type {any} */ (next).item);
  });
  return order;
}
