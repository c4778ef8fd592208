#include "model/packing.h"

#include <string.h>

#include "base/writer.h"

uint16_t vitrine_float16_code(float value)
{
    uint32_t bits;
    if (!(value > 0.0f)) return 0;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t smallest = (127u - 40u) << 23;
    const uint32_t code = bits > smallest ? (bits - smallest + (1u << 12)) >> 13 : 1;
    return (uint16_t)(code == 0 ? 1 : code > 65535 ? 65535 : code);
}

static void put_u32(uint8_t *out, uint32_t value)
{
    vitrine_writer to = {out, out + 4, true};
    vitrine_write_u32(&to, value);
}

size_t vitrine_pack_strings(const uint32_t *offset, const char *text, uint32_t count, uint8_t *out)
{
    uint8_t index[256] = {0};
    uint32_t letters = 0;
    for (uint32_t i = 0; i < offset[count]; i++) index[(uint8_t)text[i]] = 1;
    if (offset[count] == 0) index[0] = 1;
    for (int c = 0; c < 256; c++) {
        if (index[c] == 0) continue;
        if (out != NULL) out[VITRINE_PACKED_HEAD + letters] = (uint8_t)c;
        index[c] = (uint8_t)letters++;
    }
    if (out != NULL) {
        put_u32(out, offset[count]);
        out[4] = (uint8_t)(letters - 1);
    }
    const uint32_t width = letters > 2 ? vitrine_log2(letters - 1) + 1 : 1;
    vitrine_bit_writer to = {out == NULL ? NULL : out + VITRINE_PACKED_HEAD + letters, 0};
    uint32_t before = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t length = offset[i + 1] - offset[i];
        const char *own = text + offset[i];
        vitrine_bits_write(&to, length != before, 1);
        if (length != before) vitrine_bits_write_golomb(&to, length - before - 1, 0);
        if (length > 0) {
            const char *previous = i > 0 ? text + offset[i - 1] : NULL;
            const uint32_t most = i > 0 ? before : 0;
            uint32_t shared = 0;
            while (shared < most && shared + 1 < length && previous[shared] == own[shared]) shared++;
            /* What comes out must not be more than VITRINE_MOST_GROWTH times what went in. */
            const uint32_t least = (length + width - 1) / width;
            if (shared > length - least) shared = length - least;
            vitrine_bits_write_golomb(&to, length - shared - 1, 1);
            for (uint32_t c = shared; c < length; c++)
                vitrine_bits_write(&to, index[(uint8_t)own[c]], width);
        }
        before = length;
    }
    return VITRINE_PACKED_HEAD + letters + vitrine_bits_bytes(&to);
}

void vitrine_pack_matrix(const float *matrix, size_t rows, size_t cols, uint8_t *out)
{
    for (size_t r = 0; r < rows; r++) {
        int8_t *q = (int8_t *)out + 2 * rows + r * cols;
        const float scale = vitrine_quantize_row(matrix + r * cols, (uint32_t)cols, q);
        const uint16_t code = vitrine_float16_code(scale);
        out[2 * r] = (uint8_t)code;
        out[2 * r + 1] = (uint8_t)(code >> 8);
    }
}

enum { ROUNDS = 8 };

/* The levels of a table's weights, rising, by the bits of the floats: those of positive floats rise
 * with the value, and evenly within a factor of two, so differences are nearly logarithms. */
typedef struct codebook {
    uint32_t level[256];
    uint32_t levels;
} codebook;

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint32_t nearest(const codebook *book, uint32_t bits)
{
    uint32_t low = 0, high = book->levels - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): middle + 1 < levels */
        if ((book->level[middle] + book->level[middle + 1]) / 2 < bits) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The weights themselves, when there are few enough. */
