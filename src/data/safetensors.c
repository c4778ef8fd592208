#include "data/safetensors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"

enum { HEADER_MAX = 1 << 20 };

static const struct {
    const char *name;
    vitrine_tensor_type type;
    uint32_t bytes;
} TYPES[] = {{"F32", VITRINE_TENSOR_F32, 4},   {"F16", VITRINE_TENSOR_F16, 2},   {"BF16", VITRINE_TENSOR_BF16, 2},
             {"F64", VITRINE_TENSOR_F64, 8},   {"U8", VITRINE_TENSOR_U8, 1},     {"I8", VITRINE_TENSOR_OTHER, 1},
             {"BOOL", VITRINE_TENSOR_OTHER, 1}, {"I16", VITRINE_TENSOR_OTHER, 2}, {"U16", VITRINE_TENSOR_OTHER, 2},
             {"I32", VITRINE_TENSOR_OTHER, 4}, {"U32", VITRINE_TENSOR_OTHER, 4}, {"I64", VITRINE_TENSOR_OTHER, 8},
             {"U64", VITRINE_TENSOR_OTHER, 8}};

static bool refuse(vitrine_problem *problem, const char *file, const char *tensor, const char *what)
{
    return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: tensor '%.80s': %s: write the file again",
                               file, tensor, what);
}

/* A whole number of 0 .. 2^53, which is as far as JSON's numbers are exact. */
static bool whole(const cJSON *value, uint64_t *number)
{
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble <= 9007199254740992.0) ||
        floor(value->valuedouble) != value->valuedouble)
        return false;
    *number = (uint64_t)value->valuedouble;
    return true;
}

/* One entry of the header; `data` [room] are the bytes behind it. */
static bool read_entry(vitrine_tensor *t, const cJSON *entry, const uint8_t *data, uint64_t room,
                       const char *file, vitrine_problem *problem)
{
    const char *type = vitrine_json_text(entry, "dtype");
    const cJSON *shape = vitrine_json_member(entry, "shape"), *side;
    const cJSON *offsets = vitrine_json_member(entry, "data_offsets");
    const size_t length = strlen(entry->string);
    uint32_t bytes = 0;
    uint64_t begin, end;
    if (length == 0 || length >= VITRINE_TENSOR_NAME)
        return refuse(problem, file, entry->string, "a name of 1 to 127 bytes was expected");
    memcpy(t->name, entry->string, length + 1);
    for (size_t i = 0; type != NULL && i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (strcmp(type, TYPES[i].name) == 0) {
            t->type = TYPES[i].type;
            bytes = TYPES[i].bytes;
        }
    if (bytes == 0) return refuse(problem, file, t->name, "its dtype is none that we know (F32, F16, BF16, F64, U8, ...)");
    if (!cJSON_IsArray(shape) || cJSON_GetArraySize(shape) > VITRINE_TENSOR_DIMS)
        return refuse(problem, file, t->name, "a shape of at most 8 dimensions was expected");
    t->dims = 0;
    t->count = 1;
    cJSON_ArrayForEach(side, shape)
    {
        uint64_t n;
        if (!whole(side, &n)) return refuse(problem, file, t->name, "a dimension is no whole number");
        t->shape[t->dims++] = n;
        if (n != 0 && t->count > UINT64_MAX / n) return refuse(problem, file, t->name, "its shape overflows");
        t->count *= n;
    }
    if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 || !whole(offsets->child, &begin) ||
        !whole(offsets->child->next, &end) || begin > end || end > room)
        return refuse(problem, file, t->name, "its data_offsets do not lie in the file");
    if (t->count > UINT64_MAX / bytes || t->count * bytes != end - begin)
        return refuse(problem, file, t->name, "its shape and its data_offsets disagree");
    t->bytes = data + begin;
    t->size = end - begin;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const vitrine_tensor *x = a, *y = b;
    if (x->bytes != y->bytes) return x->bytes < y->bytes ? -1 : 1;
    return (x->size > y->size) - (x->size < y->size); /* empty ones first */
}

