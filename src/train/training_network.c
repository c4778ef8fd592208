#include "train/training.h"

#include <stdlib.h>
#include <string.h>
#include "base/fault.h"
#include "base/sha256.h"

static bool keep(void *context, const vitrine_learn_state *state)
{
    vitrine_training *t = context;
    const vitrine_train_resume *resume = t->options->resume;
    uint8_t header[VITRINE_CHECKPOINT_HEADER];
    vitrine_piece pieces[VITRINE_CHECKPOINT_PIECES];
    t->keeping.state = *state;
    const size_t count = vitrine_checkpoint_pieces(&t->keeping, &t->mark,
                                                   vitrine_layout_total(&t->layout), header, pieces);
    return resume->keep(resume->context, pieces, count);
}

/* stop 0: options->epochs, chosen by the held-out part. */
vitrine_status vitrine_training_learn(vitrine_training *t, const vitrine_sequences *training_set,
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
vitrine_status vitrine_training_learn_first(vitrine_training *t, const vitrine_sequences *training_set,
                                  const vitrine_sequences *held, vitrine_learnt *learnt)
{
    const size_t bytes = vitrine_layout_total(&t->layout) * sizeof(float);
    vitrine_status status = VITRINE_OK;
    if (t->kept.refits) {
        memcpy(t->arrays->theta, t->kept.first_theta, bytes);
        *learnt = t->kept.first;
    } else {
        status = vitrine_training_learn(t, training_set, held, 0, "train", learnt);
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
static void mark_training(vitrine_training *t)
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
    ADD(o->cell), ADD(o->dim), ADD(o->hidden), ADD(o->tied), ADD(o->skip), ADD(o->norm), ADD(o->gaps);
    ADD(o->loss), ADD(o->loss_weight);
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

vitrine_status vitrine_training_resume(vitrine_training *t)
{
    const vitrine_train_resume *resume = t->options->resume;
    if (resume == NULL) return VITRINE_OK;
    mark_training(t);
    if (resume->kept == NULL) return VITRINE_OK;
    return vitrine_checkpoint_open(resume->kept, resume->kept_size, &t->mark,
                                   vitrine_layout_total(&t->layout), &t->kept, t->fault);
}
