// @ts-check
/* The wasm module as an object: numbers and texts in, numbers and texts out. Addresses stay here.
 *
 * One memory holds, above the module's own: state, model file, model, catalog file, catalog,
 * profiles, scratch. All of it is claimed while opening; afterwards the memory does not grow. */
import { PARTS, REASON_WORDS, SIMILARITY, STATUS, TEXT, WHO } from './constants.js';
import { VitrineError } from './errors.js';

const NONE = 0xffffffff;
/** Scratch for profile files and ids; a profile of 2,000 events takes about 60 KB. */
const LOOSE = 256 * 1024;

/** @typedef {{ item: number, score: number }} Scored */
/** @typedef {{ item: number, kind: number, time: number }} EngineEvent */
/** @typedef {{ kind: string, share: number, parts: Record<string, number>, event: number, source: number, lost: number }} EngineReason */

/** @type {Record<string, string>} */
const HINTS = {
  bad_format: 'The file is damaged, cut short, or not a .vitrine file: build or copy it again.',
  bad_version: 'The file is of another release or kind: build it again with this release.',
  bad_checksum: 'The file was changed or damaged on its way: copy it again.',
  mismatch: 'The file belongs to another model: build the two together.',
  bad_value: 'A number is out of range: build the file again.',
};

export class Engine {
  #x;
  #memory;
  #top;
  #state;
  #items = 0;
  #mask = 0;
  #list = 0;
  #out = 0;
  #scores = 0;
  #loose = 0;
  #looseSize = 0;
  #text = new TextDecoder();
  #coder = new TextEncoder();

