/* The kernels for x86-64 with AVX2. */
#include "kernels/tables.h"
#include "kernels/activation.h"
#include "kernels/exact.h"
#include "kernels/float16.h"
#include "kernels/gemv.h"
#include "kernels/scan.h"
#include "kernels/vector.h"

const vitrine_kernels vitrine_kernels_avx2 = {
    .name = "avx2",
    .gemv_f32 = vitrine_gemv_f32_avx2,
    .logits_q8 = vitrine_logits_q8_avx2,
    .exact_four = vitrine_exact_four_avx2,
    .exp_shifted = vitrine_exp_shifted_avx2,
    .sigmoid = vitrine_sigmoid_avx2,
    .tanh = vitrine_tanh_avx2,
    .sum = vitrine_sum_avx2,
    .max = vitrine_max_avx2,
    .dot_f32 = vitrine_dot_f32_avx2,
    .axpby = vitrine_axpby_avx2,
    .floats16 = vitrine_floats16_scalar,
};
