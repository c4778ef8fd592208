/* The feature network in training: item vector = id vector + what is known of the item.
 *
 *   hidden = relu(bias + sum of embed[a] over its attributes and price band + dense * numbers)
 *   vector = id + out_bias + out * hidden
 *
 * as catalog/features.h computes it on the device for items that training never saw. So that the
 * second part can stand alone, the id of some items is left out in each batch (Volkovs, Yu and
 * Poutanen, "DropoutNet", 2017). */
#ifndef VITRINE_TRAIN_FEATURE_NET_H
#define VITRINE_TRAIN_FEATURE_NET_H

#include <stdbool.h>
#include "train/matmul.h"
#include "train/params.h"

/* What is known of each item of the log. */
typedef struct vitrine_feature_inputs {
    uint32_t items, attributes, numbers;
    const uint32_t *offset; /* [items + 1] */
    const uint32_t *index;  /* attributes, the price band among them */
    const float *number;    /* [items][numbers] */
    const uint8_t *known;   /* [items] 0: nothing is; its id is never left out */
} vitrine_feature_inputs;

typedef struct vitrine_feature_net vitrine_feature_net;

/* For all items at once, or at most `most_rows` of them; drop is the share of ids left out. Everything given must
 * stay. Null when memory is out. */
vitrine_feature_net *vitrine_feature_net_create(const vitrine_layout *layout, const float *theta,
                                                const vitrine_feature_inputs *inputs,
                                                uint32_t most_rows, float drop,
                                                vitrine_matmul matmul);
void vitrine_feature_net_destroy(vitrine_feature_net *net);

/* item [rows][dim] holds ids and becomes vectors. row [rows] are the items; null: row r is item r.
 * training: ids are left out, by `key`. */
void vitrine_feature_net_forward(vitrine_feature_net *net, const uint32_t *row, uint32_t rows,
                                 bool training, uint64_t key, float *item);
/* After a forward in training: d_item [rows][dim], the slopes by the vectors, becomes those by the
 * ids; leaves the gradient of the network's own weights. */
void vitrine_feature_net_backward(vitrine_feature_net *net, float *d_item);

/* [vitrine_layout_feature] segments from VITRINE_SEG_FEATURE_EMBED on. */
const float *vitrine_feature_net_gradient(const vitrine_feature_net *net);

#endif
