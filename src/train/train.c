#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/fault.h"
#include "base/sha256.h"
#include "train/fuse.h"
#include "train/attribute_list.h"
#include "train/budget.h"
#include "train/checkpoint.h"
#include "train/feature_table.h"
#include "train/learn.h"
#include "train/popularity.h"
#include "train/presets.h"
#include "train/random.h"
#include "train/table.h"
#include "train/warm.h"

#define SMOOTHING 0.5f

struct vitrine_trained_arrays {
    float *theta;
    vitrine_table table;
    float *popularity;
    vitrine_attribute_list attributes;
    vitrine_feature_table features;
    float *start;   /* first weights, going on from another model; null: random ones */
    vitrine_warm warm;
    float *vectors; /* [items][dim] with features: those of theta and what the features add */
    vitrine_kind_weight kinds[VITRINE_EVENT_KINDS];
    vitrine_fusion fusion;
};

/* What the steps of one training share. */
typedef struct training {
    const vitrine_dataset *log;
    vitrine_dataset view; /* leave-one-out: the log's sessions cut short; else the log itself */
    uint64_t *start;      /* of the view; null: the log's */
    uint32_t first_held;  /* sessions from here on are held out */
    const vitrine_item_table *catalog;
    const vitrine_train_options *options;
    vitrine_train_watch watch;
    void *watch_context;
    vitrine_trained *trained;
    struct vitrine_trained_arrays *arrays;
    vitrine_layout layout;
    vitrine_training_mark mark;   /* with resume alone, as is what follows */
    vitrine_checkpoint kept;      /* to go on from; state.epoch 0: none */
    vitrine_checkpoint keeping;   /* all but its state */
    float *first_theta;           /* the first training's weights, while refitting */
    vitrine_fault *fault;
} training;

