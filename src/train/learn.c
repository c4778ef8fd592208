#include "train/learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "train/loops.h"
#include "train/pass.h"
#include "train/random.h"
#include "train/rows.h"

/* Validation ranks so many positions at most, spread over the held-out sessions, and fewer where
 * there are many items: an epoch must not cost less than its judgement. */
enum { RANKED_MOST = 20000, RANKED_LEAST = 4000 };
#define RANKED_LOGITS 2e9

typedef struct learner {
    const vitrine_learning *given;
    const vitrine_layout *layout;
    const vitrine_train_options *options;
    const vitrine_loops *loops;
    uint32_t threads;
    const vitrine_team *team; /* null: alone */
    uint32_t first_share, shares; /* of a batch: this process has first_share .. + threads - 1 */
    float *theta, *mean, *square, *best;
    vitrine_pass **pass; /* [threads] */
    vitrine_rows rows;
    vitrine_feature_net *features; /* null: none */
    float *vectors;      /* [items][dim] with features: what validation ranks */
    uint32_t *order;     /* [sequences] of this epoch */
    uint32_t *judged;    /* [judged_count] held-out sequences that are ranked */
    uint32_t judged_count;
    uint32_t *rank;      /* [validation targets] */
    uint64_t steps, all_steps;
    double began, shown;
    uint32_t first_epoch; /* that this run does, from 1 */
    uint64_t epoch_events;
} learner;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void learner_free(learner *l)
{
    for (uint32_t t = 0; l->pass != NULL && t < l->threads; t++) vitrine_pass_destroy(l->pass[t]);
    void *const owned[] = { l->pass, l->mean, l->square, l->best, l->order, l->judged, l->rank,
                            l->vectors };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
    vitrine_feature_net_destroy(l->features);
    vitrine_rows_free(&l->rows);
}

/* Every n-th held-out sequence. */
static void choose_judged(learner *l)
{
    const vitrine_sequences *v = l->given->validation;
    if (v == NULL || v->count == 0) return;
    double most = RANKED_LOGITS / l->layout->items;
    if (most > RANKED_MOST) most = RANKED_MOST;
    if (most < RANKED_LEAST) most = RANKED_LEAST;
    const uint64_t targets = l->options->leave_one_out ? v->count : vitrine_sequences_targets(v);
    const double share = (double)targets > most ? most / (double)targets : 1.0;
    for (uint32_t s = 0; s < v->count; s++)
        if ((uint64_t)((s + 1) * share) > (uint64_t)(s * share)) l->judged[l->judged_count++] = s;
}

static bool learner_make(const vitrine_learning *given, float *theta, learner *l)
{
    const vitrine_layout *layout = given->layout;
    const vitrine_train_options *o = given->options;
    const size_t total = vitrine_layout_total(layout);
    *l = (learner){ .given = given, .layout = layout, .options = o, .theta = theta };
    l->loops = vitrine_loops_best();
    l->threads = o->threads > 0 ? o->threads : 1;
    l->team = o->team != NULL && o->team->size > 1 ? o->team : NULL;
    l->shares = l->threads * (l->team != NULL ? l->team->size : 1);
    l->first_share = l->threads * (l->team != NULL ? l->team->rank : 0);
    const bool full = o->loss == VITRINE_LOSS_FULL;
    const vitrine_pass_loss loss = o->loss == VITRINE_LOSS_BPR_MAX ? VITRINE_PASS_BPR_MAX
                                   : o->loss == VITRINE_LOSS_GBCE  ? VITRINE_PASS_GBCE
                                                                   : VITRINE_PASS_SOFTMAX;
    const uint32_t held = given->validation != NULL ? given->validation->count : 0;
    const uint64_t ranks = held > 0 ? vitrine_sequences_targets(given->validation) : 0;
    l->pass = calloc(l->threads, sizeof *l->pass);
    l->mean = calloc(total, sizeof *l->mean);
    l->square = calloc(total, sizeof *l->square);
    l->best = malloc((held > 0 ? total : 1) * sizeof *l->best);
    l->order = malloc(((size_t)given->training->count + 1) * sizeof *l->order);
    l->judged = malloc(((size_t)held + 1) * sizeof *l->judged);
    l->rank = malloc((ranks + 1) * sizeof *l->rank);
    if (l->pass == NULL || l->mean == NULL || l->square == NULL || l->best == NULL ||
        l->order == NULL || l->judged == NULL || l->rank == NULL ||
        !vitrine_rows_make(layout, theta, given->training, !full, o->batch, o->negatives,
                           o->sample_power, given->features != NULL, &l->rows))
        return false;
    if (given->features != NULL) {
        l->vectors = malloc((size_t)layout->items * layout->shape.dim * sizeof *l->vectors);
        l->features = vitrine_feature_net_create(layout, theta, given->features, l->rows.most,
                                                 o->id_dropout, given->matmul);
        if (l->vectors == NULL || l->features == NULL) return false;
        l->rows.features = l->features;
    }
    l->rows.corrects = loss == VITRINE_PASS_SOFTMAX; /* the others know no chances */
    const vitrine_pass_options pass = { .sequences = (o->batch + l->shares - 1) / l->shares,
                                        .bptt = o->bptt,
                                        .most_rows = l->rows.most,
                                        .dropout_input = o->dropout_input,
                                        .dropout_output = o->dropout_output,
                                        .loss = loss,
                                        .loss_weight = o->loss_weight,
                                        .matmul = given->matmul };
    for (uint32_t t = 0; t < l->threads; t++)
        if ((l->pass[t] = vitrine_pass_create(layout, theta, &pass)) == NULL) return false;
    const uint64_t batches = (given->training->count + o->batch - 1) / o->batch;
    l->all_steps = batches * o->epochs;
    choose_judged(l);
    return true;
}

