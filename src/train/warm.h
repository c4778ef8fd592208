/* A training that begins with what another model knows, item by item by id. */
#ifndef VITRINE_TRAIN_WARM_H
#define VITRINE_TRAIN_WARM_H

#include "data/dataset.h"
#include "train/attribute_list.h"
#include "train/feature_net.h"
#include "train/table.h"

/* The log's items become those of both: rows are numbered anew. VITRINE_NO_SPACE leaves it as it was. */
vitrine_status vitrine_warm_items(const vitrine_strings *known, vitrine_dataset *log);

typedef struct vitrine_warm {
    const vitrine_model_parts *model; /* of the layout's shape */
    const vitrine_strings *ids;       /* of the training: the model's are among them */
    uint32_t *row;                    /* [ids] in the model, or VITRINE_NO_STRING; owned */
} vitrine_warm;

vitrine_status vitrine_warm_make(const vitrine_model_parts *model, const vitrine_strings *ids,
                                 vitrine_warm *warm);
void vitrine_warm_free(vitrine_warm *warm);

/* Writes over theta [layout total], which holds first weights: the network as the model has it, known
 * items with their vectors, new ones with what their features say or else the mean of the known. With
 * features (null: none) the model's feature network is taken where it has one of the same width, its
 * attributes by name (`names`, or numbers where they are hashed); ids are then what is left of the
 * vectors. vector_scale as in feature_table.h. VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_warm_params(const vitrine_warm *warm, const vitrine_layout *layout,
                                   const vitrine_feature_inputs *features,
                                   const vitrine_attribute_list *attributes, float vector_scale,
                                   vitrine_matmul matmul, float *theta);

/* The model's table and a new one of the same log into one: a row's counts are had back from its
 * weights, count = weight * (sum + damping), and added, the older ones times `keep`. At most `neighbours`
 * stay. Replaces `table`. VITRINE_NO_SPACE when memory is out; the table is then empty. */
vitrine_status vitrine_warm_table(const vitrine_warm *warm, float damping, float keep,
                                  uint32_t neighbours, vitrine_table *table);

/* share [ids] becomes the mean of both logs' shares, the older ones times `keep`. */
void vitrine_warm_popularity(const vitrine_warm *warm, float keep, float *share);

#endif
