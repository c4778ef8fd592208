#include "train/training.h"

#include <stdlib.h>
#include "base/fault.h"
#include "train/popularity.h"

#define SMOOTHING 0.5f
enum { EASE_AT_ONCE = 4096 }; /* items up to which the closed form takes seconds, so it is always tried */

/* Ways to count the table; which one serves best is seen on the held-out part. A ridge is how many sessions
 * an item must have to be believed. */
typedef struct way {
    vitrine_table_kind kind;
    float back, fade, ridge;
} way;
static const way ways[] = { { VITRINE_TABLE_STEPS, 0.0f, 1.0f, 0.0f }, { VITRINE_TABLE_STEPS, 0.4f, 1.0f, 0.0f },
                            { VITRINE_TABLE_STEPS, 1.0f, 1.0f, 0.0f }, { VITRINE_TABLE_STEPS, 0.4f, 1.5f, 0.0f },
                            { VITRINE_TABLE_STEPS, 1.0f, 1.5f, 0.0f }, { VITRINE_TABLE_EASE, 0.0f, 0.0f, 5.0f },
                            { VITRINE_TABLE_EASE, 0.0f, 0.0f, 25.0f }, { VITRINE_TABLE_EASE, 0.0f, 0.0f, 125.0f },
                            { VITRINE_TABLE_EASE, 0.0f, 0.0f, 625.0f } };
enum { WAYS = sizeof ways / sizeof ways[0] };

/* Way `n` of those that are open to this training. False past the last one. */
static bool way_of(const vitrine_training *t, uint32_t n, way *out)
{
    const vitrine_train_options *o = t->options;
    const bool any = o->table_kind == VITRINE_TABLE_BEST;
    const bool ease = any && o->start == NULL && t->log->items <= EASE_AT_ONCE;
    if (!any && o->table_kind != VITRINE_TABLE_STEPS && o->table_kind != VITRINE_TABLE_EASE) {
        *out = (way){ .kind = (vitrine_table_kind)o->table_kind };
        return n == 0;
    }
    for (size_t w = 0; w < WAYS; w++) {
        const bool open = any ? ways[w].kind == VITRINE_TABLE_STEPS || ease : ways[w].kind == (vitrine_table_kind)o->table_kind;
        if (open && n-- == 0) {
            *out = ways[w];
            return true;
        }
    }
    return false;
}

static void show_table(const vitrine_training *t, vitrine_model_parts *p)
{
    p->table_offset = t->arrays->table.offset;
    p->table_neighbour = t->arrays->table.neighbour;
    p->table_weight = t->arrays->table.weight;
    p->table_bits = t->options->table_bits;
}

/* The table over sessions 0 .. last-1, in place of what was there. */
static vitrine_status count_table(const vitrine_training *t, const vitrine_dataset *log, uint32_t last,
                                  uint32_t n, vitrine_model_parts *p)
{
    way chosen;
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    float weight[VITRINE_EVENT_KINDS];
    for (int k = 0; k < VITRINE_EVENT_KINDS; k++) weight[k] = a->kinds[k].weight;
    if (!way_of(t, n, &chosen)) return VITRINE_BAD_ARGUMENT;
    const vitrine_table_options options = { .kind = chosen.kind,
                                            .neighbours = o->table_neighbours,
                                            .window = o->table_window,
                                            .fade = chosen.fade,
                                            .back = chosen.back,
                                            .damping = o->table_damping,
                                            .ridge = chosen.ridge,
                                            .self = o->table_self && !o->drop_seen,
                                            .kind_weight = weight,
                                            .threads = o->threads };
    vitrine_table_free(&a->table);
    t->trained->report.table_kind = (uint32_t)chosen.kind;
    vitrine_status status = vitrine_table_count(log, 0, last, &options, &a->table);
    if (status == VITRINE_OK && o->start != NULL)
        status = vitrine_warm_table(&a->warm, o->table_damping, o->keep_old, o->table_neighbours,
                                    &a->table);
    show_table(t, &t->trained->parts);
    if (status == VITRINE_OK) status = vitrine_trained_fit(t->trained, o->bytes_per_item);
    show_table(t, p);
    return status;
}

/* What vitrine_fuse_learn is offered. */
typedef struct table_offer {
    const vitrine_training *t;
    const vitrine_dataset *log;
} table_offer;

static vitrine_status offer_table(void *context, uint32_t n, vitrine_model_parts *parts, uint32_t *kind)
{
    const table_offer *offer = context;
    way first, offered;
    *kind = way_of(offer->t, 0, &first) && way_of(offer->t, n, &offered) && offered.kind != first.kind;
    return count_table(offer->t, offer->log, offer->t->first_held, n, parts);
}

/* Table and popularity over sessions 0 .. last-1. */
vitrine_status vitrine_training_count(const vitrine_training *t, const vitrine_dataset *log, uint32_t last)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_model_parts *p = &t->trained->parts;
    float weight[VITRINE_EVENT_KINDS];
    for (int k = 0; k < VITRINE_EVENT_KINDS; k++) weight[k] = a->kinds[k].weight;
    vitrine_status status = vitrine_popularity(log, 0, last, weight, SMOOTHING, a->popularity);
    if (status == VITRINE_OK && o->start != NULL)
        vitrine_warm_popularity(&a->warm, o->keep_old, a->popularity);
    if (status == VITRINE_OK)
        status = vitrine_popularity_half(a->popularity, t->log->items, &p->config.frequent_share);
    p->popularity = a->popularity;
    if (status != VITRINE_OK || !o->fuse || !vitrine_training_writes(t) ||
        vitrine_training_lacks(t, VITRINE_PART_NEIGHBOURS))
        return status;
    return count_table(t, log, last, a->fusion.table, p);
}

/* `counted` is what table and popularity were counted from. */
vitrine_status vitrine_training_fuse(vitrine_training *t, const vitrine_dataset *counted)
{
    const vitrine_train_options *o = t->options;
    vitrine_train_report *r = &t->trained->report;
    vitrine_fuse_report report;
    struct vitrine_trained_arrays *a = t->arrays;
    uint8_t *known = calloc(t->log->items, 1);
    if (known == NULL) return vitrine_refuse(t->fault, VITRINE_NO_SPACE, "memory", 0, 0, 0);
    for (uint64_t e = 0; e < counted->session_start[t->first_held]; e++)
        if (counted->item[e] < t->log->items) known[counted->item[e]] = 1;
    table_offer offer = { t, counted };
    const vitrine_fuse_options options = { .threads = o->threads,
                                           .last_only = o->leave_one_out,
                                           .drop_seen = o->drop_seen,
                                           .known = known,
                                           .shrink = 200.0f,
                                           .tune = true,
                                           .table = offer_table,
                                           .table_context = &offer,
                                           .watch = t->watch,
                                           .watch_context = t->watch_context };
    const uint32_t first = o->leave_one_out ? 0 : t->first_held;
    const vitrine_status status =
        vitrine_fuse_learn(&t->trained->parts, &t->view, first, t->view.sessions, &options,
                           &a->fusion, &report, t->fault);
    free(known);
    if (status != VITRINE_OK) return status;
    r->positions = report.positions;
    r->fused_recall = report.final.recall20;
    r->fused_mrr = report.final.mrr20;
    r->popular_recall = report.alone[VITRINE_PART_POPULARITY].recall20;
    r->popular_mrr = report.alone[VITRINE_PART_POPULARITY].mrr20;
    return VITRINE_OK;
}
