// @ts-check
// The merchandiser's side: a few controls, and the options of recommend() that they stand for. The
// options are shown as they are sent, so that a developer can take them home.

import { safe } from './cards.js';

/** Nothing asked for. */
export const noRules = () => ({ most: 0, department: '', brand: '', factor: 1, diversity: 0, perBrand: 0, pinned: '', hidden: /** @type {string[]} */ ([]) });

/** The options that a state of the controls means.
 * @param {ReturnType<typeof noRules>} state */
export function optionsOf(state) {
  const tests = [];
  if (state.most > 0) tests.push({ field: 'price', less: state.most });
  if (state.department) tests.push({ field: 'category', eq: state.department });
  /** @type {Record<string, unknown>} */
  const options = {};
  if (tests.length > 0) options.filter = tests.length === 1 ? tests[0] : { all: tests };
  if (state.brand && state.factor !== 1) options[state.factor > 1 ? 'boost' : 'bury'] = [{ when: { field: 'brand', eq: state.brand }, mul: state.factor }];
  if (state.pinned) options.pin = [{ item_id: state.pinned, position: 0 }];
  if (state.hidden.length > 0) options.hide = state.hidden;
  if (state.diversity > 0) options.diversity = state.diversity;
  if (state.perBrand > 0) options.maxPer = { brand: state.perBrand };
  return options;
}

const choice = (value, list) => list.map(([key, words]) => `<option value="${safe(key)}"${String(key) === String(value) ? ' selected' : ''}>${safe(words)}</option>`).join('');

/** The controls, and what they mean. */
export function rulesHtml(shop, state) {
  const brands = [...new Set([...shop.items.values()].map((item) => item.brand).filter(Boolean))].sort((a, b) => a.localeCompare(b, 'en'));
  const prices = [...shop.items.values()].map((item) => item.price).filter((price) => price > 0).sort((a, b) => a - b);
  const dearest = Math.ceil((prices[Math.floor(prices.length * 0.98)] ?? 0) / 10) * 10;
  const hasPaths = [...shop.items.values()].some((item) => item.category);
  const options = optionsOf(state), empty = Object.keys(options).length === 0;
  const pinned = state.pinned ? shop.items.get(state.pinned) : null;
  return `<p class="note">As a merchandiser would set them. They hold before the best are chosen, on every shelf of this page, and the lists change as you move them.</p>
<div class="controls">
${dearest > 0 ? `<label>Price below <output>${state.most ? shop.price({ price: state.most }) : 'any'}</output><input type="range" id="rule-most" data-rule="most" min="0" max="${dearest}" step="5" value="${state.most || dearest}" data-off="${dearest}"></label>` : ''}
${hasPaths ? `<label>Only from <select id="rule-department" data-rule="department">${choice(state.department, [['', 'all departments'], ...[...shop.departments.keys()].map((name) => [name, name])])}</select></label>` : ''}
${brands.length > 0 ? `<label>${safe(shop.words.maker)} <select id="rule-brand" data-rule="brand">${choice(state.brand, [['', 'no preference'], ...brands.map((name) => [name, name])])}</select></label>
<label>counts <output>${state.factor === 1 ? 'as it is' : `× ${state.factor}`}</output><input type="range" id="rule-factor" data-rule="factor" min="-3" max="3" step="1" value="${Math.log2(state.factor)}"${state.brand ? '' : ' disabled'}></label>
<label>At most of one ${safe(shop.words.maker.toLowerCase())} <select id="rule-per-brand" data-rule="perBrand">${choice(state.perBrand, [[0, 'any number'], [1, '1'], [2, '2'], [3, '3']])}</select></label>` : ''}
<label>Diversity <output>${state.diversity}</output><input type="range" id="rule-diversity" data-rule="diversity" min="0" max="1" step="0.1" value="${state.diversity}"></label>
</div>
<p class="rule-line">${pinned ? `Pinned first: ${safe(pinned.title)} <button type="button" class="link" data-action="unpin">Unpin</button>` : `Open a ${safe(shop.words.thing)} to pin it first, or to hide it everywhere.`}</p>
${state.hidden.length > 0 ? `<p class="rule-line">Hidden: ${state.hidden.length} <button type="button" class="link" data-action="unhide">Show again</button></p>` : ''}
<div class="panel-tools"><button type="button" class="button plain" data-action="no-rules"${empty ? ' disabled' : ''}>Clear all rules</button></div>
<h3>As options of recommend()</h3><pre class="json" tabindex="0">${safe(JSON.stringify(options, null, 2))}</pre>`;
}

/** The state after a control has moved. */
export function changed(state, name, field) {
  const raw = field.value;
  const value = name === 'most' ? (raw === field.dataset.off ? 0 : Number(raw))
    : name === 'factor' ? 2 ** Number(raw) : name === 'diversity' || name === 'perBrand' ? Number(raw) : raw;
  return { ...state, [name]: value };
}
