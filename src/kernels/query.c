/* A vector in 7 bits. Contract: query.h. */
#include "kernels/query.h"

#include <float.h>

/* Added, it leaves the whole number and the 64 in the lowest bits of a float. */
#define MAGIC (12582912.0f + 64.0f)

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

float vitrine_query_q8(const float *restrict x, size_t n, uint8_t *restrict out)
{
    v128_t most = wasm_f32x4_splat(0.0f);
    for (size_t i = 0; i < n; i += 4) most = wasm_f32x4_pmax(most, wasm_f32x4_abs(wasm_v128_load(x + i)));
    most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 2, 3, 0, 1));
    most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 1, 0, 3, 2));
    const float scale = wasm_f32x4_extract_lane(most, 0) / 63.0f;
    /* Next to nothing over 1 is next to nothing. */
    const v128_t unit = wasm_f32x4_splat(scale >= FLT_MIN ? scale : 1.0f), magic = wasm_f32x4_splat(MAGIC);
    for (size_t i = 0; i < n; i += 4) {
        const v128_t steps = wasm_f32x4_add(wasm_f32x4_div(wasm_v128_load(x + i), unit), magic);
        wasm_v128_store32_lane(out + i, wasm_i8x16_shuffle(steps, steps, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0);
    }
    return scale;
}

#else

float vitrine_query_q8(const float *restrict x, size_t n, uint8_t *restrict out)
{
    float largest = 0.0f;
    for (size_t i = 0; i < n; i++) {
        const float size = x[i] < 0.0f ? -x[i] : x[i];
        if (size > largest) largest = size;
    }
    const float scale = largest / 63.0f, unit = scale >= FLT_MIN ? scale : 1.0f;
    for (size_t i = 0; i < (n + 3) / 4 * 4; i++) {
        const float steps = i < n ? x[i] / unit : 0.0f;
        out[i] = (uint8_t)(int)((steps + MAGIC) - 12582912.0f);
    }
    return scale;
}

#endif
