#include "cli/bench_model.h"

#include <stdio.h>
#include <stdlib.h>
#include "model/model_writer.h"
#include "model/row_layout.h"
#include "train/random.h"
#include "vitrine/rank.h"

/* A float around 0 with about this deviation: the sum of four uniform numbers. */
static float noise(uint64_t *drawn, float deviation)
{
    const uint64_t bits = vitrine_random(1, (*drawn)++);
    float sum = 0.0f;
    for (int part = 0; part < 4; part++) sum += (float)((bits >> (16 * part)) & 0xffff) / 65536.0f;
    return (sum - 2.0f) * 1.732f * deviation;
}

/* Fills floats [count] from *at on, and moves *at behind them. */
static const float *take_noise(float **at, size_t count, float deviation, uint64_t *drawn)
{
    float *const start = *at;
    for (size_t n = 0; n < count; n++) start[n] = noise(drawn, deviation);
    *at += count;
    return start;
}

/* The file with its rows split, in place of the one given; null when memory is out. */
static void *split_rows(void *bytes, size_t *size)
{
    const vitrine_model *model = NULL;
    vitrine_fault fault;
    size_t need = 0, written = 0;
    const size_t bound = vitrine_row_layout_bound(*size);
    void *out = aligned_alloc(64, (bound + 64) / 64 * 64), *mem = NULL;
    bool made = out != NULL && vitrine_model_size(bytes, *size, &need, &fault) == VITRINE_OK &&
                (mem = aligned_alloc(64, (need + 64) / 64 * 64)) != NULL &&
                vitrine_model_open(mem, need, bytes, *size, &model, &fault) == VITRINE_OK &&
                vitrine_model_lay_out(model, bytes, *size, true, out, bound, &written, &fault) == VITRINE_OK;
    free(mem);
    free(bytes);
    if (!made) {
        free(out);
        return NULL;
    }
    *size = written;
    return out;
}

bool bench_model(uint32_t items, uint32_t dim, uint32_t precision, bool split, void **made, size_t *size)
{
    vitrine_kind_weight kinds[VITRINE_EVENT_KINDS];
    uint64_t drawn = 0;
    for (int k = 0; k < VITRINE_EVENT_KINDS; k++)
        kinds[k] = (vitrine_kind_weight){ .weight = 1.0f, .steps = 1 };
    const size_t matrix = (size_t)items * dim, gates = 4 * (size_t)dim * dim;
    float *numbers = malloc((matrix + 2 * (size_t)items + 2 * gates + 6 * (size_t)dim) * sizeof *numbers);
    uint32_t *offset = malloc(((size_t)items + 1) * sizeof *offset);
    char *ids = malloc((size_t)items * 10 + 1);
    void *bytes = NULL;
    if (numbers == NULL || offset == NULL || ids == NULL) goto done;
    offset[0] = 0;
    for (uint32_t i = 0; i < items; i++)
        offset[i + 1] = offset[i] + (uint32_t)snprintf(ids + offset[i], 11, "%u", i);

    float *at = numbers;
    vitrine_model_parts parts = {
        .config = { .items = items, .dim = dim,
                    .net = { .cell = VITRINE_CELL_LSTM, .input = dim, .hidden = dim, .dim = dim,
                             .flags = VITRINE_NET_TIED },
                    .tail = 50, .item_decay = 4.0f, .attr_decay = 4.0f, .content_power = 1,
                    .numeric_deviation = { 1.0f, 1.0f } },
        .version = 1, .id_offset = offset, .id_bytes = ids, .kinds = kinds,
    };
    vitrine_config_set_precision(&parts.config, precision, true);
    parts.item = take_noise(&at, matrix, 0.1f, &drawn);
    parts.bias = take_noise(&at, items, 0.1f, &drawn);
    parts.cell_w = take_noise(&at, gates, 0.1f, &drawn);
    parts.cell_u = take_noise(&at, gates, 0.1f, &drawn);
    parts.cell_b = take_noise(&at, 4 * (size_t)dim, 0.1f, &drawn);
    for (uint32_t i = 0; i < items; i++) at[i] = 1.0f / (float)items;
    parts.popularity = at;
    float fuse[VITRINE_CONTEXTS * VITRINE_PARTS] = {0};
    for (int c = 0; c < VITRINE_CONTEXTS; c++) fuse[c * VITRINE_PARTS + VITRINE_PART_NETWORK] = 1.0f;
    parts.fuse = fuse;

    vitrine_fault fault;
    const size_t bound = vitrine_model_write_bound(&parts);
    bytes = aligned_alloc(64, (bound + 64) / 64 * 64);
    if (bytes != NULL && vitrine_model_write(&parts, bytes, bound, size, &fault) != VITRINE_OK) {
        free(bytes);
        bytes = NULL;
    }
    if (bytes != NULL && split) bytes = split_rows(bytes, size);
done:
    free(numbers);
    free(offset);
    free(ids);
    *made = bytes;
    return bytes != NULL;
}
