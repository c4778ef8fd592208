// @ts-check
// Start, routes, and what happens on a click: the shop tells the engine, and draws the page again in
// the same frame.

import { openBasket } from './basket.js';
import { place, safe } from './cards.js';
import { replace } from './flip.js';
import { makePages } from './pages.js';
import { makePanel } from './panel.js';
import { watchShelves } from './seen.js';
import { openShop } from './shop.js';
import { showWhy } from './why.js';
import { dress, openWorld } from './world.js';

const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const main = $('main');
const why = /** @type {HTMLDialogElement} */ ($('why'));

async function start() {
  const fallback = [...main.querySelectorAll('[data-item]')].map((it) => /** @type {HTMLElement} */ (it).dataset.item);
  const world = await openWorld();
  dress(world);
  const shop = await openShop(world, document.body, /** @type {string[]} */ (fallback));
  if (shop.items.size === 0) {
    $('announce').textContent = 'The shop could not be opened here; its bestsellers are shown.';
    return;
  }
  const basket = openBasket(world.name, () => draw());
  const panel = makePanel(shop, $('panel'), $('inside'), () => draw());
  const pages = makePages(shop, basket, panel);
  const { vitrine, words } = shop;
  const settled = watchShelves(vitrine, main);
  let view = { sort: 'you', all: false };

  const route = () => {
    const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    let parts;
    try {
      parts = path.split('/').filter(Boolean).map(decodeURIComponent);
    } catch {
      return { name: 'missing', rest: [], query: '' };
    }
    return { name: parts[0] ?? 'home', rest: parts.slice(1), query: new URLSearchParams(query).get('q') ?? '' };
  };

  function page({ name, rest, query }) {
    if (name === 'home' && rest.length === 0) return pages.home();
    if (name === 'c' && rest.length > 0) return pages.category(rest, view);
    if (name === 'p' && rest.length === 1) return pages.product(rest[0]);
    if (name === 'search') return pages.search(query.trim(), view);
    if (name === 'cart') return pages.cart();
    if (name === 'favourites') return pages.favourites();
    return pages.missing();
  }

  /** Everything that shows state, now. */
  function draw(glide = true) {
    const { title, html } = page(route());
    replace(main, html, glide);
    settled();
    document.title = title ? `${title} — ${world.title}` : `${world.title} — ${world.tagline}`;
    for (const [id, count, name] of [['cart-count', basket.pieces, words.cart], ['favourites-count', basket.favourites.size, words.favourites]]) {
      const badge = $(String(id));
      badge.hidden = count === 0;
      badge.textContent = String(count);
      badge.parentElement?.setAttribute('aria-label', count ? `${name}, ${count}` : String(name));
    }
    void vitrine.metrics().then(({ latency_ms }) => ($('inside-ms').textContent = `${latency_ms.median.toFixed(2)} ms`));
    void panel.draw(glide);
    void shop.askOffer().then((another) => another && draw(glide));
  }

  let said = 0;
  function announce(text) {
    /* The same words twice would not be read out again. */
    $('announce').textContent = text + (said++ % 2 ? '\u00a0' : '');
  }

  const track = (type, id, more = {}) => vitrine.track(type, { items: [{ item_id: id, ...more }] });
  const nameOf = (id) => shop.items.get(id)?.title ?? id;

  let undo = null, hide = 0;
  function toast(text, back) {
    $('toast-text').textContent = text;
    $('toast').hidden = false;
    undo = back;
    clearTimeout(hide);
    hide = setTimeout(() => ($('toast').hidden = true), 6000);
  }
  $('toast-undo').addEventListener('click', () => {
    $('toast').hidden = true;
    undo?.();
  });

  function setQuantity(id, quantity) {
    const before = basket.cart.get(id) ?? 0;
    basket.put(id, quantity);
    if (quantity > before) track('add_to_cart', id, { quantity: quantity - before });
    else if (quantity === 0 && before > 0) track('remove_from_cart', id);
    draw();
  }

  const acts = {
    favourite(id) {
      const is = basket.toggle(id);
      track(is ? 'add_to_wishlist' : 'remove_from_wishlist', id);
      draw();
      announce(is ? `${nameOf(id)} is kept: ${words.favourite}; the shelves are ranked anew` : `${nameOf(id)} is no longer kept`);
    },
    dismiss(id) {
      why.close();
      track('dismiss', id);
      if (shop.offer?.best_item_id === id) shop.offer = null;
      draw();
      toast(`Hidden: ${nameOf(id)}`, () => acts.forget(id));
      announce(`${nameOf(id)} is hidden; the shelves are ranked anew`);
    },
    add(id) {
      setQuantity(id, (basket.cart.get(id) ?? 0) + 1);
      announce(`${nameOf(id)} ${words.added}`);
    },
    more: (id) => setQuantity(id, (basket.cart.get(id) ?? 0) + 1),
    fewer: (id) => setQuantity(id, (basket.cart.get(id) ?? 1) - 1),
    remove: (id) => setQuantity(id, 0),
    buy() {
      for (const [id, quantity] of basket.cart) track('purchase', id, { quantity });
      basket.emptyCart();
      draw();
      announce(words.bought);
      toast(words.bought, null);
    },
    forget(id) {
      why.close();
      /* The profile is without it at once; the promise waits for the storage. */
      const done = vitrine.forget({ item_id: id });
      draw();
      announce(`Forgotten: ${nameOf(id)}`);
      void done.then(() => panel.draw());
    },
    'forget-all'() {
      const done = vitrine.forget('all');
      draw();
      void done.then(({ before }) => {
        announce(`Forgotten: ${before} events`);
        draw();
      });
    },
    async export() {
      const data = await vitrine.export();
      const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
      Object.assign(document.createElement('a'), { href: url, download: 'profile.json' }).click();
      URL.revokeObjectURL(url);
    },
    all() {
      view = { ...view, all: true };
      draw();
    },
    panel: () => (panel.toggle(), draw()),
    why: (id) => void showWhy(shop, why, id),
    pin(id) {
      panel.pin(id);
      announce(`${nameOf(id)} is pinned first`);
    },
    hide(id) {
      panel.hide(id);
      announce(`${nameOf(id)} is hidden everywhere`);
    },
    unpin: () => panel.pin(''),
    unhide: () => panel.unhide(),
    'no-rules': () => panel.clear(),
  };

  document.addEventListener('click', (event) => {
    const target = /** @type {Element} */ (event.target).closest('[data-action]');
    if (!(target instanceof HTMLButtonElement)) return;
    acts[target.dataset.action]?.(target.dataset.item);
  });
  document.addEventListener('change', (event) => {
    const target = /** @type {HTMLSelectElement} */ (event.target);
    if (target.dataset.action === 'sort') {
      view = { ...view, sort: target.value };
      draw();
    } else if (target.dataset.action === 'consent') {
      void Promise.resolve(vitrine.consent.set(target.value, { keep: target.value !== 'denied' })).then(() => draw());
    }
  });
  $('inside').addEventListener('click', () => acts.panel());

  const form = /** @type {HTMLFormElement} */ (document.querySelector('form.search'));
  const field = form.q;
  const ask = () => {
    const to = `#/search?q=${encodeURIComponent(field.value)}`;
    if (route().name === 'search') history.replaceState(null, '', to);
    else if (field.value.trim()) location.hash = to;
    if (route().name === 'search') draw();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
    main.focus({ preventScroll: true });
  });
  field.addEventListener('input', () => (route().name === 'search' || field.value.length > 1) && ask());

  function navigate() {
    const where = route();
    view = { sort: 'you', all: false };
    if (where.name === 'p' && shop.items.has(where.rest[0])) track('view_item', where.rest[0]);
    if (where.name !== 'search') field.value = '';
    else if (document.activeElement !== field) field.value = where.query;
    draw(false);
    if (document.activeElement !== field) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
    for (const it of $('categories').querySelectorAll('a')) {
      const here = where.name === 'c' && it.dataset.department === where.rest[0];
      if (here) it.setAttribute('aria-current', 'page');
      else it.removeAttribute('aria-current');
    }
  }

  $('categories').innerHTML = `<ul>${[...shop.departments.keys()].map((name) =>
    `<li><a href="${place(name)}" data-department="${safe(name)}">${safe(name)}</a></li>`).join('')}</ul>`;
  addEventListener('hashchange', (event) => {
    // The skip link is no page.
    if (location.hash === '#main') {
      history.replaceState(null, '', new URL(event.oldURL).hash || '#/');
      main.focus();
      return;
    }
    navigate();
  });
  vitrine.on('event', (event) => event.other_tab && draw());
  vitrine.on('storage', (event) => event.erased && draw());
  navigate();
  document.documentElement.dataset.ready = 'yes';
}

void start();
