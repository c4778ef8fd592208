// @ts-check
// The shop's side of the recommender: opens it as any shop would, and keeps the catalog by id,
// department and leaf. Everything that ranks is in the package; nothing here does.

import { createRecommender } from './vitrine/index.js';
import { presentable, REST } from './collections.js';

/** @param {HTMLElement} page  its data-model, data-catalog say what to load
 * @param {string[]} fallback  ids to show when nothing can be ranked */
export async function openShop(page, fallback) {
  const asked = new URLSearchParams(location.search);
  const vitrine = await createRecommender({
    model: { url: page.dataset.model },
    catalog: { url: page.dataset.catalog },
    storage: asked.get('storage') ?? 'indexeddb',
    consent: 'granted', // a demo about nothing else; a real shop asks first
    variant: asked.get('variant') ?? 'auto',
    learnFromAutomation: true, // so that its own tests can drive it
    fallback,
  });

  // Reasons come with a part of the package that is fetched last; from here on recommendSync has them too.
  await vitrine.recommend({ explain: true, limit: 1 });
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
  const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: first?.currency ?? page.dataset.currency ?? 'GBP' });

  return {
    vitrine, items, groups,
    departments: new Map([...departments].sort(([a], [b]) => (a === REST ? 1 : b === REST ? -1 : a.localeCompare(b, 'en')))),
    simulated: page.dataset.simulated === 'yes',
    source: page.dataset.source ?? '',
    price: (item) => (item.price >= 0 ? money.format(item.price) : 'Price on request'),

    /** Ids whose words hold every word asked for; the start of a word is enough. */
    find(query) {
      const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
      if (asked.length === 0) return [];
      const fits = asked.map((word) => new RegExp(`(^|[^\\p{L}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'u'));
      return [...items.values()].filter((item) => fits.every((fit) => fit.test(item.words))).map((item) => item.item_id);
    },

    /** A shelf, ranked now. Ids that the catalog does not know are left out. */
    shelf(options) {
      const result = vitrine.recommendSync({ explain: true, ...options });
      return { ...result, items: result.items.filter(({ item_id }) => items.has(item_id)) };
    },
  };
}
