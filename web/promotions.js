// @ts-check
/* Which of the shop's offers or banners to show this visitor. What one is worth is told in C, by the items
 * that its target is true of; here they are put in order. */
import { condition } from './conditions.js';
import { checkIds, checkOptions, checkWhole, want } from './errors.js';
import { buildRules } from './rules.js';

const NONE = 0xffffffff;

/** @param {import('./recommender.js').Context} c
 * @param {{ id: string, target: any, when?: any }[]} list @param {any} [options]  { limit, context, placement, experiment }
 * @returns {() => any} */
export function promotions(c, list, options = {}) {
  const { engine } = c;
  want(Array.isArray(list), 'promotions wants an array of { id, target, when }');
  const eligible = list.map((one, i) => {
    checkOptions('promotions', one, 'id target when');
    want(typeof one.id === 'string' && one.target !== undefined, 'a promotion is { id: text, target: tree, when: condition }');
    if (engine) buildRules(engine, { filter: one.target });
    return one.when === undefined ? () => true : condition(engine, `promotions[${i}].when`, one.when);
  });
  checkOptions('promotions', options, 'limit context placement experiment');
  const { limit = list.length, context, placement = 'promotions', experiment } = options;
  if (list.length || options.limit !== undefined) checkWhole('promotions: limit', limit, 1, 1e9);
  const about = context === undefined ? [] : checkIds('promotions: context', [context]);
  want(typeof placement === 'string', 'promotions: placement wants a string');
  return () => {
    const begun = performance.now();
    /** @param {string} source @param {any[]} items @param {string[]} warnings */
    const result = (source, items, warnings) => c.result({ placement, experiment }, source, items, warnings, begun);
    return c.attempt(engine && (() => {
      const item = about.length ? engine.find(about[0]) : NONE, now = Math.floor(Date.now() / 1000);
      const worth = list.filter((_, i) => eligible[i]({ item, now })).map(({ id, target }) => {
        buildRules(engine, { filter: target });
        const at = engine.room(16);
        engine.check(engine.x.$promote(item < 0 ? NONE : item, now, at), 'promotions');
        const [share, appeal] = engine.f32(at, 2), [items, best] = engine.u32(at + 8, 2);
        return { id, appeal, share, items, best };
      });
      // Of equals the one that was written first: sorting keeps their order.
      const shown = worth.filter(({ items }) => items > 0).sort((a, b) => b.appeal - a.appeal).slice(0, limit);
      return result('model', shown.map(({ best, ...one }) => ({ ...one, best_item_id: engine.id(best) })),
        item < 0 ? ['unknown_context'] : []);
    }), () => result('static', [], []));
  };
}
