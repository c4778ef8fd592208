/* The model's inside: its configuration and the checked views of its sections. docs/model-format.md
 * describes the bytes. */
#ifndef VITRINE_MODEL_MODEL_H
#define VITRINE_MODEL_MODEL_H

#include <stdbool.h>
#include "vitrine/model.h"
#include "vitrine/event.h"
#include "base/bits.h"
#include "base/strings.h"
#include "kernels/halves.h"
#include "kernels/panels.h"
#include "model/intent.h"
#include "model/packed.h"
#include "nn/network.h"

/* How item rows are kept. EXACT: int8 rows that find candidates, and what they leave over, so that the
 * scores are those of f32 rows; only where the score is the logit alone. */
enum { VITRINE_F32 = 0, VITRINE_INT8 = 1, VITRINE_EXACT = 2 };

/* How the sparse attributes of items are numbered. */
enum { VITRINE_ATTR_NONE = 0, VITRINE_ATTR_INDEXED = 1, VITRINE_ATTR_HASHED = 2 };

/* Numeric features of an item, in this order; each (x - mean) / deviation as the model says. */
enum { VITRINE_NUMERIC_LOG_PRICE = 0, VITRINE_NUMERIC_LOG_SALES = 1, VITRINE_NUMERICS = 2 };

/* What the fusion weights depend on: history length (1, 2, 3-4, 5-9, 10+) x whether the last item
 * had been seen before in the history x whether it is frequent (config.frequent_share). */
enum { VITRINE_LENGTH_BUCKETS = 5, VITRINE_CONTEXTS = 20 };

#define VITRINE_PRICE_BANDS 16 /* at most */
#define VITRINE_MAX_ITEMS (1u << 23)
#define VITRINE_MAX_WIDTH 1024u /* dim, hidden, input */
#define VITRINE_MAX_ATTRIBUTES 65535u
#define VITRINE_NO_BAND 255u
#define VITRINE_NO_ATTRIBUTE UINT32_MAX
#define VITRINE_MAX_TAIL 256u

/* How one kind of event acts. */
typedef struct vitrine_kind_weight {
    float weight;    /* in evidence for neighbours, content, recent; 0 = none */
    float half_life; /* seconds of event time until the weight halves; 0 = never */
    uint32_t steps;  /* 1: the network takes a step for it */
} vitrine_kind_weight;

#define VITRINE_FUSED_MOST 9u

/* Fixed-size head of a model; the section 'head' field by field. */
typedef struct vitrine_config {
    uint32_t items;
    uint32_t dim;       /* D: item vectors */
    uint32_t precision; /* VITRINE_F32, VITRINE_INT8 or VITRINE_EXACT */
    vitrine_network_shape net; /* cell, input, hidden, flags */
    uint32_t embed_rows;       /* rows of the untied input embedding; 0 when tied */
    uint32_t session_gap; /* seconds without an event after which the network starts anew; 0 never */
    uint32_t tail;        /* newest events that count as evidence, 1..VITRINE_MAX_TAIL */
    float item_decay;     /* evidence weight of an event `a` steps back: exp(-a / item_decay) */
    float attr_decay;     /* the same for content */
    float recent_decay;   /* the same for items met before; 0: item_decay */
    float affinity_decay; /* the same for the attributes that people are shown; 0: attr_decay */
    float frequent_share; /* an item with this share of popularity or more is frequent */
    uint32_t content_power; /* 1..8: content shares are similarity to this power */
    /* 0: the score is the network's logit alone. 1 + n: the fused parts, and an item of this visit sinks by n
     * eighths, the repeat penalty, for each time it was met. */
    uint32_t fused;
    float cold_bias;        /* bias of items unknown to the training */
    float dismiss_penalty;  /* 0..1: how far neighbours of a dismissed item sink */
    uint32_t attr_mode, attributes;
    uint32_t price_bands;                     /* 0..VITRINE_PRICE_BANDS */
    float price_edge[VITRINE_PRICE_BANDS - 1]; /* ascending; band b: edge[b-1] <= price < edge[b] */
    uint32_t feature_hidden; /* 0: no feature network */
    uint32_t vector_dim;     /* free numbers per item: text, image vectors one after the other */
    float numeric_mean[VITRINE_NUMERICS], numeric_deviation[VITRINE_NUMERICS];
} vitrine_config;

struct vitrine_model {
    vitrine_config config;
    const vitrine_kernels *kernels;
    uint64_t version;
    uint8_t hash[32];

    /* What the file packs is spread out at open, in the model's own memory: ids, the small numbers of
     * int8 models, their matrices, attributes. The rest is used where it lies in the file. */
    vitrine_strings ids; /* sorted by (length, bytes) */
    /* Arrays marked [padded] reach to the next multiple of VITRINE_PANEL. */
    const int8_t *item_q8;   /* VITRINE_INT8, VITRINE_EXACT: panels, see kernels/scan.h */
    const float *item_f32;   /* VITRINE_F32: panels, see kernels/gemv.h */
    const float *scale;      /* [padded] with item_q8: value = q * scale */
    const int32_t *row_sum;  /* [padded] with item_q8: 64 * sum of the row; made at open */
    const int16_t *rest;     /* [items][dim] VITRINE_EXACT: value = (65536 q + rest) * (scale / 65536) */
    const float *panel_length; /* [panels] VITRINE_EXACT: no row q * scale of the panel is longer */
    const float *panel_rest;   /* [panels] VITRINE_EXACT: nor what q * scale leaves of a row */
    float largest_bias;        /* VITRINE_EXACT: of all, in size */
    const float *bias;       /* [padded] */
    const float *popularity; /* [items]; null: popularity_code; see vitrine_model_popularity */
    const uint16_t *popularity_code; /* VITRINE_INT8: [items] small floats of packed.h */
    vitrine_network net;
    const uint8_t *embed_packed; /* VITRINE_INT8, untied: input embedding, see vitrine_model_input */

