/* Streams of bits, the first in the lowest bit of the first byte. Reading has one sticky error, as
 * reader.h: past the end, or over a limit, `ok` is false for good and values are 0. A writer with
 * `bytes` null only measures.
 *
 * Three codes for whole numbers: plain, of a known width; Rice's, for numbers whose size is known
 * roughly (R. F. Rice, "Some practical universal noiseless coding techniques", 1979); and the
 * exponential Golomb code, for numbers that are small but for a few (J. Teuhola, 1978). */
#ifndef VITRINE_BASE_BITS_H
#define VITRINE_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VITRINE_MOST_BIT_BYTES ((size_t)1 << 28) /* positions then fit 32 bits */

typedef struct vitrine_bits {
    const uint8_t *bytes;
    uint32_t at, end; /* in bits */
    bool ok;
} vitrine_bits;

/* size <= VITRINE_MOST_BIT_BYTES. */
static inline vitrine_bits vitrine_bits_of(const uint8_t *bytes, size_t size)
{
    const vitrine_bits in = {bytes, 0, (uint32_t)size * 8, true};
    return in;
}

/* floor(log2(value)), value > 0. */
static inline uint32_t vitrine_log2(uint32_t value) { return 31u - (uint32_t)__builtin_clz(value); }

/* count <= 24 bits. */
uint32_t vitrine_bits_read(vitrine_bits *in, uint32_t count);

/* Zeros before the next one, at most `most`. */
uint32_t vitrine_bits_zeros(vitrine_bits *in, uint32_t most);

/* k <= 24; the value is below limit + 2^k. */
uint32_t vitrine_bits_rice(vitrine_bits *in, uint32_t k, uint32_t limit);

/* k <= 8; the value is below 2^24. */
uint32_t vitrine_bits_golomb(vitrine_bits *in, uint32_t k);

/* The width of Rice's code for the next of `left` numbers that are drawn, rising, from `open`
 * places: about the mean gap. 0 < left <= open, so it is never 0. Both sides know it, so it is
 * not stored. */
static inline uint32_t vitrine_gap_bits(uint32_t open, uint32_t left)
{
    return vitrine_log2(open / left + 1);
}

/* The next of `left` numbers that rise and are below `places`; *next is the least that may follow.
 * False, and the stream not ok, when there is none such. */
bool vitrine_bits_set_next(vitrine_bits *in, uint32_t *next, uint32_t places,
                                         uint32_t left, uint32_t *value);

/* `count` such numbers at once, each with `more` bits behind it that are passed over, to out [count] if it
 * is not null. False, and the stream not ok, when there are none such; out then holds nonsense. */
bool vitrine_bits_set(vitrine_bits *in, uint32_t places, uint32_t count, uint32_t more, uint16_t *out);

typedef struct vitrine_bit_writer {
    uint8_t *bytes; /* cleared by the caller; null: measuring */
    uint64_t at;    /* in bits */
} vitrine_bit_writer;

static inline void vitrine_bits_write(vitrine_bit_writer *out, uint32_t value, uint32_t count)
{
    for (uint32_t i = 0; out->bytes != NULL && i < count; i++) {
        const uint64_t at = out->at + i;
        out->bytes[at >> 3] = (uint8_t)(out->bytes[at >> 3] | (value >> i & 1) << (at & 7));
    }
    out->at += count;
}
static inline void vitrine_bits_write_zeros(vitrine_bit_writer *out, uint32_t zeros)
{
    out->at += zeros;
    vitrine_bits_write(out, 1, 1);
}
static inline void vitrine_bits_write_rice(vitrine_bit_writer *out, uint32_t value, uint32_t k)
{
    vitrine_bits_write_zeros(out, value >> k);
    vitrine_bits_write(out, value, k);
}
static inline void vitrine_bits_write_golomb(vitrine_bit_writer *out, uint32_t value, uint32_t k)
{
    const uint32_t high = (value >> k) + 1, width = vitrine_log2(high);
    vitrine_bits_write_zeros(out, width);
    vitrine_bits_write(out, high, width);
    vitrine_bits_write(out, value, k);
}
static inline size_t vitrine_bits_bytes(const vitrine_bit_writer *out)
{
    return (size_t)((out->at + 7) / 8);
}

#endif