/* Piece by piece, so that floats suffice for the sums and doubles for their sum. */
static double squares(const learner *l, const float *x, size_t n)
{
    enum { PIECE = 1024 };
    double sum = 0.0;
    for (; n > PIECE; n -= PIECE, x += PIECE) sum += (double)l->loops->squares(x, PIECE);
    return sum + (double)l->loops->squares(x, n);
}

/* The threads' sums into the first one's, always in the order of the threads, then those of the team,
 * and on to the feature network; returns the norm. */
static double reduce(learner *l, const vitrine_batch *batch)
{
    const size_t D = l->layout->shape.dim, I = l->layout->shape.input;
    const size_t rest = vitrine_layout_rest(l->layout);
    const vitrine_gradient *sum = vitrine_pass_gradient(l->pass[0]);
    for (uint32_t t = 1; t < l->threads; t++) {
        const vitrine_gradient *other = vitrine_pass_gradient(l->pass[t]);
        l->loops->add(sum->item, other->item, batch->rows * D);
        l->loops->add(sum->bias, other->bias, batch->candidates);
        l->loops->add(sum->embed, other->embed, batch->embed_rows * I);
        l->loops->add(sum->rest, other->rest, rest);
    }
    if (l->team != NULL) {
        l->team->add_floats(l->team->context, sum->item, batch->rows * D);
        l->team->add_floats(l->team->context, sum->bias, batch->candidates);
        l->team->add_floats(l->team->context, sum->embed, batch->embed_rows * I);
        l->team->add_floats(l->team->context, sum->rest, rest);
    }
    double feature = 0.0;
    if (l->features != NULL) {
        vitrine_feature_net_backward(l->features, sum->item);
        feature = squares(l, vitrine_feature_net_gradient(l->features),
                          vitrine_layout_feature(l->layout));
    }
    return sqrt(squares(l, sum->item, batch->rows * D) + squares(l, sum->bias, batch->candidates) +
                squares(l, sum->embed, batch->embed_rows * I) + squares(l, sum->rest, rest) + feature);
}

static void apply(const learner *l, const vitrine_adam *adam, int decays, const float *gradient,
                  size_t at, size_t n)
{
    l->loops->adam(adam, decays, gradient, l->theta + at, l->mean + at, l->square + at, n);
}

/* Rows that were not touched keep their moments (lazy Adam): a batch's cost does not depend on how
 * many items there are. */
static void update(learner *l, const vitrine_batch *batch, double norm)
{
    const vitrine_layout *layout = l->layout;
    const vitrine_train_options *o = l->options;
    const size_t D = layout->shape.dim, I = layout->shape.input;
    const vitrine_gradient *g = vitrine_pass_gradient(l->pass[0]);
    const double along = (double)l->steps / (double)l->all_steps;
    const float rate = o->rate * (float)(0.5 * (1.0 + cos(3.14159265358979 * along)));
    const float scale = o->clip > 0.0f && norm > (double)o->clip ? o->clip / (float)norm : 1.0f;
    const vitrine_adam adam = vitrine_adam_step(++l->steps, rate, o->weight_decay, scale);
    const size_t bias = layout->offset[VITRINE_SEG_BIAS], embed = layout->offset[VITRINE_SEG_EMBED];
    if (batch->row == NULL) {
        apply(l, &adam, 1, g->item, 0, batch->rows * D);
        apply(l, &adam, 0, g->bias, bias, batch->candidates);
    } else {
        for (uint32_t r = 0; r < batch->rows; r++)
            apply(l, &adam, 1, g->item + r * D, batch->row[r] * D, D);
        for (uint32_t r = 0; r < batch->candidates; r++)
            apply(l, &adam, 0, g->bias + r, bias + batch->row[r], 1);
    }
    for (uint32_t r = 0; r < batch->embed_rows; r++)
        apply(l, &adam, 1, g->embed + r * I, embed + batch->embed_row[r] * I, I);
    for (int s = VITRINE_SEG_KIND; s < VITRINE_SEGMENTS; s++) {
        const bool feature = s >= VITRINE_SEG_FEATURE_EMBED;
        if (layout->rows[s] * layout->cols[s] == 0) continue;
        const float *gradient = feature ? vitrine_feature_net_gradient(l->features) : g->rest;
        const size_t from = layout->offset[feature ? VITRINE_SEG_FEATURE_EMBED : VITRINE_SEG_KIND];
        apply(l, &adam, layout->rows[s] > 1, gradient + (layout->offset[s] - from), layout->offset[s],
              layout->rows[s] * layout->cols[s]);
    }
}