static bool read_header(vitrine_tensors *tensors, const cJSON *header, const uint8_t *data, uint64_t room,
                        const char *file, vitrine_problem *problem)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, header)
    {
        if (strcmp(entry->string, "__metadata__") == 0) continue;
        if (tensors->count == VITRINE_MAX_TENSORS)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: more than %d tensors", file,
                                       VITRINE_MAX_TENSORS);
        if (!read_entry(&tensors->tensor[tensors->count++], entry, data, room, file, problem)) return false;
    }
    qsort(tensors->tensor, tensors->count, sizeof *tensors->tensor, by_place);
    const uint8_t *at = data;
    for (uint32_t i = 0; i < tensors->count; i++) {
        const vitrine_tensor *t = &tensors->tensor[i];
        if (t->bytes != at)
            return refuse(problem, file, t->name, t->bytes < at ? "it overlaps another" : "there is a hole before it");
        at += t->size;
    }
    return at == data + room || vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                                    "%s: %" PRIu64 " bytes behind the last tensor: write the file again",
                                                    file, (uint64_t)(data + room - at));
}

bool vitrine_tensors_open(vitrine_tensors *tensors, const void *bytes, size_t size, const char *name,
                          vitrine_problem *problem)
{
    const uint8_t *at = bytes;
    uint64_t length = 0;
    tensors->tensor = NULL;
    tensors->count = 0;
    for (size_t i = 0; size >= 8 && i < 8; i++) length |= (uint64_t)at[i] << (8 * i);
    if (size < 8 || length < 2 || length > size - 8 || length > HEADER_MAX)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: no safetensors: a header of %" PRIu64 " bytes in a file of %zu (at most 1 MB)",
                                   name, length, size);
    if (at[8] != '{')
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no safetensors: no JSON at byte 8", name);
    char where[300];
    snprintf(where, sizeof where, "%.200s, header", name);
    cJSON *header = vitrine_json_parse((const char *)at + 8, (size_t)length, HEADER_MAX, where, problem);
    if (header == NULL) return false;
    tensors->tensor = calloc(VITRINE_MAX_TENSORS, sizeof *tensors->tensor);
    const bool ok = tensors->tensor == NULL ? vitrine_problem_memory(problem)
                                            : read_header(tensors, header, at + 8 + length, size - 8 - length, name,
                                                          problem);
    cJSON_Delete(header);
    if (!ok) vitrine_tensors_free(tensors);
    return ok;
}

void vitrine_tensors_free(vitrine_tensors *tensors)
{
    free(tensors->tensor);
    tensors->tensor = NULL;
    tensors->count = 0;
}

const vitrine_tensor *vitrine_tensors_find(const vitrine_tensors *tensors, const char *name)
{
    for (uint32_t i = 0; i < tensors->count; i++)
        if (strcmp(tensors->tensor[i].name, name) == 0) return &tensors->tensor[i];
    return NULL;
}

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16, subnormal numbers included. */
static float from_half(uint32_t half)
{
    const uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 31u, fraction = half & 1023u;
    if (exponent == 31u) return from_bits(sign | 0x7f800000u | fraction << 13);
    if (exponent != 0) return from_bits(sign | (exponent + 112u) << 23 | fraction << 13);
    const float tiny = (float)fraction * 0x1p-24f;
    return sign != 0 ? -tiny : tiny;
}

static uint32_t little(const uint8_t *at, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) value |= (uint32_t)at[i] << (8 * i);
    return value;
}

static double number_at(const vitrine_tensor *t, uint64_t i)
{
    if (t->type == VITRINE_TENSOR_F32) return (double)from_bits(little(t->bytes + 4 * i, 4));
    if (t->type == VITRINE_TENSOR_F16) return (double)from_half(little(t->bytes + 2 * i, 2));
    if (t->type == VITRINE_TENSOR_BF16) return (double)from_bits(little(t->bytes + 2 * i, 2) << 16);
    const uint64_t bits = (uint64_t)little(t->bytes + 8 * i + 4, 4) << 32 | little(t->bytes + 8 * i, 4);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool vitrine_tensor_read(const vitrine_tensor *tensor, const char *name, float *out, vitrine_problem *problem)
{
    if (tensor->type == VITRINE_TENSOR_U8 || tensor->type == VITRINE_TENSOR_OTHER)
        return refuse(problem, name, tensor->name, "F32, F16, BF16 or F64 was expected");
    for (uint64_t i = 0; i < tensor->count; i++) {
        const double value = number_at(tensor, i);
        if (!(fabs(value) <= 1e6))
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: tensor '%.80s': number %" PRIu64 " is not finite, or above 1000000 in "
                                       "size: train it again", name, tensor->name, i);
        out[i] = (float)value;
    }
    return true;
}