vitrine_train_options vitrine_train_options_default(void)
{
    const vitrine_train_options usual = {
        .preset = VITRINE_PRESET_BASE, .cell = VITRINE_CELL_GRU, .tied = true, .skip = true, .norm = true,
        .loss = VITRINE_LOSS_BY_SIZE, .fuse = true, .keep_old = 1.0f, .sample_power = 0.5f,
        .bptt = 32, .rate = 0.003f, .dropout_input = -1.0f, .dropout_output = -1.0f, .clip = 1.0f, .init = 0.02f, .validation = 0.1f, .refit = true,
        .seed = 1, .threads = 1, .table_kind = VITRINE_TABLE_STEPS, .table_neighbours = 64,
        .table_window = 10, .table_damping = 5.0f, .table_bits = 4, .bytes_per_item = -1.0f, .table_self = true,
        .attr_mode = VITRINE_ATTR_INDEXED, .feature_width = 32, .id_dropout = 0.1f, .session_gap = 1800,
    };
    return usual;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Carts and wishlists say more than views; a purchase ends an interest, unless purchases are all
 * that the log has. */
static void choose_kinds(const training *t, vitrine_kind_weight *kinds)
{
    bool has_views = false;
    if (t->options->kinds != NULL) {
        memcpy(kinds, t->options->kinds, VITRINE_EVENT_KINDS * sizeof *kinds);
        return;
    }
    for (uint64_t e = 0; e < t->log->events && !has_views; e++)
        has_views = t->log->kind[e] == VITRINE_VIEW_ITEM || t->log->kind[e] == VITRINE_SELECT_ITEM;
    memset(kinds, 0, VITRINE_EVENT_KINDS * sizeof *kinds);
    kinds[VITRINE_VIEW_ITEM] = (vitrine_kind_weight){ 1.0f, 0.0f, 1 };
    kinds[VITRINE_SELECT_ITEM] = (vitrine_kind_weight){ 0.5f, 0.0f, 1 };
    kinds[VITRINE_ADD_TO_CART] = (vitrine_kind_weight){ 3.0f, 0.0f, 1 };
    kinds[VITRINE_ADD_TO_WISHLIST] = (vitrine_kind_weight){ 3.0f, 0.0f, 1 };
    kinds[VITRINE_PURCHASE] = (vitrine_kind_weight){ has_views ? 0.3f : 1.0f, 0.0f, 1 };
    kinds[VITRINE_RATE] = (vitrine_kind_weight){ 1.0f, 0.0f, 1 };
}

static vitrine_status check(const training *t)
{
    const vitrine_train_options *o = t->options;
    struct {
        const char *field;
        bool ok;
        uint64_t found, limit;
    } rules[] = {
        { "items", t->log->items >= 2, t->log->items, 2 },
        { "events", t->log->events >= 2, t->log->events, 2 },
        { "dim", o->dim > 0 && o->dim <= VITRINE_MAX_WIDTH, o->dim, VITRINE_MAX_WIDTH },
        { "hidden", o->hidden > 0 && o->hidden <= VITRINE_MAX_WIDTH, o->hidden, VITRINE_MAX_WIDTH },
        { "batch", o->batch > 0 && o->batch <= 65536, o->batch, 65536 },
        { "bptt", o->bptt > 0 && o->bptt <= 1024, o->bptt, 1024 },
        { "epochs", o->epochs > 0, o->epochs, 1 },
        { "threads", o->threads > 0 && o->threads <= 64, o->threads, 64 },
        { "table_bits", o->table_bits >= 1 && o->table_bits <= 8, o->table_bits, 8 },
        { "cell", o->cell <= VITRINE_CELL_BAG, o->cell, VITRINE_CELL_BAG },
        { "dropout", o->dropout_input >= 0.0f && o->dropout_input < 1.0f &&
                         o->dropout_output >= 0.0f && o->dropout_output < 1.0f, 1, 1 },
        { "validation", o->validation >= 0.0f && o->validation <= 0.9f, 1, 1 },
        { "feature_width", o->feature_width <= VITRINE_MAX_WIDTH, o->feature_width,
          VITRINE_MAX_WIDTH },
        { "id_dropout", o->id_dropout >= 0.0f && o->id_dropout < 1.0f, 1, 1 },
        { "attributes", o->attr_mode != VITRINE_ATTR_HASHED || o->attr_buckets > 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (!rules[i].ok)
            return vitrine_refuse(t->fault, VITRINE_BAD_ARGUMENT, rules[i].field, 0, rules[i].found,
                                  rules[i].limit);
    return VITRINE_OK;
}

/* Leave-one-out training must not meet the last event in anything it counts: a dataset of the same
 * arrays whose sessions are moved together without their last `cut` events. */
static bool cut_sessions(const vitrine_dataset *log, uint32_t cut, vitrine_dataset *view)
{
    *view = *log;
    view->events = 0;
    view->session_start = malloc(((size_t)log->sessions + 1) * sizeof *view->session_start);
    view->item = malloc((log->events + 1) * sizeof *view->item);
    view->kind = malloc(log->events + 1);
    view->time = malloc((log->events + 1) * sizeof *view->time);
    view->value = malloc((log->events + 1) * sizeof *view->value);
    view->price = NULL;
    if (view->session_start == NULL || view->item == NULL || view->kind == NULL ||
        view->time == NULL || view->value == NULL)
        return false;
    for (uint32_t s = 0; s < log->sessions; s++) {
        const uint64_t from = log->session_start[s], length = log->session_start[s + 1] - from;
        const uint64_t kept = length > cut ? length - cut : 0, to = view->events;
        view->session_start[s] = to;
        memcpy(view->item + to, log->item + from, kept * sizeof *view->item);
        memcpy(view->kind + to, log->kind + from, kept);
        memcpy(view->time + to, log->time + from, kept * sizeof *view->time);
        memcpy(view->value + to, log->value + from, kept * sizeof *view->value);
        view->events += kept;
    }
    view->session_start[log->sessions] = view->events;
    return true;
}

static void cut_free(vitrine_dataset *view)
{
    free(view->session_start);
    free(view->item);
    free(view->kind);
    free(view->time);
    free(view->value);
}

static bool without(const training *t, vitrine_part part)
{
    return (t->options->ablate >> part & 1u) != 0;
}

/* What only the one who writes the model needs. */
static bool writes(const training *t)
{
    return t->options->team == NULL || t->options->team->rank == 0;
}

/* Ways to count the table; which one serves best is seen on the held-out part. */
static const struct {
    float back, fade;
} ways[] = { { 0.0f, 1.0f }, { 0.4f, 1.0f }, { 1.0f, 1.0f }, { 0.4f, 1.5f }, { 1.0f, 1.5f } };
enum { WAYS = sizeof ways / sizeof ways[0] };

static void show_table(const training *t, vitrine_model_parts *p)
{
    p->table_offset = t->arrays->table.offset;
    p->table_neighbour = t->arrays->table.neighbour;
    p->table_weight = t->arrays->table.weight;
    p->table_bits = t->options->table_bits;
}

/* The table over sessions 0 .. last-1, in place of what was there. */
static vitrine_status count_table(const training *t, const vitrine_dataset *log, uint32_t last,
                                  uint32_t way, vitrine_model_parts *p)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    float weight[VITRINE_EVENT_KINDS];
    for (int k = 0; k < VITRINE_EVENT_KINDS; k++) weight[k] = a->kinds[k].weight;
    const vitrine_table_options options = { .kind = (vitrine_table_kind)o->table_kind,
                                            .neighbours = o->table_neighbours,
                                            .window = o->table_window,
                                            .fade = ways[way].fade,
                                            .back = ways[way].back,
                                            .damping = o->table_damping,
                                            .self = o->table_self && !o->drop_seen,
                                            .kind_weight = weight,
                                            .threads = o->threads };
    vitrine_table_free(&a->table);
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
    const training *t;
    const vitrine_dataset *log;
} table_offer;

static vitrine_status offer_table(void *context, uint32_t n, vitrine_model_parts *parts)
{
    const table_offer *offer = context;
    if (n >= WAYS || offer->t->options->table_kind != VITRINE_TABLE_STEPS) return VITRINE_BAD_ARGUMENT;
    return count_table(offer->t, offer->log, offer->t->first_held, n, parts);
}

/* Table and popularity over sessions 0 .. last-1. */
static vitrine_status count_items(const training *t, const vitrine_dataset *log, uint32_t last)
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
    if (status != VITRINE_OK || !o->fuse || !writes(t) || without(t, VITRINE_PART_NEIGHBOURS))
        return status;
    return count_table(t, log, last, a->fusion.table, p);
}

static void set_config(training *t)
{
    const vitrine_train_options *o = t->options;
    vitrine_model_parts *p = &t->trained->parts;
    vitrine_config *c = &p->config;
    c->items = t->log->items;
    c->precision = VITRINE_F32;
    if (o->cell != VITRINE_CELL_NONE && !without(t, VITRINE_PART_NETWORK)) {
        const uint32_t hidden = o->cell == VITRINE_CELL_BAG ? o->dim : o->hidden;
        const bool out = hidden != o->dim;
        c->dim = o->dim;
        c->net = (vitrine_network_shape){ o->cell, o->dim, hidden, o->dim,
                                          (o->tied ? VITRINE_NET_TIED : 0u) | (out ? VITRINE_NET_OUT : 0u) |
                                              (o->skip ? VITRINE_NET_SKIP : 0u) |
                                              (o->norm ? VITRINE_NET_NORM : 0u) };
        c->embed_rows = o->tied ? 0 : c->items;
    } else {
        c->dim = 1; /* the least that the format allows: nobody reads the vectors */
        c->net = (vitrine_network_shape){ VITRINE_CELL_NONE, 1, 1, 1, VITRINE_NET_TIED };
    }
    c->session_gap = o->session_gap;
    c->tail = 50;
    c->item_decay = 5.0f;
    c->attr_decay = 3.0f;
    c->recent_decay = 5.0f;
    c->affinity_decay = 20.0f;
    c->content_power = 4;
    c->dismiss_penalty = 0.5f;
    c->numeric_deviation[0] = c->numeric_deviation[1] = 1.0f;
    p->version = 1;
    p->id_offset = t->log->item_ids.offset;
    p->id_bytes = t->log->item_ids.bytes;
    p->kinds = t->arrays->kinds;
    p->fuse = t->arrays->fusion.fuse;
    if (o->card_json != NULL) {
        p->card = o->card_json;
        p->card_size = strlen(o->card_json);
    }
}

/* The feature network in its place, and the vectors that it and the ids make together. */
static vitrine_status set_features(training *t, const float *const at[VITRINE_SEGMENTS])
{
    const vitrine_layout *l = &t->layout;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_model_parts *p = &t->trained->parts;
    const size_t bytes = (size_t)l->items * l->shape.dim * sizeof *a->vectors;
    vitrine_feature_net *net = vitrine_feature_net_create(l, a->theta, &a->features.inputs, 0, 0.0f,
                                                          vitrine_matmul_blas);
    if (a->vectors == NULL) a->vectors = malloc(bytes);
    if (net == NULL || a->vectors == NULL) {
        vitrine_feature_net_destroy(net);
        return VITRINE_NO_SPACE;
    }
    memcpy(a->vectors, a->theta, bytes);
    vitrine_feature_net_forward(net, NULL, l->items, false, 0, a->vectors);
    vitrine_feature_net_destroy(net);
    p->item = a->vectors;
    p->config.feature_hidden = (uint32_t)l->cols[VITRINE_SEG_FEATURE_EMBED];
    p->feature_embed = at[VITRINE_SEG_FEATURE_EMBED];
    p->feature_bias = at[VITRINE_SEG_FEATURE_BIAS];
    p->feature_out = at[VITRINE_SEG_FEATURE_OUT];
    p->feature_out_bias = at[VITRINE_SEG_FEATURE_OUT_BIAS];
    const vitrine_status status = vitrine_feature_table_dense(
        &a->features, at[VITRINE_SEG_FEATURE_DENSE], p->config.feature_hidden);
    p->feature_dense = a->features.dense;
    return status;
}

static vitrine_status set_weights(training *t)
{
    const vitrine_layout *l = &t->layout;
    vitrine_model_parts *p = &t->trained->parts;
    const float *at[VITRINE_SEGMENTS];
    for (int s = 0; s < VITRINE_SEGMENTS; s++)
        at[s] = l->rows[s] * l->cols[s] > 0 ? t->arrays->theta + l->offset[s] : NULL;
    p->item = at[VITRINE_SEG_ITEM];
    p->bias = at[VITRINE_SEG_BIAS];
    p->embed = at[VITRINE_SEG_EMBED];
    p->kind = at[VITRINE_SEG_KIND];
    p->cell_w = at[VITRINE_SEG_CELL_W];
    p->cell_u = at[VITRINE_SEG_CELL_U];
    p->cell_b = at[VITRINE_SEG_CELL_B];
    p->cell_c = at[VITRINE_SEG_CELL_C];
    p->out_w = at[VITRINE_SEG_OUT_W];
    p->skip_w = at[VITRINE_SEG_SKIP_W];
    p->norm_gain = at[VITRINE_SEG_NORM_GAIN];
    p->norm_bias = at[VITRINE_SEG_NORM_BIAS];
    double sum = 0.0;
    for (uint32_t j = 0; j < l->items; j++) sum += (double)p->bias[j];
    p->config.cold_bias = (float)(sum / l->items);
    return vitrine_layout_feature(l) > 0 ? set_features(t, at) : VITRINE_OK;
}

static bool keep(void *context, const vitrine_learn_state *state)
{
    training *t = context;
    const vitrine_train_resume *resume = t->options->resume;
    uint8_t header[VITRINE_CHECKPOINT_HEADER];
    vitrine_piece pieces[VITRINE_CHECKPOINT_PIECES];
    t->keeping.state = *state;
    const size_t count = vitrine_checkpoint_pieces(&t->keeping, &t->mark,
                                                   vitrine_layout_total(&t->layout), header, pieces);
    return resume->keep(resume->context, pieces, count);
}

/* stop 0: options->epochs, chosen by the held-out part. */
static vitrine_status learn(training *t, const vitrine_sequences *training_set,
                            const vitrine_sequences *held, uint32_t stop, const char *phase,
                            vitrine_learnt *learnt)
{
    if (training_set->count == 0)
        return vitrine_refuse(t->fault, VITRINE_BAD_ARGUMENT, "sessions", 0, 0, 1);
    const bool keeps = t->options->resume != NULL && t->options->resume->keep != NULL;
    const bool goes_on = t->kept.state.epoch > 0 && t->kept.refits == t->keeping.refits;
    const vitrine_learning learning = { .layout = &t->layout,
                                        .options = t->options,
                                        .features = vitrine_layout_feature(&t->layout) > 0
                                                        ? &t->arrays->features.inputs : NULL,
                                        .training = training_set,
                                        .validation = held,
                                        .stop = stop > 0 ? stop : t->options->epochs,
                                        .phase = phase,
                                        .seed = t->options->seed,
                                        .matmul = vitrine_matmul_blas,
                                        .watch = t->watch,
                                        .watch_context = t->watch_context,
                                        .start = t->arrays->start,
                                        .resume = goes_on ? &t->kept.state : NULL,
                                        .keep = keeps ? keep : NULL,
                                        .keep_context = t };
    const vitrine_status status = vitrine_learn(&learning, t->arrays->theta, learnt);
    if (status == VITRINE_BAD_ARGUMENT) vitrine_refuse(t->fault, status, "keep", 0, 0, 0);
    return status;
}

/* The first training, or what a checkpoint of the refit says that it found. */
static vitrine_status learn_first(training *t, const vitrine_sequences *training_set,
                                  const vitrine_sequences *held, vitrine_learnt *learnt)
{
    const size_t bytes = vitrine_layout_total(&t->layout) * sizeof(float);
    vitrine_status status = VITRINE_OK;
    if (t->kept.refits) {
        memcpy(t->arrays->theta, t->kept.first_theta, bytes);
        *learnt = t->kept.first;
    } else {
        status = learn(t, training_set, held, 0, "train", learnt);
    }
    t->keeping.refits = 1;
    t->keeping.first = *learnt;
    if (status != VITRINE_OK || t->options->resume == NULL) return status;
    t->keeping.first_theta = t->first_theta = malloc(bytes);
    if (t->first_theta == NULL) return VITRINE_NO_SPACE;
    memcpy(t->first_theta, t->arrays->theta, bytes);
    return VITRINE_OK;
}

/* What decides the result, field by field: structs have gaps. */
static void mark_training(training *t)
{
    const vitrine_train_options *o = t->options;
    const vitrine_dataset *log = t->log;
    const struct vitrine_trained_arrays *a = t->arrays;
    vitrine_sha256 sha;
    vitrine_sha256_init(&sha);
#define ADD(value) vitrine_sha256_update(&sha, &(value), sizeof(value))
#define ADD_ARRAY(array, count) vitrine_sha256_update(&sha, array, (count) * sizeof *(array))
    ADD(log->items), ADD(log->sessions), ADD(log->events);
    ADD_ARRAY(log->session_start, (size_t)log->sessions + 1);
    ADD_ARRAY(log->item, (size_t)log->events);
    ADD_ARRAY(log->kind, (size_t)log->events);
    ADD_ARRAY(log->time, (size_t)log->events);
    ADD_ARRAY(log->item_ids.bytes, (size_t)log->item_ids.offset[log->items]);
    vitrine_sha256_final(&sha, t->mark.log);

    vitrine_sha256_init(&sha);
    ADD(o->cell), ADD(o->dim), ADD(o->hidden), ADD(o->tied), ADD(o->skip), ADD(o->norm), ADD(o->loss), ADD(o->loss_weight);
    ADD(o->negatives), ADD(o->sample_power), ADD(o->batch), ADD(o->bptt), ADD(o->epochs);
    ADD(o->patience), ADD(o->rate), ADD(o->weight_decay), ADD(o->dropout_input);
    ADD(o->dropout_output), ADD(o->clip), ADD(o->init), ADD(o->validation), ADD(o->refit);
    ADD(o->leave_one_out), ADD(o->drop_seen), ADD(o->seed), ADD(o->threads), ADD(o->ablate);
    for (int k = 0; k < VITRINE_EVENT_KINDS; k++)
        ADD(a->kinds[k].weight), ADD(a->kinds[k].half_life), ADD(a->kinds[k].steps);
    const vitrine_feature_inputs *in = &a->features.inputs;
    ADD(o->feature_width), ADD(o->id_dropout), ADD(in->attributes), ADD(in->numbers);
    if (in->items > 0) {
        ADD_ARRAY(in->offset, (size_t)in->items + 1);
        ADD_ARRAY(in->index, (size_t)in->offset[in->items]);
        ADD_ARRAY(in->number, (size_t)in->items * in->numbers);
    }
    if (a->start != NULL) ADD_ARRAY(a->start, vitrine_layout_total(&t->layout));
    vitrine_sha256_final(&sha, t->mark.options);
#undef ADD
#undef ADD_ARRAY
}

static vitrine_status open_kept(training *t)
{
    const vitrine_train_resume *resume = t->options->resume;
    if (resume == NULL) return VITRINE_OK;
    mark_training(t);
    if (resume->kept == NULL) return VITRINE_OK;
    return vitrine_checkpoint_open(resume->kept, resume->kept_size, &t->mark,
                                   vitrine_layout_total(&t->layout), &t->kept, t->fault);
}

/* `counted` is what table and popularity were counted from. */
static vitrine_status fuse(training *t, const vitrine_dataset *counted)
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

/* Parts that the caller wants gone lose their weight; the others share it. */
static void ablate(const training *t)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float *w = t->arrays->fusion.fuse + c * VITRINE_PARTS, sum = 0.0f;
        for (int k = 0; k < VITRINE_PARTS; k++) {
            if (without(t, (vitrine_part)k)) w[k] = 0.0f;
            sum += w[k];
        }
        for (int k = 0; k < VITRINE_PARTS; k++)
            w[k] = sum > 0.0f ? w[k] / sum : (float)(k == VITRINE_PART_POPULARITY);
    }
}

