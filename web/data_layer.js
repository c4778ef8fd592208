// @ts-check
/* GA4 and Google Tag Manager: what was pushed into `dataLayer` before us is replayed, what comes later
 * is heard as it passes. The page's own tags go first, and their answer is what push returns. */
import { tell } from './tell.js';

/** @param {import('./tell.js').Target} target
 * @param {{ page?: any, name?: string, counters?: boolean }} [options]  counters: put what shelves
 *   count back into the layer, in GA4's words; never under Global Privacy Control
 * @returns {() => void} stop listening */
export function listen(target, { page = globalThis, name = 'dataLayer', counters = false } = {}) {
  const layer = (page[name] ??= []);
  const ours = new WeakSet();
  let on = true;
  /** @param {any} entry  { event, ecommerce }, or the arguments of gtag('event', name, parameters) */
  const hear = (entry) => {
    if (!on || !entry || ours.has(entry)) return;
    const gtag = entry[0] === 'event';
    const { items, currency, value } = (gtag ? entry[2] : entry.ecommerce ?? entry) ?? {};
    if (Array.isArray(items)) tell(target, gtag ? entry[1] : entry.event, { items, currency, value });
  };
  [...layer].forEach(hear);
  const push = layer.push;
  const heard = (layer.push = function (/** @type {any[]} */ ...entries) {
    const answer = push.apply(this, entries);
    entries.forEach(hear);
    return answer;
  });

  /** @param {any} event  what a shelf tells the page */
  const count = ({ type, detail: { placement, items } }) => {
    const entry = { event: type === 'rec_view' ? 'view_item_list' : 'select_item',
      ecommerce: { item_list_id: placement, items } };
    ours.add(entry);
    layer.push(entry);
  };
  const counted = counters && !page.navigator?.globalPrivacyControl ? ['rec_view', 'rec_click'] : [];
  for (const type of counted) page.document.addEventListener(type, count);
  return () => {
    on = false;
    for (const type of counted) page.document.removeEventListener(type, count);
    // Whoever wrapped it after us still calls ours, which then only hands on.
    if (layer.push === heard) layer.push = push;
  };
}
