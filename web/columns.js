// @ts-check
/* A shop's items, as objects, to the bytes of a catalog file: docs/model-format.md has both. */
import { OWN_TEXTS, TEXT } from './constants.js';
import { MARKS } from './constants_more.js';
import { failure, isObject } from './errors.js';
import { containerOf } from './container.js';
import { isAvailable, itemId } from './item_fields.js';

const CATALOG = 2; // the kind of file

/** @typedef {{ count: number, ids: Strings, text: (Strings | null)[], price: Float32Array, sales: Float32Array, available: Uint8Array,
 *   marks: Uint8Array, created: Uint32Array, own: Uint8Array }} Columns */
/** @typedef {{ offsets: Uint32Array, bytes: Uint8Array }} Strings */

/** @type {Record<string, (item: any) => any>} */
const FIELDS = {
  title: (item) => item.title ?? item.item_name,
  brand: (item) => item.brand ?? item.item_brand,
  category: (item) => {
    if (Array.isArray(item.category)) return item.category.join('/');
    const path = item.category ?? item.product_type;
    if (path !== undefined) return String(path).split(/\s*>\s*/).join('/');
    // GA4 counts item_category, item_category2 .. 5.
    return ['', 2, 3, 4, 5].map((n) => item[`item_category${n}`]).filter(Boolean).join('/');
  },
  image_link: (item) => item.image_link,
  link: (item) => item.link,
  item_group_id: (item) => item.item_group_id,
  currency: (item) => item.currency,
  tags: (item) => (Array.isArray(item.tags) ? item.tags.join(',') : item.tags),
};

/** Fields the engine has a place for already, so that they are not among the shop's own. */
const KNOWN = new Set([...TEXT, ...'item_id id item_name item_brand product_type price sale_price sales availability created sensitive repurchasable description'
  .split(' '), ...['', 2, 3, 4, 5].map((n) => `item_category${n}`)]);

/** The shop's own fields of words, in the order they turn up. @param {any[]} items @returns {string[]} */
function ownFields(items) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const item of items) {
    for (const [name, value] of Object.entries(item))
      if (typeof value === 'string' && !KNOWN.has(name) && /^\w{1,64}$/.test(name)) found.add(name);
    if (found.size >= OWN_TEXTS) break;
  }
  return [...found].slice(0, OWN_TEXTS);
}

/** @param {any} created ISO text, Date or ms @returns {number} s, 0 unknown */
const seconds = (created) => {
  const time = created === undefined || created === null ? NaN : new Date(created).getTime();
  return time > 0 && time < 4e12 ? Math.floor(time / 1000) : 0;
};

/** @param {Uint8Array[]} parts @returns {Strings} */
function pack(parts) {
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => (offsets[i + 1] = offsets[i] + part.length));
  const bytes = new Uint8Array(offsets[parts.length]);
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  return { offsets, bytes };
}

/** @param {any} value @param {string} field @param {string} id @returns {number} NaN when not said */
function amount(value, field, id) {
  if (value === undefined || value === null || value === '') return NaN;
  // Merchant feeds write '59.90 EUR'.
  const number = typeof value === 'string' ? Number(value.replace(/\s*[A-Z]{3}$/, '')) : value;
  if (typeof number !== 'number' || !(number >= 0) || !Number.isFinite(Math.fround(number)))
    throw failure('bad_item', { name: `'${id}':`, problem: `${field} is ${value}` });
  return number;
}

/** @param {any[]} items @returns {Columns} */
function toColumns(items) {
  const coder = new TextEncoder();
  const rows = items.map((item, index) => {
    const id = isObject(item) ? itemId(item) : undefined;
    if (id === undefined)
      throw failure('bad_item', { name: `number ${index}`, problem: 'has no item_id' });
    return { id, key: coder.encode(id), item };
  });
  // The order of every table of ids: shorter first, then by bytes.
  rows.sort((a, b) => {
    if (a.key.length !== b.key.length) return a.key.length - b.key.length;
    let i = 0;
    while (i < a.key.length && a.key[i] === b.key[i]) i++;
    return (a.key[i] ?? 0) - (b.key[i] ?? 0);
  });
  rows.forEach(({ id }, i) => {
    if (i > 0 && rows[i - 1].id === id)
      throw failure('bad_item', { name: `'${id}'`, problem: 'is there twice' });
  });
  const count = rows.length, own = ownFields(items);
  /** @param {(item: any) => any} field */
  const column = (field) => {
    const texts = rows.map((row) => String(field(row.item) ?? ''));
    return texts.every((text) => text === '') ? null : pack(texts.map((text) => coder.encode(text)));
  };
  return {
    count,
    ids: pack(rows.map((row) => row.key)),
    text: [...TEXT.map((name) => column(FIELDS[name])),
      ...Array.from({ length: OWN_TEXTS }, (_, i) => (own[i] ? column((item) => (typeof item[own[i]] === 'string' ? item[own[i]] : '')) : null))],
    price: Float32Array.from(rows, (row) => amount(row.item.sale_price ?? row.item.price, 'price', row.id)),
    sales: Float32Array.from(rows, (row) => amount(row.item.sales, 'sales', row.id)),
    available: Uint8Array.from(rows, (row) => (isAvailable(row.item.availability) ? 1 : 0)),
    marks: Uint8Array.from(rows, ({ item, id }) => (item.sensitive ? MARKS.sensitive : 0) | (item.repurchasable ? MARKS.repurchasable : 0)
      | (amount(item.sale_price, 'sale_price', id) < amount(item.price, 'price', id) ? MARKS.on_sale : 0)),
    created: Uint32Array.from(rows, (row) => seconds(row.item.created)),
    own: coder.encode(own.map((name) => `${name}\n`).join('')),
  };
}

/** A catalog file of the shop's items. @param {import('./engine.js').Engine} engine @param {any[]} items @returns {Uint8Array} */
export function catalogFile(engine, items) {
  const { count, ids, text, price, sales, available, marks, created, own } = toColumns(items);
  /** @type {[string, ArrayBufferView][]} */
  const sections = [['head', Uint32Array.of(count, 0)], ['idof', ids.offsets], ['idby', ids.bytes]];
  text.forEach((column, field) => {
    const name = `tx${field.toString(16)}`;
    if (column) sections.push([`${name}o`, column.offsets], [`${name}b`, column.bytes]);
  });
  /** What is unknown is -1. @param {Float32Array} column */
  const known = (column) => column.map((value) => (value >= 0 ? value : -1));
  sections.push(['pric', known(price)], ['sale', known(sales)], ['avai', available], ['mark', marks], ['crea', created]);
  if (own.length > 0) sections.push(['ownf', own]);
  return containerOf(engine, CATALOG, sections);
}
