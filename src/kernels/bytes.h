/* Whether one of n bytes is `byte`: memchr, sixteen at a time where the browser's module would go byte by byte. */
#ifndef VITRINE_KERNELS_BYTES_H
#define VITRINE_KERNELS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

static inline bool vitrine_bytes_hold(const uint8_t *at, size_t n, uint8_t byte)
{
    const uint8_t *const end = at + n;
    bool found = false;
#ifdef __wasm_simd128__
    for (; end - at >= 16; at += 16) found |= wasm_v128_any_true(wasm_i8x16_eq(wasm_v128_load(at), wasm_u8x16_splat(byte)));
#endif
    for (; at < end; at++) found |= *at == byte;
    return found;
}

#endif
