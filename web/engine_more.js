// @ts-check
/* What the engine can do beside ranking: reasons, the profile as bytes, what is in the model, writing a
 * catalog file. */
import { EVENTS, PARTS, REASON_WORDS, WHO } from './constants_more.js';
import { Engine } from './engine.js';
import { checkOptions } from './errors.js';
import { placed, prepare } from './shelves.js';
import { hex } from './transfer.js';

/** @typedef {import('./shelves.js').Placed} Placed */
/** @typedef {{ kind: string, share: number, parts: Record<string, number>, event: number, source: number, lost: number }} EngineReason */

const NONE = 0xffffffff;

/** Any name of a kind of event, as the C table has it. @param {string} name @returns {number} -1 when unknown */
export function kindOf(name) {
  const asked = name.toLowerCase().replace(/[ _-]+/g, '_').replace(/^_|_$/g, '');
  return EVENTS.findIndex((names) => names.split('|').includes(asked));
}

/** @param {number} kind @returns {string} '' past the last */
export const kindName = (kind) => EVENTS[kind]?.split('|', 1)[0] ?? '';

/** An event of the visitor, oldest first. @param {Engine} engine @param {number} index below events() */
export function eventAt(engine, index) {
  const at = engine.room(8), time = engine.x.$event(WHO.visitor, index, at), [item, kind] = engine.u32(at, 2);
  return { item, kind, time };
}

/** @param {Engine} engine @param {number} who @param {number[]} items at most 1,000 @returns {EngineReason[]} */
export function reasonsOf(engine, who, items) {
  if (items.length === 0) return [];
  const n = items.length, list = engine.room(4 * (1 + REASON_WORDS) * n), at = list + 4 * n;
  engine.u32(list, n).set(items);
  const count = engine.x.$explain(who, list, n, at);
  if (count === 0) throw engine.refusal('explain');
  return items.slice(0, count).map((_, i) => {
    const from = at + 4 * REASON_WORDS * i, parts = PARTS.length;
    const words = engine.u32(from, REASON_WORDS), floats = engine.f32(from, REASON_WORDS);
    /** @param {number} word */
    const index = (word) => (words[word] === NONE ? -1 : words[word]);
    return {
      kind: PARTS[words[0]],
      share: floats[1],
      parts: Object.fromEntries(PARTS.map((part, p) => [part, floats[2 + p]])),
      event: index(2 + parts),
      source: index(3 + parts),
      lost: floats[4 + parts],
    };
  });
}

/** @param {Engine} engine */
export const memoryOf = (engine) => engine.u8(0).length;

/** @param {Engine} engine */
export const modelOf = (engine) => ({
  version: engine.x.$model_version(),
  hash: hex(engine.u8(engine.x.$model_hash(), 32)),
  card: engine.words(engine.x.$model_card()),
});

/** A delta file onto the catalog it was made for; after a refusal the catalog is as it was.
 * @param {Engine} engine @param {Uint8Array} bytes @returns {number} items that changed */
export function applyDelta(engine, bytes) {
  const at = engine.room(bytes.length);
  engine.u8(at, bytes.length).set(bytes);
  engine.check(engine.x.$apply_delta(at, bytes.length), 'delta');
  return engine.told[9];
}

/** The visitor's profile as a file. @param {Engine} engine */
export function saveProfile(engine) {
  const size = engine.x.$save_size() >>> 0, at = engine.room(size);
  const written = engine.x.$save(at, size) >>> 0;
  if (written === 0) throw engine.refusal('profile');
  return engine.u8(at, written).slice();
}

/** @param {Engine} engine @param {Uint8Array} bytes @returns {number} events skipped, of items no longer there */
export function loadProfile(engine, bytes) {
  // Files are read in place and want their alignment.
  const at = engine.room(bytes.length);
  engine.u8(at, bytes.length).set(bytes);
  engine.check(engine.x.$load(at, bytes.length), 'profile');
  return engine.told[9];
}

/** The recurrent state. @param {Engine} engine */
export const stateOf = (engine) => engine.f32(engine.x.$profile_state(WHO.visitor), engine.told[8]).slice();

/** Purchase intent, or null without it. @param {Engine} engine */
export function intentOf(engine) {
  const intent = engine.x.$intent();
  return intent < 0 ? null : intent;
}

/** @param {Engine} engine @param {number} k @returns {{ name: string, weight: number }[]} */
export function affinitiesOf(engine, k) {
  const at = engine.room(12 * k), count = engine.x.$affinities(k, at, at + 4 * k, at + 8 * k);
  const names = engine.u32(at, k), lengths = engine.u32(at + 4 * k, k);
  return Array.from(engine.f32(at + 8 * k, count), (weight, i) => ({ name: engine.words(names[i], lengths[i]), weight }));
}

/** An item's score for the visitor as things stand. @param {Engine} engine @param {number} item */
export function scoreOf(engine, item) {
  const at = engine.room(20);
  engine.u32(at, 1)[0] = item;
  engine.x.$rules_clear();
  engine.check(engine.x.$rerank_within(at, 1, 0, 0, 0, at + 4), 'explain');
  return engine.f32(at + 4, 4)[1];
}

/** The engine for callers without a page: items and kinds of event are numbers in what goes in one by
 * one, and ids and names in what is asked, as on the page. */
export class DirectEngine extends Engine {
  get memoryBytes() {
    return memoryOf(this);
  }
  get modelVersion() {
    return this.x.$model_version();
  }
  get modelHash() {
    return modelOf(this).hash;
  }
  state() {
    return stateOf(this);
  }
  /** @param {string} name */
  kindOf(name) {
    return kindOf(name);
  }
  /** @param {number} item @param {number} kind @param {number} time s @param {number} value
   * @returns {boolean} whether it was taken in */
  observe(item, kind, time, value) {
    return this.x.$observe(WHO.visitor, item, kind, time, value) === 0;
  }
  forgetAll() {
    return this.x.$forget_all(WHO.visitor);
  }
  /** How many events are kept. */
  events() {
    return this.x.$events(WHO.visitor);
  }

  /** A shelf as the page's recommend() fills it.
   * @param {{ placement?: string, limit?: number, exclude?: string[], seeds?: string[], candidates?: string[] }} [options] */
  recommend(options = {}) {
    checkOptions('recommend', options, 'placement limit exclude seeds candidates');
    const { list, source } = prepare(options)(this, [], []);
    return { items: list, source };
  }

  /** @param {number[]} items distinct, at most 1,000 @returns {Placed[]} */
  rerank(items) {
    if (items.length === 0) return [];
    const n = items.length, at = this.room(20 * n), out = at + 4 * n;
    this.u32(at, n).set(items);
    this.x.$rules_clear();
    this.check(this.x.$rerank_within(at, n, 0, n, 0, out), 'rerank');
    return placed(this, out, n);
  }
}
