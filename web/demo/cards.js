// @ts-check
// What pages are built from: text that is safe in HTML, a card, a shelf, and the words of a reason.

import { pictureUrl } from './pictures.js';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
export const link = (id) => `#/p/${encodeURIComponent(id)}`;
export const place = (...path) => `#/c/${path.map(encodeURIComponent).join('/')}`;

const icon = (d) => `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="${d}"/></svg>`;
export const HEART = icon('M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z');
export const CROSS = icon('M6 6l12 12M18 6L6 18');

/** A title without its colour, cut at a word: for reasons. */
export function brief(title, most = 26) {
  const plain = title.replace(/, [^,]+$/, '');
  if (plain.length <= most) return plain;
  return plain.slice(0, plain.lastIndexOf(' ', most) > 8 ? plain.lastIndexOf(' ', most) : most) + '…';
}

/** Why a card is there, in a few words. `verbOf` tells what the visitor did to an item. */
export function reasonWords(reason, shop, verbOf, placement) {
  const { words } = shop, source = reason?.source_item_id ? shop.items.get(reason.source_item_id) : null;
  if (placement === 'recently_viewed') return 'You were here';
  if (!reason) return '';
  if (['related', 'cart_addons', 'bought_together'].includes(placement) && source) return `Goes with ${brief(source.title)}`;
  if (placement === 'more_like_this' && source) return `Like ${brief(source.title)}`;
  if (reason.kind === 'popularity') return 'Popular';
  if (!source) return reason.kind === 'recent' ? 'You were here' : 'Suits what you looked at';
  return `Because ${words.verbs[verbOf(source.item_id)] ?? words.verbs.view_item} ${brief(source.title)}`;
}

/** One item. `reason` is plain text; `explained`: it opens the whole reason. */
export function card(item, { reason = '', favourite = false, shelf = '', price, dismiss = true, explained = false }) {
  const id = safe(item.item_id), title = safe(item.title);
  return `<li class="card" data-key="${safe(shelf)}:${id}" data-item="${id}">
<a class="card-link" href="${link(item.item_id)}"><span class="picture"><img src="${pictureUrl(item)}" alt="" width="240" height="240" decoding="async"></span>
<span class="card-title">${title}</span></a>
<p class="card-line"><span class="brand">${safe(item.brand || item.department)}</span><span class="price">${price(item)}</span></p>
${explained && reason ? `<button type="button" class="reason" data-action="why" data-item="${id}" aria-label="Why ${title}? ${safe(reason)}">${safe(reason)}</button>` : `<p class="reason">${safe(reason)}</p>`}
<button type="button" class="round heart" data-action="favourite" data-item="${id}" aria-pressed="${favourite}" aria-label="Favourite: ${title}">${HEART}</button>
${dismiss ? `<button type="button" class="round cross" data-action="dismiss" data-item="${id}" aria-label="Not for me: ${title}" title="Not for me">${CROSS}</button>` : ''}</li>`;
}

/** A heading and a row of cards. */
export function shelfHtml({ name, title, note = '', cards, more = '', grid = false, result = null }) {
  if (cards.length === 0) return '';
  return `<section class="shelf" aria-labelledby="${name}-title" data-shelf="${name}"${result ? ` data-rec="${safe(result.rec_id)}" data-placement="${safe(result.placement)}"` : ''}>
<div class="shelf-head"><h2 id="${name}-title">${safe(title)}</h2>${note ? `<p class="shelf-note">${safe(note)}</p>` : ''}${more}</div>
<ul class="${grid ? 'grid' : 'row'}">${cards.join('')}</ul></section>`;
}
