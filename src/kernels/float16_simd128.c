/* Small floats for WebAssembly SIMD128. Contract: float16.h. */
#include <wasm_simd128.h>
#include "kernels/float16.h"

void vitrine_floats16_simd128(float *restrict y, const uint16_t *restrict code, size_t n)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const v128_t four = wasm_u32x4_load16x4(code + i);
        const v128_t bits = wasm_i32x4_shl(wasm_i32x4_add(four, wasm_i32x4_splat(VITRINE_FLOAT16_LEAST)), 13);
        wasm_v128_store(y + i, wasm_v128_and(bits, wasm_i32x4_ne(four, wasm_i32x4_splat(0))));
    }
    for (; i < n; i++) y[i] = vitrine_float16(code[i]);
}
