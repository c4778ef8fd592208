#include "train/pass_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "nn/layer_norm.h"
#include "train/losses.h"
#include "train/random.h"

/* Places every array; with memory null it only measures. */
static size_t place(vitrine_pass *p, char *memory)
{
    const vitrine_network_shape *s = &p->layout->shape;
    const size_t gates = (size_t)vitrine_cell_gates(s->cell) * s->hidden;
    const size_t n = p->options.sequences, steps = p->options.bptt, P = n * steps;
    const size_t ranked = p->layout->items < RANK_ITEMS ? p->layout->items : RANK_ITEMS;
    const size_t most = p->options.most_rows > ranked ? p->options.most_rows : ranked;
    const size_t wide = LOSS_ROWS * most;
    const size_t H = s->hidden, D = s->dim, I = s->input;
    const size_t embed = p->layout->rows[VITRINE_SEG_EMBED] > 0 ? p->options.most_rows * I : 0;
    struct {
        void *slot;
        size_t bytes;
    } list[] = {
        { &p->sequence, n * 4 }, { &p->running, (steps + 1) * 4 }, { &p->start, (steps + 1) * 4 },
        { &p->input, P * 4 }, { &p->target, P * 4 }, { &p->order, P * 4 }, { &p->kind, P },
        { &p->gap, P },
        { &p->x, P * I * 4 }, { &p->mask_x, P * I * 4 }, { &p->gate, P * gates * 4 },
        { &p->recurrent, P * H * 4 }, { &p->h, P * H * 4 }, { &p->before, P * H * 4 },
        { &p->c, P * H * 4 }, { &p->c_before, P * H * 4 }, { &p->unit, P * D * 4 },
        { &p->inverse, P * 4 }, { &p->q, P * D * 4 }, { &p->mask_q, P * D * 4 },
        { &p->state_h, n * H * 4 }, { &p->state_c, n * H * 4 }, { &p->d_q, P * D * 4 },
        { &p->d_z, P * D * 4 }, { &p->d_h, P * H * 4 }, { &p->d_x, P * I * 4 },
        { &p->d_gate, P * gates * 4 }, { &p->d_sums, P * gates * 4 }, { &p->carry_h, n * H * 4 },
        { &p->carry_c, n * H * 4 }, { &p->product, n * gates * 4 }, { &p->logit, wide * 4 },
        { &p->offset, most * 4 },
        { &p->scratch, p->options.loss == VITRINE_PASS_SOFTMAX ? 0 : most * 8 }, { &p->truth, LOSS_ROWS * 4 }, { &p->better, LOSS_ROWS * 4 },
        { &p->gradient.item, p->options.most_rows * D * 4 },
        { &p->gradient.bias, p->options.most_rows * (size_t)4 }, { &p->gradient.embed, embed * 4 },
        { &p->gradient.rest, vitrine_layout_rest(p->layout) * 4 },
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (memory != NULL) {
            void *at = memory + used;
            memcpy(list[i].slot, &at, sizeof at);
        }
        used += (list[i].bytes + 63) / 64 * 64 + 64;
    }
    return used;
}

vitrine_pass *vitrine_pass_create(const vitrine_layout *layout, const float *theta,
                                  const vitrine_pass_options *options)
{
    vitrine_pass *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    p->layout = layout;
    p->theta = theta;
    p->kernels = vitrine_kernels_best();
    p->loops = vitrine_loops_best();
    p->options = *options;
    const size_t need = place(p, NULL);
    p->block = aligned_alloc(64, (need + 63) / 64 * 64);
    if (p->block == NULL) {
        free(p);
        return NULL;
    }
    memset(p->block, 0, need);
    (void)place(p, p->block);
    return p;
}

void vitrine_pass_destroy(vitrine_pass *p)
{
    if (p == NULL) return;
    free(p->block);
    free(p);
}

vitrine_gradient *vitrine_pass_gradient(vitrine_pass *p)
{
    return &p->gradient;
}

void vitrine_pass_choose(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step)
{
    p->count = 0;
    for (uint32_t i = own; i < batch->count; i += step) {
        const uint32_t steps = vitrine_sequence_steps(batch->sequences, batch->sequence[i]);
        uint32_t at = p->count++;
        while (at > 0 && vitrine_sequence_steps(batch->sequences, p->sequence[at - 1]) < steps) {
            p->sequence[at] = p->sequence[at - 1];
            at--;
        }
        p->sequence[at] = batch->sequence[i];
    }
    memset(p->state_h, 0, (size_t)p->count * p->layout->shape.hidden * sizeof(float));
    memset(p->state_c, 0, (size_t)p->count * p->layout->shape.hidden * sizeof(float));
}

