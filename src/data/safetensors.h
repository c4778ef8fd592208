/* The safetensors format: a header of JSON, then raw little-endian numbers, row-major.
 * https://huggingface.co/docs/safetensors/index describes it. Nothing in it is a path or code.
 *
 * Bounds of ours: a header of at most 1 MB, 256 tensors, 8 dimensions. The tensors must cover the data
 * without holes or overlaps. */
#ifndef VITRINE_DATA_SAFETENSORS_H
#define VITRINE_DATA_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>
#include "data/problem.h"

enum { VITRINE_MAX_TENSORS = 256, VITRINE_TENSOR_DIMS = 8, VITRINE_TENSOR_NAME = 128 };

typedef enum vitrine_tensor_type {
    VITRINE_TENSOR_F32 = 0,
    VITRINE_TENSOR_F16,
    VITRINE_TENSOR_BF16,
    VITRINE_TENSOR_F64,
    VITRINE_TENSOR_U8,
    VITRINE_TENSOR_OTHER /* whole numbers and whatever comes: their place is checked, not their content */
} vitrine_tensor_type;

typedef struct vitrine_tensor {
    char name[VITRINE_TENSOR_NAME];
    vitrine_tensor_type type;
    uint32_t dims;
    uint64_t shape[VITRINE_TENSOR_DIMS];
    uint64_t count; /* of numbers: the product of the shape */
    const uint8_t *bytes;
    uint64_t size;
} vitrine_tensor;

/* Views into the file's bytes, in the order in which they lie there. */
typedef struct vitrine_tensors {
    vitrine_tensor *tensor; /* owned */
    uint32_t count;
} vitrine_tensors;

/* Check a whole file. `name` opens the messages. False with `problem`, and nothing to free. */
bool vitrine_tensors_open(vitrine_tensors *tensors, const void *bytes, size_t size, const char *name,
                          vitrine_problem *problem);
void vitrine_tensors_free(vitrine_tensors *tensors);

/* The one of this name, or null. */
const vitrine_tensor *vitrine_tensors_find(const vitrine_tensors *tensors, const char *name);

/* The numbers as floats: out [count]. Refused with the place of the first that is not finite or above
 * 10^6 in size, and for types without a fraction. */
bool vitrine_tensor_read(const vitrine_tensor *tensor, const char *name, float *out, vitrine_problem *problem);

#endif
