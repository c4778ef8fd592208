/* The limit beside the figures: every byte looked at once, in the registers that the kernels use.
 * Built into a module of its own, which imports nothing. */
#include <stddef.h>
#include <wasm_simd128.h>

/* Four chains, so that nothing but memory holds the loop up. */
int bench_read(const unsigned char *bytes, size_t size);

int bench_read(const unsigned char *bytes, size_t size)
{
    v128_t a = wasm_i32x4_splat(0), b = a, c = a, d = a;
    for (size_t i = 0; i + 64 <= size; i += 64) {
        a = wasm_v128_xor(a, wasm_v128_load(bytes + i));
        b = wasm_v128_xor(b, wasm_v128_load(bytes + i + 16));
        c = wasm_v128_xor(c, wasm_v128_load(bytes + i + 32));
        d = wasm_v128_xor(d, wasm_v128_load(bytes + i + 48));
    }
    a = wasm_v128_xor(wasm_v128_xor(a, b), wasm_v128_xor(c, d));
    return wasm_i32x4_extract_lane(a, 0) ^ wasm_i32x4_extract_lane(a, 1) ^
           wasm_i32x4_extract_lane(a, 2) ^ wasm_i32x4_extract_lane(a, 3);
}
