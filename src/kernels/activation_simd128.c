/* exp, sigmoid and tanh for WebAssembly SIMD128: the inline functions of activation.h, four at a
 * time, step by step the same roundings. The last few go through those functions themselves. */
#include <wasm_simd128.h>
#include "kernels/activation.h"
#include "kernels/vector.h"

#define FOUR(value) wasm_f32x4_const_splat(value)

static v128_t times_plus(v128_t a, v128_t b, v128_t c)
{
    return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
}

static v128_t exp4(v128_t x)
{
    const v128_t magic = FOUR(VITRINE_ROUND_MAGIC);
    x = wasm_f32x4_pmax(FOUR(VITRINE_EXP_LOW), x);
    x = wasm_f32x4_pmin(FOUR(VITRINE_EXP_HIGH), x);
    const v128_t rounded = times_plus(x, FOUR(VITRINE_LOG2_E), magic);
    const v128_t k = wasm_f32x4_sub(rounded, magic);
    v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(k, FOUR(VITRINE_LN2_HIGH)));
    r = wasm_f32x4_sub(r, wasm_f32x4_mul(k, FOUR(VITRINE_LN2_LOW)));
    v128_t p = FOUR(VITRINE_EXP_6);
    p = times_plus(p, r, FOUR(VITRINE_EXP_5));
    p = times_plus(p, r, FOUR(VITRINE_EXP_4));
    p = times_plus(p, r, FOUR(VITRINE_EXP_3));
    p = times_plus(p, r, FOUR(VITRINE_EXP_2));
    p = times_plus(wasm_f32x4_mul(p, r), r, r);
    p = wasm_f32x4_add(p, FOUR(1.0f));
    /* Shifted up by 23, the magic number's own bits fall out: only k is left. */
    const v128_t power = wasm_i32x4_shl(rounded, 23);
    return wasm_i32x4_add(p, power);
}

static v128_t sigmoid4(v128_t x)
{
    const v128_t negative = wasm_f32x4_neg(x);
    return wasm_f32x4_div(FOUR(1.0f), wasm_f32x4_add(FOUR(1.0f), exp4(negative)));
}

static v128_t tanh4(v128_t x)
{
    const v128_t sign = FOUR(-0.0f);
    const v128_t size = wasm_f32x4_abs(x);
    const v128_t s = wasm_f32x4_mul(size, size);
    v128_t p = FOUR(VITRINE_TANH_11);
    p = times_plus(p, s, FOUR(VITRINE_TANH_9));
    p = times_plus(p, s, FOUR(VITRINE_TANH_7));
    p = times_plus(p, s, FOUR(VITRINE_TANH_5));
    p = times_plus(p, s, FOUR(VITRINE_TANH_3));
    const v128_t small = times_plus(wasm_f32x4_mul(p, s), size, size);
    const v128_t power = wasm_f32x4_add(exp4(wasm_f32x4_add(size, size)), FOUR(1.0f));
    const v128_t large = wasm_f32x4_sub(FOUR(1.0f), wasm_f32x4_div(FOUR(2.0f), power));
    const v128_t is_small = wasm_f32x4_lt(size, FOUR(VITRINE_TANH_SMALL));
    return wasm_v128_bitselect(x, wasm_v128_bitselect(small, large, is_small), sign);
}

void vitrine_exp_simd128(float *restrict y, const float *restrict x, size_t n)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) wasm_v128_store(y + i, exp4(wasm_v128_load(x + i)));
    for (; i < n; i++) y[i] = vitrine_exp1(x[i]);
}

float vitrine_exp_shifted_simd128(float *restrict y, const float *restrict x, float shift, size_t n)
{
    const v128_t by = wasm_f32x4_splat(shift);
    v128_t low = FOUR(0.0f), high = low;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const v128_t a = exp4(wasm_f32x4_sub(wasm_v128_load(x + i), by));
        const v128_t b = exp4(wasm_f32x4_sub(wasm_v128_load(x + i + 4), by));
        wasm_v128_store(y + i, a);
        wasm_v128_store(y + i + 4, b);
        low = wasm_f32x4_add(low, a);
        high = wasm_f32x4_add(high, b);
    }
    float lane[8];
    wasm_v128_store(lane, low);
    wasm_v128_store(lane + 4, high);
    for (size_t l = 0; i + l < n; l++) lane[l] += y[i + l] = vitrine_exp1(x[i + l] - shift);
    return vitrine_add_lanes(lane);
}

void vitrine_sigmoid_simd128(float *restrict y, const float *restrict x, size_t n)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) wasm_v128_store(y + i, sigmoid4(wasm_v128_load(x + i)));
    for (; i < n; i++) y[i] = vitrine_sigmoid1(x[i]);
}

void vitrine_tanh_simd128(float *restrict y, const float *restrict x, size_t n)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) wasm_v128_store(y + i, tanh4(wasm_v128_load(x + i)));
    for (; i < n; i++) y[i] = vitrine_tanh1(x[i]);
}
