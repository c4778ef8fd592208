// Simulated shoppers with known tastes, and what they do in the shop. docs/demo-shop.md has the
// model in words; the numbers there and here are the same.

import { BRANDS, COLOURS, DEPARTMENTS, GOES_WITH, STYLES } from './vocabulary.mjs';

const DAY = 86400;
const FIRST_DAY = Date.UTC(2026, 0, 5) / 1000; /* a Monday */
const DAYS = 120;

/* Departments that interest one kind of person together. */
const CIRCLES = [
  ['Furniture', 'Lighting', 'Decor', 'Bed & Bath'], ['Kitchen', 'Dining', 'Coffee & Tea'],
  ['Outdoors', 'Shoes', 'Clothing'], ['Clothing', 'Accessories', 'Shoes'],
  ['Garden', 'Decor', 'Outdoors'], ['Play', 'Bed & Bath', 'Desk'],
  ['Audio', 'Desk', 'Coffee & Tea'], ['Coffee & Tea', 'Desk', 'Lighting'],
];
const HOUR_WEIGHT = [1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 7, 7, 8, 7, 6, 6, 6, 7, 8, 10, 12, 11, 7, 3];
const DAY_WEIGHT = [4, 4, 4, 4, 5, 7, 8];

export function makeShopper(number, random) {
  const circle = random.pick(CIRCLES);
  const departments = new Map(random.sample(circle, 2 + random.below(2))
    .map((name) => [name, random.between(0.5, 1.5)]));
  if (random.chance(0.4)) departments.set(random.pick(DEPARTMENTS), random.between(0.2, 0.7));
  const styles = random.sample(STYLES, random.chance(0.6) ? 1 : 2);
  const tier = Math.max(0.8, Math.min(3.2, 2 + random.normal() * 0.75));
  const liked = Object.keys(COLOURS).filter((name) => COLOURS[name].some((s) => styles.includes(s)));
  /* A favourite brand sells what the shopper buys, in a style and at a price that suits. */
  const suits = BRANDS.filter((brand) => brand.departments.some((name) => departments.has(name)));
  const weights = suits.map((brand) =>
    (styles.includes(brand.style) ? 4 : 1) * Math.exp(-((brand.tier - tier) ** 2)));
  const brands = new Set();
  for (let i = 0; i < 3; i++) brands.add(suits[random.weighted(weights)].name);
  return {
    user: `u${String(number).padStart(5, '0')}`, departments, styles, tier, brands,
    colours: random.sample(liked, 3), memory: [],
  };
}

/** How much a shopper likes an item, before looking at what is beside it. */
export function liking(shopper, item) {
  return item.appeal
    + (shopper.styles.includes(item.style) ? 1.0 : 0)
    + (shopper.colours.includes(item.colour) ? 0.9 : 0)
    + (shopper.brands.has(item.brand) ? 1.1 : 0)
    - 0.5 * (item.tier - shopper.tier) ** 2;
}

/** How near two items are on the shelf in a shopper's eyes. */
function nearness(a, b) {
  return (a.design === b.design ? 0.9 : 0) + (a.brand === b.brand ? 0.6 : 0)
    + (a.colour === b.colour ? 0.7 : 0) + (a.style === b.style ? 0.4 : 0)
    - Math.abs(Math.log(a.price / b.price)) * 0.8;
}

export class Simulation {
  constructor(items, random) {
    this.random = random;
    this.items = items;
    this.byLeaf = new Map();
    this.leavesOf = new Map();
    for (const item of items) {
      if (!this.byLeaf.has(item.leaf)) {
        this.byLeaf.set(item.leaf, []);
        this.leavesOf.set(item.department, [...(this.leavesOf.get(item.department) ?? []), item.leaf]);
      }
      this.byLeaf.get(item.leaf).push(item);
    }
    this.rows = [];
    this.sessions = 0;
  }

  /* Softmax choice among the items of a leaf. */
  choose(shopper, leaf, near) {
    const list = this.byLeaf.get(leaf);
    const weights = list.map((item) =>
      Math.exp(liking(shopper, item) + (near ? nearness(item, near) : 0)));
    return list[this.random.weighted(weights)];
  }

  missionLeaf(shopper) {
    /* A third of the missions go on where the last visit stopped. */
    if (shopper.mission && this.random.chance(0.35)) return shopper.mission;
    const names = [...shopper.departments.keys()];
    const department = names[this.random.weighted([...shopper.departments.values()])];
    return this.random.pick(this.leavesOf.get(department));
  }

