// @ts-check
// 'Inside the engine': what it keeps about the visitor, what it makes of it, and what that costs.

import { brief, CROSS, safe } from './cards.js';
import { pictureUrl } from './pictures.js';
import { replace } from './flip.js';

const WORDS = {
  view_item: 'Viewed', select_item: 'Opened', add_to_cart: 'Into the cart', remove_from_cart: 'Out of the cart',
  add_to_wishlist: 'Favourite', remove_from_wishlist: 'No favourite', purchase: 'Bought', dismiss: 'Not for me',
};
const PARTS = { network: 'Network', neighbours: 'Others who looked', content: 'Same traits', recent: 'Seen before', popularity: 'Popular' };
const KINDS = { category: 'Category', brand: 'Brand', price: 'Price band, 1 is the lowest', tag: 'Trait' };

const ago = (time, now) => {
  const s = Math.max(0, (now - time) / 1000);
  return s < 60 ? 'just now' : s < 3600 ? `${Math.floor(s / 60)} min ago` : s < 86400 ? `${Math.floor(s / 3600)} h ago` : `${Math.floor(s / 86400)} d ago`;
};
const kb = (bytes) => (bytes < 10240 ? `${(bytes / 1024).toFixed(1)} KB` : `${Math.round(bytes / 1024).toLocaleString('en')} KB`);
const ms = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

