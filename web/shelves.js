// @ts-check
/* A shelf's options to the words the engine reads, and its answer back. Placements and the chain of
 * rungs are in C. What few shelves ask for (rules, diversity, caps) is checked in rules.js. */
import { EXCLUDABLE, PLACES, REQUEST_WORDS, RUNGS } from './constants.js';
import { checkIds, checkOneOf, checkWhole, want } from './errors.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {{ item: number, score: number, rung: string }} Placed */
/** @typedef {{ list: Placed[], source: string, seed: number, seeded: boolean, relaxed: boolean }} Shelf
 *   seed: the item it starts from, or -1; seeded: scores are of the seeds' profile */
/** What rules.js makes of the options: bits of fields that must match; diversity, least relevance, views and half-life of
 * fatigue; pairs of field and most. @typedef {{ match: number, floats: number[], caps: number[] }} Refined */

export const RULES = 'filter boost bury pin hide';
export const REFINING = `${RULES} diversity maxPer minRelevance fatigue mustMatch`;
export const ASKING = `placement seeds limit exclude candidates explain cursor experiment ${REFINING}`;

/** Check a shelf's options. @param {any} options
 * @returns {(engine: Engine, shown: string[], warnings: string[], refined?: Refined) => Shelf} */
export function prepare(options) {
  const { placement = 'for_you', limit = 12, candidates } = options;
  checkOneOf('placement', placement, PLACES);
  checkWhole('limit', limit, 1, 1000);
  const seeds = checkIds('seeds', options.seeds ?? []), only = candidates && checkIds('candidates', candidates);
  const exclude = options.exclude ?? (placement === 'recently_viewed' ? [] : ['purchased', 'cart']);
  want(Array.isArray(exclude), 'exclude wants an array');
  let flags = 0;
  for (const what of exclude) {
    checkOneOf('exclude', what, Object.keys(EXCLUDABLE));
    flags |= /** @type {Record<string, number>} */ (EXCLUDABLE)[what];
  }

  return (engine, shown, warnings, { match, floats, caps } = { match: 0, floats: [], caps: [] }) => {
    /** @param {string[]} ids @param {string} [code] of the warning when some are unknown */
    const known = (ids, code) => {
      const found = ids.map((id) => engine.find(id)).filter((item) => item >= 0);
      if (code && found.length < ids.length) warnings.push(code);
      return found;
    };
    const items = known(seeds, 'unknown_seeds'), there = known(shown);
    let allowed = 0;
    if (only) {
      const mask = engine.mask(0);
      for (const item of known(only, 'unknown_candidates')) mask[item] = 1;
      allowed = engine.maskAt;
    }
    const words = REQUEST_WORDS + items.length + there.length;
    const at = engine.room(4 * (words + 4 + 4 * limit)), request = engine.u32(at, words);
    const seedsAt = at + 4 * REQUEST_WORDS, out = at + 4 * words;
    request.fill(0);
    request.set([PLACES.indexOf(placement), limit, flags, seedsAt, items.length, seedsAt + 4 * items.length, there.length, allowed, match,
      0, 0, 0, 0, Date.now() / 1000, ...caps]);
    engine.f32(at + 36, 4).set(floats);
    request.set([...items, ...there], REQUEST_WORDS);
    engine.check(engine.x.$shelf(at, out), 'recommend');
    const [count, rung, seed, how] = engine.u32(out, 4);
    return { list: placed(engine, out + 16, count), source: RUNGS[rung], seed: seed | 0, seeded: how % 2 > 0, relaxed: how > 1 };
  };
}

/** @param {Engine} engine @param {number} at @param {number} count @returns {Placed[]} */
export function placed(engine, at, count) {
  const words = engine.u32(at, 4 * count), floats = engine.f32(at, 4 * count), list = [];
  // A third of the time that Array.from takes with a function.
  for (let i = 0; i < 4 * count; i += 4) list.push({ item: words[i], score: floats[i + 1], rung: RUNGS[words[i + 3]] });
  return list;
}
