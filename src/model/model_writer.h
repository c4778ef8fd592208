/* From trained parts to the bytes of a .vitrine model. The inverse of model.c; used by training and
 * quantisation, and by whoever brings weights from elsewhere. No files: bytes out. */
#ifndef VITRINE_MODEL_WRITER_H
#define VITRINE_MODEL_WRITER_H

#include "model/model.h"

/* Everything a model holds, in plain row-major arrays that stay the caller's. Pointers may be null
 * where the comment says "optional". Matrices are [rows][cols], as in y = W x. */
typedef struct vitrine_model_parts {
    vitrine_config config; /* items, dim, ... : the sizes below; see model.h */
    uint64_t version;

    /* ids: sorted by (length, bytes), distinct. id i is id_bytes[id_offset[i] .. id_offset[i+1]). */
    const uint32_t *id_offset; /* [items + 1] */
    const char *id_bytes;

    const float *item;       /* [items][dim] output embeddings; also the input ones when tied */
    const float *bias;       /* [items] */
    const float *popularity; /* [items] shares, sum 1 */

    /* network: optional when config.cell is VITRINE_CELL_NONE */
    const float *embed;  /* [embed_rows][input] only when not tied */
    const float *kind;   /* [vitrine_kind_rows][input] added to the input; optional: zeros */
    const float *cell_w; /* [gates*hidden][input] */
    const float *cell_u; /* [gates*hidden][hidden] */
    const float *cell_b; /* [gates*hidden] */
    const float *cell_c; /* [hidden] GRU only: recurrent bias of the candidate */
    const float *out_w;  /* [dim][hidden] only with VITRINE_NET_OUT */
    const float *skip_w; /* [dim][input] only with VITRINE_NET_SKIP */
    const float *norm_gain, *norm_bias; /* [dim] only with VITRINE_NET_NORM */

    /* item-to-item table: row i is entries table_offset[i] .. table_offset[i+1], neighbours
     * ascending, weights > 0 */
    const uint64_t *table_offset;    /* [items + 1]; optional: no table */
    const uint32_t *table_neighbour;
    const float *table_weight;
    uint32_t table_bits; /* of a stored weight, 1..8; 0: 8 */

    /* attributes of items: entries attr_offset[i] .. attr_offset[i+1], ascending; all but the
     * price band, which has a column of its own */
    const uint32_t *attr_offset; /* [items + 1]; optional: no attributes */
    const uint32_t *attr_index;
    const uint8_t *band; /* [items] price band or VITRINE_NO_BAND; optional: unknown */
    const float *attr_weight;       /* [attributes] how telling each is (idf); > 0 */
    const uint32_t *attr_name_offset; /* [attributes + 1]; names sorted by (length, bytes); only indexed */
    const char *attr_name_bytes;

    /* feature network: [attributes][feature_hidden] and so on; optional as a whole */
    const float *feature_embed;  /* [attributes][feature_hidden] */
    const float *feature_dense;  /* [feature_hidden][VITRINE_NUMERICS + vector_dim] */
    const float *feature_bias;   /* [feature_hidden] */
    const float *feature_out;    /* [dim][feature_hidden] */
    const float *feature_out_bias; /* [dim] */

    const vitrine_kind_weight *kinds; /* [VITRINE_EVENT_KINDS] */
    const float *fuse;                /* [VITRINE_CONTEXTS][VITRINE_PARTS] each row sums to 1 */
    const uint8_t *trend;  /* [items] momentum in eighths; optional: none */
    const uint8_t *intent; /* a section as intent.h writes it; optional: none */
    size_t intent_size;
    const char *card;
    size_t card_size;
} vitrine_model_parts;

/* How what is written keeps its numbers. byte_gates: the gates of an int8 network are multiplied as bytes too
 * (VITRINE_NET_BYTES); of no meaning for other precisions, and without gates. */
void vitrine_config_set_precision(vitrine_config *config, uint32_t precision, bool byte_gates);

/* Bytes that vitrine_model_write needs at most. */
size_t vitrine_model_write_bound(const vitrine_model_parts *parts);

/* One row to int8: out [cols] in -127..127, value = q * the scale returned, which is one that 16 bits
 * hold (packed.h). */
float vitrine_quantize_row(const float *row, uint32_t cols, int8_t *out);
/* One row to int8 and 16 bits more: value = (65536 q + rest) * (scale / 65536), rounded to nearest. */
float vitrine_split_row(const float *row, uint32_t cols, int8_t *q, int16_t *rest);

/* Writes a complete file to out (aligned to 64). config.precision chooses how item rows are stored: VITRINE_F32 or
 * VITRINE_INT8 (symmetric, one scale a row, rounded to nearest even) or VITRINE_EXACT (int8 and 16 bits more). The configuration is checked;
 * the arrays are the caller's word, and opening what was written checks them. */
vitrine_status vitrine_model_write(const vitrine_model_parts *parts, void *out, size_t size,
                                   size_t *written, vitrine_fault *fault);

#endif
