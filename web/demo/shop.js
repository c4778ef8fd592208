// @ts-check
// The shop's side of the recommender: opens it as any shop would, and keeps the catalog by id,
// department and leaf. Everything that ranks is in the package; nothing here does.

import { createRecommender } from './vitrine/index.js';
import { presentable, REST } from './collections.js';

/** @param {any} world  of world.js
 * @param {HTMLElement} page  its data-currency, -simulated and -source say where the data came from
 * @param {string[]} fallback  ids to show when nothing can be ranked */
export async function openShop(world, page, fallback) {
  const asked = new URLSearchParams(location.search);
  const [vitrine, map] = await Promise.all([
    createRecommender({
      model: { url: world.model },
      catalog: { url: world.catalog },
      storage: asked.get('storage') ?? world.storage,
      consent: 'granted', // a demo about nothing else; a real shop asks first
      variant: asked.get('variant') ?? 'auto',
      learnFromAutomation: true, // so that its own tests can drive it
      fallback,
    }),
    /* Where each item stands on the picture of all items; without it the picture is left out. */
    fetch(world.map).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})),
  ]);

  const items = new Map(), departments = new Map(), groups = new Map();
  for (const raw of vitrine.items()) {
    if (raw.title === undefined) continue; // the model knows it, the catalog does not: no longer sold
    const item = presentable(raw);
    items.set(item.item_id, item);
    if (!departments.has(item.department)) departments.set(item.department, { name: item.department, ids: [], leaves: new Map() });
    const department = departments.get(item.department);
    department.ids.push(item.item_id);
    if (item.leaf) {
      if (!department.leaves.has(item.leaf)) department.leaves.set(item.leaf, []);
      department.leaves.get(item.leaf).push(item.item_id);
    }
    if (item.item_group_id) groups.set(item.item_group_id, [...(groups.get(item.item_group_id) ?? []), item.item_id]);
  }
  const [first] = items.values();
  const currency = first?.currency ?? page.dataset.currency ?? 'GBP';
  const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency });
  const priced = [...items.values()].some((item) => item.price > 0);

  return {
    vitrine, world, words: world.words, items, groups, map, priced,
    /** What the merchandiser's panel adds to every shelf; see rules.js. */
    rules: {},
    departments: new Map([...departments].sort(([a], [b]) => (a === REST ? 1 : b === REST ? -1 : a.localeCompare(b, 'en')))),
    simulated: page.dataset.simulated === 'yes',
    source: page.dataset.source ?? '',
    price: (item) => (!priced ? '' : item.price > 0 ? money.format(item.price) : item.price === 0 ? 'Free' : 'Price on request'),

    /** Ids whose words hold every word asked for; the start of a word is enough. */
    find(query) {
      const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
      if (asked.length === 0) return [];
      const fits = asked.map((word) => new RegExp(`(^|[^\\p{L}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'u'));
      return [...items.values()].filter((item) => fits.every((fit) => fit.test(item.words))).map((item) => item.item_id);
    },

    /** A shelf, ranked now, by the merchandiser's rules. Ids that the catalog does not know are left out. */
    shelf(options) {
      const result = vitrine.recommendSync({ explain: true, ...this.rules, ...options });
      return { ...result, items: result.items.filter(({ item_id }) => items.has(item_id)) };
    },

    /** Several shelves of which no two show the same item. */
    page(asked) {
      let cursor;
      return asked.map((options) => {
        const result = this.shelf({ ...options, ...(cursor ? { cursor } : {}) });
        cursor = result.cursor ?? cursor;
        return result;
      });
    },

    /** The offer to show, of the world's own, and why; null before it was asked for and where there is none. */
    offer: null,

    /** Ask which offer fits best. @returns {Promise<boolean>} whether it is another one than before */
    async askOffer() {
      const { promotions = [] } = world, before = JSON.stringify(this.offer);
      if (promotions.length === 0) return false;
      const { rec_id, items: [best] } = await vitrine.promotions(promotions.map(({ id, target, when }) => ({ id, target, ...(when && { when }) })), { limit: 1 });
      if (best && best.id === this.offer?.id && best.best_item_id === this.offer.best_item_id && best.appeal === this.offer.appeal) return false;
      this.offer = best ? { ...promotions.find(({ id }) => id === best.id), ...best, rec_id } : null;
      return JSON.stringify(this.offer) !== before;
    },

    /** A list somebody else made, in this visitor's order: what a search engine or a category page has. */
    rerank(ids, options = {}) {
      if (ids.length === 0) return [];
      const { filter, boost, bury, pin, hide } = /** @type {any} */ (this.rules);
      const rules = Object.fromEntries(Object.entries({ filter, boost, bury, pin, hide }).filter(([, value]) => value !== undefined));
      return vitrine.rerankSync({ items: ids, ...rules, ...options }).items.filter(({ item_id }) => items.has(item_id));
    },
  };
}
