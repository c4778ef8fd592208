// @ts-check
/* What became of the lists, counted on the device by placement and experiment: rendered, viewed, clicked,
 * put into the cart, bought, and for how much. An item that was clicked on a shelf counts for that shelf
 * for some days. Numbers alone leave this file, and only to the shop's own call of metrics(). */
import { isObject } from './errors.js';

/** @typedef {{ render: number, view: number, click: number, add_to_cart: number, purchase: number, revenue: Record<string, number> }} Row */
/** Rows by 'placement' or 'placement experiment'; who was clicked where and when, the newest last.
 * @typedef {{ rows: Map<string, Row>, clicks: Map<string, { key: string, time: number }> }} Counts */

const COUNTED = /** @type {const} */ (['render', 'view', 'click', 'add_to_cart', 'purchase']);
const MOST_ROWS = 200, MOST_CLICKS = 500, MOST_SHELVES = 200;

/** @returns {Counts} */
const nothing = () => ({ rows: new Map(), clicks: new Map() });
/** @returns {Row} */
const zero = () => ({ render: 0, view: 0, click: 0, add_to_cart: 0, purchase: 0, revenue: Object.create(null) });

/** @param {Counts} to @param {Counts} from */
function add(to, from) {
  for (const [key, row] of from.rows) {
    if (!to.rows.has(key) && to.rows.size >= MOST_ROWS) continue;
    const sum = to.rows.get(key) ?? zero();
    for (const name of COUNTED) sum[name] += row[name];
    for (const [currency, amount] of Object.entries(row.revenue)) sum.revenue[currency] = (sum.revenue[currency] ?? 0) + amount;
    to.rows.set(key, sum);
  }
  for (const [id, click] of from.clicks) {
    to.clicks.delete(id);
    to.clicks.set(id, click);
    if (to.clicks.size > MOST_CLICKS) to.clicks.delete(to.clicks.keys().next().value ?? '');
  }
  return to;
}

/** What lay in a store, checked value by value. @param {any} raw @returns {Counts} */
function read(raw) {
  const found = nothing();
  if (!isObject(raw)) return found;
  /** @param {any} n */
  const count = (n) => (Number.isFinite(n) && n >= 0 && n < 1e15 ? n : 0);
  /** @param {any} list @returns {any[][]} */
  const pairs = (list) => (Array.isArray(list) ? list.filter(Array.isArray) : []);
  for (const [key, row] of pairs(raw.rows).slice(0, MOST_ROWS)) {
    if (typeof key !== 'string' || key.length > 256 || !isObject(row)) continue;
    const sum = zero();
    for (const name of COUNTED) sum[name] = count(row[name]);
    if (isObject(row.revenue))
      for (const [currency, amount] of Object.entries(row.revenue)) if (/^[A-Z]{3}$/.test(currency)) sum.revenue[currency] = count(amount);
    found.rows.set(key, sum);
  }
  for (const [id, click] of pairs(raw.clicks).slice(-MOST_CLICKS))
    if (typeof id === 'string' && id.length <= 512 && typeof click?.key === 'string' && count(click.time))
      found.clicks.set(id, { key: click.key, time: Math.min(click.time, Date.now()) });
  return found;
}

/** @param {Counts} counts */
const written = ({ rows, clicks }) => ({ rows: [...rows].map(([key, row]) => [key, { ...row, revenue: { ...row.revenue } }]), clicks: [...clicks] });

/** @param {Counts} counts @param {import('./no_store.js').Match} match */
function drop({ clicks }, { item_id, since = Infinity }) {
  for (const [id, { time }] of clicks) if (id === item_id || time >= since) clicks.delete(id);
}

export class Funnel {
  /** As the store has it, and what came since. */
  #stored = nothing();
  #fresh = nothing();
  /** @type {Map<string, { key: string, items: string[], cursor?: string }>} */
  #shelves = new Map();
  /** A shelf is rendered, viewed and clicked on once for each item. @type {Set<string>} */
  #once = new Set();
  #window;
  /** Called when there is something to keep. @type {() => void} */
  touch = () => {};

  /** @param {number} days that a click counts */
  constructor(days) {
    this.#window = days * 86400e3;
  }

