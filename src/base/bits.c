/* Reading, out of line: opening a model calls it from many places. */
#include "base/bits.h"

#include <string.h>

uint32_t vitrine_bits_read(vitrine_bits *in, uint32_t count)
{
    if (count > in->end - in->at) {
        in->at = in->end;
        in->ok = false;
        return 0;
    }
    uint32_t value = 0, at = in->at;
    for (uint32_t got = 0; got < count;) {
        value |= (uint32_t)(in->bytes[at >> 3] >> (at & 7)) << got;
        got += 8 - (at & 7);
        at += 8 - (at & 7);
    }
    in->at += count;
    return value & ((1u << count) - 1);
}

uint32_t vitrine_bits_zeros(vitrine_bits *in, uint32_t most)
{
    for (uint32_t zeros = 0; zeros <= most && in->at < in->end; zeros++, in->at++)
        if ((in->bytes[in->at >> 3] >> (in->at & 7) & 1) != 0) {
            in->at++;
            return zeros;
        }
    in->ok = false;
    return 0;
}

uint32_t vitrine_bits_rice(vitrine_bits *in, uint32_t k, uint32_t limit)
{
    const uint32_t high = vitrine_bits_zeros(in, limit >> k);
    return high << k | vitrine_bits_read(in, k);
}

uint32_t vitrine_bits_golomb(vitrine_bits *in, uint32_t k)
{
    const uint32_t width = vitrine_bits_zeros(in, 15);
    const uint32_t high = (1u << width | vitrine_bits_read(in, width)) - 1;
    return high << k | vitrine_bits_read(in, k);
}

bool vitrine_bits_set_next(vitrine_bits *in, uint32_t *next, uint32_t places,
                           uint32_t left, uint32_t *value)
{
    const uint32_t open = places - *next;
    if (left > open) in->ok = false;
    if (!in->ok) return false;
    const uint32_t gap = vitrine_bits_rice(in, vitrine_gap_bits(open, left), open);
    if (gap >= open) in->ok = false;
    *value = *next + gap;
    *next = *value + 1;
    return in->ok;
}

bool vitrine_bits_set(vitrine_bits *in, uint32_t places, uint32_t count, uint32_t more, uint16_t *out)
{
    for (uint32_t next = 0; count > 0; count--) {
        const uint32_t open = places - next;
        if (count > open) in->ok = false;
        if (!in->ok) return false;
        const uint32_t k = vitrine_gap_bits(open, count);
        uint64_t word = 0;
        /* Most numbers lie in the next eight bytes, with all that belongs to them. */
        if (in->end - in->at >= 64 + 7) memcpy(&word, in->bytes + (in->at >> 3), sizeof word);
        word >>= in->at & 7;
        const uint32_t zeros = word == 0 ? 64 : (uint32_t)__builtin_ctzll(word);
        uint32_t gap;
        if (zeros < 57 && zeros + 1 + k + more <= 57) {
            gap = zeros << k | ((uint32_t)(word >> (zeros + 1)) & ((1u << k) - 1));
            in->at += zeros + 1 + k + more;
        } else {
            gap = vitrine_bits_rice(in, k, open);
            (void)vitrine_bits_read(in, more);
        }
        if (gap >= open) in->ok = false;
        next += gap + 1;
        if (out != NULL) *out++ = (uint16_t)(next - 1);
    }
    return in->ok;
}