/* What the catalog says: attributes for the content part, and a feature network. */
static vitrine_status know_items(training *t)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_model_parts *p = &t->trained->parts;
    if (t->catalog == NULL) return VITRINE_OK;
    vitrine_status status = vitrine_attribute_list_make(t->catalog, &t->log->item_ids, o->attr_mode,
                                                        o->attr_buckets, &a->attributes);
    if (status != VITRINE_OK) return status;
    if (!without(t, VITRINE_PART_CONTENT) || o->feature_width > 0)
        vitrine_attribute_list_set(&a->attributes, p);
    if (o->feature_width == 0 || p->config.attr_mode == VITRINE_ATTR_NONE || !o->tied ||
        p->config.net.cell == VITRINE_CELL_NONE)
        return VITRINE_OK;
    status = vitrine_feature_table_make(t->catalog, &t->log->item_ids, &a->attributes, &p->config,
                                        &a->features);
    if (status != VITRINE_OK) return status;
    vitrine_layout_add_features(&t->layout, a->attributes.attributes, o->feature_width,
                                a->features.inputs.numbers);
    return VITRINE_OK;
}

static void apply_fusion(training *t)
{
    struct vitrine_trained_arrays *a = t->arrays;
    float *const theta = a->theta;
    const size_t *at = t->layout.offset;
    if (!t->options->fuse || !writes(t)) {
        for (int c = 0; c < VITRINE_CONTEXTS; c++)
            a->fusion.fuse[c * VITRINE_PARTS + VITRINE_PART_NETWORK] = 1.0f;
        return;
    }
    vitrine_fuse_apply(&a->fusion, &t->trained->parts, theta + at[VITRINE_SEG_BIAS],
                       theta + at[VITRINE_SEG_NORM_GAIN], theta + at[VITRINE_SEG_NORM_BIAS]);
    ablate(t);
}

