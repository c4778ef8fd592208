/* One LSTM step, candidate and output through tanh or relu. Formulas: cells.h. */
#include <stdbool.h>
#include "kernels/panels.h"
#include "nn/cells.h"

static float clamp(float x, float limit)
{
    return x > limit ? limit : x < -limit ? -limit : x;
}

static void relu_of(float *restrict y, const float *restrict x, size_t n)
{
    for (size_t u = 0; u < n; u++) y[u] = x[u] > 0.0f ? x[u] : 0.0f;
}

size_t vitrine_lstm_scratch(const vitrine_network_shape *shape)
{
    return 2 * vitrine_padded_rows(4 * (size_t)shape->hidden) + VITRINE_GATES_SCRATCH;
}

void vitrine_lstm_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                       float *h, float *c, float *scratch)
{
    const size_t H = net->shape.hidden, padded = vitrine_padded_rows(4 * H);
    const bool relu = net->shape.cell == VITRINE_CELL_LSTM_RELU;
    void (*const activate)(float *restrict, const float *restrict, size_t) = relu ? relu_of : kernels->tanh;
    float *gates = scratch, *sums = gates + padded, *spare = sums + padded;

    /* The input's half is the bias of the recurrent half. */
    vitrine_gates_of_input(net, kernels, x, net->cell_b, gates, spare);
    vitrine_gates_of_state(net, kernels, h, gates, sums, spare);

    float *i = gates, *f = gates + H, *g = gates + 2 * H, *o = gates + 3 * H;
    kernels->sigmoid(i, sums, 2 * H); /* i and f lie side by side */
    kernels->sigmoid(o, sums + 3 * H, H);
    activate(g, sums + 2 * H, H);

    for (size_t u = 0; u < H; u++) {
        c[u] = f[u] * c[u] + i[u] * g[u];
        if (relu) c[u] = clamp(c[u], VITRINE_RELU_CELL_LIMIT);
    }
    float *out = sums;
    activate(out, c, H);
    for (size_t u = 0; u < H; u++) h[u] = o[u] * out[u];
}
