// @ts-check
/* When a promotion may stand: what the page is about, what the visitor did, the time, the chance of a
 * purchase. Trees about items are told in C as all rules are; here they are put together. docs/rules.md has
 * the words. */
import { LEARNT_KINDS, WHO } from './constants_more.js';
import { checkNumber, checkOptions, checkWhole, isObject, want } from './errors.js';
import { eventAt, intentOf, kindOf } from './engine_more.js';
import { buildRules } from './rules.js';

const WORDS = 'all any not context did from until intent', NONE = 0xffffffff;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/;

/** The page and the time that a condition is asked about: the item, -1 for none, and seconds since 1970.
 * @typedef {{ item: number, now: number }} Moment */

/** @param {string} where @param {any} value @returns {number} s */
function secondsOf(where, value) {
  const seconds = typeof value === 'number' ? value : DATE.test(value) ? Date.parse(value) / 1000 : NaN;
  want(seconds >= 0, `${where} wants seconds since 1970, '2026-11-27' or '2026-11-27T18:00Z'`);
  return seconds;
}

/** Check a condition, and make of it what says whether it holds.
 * @param {import('./engine.js').Engine | null} engine @param {string} where @param {any} node @returns {(at: Moment) => boolean} */
export function condition(engine, where, node) {
  want(isObject(node), `${where} wants an object such as { did: { type: 'purchase' } } or { all: [...] }`);
  const [[word, value] = ['', 0], more] = Object.entries(node), here = `${where}.${word}`;
  want(!more && WORDS.split(' ').includes(word), `${where}: a node has one of ${WORDS}, not ${JSON.stringify(Object.keys(node))}`);
  /** Of which items a tree is true. @param {any} tree */
  const about = (tree) => {
    const build = () => engine && buildRules(engine, { filter: tree });
    build(); // a mistake in it is told now
    return (/** @type {Moment} */ { item, now }) => {
      build();
      const live = /** @type {import('./engine.js').Engine} */ (engine), mask = live.mask();
      live.x.$rules_mask(item < 0 ? NONE : item, now, live.maskAt);
      return mask;
    };
  };
  if (word === 'all' || word === 'any') {
    want(Array.isArray(value), `${here} wants an array`);
    const parts = value.map((/** @type {any} */ one, /** @type {number} */ i) => condition(engine, `${here}[${i}]`, one));
    return (at) => parts[word === 'all' ? 'every' : 'some']((/** @type {(at: Moment) => boolean} */ part) => part(at));
  }
  if (word === 'not') {
    const part = condition(engine, here, value);
    return (at) => !part(at);
  }
  if (word === 'context') {
    const fits = about(value);
    return (at) => at.item >= 0 && fits(at)[at.item] === 1;
  }
  if (/^(from|until)$/.test(word)) {
    const border = secondsOf(here, value);
    return ({ now }) => now >= border === (word !== 'until');
  }
  if (word === 'intent') {
    checkOptions(here, value, 'least most');
    const { least = 0, most = 1 } = value;
    for (const share of [least, most]) checkNumber(here, share, 0, 1);
    return () => {
      const chance = engine && intentOf(engine);
      return chance !== null && chance >= least && chance <= most;
    };
  }
  checkOptions(here, value, 'type item within least');
  const { type, item, within = Infinity, least = 1 } = value;
  const kinds = type === undefined ? null : (Array.isArray(type) ? type : [type]).map((/** @type {any} */ name) => kindOf(String(name)));
  want(!kinds || kinds.every((/** @type {number} */ kind) => kind >= 0 && kind < LEARNT_KINDS), `${here}: of no such type are events kept: ${type}`);
  want(within > 0, `${here}: within wants seconds`);
  checkWhole(`${here}: least`, least, 1, 1e6);
  const fits = item === undefined ? null : about(item);
  return (at) => {
    const live = /** @type {import('./engine.js').Engine} */ (engine), mask = fits?.(at);
    let count = 0;
    for (let i = live.x.$events(WHO.visitor) - 1; i >= 0 && count < least; i--) {
      const event = eventAt(live, i);
      if ((!kinds || kinds.includes(event.kind)) && at.now - event.time <= within && (!mask || mask[event.item])) count++;
    }
    return count >= least;
  };
}