/* Inverted dropout: kept units are scaled up, so the device needs no change. Four units a number. */
static void dropout(float *mask, size_t width, float p, uint64_t key)
{
    const uint32_t limit = (uint32_t)(p * 65536.0f);
    const float kept = 1.0f / (1.0f - (float)limit / 65536.0f);
    for (size_t i = 0; i < width; i += 4) {
        uint64_t bits = vitrine_random(key, i);
        for (size_t j = i; j < width && j < i + 4; j++, bits >>= 16)
            mask[j] = (bits & 0xffff) < limit ? 0.0f : kept;
    }
}

bool vitrine_pass_load_chunk(vitrine_pass *p, const vitrine_batch *batch)
{
    const vitrine_sequences *all = batch->sequences;
    p->steps = p->positions = 0;
    for (uint32_t t = 0; t < p->options.bptt; t++) {
        uint32_t running = 0;
        while (running < p->count &&
               vitrine_sequence_steps(all, p->sequence[running]) > p->first + t)
            running++;
        if (running == 0) break;
        p->start[t] = p->positions;
        p->running[t] = running;
        for (uint32_t n = 0; n < running; n++) {
            const uint64_t at = all->start[p->sequence[n]] + p->first + t;
            const uint32_t i = p->positions++;
            const uint32_t item = all->item[at], next = all->item[at + 1];
            p->order[i] = n;
            p->kind[i] = all->kind[at];
            p->gap[i] = all->gap[at];
            const uint32_t *row_of = batch->embed != NULL ? batch->embed_row_of : batch->row_of;
            p->input[i] = row_of != NULL ? row_of[item] : item;
            p->target[i] = batch->row_of != NULL ? batch->row_of[next] : next;
        }
        p->steps++;
    }
    return p->positions > 0;
}

void vitrine_pass_load_inputs(vitrine_pass *p, const vitrine_batch *batch, bool training)
{
    const size_t I = p->layout->shape.input, D = p->layout->shape.dim;
    const float *table = batch->embed != NULL ? batch->embed : batch->item;
    const bool has_gaps = vitrine_pass_has(p, VITRINE_NET_GAP);
    const bool drops_x = training && p->options.dropout_input > 0.0f;
    const bool drops_q = training && p->options.dropout_output > 0.0f;
    for (uint32_t t = 0, i = 0; t < p->steps; t++)
        for (uint32_t n = 0; n < p->running[t]; n++, i++) {
            const float *e = table + p->input[i] * I;
            const float *k = vitrine_pass_weights(p, VITRINE_SEG_KIND) + p->kind[i] * I;
            float *x = p->x + i * I;
            const uint64_t key =
                vitrine_random(vitrine_random(batch->key, p->sequence[n]), p->first + t);
            for (size_t j = 0; j < I; j++) x[j] = e[j] + k[j];
            if (has_gaps) {
                const float *g = vitrine_pass_weights(p, VITRINE_SEG_KIND) + (VITRINE_EVENT_KINDS + p->gap[i]) * I;
                for (size_t j = 0; j < I; j++) x[j] += g[j];
            }
            if (drops_x) {
                float *mask = p->mask_x + i * I;
                dropout(mask, I, p->options.dropout_input, key);
                for (size_t j = 0; j < I; j++) x[j] *= mask[j];
            }
            if (drops_q) dropout(p->mask_q + i * D, D, p->options.dropout_output, ~key);
        }
}

