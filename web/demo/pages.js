// @ts-check
// The pages: each is a function from what is known now to HTML. They are drawn anew after every event;
// ranking a shelf takes less than a millisecond, so nothing is kept between.

import { card, HEART, link, place, reasonWords, safe, shelfHtml } from './cards.js';
import { colourOf, pictureUrl } from './pictures.js';

const LISTED = 48;
const KNOWN = ['viewed', 'cart', 'purchased'];

export function makePages(shop, basket, panel) {
  const { items, departments, words } = shop;

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
      explained: ['for_you', 'because_you_viewed'].includes(placement) && options.reason === undefined,
      favourite: basket.favourites.has(item_id), shelf, price: shop.price, ...options.card,
    }));
  }

  const asShelf = (name, title, result, options = {}) => shelfHtml({ name, title, note: options.note, more: options.more,
    result, cards: cardsOf(result.items, result.placement, name, options) });
  const shelf = (name, title, asked, options = {}) => asShelf(name, title, shop.shelf(asked), options);

  const tiles = () => `<section class="shelf" aria-labelledby="departments-title"><div class="shelf-head"><h2 id="departments-title">${safe(words.departments)}</h2></div>
<ul class="tiles">${[...departments.values()].map(({ name, ids }) => {
    const [best] = shop.shelf({ placement: 'for_you', candidates: ids, limit: 1, exclude: [], explain: false }).items;
    return `<li><a class="tile" href="${place(name)}"><img src="${pictureUrl(items.get(best?.item_id ?? ids[0]))}" alt="" width="240" height="240"><span>${safe(name)}</span></a></li>`;
  }).join('')}</ul></section>`;

  /** The offer that fits the visitor best, with the reason; drawn as a shelf of one, so that it is counted. */
  function offer() {
    const it = shop.offer;
    if (!it || !items.has(it.best_item_id)) return '';
    const best = items.get(it.best_item_id);
    const why = it.appeal > 1 ? `Chosen for you: things like these come up ${it.appeal.toFixed(1)} times as often in your list as in everyone’s`
      : 'Chosen for everyone: you have not looked at much yet';
    return `<section class="offer" aria-labelledby="offer-title" data-shelf="offer" data-rec="${safe(it.rec_id)}" data-placement="promotions" data-offer="${safe(it.id)}">
<div class="card" data-item="${safe(it.best_item_id)}"><img src="${pictureUrl(best)}" alt="" width="160" height="160">
<div><h2 id="offer-title"><a class="card-link" href="${place(...it.place)}">${safe(it.title)}</a></h2><p>${safe(it.text)}</p><p class="offer-why">${safe(why)}</p></div></div></section>`;
  }

  function home() {
    const known = shop.vitrine.profile().events.length > 0;
    /* The window shows one thing of each department, best first. */
    const window = shop.shelf({ placement: 'for_you', limit: 6, explain: false, exclude: known ? KNOWN : [], maxPer: { category: 1 } }).items;
    const asked = [
      { name: 'for-you', placement: 'for_you', limit: 12, exclude: known ? KNOWN : [], maxPer: { category: 4 } },
      ...(known ? [{ name: 'because', placement: 'because_you_viewed', limit: 12, exclude: KNOWN }] : []),
      { name: 'trending', placement: 'trending', limit: 12, exclude: [], maxPer: { category: 3 } },
      { name: 'bestsellers', placement: 'bestsellers', limit: 12, exclude: [], maxPer: { category: 3 } },
      { name: 'arrivals', placement: 'new_arrivals', limit: 12, exclude: [], maxPer: { category: 3 } },
    ];
    const shelves = new Map(shop.page(asked.map(({ name: _, ...one }) => one)).map((result, i) => [asked[i].name, result]));
    const because = shelves.get('because'), source = because?.items.find((it) => it.reason?.source_item_id)?.reason.source_item_id;
    /* A list of a rung below the one it was asked for is not what its title says. */
    const own = (name, title, rung) => (shelves.get(name)?.source === rung ? asShelf(name, title, shelves.get(name)) : '');
    return {
      title: '',
      html: `<section class="hero"><div class="hero-words"><p class="eyebrow">${items.size.toLocaleString('en')} ${safe(words.eyebrow)}</p>
<h1>${safe(words.headline)}</h1>
<p class="lede">${safe(words.lede)}</p></div>
<ul class="window" aria-label="${safe(words.window)}">${window.map(({ item_id }) => {
    const item = items.get(item_id);
    return `<li data-key="window:${safe(item_id)}"><a href="${link(item_id)}"><img src="${pictureUrl(item)}" alt="${safe(item.title)}" width="240" height="240"></a></li>`;
  }).join('')}</ul></section>`
        + offer()
        + asShelf('for-you', known ? 'For you' : words.popular, shelves.get('for-you'), { note: known ? '' : words.popularNote })
        + shelf('recent', words.recent, { placement: 'recently_viewed', limit: 12 })
        + (source && items.has(source) ? asShelf('because', `Because ${words.verbs.view_item} ${items.get(source).title}`, because) : '')
        + own('trending', words.trending, 'trending')
        + asShelf('bestsellers', known ? words.bestsellers : `More ${words.bestsellers.toLowerCase()}`, shelves.get('bestsellers'))
        + own('arrivals', words.arrivals, 'new')
        + tiles(),
    };
  }

  const sorts = { you: 'For you', ...(shop.priced ? { low: 'Price, low first', high: 'Price, high first' } : {}) };

  /** A grid of given ids in this visitor's order: the page's list is reranked, not replaced. */
  function listing(name, title, ids, { sort = 'you', all = false, chips = '', intro = '', keepTop = 0 }) {
    const ranked = shop.rerank(ids, { placement: name, keepTop });
    if (sort !== 'you') ranked.sort((a, b) => (items.get(a.item_id).price - items.get(b.item_id).price) * (sort === 'low' ? 1 : -1));
    const list = all ? ranked : ranked.slice(0, LISTED);
    const cards = cardsOf(list, 'listing', name, { card: { explained: true }, reason: sort === 'you' ? 'Why here?' : '' });
    return `<div class="page-head"><h1>${safe(title)}</h1><p class="count">${ids.length.toLocaleString('en')} ${safe(ids.length === 1 ? words.thing : words.things)}</p>${intro}
<div class="tools">${chips}${Object.keys(sorts).length > 1 ? `<label class="sort">Sort <select data-action="sort" id="sort">${Object.entries(sorts).map(([key, text]) =>
    `<option value="${key}"${key === sort ? ' selected' : ''}>${text}</option>`).join('')}</select></label>` : ''}</div></div>
<section data-shelf="${safe(name)}" aria-label="${safe(title)}"><ul class="grid">${cards.join('')}</ul>
${list.length < ranked.length ? `<p class="centre"><button type="button" class="button plain" data-action="all">Show all ${ranked.length}</button></p>` : ''}</section>`;
  }

  function category([name, leaf], view) {
    const department = departments.get(name);
    if (!department || (leaf && !department.leaves.has(leaf))) return missing();
    const ids = leaf ? department.leaves.get(leaf) : department.ids;
    const chip = (text, href, current) => `<a class="chip" href="${href}"${current ? ' aria-current="page"' : ''}>${safe(text)}</a>`;
    const chips = department.leaves.size > 1 ? `<nav class="chips" aria-label="${safe(name)}">${chip('All', place(name), !leaf)}${[...department.leaves.keys()].map((it) =>
      chip(it, place(name, it), it === leaf)).join('')}</nav>` : '';
    return { title: leaf || name, html: listing(`list-${name}`, leaf || name, ids, { ...view, chips }) };
  }

  function search(query, view) {
    const ids = shop.find(query).slice(0, 1000);
    const title = query ? `“${query}”` : 'Search';
    if (ids.length === 0) {
      return { title, html: `<div class="page-head"><h1>${safe(title)}</h1><p>${query ? safe(words.nothing) : 'What are you looking for?'}</p></div>`
        + shelf('instead', 'For you', { placement: 'for_you', limit: 12, maxPer: { category: 4 } }) };
    }
    return { title, html: listing('search', title, ids, view) };
  }

  function facts(item) {
    const value = (key) => (key.startsWith('tag:') ? item.tags[Number(key.slice(4))] : key === 'tags' ? item.tags.join(', ')
      : key === 'category' ? (item.category ?? '').replace('/', ', ') : item[key]);
    return `<dl class="facts">${shop.world.facts.map(([name, key]) => [name, value(key)]).filter(([, text]) => text).map(([name, text]) =>
      `<div><dt>${safe(name)}</dt><dd>${safe(text)}</dd></div>`).join('')}</dl>`;
  }

  function product(id) {
    const item = items.get(id);
    if (!item) return missing();
    const siblings = shop.groups.get(item.item_group_id) ?? [];
    const swatches = siblings.length > 1 ? `<div class="swatches" role="group" aria-label="Colours">${siblings.map((it) =>
      `<a class="swatch" href="${link(it)}" style="--colour:${colourOf(items.get(it))}"${it === id ? ' aria-current="true"' : ''} aria-label="${safe(items.get(it).title)}"></a>`).join('')}</div>` : '';
    const inCart = basket.cart.get(id) ?? 0, favourite = basket.favourites.has(id), sold = item.availability === 'out_of_stock';
    const crumbs = `<nav class="crumbs" aria-label="You are here"><a href="#/">Home</a><a href="${place(item.department)}">${safe(item.department)}</a>${item.leaf ? `<a href="${place(item.department, item.leaf)}">${safe(item.leaf)}</a>` : ''}</nav>`;
    const shop_side = panel.open ? `<p class="rule-line"><button type="button" class="link" data-action="pin" data-item="${safe(id)}">Pin it first</button> <button type="button" class="link" data-action="hide" data-item="${safe(id)}">Hide it everywhere</button></p>` : '';
    const [related, together, alike, forYou] = shop.page([
      { placement: 'related', seeds: [id], limit: 12, maxPer: { category: 4 } },
      { placement: 'bought_together', seeds: [id], limit: 12, maxPer: { category: 4 } },
      { placement: 'more_like_this', seeds: [id], limit: 12 },
      { placement: 'for_you', limit: 12, exclude: KNOWN, maxPer: { category: 4 } },
    ]);
    return {
      title: item.title,
      html: `${crumbs}<article class="product"><div class="product-picture"><img src="${pictureUrl(item)}" alt="${safe(item.title)}" width="640" height="640"></div>
<div class="product-words"><p class="brand">${safe(item.brand || item.department)}</p><h1>${safe(item.title)}</h1>${shop.priced ? `<p class="product-price">${shop.price(item)}</p>` : ''}${swatches}
<div class="buy"><button type="button" class="button" data-action="add" data-item="${safe(id)}"${sold ? ' disabled' : ''}>${sold ? 'Sold out' : inCart ? `${safe(words.another)} (${inCart})` : safe(words.add)}</button>
<button type="button" class="button plain" data-action="favourite" data-item="${safe(id)}" aria-pressed="${favourite}">${HEART}<span>${safe(favourite ? words.favourite : words.addFavourite)}</span></button></div>
<button type="button" class="link" data-action="dismiss" data-item="${safe(id)}">${safe(words.dismiss)}</button>${shop_side}
${facts(item)}</div></article>`
        + asShelf('related', words.related, related)
        + asShelf('together', words.together, together)
        + asShelf('alike', words.alike, alike)
        + asShelf('for-you', 'For you', forYou),
    };
  }

  function cart() {
    const lines = [...basket.cart].filter(([id]) => items.has(id));
    if (lines.length === 0) {
      return { title: words.cart, html: `<div class="page-head"><h1>${safe(words.yourCart)}</h1><p>${safe(words.cartEmpty)}</p></div>` + shelf('for-you', 'For you', { placement: 'for_you', limit: 12, maxPer: { category: 4 } }) };
    }
    const total = lines.reduce((sum, [id, n]) => sum + n * Math.max(0, items.get(id).price ?? 0), 0);
    return {
      title: words.cart,
      html: `<div class="page-head"><h1>${safe(words.yourCart)}</h1></div><div class="cart"><ul class="lines">${lines.map(([id, n]) => {
        const item = items.get(id), name = safe(item.title), ref = safe(id);
        return `<li class="line" data-key="line:${ref}"><a href="${link(id)}" class="line-picture"><img src="${pictureUrl(item)}" alt="" width="96" height="96"><span class="quiet">${name}</span></a>
<div><p class="card-title">${name}</p><p class="brand">${safe(item.brand || item.department)}</p>
<div class="stepper"><button type="button" data-action="fewer" data-item="${ref}" aria-label="One less: ${name}">−</button><span aria-label="Quantity">${n}</span><button type="button" data-action="more" data-item="${ref}" aria-label="One more: ${name}">+</button>
<button type="button" class="link" data-action="remove" data-item="${ref}" aria-label="Remove ${name}">Remove</button></div></div><p class="price">${shop.priced ? shop.price({ price: (item.price ?? 0) * n }) : ''}</p></li>`;
      }).join('')}</ul><div class="sum">${shop.priced ? `<p><span>Sum</span><strong>${shop.price({ price: total })}</strong></p>` : ''}<button type="button" class="button wide" data-action="buy">${safe(words.buy)}</button><p class="note">${safe(words.buyNote)}</p></div></div>`
        + shelf('add-ons', words.addons, { placement: 'cart_addons', seeds: lines.map(([id]) => id).slice(-5), limit: 12, maxPer: { category: 4 } }),
    };
  }

  function favourites() {
    const ids = [...basket.favourites.keys()].filter((id) => items.has(id)).reverse();
    return {
      title: words.favourites,
      html: `<div class="page-head"><h1>${safe(words.favourites)}</h1>${ids.length ? '' : '<p>None yet: the heart on a card keeps one here.</p>'}</div>`
        + (ids.length ? `<section aria-label="${safe(words.favourites)}" data-shelf="favourites"><ul class="grid">${cardsOf(ids.map((item_id) => ({ item_id })), '', 'favourites', { reason: words.favourite, card: { dismiss: false } }).join('')}</ul></section>` : '')
        + shelf('for-you', ids.length ? 'You may like these too' : 'For you', { placement: 'for_you', limit: 12, exclude: ['viewed', 'wishlist', 'cart', 'purchased'], maxPer: { category: 4 } }),
    };
  }

  function missing() {
    return { title: 'Not found', html: `<div class="page-head"><h1>This page is not here</h1><p><a href="#/">Back to the start</a></p></div>` };
  }

  return { home, category, product, search, cart, favourites, missing };
}
