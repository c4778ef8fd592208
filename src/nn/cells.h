/* The recurrent cells, one step each. Arguments as vitrine_network_step (network.h).
 *
 * LSTM, with a = tanh or relu (Hochreiter & Schmidhuber 1997; gates i f g o):
 *
 *   i = sigmoid(W_i x + U_i h + b_i)      f, o likewise
 *   g = a(W_g x + U_g h + b_g)
 *   c' = f c + i g                        h' = o a(c')
 *
 * GRU in the form of cuDNN and PyTorch, the reset gate behind the recurrent product (Cho et al.
 * 2014; gates r z n):
 *
 *   r = sigmoid(W_r x + U_r h + b_r)      z likewise
 *   n = tanh(W_n x + b_n + r (U_n h + c_n))
 *   h' = (1 - z) n + z h
 *
 * Bag, the running mean of the inputs, which are as wide as the state (c[0] counts them):
 *
 *   c' = c + 1                            h' = h + (x - h) / c'
 *
 * Every sum is rounded where the formulas have a +, left to right as written. */
#ifndef VITRINE_NN_CELLS_H
#define VITRINE_NN_CELLS_H

#include "kernels/scan.h"
#include "nn/network.h"

/* Nothing bounds relu's cell: a unit whose forget gate is open and whose candidate stays large
 * grows with every event. Held within this, ten thousand events stay finite. */
#define VITRINE_RELU_CELL_LIMIT 1e4f

void vitrine_lstm_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                       float *h, float *c, float *scratch);
void vitrine_gru_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                      float *h, float *scratch);
void vitrine_bag_step(const vitrine_network *net, const float *x, float *h, float *c);

/* y = W x + bias and y = U h + bias for all gates: y and bias [gates*hidden padded to 32], which may not overlap.
 * What becomes bytes lies in scratch, VITRINE_GATES_SCRATCH floats of it. */
enum { VITRINE_GATES_MOST = 4 * VITRINE_SCAN_COLS, /* rows, of the widest state */
       VITRINE_GATES_SCRATCH = VITRINE_GATES_MOST / VITRINE_PANEL + VITRINE_SCAN_COLS / sizeof(float) };
void vitrine_gates_of_input(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                            const float *bias, float *y, float *scratch);
void vitrine_gates_of_state(const vitrine_network *net, const vitrine_kernels *kernels, const float *h,
                            const float *bias, float *y, float *scratch);

/* Floats of scratch for a step. */
size_t vitrine_lstm_scratch(const vitrine_network_shape *shape);
size_t vitrine_gru_scratch(const vitrine_network_shape *shape);

#endif
