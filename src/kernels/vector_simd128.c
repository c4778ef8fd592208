/* The vector loops for WebAssembly SIMD128. Contract and order of additions: vector.h; two
 * registers are the eight lanes, and the last few values go to their lanes one by one. */
#include <wasm_simd128.h>
#include "kernels/vector.h"

float vitrine_sum_simd128(const float *x, size_t n)
{
    v128_t low = wasm_f32x4_splat(0.0f), high = low;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        low = wasm_f32x4_add(low, wasm_v128_load(x + i));
        high = wasm_f32x4_add(high, wasm_v128_load(x + i + 4));
    }
    float lane[8];
    wasm_v128_store(lane, low);
    wasm_v128_store(lane + 4, high);
    for (size_t l = 0; i + l < n; l++) lane[l] += x[i + l];
    return vitrine_add_lanes(lane);
}

float vitrine_max_simd128(const float *x, size_t n)
{
    v128_t low = wasm_f32x4_splat(x[0]), high = low;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        low = wasm_f32x4_pmax(low, wasm_v128_load(x + i));
        high = wasm_f32x4_pmax(high, wasm_v128_load(x + i + 4));
    }
    float lane[4], most = x[0];
    wasm_v128_store(lane, wasm_f32x4_pmax(low, high));
    for (size_t l = 0; l < 4; l++) most = lane[l] > most ? lane[l] : most;
    for (; i < n; i++) most = x[i] > most ? x[i] : most;
    return most + 0.0f; /* see vector_scalar.c */
}

float vitrine_dot_f32_simd128(const float *restrict a, const float *restrict b, size_t n)
{
    v128_t low = wasm_f32x4_splat(0.0f), high = low;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        low = wasm_f32x4_add(low, wasm_f32x4_mul(wasm_v128_load(a + i), wasm_v128_load(b + i)));
        high = wasm_f32x4_add(
            high, wasm_f32x4_mul(wasm_v128_load(a + i + 4), wasm_v128_load(b + i + 4)));
    }
    float lane[8];
    wasm_v128_store(lane, low);
    wasm_v128_store(lane + 4, high);
    for (size_t l = 0; i + l < n; l++) lane[l] += a[i + l] * b[i + l];
    return vitrine_add_lanes(lane);
}

void vitrine_axpby_simd128(float *restrict y, float a, const float *restrict x, float b, size_t n)
{
    const v128_t aa = wasm_f32x4_splat(a), bb = wasm_f32x4_splat(b);
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const v128_t ax = wasm_f32x4_mul(aa, wasm_v128_load(x + i));
        const v128_t by = wasm_f32x4_mul(bb, wasm_v128_load(y + i));
        wasm_v128_store(y + i, wasm_f32x4_add(ax, by));
    }
    for (; i < n; i++) y[i] = a * x[i] + b * y[i];
}
