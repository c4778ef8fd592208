#include "train/pass.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "nn/cells.h"
#include "nn/layer_norm.h"
#include "train/loops.h"
#include "train/losses.h"
#include "train/random.h"

/* Logits of so many positions at a time, and when ranking of so many items: they should stay in
 * cache. */
enum { LOSS_ROWS = 128, RANK_ITEMS = 4096 };

struct vitrine_pass {
    const vitrine_layout *layout;
    const float *theta;
    const vitrine_kernels *kernels;
    const vitrine_loops *loops;
    vitrine_pass_options options;
    vitrine_gradient gradient;

    /* The sequences in work, longest first. */
    uint32_t count;
    uint32_t *sequence; /* [options.sequences] */

    /* The chunk: step t is positions start[t] .. start[t] + running[t]. */
    uint32_t first; /* step of the sequences that it begins with */
    uint32_t steps, positions;
    uint32_t *running, *start;        /* [bptt + 1] */
    uint32_t *input, *target, *order; /* [P] compact row of the input, of the target; sequence's place */
    uint8_t *kind;                    /* [P] */

    float *x, *mask_x;       /* [P][input] after dropout; the mask */
    float *gate;             /* [P][gates*hidden] after their activations */
    float *recurrent;        /* [P][hidden] GRU: U_n h + c_n; LSTM: a(c') */
    float *h, *before;       /* [P][hidden] state after and before the step */
    float *c, *c_before;     /* [P][hidden] LSTM */
    float *unit, *inverse;   /* [P][dim] normalised z; [P] 1 / deviation */
    float *q, *mask_q;       /* [P][dim] */
    float *state_h, *state_c; /* [sequences][hidden] carried over */

    float *d_q, *d_z;       /* [P][dim] */
    float *d_h, *d_x;       /* [P][hidden], [P][input] */
    float *d_gate, *d_sums; /* [P][gates*hidden] by the input half, by the recurrent half */
    float *carry_h, *carry_c, *product; /* [sequences][hidden], same, [sequences][gates*hidden] */
    float *logit;           /* [LOSS_ROWS][most_rows or RANK_ITEMS] without the bias */
    float *scratch;         /* [2 * most_rows] of losses.h */
    float *offset;          /* [most_rows] bias and correction of the batch's candidates */
    float *truth;           /* [LOSS_ROWS] the target's logit */
    uint32_t *better;       /* [LOSS_ROWS] items that stand before it */
    void *block;            /* all of the above */
};

static const float *weights(const vitrine_pass *p, vitrine_segment segment)
{
    return p->theta + p->layout->offset[segment];
}

static float *slope(const vitrine_pass *p, vitrine_segment segment)
{
    return p->gradient.rest + (p->layout->offset[segment] - p->layout->offset[VITRINE_SEG_KIND]);
}

static bool has(const vitrine_pass *p, unsigned flag)
{
    return (p->layout->shape.flags & flag) != 0;
}

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

/* Which sequences, longest first; equal ones keep their order. */
static void choose(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step)
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

/* Packs the chunk that begins at step p->first. False when every sequence has ended. */
static bool load_chunk(vitrine_pass *p, const vitrine_batch *batch)
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
            const uint32_t *row_of = batch->embed != NULL ? batch->embed_row_of : batch->row_of;
            p->input[i] = row_of != NULL ? row_of[item] : item;
            p->target[i] = batch->row_of != NULL ? batch->row_of[next] : next;
        }
        p->steps++;
    }
    return p->positions > 0;
}

