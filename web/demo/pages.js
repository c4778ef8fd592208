// @ts-check
// The pages: each is a function from what is known now to HTML. They are drawn anew after every event;
// ranking a shelf takes less than a millisecond, so nothing is kept between.

import { card, HEART, link, place, reasonWords, safe, shelfHtml } from './cards.js';
import { colourOf, pictureUrl } from './pictures.js';

const LISTED = 48;

export function makePages(shop, basket) {
  const { items, departments } = shop;

  /** What the visitor last did to each item, strongest sense first. */
  function verbs() {
    const done = new Map();
    for (const { item_id, type } of shop.vitrine.profile().events)
      if (type !== 'view_item' || !done.has(item_id)) done.set(item_id, type);
    return (id) => done.get(id);
  }

  function cardsOf(list, placement, shelf, options = {}) {
    const verbOf = verbs();
    return list.map(({ item_id, reason }) => card(items.get(item_id), {
      reason: options.reason ?? reasonWords(reason, shop, verbOf, placement),
      favourite: basket.favourites.has(item_id), shelf, price: shop.price, ...options.card,
    }));
  }

  function shelf(name, title, asked, options = {}) {
    const result = shop.shelf(options.varied ? { ...asked, limit: asked.limit * 4 } : asked);
    const list = options.varied ? varied(result.items, options.varied).slice(0, asked.limit) : result.items;
    return shelfHtml({ name, title, note: options.note, more: options.more,
      cards: cardsOf(list, asked.placement, name, options) });
  }

  /** The shop's rule for shelves of its own choice: one colour of a design, and a kind of thing only
   * four times. The order stays the engine's. */
  function varied(list, most = 4) {
    const groups = new Set(), kinds = new Map();
    return list.filter(({ item_id }) => {
      const { item_group_id: group, department, leaf } = items.get(item_id), kind = `${department}/${leaf}`;
      if (group && groups.has(group)) return false;
      const count = (kinds.get(kind) ?? 0) + 1;
      if (leaf && count > most) return false;
      if (group) groups.add(group);
      kinds.set(kind, count);
      return true;
    });
  }

  /** The same items with the engine's reasons: asked for only those that are shown, since each costs
   * a replay of the newest events. */
  const explained = (list) => (list.length === 0 ? [] : shop.shelf({ placement: 'for_you',
    candidates: list.map(({ item_id }) => item_id), limit: list.length, exclude: [] }).items);

  const tiles = () => `<section class="shelf" aria-labelledby="departments-title"><div class="shelf-head"><h2 id="departments-title">All departments</h2></div>
<ul class="tiles">${[...departments.values()].map(({ name, ids }) => {
    const [best] = shop.shelf({ placement: 'for_you', candidates: ids, limit: 1, exclude: [], explain: false }).items;
    return `<li><a class="tile" href="${place(name)}"><img src="${pictureUrl(items.get(best?.item_id ?? ids[0]))}" alt="" width="240" height="240"><span>${safe(name)}</span></a></li>`;
  }).join('')}</ul></section>`;

  function home() {
    const { vitrine } = shop;
    const known = vitrine.profile().events.length > 0;
    const choice = shop.shelf({ placement: 'for_you', limit: 120, explain: false, exclude: known ? ['viewed', 'cart', 'purchased'] : [] }).items;
    const forYou = explained(varied(choice).slice(0, 12));
    /* The window shows one thing of each kind, best first. */
    const shown = new Set(), window = choice.filter(({ item_id }) => {
      const { leaf, department } = items.get(item_id), kind = leaf || department;
      return !shown.has(kind) && shown.add(kind);
    }).slice(0, 6);
    for (const { item_id } of choice) if (window.length < 6 && !window.some((it) => it.item_id === item_id)) window.push({ item_id });
    const taken = new Set(forYou.map(({ item_id }) => item_id));
    const fresh = (list) => varied(list.filter(({ item_id }) => !taken.has(item_id))).slice(0, 12);
    const because = known ? shop.shelf({ placement: 'because_you_viewed', limit: 60, exclude: ['viewed', 'cart', 'purchased'] }) : null;
    const source = because?.items.find((it) => it.reason?.source_item_id)?.reason.source_item_id;
    const becauseList = because ? fresh(because.items) : [];
    for (const { item_id } of becauseList) taken.add(item_id);
    const best = fresh(shop.shelf({ placement: 'bestsellers', limit: 40, exclude: [] }).items);
    return {
      title: 'Oriel',
      html: `<section class="hero"><div class="hero-words"><p class="eyebrow">${items.size.toLocaleString('en')} things, chosen with care</p>
<h1>A shop that gets to know you, and keeps it to itself.</h1>
<p class="lede">Every shelf is put together in your browser, from what you look at. Nothing you do here leaves this device.</p></div>
<ul class="window" aria-label="In the window">${window.map(({ item_id }) => {
    const item = items.get(item_id);
    return `<li data-key="window:${safe(item_id)}"><a href="${link(item_id)}"><img src="${pictureUrl(item)}" alt="${safe(item.title)}" width="240" height="240"></a></li>`;
  }).join('')}</ul></section>`
        + shelfHtml({ name: 'for-you', title: known ? 'For you' : 'Popular right now', note: known ? '' : 'Look at something, and this shelf becomes yours.',
          cards: cardsOf(forYou, 'for_you', 'for-you') })
        + shelf('recent', 'Continue looking', { placement: 'recently_viewed', limit: 12 })
        + (source && becauseList.length ? shelfHtml({ name: 'because', title: `Because you viewed ${items.get(source)?.title ?? ''}`, cards: cardsOf(becauseList, 'related', 'because') }) : '')
        + shelfHtml({ name: 'bestsellers', title: known ? 'Bestsellers' : 'More bestsellers', cards: cardsOf(best, 'bestsellers', 'bestsellers') })
        + tiles(),
    };
  }

  const SORTS = { you: 'For you', low: 'Price, low first', high: 'Price, high first' };

  function listing(name, title, ids, { sort = 'you', all = false, chips = '', intro = '' }) {
    const ranked = shop.shelf({ placement: 'for_you', candidates: ids, limit: Math.max(1, Math.min(ids.length, 1000)), exclude: [], explain: false }).items;
    if (sort !== 'you') ranked.sort((a, b) => (items.get(a.item_id).price - items.get(b.item_id).price) * (sort === 'low' ? 1 : -1));
    const list = all ? ranked : ranked.slice(0, LISTED);
    /* Reasons cost a replay for each item: for the first ones, which are seen. */
    const why = sort !== 'you' || list.length === 0 ? new Map() : new Map(shop.shelf({ placement: 'for_you', candidates: list.map((it) => it.item_id),
      limit: Math.min(24, list.length), exclude: [] }).items.map((it) => [it.item_id, it.reason]));
    const cards = cardsOf(list.map((it) => ({ ...it, reason: why.get(it.item_id) })), 'for_you', name);
    return `<div class="page-head"><h1>${safe(title)}</h1><p class="count">${ids.length.toLocaleString('en')} ${ids.length === 1 ? 'thing' : 'things'}</p>${intro}
<div class="tools">${chips}<label class="sort">Sort <select data-action="sort" id="sort">${Object.entries(SORTS).map(([key, words]) =>
    `<option value="${key}"${key === sort ? ' selected' : ''}>${words}</option>`).join('')}</select></label></div></div>
<section data-shelf="${safe(name)}" aria-label="${safe(title)}"><ul class="grid">${cards.join('')}</ul>
${list.length < ranked.length ? `<p class="centre"><button type="button" class="button plain" data-action="all">Show all ${ranked.length}</button></p>` : ''}</section>`;
  }

  function category([name, leaf], view) {
    const department = departments.get(name);
    if (!department || (leaf && !department.leaves.has(leaf))) return missing();
    const ids = leaf ? department.leaves.get(leaf) : department.ids;
    const chip = (words, href, current) => `<a class="chip" href="${href}"${current ? ' aria-current="page"' : ''}>${safe(words)}</a>`;
    const chips = department.leaves.size > 1 ? `<nav class="chips" aria-label="${safe(name)}">${chip('All', place(name), !leaf)}${[...department.leaves.keys()].map((it) =>
      chip(it, place(name, it), it === leaf)).join('')}</nav>` : '';
    return { title: leaf || name, html: listing(`list-${name}`, leaf || name, ids, { ...view, chips }) };
  }

  function search(query, view) {
    const ids = shop.find(query).slice(0, 1000);
    const title = query ? `“${query}”` : 'Search';
    if (ids.length === 0) {
      return { title, html: `<div class="page-head"><h1>${safe(title)}</h1><p>${query ? 'Nothing in the shop is called that. Perhaps one of these?' : 'What are you looking for?'}</p></div>`
        + shelf('instead', 'For you', { placement: 'for_you', limit: 12 }) };
    }
    return { title, html: listing('search', title, ids, view) };
  }

  function product(id) {
    const item = items.get(id);
    if (!item) return missing();
    const leafIds = new Set(departments.get(item.department).leaves.get(item.leaf) ?? []);
    const elsewhere = leafIds.size ? [...items.keys()].filter((it) => !leafIds.has(it)) : [...items.keys()];
    const siblings = shop.groups.get(item.item_group_id) ?? [];
    /* The colours stand beside the price already: what is like it is another design. */
    const others = [...items.keys()].filter((it) => !siblings.includes(it));
    const swatches = siblings.length > 1 ? `<div class="swatches" role="group" aria-label="Colours">${siblings.map((it) =>
      `<a class="swatch" href="${link(it)}" style="--colour:${colourOf(items.get(it))}"${it === id ? ' aria-current="true"' : ''} aria-label="${safe(items.get(it).title)}"></a>`).join('')}</div>` : '';
    const inCart = basket.cart.get(id) ?? 0, favourite = basket.favourites.has(id), sold = item.availability === 'out_of_stock';
    const crumbs = `<nav class="crumbs" aria-label="You are here"><a href="#/">Home</a><a href="${place(item.department)}">${safe(item.department)}</a>${item.leaf ? `<a href="${place(item.department, item.leaf)}">${safe(item.leaf)}</a>` : ''}</nav>`;
    const facts = [['Brand', item.brand], ['Style', item.tags[2]], ['Material', item.tags[1]], ['Colour', item.tags[0]], ['Item', item.item_id]].filter(([, value]) => value);
    return {
      title: item.title,
      html: `${crumbs}<article class="product"><div class="product-picture"><img src="${pictureUrl(item)}" alt="${safe(item.title)}" width="640" height="640"></div>
<div class="product-words"><p class="brand">${safe(item.brand || item.department)}</p><h1>${safe(item.title)}</h1><p class="product-price">${shop.price(item)}</p>${swatches}
<div class="buy"><button type="button" class="button" data-action="add" data-item="${safe(id)}"${sold ? ' disabled' : ''}>${sold ? 'Sold out' : inCart ? `Add another (${inCart} in cart)` : 'Add to cart'}</button>
<button type="button" class="button plain" data-action="favourite" data-item="${safe(id)}" aria-pressed="${favourite}">${HEART}<span>${favourite ? 'Favourite' : 'Add to favourites'}</span></button></div>
<button type="button" class="link" data-action="dismiss" data-item="${safe(id)}">Not for me</button>
<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${safe(value)}</dd></div>`).join('')}</dl></div></article>`
        + shelf('related', 'Goes well with it', { placement: 'related', seeds: [id], limit: 10, candidates: elsewhere }, { varied: 3 })
        + shelf('alike', 'More like this', { placement: 'more_like_this', seeds: [id], limit: 12, candidates: others }, { varied: 12 })
        + shelf('for-you', 'For you', { placement: 'for_you', limit: 12, exclude: ['viewed', 'cart', 'purchased'] }, { varied: 4 }),
    };
  }

  function cart() {
    const lines = [...basket.cart].filter(([id]) => items.has(id));
    if (lines.length === 0) {
      return { title: 'Cart', html: `<div class="page-head"><h1>Your cart</h1><p>It is empty so far.</p></div>` + shelf('for-you', 'For you', { placement: 'for_you', limit: 12 }) };
    }
    const total = lines.reduce((sum, [id, n]) => sum + n * Math.max(0, items.get(id).price), 0);
    const ids = lines.map(([id]) => id), leaves = new Set(ids.map((id) => items.get(id).leaf).filter(Boolean));
    const others = [...items.values()].filter((it) => !basket.cart.has(it.item_id) && !leaves.has(it.leaf)).map((it) => it.item_id);
    return {
      title: 'Cart',
      html: `<div class="page-head"><h1>Your cart</h1></div><div class="cart"><ul class="lines">${lines.map(([id, n]) => {
        const item = items.get(id), name = safe(item.title), ref = safe(id);
        return `<li class="line" data-key="line:${ref}"><a href="${link(id)}" class="line-picture"><img src="${pictureUrl(item)}" alt="" width="96" height="96"><span class="quiet">${name}</span></a>
<div><p class="card-title">${name}</p><p class="brand">${safe(item.brand || item.department)}</p>
<div class="stepper"><button type="button" data-action="fewer" data-item="${ref}" aria-label="One less: ${name}">−</button><span aria-label="Quantity">${n}</span><button type="button" data-action="more" data-item="${ref}" aria-label="One more: ${name}">+</button>
<button type="button" class="link" data-action="remove" data-item="${ref}" aria-label="Remove ${name}">Remove</button></div></div><p class="price">${shop.price({ price: item.price * n })}</p></li>`;
      }).join('')}</ul><div class="sum"><p><span>Sum</span><strong>${shop.price({ price: total })}</strong></p><button type="button" class="button wide" data-action="buy">Buy (nothing is charged)</button><p class="note">A demo: no order is placed, no address is asked.</p></div></div>`
        + shelf('add-ons', 'Goes with your cart', { placement: 'related', seeds: ids.slice(-5), limit: 12, candidates: others }, { varied: 4 }),
    };
  }

  function favourites() {
    const ids = [...basket.favourites.keys()].filter((id) => items.has(id)).reverse();
    return {
      title: 'Favourites',
      html: `<div class="page-head"><h1>Your favourites</h1>${ids.length ? '' : '<p>None yet: the heart on a card keeps a thing here.</p>'}</div>`
        + (ids.length ? `<section aria-label="Your favourites" data-shelf="favourites"><ul class="grid">${cardsOf(ids.map((item_id) => ({ item_id })), '', 'favourites', { reason: 'Your favourite', card: { dismiss: false } }).join('')}</ul></section>` : '')
        + shelf('for-you', ids.length ? 'You may like these too' : 'For you', { placement: 'for_you', limit: 12, exclude: ['viewed', 'wishlist', 'cart', 'purchased'] }, { varied: 4 }),
    };
  }

  function missing() {
    return { title: 'Not found', html: `<div class="page-head"><h1>This page is not here</h1><p><a href="#/">Back to the start</a></p></div>` };
  }

  return { home, category, product, search, cart, favourites, missing };
}
