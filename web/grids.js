// @ts-check
/* data-vitrine-rerank: the items of a list that somebody else made, in the visitor's order. Nothing a
 * visitor sees moves: before the first paint the whole list is free, afterwards what lies below. */

/** The order in which the page came. @type {WeakMap<Element, number>} */
const came = new WeakMap();

/** @param {any} v recommender @param {ParentNode} [within] @returns {number} how many items moved */
export function rerankGrids(v, within = document) {
  const painted = performance.getEntriesByType('paint').length > 0;
  let moved = 0;
  for (const grid of /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll('[data-vitrine-rerank]'))) {
    const { vitrineId = 'data-item-id', vitrineMaxDisplacement, vitrineKeepTop, vitrineRerank } = grid.dataset;
    // Banners between the items have no id, and keep their places.
    const nodes = [...grid.children].filter((child) => child.getAttribute(vitrineId));
    nodes.forEach((node, i) => came.has(node) || came.set(node, i));
    const kept = Math.max(Number(vitrineKeepTop) || 0,
      painted ? nodes.reduce((last, node, i) => (node.getBoundingClientRect().top < innerHeight ? i + 1 : last), 0) : 0);
    const rest = nodes.slice(kept).sort((a, b) => (came.get(a) ?? 0) - (came.get(b) ?? 0));
    if (rest.length < 2) continue;
    const before = [...nodes.slice(0, kept), ...rest];
    /** @param {Element} node */
    const id = (node) => node.getAttribute(vitrineId) ?? '';
    const { items } = v.rerankSync({ items: before.map(id), keepTop: Math.min(kept, before.length),
      ...(vitrineMaxDisplacement ? { maxDisplacement: Number(vitrineMaxDisplacement) } : {}), placement: vitrineRerank || 'rerank' });
    /** An id may stand there twice: first come, first placed. @type {Map<string, Element[]>} */
    const waiting = new Map();
    for (const node of before) waiting.set(id(node), [...(waiting.get(id(node)) ?? []), node]);
    const after = items.map((/** @type {any} */ { item_id }) => waiting.get(item_id)?.shift());
    // Only what moves leaves the document: a frame or a video in a card that stays goes on.
    const places = nodes.map((node, i) => {
      if (node === after[i]) return null;
      const place = document.createComment('');
      node.replaceWith(place);
      return place;
    });
    places.forEach((place, i) => {
      if (!place) return;
      place.replaceWith(after[i]);
      moved++;
    });
  }
  return moved;
}
