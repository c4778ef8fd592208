/* What int8 models keep in few bytes, and reading it: small floats, strings that share beginnings,
 * matrices of bytes, sets of numbers. docs/model-format.md describes the bytes; packing.h writes
 * them. Readers here trust nothing: false means that the bytes do not fit. */
#ifndef VITRINE_MODEL_PACKED_H
#define VITRINE_MODEL_PACKED_H

#include <stddef.h>
#include "base/bits.h"
#include "base/strings.h"
#include "kernels/float16.h"

/* Every float of a file is at most this in size: then no sum that ranking can form overflows, and no infinity or NaN
 * can arise from finite weights. */
#define VITRINE_LARGEST 1e6f

/* Strings: u32 size of all of them, u8 letters - 1, the letters rising, then bits. */
enum { VITRINE_PACKED_HEAD = 5 };
/* No more than so many bytes come out of one: what a file asks for stays in proportion to it. */
enum { VITRINE_MOST_GROWTH = 8 };

/* The size of the strings in a section, from its head; false when that cannot be. */
bool vitrine_packed_strings_size(const uint8_t *section, size_t size, uint32_t *bytes);
/* How many lengths so many strings of so many bytes in all may have. */
uint32_t vitrine_packed_stretches(uint32_t count, uint32_t bytes);
/* stretch [what ..._stretches said] and bytes [what ..._size said] are filled, and `out` is a view of them; the
 * strings are sorted by (length, bytes) and distinct. */
bool vitrine_packed_strings(const uint8_t *section, size_t size, uint32_t count, vitrine_stretch *stretch,
                            char *bytes, vitrine_strings *out);

/* A matrix: float16 [rows], then int8 [rows][cols]; value = byte * scale of the row. */
static inline uint64_t vitrine_packed_matrix_size(uint64_t rows, uint64_t cols)
{
    return rows * (2 + cols);
}
/* Whether its numbers may be used: no byte of -128, no value past VITRINE_LARGEST in size. */
bool vitrine_packed_fits(const uint8_t *section, size_t rows, size_t cols);
/* Row r to out[0], out[step], out[2 * step], ... of one that fits. */
void vitrine_packed_row(const uint8_t *section, size_t rows, size_t cols, size_t r, float *out, size_t step);
/* All of them, to panels of floats (kernels/panels.h) or to rows; false, and nothing is written, where it does not
 * fit. */
bool vitrine_packed_matrix(const uint8_t *section, size_t rows, size_t cols, bool panels, float *out);
/* All of them as they are, to int8 panels for kernels/scan.h: scale and row_sum [rows padded to 32]; false likewise. */
bool vitrine_packed_panels(const uint8_t *section, size_t rows, size_t cols, int8_t *panels, float *scale,
                           int32_t *row_sum);

#endif
