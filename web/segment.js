// @ts-check
/* Segment's analytics.js: `track` calls with the names of its e-commerce specification, version 2.
 * Before the library has loaded, `analytics` is its snippet's queue, which keeps our `on` too. */
import { tell } from './tell.js';

/** @param {import('./tell.js').Target} target @param {{ page?: any, name?: string }} [options]
 * @returns {() => void} */
export function listen(target, { page = globalThis, name = 'analytics' } = {}) {
  let on = true;
  /** @param {string} event @param {any} properties */
  const hear = (event, properties) => {
    if (!on || !properties) return;
    /** @param {any} product  catalogs of shops on Segment go by sku or by product_id */
    const entry = (product) => {
      const { product_id, sku, quantity, price, rating } = product ?? {};
      const item_id = [product_id, sku].find((id) => id !== undefined && target.item(String(id))) ?? product_id ?? sku;
      return item_id === undefined ? [] : [{ item_id: String(item_id), quantity, price, rating_value: rating }];
    };
    const items = (Array.isArray(properties.products) ? properties.products : [properties]).flatMap(entry);
    const { currency, revenue: value } = properties;
    tell(target, event, { items, currency, value });
  };
  page[name]?.on?.('track', hear);
  return () => {
    on = false;
    page[name]?.off?.('track', hear);
  };
}
