/* Small floats: 16 bits without a sign, 6 of exponent and 10 of fraction, 2^-40 to 2^24. Code 0 is 0. */
#ifndef VITRINE_KERNELS_FLOAT16_H
#define VITRINE_KERNELS_FLOAT16_H

#include <stddef.h>
#include <stdint.h>

#define VITRINE_FLOAT16_LEAST ((127u - 40u) << 10) /* what stands between the codes and the bits of a float >> 13 */

static inline float vitrine_float16(uint16_t code)
{
    union {
        uint32_t bits;
        float value;
    } u = {code == 0 ? 0 : ((uint32_t)code + VITRINE_FLOAT16_LEAST) << 13};
    return u.value;
}

/* The largest code that means no more than `most`, 2^-40 or more; known to the compiler where `most` is. */
static inline uint32_t vitrine_float16_floor(float most)
{
    union {
        float value;
        uint32_t bits;
    } u = {most};
    return (u.bits >> 13) - VITRINE_FLOAT16_LEAST;
}

/* y[i] = what code[i] means; arrays [n] that do not overlap, any n from 0, code aligned to 2 bytes. Every variant
 * gives the same bits. */
void vitrine_floats16_scalar(float *restrict y, const uint16_t *restrict code, size_t n);
void vitrine_floats16_simd128(float *restrict y, const uint16_t *restrict code, size_t n);

#endif
