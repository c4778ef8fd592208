// @ts-check
// Puts new HTML in place without losing what the visitor sees or holds: focus and scroll stay, and
// cards that moved glide to their new place (not with prefers-reduced-motion).

const still = matchMedia('(prefers-reduced-motion: reduce)');

/** Fields that hold the focus are found again by data-action and data-item, or by id. */
function mark(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const { action, item } = element.dataset;
  const card = element.closest('[data-key]');
  const within = card ? `[data-key="${CSS.escape(card.dataset.key)}"] ` : '';
  if (action) return `${within}[data-action="${action}"]${item ? `[data-item="${CSS.escape(item)}"]` : ''}`;
  return card ? `${within}a` : element.getAttribute('href') ? `a[href="${CSS.escape(element.getAttribute('href'))}"]` : null;
}

/** @param {HTMLElement} root @param {string} html @param {boolean} glide */
export function replace(root, html, glide) {
  const held = root.contains(document.activeElement) ? mark(document.activeElement) : null;
  const before = new Map(), scrolled = new Map();
  if (glide) {
    for (const card of root.querySelectorAll('[data-key]')) before.set(card.dataset.key, card.getBoundingClientRect());
    for (const shelf of root.querySelectorAll('[data-shelf] .row')) scrolled.set(shelf.closest('[data-shelf]').dataset.shelf, shelf.scrollLeft);
  }
  root.innerHTML = html;
  for (const [name, left] of scrolled) {
    const row = root.querySelector(`[data-shelf="${CSS.escape(name)}"] .row`);
    if (row) row.scrollLeft = left;
  }
  if (held) root.querySelector(held)?.focus({ preventScroll: true });
  if (!glide || still.matches) return;
  for (const card of root.querySelectorAll('[data-key]')) {
    const was = before.get(card.dataset.key), is = card.getBoundingClientRect();
    if (is.bottom < 0 || is.top > innerHeight || is.right < 0 || is.left > innerWidth) continue;
    if (!was) card.animate([{ opacity: 0, transform: 'scale(.96)' }, { opacity: 1, transform: 'none' }], { duration: 260, easing: 'ease-out' });
    else if (was.left !== is.left || was.top !== is.top)
      card.animate([{ transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` }, { transform: 'none' }],
        { duration: 320, easing: 'cubic-bezier(.2,.7,.2,1)' });
  }
}
