// @ts-check
/* What the elements say. A shop changes it by Object.assign(words, { ... }) or by data-vitrine-words. */

/** What the shop says otherwise; the panel's own words are in privacy_panel.js.
 * @type {Record<string, string>} */
export const words = {};

/** @type {Record<string, string>} */
const defaults = {
  why: 'Why this?',
  view_item: 'Because you looked at {title}.',
  purchase: 'Because you bought {title}.',
  add_to_cart: 'Because {title} is in your cart.',
  content: 'Similar to {title}.',
  recent: 'You looked at this recently.',
  taste: 'It goes with what you looked at.',
  popularity: 'Popular in this shop.',
  forget: 'Forget this',
};

/** @param {string} name @param {Record<string, any>} [fields] @param {Record<string, string>} [otherwise] */
export const say = (name, fields = {}, otherwise = defaults) =>
  (words[name] ?? otherwise[name] ?? defaults[name]).replace(/\{(\w+)\}/g, (_, field) => fields[field] ?? '');
