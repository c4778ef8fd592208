// @ts-check
/* Rules as the shop writes them, into the engine's builder, which checks them. docs/rules.md has the words. */
import { checkIds, checkNumber, checkOptions, checkWhole, isObject, want } from './errors.js';

/** @type {Record<string, number>} */
const RELEVANCE = { low: 0.05, medium: 0.2, high: 0.5 };
const CAPS = 4;

/** What a shelf asks beyond the usual: rules into the builder, the rest into words of the request.
 * @param {import('./engine.js').Engine} engine @param {any} options @returns {import('./shelves.js').Refined} */
export function refine(engine, options) {
  const { diversity = 0, maxPer = {}, minRelevance = 0, fatigue = 0, mustMatch = [] } = options;
  checkNumber('diversity', diversity, 0, 1);
  const relevance = RELEVANCE[minRelevance] ?? minRelevance;
  checkNumber('minRelevance', relevance, 0, 1);
  if (isObject(fatigue)) checkOptions('fatigue', fatigue, 'views halfLife');
  const { views, halfLife = 0 } = isObject(fatigue) ? fatigue : { views: fatigue };
  checkNumber('fatigue', views, 0, 1e6);
  checkNumber('fatigue: halfLife', halfLife, 0, 1e9);
  want(isObject(maxPer) && Object.keys(maxPer).length <= CAPS, `maxPer wants an object of at most ${CAPS} fields`);
  want(Array.isArray(mustMatch), 'mustMatch wants an array of fields');
  /** @param {string} name */
  const field = (name) => {
    const index = name === '' ? -1 : engine.fields.indexOf(name);
    want(index >= 0, `no text field '${name}' in the catalog; it has ${engine.fields.filter(Boolean)}; vitrine import --own-fields ${name} keeps it`);
    return index;
  };
  const caps = Object.entries(maxPer).flatMap(([name, most]) => {
    checkWhole(`maxPer: ${name}`, most, 1, 1000);
    return [field(name), most];
  });
  buildRules(engine, options);
  return {
    match: mustMatch.reduce((/** @type {number} */ bits, /** @type {string} */ name) => bits | 1 << field(name), 0),
    floats: [diversity, relevance, views, halfLife],
    caps,
  };
}

/** @param {import('./engine.js').Engine} engine @param {any} options  of a shelf or of rerank */
export function buildRules(engine, { filter, boost = [], bury = [], pin = [], hide = [] }) {
  const { x } = engine;
  for (const [what, list] of Object.entries({ boost, bury, pin, hide })) want(Array.isArray(list), `${what} wants an array`);
  /** A refusal is a mistake of the caller. @param {string} what @param {number} status */
  const ok = (what, status) => {
    if (status === 0) return;
    const { field, offset } = /** @type {any} */ (engine.refusal(what).details);
    throw new TypeError(`${what}: ${field}, at node ${offset} of the rules`);
  };
  /** @param {string} what @param {any} node */
  const walk = (what, node) => {
    want(isObject(node), `${what} wants objects such as { field: 'brand', eq: 'Acme' } or { all: [...] }`);
    const { field, ...tests } = node, [[word, value] = ['', 0], more] = Object.entries(tests);
    const op = x.$rules_op(...engine.spell(word));
    want(!more && op < x.$rules_op(0, 0), `${what}: a node has one test, not ${JSON.stringify(Object.keys(tests))}`);
    if (field === undefined) {
      const nodes = Array.isArray(value) ? value : [value];
      ok(what, x.$rules_group(op, nodes.length));
      for (const child of nodes) walk(what, child);
      return;
    }
    const values = Array.isArray(value) ? value : [value];
    ok(what, x.$rules_test(op, ...engine.spell(String(field)), values.length));
    for (const one of values) {
      ok(what, isObject(one) ? x.$rules_context(...engine.spell(String(one.ctx)), one.mul ?? 1, one.add ?? 0)
        : typeof one === 'string' ? x.$rules_text(...engine.spell(one)) : x.$rules_number(Number(one)));
    }
  };
  x.$rules_clear();
  if (filter !== undefined) {
    x.$rules_begin(0);
    walk('filter', filter);
  }
  for (const [what, rules, usual] of [['boost', boost, 1.5], ['bury', bury, 0.5]]) {
    for (const rule of rules) {
      checkOptions(what, rule, 'when mul');
      const { when, mul = usual } = rule;
      want(what === 'boost' ? mul >= 1 : mul > 0 && mul <= 1, `${what}: mul is ${mul}; from 1 up it boosts, below 1 it buries`);
      ok(what, x.$rules_begin(mul));
      walk(what, when);
    }
  }
  for (const one of pin) {
    checkOptions('pin', one, 'item_id position');
    const { item_id, position = 0 } = one, item = engine.find(String(item_id));
    checkWhole('pin: position', position, 0, 999);
    if (item >= 0) ok('pin', x.$rules_pin(item, position));
  }
  for (const id of checkIds('hide', hide)) {
    const item = engine.find(id);
    if (item >= 0) ok('hide', x.$rules_hide(item));
  }
  ok('rules', x.$rules_end());
}
