/* Bytes as a safetensors file. What was accepted covers the data once, and every number is readable. */
#include <stdlib.h>

#include "data/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    vitrine_problem problem = {0};
    vitrine_tensors tensors;
    const bool ok = vitrine_tensors_open(&tensors, bytes, size, "fuzz", &problem);
    if (ok == (problem.kind != VITRINE_PROBLEM_NONE)) abort();
    uint64_t sum = 0;
    for (uint32_t i = 0; ok && i < tensors.count; i++) {
        const vitrine_tensor *t = &tensors.tensor[i];
        sum += t->size;
        if (t->bytes < bytes || t->size > size || t->bytes + t->size > bytes + size) abort();
        if (t->count > size || vitrine_tensors_find(&tensors, t->name) == NULL) abort();
        float *numbers = malloc((size_t)(t->count + 1) * sizeof *numbers);
        vitrine_problem wrong = {0};
        if (numbers != NULL && vitrine_tensor_read(t, "fuzz", numbers, &wrong))
            for (uint64_t n = 0; n < t->count; n++)
                if (!(numbers[n] >= -1e6f && numbers[n] <= 1e6f)) abort();
        free(numbers);
    }
    if (ok && sum + 8 > size) abort();
    if (ok) vitrine_tensors_free(&tensors);
    return 0;
}
