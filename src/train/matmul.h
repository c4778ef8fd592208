/* The one door to BLAS, and a plain loop that gives the same sums in a fixed order for tests.
 *
 *   c = beta * c + op(a) op(b)      op(a) [rows][inner], op(b) [inner][cols], c [rows][cols]
 *
 * Row-major; a_stride and the like are floats from row to row of what is stored, so a transposed a
 * is stored [inner][rows]. beta 0 overwrites c without reading it. */
#ifndef VITRINE_TRAIN_MATMUL_H
#define VITRINE_TRAIN_MATMUL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct vitrine_matrix {
    const float *at;
    size_t stride;
    bool transposed;
} vitrine_matrix;

typedef void (*vitrine_matmul)(size_t rows, size_t cols, size_t inner, vitrine_matrix a,
                               vitrine_matrix b, float beta, float *c, size_t c_stride);

void vitrine_matmul_blas(size_t rows, size_t cols, size_t inner, vitrine_matrix a, vitrine_matrix b,
                         float beta, float *c, size_t c_stride);
void vitrine_matmul_plain(size_t rows, size_t cols, size_t inner, vitrine_matrix a,
                          vitrine_matrix b, float beta, float *c, size_t c_stride);

/* Each caller is one thread of ours: BLAS must not start its own. Call once before threads start. */
void vitrine_matmul_begin(void);

static inline vitrine_matrix vitrine_as_is(const float *at, size_t stride)
{
    const vitrine_matrix m = { at, stride, false };
    return m;
}

static inline vitrine_matrix vitrine_turned(const float *at, size_t stride)
{
    const vitrine_matrix m = { at, stride, true };
    return m;
}

#endif
