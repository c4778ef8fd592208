#include "model/intent.h"

#include <string.h>
#include "base/reader.h"
#include "base/writer.h"
#include "nn/cells.h"

enum { HEAD = 32, GATES = 4 };

#define LARGEST 1e6f
#define LONGEST_GAP (30u * 86400u)

size_t vitrine_intent_size(uint32_t hidden)
{
    const size_t rows = GATES * (size_t)hidden;
    return HEAD + (3 * rows + hidden) * sizeof(float) + (VITRINE_INTENT_INPUTS + hidden) * rows;
}

/* A matrix [rows][cols] as bytes by columns, and the scale of each row. */
static void write_matrix(const float *matrix, size_t rows, size_t cols, float *scale, int8_t *out)
{
    for (size_t r = 0; r < rows; r++) {
        float largest = 0.0f;
        for (size_t c = 0; c < cols; c++) {
            const float size = matrix[r * cols + c] < 0.0f ? -matrix[r * cols + c] : matrix[r * cols + c];
            if (size > largest) largest = size;
        }
        scale[r] = largest / 127.0f;
        for (size_t c = 0; c < cols; c++) {
            /* Adding and taking away 1.5 * 2^23 rounds to the nearest whole number. */
            const float steps = scale[r] > 0.0f ? matrix[r * cols + c] / scale[r] : 0.0f;
            const float rounded = (steps + 12582912.0f) - 12582912.0f;
            out[c * rows + r] = (int8_t)(rounded > 127.0f ? 127.0f : rounded < -127.0f ? -127.0f : rounded);
        }
    }
}

void vitrine_intent_write(const vitrine_intent_weights *weights, uint8_t *out)
{
    const size_t hidden = weights->hidden, rows = GATES * hidden;
    vitrine_writer to = { out, out + HEAD, true };
    memset(out, 0, vitrine_intent_size(weights->hidden));
    vitrine_write_u32(&to, weights->hidden);
    vitrine_write_u32(&to, VITRINE_INTENT_INPUTS);
    vitrine_write_u32(&to, weights->gap);
    vitrine_write_f32(&to, weights->base);
    vitrine_write_f32(&to, weights->out_bias);
    float *floats = (float *)(void *)(out + HEAD);
    int8_t *bytes = (int8_t *)(floats + 3 * rows + hidden);
    memcpy(floats, weights->bias, rows * sizeof *floats);
    write_matrix(weights->w, rows, VITRINE_INTENT_INPUTS, floats + rows, bytes);
    write_matrix(weights->u, rows, hidden, floats + 2 * rows, bytes + VITRINE_INTENT_INPUTS * rows);
    memcpy(floats + 3 * rows, weights->out, hidden * sizeof *floats);
}

bool vitrine_intent_read(const uint8_t *section, size_t size, vitrine_intent *intent, size_t *offset)
{
    vitrine_reader in = { section, section + size, size >= HEAD };
    *offset = 0;
    if (!in.ok) return false;
    intent->hidden = vitrine_read_u32(&in);
    if (intent->hidden == 0 || intent->hidden > VITRINE_INTENT_MAX_HIDDEN ||
        size != vitrine_intent_size(intent->hidden))
        return false;
    *offset = 4;
    if (vitrine_read_u32(&in) != VITRINE_INTENT_INPUTS) return false;
    *offset = 8;
    intent->gap = vitrine_read_u32(&in);
    if (intent->gap == 0 || intent->gap > LONGEST_GAP) return false;
    *offset = 12;
    intent->base = vitrine_read_f32(&in);
    if (!(intent->base >= 0.0f && intent->base <= 1.0f)) return false;
    *offset = 16;
    intent->out_bias = vitrine_read_f32(&in);
    if (!(intent->out_bias >= -LARGEST && intent->out_bias <= LARGEST)) return false;
    for (*offset = 20; *offset < HEAD; *offset += 4)
        if (vitrine_read_u32(&in) != 0) return false;

    const size_t rows = GATES * (size_t)intent->hidden, count = 3 * rows + intent->hidden;
    const float *floats = (const float *)(const void *)(section + HEAD);
    for (size_t i = 0; i < count; i++, *offset += 4) {
        const bool is_scale = i >= rows && i < 3 * rows;
        if (!(floats[i] >= (is_scale ? 0.0f : -LARGEST) && floats[i] <= LARGEST)) return false;
    }
    intent->bias = floats;
    intent->scale_w = floats + rows;
    intent->scale_u = floats + 2 * rows;
    intent->out = floats + 3 * rows;
    intent->w = (const int8_t *)(floats + count);
    intent->u = intent->w + VITRINE_INTENT_INPUTS * rows;
    return true;
}

/* sum[r] += column after column of bytes times x; x of 0 adds nothing. */
static void add_columns(const int8_t *columns, size_t rows, const float *x, size_t cols, float *sum)
{
    for (size_t c = 0; c < cols; c++) {
        const int8_t *column = columns + c * rows;
        if (x[c] == 0.0f) continue;
        for (size_t r = 0; r < rows; r++) sum[r] += (float)column[r] * x[c];
    }
}

static float within_limit(float c)
{
    if (c > VITRINE_RELU_CELL_LIMIT) return VITRINE_RELU_CELL_LIMIT;
    return c < -VITRINE_RELU_CELL_LIMIT ? -VITRINE_RELU_CELL_LIMIT : c;
}

void vitrine_intent_step(const vitrine_intent *intent, const vitrine_kernels *kernels, const float *x,
                         float *h, float *c)
{
    const size_t H = intent->hidden, rows = GATES * H;
    float sum_w[GATES * VITRINE_INTENT_MAX_HIDDEN], sum_u[GATES * VITRINE_INTENT_MAX_HIDDEN];
    float *gate = sum_w;
    memset(sum_w, 0, rows * sizeof *sum_w);
    memset(sum_u, 0, rows * sizeof *sum_u);
    add_columns(intent->w, rows, x, VITRINE_INTENT_INPUTS, sum_w);
    add_columns(intent->u, rows, h, H, sum_u);
    for (size_t r = 0; r < rows; r++)
        sum_u[r] = sum_w[r] * intent->scale_w[r] + sum_u[r] * intent->scale_u[r] + intent->bias[r];
    kernels->sigmoid(gate, sum_u, 2 * H);
    kernels->sigmoid(gate + 3 * H, sum_u + 3 * H, H);
    for (size_t j = 0; j < H; j++) {
        const float candidate = sum_u[2 * H + j] > 0.0f ? sum_u[2 * H + j] : 0.0f;
        c[j] = within_limit(gate[H + j] * c[j] + gate[j] * candidate);
        h[j] = gate[3 * H + j] * (c[j] > 0.0f ? c[j] : 0.0f);
    }
}

float vitrine_intent_answer(const vitrine_intent *intent, const vitrine_kernels *kernels,
                            const float *h)
{
    const float logit = kernels->dot_f32(intent->out, h, intent->hidden) + intent->out_bias;
    float answer;
    kernels->sigmoid(&answer, &logit, 1);
    return answer;
}
