/* The recurrent network as the model file holds it: one event in, one query vector out.
 *
 *   x = E[item] + K[kind] (+ G[gap])              [input]      with VITRINE_NET_GAP
 *   s' = cell(x, s)                               s = h (GRU) or h, c (LSTM, bag)
 *   z = (Wo h | h) + (Ws x)                       [dim]   with VITRINE_NET_OUT / VITRINE_NET_SKIP
 *   q = norm_gain * (z - mean) / sqrt(var + 1e-5) + norm_bias      with VITRINE_NET_NORM, else z
 *
 * The score of item j is q . E[j] + bias[j]. Without VITRINE_NET_OUT, hidden equals dim.
 *
 * With VITRINE_NET_BYTES the gates' products are those of kernels/scan.h: W and U are int8 with a scale a row, and x and
 * h go into them in 7 bits (kernels/query.h), every step anew. The state itself stays f32. */
#ifndef VITRINE_NN_NETWORK_H
#define VITRINE_NN_NETWORK_H

#include <stdint.h>
#include "kernels/kernels.h"
#include "vitrine/event.h"

enum { VITRINE_CELL_NONE = 0, VITRINE_CELL_LSTM = 1, VITRINE_CELL_LSTM_RELU = 2, VITRINE_CELL_GRU = 3,
       VITRINE_CELL_BAG = 4 };
enum { VITRINE_NET_TIED = 1, VITRINE_NET_OUT = 2, VITRINE_NET_SKIP = 4, VITRINE_NET_NORM = 8,
       VITRINE_NET_GAP = 16, VITRINE_NET_BYTES = 32 };

typedef struct vitrine_network_shape {
    uint32_t cell;   /* VITRINE_CELL_... */
    uint32_t input;  /* width of x; equals dim when tied */
    uint32_t hidden; /* H */
    uint32_t dim;    /* D, width of q */
    uint32_t flags;  /* VITRINE_NET_... */
} vitrine_network_shape;

/* Gates in file and memory. LSTM: i f g o. GRU: r z n. Rows gate-major: gate * hidden + unit. */
static inline uint32_t vitrine_cell_gates(uint32_t cell)
{
    if (cell == VITRINE_CELL_NONE || cell == VITRINE_CELL_BAG) return 0;
    return cell == VITRINE_CELL_GRU ? 3 : 4;
}

/* Which row of G an event at `now` has after one at `before`, in seconds, 0 unknown: 0 when it is not known how
 * long it was, else 1 for none, 2 from 1 second on, 3 from 7, and so on: from 2 * 4^(row - 2) - 1. */
enum { VITRINE_GAPS = 16 };
static inline uint32_t vitrine_gap_row(int64_t before, int64_t now)
{
    if (before <= 0 || now < before) return 0;
    const uint32_t row = 1 + (uint32_t)(64 - __builtin_clzll((uint64_t)(now - before) + 1)) / 2;
    return row < VITRINE_GAPS ? row : VITRINE_GAPS - 1;
}

/* Rows of K, and behind them those of G. */
static inline uint32_t vitrine_kind_rows(const vitrine_network_shape *shape)
{
    return VITRINE_EVENT_KINDS + ((shape->flags & VITRINE_NET_GAP) != 0 ? VITRINE_GAPS : 0);
}

/* Weights: panels of 32 output rows (kernels/gemv.h). */
typedef struct vitrine_network {
    vitrine_network_shape shape;
    const float *embed;  /* [embed_rows][input] row-major, untied only */
    const float *kind;   /* [vitrine_kind_rows][input] row-major */
    const float *cell_w; /* panels [gates*hidden][input] */
    const float *cell_u; /* panels [gates*hidden][hidden] */
    vitrine_rows_q8 cell_w_q8, cell_u_q8; /* in their place with VITRINE_NET_BYTES; their bias is the caller's */
    const float *cell_b; /* [gates*hidden padded to 32] */
    const float *cell_c; /* [hidden padded to 32] GRU only */
    const float *out_w, *skip_w;
    const float *norm_gain, *norm_bias;
} vitrine_network;

/* Floats of scratch that step and query need for this shape. */
size_t vitrine_network_scratch(const vitrine_network_shape *shape);

/* One event: h [hidden], c [hidden] (may be null for GRU) change in place.
 * x [input] is the input vector, those of kind and gap included. */
void vitrine_network_step(const vitrine_network *net, const vitrine_kernels *kernels, const float *x,
                          float *h, float *c, float *scratch);

/* The query vector q [dim] for state h and the last input x [input]. */
void vitrine_network_query(const vitrine_network *net, const vitrine_kernels *kernels,
                           const float *x, const float *h, float *q, float *scratch);

#endif
