/* All trained numbers in one flat array, and where each matrix lies in it. Gradients and Adam's
 * moments have the same layout. */
#ifndef VITRINE_TRAIN_PARAMS_H
#define VITRINE_TRAIN_PARAMS_H

#include <stddef.h>
#include <stdint.h>
#include "nn/network.h"

/* The first three are long and may be updated row by row; the rest is small and dense. */
typedef enum vitrine_segment {
    VITRINE_SEG_ITEM = 0,  /* [items][dim] */
    VITRINE_SEG_BIAS,      /* [items] */
    VITRINE_SEG_EMBED,     /* [items][input] untied only */
    VITRINE_SEG_KIND,      /* [vitrine_kind_rows][input] */
    VITRINE_SEG_CELL_W,    /* [gates*hidden][input] */
    VITRINE_SEG_CELL_U,    /* [gates*hidden][hidden] */
    VITRINE_SEG_CELL_B,    /* [gates*hidden] */
    VITRINE_SEG_CELL_C,    /* [hidden] GRU only */
    VITRINE_SEG_OUT_W,     /* [dim][hidden] with VITRINE_NET_OUT */
    VITRINE_SEG_SKIP_W,    /* [dim][input] with VITRINE_NET_SKIP */
    VITRINE_SEG_NORM_GAIN, /* [dim] with VITRINE_NET_NORM */
    VITRINE_SEG_NORM_BIAS, /* [dim] */
    /* The feature network, where there is one (feature_net.h). */
    VITRINE_SEG_FEATURE_EMBED,    /* [attributes][width] */
    VITRINE_SEG_FEATURE_DENSE,    /* [width][numbers] */
    VITRINE_SEG_FEATURE_BIAS,     /* [width] */
    VITRINE_SEG_FEATURE_OUT,      /* [dim][width] */
    VITRINE_SEG_FEATURE_OUT_BIAS, /* [dim] */
    VITRINE_SEGMENTS
} vitrine_segment;

typedef struct vitrine_layout {
    vitrine_network_shape shape;
    uint32_t items;
    size_t rows[VITRINE_SEGMENTS], cols[VITRINE_SEGMENTS];
    size_t offset[VITRINE_SEGMENTS + 1]; /* floats from the start; the last one is the total */
} vitrine_layout;

/* Segments that the shape does not have are empty. */
void vitrine_layout_make(const vitrine_network_shape *shape, uint32_t items,
                         vitrine_layout *layout);

/* Adds a feature network of `width` > 0 hidden units. */
void vitrine_layout_add_features(vitrine_layout *layout, uint32_t attributes, uint32_t width,
                                 uint32_t numbers);

static inline size_t vitrine_layout_total(const vitrine_layout *layout)
{
    return layout->offset[VITRINE_SEGMENTS];
}

/* Floats of the dense rest: everything between the item rows and the feature network. */
static inline size_t vitrine_layout_rest(const vitrine_layout *layout)
{
    return layout->offset[VITRINE_SEG_FEATURE_EMBED] - layout->offset[VITRINE_SEG_KIND];
}

/* Floats of the feature network; 0: there is none. */
static inline size_t vitrine_layout_feature(const vitrine_layout *layout)
{
    return layout->offset[VITRINE_SEGMENTS] - layout->offset[VITRINE_SEG_FEATURE_EMBED];
}

/* First weights: vectors of items and kinds normal with deviation `init`, those of gaps 0, those of attributes with
 * VITRINE_FEATURE_INIT; matrices
 * uniform in +-1/sqrt(inputs) (PyTorch's choice for recurrent cells); biases 0, forget biases and
 * gains 1. theta [total]; each number depends on the seed and its place alone. */
#define VITRINE_FEATURE_INIT 0.1f
void vitrine_params_init(const vitrine_layout *layout, float init, uint64_t seed, float *theta);

#endif
