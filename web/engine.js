// @ts-check
/* The wasm module as an object: numbers and texts in, numbers and texts out. Addresses stay here and
 * in engine_more.js, which holds what no list needs.
 *
 * One memory holds, above the module's own: state, model file, model, catalog file, catalog,
 * profiles, scratch. All of it is claimed while opening; afterwards the memory does not grow. */
import { SIMILARITY, STATUS, TEXT, WHO } from './constants.js';
import { failure } from './errors.js';
import { hex } from './model_source.js';

const PREFIX = 'vitrine_wasm_';
/** Scratch for profile files and ids; a profile of 2,000 events takes about 60 KB. */
const LOOSE = 256 * 1024;

/** @typedef {{ item: number, score: number }} Scored */
/** @typedef {{ item: number, kind: number, time: number }} EngineEvent */

const decoder = new TextDecoder(), encoder = new TextEncoder();

export class Engine {
  /** The exports without their prefix, each with the state block as its first argument.
   * @type {Record<string, (...args: any[]) => number>} */
  x = {};
  items = 0;
  #names;
  #memory;
  #top;
  #mask = 0;
  #list = 0;
  #out = 0;
  #scores = 0;
  #loose = 0;
  #looseSize = 0;

  /** @param {import('./load.js').Wasm} wasm */
  constructor({ exports, memory }) {
    this.#names = exports;
    this.#memory = memory;
    this.#top = exports.__heap_base.value;
    const state = this.claim(exports.vitrine_wasm_state_size());
    exports.vitrine_wasm_state_init(state);
    for (const name in exports)
      if (name.startsWith(PREFIX)) this.x[name.slice(PREFIX.length)] = exports[name].bind(null, state);
  }

