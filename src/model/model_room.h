/* The memory that opening a model asks for: what is spread out of what the file packs, how large it is, and where it
 * lies. Sizes are held against the file before anything is asked for. */
#ifndef VITRINE_MODEL_MODEL_ROOM_H
#define VITRINE_MODEL_MODEL_ROOM_H

#include "base/arena.h"
#include "model/container.h"
#include "model/model.h"

/* Sizes that the head does not tell. */
typedef struct vitrine_room_sizes {
    uint32_t id_bytes, name_bytes, attributes; /* attributes of all items together */
    bool table, split;
} vitrine_room_sizes;

/* The network's matrices, in int8 models packed. */
enum { VITRINE_M_KIND, VITRINE_M_CELL_W, VITRINE_M_CELL_U, VITRINE_M_OUT_W, VITRINE_M_SKIP_W, VITRINE_MATRICES };
typedef struct vitrine_matrix {
    uint32_t id;
    const char *field;
    size_t rows, cols; /* 0 rows: the model has none */
} vitrine_matrix;

/* What is spread out. */
typedef struct vitrine_room {
    vitrine_stretch *id_stretch, *name_stretch;
    uint32_t *attr_offset, *table_row;
    char *id_bytes, *name_bytes;
    uint16_t *attr_index;
    int32_t *row_sum;
    float *scale, *bias, *panel_length, *panel_rest, *panel_scale;
    /* As vitrine_matrices_of lists them; of those that stay bytes int8 panels, scales and row sums in one. */
    float *matrix[VITRINE_MATRICES];
    float *feature, *panel_left;
} vitrine_room;

/* The matrices of a configuration: out [VITRINE_MATRICES]. */
void vitrine_matrices_of(const vitrine_config *c, vitrine_matrix out[VITRINE_MATRICES]);

/* Whether a matrix of the network is multiplied as it lies in the file. */
static inline bool vitrine_stays_bytes(const vitrine_config *c, int m)
{
    return (c->net.flags & VITRINE_NET_BYTES) != 0 && (m == VITRINE_M_CELL_W || m == VITRINE_M_CELL_U);
}

/* Opens the container, checks its head, and before memory is asked for the sizes: nothing that is spread out may be
 * more than VITRINE_MOST_GROWTH times what the file holds for it. */
vitrine_status vitrine_room_measure(const void *bytes, size_t size, vitrine_container *file, vitrine_config *c,
                                    vitrine_room_sizes *sizes, vitrine_fault *fault);
/* Takes all of it from the arena, which may only measure: the model, and into `to` where the rest lies. */
vitrine_model *vitrine_room_layout(vitrine_arena *arena, const vitrine_config *c, const vitrine_room_sizes *sizes,
                                   vitrine_room *to);

#endif
