// @ts-check
/* Adobe Commerce: the storefront events SDK, whose subscriptions hear of earlier events too. */
import { tell } from './tell.js';

const NAMES = ['productPageView', 'addToCart', 'removeFromCart', 'shoppingCartView', 'initiateCheckout', 'placeOrder'];

/** @param {import('./tell.js').Target} target @param {{ page?: any }} [options] @returns {() => void} */
export function listen(target, { page = globalThis } = {}) {
  /** @type {[string, (event: any) => void][]} */
  const handlers = NAMES.map((name) => [name, (/** @type {any} */ event) => {
    const { productContext, changedProductsContext, shoppingCartContext } = event?.eventInfo ?? {};
    // What changed where the SDK says so; the product of the page for older ones; else the cart.
    const lines = /^(add|remove)/.test(name)
      ? changedProductsContext?.items ?? [{ product: productContext }]
      : name === 'productPageView' ? [{ product: productContext }] : shoppingCartContext?.items;
    const items = (lines ?? []).map((/** @type {any} */ { product, quantity, prices }) =>
      ({ item_id: product?.sku, quantity, price: prices?.price?.value }))
      .filter((/** @type {any} */ { item_id }) => item_id);
    tell(target, name, { items });
  }]);
  /** @type {any} */
  let sdk;
  const begin = () => {
    if (sdk || !(sdk = page.magentoStorefrontEvents)) return;
    for (const [name, hear] of handlers) sdk.subscribe[name]?.(hear);
  };
  begin();
  if (!sdk) page.addEventListener?.('load', begin);
  return () => {
    page.removeEventListener?.('load', begin);
    for (const [name, hear] of handlers) sdk?.unsubscribe?.[name]?.(hear);
  };
}