  mission(shopper, act) {
    const { random } = this;
    const leaf = this.missionLeaf(shopper), resumed = leaf === shopper.mission;
    const looked = [];
    let last = resumed && shopper.memory.length > 0 && random.chance(0.6)
      ? shopper.memory[shopper.memory.length - 1] : this.choose(shopper, leaf, null);
    shopper.mission = leaf;
    const looks = 2 + random.weighted([4, 4, 3, 2, 1]);
    for (let i = 0; i < looks; i++) {
      act('view_item', last);
      looked.push(last);
      if (random.chance(0.18)) last = random.pick(looked);
      else if (random.chance(0.05)) last = random.pick(this.items);
      else last = this.choose(shopper, leaf, last);
    }
    const best = looked.reduce((a, b) => (liking(shopper, b) > liking(shopper, a) ? b : a));
    shopper.memory.push(best);
    if (random.chance(0.12)) act('add_to_wishlist', best);
    if (!random.chance(0.42)) return;
    if (looked[looked.length - 1] !== best && random.chance(0.7)) act('view_item', best);
    act('add_to_cart', best);
    shopper.mission = null;
    const basket = [best];
    if (random.chance(0.55)) {
      const others = GOES_WITH[leaf].split(' ');
      const other = others[random.weighted(others.map((_, i) => 1 / (i + 1)))];
      let match = this.choose(shopper, other, best);
      for (let i = random.below(3); i >= 0; i--) {
        act('view_item', match);
        if (i > 0) match = this.choose(shopper, other, match);
      }
      if (random.chance(0.5)) {
        act('add_to_cart', match);
        basket.push(match);
      }
    }
    if (random.chance(0.6)) for (const item of basket) act('purchase', item);
  }

  session(shopper, start) {
    const { random } = this, id = `s${String(++this.sessions).padStart(6, '0')}`;
    let time = start;
    const act = (type, item) => {
      const quantity = type === 'view_item' || type === 'add_to_wishlist' ? ''
        : item.price < 30 && random.chance(0.25) ? random.pick([2, 2, 4, 6]) : 1;
      this.rows.push({ user: shopper.user, session: id, time, type, item: item.item_id,
        price: item.price.toFixed(2), quantity });
      time += type === 'purchase' ? 0 : 12 + random.below(110);
    };
    this.mission(shopper, act);
    if (random.chance(0.2)) this.mission(shopper, act);
    this.drift(shopper);
  }

  /* Tastes move: now and then a new department, colour or brand takes an old one's place. */
  drift(shopper) {
    const { random } = this;
    if (random.chance(0.08)) shopper.departments.set(random.pick(DEPARTMENTS), random.between(0.4, 1));
    if (random.chance(0.06)) shopper.colours[random.below(3)] = random.pick(Object.keys(COLOURS));
  }

  shop(shopper) {
    const { random } = this;
    let day = random.below(DAYS);
    const visits = 1 + random.weighted([24, 20, 16, 12, 9, 7, 5, 4, 3]);
    for (let i = 0; i < visits && day < DAYS; i++) {
      if (!random.chance(DAY_WEIGHT[day % 7] / 8)) day++;
      const hour = random.weighted(HOUR_WEIGHT);
      this.session(shopper, FIRST_DAY + day * DAY + hour * 3600 + random.below(3600));
      day += 1 + random.below(random.chance(0.5) ? 4 : 21);
    }
  }

  /** Crawlers read the whole shop, twenty items a second, and buy nothing. */
  bot(number) {
    const { random } = this, id = `s${String(++this.sessions).padStart(6, '0')}`;
    let time = FIRST_DAY + random.below(DAYS * DAY), at = random.below(this.items.length);
    for (let i = 400 + random.below(500); i > 0; i--) {
      const item = this.items[at++ % this.items.length];
      this.rows.push({ user: `bot${number}`, session: id, time, type: 'view_item',
        item: item.item_id, price: item.price.toFixed(2), quantity: '' });
      if (i % 20 === 0) time++;
    }
  }

  /** What real logs have too: rows that an importer must refuse, and count. */
  spoil() {
    const { random } = this;
    const faults = [
      (row) => ({ ...row, item: '' }), (row) => ({ ...row, time: 'n/a' }),
      (row) => ({ ...row, type: 'hover' }), (row) => ({ ...row, price: '-1.00' }),
      (row) => ({ ...row, user: '', session: '' }), (row) => ({ ...row, price: 'NaN' }),
      (row) => ({ ...row, type: 'purchase', quantity: -3 }),
    ];
    const spoilt = [];
    for (const row of this.rows) {
      spoilt.push(row);
      if (random.chance(0.0015)) spoilt.push(random.pick(faults)(row));
      else if (random.chance(0.001)) spoilt.push({ ...row });
    }
    this.rows = spoilt;
  }
}

export const EVENT_COLUMNS = ['user', 'session', 'time', 'type', 'item', 'price', 'quantity'];

export function eventText(rows) {
  return [EVENT_COLUMNS.join('\t'), ...rows.map((row) =>
    EVENT_COLUMNS.map((column) => row[column]).join('\t'))].join('\n') + '\n';
}

/** The tastes the shoppers began with: the truth that a model's lists can be held against. */
export function shopperText(truths) {
  return ['user\tdepartments\tstyles\tcolours\tbrands\ttier', ...truths].join('\n') + '\n';
}

export function truthOf(shopper) {
  return [shopper.user, [...shopper.departments.keys()].join(','), shopper.styles.join(','),
    shopper.colours.join(','), [...shopper.brands].join(','), shopper.tier.toFixed(2)].join('\t');
}
