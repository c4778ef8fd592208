// @ts-check
/* schema.org's Product as shops put it on their pages: the page's item, and items for a catalog. */
import { tell } from './tell.js';

/** @param {any} value @returns {any[]} */
const all = (value) => [value ?? []].flat();
/** @param {any} node @param {string} type */
const is = (node, type) => all(node?.['@type']).some((name) => String(name).replace(/^.*[/:]/, '') === type);
/** A thing's name, or the text that stands for it. @param {any} value */
const text = (value) => all(value).map((one) => one?.name ?? one?.url ?? one?.['@id'] ?? one)[0];

/** Names under which a catalog may know a product, likeliest first. @param {any} product */
const names = (product) => ['sku', 'productID', 'mpn', 'gtin', '@id']
  .map((field) => product[field]).filter((id) => /^[sn]/.test(typeof id)).map(String);

/** schema.org's words to those of an item; a variant has what its group has and it does not say.
 * @param {any} product @param {any} [group] */
function item(product, group) {
  const it = { ...group, ...product }, offers = all(it.offers);
  // Not OutOfStock, SoldOut or Discontinued, if there is a choice.
  const offer = offers.find((one) => !/Out|Disc/.test(one.availability)) ?? offers[0] ?? {};
  const { price = offer.lowPrice, priceCurrency } = { ...offer, ...offer.priceSpecification };
  const fields = {
    item_id: names(product)[0],
    title: text(it.name),
    brand: text(it.brand),
    category: text(it.category),
    price,
    currency: priceCurrency,
    availability: offer.availability,
    image_link: text(it.image),
    link: it.url ?? offer.url,
    item_group_id: it.inProductGroupWithID ?? it.productGroupID,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? '') !== ''));
}

/** Everything of the page's JSON-LD at the top, and what lists hold.
 * @param {Document} document @returns {{ product: any, group?: any, listed: boolean }[]} */
function products(document) {
  /** @type {{ product: any, group?: any, listed: boolean }[]} */
  const found = [];
  /** @param {any} node @param {boolean} listed @param {any} [group] */
  const walk = (node, listed, group) => {
    for (const one of all(node)) {
      if (is(one, 'ProductGroup')) {
        const variants = all(one.hasVariant);
        if (variants.length) walk(variants, listed, one);
        else found.push({ product: { ...one, sku: one.sku ?? one.productGroupID }, listed });
      } else if (is(one, 'Product')) found.push({ product: one, group, listed });
      else walk(one?.['@graph'], listed);
      walk(one?.mainEntity, listed);
      for (const entry of all(one?.itemListElement)) walk(entry.item ?? entry, true);
    }
  };
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      walk(JSON.parse(script.textContent ?? ''), false);
    } catch {
      // Somebody else's typing mistake.
    }
  }
  return found;
}

/** For `catalog: { fromPage: true }`: every product the page describes, each once.
 * @param {Document} [document] */
export function itemsOfPage(document = globalThis.document) {
  const items = new Map();
  for (const { product, group } of document ? products(document) : []) {
    const one = item(product, group);
    if (one.item_id && !items.has(one.item_id)) items.set(one.item_id, one);
  }
  return [...items.values()];
}

/** A page about one product is a view of it; one of many, as of a category, is none.
 * @param {import('./tell.js').Target} target @param {{ page?: any }} [options] @returns {() => void} */
export function listen(target, { page = globalThis } = {}) {
  const own = products(page.document).filter(({ listed }) => !listed);
  // The variants of one group are one product.
  if (own.length && own.every(({ group }) => group === own[0].group) && (own.length === 1 || own[0].group)) {
    const known = names(own[0].product).find((id) => target.item(id));
    if (known) tell(target, 'view_item', { items: [{ item_id: known }] });
  }
  return () => {};
}
