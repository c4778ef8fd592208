// @ts-check
// 'Inside the engine', in three sheets: what it makes of the visitor, the merchandiser's rules, and
// privacy with the proof.

import { brief, CROSS, safe } from './cards.js';
import { affinityBars, chance, itemMap, stripes, timeline } from './charts.js';
import { replace } from './flip.js';
import { pictureUrl } from './pictures.js';
import { changed, noRules, optionsOf, rulesHtml } from './rules.js';
import { legend, stack } from './why.js';

const TABS = { engine: 'Engine', rules: 'Rules', numbers: 'Numbers', privacy: 'Privacy' };

const ago = (time, now) => {
  const s = Math.max(0, (now - time) / 1000);
  return s < 60 ? 'just now' : s < 3600 ? `${Math.floor(s / 60)} min ago` : s < 86400 ? `${Math.floor(s / 3600)} h ago` : `${Math.floor(s / 86400)} d ago`;
};
const kb = (bytes) => (bytes < 10240 ? `${(bytes / 1024).toFixed(1)} KB` : `${Math.round(bytes / 1024).toLocaleString('en')} KB`);
const ms = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

/** Bytes over the wire for this page's files, as the browser counted them; cached files cost none. */
function downloaded() {
  const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  const sum = (fit) => files.filter((it) => fit.test(new URL(it.name).pathname)).reduce((all, it) => all + (it.encodedBodySize ?? 0), 0);
  return [['Engine', sum(/\/vitrine\/.*\.(js|wasm)$/)], ['Model', sum(/model\.vitrine$/)], ['Catalog', sum(/catalog\.vitrine$/)], ['Pages', sum(/\/(?!vitrine\/)[^/]*\.(js|css|json)$|\/drawings\//)]];
}

/** What the browser keeps for this page's origin, by name. */
async function storedHere() {
  const names = [];
  for (const { name } of (await indexedDB.databases?.().catch(() => [])) ?? []) names.push(`IndexedDB: ${name}`);
  for (const key of await globalThis.caches?.keys().catch(() => []) ?? []) names.push(`Cache: ${key}`);
  for (const [kind, store] of [['localStorage', () => localStorage], ['sessionStorage', () => sessionStorage]]) {
    try {
      for (const key of Object.keys(/** @type {() => Storage} */ (store)())) names.push(`${kind}: ${key}`);
    } catch { /* blocked: nothing is there */ }
  }
  return names;
}

export function makePanel(shop, root, button, changedRules) {
  let open = false, tab = 'engine', state = noRules();
  /* Requests after the page was ready: the proof that nothing is sent, counted by the browser. */
  let sent = 0;
  new PerformanceObserver((list) => {
    sent += list.getEntries().filter((it) => !/^(data|blob):/.test(it.name)).length;
    const count = root.querySelector('#sent');
    if (count) count.textContent = String(sent);
  }).observe({ type: 'resource' });

  function setRules(next) {
    state = next;
    shop.rules = optionsOf(state);
    changedRules();
  }

  async function reasons() {
    const list = shop.shelf({ placement: 'for_you', limit: 5, exclude: ['viewed', 'cart', 'purchased'], explain: false }).items;
    const all = await Promise.all(list.map(({ item_id }) => shop.vitrine.explain(item_id)));
    return all.filter((it) => it && shop.items.has(it.item_id));
  }

  async function engine(profile, metrics) {
    const why = profile.events.length ? await reasons() : [];
    const bytes = downloaded(), { events: words } = shop.world;
    const figures = [[ms(metrics.latency_ms.last), 'ms, last ranking'], [ms(metrics.latency_ms.median), 'ms, median'], [kb(Number(bytes[0][1])), 'engine'],
      [metrics.variant, 'variant'], [profile.storage === 'open' ? 'IndexedDB' : profile.storage, 'storage'], [String(profile.events.length), profile.events.length === 1 ? 'event kept' : 'events kept']];
    const line = timeline(profile.events, words), map = itemMap(shop, profile.events);
    return `<p class="note">${shop.simulated ? 'The shoppers this model learnt from are simulated.' : safe(shop.source)} What <em>you</em> do never leaves this device.</p>
<dl class="figures">${figures.map(([value, name]) => `<div><dd>${safe(value)}</dd><dt>${safe(name)}</dt></div>`).join('')}</dl>
<h3>What it makes of you</h3>${profile.events.length ? affinityBars(profile.affinities, shop.words.maker) : '<p class="note">Nothing yet. Look at a thing or two.</p>'}
${profile.intent === null || !shop.words.intent ? '' : `<h3>What it expects of this visit</h3>${chance(profile.intent, shop.words.intent)}<p class="note">From the kind, the pace and the return of your events alone; it changes no shelf.</p>`}
${map ? `<h3>Your way over the map</h3>${map}<p class="note">Every ${safe(shop.words.thing)}, where the model's vectors put it; a colour is a department.</p>` : ''}
${line ? `<h3>Your events</h3>${line}` : ''}
<h4>Network state</h4>${stripes(profile.state)}
${why.length ? `<h3>Why these are on top</h3><ul class="why">${why.map((it) => `<li><img src="${pictureUrl(shop.items.get(it.item_id))}" alt="" width="44" height="44"><div><p>${safe(shop.items.get(it.item_id).title)}</p>${stack(it.parts)}
${it.event ? `<p class="cause">${words[it.event.type] ?? it.event.type}: ${safe(brief(shop.items.get(it.event.item_id)?.title ?? it.event.item_id))}</p>` : ''}</div></li>`).join('')}</ul>${legend}` : ''}
<h3>What was downloaded</h3><ul class="bytes">${bytes.map(([name, size]) => `<li><span>${name}</span><span>${kb(Number(size))}</span></li>`).join('')}</ul>`;
  }

  function numbers(metrics) {
    const rows = metrics.funnel;
    return `<p class="note">Counted on this device, for this device. A shop may read them with metrics() and pass them on; the engine never does.</p>
${rows.length ? `<div class="funnel"><table><thead><tr><th scope="col">Shelf</th><th scope="col">Seen</th><th scope="col">Opened</th><th scope="col">Cart</th><th scope="col">Bought</th></tr></thead><tbody>${rows.map((it) =>
      `<tr><th scope="row">${safe(it.placement.replace(/_/g, ' '))}</th><td>${it.view}</td><td>${it.click}</td><td>${it.add_to_cart}</td><td>${it.purchase}</td></tr>`).join('')}</tbody></table></div>` : '<p class="note">No shelf has been in view for a second yet.</p>'}
<h3>Speed</h3><ul class="bytes"><li><span>Rankings</span><span>${metrics.results}</span></li><li><span>Median</span><span>${ms(metrics.latency_ms.median)} ms</span></li><li><span>95th percentile</span><span>${ms(metrics.latency_ms.p95)} ms</span></li><li><span>From start to ready</span><span>${ms(metrics.load_ms)} ms</span></li></ul>`;
  }

  async function privacy(profile) {
    const now = Date.now(), events = profile.events.slice(-40).reverse(), stored = await storedHere();
    return `<p class="proof"><strong id="sent">${sent}</strong> requests since the page was ready, as the browser counts them.</p>
<h3>What it keeps</h3>${events.length ? `<ul class="events">${events.map((event) => {
      const title = shop.items.get(event.item_id)?.title ?? event.item_id;
      return `<li data-key="event:${safe(event.event_id)}"><span class="kind">${shop.world.events[event.type] ?? safe(event.type)}</span><span class="what">${safe(title)}<small>${ago(event.time, now)}</small></span><button type="button" class="link" data-action="forget" data-item="${safe(event.item_id)}" aria-label="Forget ${safe(title)}">Forget this</button></li>`;
    }).join('')}</ul>${profile.events.length > 40 ? `<p class="note">and ${profile.events.length - 40} older</p>` : ''}` : '<p class="note">No event is kept.</p>'}
<div class="panel-tools"><button type="button" class="button plain" data-action="export">Export</button><button type="button" class="button danger" data-action="forget-all">Forget all</button>
<label class="sort">May learn <select data-action="consent" id="consent">${[['granted', 'and keep it'], ['session', 'for this tab only'], ['denied', 'nothing']].map(([key, words]) =>
      `<option value="${key}"${key === profile.consent ? ' selected' : ''}>${words}</option>`).join('')}</select></label></div>
<h3>Where the browser keeps it</h3>${stored.length ? `<ul class="stored">${stored.map((name) => `<li>${safe(name)}</li>`).join('')}</ul><p class="note">Keys that begin with oriel: are the page's own cart and favourites.</p>` : '<p class="note">Nowhere: nothing is stored.</p>'}`;
  }

  async function draw(glide = false) {
    if (!open) return;
    const asked = tab, profile = shop.vitrine.profile();
    const metrics = await shop.vitrine.metrics();
    const body = asked === 'engine' ? await engine(profile, metrics) : asked === 'rules' ? rulesHtml(shop, state)
      : asked === 'numbers' ? numbers(metrics) : await privacy(profile);
    if (!open || asked !== tab) return;
    replace(root, `<div class="panel-head"><h2 id="panel-title">Inside the engine</h2><button type="button" class="round" data-action="panel" aria-label="Close the panel">${CROSS}</button></div>
<div class="tabs" role="tablist" aria-label="Sheets">${Object.entries(TABS).map(([key, words]) => `<button type="button" role="tab" id="tab-${key}" aria-selected="${key === tab}" aria-controls="sheet" tabindex="${key === tab ? 0 : -1}" data-tab="${key}">${words}</button>`).join('')}</div>
<div class="panel-body" id="sheet" role="tabpanel" aria-labelledby="tab-${tab}">${body}</div>`, glide);
  }

  function toggle(show = !open) {
    open = show;
    button.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('with-panel', open);
    root.hidden = !open;
    if (open) void draw().then(() => root.querySelector('button')?.focus({ preventScroll: true }));
    else button.focus({ preventScroll: true });
  }

  async function select(name) {
    tab = name;
    await draw();
    root.querySelector('.panel-body')?.scrollTo(0, 0);
    /** @type {HTMLElement | null} */ (root.querySelector(`#tab-${name}`))?.focus({ preventScroll: true });
  }

  root.addEventListener('click', (event) => {
    const name = /** @type {HTMLElement} */ (event.target).closest('[data-tab]')?.getAttribute('data-tab');
    if (name) void select(name);
  });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return toggle(false);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], names = Object.keys(TABS);
    if (step && /** @type {HTMLElement} */ (event.target).matches('[role=tab]')) void select(names[(names.indexOf(tab) + step + names.length) % names.length]);
  });
  root.addEventListener('input', (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target), name = field.dataset.rule;
    if (name) setRules(changed(state, name, field));
  });

  return {
    draw, toggle, select,
    get open() { return open; },
    get rules() { return state; },
    pin: (id) => setRules({ ...state, pinned: id }),
    hide: (id) => setRules({ ...state, hidden: [...state.hidden, id] }),
    unhide: () => setRules({ ...state, hidden: [] }),
    clear: () => setRules(noRules()),
  };
}
