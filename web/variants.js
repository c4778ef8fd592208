// @ts-check
/* Which variants of the module this engine runs right, asked of the engine itself, by tiny modules: whether it
 * accepts the instructions, and whether the int8 dot product comes out right, since one engine accepts it and
 * computes it wrongly (Node 20 on AVX-VNNI). */

/** @typedef {'relaxed' | 'simd128' | 'plain'} Variant */

/** As the module counts them. @type {Variant[]} */
export const VARIANTS = ['plain', 'simd128', 'relaxed'];

/** A module that exports f: () -> i32 with the given body. Every length stays below 128.
 * @param {number[]} body */
const probe = (body) => new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version
  1, 5, 1, 96, 0, 1, 127, // type: () -> i32
  3, 2, 1, 0, // function 0 has type 0
  7, 5, 1, 1, 102, 0, 0, // export 'f'
  10, body.length + 4, 1, body.length + 2, 0, ...body, 11,
]);
// Sixteen equal bytes each: i32.const, i8x16.splat. The answer is the first lane, i32x4.extract_lane 0.
const SIMD128 = probe([65, 1, 253, 15, 253, 98, 253, 27, 0]); // i8x16.popcnt of 1
const RELAXED = probe([ // i32x4.relaxed_dot_i8x16_i7x16_add_s of -128 and 127, and 0
  65, 128, 127, 253, 15, 65, 255, 0, 253, 15, 65, 0, 253, 15, 253, 147, 2, 253, 27, 0]);

/** @param {Uint8Array} bytes @param {number} right */
function answers(bytes, right) {
  try {
    return /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(/** @type {any} */ (bytes))).exports).f() === right;
  } catch {
    return false;
  }
}

/** The variants this engine computes rightly, fastest first.
 * @returns {Variant[]} */
export function variants() {
  return VARIANTS.slice(0, answers(RELAXED, 4 * -128 * 127) ? 3 : answers(SIMD128, 0x01010101) ? 2 : 1).reverse();
}
