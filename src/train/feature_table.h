/* What the feature network reads of each item of a log, from the catalog as text. */
#ifndef VITRINE_TRAIN_FEATURE_TABLE_H
#define VITRINE_TRAIN_FEATURE_TABLE_H

#include "train/attribute_list.h"
#include "train/feature_net.h"

/* Owned. Numbers are those of vitrine_item_numbers with the vectors times `vector_scale`, which makes
 * them about 1 in size; the weights that the device gets are scaled instead (see dense). */
typedef struct vitrine_feature_table {
    vitrine_feature_inputs inputs;
    uint32_t *offset, *index;
    float *number;
    uint8_t *known;
    float vector_scale;
    float *dense; /* [width][numbers] for the device, once vitrine_feature_table_dense was called */
} vitrine_feature_table;

/* Sets numeric_mean, numeric_deviation and vector_dim of `config` from the catalog. `ids` are the log's
 * items; those the catalog does not list are not known. VITRINE_NO_SPACE when memory is out; the table
 * is then empty. */
vitrine_status vitrine_feature_table_make(const vitrine_item_table *catalog, const vitrine_strings *ids,
                                          const vitrine_attribute_list *attributes,
                                          vitrine_config *config, vitrine_feature_table *table);
void vitrine_feature_table_free(vitrine_feature_table *table);

/* Trained weights [width][numbers] into table->dense. VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_feature_table_dense(vitrine_feature_table *table, const float *trained,
                                           uint32_t width);

#endif
