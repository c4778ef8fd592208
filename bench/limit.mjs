// The machine's limit: a bare read of as many bytes as an exact, int8 or f32 matrix has.
export default {
  meta: { peer: 'limit' },
  async create(m, ctx) {
    const { instance } = await WebAssembly.instantiate(await ctx.bytes('build/wasm-simd/bench_read.wasm'));
    const { memory, bench_read: read, __heap_base: base } = instance.exports;
    const at = (base.value + 63) & ~63, size = m.N * m.H;
    const missing = at + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer).fill(1, at, at + size);
    return { read: () => read(at, size), memoryBytes: () => memory.buffer.byteLength };
  },
};
