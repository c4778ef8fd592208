// @ts-check
/* <vitrine-shelf placement="related" seeds="SKU_1" limit="8">: a <template>, and the server's list. */
import { card } from './card.js';
import { Base, join, leave, look, make, now, shadow } from './connection.js';

/** Viewed is what was half on the screen for a second. */
const VIEW_MS = 1000;
const CSS = ':host{display:block}[part=list]{display:var(--vitrine-display,block);grid-template-columns:var(--vitrine-columns,none);'
  + 'gap:var(--vitrine-gap,0)}::slotted([role=listitem]){block-size:var(--vitrine-card-height,auto)}';

export class Shelf extends Base {
  static observedAttributes = ['placement', 'seeds', 'exclude', 'options'];
  /** The places, in order, and which item each holds. @type {HTMLElement[]} */
  #slots = [];
  /** @type {Map<HTMLElement, string>} */
  #held = new Map();
  /** @type {any} */
  #result = null;
  /** @type {any} */
  #timer = 0;
  #half = false;
  #width = 0;
  /** @type {HTMLTemplateElement | null} */
  #template = null;
  /** @type {any} */
  #list;
  /** The result that was seen for long enough. */
  #viewed = '';

  connectedCallback() {
    if (!this.shadowRoot) {
      this.#list = make('div', { part: 'list' }, make('slot'));
      shadow(this, CSS, make('slot', { name: 'heading' }), this.#list);
      new IntersectionObserver(([entry]) => this.#watch(entry), { threshold: [0, 0.1, 0.5] }).observe(this);
      new ResizeObserver(([{ contentRect: { width } }]) => {
        // Heights that were held belong to the old width.
        if (this.#width && width !== this.#width) for (const slot of this.#slots) slot.style.blockSize = slot.style.overflow = '';
        this.#width = width;
      }).observe(this);
      for (const type of ['click', 'auxclick']) this.addEventListener(type, (event) => this.#click(event));
    }
    join(this);
  }

  disconnectedCallback() {
    leave(this);
    clearTimeout(this.#timer);
  }
  attributeChangedCallback() {
    if (this.isConnected) look();
  }

  /** Find the template, the list and its places; without a list of the server's, make places. */
  #prepare() {
    const template = this.#template ??= this.querySelector(':scope > template');
    const list = this.querySelector(':scope > ul, :scope > ol, :scope > [data-vitrine-list]') ?? this;
    const label = this.getAttribute('label') ?? this.querySelector('[slot=heading]')?.textContent?.trim();
    if (label && !this.hasAttribute('role')) {
      this.setAttribute('role', 'region');
      this.setAttribute('aria-label', label);
    }
    this.#slots = /** @type {any} */ ([...list.children].filter((child) => child !== template && !child.hasAttribute('slot')));
    if (this.#slots.length || !template) return;
    this.#slots = Array.from({ length: this.#limit() }, () => make(list === this ? 'div' : 'li', list === this ? { role: 'listitem' } : {}));
    for (const slot of this.#slots) {
      slot.append(card(template, {}));
      slot.style.visibility = 'hidden';
    }
    list.append(...this.#slots);
    if (list === this) this.#list.setAttribute('role', 'list');
  }

  #limit() {
    return Math.min(1000, Math.max(1, Math.floor(Number(this.getAttribute('limit'))) || 12));
  }

  /** What to ask the recommender. */
  options() {
    if (!this.#slots.some((slot) => slot.isConnected)) this.#prepare();
    const list = (/** @type {string} */ name) => this.getAttribute(name)?.split(/[\s,]+/).filter(Boolean);
    let more = {};
    try {
      more = JSON.parse(this.getAttribute('options') ?? '{}');
    } catch (error) {
      console.error(this, error);
    }
    return { placement: this.getAttribute('placement') ?? 'for_you', limit: this.#slots.length || this.#limit(),
      seeds: list('seeds') ?? [], ...(this.hasAttribute('exclude') ? { exclude: list('exclude') } : {}), ...more };
  }

  /** @param {any} result */
  show(result) {
    const template = this.#template, v = now();
    if (!template || !v || !this.isConnected) return;
    // The server knew better than a list without this visitor.
    const server = this.#held.size === 0 && this.#slots.some((slot) => slot.style.visibility !== 'hidden');
    if (server && (result.source === 'static' || (result.source === 'popular' && this.getAttribute('fallback') === 'server'))) return;
    const next = result.items.map((/** @type {any} */ { item_id }) => item_id).slice(0, this.#slots.length);
    this.toggleAttribute('empty', next.length === 0);
    const focused = /** @type {any} */ (this.getRootNode()).activeElement;
    // What the visitor points at or stands on does not change under the hand while it is still listed.
    this.#slots.forEach((slot, i) => {
      const own = this.#held.get(slot) ?? '', at = next.indexOf(own);
      if (at >= 0 && i < next.length && (slot.contains(focused) || slot.matches(':hover'))) [next[i], next[at]] = [next[at], next[i]];
    });
    const changed = this.#slots.map((slot, i) => ({ slot, i, id: next[i] })).filter(({ slot, id }) => this.#held.get(slot) !== id);
    const heights = changed.map(({ slot }) => (slot.style.visibility === 'hidden' ? 0 : slot.getBoundingClientRect().height));
    const filled = changed.map(({ slot, i, id }) => this.#fill(slot, i, id, result.items));
    filled.map((slot) => slot.getBoundingClientRect().height).forEach((height, n) => {
      if (!heights[n] || Math.abs(height - heights[n]) < 0.5) return;
      Object.assign(filled[n].style, { boxSizing: 'border-box', blockSize: `${heights[n]}px`, overflow: 'clip' });
    });
    if (changed.length === 0 && this.#result) return;
    this.#result = result;
    this.#tell('rec_render', next);
    if (this.#half) this.#begin();
  }

  /** @param {HTMLElement} slot @param {number} i @param {string | undefined} id @param {any[]} items @returns {HTMLElement} */
  #fill(slot, i, id, items) {
    this.#held.delete(slot);
    if (id === undefined) {
      slot.style.visibility = 'hidden';
      return slot;
    }
    const had = slot.contains(/** @type {any} */ (this.getRootNode()).activeElement);
    const listed = items.find(({ item_id }) => item_id === id);
    const inside = card(/** @type {any} */ (this.#template), { ...now().item(id), ...listed, item_id: id, rank: i + 1 });
    const root = /** @type {HTMLElement} */ (inside.children[0]);
    // A template of the kind of the server's places is one; else it goes into one.
    if (inside.children.length === 1 && root.localName === slot.localName && slot.getAttribute('role') !== 'listitem') {
      slot.replaceWith(inside);
      this.#slots[i] = slot = root;
    } else slot.replaceChildren(inside);
    slot.style.visibility = '';
    this.#held.set(slot, id);
    if (had) /** @type {any} */ (slot.matches('a,button') ? slot : slot.querySelector('a,button'))?.focus();
    return slot;
  }

  /** To the recommender's counters, and to the page as an event. @param {string} type @param {string[]} ids */
  #tell(type, ids) {
    const { rec_id, placement, source } = this.#result;
    const items = ids.map((item_id) => ({ item_id, index: this.#slots.findIndex((slot) => this.#held.get(slot) === item_id) + 1 }));
    now()?.track(type, { rec_id, placement, items });
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: { rec_id, placement, source, items } }));
  }

  /** @param {IntersectionObserverEntry} entry */
  #watch({ intersectionRatio, intersectionRect, rootBounds }) {
    // Half of the shelf, or as much of it as fills half the window.
    this.#half = intersectionRatio >= 0.5 || intersectionRect.height > (rootBounds?.height ?? Infinity) / 2;
    clearTimeout(this.#timer);
    if (this.#half) this.#begin();
  }
  #begin() {
    clearTimeout(this.#timer);
    const { rec_id } = this.#result ?? {};
    this.#timer = setTimeout(() => {
      if (!rec_id || this.#viewed === rec_id) return;
      if (document.visibilityState === 'hidden') return this.#begin();
      this.#viewed = rec_id;
      this.#tell('rec_view', [...this.#held.values()]);
    }, VIEW_MS);
  }

  /** @param {any} event */
  #click(event) {
    const slot = this.#slots.find((one) => one.contains(event.target)), id = slot && this.#held.get(slot);
    // The middle button opens a link too; the right one opens a menu.
    if (!id || event.button > 1 || event.target.closest('vitrine-why')) return;
    const action = event.target.closest('[data-vitrine-action]')?.dataset.vitrineAction;
    if (action === 'dismiss') now()?.track('dismiss', { items: [{ item_id: id }] });
    else if (action) this.#tell('rec_add_to_cart', [id]);
    else if (event.target.closest('a,button')) this.#tell('rec_click', [id]);
  }
}
