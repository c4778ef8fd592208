// @ts-check
/* For shelves that the shop draws itself: tells the recommender that one is there, was seen and was clicked.
 * <vitrine-shelf> does the same by itself. */

const VIEW_MS = 1000;

/** @param {Element} element  holds the items, each with its id in `attribute`
 * @param {{ rec_id: string }} result  what the shelf shows
 * @param {{ track: (type: string, data: any) => unknown }} recommender
 * @param {{ attribute?: string }} [options] @returns {() => void} stop, before the shelf shows something else */
export function observeShelf(element, { rec_id }, recommender, { attribute = 'data-item-id' } = {}) {
  recommender.track('rec_render', { rec_id });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const observer = new IntersectionObserver(([{ intersectionRatio, intersectionRect }]) => {
    clearTimeout(timer);
    // Of a shelf higher than two screens half is never visible: half a screen of it will do.
    if (intersectionRatio < 0.5 && intersectionRect.height < innerHeight / 2) return;
    timer = setTimeout(() => {
      observer.disconnect();
      recommender.track('rec_view', { rec_id });
    }, VIEW_MS);
  }, { threshold: [0, 0.1, 0.25, 0.5] });
  observer.observe(element);
  /** @param {any} event */
  const click = ({ target }) => {
    const item_id = target.closest?.(`[${attribute}]`)?.getAttribute(attribute);
    if (item_id) recommender.track('rec_click', { rec_id, items: [{ item_id }] });
  };
  element.addEventListener('click', click);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    element.removeEventListener('click', click);
  };
}
