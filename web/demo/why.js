// @ts-check
// 'Why this?': the parts of an item's score, the event that carried most of it, and what happens
// without that event.

import { brief, safe } from './cards.js';
import { pictureUrl } from './pictures.js';

export const PARTS = { network: 'Network', neighbours: 'Others who looked', content: 'Same traits', recent: 'Seen before', popularity: 'Popular' };

const part = (name, share) => (share > 0.005 ? `<span class="part ${name}" style="width:${(share * 100).toFixed(1)}%"></span>` : '');

/** The parts of a score as one bar. */
export const stack = (parts) => `<span class="stack" role="img" aria-label="${safe(Object.entries(parts).map(([name, share]) => `${PARTS[name] ?? name} ${Math.round(share * 100)} %`).join(', '))}">${Object.entries(parts).map(([name, share]) => part(name, share)).join('')}</span>`;

export const legend = `<ul class="legend">${Object.entries(PARTS).map(([name, words]) => `<li><span class="part ${name}"></span>${words}</li>`).join('')}</ul>`;

/** Opens the dialog about an item. */
export async function showWhy(shop, dialog, id) {
  const item = shop.items.get(id), why = await shop.vitrine.explain(id);
  if (!item) return;
  const event = why?.event, source = event ? shop.items.get(event.item_id) : null;
  dialog.innerHTML = `<div class="why-head"><img src="${pictureUrl(item)}" alt="" width="72" height="72"><h2 id="why-title">Why ${safe(brief(item.title, 48))}?</h2></div>
${why ? `${stack(why.parts)}<dl class="why-parts">${Object.entries(why.parts).filter(([, share]) => share > 0.005).sort((a, b) => b[1] - a[1]).map(([name, share]) =>
    `<div><dt><span class="part ${name}"></span>${PARTS[name] ?? name}</dt><dd>${Math.round(share * 100)} %</dd></div>`).join('')}</dl>
${source ? `<p>Most of it comes from one thing: ${safe(shop.world.events[event.type]?.toLowerCase() ?? event.type)}, <strong>${safe(source.title)}</strong>. Without that, ${why.lost_without_event > 0.995 ? 'nothing of its score would be left' : `${Math.max(1, Math.round(why.lost_without_event * 100))} % of its score would go`}.</p>`
    : '<p>No single thing you did carries it.</p>'}` : '<p>Nothing is known about this one.</p>'}
<form method="dialog" class="panel-tools"><button class="button" value="">Close</button>${source ? `<button type="button" class="button plain" data-action="forget" data-item="${safe(event.item_id)}">Forget ${safe(brief(source.title, 24))}</button>` : ''}
<button type="button" class="button plain" data-action="dismiss" data-item="${safe(id)}">${safe(shop.words.dismiss)}</button></form>`;
  if (!dialog.open) dialog.showModal();
}