/* Sum of the losses of a batch. */
static double run_batch(learner *l, uint32_t first, uint32_t count, uint64_t key)
{
    const vitrine_sequences *all = l->given->training;
    vitrine_batch batch = { .sequences = all, .sequence = l->order + first, .count = count, .key = key };
    for (uint32_t i = 0; i < count; i++) batch.targets += vitrine_sequence_steps(all, batch.sequence[i]);
    vitrine_rows_enter(&l->rows, &batch);
    double loss[64] = { 0 }, sum = 0.0;
#pragma omp parallel for num_threads(l->threads) schedule(static, 1)
    for (uint32_t t = 0; t < l->threads; t++)
        loss[t] = vitrine_pass_train(l->pass[t], &batch, l->first_share + t, l->shares);
    for (uint32_t t = 0; t < l->threads; t++) sum += loss[t];
    if (l->team != NULL) l->team->add_doubles(l->team->context, &sum, 1);
    update(l, &batch, reduce(l, &batch));
    vitrine_rows_leave(&l->rows, &batch);
    l->epoch_events += batch.targets;
    return sum;
}

static void tell(learner *l, uint32_t epoch, double done, double loss, double recall, double mrr)
{
    const vitrine_learning *given = l->given;
    const double time = now();
    if (given->watch == NULL || (done < 1.0 && time - l->shown < 0.2)) return;
    l->shown = time;
    const double events = (double)vitrine_sequences_targets(given->training);
    const double total = (epoch - l->first_epoch + done) * events;
    const double speed = total / (time - l->began + 1e-9);
    const vitrine_train_progress line = { .phase = given->phase, .epoch = epoch, .epochs = given->stop,
                                          .done = done, .loss = loss, .recall20 = recall,
                                          .mrr20 = mrr, .events_per_second = speed,
                                          .seconds_left = ((given->stop - l->first_epoch + 1) * events - total) /
                                                          speed };
    given->watch(given->watch_context, &line);
}

/* Fisher and Yates, anew from the seed for each epoch. */
static void shuffle(learner *l, uint64_t key)
{
    const uint32_t n = l->given->training->count;
    for (uint32_t i = 0; i < n; i++) l->order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = vitrine_random_below(vitrine_random(key, i), i);
        const uint32_t kept = l->order[i - 1];
        l->order[i - 1] = l->order[j];
        l->order[j] = kept;
    }
}

static double run_epoch(learner *l, uint32_t epoch, double recall, double mrr)
{
    const uint32_t n = l->given->training->count, size = l->options->batch;
    const uint64_t key = vitrine_random(l->given->seed, 1000 + epoch);
    double loss = 0.0;
    shuffle(l, key);
    l->epoch_events = 0;
    for (uint32_t first = 0; first < n; first += size) {
        const uint32_t count = n - first < size ? n - first : size;
        loss += run_batch(l, first, count, vitrine_random(~key, first));
        if (first + count < n)
            tell(l, epoch, (double)(first + count) / n, loss / (double)l->epoch_events, recall, mrr);
    }
    return loss / (double)l->epoch_events;
}

