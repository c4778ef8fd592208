/* exp, sigmoid and tanh for WebAssembly SIMD128: the inline functions of activation.h, four at a
 * time, step by step the same roundings. The last few go through those functions themselves. */
#include <wasm_simd128.h>
#include "kernels/activation.h"
#include "kernels/vector.h"

/* Constants are read from memory, once for a call, and stay in registers. Written as constants they
 * would be made anew at every use, three instructions each, which takes half as long again: an engine
 * does so, and the compiler and the optimiser of modules take every value they know for one. */
static const float CONSTANTS[] = {
    VITRINE_EXP_LOW, VITRINE_EXP_HIGH, VITRINE_LOG2_E, VITRINE_ROUND_MAGIC, VITRINE_LN2_HIGH, VITRINE_LN2_LOW,
    VITRINE_EXP_2, VITRINE_EXP_3, VITRINE_EXP_4, VITRINE_EXP_5, VITRINE_EXP_6, 1.0f,
    VITRINE_TANH_3, VITRINE_TANH_5, VITRINE_TANH_7, VITRINE_TANH_9, VITRINE_TANH_11, VITRINE_TANH_SMALL, 2.0f};

/* `asm` hides from the compiler what is there; the optimiser does not look into memory. */
static inline const float *hidden_constants(void)
{
    const float *at = CONSTANTS;
    __asm__("" : "+r"(at));
    return at;
}

#define FOUR_OF(index) wasm_v128_load32_splat(at + (index))

static inline v128_t times_plus(v128_t a, v128_t b, v128_t c)
{
    return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
}

typedef struct exp_constants {
    v128_t low, high, log2_e, magic, ln2_high, ln2_low, p2, p3, p4, p5, p6, one;
} exp_constants;

static inline exp_constants for_exp(const float *at)
{
    const exp_constants k = {FOUR_OF(0), FOUR_OF(1), FOUR_OF(2), FOUR_OF(3), FOUR_OF(4), FOUR_OF(5),
                             FOUR_OF(6), FOUR_OF(7), FOUR_OF(8), FOUR_OF(9), FOUR_OF(10), FOUR_OF(11)};
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

/* Fours through a loop, and the last one to three through a buffer and the same loop: the inline
 * functions of activation.h would give the same bits and be a second copy of each formula to download.
 * The loops call nothing: an engine keeps no constant in a register across a call, and they would
 * take half as long again. */
static __attribute__((noinline)) void in_fours(void (*loop)(float *restrict, const float *restrict, size_t),
                                               float *restrict y, const float *restrict x, size_t n)
{
    const size_t whole = n & ~(size_t)3;
    float lane[8] = {0};
    loop(y, x, whole);
    if (whole == n) return;
    for (size_t i = whole; i < n; i++) lane[i - whole] = x[i];
    loop(lane + 4, lane, 4);
    for (size_t i = whole; i < n; i++) y[i] = lane[4 + i - whole];
}

float vitrine_exp_shifted_simd128(float *restrict y, const float *restrict x, float shift, size_t n)
{
    const exp_constants k = for_exp(hidden_constants());
    const v128_t by = wasm_f32x4_splat(shift);
    size_t i = 0;
    for (; i + 4 <= n; i += 4) wasm_v128_store(y + i, exp4(&k, wasm_f32x4_sub(wasm_v128_load(x + i), by)));
    for (; i < n; i++) y[i] = vitrine_exp_scalar(x[i] - shift);
    /* A pass of its own: a second copy of the powers, eight at a time, was more to download. */
    return vitrine_sum_simd128(y, n);
}

static void sigmoid_fours(float *restrict y, const float *restrict x, size_t n)
{
    const exp_constants k = for_exp(hidden_constants());
    for (size_t i = 0; i < n; i += 4) wasm_v128_store(y + i, sigmoid4(&k, wasm_v128_load(x + i)));
}

static void tanh_fours(float *restrict y, const float *restrict x, size_t n)
{
    const float *at = hidden_constants();
    const exp_constants k = for_exp(at);
    const tanh_constants t = {FOUR_OF(12), FOUR_OF(13), FOUR_OF(14), FOUR_OF(15), FOUR_OF(16), FOUR_OF(17),
                              FOUR_OF(18)};
    for (size_t i = 0; i < n; i += 4) wasm_v128_store(y + i, tanh4(&k, &t, wasm_v128_load(x + i)));
}

void vitrine_sigmoid_simd128(float *restrict y, const float *restrict x, size_t n)
{
    in_fours(sigmoid_fours, y, x, n);
}

void vitrine_tanh_simd128(float *restrict y, const float *restrict x, size_t n)
{
    in_fours(tanh_fours, y, x, n);
}
