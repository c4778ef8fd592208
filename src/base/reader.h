/* Little-endian reading with one sticky error: a read past the end makes `ok` false for good, and
 * this and later reads yield 0; so a parser checks once per record. */
#ifndef VITRINE_BASE_READER_H
#define VITRINE_BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct vitrine_reader {
    const uint8_t *at, *end;
    bool ok;
} vitrine_reader;

static inline uint64_t vitrine_read_bytes(vitrine_reader *in, size_t count)
{
    if (!in->ok || (size_t)(in->end - in->at) < count) {
        in->ok = false;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) value |= (uint64_t)in->at[i] << (8 * i);
    in->at += count;
    return value;
}
static inline uint32_t vitrine_read_u32(vitrine_reader *in) { return (uint32_t)vitrine_read_bytes(in, 4); }
static inline uint64_t vitrine_read_u64(vitrine_reader *in) { return vitrine_read_bytes(in, 8); }
static inline float vitrine_read_f32(vitrine_reader *in)
{
    const uint32_t bits = vitrine_read_u32(in);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
