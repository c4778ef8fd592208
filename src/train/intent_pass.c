#include "train/intent_pass.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "nn/cells.h"

enum { F = VITRINE_INTENT_INPUTS };

struct vitrine_intent_pass {
    const vitrine_kernels *kernels;
    vitrine_matmul matmul;
    uint32_t hidden, capacity; /* capacity: visits */
    uint64_t most;             /* steps */

    /* The batch: step t of the visits that still run is rows start[t] .. start[t + 1]. */
    uint32_t count, longest;
    uint32_t *visit; /* [capacity] longest first */
    uint64_t *start; /* [VITRINE_INTENT_EVENTS + 1] */

    float *x;                /* [P][F] */
    float *gate;             /* [P][4H] after their activations */
    float *h, *h_before;     /* [P][H] */
    float *c, *c_before;     /* [P][H] */
    float *d_gate, *d_h;     /* [P][4H], [P][H] */
    float *logit, *slope;    /* [P] */
    float *state_h, *state_c, *carry_h, *carry_c; /* [capacity][H] */
    float *sums;             /* [capacity][4H] */
};

vitrine_intent_weights vitrine_intent_weights_of(const float *theta, uint32_t hidden)
{
    const size_t H = hidden;
    const float *u = theta + 4 * H * F, *bias = u + 4 * H * H, *out = bias + 4 * H;
    const vitrine_intent_weights weights = { .hidden = hidden, .w = theta, .u = u, .bias = bias,
                                             .out = out, .out_bias = out[H] };
    return weights;
}

void vitrine_intent_pass_destroy(vitrine_intent_pass *p)
{
    if (p == NULL) return;
    void *const owned[] = { p->visit, p->start, p->x,      p->gate,  p->h,       p->h_before,
                            p->c,     p->c_before, p->d_gate, p->d_h, p->logit,  p->slope,
                            p->state_h, p->state_c, p->carry_h, p->carry_c, p->sums };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
    free(p);
}

vitrine_intent_pass *vitrine_intent_pass_create(uint32_t hidden, uint32_t visits, uint64_t steps,
                                                vitrine_matmul matmul)
{
    vitrine_intent_pass *p = calloc(1, sizeof *p);
    const size_t H = hidden, P = (size_t)steps + 1, n = visits;
    if (p == NULL) return NULL;
    p->kernels = vitrine_kernels_best();
    p->matmul = matmul;
    p->hidden = hidden;
    p->capacity = visits;
    p->most = steps;
    p->visit = malloc(n * sizeof *p->visit);
    p->start = malloc((VITRINE_INTENT_EVENTS + 1) * sizeof *p->start);
    struct {
        float **slot;
        size_t floats;
    } list[] = { { &p->x, P * F },           { &p->gate, P * 4 * H },   { &p->h, P * H },
                 { &p->h_before, P * H },    { &p->c, P * H },          { &p->c_before, P * H },
                 { &p->d_gate, P * 4 * H },  { &p->d_h, P * H },        { &p->logit, P },
                 { &p->slope, P },           { &p->state_h, n * H },    { &p->state_c, n * H },
                 { &p->carry_h, n * H },     { &p->carry_c, n * H },    { &p->sums, n * 4 * H } };
    bool ok = p->visit != NULL && p->start != NULL;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        *list[i].slot = malloc(list[i].floats * sizeof(float));
        ok = ok && *list[i].slot != NULL;
    }
    if (ok) return p;
    vitrine_intent_pass_destroy(p);
    return NULL;
}

static uint32_t length_of(const vitrine_intent_visits *visits, uint32_t v)
{
    return (uint32_t)(visits->start[v + 1] - visits->start[v]);
}

/* Longest first, equal ones as they come; then features step by step. */
static void load(vitrine_intent_pass *p, const vitrine_intent_visits *visits, const uint32_t *chosen,
                 uint32_t count)
{
    uint64_t row = 0;
    p->count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at > 0 && length_of(visits, p->visit[at - 1]) < length_of(visits, chosen[i]); at--)
            p->visit[at] = p->visit[at - 1];
        p->visit[at] = chosen[i];
    }
    p->longest = count > 0 ? length_of(visits, p->visit[0]) : 0;
    for (uint32_t t = 0; t < p->longest; t++) {
        p->start[t] = row;
        for (uint32_t i = 0; i < count && length_of(visits, p->visit[i]) > t; i++, row++)
            memcpy(p->x + row * F, visits->x + (visits->start[p->visit[i]] + t) * F, F * sizeof(float));
    }
    p->start[p->longest] = row;
}

static float within_limit(float c)
{
    if (c > VITRINE_RELU_CELL_LIMIT) return VITRINE_RELU_CELL_LIMIT;
    return c < -VITRINE_RELU_CELL_LIMIT ? -VITRINE_RELU_CELL_LIMIT : c;
}

