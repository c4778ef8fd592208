/* The recurrence of a pass: formulas in nn/cells.h, their slopes in docs/training.md. */
#include <string.h>
#include "nn/cells.h"
#include "train/pass_inside.h"

/* One step of n rows. gate holds the input half of the sums, product the recurrent half. */
static void gru_forward(vitrine_pass *p, uint32_t from, uint32_t n)
{
    const size_t H = p->layout->shape.hidden;
    const float *c = vitrine_pass_weights(p, VITRINE_SEG_CELL_C);
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

void vitrine_pass_run_cell(vitrine_pass *p)
{
    const vitrine_network_shape *s = &p->layout->shape;
    if (s->cell == VITRINE_CELL_BAG) {
        run_bag(p);
        return;
    }
    const size_t H = s->hidden, I = s->input, G = vitrine_cell_gates(s->cell) * H;
    const float *b = vitrine_pass_weights(p, VITRINE_SEG_CELL_B);
    for (uint32_t i = 0; i < p->positions; i++) memcpy(p->gate + i * G, b, G * sizeof *b);
    p->options.matmul(p->positions, G, I, vitrine_as_is(p->x, I),
                      vitrine_turned(vitrine_pass_weights(p, VITRINE_SEG_CELL_W), I), 1.0f, p->gate, G);
    for (uint32_t t = 0; t < p->steps; t++) {
        const uint32_t n = p->running[t], at = p->start[t];
        memcpy(p->before + at * H, p->state_h, n * H * sizeof(float));
        memcpy(p->c_before + at * H, p->state_c, n * H * sizeof(float));
        p->options.matmul(n, G, H, vitrine_as_is(p->state_h, H),
                          vitrine_turned(vitrine_pass_weights(p, VITRINE_SEG_CELL_U), H), 0.0f, p->product, G);
        if (s->cell == VITRINE_CELL_GRU) gru_forward(p, at, n);
        else lstm_forward(p, at, n);
        memcpy(p->state_h, p->h + at * H, n * H * sizeof(float));
        memcpy(p->state_c, p->c + at * H, n * H * sizeof(float));
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

void vitrine_pass_back_cell(vitrine_pass *p)
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
                          vitrine_as_is(vitrine_pass_weights(p, VITRINE_SEG_CELL_U), H), 1.0f, p->carry_h, H);
    }
    p->options.matmul(G, I, n, vitrine_turned(p->d_gate, G), vitrine_as_is(p->x, I), 1.0f,
                      vitrine_pass_slope(p, VITRINE_SEG_CELL_W), I);
    p->options.matmul(G, H, n, vitrine_turned(p->d_sums, G), vitrine_as_is(p->before, H), 1.0f,
                      vitrine_pass_slope(p, VITRINE_SEG_CELL_U), H);
    float *d_b = vitrine_pass_slope(p, VITRINE_SEG_CELL_B);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < G; j++) d_b[j] += p->d_gate[i * G + j];
    if (s->cell == VITRINE_CELL_GRU) {
        float *d_c = vitrine_pass_slope(p, VITRINE_SEG_CELL_C);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < H; j++) d_c[j] += p->d_sums[i * G + 2 * H + j];
    }
    p->options.matmul(n, I, G, vitrine_as_is(p->d_gate, G),
                      vitrine_as_is(vitrine_pass_weights(p, VITRINE_SEG_CELL_W), I), 1.0f, p->d_x, I);
}