/* First weights from the model that this one goes on from. */
static vitrine_status warm_up(training *t)
{
    const vitrine_model_parts *start = t->options->start;
    struct vitrine_trained_arrays *a = t->arrays;
    const vitrine_layout *l = &t->layout;
    if (start == NULL) return VITRINE_OK;
    if (memcmp(&start->config.net, &t->trained->parts.config.net, sizeof start->config.net) != 0)
        return vitrine_refuse(t->fault, VITRINE_BAD_ARGUMENT, "start", 0, 0, 0);
    a->start = malloc(vitrine_layout_total(l) * sizeof *a->start);
    if (a->start == NULL) return VITRINE_NO_SPACE;
    vitrine_params_init(l, t->options->init, t->options->seed, a->start);
    vitrine_status status = vitrine_warm_make(start, &t->log->item_ids, &a->warm);
    if (status != VITRINE_OK) return status;
    status = vitrine_warm_params(&a->warm, l,
                                 vitrine_layout_feature(l) > 0 ? &a->features.inputs : NULL,
                                 &a->attributes, a->features.vector_scale, vitrine_matmul_blas,
                                 a->start);
    memcpy(a->theta, a->start, vitrine_layout_total(l) * sizeof *a->theta);
    t->trained->parts.version = start->version + 1;
    return status;
}

