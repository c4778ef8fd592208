/* The inverse of a symmetric positive definite matrix, by LAPACK. */
#ifndef VITRINE_TRAIN_INVERSE_H
#define VITRINE_TRAIN_INVERSE_H

#include <stdbool.h>
#include <stdint.h>

/* matrix [n][n], of which the upper triangle counts, becomes its inverse, both triangles. False when it is
 * not positive definite; it is spoilt then. n < 46341, so that n * n fits LAPACK's integers. One thread, and
 * the same bits for the same library and machine. */
bool vitrine_inverse(double *matrix, uint32_t n);

#endif
