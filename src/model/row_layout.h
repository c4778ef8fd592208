/* The int8 rows of a model's file laid out anew, in panels or in two halves of bits (kernels/halves.h): the same
 * numbers, every other section as it was. No files: bytes in, bytes out. */
#ifndef VITRINE_MODEL_ROW_LAYOUT_H
#define VITRINE_MODEL_ROW_LAYOUT_H

#include "model/model.h"

/* From so many items on half of the bytes is worth the look at the candidates (docs/performance.md). */
#define VITRINE_SPLIT_FROM 262144u

/* Room that vitrine_model_lay_out needs for a file of `size` bytes. */
static inline size_t vitrine_row_layout_bound(size_t size) { return size + 256; }

/* Writes to out (aligned to 64) the file that `model` was opened from, its rows split or in panels. A file that is as
 * asked comes out as it went in. VITRINE_BAD_VALUE, field "precision", for rows of f32, and, field "fused", for a model
 * whose scores are shares of all items: they need every row in full, so split rows would be read twice. */
vitrine_status vitrine_model_lay_out(const vitrine_model *model, const void *bytes, size_t size, bool split,
                                     void *out, size_t out_size, size_t *written, vitrine_fault *fault);

#endif