static void validate(learner *l, double *recall, double *mrr)
{
    const vitrine_sequences *v = l->given->validation;
    const vitrine_train_options *o = l->options;
    const float *item = l->theta;
    double found[3] = { 0.0, 0.0, 0.0 }; /* recall, MRR, positions */
    memset(l->rank, 0, vitrine_sequences_targets(v) * sizeof *l->rank); /* others' shares stay 0 */
    if (l->features != NULL) {
        memcpy(l->vectors, l->theta, (size_t)l->layout->items * l->layout->shape.dim * sizeof *item);
        vitrine_feature_net_forward(l->features, NULL, l->layout->items, false, 0, l->vectors);
        item = l->vectors;
    }
    for (uint32_t first = 0; first < l->judged_count; first += o->batch) {
        const uint32_t left = l->judged_count - first;
        const vitrine_batch batch = {
            .sequences = v, .sequence = l->judged + first, .count = left < o->batch ? left : o->batch,
            .rows = l->layout->items, .candidates = l->layout->items, .item = item,
            .bias = l->theta + l->layout->offset[VITRINE_SEG_BIAS],
            .embed = l->layout->rows[VITRINE_SEG_EMBED] > 0
                         ? l->theta + l->layout->offset[VITRINE_SEG_EMBED] : NULL
        };
#pragma omp parallel for num_threads(l->threads) schedule(static, 1)
        for (uint32_t t = 0; t < l->threads; t++)
            vitrine_pass_rank(l->pass[t], &batch, l->first_share + t, l->shares,
                              o->leave_one_out, o->drop_seen, l->rank);
    }
    for (uint32_t n = 0; n < l->judged_count; n++) {
        const uint32_t s = l->judged[n];
        const uint32_t *rank = l->rank + (v->start[s] - s);
        for (uint32_t t = 0; t < vitrine_sequence_steps(v, s); t++) {
            found[2] += rank[t] > 0;
            if (rank[t] == 0 || rank[t] > 20) continue;
            found[0] += 1.0;
            found[1] += 1.0 / rank[t];
        }
    }
    if (l->team != NULL) l->team->add_doubles(l->team->context, found, 3);
    *recall = found[2] > 0.0 ? found[0] / found[2] : 0.0;
    *mrr = found[2] > 0.0 ? found[1] / found[2] : 0.0;
}

/* Whether epoch `epoch` is not to be run. */
static bool is_over(const learner *l, uint32_t epoch, bool validates, const vitrine_learnt *learnt)
{
    if (epoch > l->given->stop) return true;
    return validates && learnt->best_epoch > 0 && epoch - 1 - learnt->best_epoch >= l->options->patience;
}

static vitrine_status run(learner *l, bool validates, vitrine_learnt *learnt)
{
    const vitrine_learning *given = l->given;
    const vitrine_learn_state *from = given->resume;
    const size_t bytes = vitrine_layout_total(l->layout) * sizeof *l->theta;
    double recall = (double)NAN, mrr = (double)NAN;
    if (from != NULL) {
        memcpy(l->theta, from->theta, bytes);
        memcpy(l->mean, from->mean, bytes);
        memcpy(l->square, from->square, bytes);
        if (validates && from->best != NULL) memcpy(l->best, from->best, bytes);
        l->steps = from->steps;
        *learnt = from->learnt;
        recall = from->recall20;
        mrr = from->mrr20;
    } else if (given->start != NULL) {
        memcpy(l->theta, given->start, bytes);
    } else {
        vitrine_params_init(l->layout, l->options->init, given->seed, l->theta);
    }
    l->first_epoch = from != NULL ? from->epoch + 1 : 1;
    l->began = now();
    for (uint32_t epoch = l->first_epoch; !is_over(l, epoch, validates, learnt); epoch++) {
        const double loss = run_epoch(l, epoch, recall, mrr);
        if (validates) validate(l, &recall, &mrr);
        tell(l, epoch, 1.0, loss, recall, mrr);
        if (!validates || learnt->best_epoch == 0 || recall + mrr > learnt->recall20 + learnt->mrr20) {
            *learnt = (vitrine_learnt){ epoch, recall, mrr };
            if (validates) memcpy(l->best, l->theta, bytes);
        }
        const vitrine_learn_state state = { epoch, l->steps, *learnt, recall, mrr, l->theta, l->mean,
                                            l->square, validates ? l->best : NULL };
        if (given->keep != NULL && !given->keep(given->keep_context, &state))
            return VITRINE_BAD_ARGUMENT;
    }
    if (validates) memcpy(l->theta, l->best, bytes);
    return VITRINE_OK;
}

vitrine_status vitrine_learn(const vitrine_learning *given, float *theta, vitrine_learnt *learnt)
{
    learner l;
    *learnt = (vitrine_learnt){ .recall20 = (double)NAN, .mrr20 = (double)NAN };
    vitrine_status status = VITRINE_NO_SPACE;
    if (learner_make(given, theta, &l)) {
        vitrine_matmul_begin();
        status = run(&l, given->validation != NULL && given->validation->count > 0, learnt);
    }
    learner_free(&l);
    return status;
}