    vitrine_bits table;        /* rows of neighbours one after the other; see vitrine_table_walk */
    const uint32_t *table_row; /* [items] where each begins, in bits; null: no table */
    const float *table_weight; /* [2^table_bits] what a weight's code means */
    uint32_t table_bits;

    /* Attributes but the price band, which moves with the price. */
    const uint32_t *attr_offset; /* [items + 1]; null: no attributes */
    const uint16_t *attr_index;  /* ascending in a row */
    const uint8_t *band;         /* [items] price band, VITRINE_NO_BAND unknown */
    const float *attr_weight;    /* [attributes] */
    vitrine_strings attr_names;  /* VITRINE_ATTR_INDEXED: sorted by (length, bytes) */
    uint32_t band_attribute[VITRINE_PRICE_BANDS]; /* attribute of "price:b", or none */

    /* Feature network, row-major: attributes and numbers of an item to its vector. */
    const float *feature_embed;    /* [attributes][feature_hidden]; null: none */
    const float *feature_dense;    /* [feature_hidden][VITRINE_NUMERICS + vector_dim] */
    const float *feature_bias;     /* [feature_hidden] */
    const float *feature_out;      /* [dim][feature_hidden] */
    const float *feature_out_bias; /* [dim] */

    const vitrine_kind_weight *kinds;
    const float *fuse;
    const uint8_t *trend; /* [items] momentum in eighths, for catalogs that say nothing of it; null: none */
    const uint8_t *intent_section; /* null: none */
    vitrine_intent intent;
    const char *card;
    size_t card_size;

    /* Split rows, in place of item_q8 and row_sum: see vitrine_model_is_split. panel_length and panel_rest are then of
     * what the scan takes for a row and of what it leaves of it, the 16 bits more of VITRINE_EXACT among that, before the
     * scale; and of VITRINE_INT8 too. */
    const uint8_t *item_high, *item_low; /* kernels/halves.h */
    const float *panel_scale;            /* [panels] no scale of the panel is larger */
    const float *panel_left;             /* [panels] VITRINE_EXACT: no more is left of a row by both halves, before the scale */
    float longest_panel, largest_rest, largest_scale; /* the largest of panel_length, panel_rest, panel_scale */
};

/* Whether this build reads split rows: the browser's usual module has no use for them, and leaves them out. */
#ifndef VITRINE_SPLIT
#define VITRINE_SPLIT 1
#endif

/* int8 rows in two halves of bits (VITRINE_INT8 and VITRINE_EXACT), only where the score is the logit alone. */
static inline bool vitrine_model_is_split(const vitrine_model *model)
{
    return VITRINE_SPLIT && model->item_high != NULL;
}

/* vitrine_model_open for a caller that has the SHA-256 of each section; see vitrine_container_verify. */
vitrine_status vitrine_model_open_summed(void *mem, size_t mem_size, const void *bytes, size_t size,
                                         const uint8_t *sums, const vitrine_model **model,
                                         vitrine_fault *fault);

/* Row i of the item matrix as floats: out [dim]. */
void vitrine_model_item_vector(const vitrine_model *model, uint32_t item, float *out);
/* Row i < embed_rows of the untied input embedding: out [input]. */
void vitrine_model_input(const vitrine_model *model, uint32_t item, float *out);

/* Row r of int8 panels as floats, for rows outside the model too (see catalog): out [cols]. */
void vitrine_row_q8(const int8_t *panels, float scale, uint32_t row, uint32_t cols, float *out);

/* The item's share of events. */
static inline float vitrine_model_popularity(const vitrine_model *model, uint32_t item)
{
    return model->popularity != NULL ? model->popularity[item] : vitrine_float16(model->popularity_code[item]);
}
/* All of them: out [items]. */
void vitrine_popularities(const vitrine_model *model, float *out);

/* One decoded entry of the item-to-item table. */
typedef struct vitrine_neighbour {
    uint32_t item;
    float weight;
} vitrine_neighbour;

/* Walk row `item`: walk = vitrine_table_row(m, item); while (vitrine_table_next(&walk, &n)) ...
 * A row is the number of neighbours, then for each in ascending order the gap to the one before, in
 * Rice's code, and a weight's code that table_weight explains. */
typedef struct vitrine_table_walk {
    vitrine_bits in;
    const float *weight;
    uint32_t bits;  /* of a weight */
    uint32_t items;
    uint32_t left;  /* neighbours to come */
    uint32_t next;  /* the smallest that may follow */
} vitrine_table_walk;
vitrine_table_walk vitrine_table_row(const vitrine_model *model, uint32_t item);
bool vitrine_table_next(vitrine_table_walk *walk, vitrine_neighbour *neighbour);

/* The attribute with this name ("brand:Acme"), or VITRINE_NO_ATTRIBUTE. Hashed models know every
 * name: FNV-1a 64 of the name modulo `attributes`. */
uint32_t vitrine_model_attribute(const vitrine_model *model, const char *name, size_t length);
/* The bucket of a name in a hashed vocabulary of `attributes` > 0 buckets. */
uint32_t vitrine_attribute_hash(const char *name, size_t length, uint32_t attributes);

/* The price band of a price, or VITRINE_NO_BAND when the model has none or the price is unknown
 * (NaN or negative). */
uint32_t vitrine_config_band(const vitrine_config *config, float price);

#endif