static void load_inputs(vitrine_pass *p, const vitrine_batch *batch, bool training)
{
    const size_t I = p->layout->shape.input, D = p->layout->shape.dim;
    const float *table = batch->embed != NULL ? batch->embed : batch->item;
    const bool drops_x = training && p->options.dropout_input > 0.0f;
    const bool drops_q = training && p->options.dropout_output > 0.0f;
    for (uint32_t t = 0, i = 0; t < p->steps; t++)
        for (uint32_t n = 0; n < p->running[t]; n++, i++) {
            const float *e = table + p->input[i] * I;
            const float *k = weights(p, VITRINE_SEG_KIND) + p->kind[i] * I;
            float *x = p->x + i * I;
            const uint64_t key =
                vitrine_random(vitrine_random(batch->key, p->sequence[n]), p->first + t);
            for (size_t j = 0; j < I; j++) x[j] = e[j] + k[j];
            if (drops_x) {
                float *mask = p->mask_x + i * I;
                dropout(mask, I, p->options.dropout_input, key);
                for (size_t j = 0; j < I; j++) x[j] *= mask[j];
            }
            if (drops_q) dropout(p->mask_q + i * D, D, p->options.dropout_output, ~key);
        }
}

/* One step of n rows. gate holds the input half of the sums, product the recurrent half. */
static void gru_forward(vitrine_pass *p, uint32_t from, uint32_t n)
{
    const size_t H = p->layout->shape.hidden;
    const float *c = weights(p, VITRINE_SEG_CELL_C);
    for (uint32_t i = 0; i < n; i++) {
        float *g = p->gate + (from + i) * 3 * H, *back = p->product + i * 3 * H;
        float *rec = p->recurrent + (from + i) * H, *h = p->h + (from + i) * H;
        const float *h0 = p->before + (from + i) * H;
        for (size_t j = 0; j < 2 * H; j++) back[j] += g[j];
        p->kernels->sigmoid(g, back, 2 * H);
        for (size_t j = 0; j < H; j++) rec[j] = back[2 * H + j] + c[j];
        for (size_t j = 0; j < H; j++) back[j] = g[2 * H + j] + g[j] * rec[j];
        p->kernels->tanh(g + 2 * H, back, H);
        for (size_t j = 0; j < H; j++)
            h[j] = (1.0f - g[H + j]) * g[2 * H + j] + g[H + j] * h0[j];
    }
}

static float within_limit(float c)
{
    if (c > VITRINE_RELU_CELL_LIMIT) return VITRINE_RELU_CELL_LIMIT;
    return c < -VITRINE_RELU_CELL_LIMIT ? -VITRINE_RELU_CELL_LIMIT : c;
}

static void lstm_forward(vitrine_pass *p, uint32_t from, uint32_t n)
{
    const size_t H = p->layout->shape.hidden;
    const bool relu = p->layout->shape.cell == VITRINE_CELL_LSTM_RELU;
    for (uint32_t i = 0; i < n; i++) {
        float *g = p->gate + (from + i) * 4 * H, *sum = p->product + i * 4 * H;
        float *c = p->c + (from + i) * H, *a = p->recurrent + (from + i) * H;
        float *h = p->h + (from + i) * H;
        const float *c0 = p->c_before + (from + i) * H;
        for (size_t j = 0; j < 4 * H; j++) sum[j] += g[j];
        p->kernels->sigmoid(g, sum, 2 * H);
        p->kernels->sigmoid(g + 3 * H, sum + 3 * H, H);
        if (relu)
            for (size_t j = 0; j < H; j++) g[2 * H + j] = sum[2 * H + j] > 0.0f ? sum[2 * H + j] : 0.0f;
        else
            p->kernels->tanh(g + 2 * H, sum + 2 * H, H);
        for (size_t j = 0; j < H; j++) c[j] = g[H + j] * c0[j] + g[j] * g[2 * H + j];
        if (relu)
            for (size_t j = 0; j < H; j++) c[j] = within_limit(c[j]), a[j] = c[j] > 0.0f ? c[j] : 0.0f;
        else
            p->kernels->tanh(a, c, H);
        for (size_t j = 0; j < H; j++) h[j] = g[3 * H + j] * a[j];
    }
}