static vitrine_status run(training *t)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_train_report *r = &t->trained->report;
    vitrine_sequences early = { 0 }, held = { 0 }, all = { 0 };
    vitrine_learnt learnt = { 0 };
    vitrine_dataset counted = t->view;
    bool owns_counted = false;
    choose_kinds(t, a->kinds);
    set_config(t);
    const bool network = t->trained->parts.config.net.cell != VITRINE_CELL_NONE;
    const uint32_t sessions = t->view.sessions;
    vitrine_layout_make(&t->trained->parts.config.net, t->log->items, &t->layout);
    vitrine_status status = know_items(t);
    if (status != VITRINE_OK) return status;
    const size_t total = vitrine_layout_total(&t->layout);
    a->theta = calloc(total, sizeof *a->theta);
    a->popularity = malloc(t->log->items * sizeof *a->popularity);
    if (a->theta == NULL || a->popularity == NULL) return VITRINE_NO_SPACE;
    if ((status = warm_up(t)) != VITRINE_OK) goto done;
    if ((status = open_kept(t)) != VITRINE_OK) goto done;

    /* First without the held-out part: epochs and fusion weights are chosen on it. */
    t->first_held = o->leave_one_out
                        ? sessions
                        : sessions - (uint32_t)((double)o->validation * (double)sessions);
    if (o->leave_one_out) {
        owns_counted = true;
        if (!cut_sessions(t->log, 2, &counted)) status = VITRINE_NO_SPACE;
    }
    if (status == VITRINE_OK)
        status = vitrine_sequences_make(&t->view, 0, t->first_held, o->leave_one_out, a->kinds, &early);
    if (status == VITRINE_OK)
        status = vitrine_sequences_make(&t->view, o->leave_one_out ? 0 : t->first_held, sessions, 0,
                                        a->kinds, &held);
    if (status == VITRINE_OK && network) status = learn_first(t, &early, &held, &learnt);
    if (status == VITRINE_OK && !network && o->start == NULL)
        vitrine_params_init(&t->layout, o->init, o->seed, a->theta);
    if (status != VITRINE_OK) goto done;
    if ((status = set_weights(t)) != VITRINE_OK) goto done;
    r->events = vitrine_sequences_targets(&early);
    r->sessions = early.count;
    r->best_epoch = learnt.best_epoch;
    if (held.count > 0) {
        r->network_recall = network ? learnt.recall20 : 0.0;
        r->network_mrr = network ? learnt.mrr20 : 0.0;
    }
    if ((status = count_items(t, &counted, t->first_held)) != VITRINE_OK) goto done;
    if (o->fuse && writes(t)) status = fuse(t, &counted);
    if (status != VITRINE_OK) goto done;
    if (o->judge != NULL && writes(t)) {
        apply_fusion(t);
        if (!o->judge(o->judge_context, &t->trained->parts, &t->view,
                      o->leave_one_out ? 0 : t->first_held)) {
            status = vitrine_refuse(t->fault, VITRINE_BAD_ARGUMENT, "judge", 0, 0, 0);
            goto done;
        }
    }

    /* Then on everything. */
    const bool refits = !o->leave_one_out && o->refit && t->first_held < sessions;
    if (refits) {
        status = vitrine_sequences_make(&t->view, 0, sessions, 0, a->kinds, &all);
        if (status == VITRINE_OK && network)
            status = learn(t, &all, NULL, learnt.best_epoch, "refit", &learnt);
        if (status == VITRINE_OK) status = count_items(t, &counted, sessions);
        if (status == VITRINE_OK) status = set_weights(t);
        if (status != VITRINE_OK) goto done;
        r->events = vitrine_sequences_targets(&all);
        r->sessions = all.count;
    }
    /* What was judged and stays is fused already: its sharpness must not be applied twice. */
    if (refits || o->judge == NULL || !writes(t)) apply_fusion(t);

