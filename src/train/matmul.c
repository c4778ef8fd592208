#include "train/matmul.h"

#include <cblas.h>

void vitrine_matmul_begin(void)
{
    openblas_set_num_threads(1);
}

void vitrine_matmul_blas(size_t rows, size_t cols, size_t inner, vitrine_matrix a, vitrine_matrix b,
                         float beta, float *c, size_t c_stride)
{
    if (rows == 0 || cols == 0) return;
    cblas_sgemm(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
                b.transposed ? CblasTrans : CblasNoTrans, (blasint)rows, (blasint)cols,
                (blasint)inner, 1.0f, a.at, (blasint)a.stride, b.at, (blasint)b.stride, beta, c,
                (blasint)c_stride);
}

void vitrine_matmul_plain(size_t rows, size_t cols, size_t inner, vitrine_matrix a,
                          vitrine_matrix b, float beta, float *c, size_t c_stride)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            double sum = 0.0;
            for (size_t k = 0; k < inner; k++) {
                const float left = a.transposed ? a.at[k * a.stride + i] : a.at[i * a.stride + k];
                const float right = b.transposed ? b.at[j * b.stride + k] : b.at[k * b.stride + j];
                sum += (double)left * (double)right;
            }
            if (beta != 0.0f) sum += (double)(beta * c[i * c_stride + j]);
            c[i * c_stride + j] = (float)sum;
        }
}
