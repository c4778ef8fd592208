// The machine's limit: a bare read of as many bytes as an exact, int8 or f32 matrix has.
/* Whether relaxed products are added in pairs here, cut off at 16 bits, which shows in the sum (src/kernels/relaxed_ways.h):
 * four times 127 * 255. Null: no relaxed SIMD. */
const PRODUCT = [65, 255, 0, 253, 15, 65, 255, 1, 253, 15, 65, 0, 253, 17, 253, 147, 2, 253, 27, 0];
function inPairs() {
  const code = [0, ...PRODUCT, 11], module = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0,
    10, code.length + 2, 1, code.length, ...code];
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module))).exports.f() === 2 * 32767;
  } catch {
    return null;
  }
}

export default {
  meta: { peer: 'limit' },
  async create(m, ctx) {
    const { instance } = await WebAssembly.instantiate(await ctx.bytes('build/wasm-simd/bench_read.wasm'));
    const { memory, bench_read: read, __heap_base: base } = instance.exports;
    const at = (base.value + 63) & ~63, size = m.N * m.H;
    const missing = at + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer).fill(1, at, at + size);
    return { read: () => read(at, size), memoryBytes: () => memory.buffer.byteLength, inPairs: inPairs() };
  },
};