/** Bytes over the wire for this page's files, as the browser counted them; cached files cost none. */
function downloaded() {
  const files = performance.getEntriesByType('resource');
  const sum = (fit, field) => files.filter((it) => fit.test(new URL(it.name).pathname)).reduce((all, it) => all + (it[field] ?? 0), 0);
  const parts = [['Engine', /\/vitrine\/.*\.(js|wasm)$/], ['Model', /\/model\.vitrine$/], ['Catalog', /\/catalog\.vitrine$/], ['Pages', /\/(?!vitrine\/)[^/]*\.(js|css)$|\/drawings\//]];
  return { parts: parts.map(([name, fit]) => [name, sum(fit, 'encodedBodySize')]), wire: sum(/./, 'transferSize') };
}

/** The network's state: one stripe for each number, colour by sign, strength by size. */
function stripes(state) {
  if (state.length === 0) return '';
  const top = Math.max(1e-6, ...state.map(Math.abs)), w = 320 / state.length;
  return `<svg class="state" viewBox="0 0 320 28" preserveAspectRatio="none" role="img" aria-label="The network's state: ${state.length} numbers">${Array.from(state, (value, i) =>
    `<rect x="${(i * w).toFixed(2)}" width="${(w + 0.3).toFixed(2)}" height="28" class="${value < 0 ? 'neg' : 'pos'}" opacity="${(Math.abs(value) / top).toFixed(3)}"/>`).join('')}</svg>`;
}

function affinityBars(affinities) {
  const kinds = new Map(Object.keys(KINDS).map((kind) => [kind, []]));
  for (const { name, weight } of affinities) {
    const at = name.indexOf(':');
    if (at > 0) kinds.get(kinds.has(name.slice(0, at)) ? name.slice(0, at) : 'tag').push([name.slice(at + 1), weight]);
  }
  /* Shares within a kind: the engine's are shares of everything together. */
  for (const [kind, list] of kinds) {
    const sum = list.reduce((all, it) => all + it[1], 0) || 1;
    kinds.set(kind, list.map(([name, weight]) => [name, weight / sum]));
  }
  return [...kinds].filter(([, list]) => list.length).map(([kind, list]) => `<h4>${KINDS[kind]}</h4><ul class="bars">${list.slice(0, 4).map(([name, weight]) =>
    `<li><span>${safe(kind === 'price' ? `Band ${Number(name) + 1}` : name.split('/').pop())}</span><span class="track"><span style="width:${(100 * weight).toFixed(1)}%"></span></span><span class="n">${weight < 0.01 ? '&lt;1' : Math.round(weight * 100)} %</span></li>`).join('')}</ul>`).join('');
}

export function makePanel(shop, root, button, act) {
  let open = false;

  async function reasons() {
    const list = shop.vitrine.recommendSync({ placement: 'for_you', limit: 5, exclude: ['viewed', 'cart', 'purchased'] }).items;
    const all = await Promise.all(list.map(({ item_id }) => shop.vitrine.explain(item_id)));
    return all.filter((it) => it && shop.items.has(it.item_id));
  }

  const part = (name, share) => (share > 0.005 ? `<span class="part ${name}" style="width:${(share * 100).toFixed(1)}%"></span>` : '');

  async function draw(glide = false) {
    if (!open) return;
    const { vitrine } = shop, profile = vitrine.profile(), metrics = await vitrine.metrics(), now = Date.now();
    const why = profile.events.length ? await reasons() : [];
    if (!open) return;
    const bytes = downloaded(), events = profile.events.slice(-40).reverse();
    const figures = [[ms(metrics.latency_ms.last), 'ms, last ranking'], [ms(metrics.latency_ms.median), 'ms, median'], [kb(bytes.parts[0][1]), 'engine'],
      [metrics.variant, 'variant'], [profile.storage === 'open' ? 'IndexedDB' : profile.storage, 'storage'], [String(profile.events.length), profile.events.length === 1 ? 'event kept' : 'events kept']];
    replace(root, `<div class="panel-head"><h2 id="panel-title">Inside the engine</h2><button type="button" class="round" data-action="panel" aria-label="Close the panel">${CROSS}</button></div>
<div class="panel-body"><p class="note">${shop.simulated ? 'The shoppers this model learnt from are simulated.' : safe(shop.source)} What <em>you</em> do never leaves this device.</p>
<dl class="figures">${figures.map(([value, name]) => `<div><dd>${safe(value)}</dd><dt>${safe(name)}</dt></div>`).join('')}</dl>
<h3>What it makes of you</h3>${profile.events.length ? affinityBars(profile.affinities) : '<p class="note">Nothing yet. Look at a thing or two.</p>'}
<h4>Network state</h4>${stripes(profile.state)}
${why.length ? `<h3>Why these are on top</h3><ul class="why">${why.map((it) => `<li><img src="${pictureUrl(shop.items.get(it.item_id))}" alt="" width="44" height="44"><div><p>${safe(shop.items.get(it.item_id).title)}</p>
<span class="stack" role="img" aria-label="${safe(Object.entries(it.parts).map(([name, share]) => `${PARTS[name] ?? name} ${Math.round(share * 100)} %`).join(', '))}">${Object.entries(it.parts).map(([name, share]) => part(name, share)).join('')}</span>
${it.event ? `<p class="cause">${WORDS[it.event.type] ?? it.event.type}: ${safe(brief(shop.items.get(it.event.item_id)?.title ?? it.event.item_id))}</p>` : ''}</div></li>`).join('')}</ul>
<ul class="legend">${Object.entries(PARTS).map(([name, words]) => `<li><span class="part ${name}"></span>${words}</li>`).join('')}</ul>` : ''}
<h3>What it keeps</h3>${events.length ? `<ul class="events">${events.map((event) => {
      const title = shop.items.get(event.item_id)?.title ?? event.item_id;
      return `<li data-key="event:${safe(event.event_id)}"><span class="kind">${WORDS[event.type] ?? safe(event.type)}</span><span class="what">${safe(title)}<small>${ago(event.time, now)}</small></span><button type="button" class="link" data-action="forget" data-item="${safe(event.item_id)}" aria-label="Forget ${safe(title)}">Forget this</button></li>`;
    }).join('')}</ul>${profile.events.length > 40 ? `<p class="note">and ${profile.events.length - 40} older</p>` : ''}` : '<p class="note">No event is kept.</p>'}
<div class="panel-tools"><button type="button" class="button plain" data-action="export">Export</button><button type="button" class="button danger" data-action="forget-all">Forget all</button>
<label class="sort">May learn <select data-action="consent" id="consent">${[['granted', 'and keep it'], ['session', 'for this tab only'], ['denied', 'nothing']].map(([key, words]) =>
      `<option value="${key}"${key === profile.consent ? ' selected' : ''}>${words}</option>`).join('')}</select></label></div>
<h3>What was downloaded</h3><ul class="bytes">${bytes.parts.map(([name, size]) => `<li><span>${name}</span><span>${kb(size)}</span></li>`).join('')}<li><span>Since then</span><span>0 KB</span></li></ul></div>`, glide);
  }

  function toggle(show = !open) {
    open = show;
    button.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('with-panel', open);
    root.hidden = !open;
    if (open) void draw().then(() => root.querySelector('button')?.focus({ preventScroll: true }));
    else button.focus({ preventScroll: true });
  }

  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') toggle(false);
  });
  return { draw, toggle, get open() { return open; }, act };
}
