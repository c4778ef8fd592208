#include "model/packed.h"

#include <string.h>

#include "base/strings.h"
#include "kernels/bytes.h"
#include "kernels/panels.h"

static uint32_t u32_at(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

bool vitrine_packed_strings_size(const uint8_t *section, size_t size, uint32_t *bytes)
{
    *bytes = 0;
    if (size < VITRINE_PACKED_HEAD || size > VITRINE_MOST_BIT_BYTES) return false;
    *bytes = u32_at(section);
    return *bytes <= size * VITRINE_MOST_GROWTH;
}

uint32_t vitrine_packed_stretches(uint32_t count, uint32_t bytes)
{
    uint32_t lengths = 1; /* 0, 1, 2, ... in turn would take the fewest bytes */
    for (uint64_t least = 1; lengths < count && least <= bytes; least += ++lengths) continue;
    return lengths;
}

bool vitrine_packed_strings(const uint8_t *section, size_t size, uint32_t count, vitrine_stretch *stretch,
                            char *bytes, vitrine_strings *out)
{
    uint32_t total;
    if (!vitrine_packed_strings_size(section, size, &total)) return false;
    const uint32_t letters = section[4] + 1u, width = letters > 2 ? vitrine_log2(letters - 1) + 1 : 1;
    const uint8_t *letter = section + VITRINE_PACKED_HEAD;
    if (size - VITRINE_PACKED_HEAD < letters) return false;
    vitrine_bits in = vitrine_bits_of(letter + letters, size - VITRINE_PACKED_HEAD - letters);

    uint32_t length = UINT32_MAX, before = 0; /* of this one; of the one before */
    uint32_t start = 0, stretches = 0;
    for (uint32_t i = 0; i < count; i++) {
        const bool longer = vitrine_bits_read(&in, 1) != 0;
        if (longer) length += vitrine_bits_golomb(&in, 0) + 1;
        const uint32_t own = length > 0 ? vitrine_bits_golomb(&in, 1) + 1 : 0;
        if (!in.ok || (i == 0 && !longer) || own > length || length - own > before ||
            length > total - start)
            return false;
        if (longer) stretch[stretches++] = (vitrine_stretch){i, start, length};
        char *text = bytes + start;
        const char *previous = text - before;
        const uint32_t shared = length - own;
        memcpy(text, previous, shared);
        for (uint32_t c = shared; c < length; c++) {
            const uint32_t index = vitrine_bits_read(&in, width);
            if (index >= letters) return false;
            text[c] = (char)letter[index];
        }
        if (!longer && vitrine_bytes_order(previous + shared, text + shared, own) >= 0) return false;
        start += length;
        before = length;
    }
    *out = (vitrine_strings){NULL, bytes, count, stretches, stretch};
    return in.ok && start == total && in.end - in.at < 8;
}

static uint16_t code_of(const uint8_t *section, size_t r)
{
    return (uint16_t)(section[2 * r] | (unsigned)section[2 * r + 1] << 8);
}

bool vitrine_packed_fits(const uint8_t *section, size_t rows, size_t cols)
{
    bool fits = !vitrine_bytes_hold(section + 2 * rows, rows * cols, 128);
    for (size_t r = 0; r < rows; r++) fits &= code_of(section, r) <= vitrine_float16_floor(VITRINE_LARGEST / 127.0f);
    return fits;
}

void vitrine_packed_row(const uint8_t *section, size_t rows, size_t cols, size_t r, float *out, size_t step)
{
    const float scale = vitrine_float16(code_of(section, r));
    const int8_t *q = (const int8_t *)section + 2 * rows + r * cols;
    for (size_t c = 0; c < cols; c++) out[c * step] = (float)q[c] * scale;
}

bool vitrine_packed_matrix(const uint8_t *section, size_t rows, size_t cols, bool panels, float *out)
{
    if (!vitrine_packed_fits(section, rows, cols)) return false;
    if (panels) memset(out, 0, vitrine_panels_f32_count(rows, cols) * sizeof *out);
    for (size_t r = 0; r < rows; r++) {
        const size_t at = r / VITRINE_PANEL * cols * VITRINE_PANEL + r % VITRINE_PANEL;
        vitrine_packed_row(section, rows, cols, r, out + (panels ? at : r * cols), panels ? VITRINE_PANEL : 1);
    }
    return true;
}

bool vitrine_packed_panels(const uint8_t *section, size_t rows, size_t cols, int8_t *panels, float *scale,
                           int32_t *row_sum)
{
    const size_t padded = vitrine_padded_rows(rows), width = vitrine_padded_cols_q8(cols);
    int32_t square[VITRINE_PANEL];
    if (!vitrine_packed_fits(section, rows, cols)) return false;
    memset(panels, 0, vitrine_panels_q8_count(rows, cols));
    memset(scale, 0, padded * sizeof *scale);
    for (size_t r = 0; r < rows; r++) {
        vitrine_panels_put_row_q8(panels, (const int8_t *)section + 2 * rows + r * cols, r, cols);
        scale[r] = vitrine_float16(code_of(section, r));
    }
    for (size_t base = 0; base < padded; base += VITRINE_PANEL)
        (void)vitrine_panel_totals_q8(panels + base * width, cols, row_sum + base, square);
    return true;
}