  /** @param {any} result @param {string} [cursor] of the page before */
  listed({ rec_id, placement, experiment, items }, cursor) {
    this.#shelves.set(rec_id, { cursor, key: experiment === undefined ? placement : `${placement} ${experiment}`, items: items.map((/** @type {any} */ it) => it.item_id ?? it.best_item_id) });
    if (this.#shelves.size > MOST_SHELVES) this.#shelves.delete(this.#shelves.keys().next().value ?? '');
  }

  /** Items of a list of this page. @param {any} rec_id @returns {string[] | undefined} */
  itemsOf(rec_id) {
    return this.#shelves.get(rec_id)?.items;
  }

  /** What stood on the pages up to this one; undefined when it is not known. @param {string} cursor @returns {string[] | undefined} */
  listedBefore(cursor) {
    const shelf = this.#shelves.get(cursor);
    return shelf && [...(shelf.cursor && this.listedBefore(shelf.cursor) || []), ...shelf.items];
  }

  /** @param {string} key @param {typeof COUNTED[number]} what @param {string} [currency] @param {number} [amount] */
  #count(key, what, currency, amount) {
    const row = this.#fresh.rows.get(key) ?? zero();
    row[what]++;
    if (currency && amount) row.revenue[currency] = (row.revenue[currency] ?? 0) + amount;
    if (this.#fresh.rows.size < MOST_ROWS) this.#fresh.rows.set(key, row);
    this.touch();
  }

  /** @param {string} type @param {number} time ms @param {string[]} ids @param {any} data  as track was given it */
  happened(type, time, ids, data) {
    const what = /** @type {any} */ (type.replace('rec_', ''));
    if (type.startsWith('rec_')) {
      const shelf = this.#shelves.get(data?.rec_id);
      if (!shelf || !COUNTED.includes(what)) return;
      for (const id of /click|cart/.test(what) ? ids : ['']) {
        if (/click|cart/.test(what)) {
          this.#fresh.clicks.delete(id);
          this.#fresh.clicks.set(id, { key: shelf.key, time });
        }
        const mark = `${data.rec_id} ${what} ${id}`;
        if (this.#once.has(mark)) continue;
        if (this.#once.size > 5000) this.#once.clear();
        this.#once.add(mark);
        this.#count(shelf.key, what);
      }
      return;
    }
    if (type !== 'add_to_cart' && type !== 'purchase') return;
    ids.forEach((id, i) => {
      const click = this.#fresh.clicks.get(id) ?? this.#stored.clicks.get(id);
      if (!click || time - click.time > this.#window || time < click.time) return;
      const item = data.items?.[i] ?? data, price = Number(item.price), quantity = Number(item.quantity ?? 1);
      const currency = String(item.currency ?? data.currency ?? '').toUpperCase();
      if (type === 'purchase') this.#count(click.key, 'purchase', /^[A-Z]{3}$/.test(currency) ? currency : '', price * quantity > 0 ? price * quantity : 0);
      else {
        // Its shelf's button may have told of it already.
        const mark = `cart ${id} ${click.time}`;
        if (!this.#once.has(mark) && !this.#told(id)) this.#count(click.key, 'add_to_cart');
        this.#once.add(mark);
      }
    });
  }

  /** @param {string} id whether rec_add_to_cart said so */
  #told(id) {
    for (const mark of this.#once) if (mark.endsWith(` add_to_cart ${id}`)) return true;
    return false;
  }

  /** @returns {({ placement: string, experiment?: string } & Row)[]} */
  rows() {
    const all = add(add(nothing(), this.#stored), this.#fresh);
    return [...all.rows].map(([key, row]) => {
      const [placement, ...rest] = key.split(' ');
      return { placement, ...(rest.length ? { experiment: rest.join(' ') } : {}), ...row, revenue: { ...row.revenue } };
    });
  }

  // --- what a store asks ------------------------------------------------------------------------

  get dirty() {
    return this.#fresh.rows.size + this.#fresh.clicks.size > 0;
  }
  /** Only what this page has to add. */
  delta() {
    return written(this.#fresh);
  }
  /** @param {any[]} raw what lies in the store, in one or more pieces */
  load(raw) {
    this.#stored = raw.reduce((sum, piece) => add(sum, read(piece)), nothing());
  }
  /** What is to lie there: all pieces and this page's part together.
   * @param {any[]} raw @param {import('./no_store.js').Match} [match] clicks that are to go */
  merged(raw, match) {
    const all = add(raw.reduce((sum, piece) => add(sum, read(piece)), nothing()), this.#fresh);
    if (match) drop(all, match);
    return written(all);
  }
  /** It lies there now. @param {any} record as merged() gave it */
  saved(record) {
    this.#stored = read(record);
    this.#fresh = nothing();
  }
  /** @param {import('./no_store.js').Match} match */
  forget(match) {
    drop(this.#stored, match);
    drop(this.#fresh, match);
  }
  blank() {
    this.#stored = nothing();
    this.#fresh = nothing();
    this.#once.clear();
  }
}
