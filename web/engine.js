// @ts-check
/* The wasm module as an object: numbers and texts in, numbers and texts out. Addresses stay here and
 * in engine_more.js, which holds what no list needs.
 *
 * One memory holds, above the module's own: state, model file, model, catalog file, catalog,
 * profiles, scratch. All of it is claimed while opening; afterwards the memory does not grow. */
import { OWN_TEXTS, STATUS, TEXT } from './constants.js';
import { failure } from './errors.js';
import { sizeOf, whole } from './model_source.js';

/** Scratch for profile files and ids; a profile of 2,000 events takes about 60 KB. */
const LOOSE = 96 * 1024;
/** Bytes that the module has summed before the browser's answer would be here. */
const SMALL = 8192;

const decoder = new TextDecoder(), encoder = new TextEncoder();

/** A page that opens a model goes on painting and answering. */
const pause = () => /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((next) => setTimeout(next));

/** @typedef {import('./model_source.js').Bytes} Bytes */

export class Engine {
  /** What exports.h declares, each with the state block as its first argument.
   * @type {Record<string, (...args: any[]) => number>} */
  x = {};
  items = 0;
  /** The first item of the shop: 1 over the model that stands in for a missing one. */
  first = 0;
  maskAt = 0;
  /** Names of the text fields, in the catalog's order. @type {string[]} */
  fields = [];
  /** Address and size of each file that was put in, and last of its sums. @type {Record<string, number[]>} */
  files = {};
  #memory;
  #state;
  top;
  #loose = 0;
  #looseSize = 0;

  /** @param {import('./load.js').Wasm} wasm */
  constructor({ exports, memory }) {
    this.#memory = memory;
    this.top = exports.$heap_base.value;
    const state = this.#state = this.claim(exports.$state_size());
    for (const name in exports)
      this.x[name] = exports[name].bind?.(null, state);
  }

  /** @param {number} size @returns {number} an address aligned to 64, zeros or not */
  claim(size) {
    const at = (this.top + 63) & ~63;
    this.top = at + size;
    const missing = this.top - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / 65536));
      } catch (cause) {
        throw failure('out_of_memory', { bytes: this.top }, cause);
      }
    }
    return at;
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

  /** The words with which the state block begins: the last refusal, at 8 the length of the text returned last, at 9
   * what a call counted; see exports.h. */
  get told() {
    return this.u32(this.#state, 10);
  }
  /** A text of so many bytes; the one that the last call returned, unless told.
   * @param {number} at @param {number} [length] */
  words(at, length = this.told[8]) {
    return decoder.decode(this.u8(at, length));
  }

  /** @param {string} what */
  refusal(what) {
    const [status, field, offset, , found, , expected] = this.told;
    return failure(STATUS[status] ?? 'bad_format', { what, field: this.words(field, this.u8(field).indexOf(0)), offset, found, expected });
  }

  /** @param {number} status @param {string} what */
  check(status, what) {
    if (status !== 0) throw this.refusal(what);
  }

  /** Measure and open one of model, catalog, profiles. The SHA-256 of a file's sections is the browser's own
   * where there is one: many times as fast, and beside this thread. By then the module has checked the table
   * that says where they lie and what their sums must be.
   * @param {string} what @param {(...input: number[]) => number} measure @param {(...input: number[]) => number} open
   * @param {Bytes | null} file
   * @param {number[]} input  without a file, what the module wants instead */
  async #open(what, measure, open, file, ...input) {
    const subtle = file && globalThis.crypto?.subtle;
    await pause();
    if (file) this.files[what] = input = this.place(file);
    const need = measure(...input) >>> 0;
    if (need === 0) throw this.refusal(what);
    const at = this.claim(need), [from] = input;
    if (subtle) {
      const [sections] = this.u32(from + 20, 1), sums = input[2] = this.claim(32 * sections);
      await Promise.all(Array.from({ length: sections }, async (_, i) => {
        const [start, , size] = this.u32(from + 136 + 64 * i, 3);
        if (size < SMALL) this.x.$sha256(from + start, size, sums + 32 * i);
        else {
          // The memory may be another by the time the sum is here.
          const sum = await subtle.digest('SHA-256', this.u8(from + start, size));
          this.u8(sums + 32 * i).set(new Uint8Array(sum));
        }
      }));
    }
    await pause();
    this.check(open(at, need, ...input), what);
  }

  /** @param {Bytes} bytes @returns {[number, number]} address and size */
  place(bytes) {
    const size = sizeOf(bytes), at = this.claim(size);
    whole(bytes, this.u8(at));
    return [at, size];
  }

  /** @param {Bytes} bytes */
  openModel(bytes) {
    return this.#open('model', this.x.$model_need, this.x.$model_open, bytes);
  }

  /** After a refusal the engine is as before and takes another catalog, or none.
   * @param {Bytes | null} bytes */
  async openCatalog(bytes) {
    const top = this.top;
    try {
      await this.#open('catalog', this.x.$catalog_need, this.x.$catalog_open, bytes, 0, 0);
    } catch (error) {
      this.top = top;
      throw error;
    }
  }

  /** @param {number} capacity events kept one by one */
  async openProfiles(capacity) {
    await this.#open('profiles', this.x.$profiles_need, this.x.$profiles_open, null, capacity);
    this.maskAt = this.claim((this.items = this.x.$items()));
    this.fields = [...TEXT];
    for (let i = 0; i < OWN_TEXTS; i++) this.fields.push(this.words(this.x.$own_name(i)));
    this.#loose = this.claim((this.#looseSize = LOOSE));
  }

  /** Scratch at the end of the memory. It grows only for a profile of unusually long ids.
   * @param {number} size */
  room(size) {
    if (size > this.#looseSize) {
      this.top = this.#loose;
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
    return this.x.$find(...this.spell(id)) | 0;
  }
  /** @param {number} item */
  id(item) {
    return this.words(this.x.$id(item));
  }
  /** Which items may be listed: all ones, for the caller to change at once and use in the next call.
   * @param {0 | 1} [all] */
  mask(all = 1) {
    return this.u8(this.maskAt, this.items).fill(all);
  }
}