done:
    free(t->first_theta);
    if (owns_counted) cut_free(&counted);
    vitrine_sequences_free(&early);
    vitrine_sequences_free(&held);
    vitrine_sequences_free(&all);
    return status;
}

vitrine_status vitrine_train(const vitrine_dataset *dataset, const vitrine_item_table *table,
                             const vitrine_train_options *options, vitrine_train_watch watch,
                             void *watch_context, vitrine_trained *trained, vitrine_fault *fault)
{
    const double began = now();
    *trained = (vitrine_trained){ 0 };
    *fault = (vitrine_fault){ .status = VITRINE_NO_SPACE, .field = "memory" };
    vitrine_train_options fitted = *options;
    vitrine_train_fit(dataset->sessions, dataset->events, dataset->items, &fitted);
    options = &fitted;
    training t = { .log = dataset, .view = *dataset, .catalog = table, .options = options,
                   .watch = watch, .watch_context = watch_context, .trained = trained, .fault = fault };
    vitrine_status status = check(&t);
    if (status != VITRINE_OK) return status;
    trained->arrays = t.arrays = calloc(1, sizeof *t.arrays);
    if (t.arrays == NULL) return VITRINE_NO_SPACE;
    if (options->leave_one_out && !cut_sessions(dataset, 1, &t.view)) status = VITRINE_NO_SPACE;
    if (status == VITRINE_OK) status = run(&t);
    if (options->leave_one_out) cut_free(&t.view);
    trained->report.seconds = now() - began;
    if (status != VITRINE_OK) vitrine_trained_free(trained);
    return status;
}

vitrine_status vitrine_trained_fit(vitrine_trained *trained, float bytes_per_item)
{
    const vitrine_config *c = &trained->parts.config;
    const double each = bytes_per_item < 0.0f ? c->dim + 36.0 : (double)bytes_per_item;
    const double room = each * c->items;
    if (!(each > 0.0) || trained->parts.table_offset == NULL) return VITRINE_OK;
    return vitrine_budget_fit(&trained->parts, &trained->arrays->table,
                              room > VITRINE_SMALL_FILE ? (uint64_t)room : VITRINE_SMALL_FILE);
}

void vitrine_trained_free(vitrine_trained *trained)
{
    struct vitrine_trained_arrays *a = trained->arrays;
    if (a != NULL) {
        free(a->theta);
        free(a->popularity);
        vitrine_table_free(&a->table);
        vitrine_attribute_list_free(&a->attributes);
        vitrine_feature_table_free(&a->features);
        vitrine_warm_free(&a->warm);
        free(a->start);
        free(a->vectors);
        free(a);
    }
    *trained = (vitrine_trained){ 0 };
}
