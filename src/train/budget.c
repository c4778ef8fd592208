#include "train/budget.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/packing.h"

typedef struct valued {
    float worth;
    uint64_t entry;
} valued;

static int worthier_first(const void *a, const void *b)
{
    const valued *x = a, *y = b;
    if (x->worth != y->worth) return x->worth > y->worth ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* The table's entries whose place in the order of worth is below `kept`, into `out`. */
static void keep(const vitrine_table *table, uint32_t items, const uint64_t *place, uint64_t kept,
                 vitrine_table *out)
{
    uint64_t used = 0;
    for (uint32_t i = 0; i < items; i++) {
        out->offset[i] = used;
        for (uint64_t e = table->offset[i]; e < table->offset[i + 1]; e++) {
            if (place[e] >= kept) continue;
            out->neighbour[used] = table->neighbour[e];
            out->weight[used++] = table->weight[e];
        }
    }
    out->offset[items] = used;
}

static void show(vitrine_model_parts *parts, const vitrine_table *table)
{
    parts->table_offset = table->offset;
    parts->table_neighbour = table->neighbour;
    parts->table_weight = table->weight;
}

vitrine_status vitrine_budget_fit(vitrine_model_parts *parts, vitrine_table *table, uint64_t bytes)
{
    const uint32_t items = parts->config.items;
    const uint64_t entries = table->offset[items];
    vitrine_model_parts tried = *parts;
    vitrine_config_set_precision(&tried.config, VITRINE_INT8, true);
    if (vitrine_model_write_bound(&tried) <= bytes) return VITRINE_OK;

    vitrine_table less = { malloc(((size_t)items + 1) * sizeof *less.offset),
                           malloc((size_t)(entries + 1) * sizeof *less.neighbour),
                           malloc((size_t)(entries + 1) * sizeof *less.weight) };
    valued *order = malloc((size_t)(entries + 1) * sizeof *order);
    uint64_t *place = calloc((size_t)(entries + 1), sizeof *place);
    if (!less.offset || !less.neighbour || !less.weight || !order || !place) {
        vitrine_table_free(&less);
        free(order);
        free(place);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t i = 0; i < items; i++)
        for (uint64_t e = table->offset[i]; e < table->offset[i + 1]; e++)
            order[e] = (valued){ table->weight[e] * sqrtf(parts->popularity[i]), e };
    qsort(order, (size_t)entries, sizeof *order, worthier_first);
    for (uint64_t n = 0; n < entries; n++) place[order[n].entry] = n;

    /* The rest of the file does not change, so only the table is written to see. */
    show(&tried, &less);
    keep(table, items, place, 0, &less);
    const uint64_t empty = vitrine_pack_table(&tried, NULL);
    const uint64_t rest = vitrine_model_write_bound(&tried) - (empty + 63) / 64 * 64;
    uint64_t low = 0, high = entries; /* low fits, or nothing does */
    while (low + 1 + entries / 1024 < high) {
        const uint64_t middle = low + (high - low) / 2;
        keep(table, items, place, middle, &less);
        if (rest + (vitrine_pack_table(&tried, NULL) + 63) / 64 * 64 <= bytes) low = middle;
        else high = middle;
    }
    keep(table, items, place, low, &less);
    free(order);
    free(place);
    vitrine_table_free(table);
    *table = less;
    show(parts, table);
    return VITRINE_OK;
}
