#include "train/train.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/fault.h"
#include "train/budget.h"
#include "train/cut_log.h"
#include "train/presets.h"
#include "train/training.h"

/* Bytes an item of a model that is a table, as many as one of the usual width has. */
#define ROOM_WITHOUT_VECTORS 100.0

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* First weights from the model that this one goes on from. */
static vitrine_status warm_up(vitrine_training *t)
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

static vitrine_status run(vitrine_training *t)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_train_report *r = &t->trained->report;
    vitrine_sequences early = { 0 }, held = { 0 }, all = { 0 };
    vitrine_learnt learnt = { 0 };
    vitrine_dataset counted = t->view;
    bool owns_counted = false;
    vitrine_training_kinds(t, a->kinds);
    vitrine_training_config(t);
    const bool network = t->trained->parts.config.net.cell != VITRINE_CELL_NONE;
    const uint32_t sessions = t->view.sessions;
    vitrine_layout_make(&t->trained->parts.config.net, t->log->items, &t->layout);
    vitrine_status status = vitrine_training_items(t);
    if (status != VITRINE_OK) return status;
    const size_t total = vitrine_layout_total(&t->layout);
    a->theta = calloc(total, sizeof *a->theta);
    a->popularity = malloc(t->log->items * sizeof *a->popularity);
    if (a->theta == NULL || a->popularity == NULL) return VITRINE_NO_SPACE;
    if ((status = warm_up(t)) != VITRINE_OK) goto done;
    if ((status = vitrine_training_resume(t)) != VITRINE_OK) goto done;

    /* First without the held-out part: epochs and fusion weights are chosen on it. */
    t->first_held = o->leave_one_out
                        ? sessions
                        : sessions - (uint32_t)((double)o->validation * (double)sessions);
    if (o->leave_one_out) {
        owns_counted = true;
        if (!vitrine_cut_log(t->log, 2, &counted)) status = VITRINE_NO_SPACE;
    }
    if (status == VITRINE_OK)
        status = vitrine_sequences_make(&t->view, 0, t->first_held, o->leave_one_out, a->kinds, &early);
    if (status == VITRINE_OK)
        status = vitrine_sequences_make(&t->view, o->leave_one_out ? 0 : t->first_held, sessions, 0,
                                        a->kinds, &held);
    if (status == VITRINE_OK && network) status = vitrine_training_learn_first(t, &early, &held, &learnt);
    if (status == VITRINE_OK && !network && o->start == NULL)
        vitrine_params_init(&t->layout, o->init, o->seed, a->theta);
    if (status != VITRINE_OK) goto done;
    if ((status = vitrine_training_weights(t)) != VITRINE_OK) goto done;
    r->events = vitrine_sequences_targets(&early);
    r->sessions = early.count;
    r->best_epoch = learnt.best_epoch;
    if (held.count > 0) {
        r->network_recall = network ? learnt.recall20 : 0.0;
        r->network_mrr = network ? learnt.mrr20 : 0.0;
    }
    if ((status = vitrine_training_count(t, &counted, t->first_held)) != VITRINE_OK) goto done;
    if (o->fuse && vitrine_training_writes(t)) status = vitrine_training_fuse(t, &counted);
    if (status != VITRINE_OK) goto done;
    if (o->judge != NULL && vitrine_training_writes(t)) {
        vitrine_training_apply_fusion(t);
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
            status = vitrine_training_learn(t, &all, NULL, learnt.best_epoch, "refit", &learnt);
        if (status == VITRINE_OK) status = vitrine_training_count(t, &counted, sessions);
        if (status == VITRINE_OK) status = vitrine_training_weights(t);
        if (status != VITRINE_OK) goto done;
        r->events = vitrine_sequences_targets(&all);
        r->sessions = all.count;
    }
    /* What was judged and stays is fused already: its sharpness must not be applied twice. */
    if (refits || o->judge == NULL || !vitrine_training_writes(t)) vitrine_training_apply_fusion(t);

done:
    free(t->first_theta);
    if (owns_counted) vitrine_cut_log_free(&counted);
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
    vitrine_training t = { .log = dataset, .view = *dataset, .catalog = table, .options = options,
                   .watch = watch, .watch_context = watch_context, .trained = trained, .fault = fault };
    vitrine_status status = vitrine_training_check(&t);
    if (status != VITRINE_OK) return status;
    trained->arrays = t.arrays = calloc(1, sizeof *t.arrays);
    if (t.arrays == NULL) return VITRINE_NO_SPACE;
    if (options->leave_one_out && !vitrine_cut_log(dataset, 1, &t.view)) status = VITRINE_NO_SPACE;
    if (status == VITRINE_OK) status = run(&t);
    if (options->leave_one_out) vitrine_cut_log_free(&t.view);
    trained->report.seconds = now() - began;
    if (status != VITRINE_OK) vitrine_trained_free(trained);
    return status;
}

vitrine_status vitrine_trained_fit(vitrine_trained *trained, float bytes_per_item)
{
    const vitrine_config *c = &trained->parts.config;
    const double usual = c->net.cell == VITRINE_CELL_NONE ? ROOM_WITHOUT_VECTORS : c->dim + 36.0;
    const double each = bytes_per_item < 0.0f ? usual : (double)bytes_per_item;
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
