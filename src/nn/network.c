/* The network's two moves: an event into the state, the state into a query. Formulas: network.h. */
#include "nn/network.h"
#include "kernels/panels.h"
#include "nn/cells.h"
#include "nn/layer_norm.h"

size_t vitrine_network_scratch(const vitrine_network_shape *shape)
{
    size_t cell = 0;
    if (shape->cell == VITRINE_CELL_GRU) cell = vitrine_gru_scratch(shape);
    else if (vitrine_cell_gates(shape->cell) > 0) cell = vitrine_lstm_scratch(shape);
    const size_t query = 2 * vitrine_padded_rows(shape->dim);
    return cell > query ? cell : query;
}

void vitrine_network_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                          float *h, float *c, float *scratch)
{
    switch (net->shape.cell) {
    case VITRINE_CELL_LSTM:
    case VITRINE_CELL_LSTM_RELU:
        vitrine_lstm_step(net, kernels, x, h, c, scratch);
        break;
    case VITRINE_CELL_GRU:
        vitrine_gru_step(net, kernels, x, h, scratch);
        break;
    case VITRINE_CELL_BAG:
        vitrine_bag_step(net, x, h, c);
        break;
    default: /* VITRINE_CELL_NONE keeps no state */
        break;
    }
}

void vitrine_network_query(const vitrine_network *net, const vitrine_kernels *kernels,
                           const float *x, const float *h, float *q, float *scratch)
{
    const vitrine_network_shape *shape = &net->shape;
    const size_t dim = shape->dim, padded = vitrine_padded_rows(dim);
    float *z = scratch, *spare = scratch + padded;

    if (shape->cell == VITRINE_CELL_NONE) {
        for (size_t i = 0; i < padded; i++) z[i] = 0.0f; /* no state: the skip alone */
    } else if (shape->flags & VITRINE_NET_OUT) {
        kernels->gemv_f32(z, net->out_w, h, NULL, dim, shape->hidden);
    } else {
        for (size_t i = 0; i < padded; i++) z[i] = i < dim ? h[i] : 0.0f;
    }
    if (shape->flags & VITRINE_NET_SKIP) {
        kernels->gemv_f32(spare, net->skip_w, x, z, dim, shape->input);
        float *sum = spare;
        spare = z;
        z = sum;
    }
    if (shape->flags & VITRINE_NET_NORM) {
        vitrine_layer_norm(q, kernels, z, net->norm_gain, net->norm_bias, dim, spare);
    } else {
        for (size_t i = 0; i < dim; i++) q[i] = z[i];
    }
}
