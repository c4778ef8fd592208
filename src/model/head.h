/* The section 'head': the configuration, field by field, one order for reading and writing. */
#ifndef VITRINE_MODEL_HEAD_H
#define VITRINE_MODEL_HEAD_H

#include "model/container.h"
#include "model/model.h"

/* Bytes of the section. */
size_t vitrine_head_size(void);
void vitrine_head_write(const vitrine_config *config, uint8_t *out);
/* Reads and checks every field. */
vitrine_status vitrine_head_read(vitrine_config *config, const vitrine_section *section,
                                 vitrine_fault *fault);
/* The checks alone; offset 0 in the fault counts from the head's start. */
vitrine_status vitrine_config_check(const vitrine_config *config, uint64_t offset,
                                    vitrine_fault *fault);

/* Section ids of kind model. */
enum {
    VITRINE_S_HEAD = VITRINE_ID('h', 'e', 'a', 'd'),
    VITRINE_S_IDS = VITRINE_ID('i', 'd', 's', ' '),
    VITRINE_S_ITEM = VITRINE_ID('i', 't', 'e', 'm'),
    VITRINE_S_SCALE = VITRINE_ID('s', 'c', 'a', 'l'),
    VITRINE_S_HIGH = VITRINE_ID('h', 'i', 'g', 'h'), /* in place of 'item' */
    VITRINE_S_LOW = VITRINE_ID('l', 'o', 'w', ' '),
    VITRINE_S_REST = VITRINE_ID('r', 'e', 's', 't'),
    VITRINE_S_BIAS = VITRINE_ID('b', 'i', 'a', 's'),
    VITRINE_S_POPULARITY = VITRINE_ID('p', 'o', 'p', 'u'),
    VITRINE_S_EMBED = VITRINE_ID('e', 'm', 'b', 'd'),
    VITRINE_S_KIND_EMBED = VITRINE_ID('k', 'e', 'm', 'b'),
    VITRINE_S_CELL_W = VITRINE_ID('c', 'e', 'l', 'w'),
    VITRINE_S_CELL_U = VITRINE_ID('c', 'e', 'l', 'u'),
    VITRINE_S_CELL_B = VITRINE_ID('c', 'e', 'l', 'b'),
    VITRINE_S_CELL_C = VITRINE_ID('c', 'e', 'l', 'c'),
    VITRINE_S_OUT_W = VITRINE_ID('o', 'u', 't', 'w'),
    VITRINE_S_SKIP_W = VITRINE_ID('s', 'k', 'i', 'w'),
    VITRINE_S_NORM = VITRINE_ID('n', 'o', 'r', 'm'),
    VITRINE_S_TABLE = VITRINE_ID('t', 'a', 'b', 'l'),
    VITRINE_S_ATTRIBUTES = VITRINE_ID('a', 't', 't', 'r'),
    VITRINE_S_ATTR_WEIGHT = VITRINE_ID('a', 't', 'w', 't'),
    VITRINE_S_ATTR_NAMES = VITRINE_ID('a', 't', 'n', 'm'),
    VITRINE_S_BAND = VITRINE_ID('b', 'a', 'n', 'd'),
    VITRINE_S_FEATURE = VITRINE_ID('f', 'e', 'a', 't'),
    VITRINE_S_KINDS = VITRINE_ID('k', 'i', 'n', 'd'),
    VITRINE_S_FUSE = VITRINE_ID('f', 'u', 's', 'e'),
    VITRINE_S_TREND = VITRINE_ID('t', 'r', 'e', 'n'),
    VITRINE_S_INTENT = VITRINE_ID('i', 'n', 't', 'e'),
    VITRINE_S_CARD = VITRINE_ID('c', 'a', 'r', 'd')
};

/* Floats of the section 'feat': embed, dense, bias, out, out bias, one after the other. */
static inline size_t vitrine_feature_floats(const vitrine_config *config)
{
    const size_t hidden = config->feature_hidden, dim = config->dim;
    return hidden * config->attributes + hidden * (VITRINE_NUMERICS + (size_t)config->vector_dim) +
           hidden + dim * hidden + dim;
}

/* Its pieces in that order, row-major; the two biases are floats in int8 models too. */
typedef struct vitrine_feature_piece {
    size_t rows, cols;
    bool bias;
} vitrine_feature_piece;
enum { VITRINE_FEATURE_PIECES = 5 };

static inline void vitrine_feature_pieces(const vitrine_config *config,
                                          vitrine_feature_piece pieces[VITRINE_FEATURE_PIECES])
{
    const size_t hidden = config->feature_hidden, dim = config->dim;
    const vitrine_feature_piece all[VITRINE_FEATURE_PIECES] = {
        {config->attributes, hidden, false},
        {hidden, VITRINE_NUMERICS + (size_t)config->vector_dim, false},
        {1, hidden, true},
        {dim, hidden, false},
        {1, dim, true}};
    for (int i = 0; i < VITRINE_FEATURE_PIECES; i++) pieces[i] = all[i];
}

/* Bytes of a piece in an int8 model: a packed matrix (packed.h), or floats. */
static inline size_t vitrine_feature_piece_size(const vitrine_feature_piece *piece)
{
    return piece->bias ? piece->cols * sizeof(float) : piece->rows * (2 + piece->cols);
}

#endif
