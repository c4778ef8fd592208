/* The products of the gates, over weights of floats or of bytes. Formulas: network.h. */
#include "kernels/panels.h"
#include "kernels/query.h"
#include "nn/cells.h"

static void products(const vitrine_network *net, const vitrine_kernels *kernels, const float *panels, const vitrine_rows_q8 *bytes,
                     const float *x, size_t cols, const float *bias, float *y, float *scratch)
{
    const size_t rows = vitrine_cell_gates(net->shape.cell) * (size_t)net->shape.hidden;
    float *const most = scratch; /* of no use here */
    uint8_t *const query = (uint8_t *)(scratch + VITRINE_GATES_MOST / VITRINE_PANEL);
    if ((net->shape.flags & VITRINE_NET_BYTES) == 0) {
        kernels->gemv_f32(y, panels, x, bias, rows, cols);
        return;
    }
    const float scale = vitrine_query_q8(x, cols, query);
    const vitrine_rows_q8 w = {bytes->panels, bytes->row_sum, bytes->scale, bias};
    kernels->logits_q8(y, most, &w, query, scale, rows, cols);
}

void vitrine_gates_of_input(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                            const float *bias, float *y, float *scratch)
{
    products(net, kernels, net->cell_w, &net->cell_w_q8, x, net->shape.input, bias, y, scratch);
}

void vitrine_gates_of_state(const vitrine_network *net, const vitrine_kernels *kernels, const float *h,
                            const float *bias, float *y, float *scratch)
{
    products(net, kernels, net->cell_u, &net->cell_u_q8, h, net->shape.hidden, bias, y, scratch);
}
