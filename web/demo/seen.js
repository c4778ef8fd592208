// @ts-check
// What became of a shelf: drawn, looked at (half of it for a second), opened. The recommender counts it
// by placement, on this device.

const LOOKED = 1000; /* ms */

/** @param {any} vitrine @param {HTMLElement} root  where the shelves are */
export function watchShelves(vitrine, root) {
  /** Of each shelf: its list and the result that drew it first, and whether it was looked at.
   * @type {Map<string, { list: string, rec: string, placement: string, seen: boolean, timer: number }>} */
  const known = new Map();
  const idsOf = (shelf) => [...shelf.querySelectorAll('.card[data-item]')].map((card) => card.dataset.item);
  const tell = (type, shelf, ids) => {
    const { rec, placement } = /** @type {any} */ (known.get(shelf.dataset.shelf));
    vitrine.track(type, { rec_id: rec, placement, items: ids.map((item_id, i) => ({ item_id, index: i + 1 })) });
  };

  const observer = new IntersectionObserver((entries) => {
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      const shelf = /** @type {HTMLElement} */ (target), it = known.get(shelf.dataset.shelf ?? '');
      if (!it) continue;
      clearTimeout(it.timer);
      if (it.seen || (intersectionRatio < 0.5 && intersectionRect.height < innerHeight / 2)) continue;
      it.timer = window.setTimeout(() => {
        if (!shelf.isConnected || document.visibilityState === 'hidden' || it.seen) return;
        it.seen = true;
        tell('rec_view', shelf, idsOf(shelf));
      }, LOOKED);
    }
  }, { threshold: [0, 0.5, 1] });

  root.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target), card = /** @type {HTMLElement | null} */ (target.closest('.card[data-item]'));
    const shelf = /** @type {HTMLElement | null} */ (target.closest('[data-shelf][data-rec]'));
    if (shelf && card && target.closest('.card-link')) tell('rec_click', shelf, [card.dataset.item]);
  });

  /** After the page was drawn. */
  return () => {
    observer.disconnect();
    for (const shelf of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-shelf][data-rec]'))) {
      const name = shelf.dataset.shelf ?? '', list = idsOf(shelf).join(' '), before = known.get(name);
      if (before?.list !== list) {
        known.set(name, { list, rec: shelf.dataset.rec ?? '', placement: shelf.dataset.placement ?? '', seen: false, timer: 0 });
        tell('rec_render', shelf, idsOf(shelf));
      }
      observer.observe(shelf);
    }
  };
}
