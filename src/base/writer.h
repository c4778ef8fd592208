/* Little-endian writing into the caller's buffer; a write past the end makes `ok` false for good. */
#ifndef VITRINE_BASE_WRITER_H
#define VITRINE_BASE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct vitrine_writer {
    uint8_t *at, *end;
    bool ok;
} vitrine_writer;

static inline void vitrine_write_raw(vitrine_writer *out, const void *bytes, size_t count)
{
    if (!out->ok || (size_t)(out->end - out->at) < count) {
        out->ok = false;
        return;
    }
    if (count > 0) memcpy(out->at, bytes, count);
    out->at += count;
}
static inline void vitrine_write_bytes(vitrine_writer *out, uint64_t value, size_t count)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(value >> (8 * i));
    vitrine_write_raw(out, bytes, count);
}
static inline void vitrine_write_u32(vitrine_writer *out, uint32_t value) { vitrine_write_bytes(out, value, 4); }
static inline void vitrine_write_u64(vitrine_writer *out, uint64_t value) { vitrine_write_bytes(out, value, 8); }
static inline void vitrine_write_f32(vitrine_writer *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    vitrine_write_u32(out, bits);
}

#endif
