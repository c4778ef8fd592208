/* The writing half of packed.h, and the item-to-item table. With `out` null every function only
 * returns the size. */
#ifndef VITRINE_MODEL_PACKING_H
#define VITRINE_MODEL_PACKING_H

#include "model/model_writer.h"
#include "model/packed.h"

/* The nearest code; a value above 0 never becomes 0. */
uint16_t vitrine_float16_code(float value);

/* offset [count + 1] into text; sorted and distinct. */
size_t vitrine_pack_strings(const uint32_t *offset, const char *text, uint32_t count, uint8_t *out);
/* One scale a row, rounded to nearest. */
void vitrine_pack_matrix(const float *matrix, size_t rows, size_t cols, uint8_t *out);
/* Weights above 0 to the codes of at most 2^bits levels, which are found by k-means on a scale that
 * is nearly logarithmic; levels that already fit stay as they are. */
size_t vitrine_pack_table(const vitrine_model_parts *parts, uint8_t *out);
size_t vitrine_pack_attributes(const vitrine_model_parts *parts, uint8_t *out);

#endif
