#include "train/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/random.h"

static int longer_first(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x > y ? -1 : x < y;
}

/* Entries of the `batch` longest sequences: no batch has more. False when memory is out. */
static bool longest_batch(const vitrine_sequences *all, uint32_t batch, uint64_t *entries)
{
    uint32_t *length = malloc(((size_t)all->count + 1) * sizeof *length);
    if (length == NULL) return false;
    for (uint32_t s = 0; s < all->count; s++) length[s] = vitrine_sequence_steps(all, s) + 1;
    qsort(length, all->count, sizeof *length, longer_first);
    *entries = 0;
    for (uint32_t s = 0; s < all->count && s < batch; s++) *entries += length[s];
    free(length);
    return true;
}

/* Shares of the targets, and the distribution that negatives are drawn from. */
static void count_targets(vitrine_rows *r, const vitrine_sequences *training, float power)
{
    double sum = 0.0;
    for (uint32_t s = 0; s < training->count; s++)
        for (uint64_t e = training->start[s] + 1; e < training->start[s + 1]; e++)
            r->popular[training->item[e]] += 1.0;
    for (uint32_t j = 0; j < r->layout->items; j++) {
        sum += pow(r->popular[j], (double)power);
        r->cumulated[j] = sum;
        r->popular[j] /= (double)vitrine_sequences_targets(training);
    }
}

bool vitrine_rows_make(const vitrine_layout *layout, const float *theta,
                       const vitrine_sequences *training, bool sampled, uint32_t batch,
                       uint32_t negatives, float power, bool has_features, vitrine_rows *r)
{
    const size_t items = layout->items, D = layout->shape.dim, I = layout->shape.input;
    const bool untied = layout->rows[VITRINE_SEG_EMBED] > 0;
    uint64_t entries;
    *r = (vitrine_rows){ .layout = layout, .theta = theta, .sampled = sampled, .corrects = true,
                         .negatives = negatives, .most = layout->items };
    if (!longest_batch(training, batch, &entries)) return false;
    if (sampled && entries + negatives < items) r->most = (uint32_t)(entries + negatives);
    if (sampled || has_features) {
        r->item = malloc(r->most * D * sizeof *r->item);
        if (r->item == NULL) return false;
    }
    if (sampled) {
        r->cumulated = malloc(items * sizeof *r->cumulated);
        r->popular = calloc(items, sizeof *r->popular);
        r->row = malloc(r->most * sizeof *r->row);
        r->row_of = malloc(items * sizeof *r->row_of);
        r->bias = malloc(r->most * sizeof *r->bias);
        r->correction = malloc(r->most * sizeof *r->correction);
        if (r->cumulated == NULL || r->popular == NULL || r->row == NULL || r->row_of == NULL ||
            r->bias == NULL || r->correction == NULL)
            return false;
        count_targets(r, training, power);
        for (size_t j = 0; j < items; j++) r->row_of[j] = VITRINE_NO_ROW;
    }
    if (untied) {
        const size_t most = entries < items ? (size_t)entries : items;
        r->embed_row = malloc((most + 1) * sizeof *r->embed_row);
        r->embed_row_of = malloc(items * sizeof *r->embed_row_of);
        r->embed = malloc((most + 1) * I * sizeof *r->embed);
        if (r->embed_row == NULL || r->embed_row_of == NULL || r->embed == NULL) return false;
        for (size_t j = 0; j < items; j++) r->embed_row_of[j] = VITRINE_NO_ROW;
    }
    return true;
}

void vitrine_rows_free(vitrine_rows *r)
{
    void *const owned[] = { r->cumulated, r->popular, r->row, r->row_of, r->item, r->bias,
                            r->correction, r->embed_row, r->embed_row_of, r->embed };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
    *r = (vitrine_rows){ 0 };
}

