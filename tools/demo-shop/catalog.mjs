// The simulated shop's items: designs by invented brands, most of them in several colours.

import { BRANDS, COLOURS, LEAVES, SERIES } from './vocabulary.mjs';

const ITEMS_PER_LEAF = 28;
const TIER_FACTOR = [0, 0.68, 1, 1.5];

const capital = (text) => text.replace(/(^|[ -])(\p{L})/gu, (all, gap, letter) => gap + letter.toUpperCase());

/* Shops end prices on .00, .50, .90 or .95; whole numbers from 100. */
function shopPrice(raw, random) {
  if (raw >= 100) return Math.round(raw / 5) * 5 - (random.chance(0.5) ? 1 : 0);
  return Math.floor(raw) + random.pick([0, 0.5, 0.9, 0.95]);
}

function coloursOf(leaf, style, count, random) {
  const left = leaf.colours.slice(), chosen = [];
  while (chosen.length < count && left.length > 0) {
    const at = random.weighted(left.map((name) => (COLOURS[name].includes(style) ? 4 : 1)));
    chosen.push(...left.splice(at, 1));
  }
  return chosen;
}

/** One design: what its colour variants share. */
function designOf(leaf, brand, taken, random) {
  for (;;) {
    const series = random.pick(SERIES), material = random.pick(leaf.materials);
    const drawing = random.below(leaf.nouns.length), noun = leaf.nouns[drawing];
    const said = random.chance(0.7) && !noun.toLowerCase().includes(material);
    const words = [series, random.chance(0.75) ? random.pick(leaf.features) : '',
      said ? capital(material) : '', noun];
    const title = words.filter(Boolean).join(' ');
    if (taken.has(series + leaf.picture) || taken.has(title)) continue;
    taken.add(series + leaf.picture).add(title);
    /* Squaring leans towards the cheap end, as ranges do. */
    const raw = leaf.low + (leaf.high - leaf.low) * random.unit() ** 1.6;
    return { title, material, drawing, price: shopPrice(raw * TIER_FACTOR[brand.tier], random),
      appeal: random.normal() * 0.8 };
  }
}

/** All items, leaf by leaf. Beside the catalog's columns each holds what only the simulation knows:
 * leaf, style, colour, tier, design and appeal. */
export function makeCatalog(random) {
  const items = [], taken = new Set();
  for (const leaf of LEAVES) {
    const makers = BRANDS.filter((brand) => brand.departments.includes(leaf.department));
    const brands = random.sample(makers, 7);
    let inLeaf = 0, design = 0;
    while (inLeaf < ITEMS_PER_LEAF) {
      const brand = random.pick(brands);
      const shape = designOf(leaf, brand, taken, random);
      const wanted = Math.min(1 + random.weighted([3, 4, 3, 2]), ITEMS_PER_LEAF - inLeaf);
      const colours = coloursOf(leaf, brand.style, wanted, random);
      const group = `${leaf.picture}-${String(++design).padStart(2, '0')}`;
      for (const colour of colours) {
        const appeal = shape.appeal + random.normal() * 0.35;
        items.push({
          item_id: `${group}-${colour}`,
          title: `${shape.title}, ${capital(colour)}`,
          brand: brand.name,
          category: leaf.path,
          price: shape.price,
          availability: random.chance(0.02) ? 'out_of_stock' : 'in_stock',
          image_link: `drawn:${leaf.picture}/${colour}/${shape.drawing}`,
          item_group_id: colours.length > 1 ? group : '',
          tags: [colour, shape.material, brand.style].join(','),
          sales: Math.round(60 * Math.exp(appeal) * random.between(0.8, 1.25)),
          leaf: leaf.picture, department: leaf.department, style: brand.style, colour,
          tier: brand.tier, design: group, appeal,
        });
        inLeaf++;
      }
    }
  }
  return items;
}

export const CATALOG_COLUMNS = ['item_id', 'title', 'brand', 'category', 'price', 'currency',
  'availability', 'image_link', 'item_group_id', 'tags', 'sales'];

export function catalogText(items) {
  const line = (item) => CATALOG_COLUMNS.map((column) => {
    if (column === 'currency') return 'EUR';
    if (column === 'price') return item.price.toFixed(2);
    return item[column];
  }).join('\t');
  return [CATALOG_COLUMNS.join('\t'), ...items.map(line)].join('\n') + '\n';
}
