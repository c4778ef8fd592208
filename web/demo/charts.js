// @ts-check
// What the engine knows, as pictures: affinities, the network's state, the events in time, and the way
// over the map of all items.

import { safe } from './cards.js';

const KINDS = { category: 'Category', brand: 'Brand', price: 'Price band, 1 is the lowest', tag: 'Trait' };

/** Bars by kind; shares within a kind, as the engine's are shares of everything together. */
export function affinityBars(affinities, maker) {
  const kinds = new Map(Object.keys(KINDS).map((kind) => [kind, []]));
  for (const { name, weight } of affinities) {
    const at = name.indexOf(':');
    if (at > 0) kinds.get(kinds.has(name.slice(0, at)) ? name.slice(0, at) : 'tag').push([name.slice(at + 1), weight]);
  }
  for (const [kind, list] of kinds) {
    const sum = list.reduce((all, it) => all + it[1], 0) || 1;
    kinds.set(kind, list.map(([name, weight]) => [name, weight / sum]));
  }
  return [...kinds].filter(([, list]) => list.length).map(([kind, list]) => `<h4>${kind === 'brand' ? safe(maker) : KINDS[kind]}</h4><ul class="bars">${list.slice(0, 4).map(([name, weight]) =>
    `<li><span>${safe(kind === 'price' ? `Band ${Number(name) + 1}` : name.split('/').pop())}</span>${share(weight)}</li>`).join('')}</ul>`).join('');
}

const share = (part) => `<span class="track"><span style="width:${(100 * part).toFixed(1)}%"></span></span><span class="n">${part < 0.01 ? '&lt;1' : Math.round(part * 100)} %</span>`;

/** How likely it is that the visit ends the way the world's words say. */
export const chance = (intent, words) => `<ul class="bars"><li><span>${safe(words)}</span>${share(intent)}</li></ul>`;

/** One stripe for each number, colour by sign, strength by size. */
export function stripes(state) {
  if (state.length === 0) return '';
  const top = Math.max(1e-6, ...state.map(Math.abs)), w = 320 / state.length;
  return `<svg class="state" viewBox="0 0 320 28" preserveAspectRatio="none" role="img" aria-label="The network's state: ${state.length} numbers">${Array.from(state, (value, i) =>
    `<rect x="${(i * w).toFixed(2)}" width="${(w + 0.3).toFixed(2)}" height="28" class="${value < 0 ? 'neg' : 'pos'}" opacity="${(Math.abs(value) / top).toFixed(3)}"/>`).join('')}</svg>`;
}

const HEIGHT = { view_item: 10, select_item: 10, add_to_wishlist: 20, add_to_cart: 26, purchase: 34, dismiss: -10 };

/** The events in their order: taller says more, downwards is "not for me". */
export function timeline(events, words) {
  const shown = events.slice(-60);
  if (shown.length < 2) return '';
  const w = 320 / shown.length;
  return `<svg class="timeline" viewBox="0 0 320 56" role="img" aria-label="The last ${shown.length} events in order">
<line x1="0" x2="320" y1="40.5" y2="40.5"/>${shown.map((event, i) => {
    const height = HEIGHT[event.type] ?? 6;
    return `<rect class="${height < 0 ? 'neg' : height > 15 ? 'strong' : 'pos'}" x="${(i * w + w * 0.15).toFixed(1)}" width="${Math.max(1.5, w * 0.7).toFixed(1)}" y="${height < 0 ? 41 : 40 - height}" height="${Math.abs(height)}" rx="1"><title>${safe(words[event.type] ?? event.type)}</title></rect>`;
  }).join('')}</svg>`;
}

const HUES = [150, 20, 250, 60, 200, 330, 100, 290, 0, 180, 45, 230, 310, 80, 120];

/** All items where the model's vectors put them, coloured by department, and the visitor's way. */
export function itemMap(shop, events) {
  const { map, items, departments } = shop, names = [...departments.keys()];
  const ids = Object.keys(map);
  if (ids.length === 0) return '';
  const dots = ids.filter((id) => items.has(id)).map((id) => {
    const [x, y] = map[id];
    return `<circle cx="${x}" cy="${y}" r="2" fill="hsl(${HUES[names.indexOf(items.get(id).department) % HUES.length]} 38% 55%)"/>`;
  }).join('');
  const way = events.filter((event) => map[event.item_id] && event.type !== 'dismiss').slice(-24).map((event) => map[event.item_id]);
  const path = way.length > 1 ? `<polyline points="${way.map(([x, y]) => `${x},${y}`).join(' ')}"/>` : '';
  const stops = way.map(([x, y], i) => `<circle class="stop" cx="${x}" cy="${y}" r="${i === way.length - 1 ? 5.5 : 3.5}"/>`).join('');
  return `<svg class="map" viewBox="-4 -4 264 264" role="img" aria-label="Map of all ${ids.length} ${safe(shop.words.things)} by their vectors, with the way of the last ${way.length} events">${dots}${path}${stops}</svg>`;
}