/* The bag: step t of a sequence leaves the mean of its first t + 1 inputs. */
static void run_bag(vitrine_pass *p)
{
    const size_t H = p->layout->shape.hidden;
    for (uint32_t t = 0; t < p->steps; t++) {
        const float count = (float)(p->first + t + 1);
        const size_t at = p->start[t] * H, n = p->running[t] * H;
        for (size_t i = 0; i < n; i++)
            p->state_h[i] += (p->x[at + i] - p->state_h[i]) / count;
        memcpy(p->h + at, p->state_h, n * sizeof(float));
    }
}

static void run_cell(vitrine_pass *p)
{
    const vitrine_network_shape *s = &p->layout->shape;
    if (s->cell == VITRINE_CELL_BAG) {
        run_bag(p);
        return;
    }
    const size_t H = s->hidden, I = s->input, G = vitrine_cell_gates(s->cell) * H;
    const float *b = weights(p, VITRINE_SEG_CELL_B);
    for (uint32_t i = 0; i < p->positions; i++) memcpy(p->gate + i * G, b, G * sizeof *b);
    p->options.matmul(p->positions, G, I, vitrine_as_is(p->x, I),
                      vitrine_turned(weights(p, VITRINE_SEG_CELL_W), I), 1.0f, p->gate, G);
    for (uint32_t t = 0; t < p->steps; t++) {
        const uint32_t n = p->running[t], at = p->start[t];
        memcpy(p->before + at * H, p->state_h, n * H * sizeof(float));
        memcpy(p->c_before + at * H, p->state_c, n * H * sizeof(float));
        p->options.matmul(n, G, H, vitrine_as_is(p->state_h, H),
                          vitrine_turned(weights(p, VITRINE_SEG_CELL_U), H), 0.0f, p->product, G);
        if (s->cell == VITRINE_CELL_GRU) gru_forward(p, at, n);
        else lstm_forward(p, at, n);
        memcpy(p->state_h, p->h + at * H, n * H * sizeof(float));
        memcpy(p->state_c, p->c + at * H, n * H * sizeof(float));
    }
}