static bool as_they_are(const vitrine_model_parts *p, uint64_t entries, uint32_t most, codebook *book)
{
    book->levels = 0;
    for (uint64_t e = 0; e < entries; e++) {
        const uint32_t bits = bits_of(p->table_weight[e]);
        uint32_t low = 0, high = book->levels;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (book->level[middle] < bits) low = middle + 1;
            else high = middle;
        }
        if (low < book->levels && book->level[low] == bits) continue;
        if (book->levels == most) return false;
        memmove(book->level + low + 1, book->level + low, (book->levels - low) * sizeof *book->level);
        book->level[low] = bits;
        book->levels++;
    }
    return true;
}

static void find_levels(const vitrine_model_parts *p, uint64_t entries, uint32_t most, codebook *book)
{
    if (as_they_are(p, entries, most, book)) return;
    uint32_t least = UINT32_MAX, largest = 0;
    for (uint64_t e = 0; e < entries; e++) {
        const uint32_t bits = bits_of(p->table_weight[e]);
        if (bits < least) least = bits;
        if (bits > largest) largest = bits;
    }
    book->levels = most;
    for (uint32_t i = 0; i < most; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): most is a power of two, from 2 */
        book->level[i] = least + (uint32_t)((uint64_t)(largest - least) * i / (most - 1));
    for (int round = 0; round <= ROUNDS; round++) {
        uint64_t sum[256] = {0}, count[256] = {0};
        for (uint64_t e = 0; e < entries; e++) {
            const uint32_t bits = bits_of(p->table_weight[e]), at = nearest(book, bits);
            sum[at] += bits;
            count[at]++;
        }
        /* A level that nothing is near to goes; the last round moves none, so that all are in use. */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < book->levels; i++)
            if (count[i] > 0)
                book->level[kept++] =
                    round < ROUNDS ? (uint32_t)(sum[i] / count[i]) : book->level[i];
        book->levels = kept;
    }
}

/* Numbers below `places`, rising: gap after gap. */
static void write_gap(vitrine_bit_writer *to, uint32_t value, uint32_t *next, uint32_t places,
                      uint32_t left)
{
    vitrine_bits_write_rice(to, value - *next, vitrine_gap_bits(places - *next, left));
    *next = value + 1;
}

size_t vitrine_pack_table(const vitrine_model_parts *p, uint8_t *out)
{
    const uint32_t items = p->config.items, bits = p->table_bits > 0 ? p->table_bits : 8;
    const uint64_t entries = p->table_offset[items];
    const size_t head = 4 + ((size_t)4 << bits);
    codebook book;
    find_levels(p, entries, 1u << bits, &book);
    if (out != NULL) {
        put_u32(out, bits);
        for (uint32_t i = 0; i < book.levels; i++) put_u32(out + 4 + 4 * i, book.level[i]);
    }
    vitrine_bit_writer to = {out == NULL ? NULL : out + head, 0};
    for (uint32_t i = 0; i < items; i++) {
        const uint64_t start = p->table_offset[i], end = p->table_offset[i + 1];
        uint32_t next = 0;
        vitrine_bits_write_golomb(&to, (uint32_t)(end - start), 2);
        for (uint64_t e = start; e < end; e++) {
            write_gap(&to, p->table_neighbour[e], &next, items, (uint32_t)(end - e));
            vitrine_bits_write(&to, nearest(&book, bits_of(p->table_weight[e])), bits);
        }
    }
    return head + vitrine_bits_bytes(&to);
}

size_t vitrine_pack_attributes(const vitrine_model_parts *p, uint8_t *out)
{
    const uint32_t items = p->config.items;
    vitrine_bit_writer to = {out == NULL ? NULL : out + 4, 0};
    if (out != NULL) put_u32(out, p->attr_offset[items]);
    for (uint32_t i = 0; i < items; i++) {
        const uint32_t start = p->attr_offset[i], end = p->attr_offset[i + 1];
        uint32_t next = 0;
        vitrine_bits_write_golomb(&to, end - start, 2);
        for (uint32_t e = start; e < end; e++)
            write_gap(&to, p->attr_index[e], &next, p->config.attributes, end - e);
    }
    return 4 + vitrine_bits_bytes(&to);
}
