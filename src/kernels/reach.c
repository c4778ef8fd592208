/* Which scores of a panel come up to a bar. Contract: reach.h. */
#include "kernels/reach.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

uint32_t vitrine_reach(const float score[32], float slack, float bar)
{
    uint32_t bits = 0;
#ifdef __wasm_simd128__
    const v128_t more = wasm_f32x4_splat(slack), least = wasm_f32x4_splat(bar);
    for (uint32_t l = 0; l < 32; l += 4)
        bits |= wasm_i32x4_bitmask(wasm_f32x4_ge(wasm_f32x4_add(wasm_v128_load(score + l), more), least)) << l;
#else
    for (uint32_t l = 0; l < 32; l++) bits |= (uint32_t)(score[l] + slack >= bar) << l;
#endif
    return bits;
}

uint32_t vitrine_reach_scaled(const float score[32], const float scale[32], float slack, float more, float bar)
{
    uint32_t bits = 0;
#ifdef __wasm_simd128__
    const v128_t slacks = wasm_f32x4_splat(slack), always = wasm_f32x4_splat(more), least = wasm_f32x4_splat(bar);
    for (uint32_t l = 0; l < 32; l += 4) {
        const v128_t own = wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(scale + l), slacks), always);
        bits |= wasm_i32x4_bitmask(wasm_f32x4_ge(wasm_f32x4_add(wasm_v128_load(score + l), own), least)) << l;
    }
#else
    for (uint32_t l = 0; l < 32; l++) bits |= (uint32_t)(score[l] + (scale[l] * slack + more) >= bar) << l;
#endif
    return bits;
}
