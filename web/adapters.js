// @ts-check
/* `sources: ['dataLayer', 'jsonld', ...]`: listeners on what the page says already. Each is a file of
 * its own, loaded only where it is asked for. */

export { observeShelf } from './observe_shelf.js';

/** @typedef {import('./tell.js').Target} Target */

/** @type {Record<string, () => Promise<{ listen: (target: Target, options?: any) => () => void }>>} */
const ADAPTERS = {
  dataLayer: () => import('./data_layer.js'),
  jsonld: () => import('./json_ld.js'),
  segment: () => import('./segment.js'),
  adobe: () => import('./adobe.js'),
  shopify: () => import('./shopify.js'),
};
export const SOURCES = Object.keys(ADAPTERS);

/** Fetch what will be wanted, while larger files come. What cannot be loaded is left out when it is wanted.
 * @param {readonly string[]} sources @param {string} consent */
export function ahead(sources, consent) {
  for (const name of SOURCES) if (sources.includes(name)) ADAPTERS[name]().catch(() => {});
  if (consent === 'auto') import('./consent_signals.js').catch(() => {});
}

/** An event that two sources tell of, in whatever words, is one event. */
const SAME_MS = 5000;
/** @param {string} type */
const sort = (type) => type.toLowerCase().match(/remove|wish|add|list|view|purchase|order/g)?.join().replace('purchase', 'order') ?? type;

/** @param {Target} target @param {readonly string[]} sources
 * @param {{ options?: Record<string, any>, page?: any }} [more]  options of single adapters by their names
 * @returns {Promise<() => void>} stop listening */
export async function listen(target, sources, { options = {}, page = globalThis } = {}) {
  if (!Array.isArray(sources)) throw new TypeError('sources wants an array of names');
  for (const name of sources)
    if (!ADAPTERS[name]) throw new TypeError(`sources: '${name}' is none of ${SOURCES.join(', ')}`);
  // JSON-LD last: it repeats what a data layer says better.
  const order = SOURCES.filter((name) => name !== 'jsonld' && sources.includes(name));
  if (sources.includes('jsonld')) order.push('jsonld');
  const loaded = await Promise.all(order.map(async (name) => {
    try {
      return (await ADAPTERS[name]()).listen;
    } catch {
      return null; // the page goes on without this one
    }
  }));
  /** Who told of what, and when. @type {Map<string, { name: string, time: number }>} */
  const told = new Map();
  const stops = loaded.map((begin, i) => begin?.({
    item: (item_id) => target.item(item_id),
    track(type, data) {
      const now = Date.now();
      const items = data.items.filter((/** @type {any} */ item) => {
        const key = `${sort(type)} ${item?.item_id ?? item?.id}`, before = told.get(key);
        if (before && before.name !== order[i] && now - before.time < SAME_MS) return false;
        told.set(key, { name: order[i], time: now });
        return true;
      });
      if (items.length) target.track(type, { ...data, items });
    },
  }, { page, ...options[order[i]] }));
  return () => stops.forEach((stop) => stop?.());
}

/** For createRecommender: `sources` are listened to, and under `consent: 'auto'` the page's consent tools
 * answer. What cannot be loaded is left out.
 * @param {Target & { consent: { set: (answer: any) => Promise<void> } }} recommender
 * @param {readonly string[]} sources @param {string} consent @returns {Promise<() => void>} stop */
export async function attend(recommender, sources, consent) {
  /** @type {Promise<unknown> | undefined} */
  let answered;
  let unfollow = () => {};
  if (consent === 'auto') {
    const signals = await import('./consent_signals.js').catch(() => null);
    if (signals) unfollow = signals.follow((answer) => {
      // A recommender that was closed has nothing to ask.
      answered = new Promise((done) => done(recommender.consent.set(answer))).catch(() => {});
    });
  }
  // What is known already counts before the first event and the first list.
  await answered;
  const stop = await listen(recommender, sources);
  return () => {
    unfollow();
    stop();
  };
}
