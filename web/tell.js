// @ts-check
/* How an adapter hands on what it heard. */

/** Whom adapters tell: a recommender, or whoever stands before one.
 * @typedef {{ track: (type: string, data?: any) => unknown, item: (item_id: string) => unknown }} Target */

/** A name nobody knows, or an event that names no item, is a stranger's on a page of strangers, not a
 * mistake of the shop's: it teaches nothing and breaks nothing.
 * @param {Target} target @param {unknown} type @param {any} data */
export function tell(target, type, data) {
  if (typeof type !== 'string' || !data?.items?.length) return;
  try {
    target.track(type, data);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