  /** @param {number} size @returns {number} an address aligned to 64, zeros or not */
  claim(size) {
    const at = (this.#top + 63) & ~63;
    this.#top = at + size;
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / 65536));
      } catch (cause) {
        throw failure('out_of_memory', { bytes: this.#top }, cause);
      }
    }
    return at;
  }

  get memoryBytes() {
    return this.#memory.buffer.byteLength;
  }

  get modelVersion() {
    return this.x.model_version();
  }
  get modelHash() {
    return hex(this.u8(this.x.model_hash(), 32));
  }

  /* Views are taken anew each time: a memory that grew detaches the older ones. */
  /** @param {number} at @param {number} [length] */
  u8(at, length) {
    return new Uint8Array(this.#memory.buffer, at >>> 0, length);
  }
  /** @param {number} at @param {number} length */
  u32(at, length) {
    return new Uint32Array(this.#memory.buffer, at >>> 0, length);
  }
  /** @param {number} at @param {number} length */
  f32(at, length) {
    return new Float32Array(this.#memory.buffer, at >>> 0, length);
  }

  /** A text of so many bytes; the one that the last call returned, unless told.
   * @param {number} at @param {number} [length] */
  words(at, length = this.x.length()) {
    return decoder.decode(this.u8(at, length));
  }
  /** @param {number} at a zero-terminated text */
  word(at) {
    return this.words(at, this.u8(at).indexOf(0));
  }

  /** @param {string} what */
  refusal(what) {
    const x = this.x;
    return failure(STATUS[x.fault_status()] ?? 'bad_format', {
      what, field: this.word(x.fault_field()), offset: x.fault_offset(), found: x.fault_found(), expected: x.fault_expected() });
  }

  /** @param {number} status @param {string} what */
  check(status, what) {
    if (status !== 0) throw this.refusal(what);
  }

  /** Measure and open one of model, catalog, profiles.
   * @param {'model' | 'catalog' | 'profiles'} what @param {number[]} input */
  #open(what, ...input) {
    const need = this.x[`${what}_need`](...input) >>> 0;
    if (need === 0) throw this.refusal(what);
    const at = this.claim(need);
    this.check(this.x[`${what}_open`](at, need, ...input), what);
  }

  /** @param {ArrayBufferView} view */
  place({ buffer, byteOffset, byteLength }) {
    const at = this.claim(byteLength);
    this.u8(at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    return at;
  }

  /** @param {Uint8Array} bytes */
  openModel(bytes) {
    this.#open('model', this.place(bytes), bytes.length);
  }

  /** After a refusal the engine is as before and takes another catalog, or none.
   * @param {Uint8Array | null} bytes */
  openCatalog(bytes) {
    const top = this.#top;
    try {
      if (bytes) this.#open('catalog', this.place(bytes), bytes.length);
      else this.#open('catalog', 0, 0);
    } catch (error) {
      this.#top = top;
      throw error;
    }
  }

  /** Work with memory that is given back. @template T @param {() => T} work @returns {T} */
  borrow(work) {
    const top = this.#top;
    try {
      return work();
    } finally {
      this.#top = top;
    }
  }

  /** @param {number} capacity events kept one by one */
  openProfiles(capacity) {
    this.#open('profiles', capacity);
    const n = (this.items = this.x.items());
    this.#mask = this.claim(n);
    this.#list = this.claim(4 * n);
    this.#out = this.claim(4 * n);
    this.#scores = this.claim(4 * n);
    this.#loose = this.claim((this.#looseSize = LOOSE));
  }

  /** Scratch at the end of the memory. It grows only for a profile of unusually long ids.
   * @param {number} size */
  room(size) {
    if (size > this.#looseSize) {
      this.#top = this.#loose;
      this.claim((this.#looseSize = size));
    }
    return this.#loose;
  }

  /** @param {string} text @returns {[number, number]} address and length */
  spell(text) {
    const at = this.room(3 * text.length);
    return [at, encoder.encodeInto(text, this.u8(at, 3 * text.length)).written];
  }

  /** @param {string} id @returns {number} the item, -1 when there is none */
  find(id) {
    return this.x.find(...this.spell(id)) | 0;
  }
  /** @param {number} item */
  id(item) {
    return this.words(this.x.id(item));
  }
  /** @param {number} item @param {string} field */
  text(item, field) {
    return this.words(this.x.text(item, TEXT.indexOf(field)));
  }

  /** @param {string} name any name of a kind of event @returns {number} -1 when unknown */
  kindOf(name) {
    const kind = name.length > 256 ? -1 : this.#names.vitrine_wasm_event_kind(...this.spell(name));
    return kind >= 0 && this.kindName(kind) ? kind : -1;
  }
  /** @param {number} kind */
  kindName(kind) {
    const at = this.#names.vitrine_wasm_event_name(kind);
    return at && this.word(at);
  }

  /** @param {number} who @param {number} item @param {number} kind @param {number} time s
   * @param {number} value @returns {boolean} whether it was taken in */
  observe(who, item, kind, time, value) {
    return this.x.observe(who, item, kind, time, value) === 0;
  }
  /** @param {number} who */
  forgetAll(who) {
    return this.x.forget_all(who);
  }
  /** @param {number} [who] how many events are kept */
  events(who = WHO.visitor) {
    return this.x.events(who);
  }
  /** @param {number} index @returns {EngineEvent} of the visitor, oldest first */
  event(index) {
    const x = this.x;
    return { item: x.event_item(WHO.visitor, index), kind: x.event_kind_at(WHO.visitor, index), time: x.event_time(WHO.visitor, index) };
  }
  /** @param {number} item what it has been to the visitor */
  flags(item) {
    return this.x.flags(WHO.visitor, item);
  }

  state() {
    return this.f32(this.x.profile_state(WHO.visitor), this.x.length()).slice();
  }
  /** @param {number} k @returns {{ name: string, weight: number }[]} */
  affinities(k) {
    const at = this.room(12 * k), count = this.x.affinities(k, at, at + 4 * k, at + 8 * k);
    return Array.from(this.f32(at + 8 * k, count), (weight, i) =>
      ({ name: this.words(this.u32(at, k)[i], this.u32(at, 2 * k)[k + i]), weight }));
  }

  /** Which items may be listed: all ones, for the caller to change at once and use in the next call.
   * @param {0 | 1} [all] */
  mask(all = 1) {
    return this.u8(this.#mask, this.items).fill(all);
  }

  /** @param {number} count @returns {Scored[]} */
  ranked(count) {
    if (count === 0 && this.x.fault_status() !== 0) throw this.refusal('rank');
    const scores = this.f32(this.#scores, count);
    return Array.from(this.u32(this.#out, count), (item, i) => ({ item, score: scores[i] }));
  }
  /** Write items where the module reads them. @param {number[]} items distinct @returns {[number, number]} */
  list(items) {
    this.u32(this.#list, items.length).set(items);
    return [this.#list, items.length];
  }
  /** @param {string} name @param {number} k @param {number[]} args */
  #best(name, k, ...args) {
    return this.ranked(this.x[name](...args, this.#mask, Math.min(k, this.items), this.#out, this.#scores));
  }
  /** @param {number} who @param {number} exclude flags @param {number} k */
  rank(who, exclude, k) {
    return this.#best('rank', k, who, exclude);
  }
  /** @param {number} item @param {number} exclude @param {number} k */
  similar(item, exclude, k) {
    return this.#best('similar', k, item, SIMILARITY.cosine, exclude);
  }
  /** @param {number} exclude @param {number} k */
  popular(exclude, k) {
    return this.#best('popular', k, exclude);
  }
  /** @param {number[]} items distinct @returns {Scored[]} */
  rerank(items) {
    return items.length ? this.ranked(this.x.rerank(WHO.visitor, ...this.list(items), this.#out, this.#scores)) : [];
  }
}
