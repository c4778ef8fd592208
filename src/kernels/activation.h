/* exp, sigmoid and tanh of our own, since libm's last bits differ between platforms.
 *
 *   exp_shifted  y[i] = e^(x[i] - shift); returns their sum in the order of vector.h's `sum`. An
 *                exponent below -87 counts as -87, above 88 as 88: never 0, never infinite, so a
 *                quotient of two is never NaN
 *   sigmoid      y[i] = 1 / (1 + e^-x[i])
 *   tanh         y[i] = tanh(x[i])        odd, tanh(0) = 0
 *
 *   x, y  [n], any n from 0; y does not overlap x
 *
 * Built from single roundings alone (multiply, add, divide, integer add), so every variant gives
 * the bits of the inline functions below, which are the definition. Largest errors over all floats
 * (tests/unit/kernels/test_activation.c): exp within [-87, 88] relative 1.2e-7, sigmoid absolute
 * 1.2e-7, tanh absolute 1.2e-7 and relative 2.4e-7. The argument must not be NaN.
 *
 * exp follows Cody and Waite: x = k ln 2 + r, k to nearest by adding and taking off 1.5 * 2^23,
 * ln 2 in two parts of which the first has 9 bits, so k times it is exact; then a polynomial in r
 * and 2^k by adding k to the exponent. The coefficients are minimax, by our own Remez exchange,
 * for the relative error of e^r on |r| <= ln 2 / 2 and of tanh on |x| <= 0.625. */
#ifndef VITRINE_KERNELS_ACTIVATION_H
#define VITRINE_KERNELS_ACTIVATION_H

#include <stddef.h>
#include <stdint.h>

#define VITRINE_EXP_LOW (-87.0f)
#define VITRINE_EXP_HIGH 88.0f
#define VITRINE_LOG2_E 1.44269502f
#define VITRINE_LN2_HIGH 0.693359375f
#define VITRINE_LN2_LOW (-0.000212194442f)
#define VITRINE_ROUND_MAGIC 12582912.0f /* 1.5 * 2^23: the sum has a last bit worth 1 */
#define VITRINE_ROUND_BITS 0x4B400000   /* the same as bits */
#define VITRINE_EXP_2 0.49999994f
#define VITRINE_EXP_3 0.166665196f
#define VITRINE_EXP_4 0.0416683927f
#define VITRINE_EXP_5 0.00836878084f
#define VITRINE_EXP_6 0.00138144672f

#define VITRINE_TANH_SMALL 0.625f
#define VITRINE_TANH_3 (-0.333332807f)
#define VITRINE_TANH_5 0.133314416f
#define VITRINE_TANH_7 (-0.0537397154f)
#define VITRINE_TANH_9 0.020639088f
#define VITRINE_TANH_11 (-0.00570498686f)

typedef union vitrine_float_bits {
    float value;
    int32_t bits;
} vitrine_float_bits;

static inline float vitrine_exp1(float x)
{
    x = x > VITRINE_EXP_LOW ? x : VITRINE_EXP_LOW;
    x = x < VITRINE_EXP_HIGH ? x : VITRINE_EXP_HIGH;
    const vitrine_float_bits rounded = {x * VITRINE_LOG2_E + VITRINE_ROUND_MAGIC};
    const float k = rounded.value - VITRINE_ROUND_MAGIC;
    const float r = (x - k * VITRINE_LN2_HIGH) - k * VITRINE_LN2_LOW;
    float p = VITRINE_EXP_6;
    p = p * r + VITRINE_EXP_5;
    p = p * r + VITRINE_EXP_4;
    p = p * r + VITRINE_EXP_3;
    p = p * r + VITRINE_EXP_2;
    vitrine_float_bits y = {((p * r) * r + r) + 1.0f};
    /* k is -126..127 and y lies in 0.7..1.42, at least 1 where k is -126: the exponent stays in
     * range. */
    y.bits += (rounded.bits - VITRINE_ROUND_BITS) * (1 << 23);
    return y.value;
}

static inline float vitrine_sigmoid1(float x)
{
    return 1.0f / (1.0f + vitrine_exp1(-x));
}

static inline float vitrine_tanh1(float x)
{
    const vitrine_float_bits whole = {x};
    vitrine_float_bits size = {.bits = whole.bits & 0x7FFFFFFF};
    const float s = size.value * size.value;
    float p = VITRINE_TANH_11;
    p = p * s + VITRINE_TANH_9;
    p = p * s + VITRINE_TANH_7;
    p = p * s + VITRINE_TANH_5;
    p = p * s + VITRINE_TANH_3;
    const float small = (p * s) * size.value + size.value;
    const float large = 1.0f - 2.0f / (vitrine_exp1(size.value + size.value) + 1.0f);
    size.value = size.value < VITRINE_TANH_SMALL ? small : large;
    size.bits |= whole.bits & ~0x7FFFFFFF;
    return size.value;
}

/* vitrine_exp1 out of line, for single values here and there: the page downloads it once. */
float vitrine_exp_scalar(float x);

float vitrine_exp_shifted_scalar(float *restrict y, const float *restrict x, float shift, size_t n);
void vitrine_sigmoid_scalar(float *restrict y, const float *restrict x, size_t n);
void vitrine_tanh_scalar(float *restrict y, const float *restrict x, size_t n);

float vitrine_exp_shifted_avx2(float *restrict y, const float *restrict x, float shift, size_t n);
void vitrine_sigmoid_avx2(float *restrict y, const float *restrict x, size_t n);
void vitrine_tanh_avx2(float *restrict y, const float *restrict x, size_t n);

float vitrine_exp_shifted_simd128(float *restrict y, const float *restrict x, float shift, size_t n);
void vitrine_sigmoid_simd128(float *restrict y, const float *restrict x, size_t n);
void vitrine_tanh_simd128(float *restrict y, const float *restrict x, size_t n);

#endif
