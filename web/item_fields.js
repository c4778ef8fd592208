// @ts-check
/* What a shop calls the fields of an item, in the words of GA4 and Merchant feeds. */

/** The id of an item or of an entry of an event: `item_id`, or Merchant's `id`.
 * @param {any} item @returns {string | undefined} */
export function itemId(item) {
  const id = item?.item_id ?? item?.id;
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' && id.length <= 512 ? id : undefined;
}

/** @param {any} value */
export const isAvailable = (value) =>
  !(value === false || /(out[\s_-]?of[\s_-]?stock|sold[\s_-]?out|discontinued)$/i.test(value));