void vitrine_pass_run_query(vitrine_pass *p, bool training)
{
    const size_t H = p->layout->shape.hidden, I = p->layout->shape.input, D = p->layout->shape.dim;
    const size_t n = p->positions;
    if (vitrine_pass_has(p, VITRINE_NET_OUT))
        p->options.matmul(n, D, H, vitrine_as_is(p->h, H),
                          vitrine_turned(vitrine_pass_weights(p, VITRINE_SEG_OUT_W), H), 0.0f, p->q, D);
    else
        memcpy(p->q, p->h, n * D * sizeof(float));
    if (vitrine_pass_has(p, VITRINE_NET_SKIP))
        p->options.matmul(n, D, I, vitrine_as_is(p->x, I),
                          vitrine_turned(vitrine_pass_weights(p, VITRINE_SEG_SKIP_W), I), 1.0f, p->q, D);
    if (vitrine_pass_has(p, VITRINE_NET_NORM)) {
        const float *gain = vitrine_pass_weights(p, VITRINE_SEG_NORM_GAIN);
        const float *bias = vitrine_pass_weights(p, VITRINE_SEG_NORM_BIAS);
        for (size_t i = 0; i < n; i++) {
            float *q = p->q + i * D, *unit = p->unit + i * D;
            const float mean = p->kernels->sum(q, D) / (float)D;
            for (size_t j = 0; j < D; j++) unit[j] = q[j] - mean;
            const float variance = p->kernels->dot_f32(unit, unit, D) / (float)D;
            p->inverse[i] = 1.0f / sqrtf(variance + VITRINE_LAYER_NORM_EPSILON);
            for (size_t j = 0; j < D; j++) {
                unit[j] *= p->inverse[i];
                q[j] = gain[j] * unit[j] + bias[j];
            }
        }
    }
    if (training && p->options.dropout_output > 0.0f)
        for (size_t i = 0; i < n * D; i++) p->q[i] *= p->mask_q[i];
}

void vitrine_pass_run_logits(vitrine_pass *p, const vitrine_batch *batch, const float *q, uint32_t n,
                       uint32_t first, uint32_t width)
{
    const size_t D = p->layout->shape.dim;
    p->options.matmul(n, width, D, vitrine_as_is(q, D), vitrine_turned(batch->item + first * D, D),
                      0.0f, p->logit, width);
}

/* The loss of one position, whose logits x [candidates] become their slopes times `scale`; adds these
 * to the gradient of the biases. */
static double loss_of(vitrine_pass *p, const vitrine_batch *batch, float *x, uint32_t target,
                      float scale)
{
    const size_t C = batch->candidates;
    float most;
    if (p->options.loss == VITRINE_PASS_SOFTMAX) {
        const float truth = x[target] + p->offset[target];
        const float sum = p->loops->softmax(x, p->offset, &most, C);
        p->loops->spread(x, scale / sum, p->gradient.bias, C);
        x[target] -= scale;
        p->gradient.bias[target] -= scale;
        return log((double)sum) + (double)(most - truth);
    }
    p->loops->add(x, p->offset, C);
    const double loss =
        p->options.loss == VITRINE_PASS_BPR_MAX
            ? vitrine_loss_bpr_max(p->kernels, x, target, C, p->options.loss_weight, p->scratch)
            : vitrine_loss_gbce(p->kernels, x, target, C,
                                vitrine_gbce_beta(C, p->layout->items, p->options.loss_weight),
                                p->scratch);
    p->loops->spread(x, scale, p->gradient.bias, C);
    return loss;
}

/* Leaves d_q, and adds to the gradients of item rows and biases. */
static double run_loss(vitrine_pass *p, const vitrine_batch *batch)
{
    const size_t D = p->layout->shape.dim, C = batch->candidates;
    const float scale = 1.0f / (float)batch->targets;
    double loss = 0.0;
    for (uint32_t from = 0; from < p->positions; from += LOSS_ROWS) {
        const uint32_t left = p->positions - from, n = left < LOSS_ROWS ? left : LOSS_ROWS;
        vitrine_pass_run_logits(p, batch, p->q + from * D, n, 0, batch->candidates);
        for (uint32_t i = 0; i < n; i++)
            loss += loss_of(p, batch, p->logit + i * C, p->target[from + i], scale);
        p->options.matmul(n, D, C, vitrine_as_is(p->logit, C), vitrine_as_is(batch->item, D), 0.0f,
                          p->d_q + from * D, D);
        p->options.matmul(C, D, n, vitrine_turned(p->logit, C), vitrine_as_is(p->q + from * D, D),
                          1.0f, p->gradient.item, D);
    }
    return loss;
}

