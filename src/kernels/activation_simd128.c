/* exp, sigmoid and tanh for WebAssembly SIMD128: the inline functions of activation.h, four at a
 * time, step by step the same roundings. The last few go through those functions themselves. */
#include <wasm_simd128.h>
#include "kernels/activation.h"
#include "kernels/vector.h"

/* The same value four times, in a register. An engine makes a constant anew at every use, out of three
 * instructions: `asm` hides from the compiler that it is one, and it is made once for a call. */
static inline v128_t four_of(float value)
{
    __asm__("" : "+r"(value));
    return wasm_f32x4_splat(value);
}

static inline v128_t times_plus(v128_t a, v128_t b, v128_t c)
{
    return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
}

typedef struct exp_constants {
    v128_t low, high, log2_e, magic, ln2_high, ln2_low, p2, p3, p4, p5, p6, one;
} exp_constants;

static inline exp_constants for_exp(void)
{
    const exp_constants k = {
        four_of(VITRINE_EXP_LOW), four_of(VITRINE_EXP_HIGH), four_of(VITRINE_LOG2_E), four_of(VITRINE_ROUND_MAGIC),
        four_of(VITRINE_LN2_HIGH), four_of(VITRINE_LN2_LOW), four_of(VITRINE_EXP_2), four_of(VITRINE_EXP_3),
        four_of(VITRINE_EXP_4), four_of(VITRINE_EXP_5), four_of(VITRINE_EXP_6), four_of(1.0f)};
    return k;
}

static inline v128_t exp4(const exp_constants *k, v128_t x)
{
    x = wasm_f32x4_pmax(k->low, x);
    x = wasm_f32x4_pmin(k->high, x);
    const v128_t rounded = times_plus(x, k->log2_e, k->magic);
    const v128_t n = wasm_f32x4_sub(rounded, k->magic);
    v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, k->ln2_high));
    r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, k->ln2_low));
    v128_t p = times_plus(k->p6, r, k->p5);
    p = times_plus(p, r, k->p4);
    p = times_plus(p, r, k->p3);
    p = times_plus(p, r, k->p2);
    p = times_plus(wasm_f32x4_mul(p, r), r, r);
    p = wasm_f32x4_add(p, k->one);
    /* Shifted up by 23, the magic number's own bits fall out: only n is left. */
    return wasm_i32x4_add(p, wasm_i32x4_shl(rounded, 23));
}

static inline v128_t sigmoid4(const exp_constants *k, v128_t x)
{
    return wasm_f32x4_div(k->one, wasm_f32x4_add(k->one, exp4(k, wasm_f32x4_neg(x))));
}

typedef struct tanh_constants {
    v128_t p3, p5, p7, p9, p11, small, two;
} tanh_constants;

static inline v128_t tanh4(const exp_constants *k, const tanh_constants *t, v128_t x)
{
    const v128_t size = wasm_f32x4_abs(x);
    const v128_t s = wasm_f32x4_mul(size, size);
    v128_t p = times_plus(t->p11, s, t->p9);
    p = times_plus(p, s, t->p7);
    p = times_plus(p, s, t->p5);
    p = times_plus(p, s, t->p3);
    const v128_t small = times_plus(wasm_f32x4_mul(p, s), size, size);
    const v128_t power = wasm_f32x4_add(exp4(k, wasm_f32x4_add(size, size)), k->one);
    const v128_t large = wasm_f32x4_sub(k->one, wasm_f32x4_div(t->two, power));
    const v128_t value = wasm_v128_bitselect(small, large, wasm_f32x4_lt(size, t->small));
    /* The sign of x: what abs took off. */
    return wasm_v128_or(value, wasm_v128_xor(x, size));
}

/* Less than four values: through a buffer and the same steps. The inline functions of activation.h
 * would give the same bits and be a second copy of each formula to download. */
static __attribute__((noinline)) v128_t load_part(const float *x, size_t n)
{
    float lane[4] = {0};
    for (size_t i = 0; i < n; i++) lane[i] = x[i];
    return wasm_v128_load(lane);
}

static __attribute__((noinline)) void store_part(float *y, v128_t value, size_t n)
{
    float lane[4];
    wasm_v128_store(lane, value);
    for (size_t i = 0; i < n; i++) y[i] = lane[i];
}

static inline v128_t load_up_to(const float *x, size_t left)
{
    return left >= 4 ? wasm_v128_load(x) : load_part(x, left);
}

static inline void store_up_to(float *y, v128_t value, size_t left)
{
    if (left >= 4) wasm_v128_store(y, value);
    else store_part(y, value, left);
}

float vitrine_exp_shifted_simd128(float *restrict y, const float *restrict x, float shift, size_t n)
{
    const exp_constants k = for_exp();
    const v128_t by = wasm_f32x4_splat(shift);
    v128_t low = wasm_f32x4_splat(0.0f), high = low;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const v128_t a = exp4(&k, wasm_f32x4_sub(wasm_v128_load(x + i), by));
        const v128_t b = exp4(&k, wasm_f32x4_sub(wasm_v128_load(x + i + 4), by));
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
    const exp_constants k = for_exp();
    for (size_t i = 0; i < n; i += 4)
        store_up_to(y + i, sigmoid4(&k, load_up_to(x + i, n - i)), n - i);
}

void vitrine_tanh_simd128(float *restrict y, const float *restrict x, size_t n)
{
    const exp_constants k = for_exp();
    const tanh_constants t = {
        four_of(VITRINE_TANH_3), four_of(VITRINE_TANH_5), four_of(VITRINE_TANH_7), four_of(VITRINE_TANH_9),
        four_of(VITRINE_TANH_11), four_of(VITRINE_TANH_SMALL), four_of(2.0f)};
    for (size_t i = 0; i < n; i += 4)
        store_up_to(y + i, tanh4(&k, &t, load_up_to(x + i, n - i)), n - i);
}
