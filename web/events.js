// @ts-check
/* What the shop says happened, checked and in one shape. GA4's is the shape; the names of other
 * systems are known to the engine. */
import { LEARNT_KINDS, SEEN_KIND } from './constants_more.js';
import { isObject, want } from './errors.js';
import { kindName, kindOf } from './engine_more.js';
import { itemId } from './item_fields.js';

const MOST_ITEMS = 200; // GA4's limit
const BURST = 200, PER_SECOND = 50;

/** @typedef {{ item_id: string, value: number }} Entry */
/** @typedef {{ type: string, learnt: boolean, time: number, entries: Entry[], skipped: number }} Seen */

/** @param {any} value @param {number} otherwise */
const finite = (value, otherwise) => (Number.isFinite(Number(value ?? NaN)) ? Number(value) : otherwise);

/** @param {any} given @param {number} now ms @returns {number} ms, never in the future */
function timeOf(given, now) {
  if (given === undefined) return now;
  const time = given instanceof Date || typeof given === 'string' ? new Date(given).getTime() : given;
  want(Number.isFinite(time), `track: time is ${given}; give ms since 1970, an ISO text or a Date`);
  return Math.min(Math.max(0, Math.floor(time)), now);
}

/** @param {string} type @param {any} data @param {import('./engine.js').Engine} engine
 * @param {number} now ms @returns {Seen} */
export function normalise(type, data, engine, now) {
  const kind = typeof type === 'string' ? kindOf(type) : -1;
  want(kind >= 0, `track: no event is called '${type}'; see docs/javascript.md`);
  want(isObject(data), `track('${type}') wants an object such as { items: [{ item_id }] }`);
  const items = data.items ?? (data.item_id === undefined ? [] : [data]);
  want(Array.isArray(items), `track('${type}'): items wants to be an array`);
  const name = kindName(kind);
  /** @type {Entry[]} */
  const entries = [];
  for (const item of items.slice(0, MOST_ITEMS)) {
    const item_id = itemId(item);
    if (item_id === undefined) continue;
    const best = finite(item.best_rating ?? data.best_rating, 5);
    const value = name === 'rate'
      ? Math.min(1, Math.max(0, finite(item.rating_value ?? data.rating_value, 0) / (best > 0 ? best : 5)))
      : Math.min(1e6, Math.max(0, finite(item.quantity, 0)));
    entries.push({ item_id, value });
  }
  // Lists, searches and shelves are no evidence about one item.
  const learnt = kind < LEARNT_KINDS || kind === SEEN_KIND;
  want(kind >= LEARNT_KINDS || items.length, `track('${type}') names no item`);
  return { type: name, learnt, time: timeOf(data.time, now), entries, skipped: items.length - entries.length };
}

/** Lets a burst through and no flood: nobody looks at fifty items a second for long. */
export class Throttle {
  #left = BURST;
  #last = 0;

  /** @param {number} now ms of a clock that does not step back @param {number} count */
  admits(now, count) {
    this.#left = Math.min(BURST, this.#left + ((now - this.#last) * PER_SECOND) / 1000);
    this.#last = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
