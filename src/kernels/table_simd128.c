/* The kernels for WebAssembly with 128-bit SIMD. */
#include "kernels/tables.h"
#include "kernels/activation.h"
#include "kernels/exact.h"
#include "kernels/float16.h"
#include "kernels/gemv.h"
#include "kernels/scan.h"
#include "kernels/vector.h"

const vitrine_kernels vitrine_kernels_simd128 = {
    .name = "simd128",
    .gemv_f32 = vitrine_gemv_f32_simd128,
    .logits_q8 = vitrine_logits_q8_simd128,
    .exact_four = vitrine_exact_four_simd128,
    .exp_shifted = vitrine_exp_shifted_simd128,
    .sigmoid = vitrine_sigmoid_simd128,
    .tanh = vitrine_tanh_simd128,
    .sum = vitrine_sum_simd128,
    .max = vitrine_max_simd128,
    .dot_f32 = vitrine_dot_f32_simd128,
    .axpby = vitrine_axpby_simd128,
    .floats16 = vitrine_floats16_simd128,
};
