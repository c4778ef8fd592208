/* Reading, out of line: opening a model calls it from many places. */
#include "base/bits.h"

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
