/* The table of kernels of one instruction set, and the list of all that this build and machine can
 * run. Contracts: gemv.h, scan.h, exact.h, activation.h, vector.h, float16.h. Every variant gives the scalar's bits. */
#ifndef VITRINE_KERNELS_KERNELS_H
#define VITRINE_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define VITRINE_PANEL 32u /* rows in a panel, of f32 and int8 matrices alike */

/* int8 rows and what turns their sums into logits. Contract: scan.h. */
typedef struct vitrine_rows_q8 {
    const int8_t *panels;
    const int32_t *row_sum; /* 64 * the sum of the row */
    const float *scale, *bias;
} vitrine_rows_q8;

/* Rows of an exact model, which 16 bits complete. Contract: exact.h. */
typedef struct vitrine_rows_exact {
    const int8_t *panels;
    const int16_t *rest; /* [rows][cols] */
    const float *scale, *bias;
} vitrine_rows_exact;

#define VITRINE_EXACT_ROWS 4u /* scored at once */

typedef struct vitrine_kernels {
    const char *name; /* "scalar", "avx2", "avx512", "simd128", "relaxed" */
    /* gemv.h */
    void (*gemv_f32)(float *restrict y, const float *restrict panels, const float *restrict x,
                     const float *restrict bias, size_t rows, size_t cols);
    /* scan.h */
    void (*logits_q8)(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                      const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
    /* exact.h */
    void (*exact_four)(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                       const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);
    /* activation.h */
    float (*exp_shifted)(float *restrict y, const float *restrict x, float shift, size_t n);
    void (*sigmoid)(float *restrict y, const float *restrict x, size_t n);
    void (*tanh)(float *restrict y, const float *restrict x, size_t n);
    /* vector.h */
    float (*sum)(const float *x, size_t n);
    float (*max)(const float *x, size_t n);
    float (*dot_f32)(const float *restrict a, const float *restrict b, size_t n);
    void (*axpby)(float *restrict y, float a, const float *restrict x, float b, size_t n);
    /* float16.h */
    void (*floats16)(float *restrict y, const uint16_t *restrict code, size_t n);
} vitrine_kernels;

/* Variant `index` of this build that this machine can run, best first; null past the last. The
 * scalar definition is always the last one. */
const vitrine_kernels *vitrine_kernels_list(size_t index);
static inline const vitrine_kernels *vitrine_kernels_best(void)
{
    /* A module that holds one set for good is smaller by the other ones. */
#if defined(VITRINE_RELAXED)
    extern const vitrine_kernels vitrine_kernels_relaxed;
    return &vitrine_kernels_relaxed;
#elif defined(VITRINE_SIMD128)
    extern const vitrine_kernels vitrine_kernels_simd128;
    return &vitrine_kernels_simd128;
#else
    return vitrine_kernels_list(0);
#endif
}

#endif
