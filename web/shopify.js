// @ts-check
/* A Shopify theme: what goes into the cart, by the product form or by a call of /cart/add.js that the
 * theme makes itself. A theme names variants; the item is the first that the catalog has of what `itemOf`
 * says the variant is, the form's product, and what the shop answers: product, SKU, handle. */
import { tell } from './tell.js';

/** Where a pixel of the shop may leave what was bought at checkout: [{ item_id, quantity }, ...]. */
const QUEUE = 'vitrine:purchases', MOST_QUEUED = 200;
const ADD = /\/cart\/add(\.js)?([?#]|$)/;

/** @param {any} body of the request @returns {any[]} lines { id, quantity, product } */
function lines(body) {
  try {
    if (typeof body === 'string' && /^\s*\{/.test(body)) {
      const data = JSON.parse(body);
      return data.items ?? [data];
    }
    const form = typeof body === 'string' ? new URLSearchParams(body) : body;
    return form?.get?.('id') ? [{ id: form.get('id'), quantity: form.get('quantity'), product: form.get('product-id') }] : [];
  } catch {
    return [];
  }
}

/** @param {import('./tell.js').Target} target
 * @param {{ page?: any, itemOf?: (variant: string) => string }} [options] @returns {() => void} */
export function listen(target, { page = globalThis, itemOf = String } = {}) {
  let on = true;
  /** @param {any[]} added @param {any} [told]  the shop's answer, of the same lines */
  const add = (added, told) => on && tell(target, 'add_to_cart', { items: added.filter((line) => line?.id).map(({ id, quantity, product }) => {
    const variant = itemOf(String(id)), line = [told?.items ?? told ?? []].flat().find((one) => String(one?.variant_id) === String(id));
    const known = [variant, product, line?.product_id, line?.sku, line?.handle].find((name) => name && target.item(String(name)));
    return { item_id: String(known ?? variant), quantity: Number(quantity ?? 1) };
  }) });

  const own = page.fetch;
  /** The page's own call goes through as it came; what it adds counts when the shop said yes.
   * @param {any[]} call */
  const heard = function (/** @type {any} */ ...call) {
    const answer = own.apply(page, call);
    const [address, init] = call;
    if (on && ADD.test(String(address?.url ?? address))) {
      const added = lines(init?.body);
      Promise.resolve(answer).then(async (response) => response.ok && add(added, await response.clone?.().json().catch(() => null)), () => {});
    }
    return answer;
  };
  if (own) page.fetch = heard;

  /** A theme that sends the form itself has prevented it by the time it comes up here.
   * @param {any} event */
  const submitted = (event) => {
    if (!event.defaultPrevented && ADD.test(event.target?.action)) add(lines(new page.FormData(event.target)));
  };
  page.addEventListener?.('submit', submitted);

  try {
    const queued = page.localStorage?.getItem(QUEUE);
    if (queued) {
      page.localStorage.removeItem(QUEUE);
      tell(target, 'purchase', { items: JSON.parse(queued).slice(0, MOST_QUEUED) });
    }
  } catch {
    // No storage, or not what the pixel should have left.
  }
  return () => {
    on = false;
    if (page.fetch === heard) page.fetch = own;
    page.removeEventListener?.('submit', submitted);
  };
}
