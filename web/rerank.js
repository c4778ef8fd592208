// @ts-check
/* Orders a list that somebody else made, within its bounds. */
import { checkIds, checkOptions, checkWhole, want } from './errors.js';
import { buildRules } from './rules.js';
import { RULES, placed } from './shelves.js';

const MOST = 1000;

/** @param {import('./recommender.js').Context} c
 * @param {any} options  an array of ids, or { items, maxDisplacement, keepTop, keep, placement, ... }
 * @returns {() => any} */
export function rerank(c, options) {
  const asked = Array.isArray(options) ? { items: options } : options, { engine } = c;
  checkOptions('rerank', asked, `items maxDisplacement keepTop keep placement experiment ${RULES}`);
  const ids = checkIds('rerank: items', asked.items);
  const { maxDisplacement = ids.length, keepTop = 0, keep = [], placement = 'rerank', experiment } = asked;
  checkWhole('maxDisplacement', maxDisplacement, 0, 1e9);
  checkWhole('keepTop', keepTop, 0, 1e9);
  want(Array.isArray(keep), 'keep wants an array of positions');
  want(typeof placement === 'string', 'rerank: placement wants a string');
  if (engine) buildRules(engine, asked);
  return () => {
    const begun = performance.now();
    /** @param {string} source @param {{ item_id: string, score: number }[]} items @param {string[]} warnings */
    const result = (source, items, warnings) => c.result({ placement, experiment }, source, items, warnings, begun);
    return c.attempt(engine && ids.length ? () => {
      // Unknown ids and repeats stay where they are, as items that are nobody else's.
      const some = ids.slice(0, Math.min(MOST, engine.items)), numbers = some.map((id) => engine.find(id));
      const stranger = numbers.map((item, i) => item < 0 || numbers.indexOf(item) < i), used = new Set(numbers);
      let spare = 0;
      const items = numbers.map((item, i) => {
        if (!stranger[i]) return item;
        while (used.has(spare)) spare++;
        return spare++;
      });
      const n = items.length, at = engine.room(24 * n), out = at + 4 * n, flags = out + 16 * n;
      buildRules(engine, asked);
      engine.u32(at, n).set(items);
      engine.u8(flags, n).set(stranger.map((is, i) => Number(is || i < keepTop || keep.includes(i))));
      engine.check(engine.x.$rerank_within(at, n, flags, maxDisplacement, Date.now() / 1000, out), 'rerank');
      const order = placed(engine, out, n).map(({ item, score }) => ({ item_id: some[items.indexOf(item)], score }));
      return result('model', [...order, ...ids.slice(n).map((item_id) => ({ item_id, score: 0 }))],
        numbers.includes(-1) ? ['unknown_items'] : []);
    } : null, () => result('static', ids.map((item_id) => ({ item_id, score: 0 })), []));
  };
}