  /** @param {import('./load.js').Wasm} wasm */
  constructor({ exports, memory }) {
    this.#x = exports;
    this.#memory = memory;
    this.#top = exports.__heap_base.value;
    this.#state = this.#claim(exports.vitrine_wasm_state_size());
    exports.vitrine_wasm_state_init(this.#state);
  }

  /** @param {number} size @returns {number} an address aligned to 64, zeros or not */
  #claim(size) {
    const at = (this.#top + 63) & ~63;
    this.#top = at + size;
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / 65536));
      } catch (cause) {
        throw new VitrineError('out_of_memory', `the browser gives no ${this.#top} bytes`, { cause });
      }
    }
    return at;
  }

  /* Views are taken anew each time: a memory that grew detaches the older ones. */
  /** @param {number} at @param {number} [length] */
  #u8(at, length) {
    return new Uint8Array(this.#memory.buffer, at >>> 0, length);
  }
  /** @param {number} at @param {number} length */
  #u32(at, length) {
    return new Uint32Array(this.#memory.buffer, at >>> 0, length);
  }
  /** @param {number} at @param {number} length */
  #f32(at, length) {
    return new Float32Array(this.#memory.buffer, at >>> 0, length);
  }

  /** @param {number} at a zero-terminated text */
  #word(at) {
    const bytes = this.#u8(at);
    return this.#text.decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** The text that the last call returned.
   * @param {number} at */
  #lengthy(at) {
    return this.#text.decode(this.#u8(at, this.#x.vitrine_wasm_length(this.#state)));
  }

  /** @param {string} what */
  #refusal(what) {
    const x = this.#x, s = this.#state;
    const code = STATUS[x.vitrine_wasm_fault_status(s)] ?? 'bad_format';
    const field = this.#word(x.vitrine_wasm_fault_field(s));
    const numbers = [x.vitrine_wasm_fault_offset(s), x.vitrine_wasm_fault_found(s), x.vitrine_wasm_fault_expected(s)];
    return new VitrineError(code,
      `${what}: ${code} in '${field}' at byte ${numbers[0]}: found ${numbers[1]}, expected ${numbers[2]}`,
      { hint: HINTS[code] });
  }

  /** @param {number} status @param {string} what */
  #check(status, what) {
    if (status !== 0) throw this.#refusal(what);
  }

  /** Measure and open one of model, catalog, profiles.
   * @param {'model' | 'catalog' | 'profiles'} what @param {number[]} input */
  #open(what, ...input) {
    const need = this.#x[`vitrine_wasm_${what}_need`](this.#state, ...input) >>> 0;
    if (need === 0) throw this.#refusal(what);
    const at = this.#claim(need);
    this.#check(this.#x[`vitrine_wasm_${what}_open`](this.#state, at, need, ...input), what);
  }

  /** @param {Uint8Array} bytes */
  #place(bytes) {
    const at = this.#claim(bytes.length);
    this.#u8(at, bytes.length).set(bytes);
    return at;
  }

  /** @param {Uint8Array} bytes */
  openModel(bytes) {
    this.#open('model', this.#place(bytes), bytes.length);
  }

  /** After a refusal the engine is as before and takes another catalog, or none.
   * @param {Uint8Array | import('./columns.js').Columns | null} catalog */
  openCatalog(catalog) {
    const top = this.#top;
    try {
      if (catalog === null) this.#open('catalog', 0, 0);
      else if (catalog instanceof Uint8Array) this.#open('catalog', this.#place(catalog), catalog.length);
      else this.#open('catalog', ...this.#write(catalog));
    } catch (error) {
      this.#top = top;
      throw error;
    }
  }

  /** Write a catalog file from columns: they stand after the file's place while it is written.
   * @param {import('./columns.js').Columns} columns @returns {[number, number]} */
  #write({ count, ids, text, price, sales, available }) {
    const top = this.#top;
    /** @param {ArrayBufferView} view */
    const put = (view) => this.#place(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    const words = [count, put(ids.offsets), put(ids.bytes)];
    for (const column of text) words.push(...(column ? [put(column.offsets), put(column.bytes)] : [0, 0]));
    words.push(put(price), put(sales), put(available));
    const at = put(Uint32Array.from(words));
    const bound = this.#x.vitrine_wasm_catalog_write(this.#state, at, 0, 0) >>> 0;
    const out = this.#claim(bound);
    const size = this.#x.vitrine_wasm_catalog_write(this.#state, at, out, bound) >>> 0;
    if (size === 0) throw this.#refusal('catalog');
    this.#top = top;
    const file = this.#claim(size);
    this.#u8(0).copyWithin(file, out, out + size);
    return [file, size];
  }

  /** @param {number} capacity events kept one by one */
  openProfiles(capacity) {
    this.#open('profiles', capacity);
    const n = (this.#items = this.#x.vitrine_wasm_items(this.#state));
    this.#mask = this.#claim(n);
    this.#list = this.#claim(4 * n);
    this.#out = this.#claim(4 * n);
    this.#scores = this.#claim(4 * n);
    this.#looseSize = Math.max(LOOSE, 4 * REASON_WORDS * Math.min(n, 1000));
    this.#loose = this.#claim(this.#looseSize);
  }

  /** Scratch at the end of the memory. It grows only for a profile of unusually long ids.
   * @param {number} size */
  #room(size) {
    if (size > this.#looseSize) {
      this.#top = this.#loose;
      this.#claim((this.#looseSize = size));
    }
    return this.#loose;
  }

  get items() {
    return this.#items;
  }
  get memoryBytes() {
    return this.#memory.buffer.byteLength;
  }
  get modelVersion() {
    return this.#x.vitrine_wasm_model_version(this.#state);
  }
  get modelHash() {
    return [...this.#u8(this.#x.vitrine_wasm_model_hash(this.#state), 32)]
      .map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  get modelCard() {
    return this.#lengthy(this.#x.vitrine_wasm_model_card(this.#state));
  }

  /** @param {string} text @returns {[number, number]} address and length */
  #spell(text) {
    const at = this.#room(3 * text.length);
    return [at, this.#coder.encodeInto(text, this.#u8(at, 3 * text.length)).written];
  }

  /** @param {string} id @returns {number} the item, -1 when there is none */
  find(id) {
    return this.#x.vitrine_wasm_find(this.#state, ...this.#spell(id)) | 0;
  }
  /** @param {number} item */
  id(item) {
    return this.#lengthy(this.#x.vitrine_wasm_id(this.#state, item));
  }
  /** @param {number} item @param {string} field */
  text(item, field) {
    return this.#lengthy(this.#x.vitrine_wasm_text(this.#state, item, TEXT.indexOf(field)));
  }
  /** @param {number} item @returns {number} negative when unknown */
  price(item) {
    return this.#x.vitrine_wasm_price(this.#state, item);
  }
  /** @param {number} item */
  available(item) {
    return this.#x.vitrine_wasm_available(this.#state, item) !== 0;
  }
  /** @param {number} item @param {number} price */
  setPrice(item, price) {
    this.#check(this.#x.vitrine_wasm_set_price(this.#state, item, price), 'update');
  }
  /** @param {number} item @param {boolean} available */
  setAvailable(item, available) {
    this.#check(this.#x.vitrine_wasm_set_available(this.#state, item, available ? 1 : 0), 'update');
  }

  /** @param {string} name any name of a kind of event @returns {number} -1 when unknown */
  kindOf(name) {
    const kind = name.length > 256 ? -1 : this.#x.vitrine_wasm_event_kind(...this.#spell(name));
    return kind >= 0 && this.#x.vitrine_wasm_event_name(kind) !== 0 ? kind : -1;
  }
  /** @param {number} kind */
  kindName(kind) {
    return this.#word(this.#x.vitrine_wasm_event_name(kind));
  }

  /** @param {number} who @param {number} item @param {number} kind @param {number} time s
   * @param {number} value @returns {boolean} whether it was taken in */
  observe(who, item, kind, time, value) {
    return this.#x.vitrine_wasm_observe(this.#state, who, item, kind, time, value) === 0;
  }
  /** @param {number} item @returns {number} events that went */
  forgetItem(item) {
    return this.#x.vitrine_wasm_forget_item(this.#state, WHO.visitor, item);
  }
  /** @param {number} since s */
  forgetSince(since) {
    return this.#x.vitrine_wasm_forget_since(this.#state, WHO.visitor, since);
  }
  /** @param {number} who */
  forgetAll(who) {
    return this.#x.vitrine_wasm_forget_all(this.#state, who);
  }
  /** @param {number} who */
  events(who) {
    return this.#x.vitrine_wasm_events(this.#state, who);
  }
  /** @param {number} index @returns {EngineEvent} of the visitor, oldest first */
  event(index) {
    const x = this.#x, s = this.#state;
    return {
      item: x.vitrine_wasm_event_item(s, WHO.visitor, index),
      kind: x.vitrine_wasm_event_kind_at(s, WHO.visitor, index),
      time: x.vitrine_wasm_event_time(s, WHO.visitor, index),
    };
  }
  /** @param {number} item what it has been to the visitor */
  flags(item) {
    return this.#x.vitrine_wasm_flags(this.#state, WHO.visitor, item);
  }
  state() {
    const at = this.#x.vitrine_wasm_profile_state(this.#state, WHO.visitor);
    return this.#f32(at, this.#x.vitrine_wasm_length(this.#state)).slice();
  }
  /** @param {number} k @returns {{ name: string, weight: number }[]} */
  affinities(k) {
    const at = this.#room(12 * k);
    const count = this.#x.vitrine_wasm_affinities(this.#state, k, at, at + 4 * k, at + 8 * k);
    const names = this.#u32(at, count), lengths = this.#u32(at + 4 * k, count);
    return Array.from(this.#f32(at + 8 * k, count), (weight, i) =>
      ({ name: this.#text.decode(this.#u8(names[i], lengths[i])), weight }));
  }

  /** The visitor's profile as a file. */
  save() {
    const size = this.#x.vitrine_wasm_save_size(this.#state) >>> 0;
    const at = this.#room(size);
    const written = this.#x.vitrine_wasm_save(this.#state, at, size) >>> 0;
    if (written === 0) throw this.#refusal('profile');
    return this.#u8(at, written).slice();
  }
  /** @param {Uint8Array} bytes @returns {number} events skipped, of items no longer there */
  load(bytes) {
    // Files are read in place and want their alignment.
    const at = this.#room(bytes.length);
    this.#u8(at, bytes.length).set(bytes);
    this.#check(this.#x.vitrine_wasm_load(this.#state, at, bytes.length), 'profile');
    return this.#x.vitrine_wasm_skipped(this.#state);
  }

  /** Which items may be listed: all ones, for the caller to change at once and use in the next call.
   * @param {0 | 1} [all] */
  mask(all = 1) {
    return this.#u8(this.#mask, this.#items).fill(all);
  }

  /** @param {number} count @returns {Scored[]} */
  #ranked(count) {
    if (count === 0 && this.#x.vitrine_wasm_fault_status(this.#state) !== 0) throw this.#refusal('rank');
    const scores = this.#f32(this.#scores, count);
    return Array.from(this.#u32(this.#out, count), (item, i) => ({ item, score: scores[i] }));
  }
  /** @param {number} who @param {number} exclude flags @param {number} k */
  rank(who, exclude, k) {
    return this.#ranked(this.#x.vitrine_wasm_rank(
      this.#state, who, exclude, this.#mask, Math.min(k, this.#items), this.#out, this.#scores));
  }
  /** @param {number} item @param {number} exclude @param {number} k */
  similar(item, exclude, k) {
    return this.#ranked(this.#x.vitrine_wasm_similar(
      this.#state, item, SIMILARITY.cosine, exclude, this.#mask, Math.min(k, this.#items), this.#out, this.#scores));
  }
  /** @param {number} exclude @param {number} k */
  popular(exclude, k) {
    return this.#ranked(this.#x.vitrine_wasm_popular(
      this.#state, exclude, this.#mask, Math.min(k, this.#items), this.#out, this.#scores));
  }
  /** @param {number[]} items distinct @returns {Scored[]} */
  rerank(items) {
    if (items.length === 0) return [];
    this.#u32(this.#list, items.length).set(items);
    return this.#ranked(this.#x.vitrine_wasm_rerank(
      this.#state, WHO.visitor, this.#list, items.length, this.#out, this.#scores));
  }

  /** @param {number} who @param {number[]} items at most 1,000 @returns {EngineReason[]} */
  explain(who, items) {
    if (items.length === 0) return [];
    this.#u32(this.#list, items.length).set(items);
    const at = this.#room(4 * REASON_WORDS * items.length);
    const count = this.#x.vitrine_wasm_explain(this.#state, who, this.#list, items.length, at);
    if (count === 0) throw this.#refusal('explain');
    return items.slice(0, count).map((_, i) => {
      const from = at + 4 * REASON_WORDS * i;
      const words = this.#u32(from, REASON_WORDS), floats = this.#f32(from, REASON_WORDS);
      const n = PARTS.length;
      return {
        kind: PARTS[words[0]],
        share: floats[1],
        parts: Object.fromEntries(PARTS.map((part, p) => [part, floats[2 + p]])),
        event: words[2 + n] === NONE ? -1 : words[2 + n],
        source: words[3 + n] === NONE ? -1 : words[3 + n],
        lost: floats[4 + n],
      };
    });
  }
}
