/* One GRU step. Formulas: cells.h. */
#include "kernels/panels.h"
#include "nn/cells.h"

size_t vitrine_gru_scratch(const vitrine_network_shape *shape)
{
    return 3 * vitrine_padded_rows(3 * (size_t)shape->hidden) + VITRINE_GATES_SCRATCH;
}

void vitrine_gru_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                      float *h, float *scratch)
{
    const size_t H = net->shape.hidden, rows = 3 * H, padded = vitrine_padded_rows(rows);
    float *input = scratch, *bias = input + padded, *sums = bias + padded, *spare = sums + padded;

    vitrine_gates_of_input(net, kernels, x, net->cell_b, input, spare);

    /* For r and z the input's half is the bias of the recurrent half. For n the two stay apart,
     * since r comes between them. */
    for (size_t u = 0; u < 2 * H; u++) bias[u] = input[u];
    for (size_t u = 0; u < H; u++) bias[2 * H + u] = net->cell_c[u];
    for (size_t u = rows; u < padded; u++) bias[u] = 0.0f;
    vitrine_gates_of_state(net, kernels, h, bias, sums, spare);

    float *r = bias, *z = bias + H, *n = bias + 2 * H;
    kernels->sigmoid(r, sums, 2 * H);
    float *candidate = input + 2 * H;
    for (size_t u = 0; u < H; u++) candidate[u] += r[u] * sums[2 * H + u];
    kernels->tanh(n, candidate, H);
    for (size_t u = 0; u < H; u++) h[u] = (1.0f - z[u]) * n[u] + z[u] * h[u];
}