static uint32_t draw(const vitrine_rows *r, uint64_t bits)
{
    const double at = vitrine_random_unit(bits) * r->cumulated[r->layout->items - 1];
    uint32_t low = 0, high = r->layout->items - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (r->cumulated[middle] <= at) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void take(uint32_t item, uint32_t *row, uint32_t *row_of, uint32_t *count)
{
    if (row_of[item] != VITRINE_NO_ROW) return;
    row_of[item] = *count;
    row[(*count)++] = item;
}

/* The logit of each candidate is corrected by the logarithm of the chance that it became one (Bengio
 * and Senecal 2008; Yi and others 2019). */
static void sample(vitrine_rows *r, vitrine_batch *batch)
{
    const vitrine_sequences *all = batch->sequences;
    const size_t D = r->layout->shape.dim;
    const float *bias = r->theta + r->layout->offset[VITRINE_SEG_BIAS];
    const double mass = r->cumulated[r->layout->items - 1];
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint64_t e = all->start[batch->sequence[i]] + 1; e < all->start[batch->sequence[i] + 1]; e++)
            take(all->item[e], r->row, r->row_of, &batch->rows);
    for (uint32_t n = 0; n < r->negatives; n++)
        take(draw(r, vitrine_random(batch->key, n)), r->row, r->row_of, &batch->rows);
    batch->candidates = batch->rows;
    if (r->embed == NULL)
        for (uint32_t i = 0; i < batch->count; i++)
            take(all->item[all->start[batch->sequence[i]]], r->row, r->row_of, &batch->rows);
    for (uint32_t n = 0; n < batch->rows; n++) {
        const uint32_t item = r->row[n];
        memcpy(r->item + n * D, r->theta + item * D, D * sizeof(float));
        if (n >= batch->candidates) continue;
        const double before = item > 0 ? r->cumulated[item - 1] : 0.0;
        const double expected = (double)batch->targets * r->popular[item] +
                                r->negatives * (r->cumulated[item] - before) / mass;
        r->bias[n] = bias[item];
        r->correction[n] = (float)-log(-expm1(-expected));
    }
    batch->row = r->row;
    batch->row_of = r->row_of;
    batch->item = r->item;
    batch->bias = r->bias;
    batch->correction = r->corrects ? r->correction : NULL;
}

static void gather_inputs(vitrine_rows *r, vitrine_batch *batch)
{
    const vitrine_sequences *all = batch->sequences;
    const size_t I = r->layout->shape.input;
    const float *table = r->theta + r->layout->offset[VITRINE_SEG_EMBED];
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint64_t e = all->start[batch->sequence[i]]; e + 1 < all->start[batch->sequence[i] + 1]; e++)
            take(all->item[e], r->embed_row, r->embed_row_of, &batch->embed_rows);
    for (uint32_t n = 0; n < batch->embed_rows; n++)
        memcpy(r->embed + n * I, table + r->embed_row[n] * I, I * sizeof(float));
    batch->embed = r->embed;
    batch->embed_row = r->embed_row;
    batch->embed_row_of = r->embed_row_of;
}

void vitrine_rows_enter(vitrine_rows *r, vitrine_batch *batch)
{
    if (r->embed != NULL) gather_inputs(r, batch);
    if (r->sampled) {
        sample(r, batch);
    } else {
        batch->rows = batch->candidates = r->layout->items;
        batch->item = r->theta;
        batch->bias = r->theta + r->layout->offset[VITRINE_SEG_BIAS];
    }
    if (r->features == NULL) return;
    if (batch->row == NULL) {
        memcpy(r->item, r->theta, (size_t)batch->rows * r->layout->shape.dim * sizeof *r->item);
        batch->item = r->item;
    }
    vitrine_feature_net_forward(r->features, batch->row, batch->rows, true, ~batch->key, r->item);
}

void vitrine_rows_leave(vitrine_rows *r, const vitrine_batch *batch)
{
    for (uint32_t n = 0; batch->row != NULL && n < batch->rows; n++)
        r->row_of[r->row[n]] = VITRINE_NO_ROW;
    for (uint32_t n = 0; n < batch->embed_rows; n++)
        r->embed_row_of[r->embed_row[n]] = VITRINE_NO_ROW;
}
