/* The kernels in plain C: on every machine, and the bits all others must give. */
#include "kernels/tables.h"
#include "kernels/activation.h"
#include "kernels/exact.h"
#include "kernels/float16.h"
#include "kernels/gemv.h"
#include "kernels/scan.h"
#include "kernels/vector.h"

const vitrine_kernels vitrine_kernels_scalar = {
    .name = "scalar",
    .gemv_f32 = vitrine_gemv_f32_scalar,
    .logits_q8 = vitrine_logits_q8_scalar,
    .exact_four = vitrine_exact_four_scalar,
    .exp_shifted = vitrine_exp_shifted_scalar,
    .sigmoid = vitrine_sigmoid_scalar,
    .tanh = vitrine_tanh_scalar,
    .sum = vitrine_sum_scalar,
    .max = vitrine_max_scalar,
    .dot_f32 = vitrine_dot_f32_scalar,
    .axpby = vitrine_axpby_scalar,
    .floats16 = vitrine_floats16_scalar,
};