static void run_query(vitrine_pass *p, bool training)
{
    const size_t H = p->layout->shape.hidden, I = p->layout->shape.input, D = p->layout->shape.dim;
    const size_t n = p->positions;
    if (has(p, VITRINE_NET_OUT))
        p->options.matmul(n, D, H, vitrine_as_is(p->h, H),
                          vitrine_turned(weights(p, VITRINE_SEG_OUT_W), H), 0.0f, p->q, D);
    else
        memcpy(p->q, p->h, n * D * sizeof(float));
    if (has(p, VITRINE_NET_SKIP))
        p->options.matmul(n, D, I, vitrine_as_is(p->x, I),
                          vitrine_turned(weights(p, VITRINE_SEG_SKIP_W), I), 1.0f, p->q, D);
    if (has(p, VITRINE_NET_NORM)) {
        const float *gain = weights(p, VITRINE_SEG_NORM_GAIN);
        const float *bias = weights(p, VITRINE_SEG_NORM_BIAS);
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

/* logit [n][width], without the bias, of queries q [n][dim] with candidates first ..
 * first + width - 1. */
static void run_logits(vitrine_pass *p, const vitrine_batch *batch, const float *q, uint32_t n,
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
        run_logits(p, batch, p->q + from * D, n, 0, batch->candidates);
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
    if (!has(p, VITRINE_NET_NORM)) {
        memcpy(p->d_z, p->d_q, n * D * sizeof(float));
        return;
    }
    const float *gain = weights(p, VITRINE_SEG_NORM_GAIN);
    float *d_gain = slope(p, VITRINE_SEG_NORM_GAIN), *d_bias = slope(p, VITRINE_SEG_NORM_BIAS);
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

/* carry_h is d loss / d h of the step; leaves the gradients of the sums, and in carry_h what goes
 * straight to the state before. */
static void gru_backward(vitrine_pass *p, uint32_t from, uint32_t n)
{
    const size_t H = p->layout->shape.hidden;
    for (uint32_t i = 0; i < n; i++) {
        const float *g = p->gate + (from + i) * 3 * H, *rec = p->recurrent + (from + i) * H;
        const float *h0 = p->before + (from + i) * H;
        float *d = p->d_gate + (from + i) * 3 * H, *s = p->d_sums + (from + i) * 3 * H;
        float *dh = p->carry_h + i * H;
        for (size_t j = 0; j < H; j++) {
            const float r = g[j], z = g[H + j], v = g[2 * H + j];
            const float dn = dh[j] * (1.0f - z) * (1.0f - v * v);
            s[j] = d[j] = dn * rec[j] * r * (1.0f - r);
            s[H + j] = d[H + j] = dh[j] * (h0[j] - v) * z * (1.0f - z);
            d[2 * H + j] = dn;
            s[2 * H + j] = dn * r;
            dh[j] *= z;
        }
    }
}

static void lstm_backward(vitrine_pass *p, uint32_t from, uint32_t n)
{
    const size_t H = p->layout->shape.hidden;
    const bool relu = p->layout->shape.cell == VITRINE_CELL_LSTM_RELU;
    for (uint32_t i = 0; i < n; i++) {
        const float *g = p->gate + (from + i) * 4 * H, *a = p->recurrent + (from + i) * H;
        const float *c0 = p->c_before + (from + i) * H, *c = p->c + (from + i) * H;
        float *d = p->d_gate + (from + i) * 4 * H;
        float *dh = p->carry_h + i * H, *dc = p->carry_c + i * H;
        for (size_t j = 0; j < H; j++) {
            const float in = g[j], f = g[H + j], v = g[2 * H + j], o = g[3 * H + j];
            float open = relu ? (float)(a[j] > 0.0f) : 1.0f - a[j] * a[j];
            float step = dc[j] + dh[j] * o * open;
            if (relu && !(c[j] < VITRINE_RELU_CELL_LIMIT)) step = 0.0f; /* held: no slope */
            const float bend = relu ? (float)(v > 0.0f) : 1.0f - v * v;
            d[j] = step * v * in * (1.0f - in);
            d[H + j] = step * c0[j] * f * (1.0f - f);
            d[2 * H + j] = step * in * bend;
            d[3 * H + j] = dh[j] * a[j] * o * (1.0f - o);
            dc[j] = step * f;
            dh[j] = 0.0f;
        }
        memcpy(p->d_sums + (from + i) * 4 * H, d, 4 * H * sizeof *d);
    }
}

static void back_bag(vitrine_pass *p)
{
    const size_t H = p->layout->shape.hidden;
    memset(p->carry_h, 0, (size_t)p->count * H * sizeof(float));
    for (uint32_t t = p->steps; t-- > 0;) {
        const float share = 1.0f / (float)(p->first + t + 1);
        const size_t at = p->start[t] * H, n = p->running[t] * H;
        for (size_t i = 0; i < n; i++) {
            const float d = p->carry_h[i] + p->d_h[at + i];
            p->d_x[at + i] += d * share;
            p->carry_h[i] = d - d * share;
        }
    }
}

static void back_cell(vitrine_pass *p)
{
    const vitrine_network_shape *s = &p->layout->shape;
    if (s->cell == VITRINE_CELL_BAG) {
        back_bag(p);
        return;
    }
    const size_t H = s->hidden, I = s->input, G = vitrine_cell_gates(s->cell) * H;
    const size_t n = p->positions;
    memset(p->carry_h, 0, (size_t)p->count * H * sizeof(float));
    memset(p->carry_c, 0, (size_t)p->count * H * sizeof(float));
    for (uint32_t t = p->steps; t-- > 0;) {
        const uint32_t rows = p->running[t], at = p->start[t];
        const float *own = p->d_h + at * H;
        for (size_t i = 0; i < rows * H; i++) p->carry_h[i] += own[i];
        if (s->cell == VITRINE_CELL_GRU) gru_backward(p, at, rows);
        else lstm_backward(p, at, rows);
        p->options.matmul(rows, H, G, vitrine_as_is(p->d_sums + at * G, G),
                          vitrine_as_is(weights(p, VITRINE_SEG_CELL_U), H), 1.0f, p->carry_h, H);
    }
    p->options.matmul(G, I, n, vitrine_turned(p->d_gate, G), vitrine_as_is(p->x, I), 1.0f,
                      slope(p, VITRINE_SEG_CELL_W), I);
    p->options.matmul(G, H, n, vitrine_turned(p->d_sums, G), vitrine_as_is(p->before, H), 1.0f,
                      slope(p, VITRINE_SEG_CELL_U), H);
    float *d_b = slope(p, VITRINE_SEG_CELL_B);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < G; j++) d_b[j] += p->d_gate[i * G + j];
    if (s->cell == VITRINE_CELL_GRU) {
        float *d_c = slope(p, VITRINE_SEG_CELL_C);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < H; j++) d_c[j] += p->d_sums[i * G + 2 * H + j];
    }
    p->options.matmul(n, I, G, vitrine_as_is(p->d_gate, G),
                      vitrine_as_is(weights(p, VITRINE_SEG_CELL_W), I), 1.0f, p->d_x, I);
}

static void back_inputs(vitrine_pass *p, const vitrine_batch *batch)
{
    const size_t I = p->layout->shape.input;
    float *table = batch->embed != NULL ? p->gradient.embed : p->gradient.item;
    if (p->options.dropout_input > 0.0f)
        for (size_t i = 0; i < p->positions * I; i++) p->d_x[i] *= p->mask_x[i];
    for (uint32_t i = 0; i < p->positions; i++) {
        const float *d = p->d_x + i * I;
        float *e = table + p->input[i] * I, *k = slope(p, VITRINE_SEG_KIND) + p->kind[i] * I;
        for (size_t j = 0; j < I; j++) {
            e[j] += d[j];
            k[j] += d[j];
        }
    }
}

static void back_chunk(vitrine_pass *p, const vitrine_batch *batch)
{
    const size_t H = p->layout->shape.hidden, I = p->layout->shape.input, D = p->layout->shape.dim;
    const size_t n = p->positions;
    back_query(p);
    if (has(p, VITRINE_NET_SKIP)) {
        p->options.matmul(n, I, D, vitrine_as_is(p->d_z, D),
                          vitrine_as_is(weights(p, VITRINE_SEG_SKIP_W), I), 0.0f, p->d_x, I);
        p->options.matmul(D, I, n, vitrine_turned(p->d_z, D), vitrine_as_is(p->x, I), 1.0f,
                          slope(p, VITRINE_SEG_SKIP_W), I);
    } else {
        memset(p->d_x, 0, n * I * sizeof(float));
    }
    if (has(p, VITRINE_NET_OUT)) {
        p->options.matmul(n, H, D, vitrine_as_is(p->d_z, D),
                          vitrine_as_is(weights(p, VITRINE_SEG_OUT_W), H), 0.0f, p->d_h, H);
        p->options.matmul(D, H, n, vitrine_turned(p->d_z, D), vitrine_as_is(p->h, H), 1.0f,
                          slope(p, VITRINE_SEG_OUT_W), H);
    } else {
        memcpy(p->d_h, p->d_z, n * H * sizeof(float));
    }
    back_cell(p);
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
    choose(p, batch, own, step);
    for (p->first = 0; load_chunk(p, batch); p->first += p->options.bptt) {
        load_inputs(p, batch, true);
        run_cell(p);
        run_query(p, true);
        loss += run_loss(p, batch);
        back_chunk(p, batch);
    }
    return loss;
}

/* The step that position i is of its sequence. */
static uint32_t step_of(const vitrine_pass *p, uint32_t i)
{
    uint32_t t = 0;
    while (p->start[t] + p->running[t] <= i) t++;
    return p->first + t;
}

/* How many of the items first .. first + width - 1 stand before the target of position i, whose
 * logits with them are given. Items of the history up to event `at` may be out. */
static uint32_t count_better(const vitrine_pass *p, const vitrine_sequences *all, uint32_t i,
                             const float *logit, const float *bias, float truth, uint32_t first,
                             uint32_t width, uint64_t at, bool drop_seen)
{
    const uint32_t own = p->target[i] - first;
    uint32_t better = (uint32_t)p->loops->count(logit, bias, truth, width);
    if (own < width) better -= logit[own] + bias[own] >= truth;
    const uint64_t began = all->start[p->sequence[p->order[i]]];
    for (uint64_t e = began; drop_seen && e <= at; e++) {
        const uint32_t j = all->item[e] - first;
        bool again = j >= width;
        for (uint64_t f = began; f < e && !again; f++) again = all->item[f] == all->item[e];
        if (!again) better -= logit[j] + bias[j] >= truth;
    }
    return better;
}

/* A target among the items of its history, where those are no candidates. */
static bool is_out(const vitrine_pass *p, const vitrine_sequences *all, uint32_t i, uint64_t at)
{
    for (uint64_t e = all->start[p->sequence[p->order[i]]]; e <= at; e++)
        if (all->item[e] == p->target[i]) return true;
    return false;
}

/* Ranks the n positions in `asked`. */
static void rank_some(vitrine_pass *p, const vitrine_batch *batch, const uint32_t *asked, uint32_t n,
                      bool drop_seen, uint32_t *rank)
{
    const vitrine_sequences *all = batch->sequences;
    const size_t D = p->layout->shape.dim;
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t i = asked[k], target = p->target[i];
        float *q = p->d_q + k * D; /* side by side; no gradient needs the place now */
        memcpy(q, p->q + i * D, D * sizeof *q);
        p->truth[k] = batch->bias[target] + p->kernels->dot_f32(q, batch->item + target * D, D);
        p->better[k] = 0;
    }
    for (uint32_t first = 0; first < batch->candidates; first += RANK_ITEMS) {
        const uint32_t left = batch->candidates - first;
        const uint32_t width = left < RANK_ITEMS ? left : RANK_ITEMS;
        run_logits(p, batch, p->d_q, n, first, width);
        for (uint32_t k = 0; k < n; k++) {
            const uint32_t i = asked[k], s = p->sequence[p->order[i]];
            p->better[k] += count_better(p, all, i, p->logit + (size_t)k * width,
                                         batch->bias + first, p->truth[k], first, width,
                                         all->start[s] + step_of(p, i), drop_seen);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t s = p->sequence[p->order[asked[k]]];
        rank[all->start[s] - s + step_of(p, asked[k])] = p->better[k] + 1;
    }
}

void vitrine_pass_rank(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step,
                       bool last_only, bool drop_seen, uint32_t *rank)
{
    const vitrine_sequences *all = batch->sequences;
    choose(p, batch, own, step);
    for (p->first = 0; load_chunk(p, batch); p->first += p->options.bptt) {
        uint32_t asked[LOSS_ROWS], n = 0;
        load_inputs(p, batch, false);
        run_cell(p);
        run_query(p, false);
        for (uint32_t i = 0; i < p->positions; i++) {
            const uint32_t s = p->sequence[p->order[i]], t = step_of(p, i);
            rank[all->start[s] - s + t] = 0;
            if (last_only && t + 1 != vitrine_sequence_steps(all, s)) continue;
            if (drop_seen && is_out(p, all, i, all->start[s] + t)) continue;
            asked[n++] = i;
            if (n < LOSS_ROWS) continue;
            rank_some(p, batch, asked, n, drop_seen, rank);
            n = 0;
        }
        if (n > 0) rank_some(p, batch, asked, n, drop_seen, rank);
    }
}
