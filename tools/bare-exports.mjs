// The module's exports as JavaScript knows them: with `$` for the prefix that C needs, and without those of the
// toolchain that nobody calls. A published package, whose modules and wasm are built together, has letters for
// them on both sides; a page downloads a third of a kilobyte less.
//
// The order of exports means nothing, but it decides where Brotli happens to cut the code behind them: modules that
// differ in it alone are up to 150 bytes apart. So a published one has that of some orders which packs best, and its
// size does not jump with whatever is changed.

import { weigh } from './size.mjs';

const OURS = /^(?:vitrine_wasm_|__(?=heap_base$))/, HEADER = 8, EXPORTS = 7;
const ORDERS = 16;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An unsigned number as WebAssembly writes it. @param {number} value @returns {number[]} */
const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

/** What the functions that a header declares are called in a published package. `abi` keeps its name: by it a module
 * of another release is known. @param {string} header @returns {Record<string, string>} */
export function publishedNames(header) {
  const names = ['$heap_base', ...[...header.matchAll(/\bvitrine_wasm_(\w+)\(/g)].map(([, name]) => `$${name}`)];
  const letters = names.filter((name) => name !== '$abi').sort().map((name, i) =>
    [name, i < LETTERS.length ? LETTERS[i] : LETTERS[i - LETTERS.length] + LETTERS[0]]);
  return { $abi: 'abi', ...Object.fromEntries(letters) };
}

/** @param {Uint8Array} wasm  as it is linked, or as a package has it
 * @param {Record<string, string>} names  of publishedNames() @param {boolean} publish  whether to use them
 * @returns {Uint8Array} */
export function bareExports(wasm, names, publish) {
  const known = new Map(Object.entries(names).map(([name, letters]) => [letters, name]));
  let at = HEADER;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < wasm.length) {
    const start = at, id = wasm[at++], size = number(), end = at + size;
    if (id !== EXPORTS) {
      at = end;
      continue;
    }
    const entries = Array.from({ length: number() }, () => {
      const length = number(), name = Buffer.from(wasm.subarray(at, (at += length))).toString(), from = at++;
      number();
      return { name: OURS.test(name) ? name.replace(OURS, '$') : known.get(name) ?? '', of: wasm.subarray(from, at) };
    }).filter(({ name }) => names[name]).sort((a, b) => (a.name < b.name ? -1 : 1));
    /** The module with its exports from the `first` on, and then the ones before. @param {number} first */
    const begunAt = (first) => {
      const body = [...leb(entries.length), ...[...entries.slice(first), ...entries.slice(0, first)].flatMap(({ name, of }) => {
        const letters = Buffer.from(publish ? names[name] : name);
        return [...leb(letters.length), ...letters, ...of];
      })];
      return Buffer.concat([wasm.subarray(0, start), Uint8Array.from([id, ...leb(body.length), ...body]), wasm.subarray(end)]);
    };
    const firsts = Array.from({ length: publish ? ORDERS : 1 }, (_, i) => Math.floor((i * entries.length) / ORDERS));
    return firsts.map(begunAt).map((module) => ({ module, size: weigh(module).brotli }))
      .reduce((best, one) => (one.size < best.size ? one : best)).module;
  }
  throw new Error('a module without exports');
}