/* From d_q to d_z: back through dropout and LayerNorm. */
static void back_query(vitrine_pass *p)
{
    const size_t D = p->layout->shape.dim, n = p->positions;
    if (p->options.dropout_output > 0.0f)
        for (size_t i = 0; i < n * D; i++) p->d_q[i] *= p->mask_q[i];
    if (!vitrine_pass_has(p, VITRINE_NET_NORM)) {
        memcpy(p->d_z, p->d_q, n * D * sizeof(float));
        return;
    }
    const float *gain = vitrine_pass_weights(p, VITRINE_SEG_NORM_GAIN);
    float *d_gain = vitrine_pass_slope(p, VITRINE_SEG_NORM_GAIN), *d_bias = vitrine_pass_slope(p, VITRINE_SEG_NORM_BIAS);
    for (size_t i = 0; i < n; i++) {
        const float *unit = p->unit + i * D;
        float *d = p->d_q + i * D, *dz = p->d_z + i * D;
        for (size_t j = 0; j < D; j++) {
            d_gain[j] += d[j] * unit[j];
            d_bias[j] += d[j];
            d[j] *= gain[j];
        }
        const float mean = p->kernels->sum(d, D) / (float)D;
        const float along = p->kernels->dot_f32(d, unit, D) / (float)D;
        for (size_t j = 0; j < D; j++) dz[j] = p->inverse[i] * (d[j] - mean - unit[j] * along);
    }
}

static void back_inputs(vitrine_pass *p, const vitrine_batch *batch)
{
    const size_t I = p->layout->shape.input;
    float *table = batch->embed != NULL ? p->gradient.embed : p->gradient.item;
    if (p->options.dropout_input > 0.0f)
        for (size_t i = 0; i < p->positions * I; i++) p->d_x[i] *= p->mask_x[i];
    for (uint32_t i = 0; i < p->positions; i++) {
        const float *d = p->d_x + i * I;
        float *e = table + p->input[i] * I, *k = vitrine_pass_slope(p, VITRINE_SEG_KIND) + p->kind[i] * I;
        for (size_t j = 0; j < I; j++) {
            e[j] += d[j];
            k[j] += d[j];
        }
        if (!vitrine_pass_has(p, VITRINE_NET_GAP)) continue;
        float *g = vitrine_pass_slope(p, VITRINE_SEG_KIND) + (VITRINE_EVENT_KINDS + p->gap[i]) * I;
        for (size_t j = 0; j < I; j++) g[j] += d[j];
    }
}

static void back_chunk(vitrine_pass *p, const vitrine_batch *batch)
{
    const size_t H = p->layout->shape.hidden, I = p->layout->shape.input, D = p->layout->shape.dim;
    const size_t n = p->positions;
    back_query(p);
    if (vitrine_pass_has(p, VITRINE_NET_SKIP)) {
        p->options.matmul(n, I, D, vitrine_as_is(p->d_z, D),
                          vitrine_as_is(vitrine_pass_weights(p, VITRINE_SEG_SKIP_W), I), 0.0f, p->d_x, I);
        p->options.matmul(D, I, n, vitrine_turned(p->d_z, D), vitrine_as_is(p->x, I), 1.0f,
                          vitrine_pass_slope(p, VITRINE_SEG_SKIP_W), I);
    } else {
        memset(p->d_x, 0, n * I * sizeof(float));
    }
    if (vitrine_pass_has(p, VITRINE_NET_OUT)) {
        p->options.matmul(n, H, D, vitrine_as_is(p->d_z, D),
                          vitrine_as_is(vitrine_pass_weights(p, VITRINE_SEG_OUT_W), H), 0.0f, p->d_h, H);
        p->options.matmul(D, H, n, vitrine_turned(p->d_z, D), vitrine_as_is(p->h, H), 1.0f,
                          vitrine_pass_slope(p, VITRINE_SEG_OUT_W), H);
    } else {
        memcpy(p->d_h, p->d_z, n * H * sizeof(float));
    }
    vitrine_pass_back_cell(p);
    back_inputs(p, batch);
}

double vitrine_pass_train(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step)
{
    const vitrine_network_shape *s = &p->layout->shape;
    double loss = 0.0;
    memset(p->gradient.item, 0, (size_t)batch->rows * s->dim * sizeof(float));
    memset(p->gradient.bias, 0, batch->candidates * sizeof(float));
    memset(p->gradient.embed, 0, (size_t)batch->embed_rows * s->input * sizeof(float));
    memset(p->gradient.rest, 0, vitrine_layout_rest(p->layout) * sizeof(float));
    memcpy(p->offset, batch->bias, batch->candidates * sizeof(float));
    if (batch->correction != NULL) p->loops->add(p->offset, batch->correction, batch->candidates);
    vitrine_pass_choose(p, batch, own, step);
    for (p->first = 0; vitrine_pass_load_chunk(p, batch); p->first += p->options.bptt) {
        vitrine_pass_load_inputs(p, batch, true);
        vitrine_pass_run_cell(p);
        vitrine_pass_run_query(p, true);
        loss += run_loss(p, batch);
        back_chunk(p, batch);
    }
    return loss;
}
