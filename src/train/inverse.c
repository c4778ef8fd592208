#include "train/inverse.h"

#include <stddef.h>
#include "train/matmul.h"

/* OpenBLAS has LAPACK in it; its headers in Debian have not. A column-major lower triangle is a row-major
 * upper one. */
extern void dpotrf_(const char *triangle, const int *n, double *matrix, const int *stride, int *info);
extern void dpotri_(const char *triangle, const int *n, double *matrix, const int *stride, int *info);

bool vitrine_inverse(double *matrix, uint32_t n)
{
    const int size = (int)n;
    int info = 0;
    vitrine_matmul_begin();
    dpotrf_("L", &size, matrix, &size, &info);
    if (info == 0) dpotri_("L", &size, matrix, &size, &info);
    for (size_t i = 0; info == 0 && i < n; i++)
        for (size_t j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i];
    return info == 0;
}
