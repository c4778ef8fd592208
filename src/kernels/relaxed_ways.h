/* The two ways of the relaxed products, and which of them an engine is faster in: no clock is asked, and both give the
 * same sums. */
#ifndef VITRINE_KERNELS_RELAXED_WAYS_H
#define VITRINE_KERNELS_RELAXED_WAYS_H

#include <stdbool.h>
#include <wasm_simd128.h>

/* Whether the engine adds four products in one instruction. Where it does not, x86 adds pairs in
 * i16 first and cuts them off there, which shows outside of what scan.h allows: 127 * 255 twice is
 * 64770 and becomes 32767. Then pairs are better added apart, in 3 instructions for 5. The operands
 * come from memory: the optimiser of modules would have to know the answer. */
static inline bool vitrine_adds_four(void)
{
    static const uint8_t extreme[2] = {127, 255};
    const uint8_t *at = extreme;
    __asm__("" : "+r"(at));
    const v128_t sums = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_load8_splat(at), wasm_v128_load8_splat(at + 1),
                                                               wasm_i32x4_splat(0));
    return wasm_i32x4_extract_lane(sums, 0) != 2 * INT16_MAX;
}

#endif