static void forward(vitrine_intent_pass *p, const vitrine_intent_weights *theta)
{
    const size_t H = p->hidden, G = 4 * H, P = p->start[p->longest];
    for (size_t i = 0; i < P; i++) memcpy(p->gate + i * G, theta->bias, G * sizeof(float));
    p->matmul(P, G, F, vitrine_as_is(p->x, F), vitrine_turned(theta->w, F), 1.0f, p->gate, G);
    memset(p->state_h, 0, p->count * H * sizeof(float));
    memset(p->state_c, 0, p->count * H * sizeof(float));
    for (uint32_t t = 0; t < p->longest; t++) {
        const size_t at = p->start[t], n = p->start[t + 1] - at;
        memcpy(p->h_before + at * H, p->state_h, n * H * sizeof(float));
        memcpy(p->c_before + at * H, p->state_c, n * H * sizeof(float));
        p->matmul(n, G, H, vitrine_as_is(p->state_h, H), vitrine_turned(theta->u, H), 0.0f, p->sums, G);
        for (size_t i = 0; i < n; i++) {
            float *g = p->gate + (at + i) * G, *sum = p->sums + i * G;
            float *h = p->state_h + i * H, *c = p->state_c + i * H;
            for (size_t j = 0; j < G; j++) sum[j] += g[j];
            p->kernels->sigmoid(g, sum, 2 * H);
            p->kernels->sigmoid(g + 3 * H, sum + 3 * H, H);
            for (size_t j = 0; j < H; j++) {
                g[2 * H + j] = sum[2 * H + j] > 0.0f ? sum[2 * H + j] : 0.0f;
                c[j] = within_limit(g[H + j] * c[j] + g[j] * g[2 * H + j]);
                h[j] = g[3 * H + j] * (c[j] > 0.0f ? c[j] : 0.0f);
            }
        }
        memcpy(p->h + at * H, p->state_h, n * H * sizeof(float));
        memcpy(p->c + at * H, p->state_c, n * H * sizeof(float));
    }
    for (size_t i = 0; i < P; i++)
        p->logit[i] = p->kernels->dot_f32(theta->out, p->h + i * H, H) + theta->out_bias;
}

/* log(1 + e^z) without overflow. */
static double softplus(double z)
{
    return z > 0.0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

/* The loss, and its slope by each logit. */
static double judge(vitrine_intent_pass *p, const vitrine_intent_visits *visits, float *answer)
{
    const double P = (double)p->start[p->longest];
    double loss = 0.0;
    for (uint32_t t = 0; t < p->longest; t++)
        for (uint64_t r = p->start[t]; r < p->start[t + 1]; r++) {
            const uint32_t v = p->visit[r - p->start[t]];
            const double z = (double)p->logit[r], y = visits->bought[v];
            loss += softplus(z) - y * z;
            float share;
            p->kernels->sigmoid(&share, &p->logit[r], 1);
            p->slope[r] = (float)(((double)share - y) / P);
            if (answer != NULL) answer[visits->start[v] + t] = share;
        }
    return loss / P;
}

static void backward(vitrine_intent_pass *p, const vitrine_intent_weights *theta, float *gradient)
{
    const size_t H = p->hidden, G = 4 * H, P = p->start[p->longest];
    float *d_w = gradient, *d_u = d_w + G * F, *d_bias = d_u + G * H, *d_out = d_bias + G;
    memset(gradient, 0, vitrine_intent_floats(p->hidden) * sizeof(float));
    for (size_t i = 0; i < P; i++) {
        const float slope = p->slope[i];
        for (size_t j = 0; j < H; j++) {
            d_out[j] += slope * p->h[i * H + j];
            p->d_h[i * H + j] = slope * theta->out[j];
        }
        d_out[H] += slope;
    }
    memset(p->carry_h, 0, p->count * H * sizeof(float));
    memset(p->carry_c, 0, p->count * H * sizeof(float));
    for (uint32_t t = p->longest; t-- > 0;) {
        const size_t at = p->start[t], n = p->start[t + 1] - at;
        for (size_t i = 0; i < n; i++) {
            const float *g = p->gate + (at + i) * G, *c = p->c + (at + i) * H;
            const float *c0 = p->c_before + (at + i) * H, *own = p->d_h + (at + i) * H;
            float *d = p->d_gate + (at + i) * G, *dh = p->carry_h + i * H, *dc = p->carry_c + i * H;
            for (size_t j = 0; j < H; j++) {
                const float in = g[j], f = g[H + j], v = g[2 * H + j], o = g[3 * H + j];
                const float open = c[j] > 0.0f ? c[j] : 0.0f, all = dh[j] + own[j];
                float step = dc[j] + (c[j] > 0.0f ? all * o : 0.0f);
                if (!(c[j] < VITRINE_RELU_CELL_LIMIT)) step = 0.0f; /* held: no slope */
                d[j] = step * v * in * (1.0f - in);
                d[H + j] = step * c0[j] * f * (1.0f - f);
                d[2 * H + j] = v > 0.0f ? step * in : 0.0f;
                d[3 * H + j] = all * open * o * (1.0f - o);
                dc[j] = step * f;
            }
        }
        p->matmul(n, H, G, vitrine_as_is(p->d_gate + at * G, G), vitrine_as_is(theta->u, H), 0.0f,
                  p->carry_h, H);
    }
    p->matmul(G, F, P, vitrine_turned(p->d_gate, G), vitrine_as_is(p->x, F), 0.0f, d_w, F);
    p->matmul(G, H, P, vitrine_turned(p->d_gate, G), vitrine_as_is(p->h_before, H), 0.0f, d_u, H);
    for (size_t i = 0; i < P; i++)
        for (size_t j = 0; j < G; j++) d_bias[j] += p->d_gate[i * G + j];
}

double vitrine_intent_pass_run(vitrine_intent_pass *p, const float *theta,
                               const vitrine_intent_visits *visits, const uint32_t *chosen,
                               uint32_t count, float *answer, float *gradient)
{
    const vitrine_intent_weights weights = vitrine_intent_weights_of(theta, p->hidden);
    load(p, visits, chosen, count);
    forward(p, &weights);
    const double loss = judge(p, visits, answer);
    if (gradient != NULL) backward(p, &weights, gradient);
    return loss;
}
