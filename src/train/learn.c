#include "train/learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "train/adam.h"
#include "train/pass.h"
#include "train/random.h"

#define NONE UINT32_MAX

typedef struct learner {
    const vitrine_learning *given;
    const vitrine_layout *layout;
    const vitrine_train_options *options;
    uint32_t threads;
    bool sampled;
    float *theta, *mean, *square, *best;
    vitrine_pass **pass; /* [threads] */
    uint32_t *order;     /* [sequences] of this epoch */
    uint32_t *rank;      /* [validation targets] */
    /* Of the batch, sampled or untied. */
    uint32_t *row, *row_of, *embed_row, *embed_row_of; /* [items] */
    float *item, *bias, *correction, *embed;           /* gathered rows */
    double *cumulated;   /* [items] of popularity^power */
    double *popular;     /* [items] shares of the targets */
    uint64_t steps, all_steps;
    double began, shown;
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
    void *const owned[] = { l->pass,   l->mean, l->square, l->best,       l->order,
                            l->rank,   l->row,  l->row_of, l->embed_row,  l->embed_row_of,
                            l->item,   l->bias, l->embed,  l->correction, l->cumulated,
                            l->popular };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
}

static bool learner_make(const vitrine_learning *given, float *theta, learner *l)
{
    const vitrine_layout *layout = given->layout;
    const vitrine_train_options *o = given->options;
    const size_t total = vitrine_layout_total(layout), items = layout->items;
    *l = (learner){ .given = given, .layout = layout, .options = o, .theta = theta };
    l->threads = o->threads > 0 ? o->threads : 1;
    l->sampled = o->loss == VITRINE_LOSS_SAMPLED ||
                 (o->loss == VITRINE_LOSS_BY_SIZE && items > VITRINE_FULL_LOSS_ITEMS);
    const uint64_t ranks = given->validation != NULL ? vitrine_sequences_targets(given->validation) : 0;
    l->pass = calloc(l->threads, sizeof *l->pass);
    l->mean = calloc(total, sizeof *l->mean);
    l->square = calloc(total, sizeof *l->square);
    l->best = malloc(total * sizeof *l->best);
    l->order = malloc(((size_t)given->training->count + 1) * sizeof *l->order);
    l->rank = malloc((ranks + 1) * sizeof *l->rank);
    l->row = malloc(items * sizeof *l->row);
    l->row_of = malloc(items * sizeof *l->row_of);
    l->embed_row = malloc(items * sizeof *l->embed_row);
    l->embed_row_of = malloc(items * sizeof *l->embed_row_of);
    l->item = malloc(items * layout->shape.dim * sizeof *l->item);
    l->bias = malloc(items * sizeof *l->bias);
    l->correction = malloc(items * sizeof *l->correction);
    l->embed = malloc(items * layout->shape.input * sizeof *l->embed);
    l->cumulated = calloc(items, sizeof *l->cumulated);
    l->popular = calloc(items, sizeof *l->popular);
    if (l->pass == NULL || l->mean == NULL || l->square == NULL || l->best == NULL ||
        l->order == NULL || l->rank == NULL || l->row == NULL || l->row_of == NULL ||
        l->embed_row == NULL || l->embed_row_of == NULL || l->item == NULL || l->bias == NULL ||
        l->correction == NULL || l->embed == NULL || l->cumulated == NULL || l->popular == NULL)
        return false;
    const vitrine_pass_options pass = { .sequences = (o->batch + l->threads - 1) / l->threads,
                                        .bptt = o->bptt,
                                        .most_rows = layout->items,
                                        .dropout_input = o->dropout_input,
                                        .dropout_output = o->dropout_output,
                                        .matmul = given->matmul };
    for (uint32_t t = 0; t < l->threads; t++)
        if ((l->pass[t] = vitrine_pass_create(layout, theta, &pass)) == NULL) return false;
    for (uint32_t j = 0; j < layout->items; j++) l->row_of[j] = l->embed_row_of[j] = NONE;
    const uint64_t batches = (given->training->count + o->batch - 1) / o->batch;
    l->all_steps = batches * o->epochs;
    return true;
}

/* Shares of the targets, and the distribution that negatives are drawn from. */
static void count_targets(learner *l)
{
    const vitrine_sequences *t = l->given->training;
    double sum = 0.0;
    for (uint32_t s = 0; s < t->count; s++)
        for (uint64_t e = t->start[s] + 1; e < t->start[s + 1]; e++) l->popular[t->item[e]] += 1.0;
    for (uint32_t j = 0; j < l->layout->items; j++) {
        sum += pow(l->popular[j], (double)l->options->sample_power);
        l->cumulated[j] = sum;
        l->popular[j] /= (double)vitrine_sequences_targets(t);
    }
}

static uint32_t draw(const learner *l, uint64_t bits)
{
    const double at = vitrine_random_unit(bits) * l->cumulated[l->layout->items - 1];
    uint32_t low = 0, high = l->layout->items - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (l->cumulated[middle] <= at) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void take_row(uint32_t item, uint32_t *row, uint32_t *row_of, uint32_t *count)
{
    if (row_of[item] != NONE) return;
    row_of[item] = *count;
    row[(*count)++] = item;
}

/* Candidates: the batch's targets and draws. The logit of each is corrected by the logarithm of the
 * chance that it became one (Bengio and Senecal 2008; Yi and others 2019). */
static void sample_rows(learner *l, vitrine_batch *batch)
{
    const vitrine_sequences *all = batch->sequences;
    const vitrine_layout *layout = l->layout;
    const size_t D = layout->shape.dim;
    const double mass = l->cumulated[layout->items - 1];
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint64_t e = all->start[batch->sequence[i]] + 1; e < all->start[batch->sequence[i] + 1]; e++)
            take_row(all->item[e], l->row, l->row_of, &batch->rows);
    for (uint32_t n = 0; n < l->options->negatives; n++)
        take_row(draw(l, vitrine_random(batch->key, n)), l->row, l->row_of, &batch->rows);
    batch->candidates = batch->rows;
    if (batch->embed == NULL)
        for (uint32_t i = 0; i < batch->count; i++)
            take_row(all->item[all->start[batch->sequence[i]]], l->row, l->row_of, &batch->rows);
    for (uint32_t r = 0; r < batch->rows; r++) {
        const uint32_t item = l->row[r];
        memcpy(l->item + r * D, l->theta + item * D, D * sizeof(float));
        if (r >= batch->candidates) continue;
        const double before = item > 0 ? l->cumulated[item - 1] : 0.0;
        const double expected = (double)batch->targets * l->popular[item] +
                                l->options->negatives * (l->cumulated[item] - before) / mass;
        l->bias[r] = l->theta[layout->offset[VITRINE_SEG_BIAS] + item];
        l->correction[r] = (float)-log(-expm1(-expected));
    }
    batch->row = l->row;
    batch->row_of = l->row_of;
    batch->item = l->item;
    batch->bias = l->bias;
    batch->correction = l->correction;
}

static void gather_inputs(learner *l, vitrine_batch *batch)
{
    const vitrine_sequences *all = batch->sequences;
    const size_t I = l->layout->shape.input;
    const float *table = l->theta + l->layout->offset[VITRINE_SEG_EMBED];
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint64_t e = all->start[batch->sequence[i]]; e + 1 < all->start[batch->sequence[i] + 1]; e++)
            take_row(all->item[e], l->embed_row, l->embed_row_of, &batch->embed_rows);
    for (uint32_t r = 0; r < batch->embed_rows; r++)
        memcpy(l->embed + r * I, table + l->embed_row[r] * I, I * sizeof(float));
    batch->embed_row = l->embed_row;
    batch->embed_row_of = l->embed_row_of;
}

static void every_row(const learner *l, vitrine_batch *batch)
{
    batch->rows = batch->candidates = l->layout->items;
    batch->item = l->theta;
    batch->bias = l->theta + l->layout->offset[VITRINE_SEG_BIAS];
}

static void add_to(float *to, const float *from, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] += from[i];
}

/* The threads' sums into the first one's, always in the order of the threads. */
static double reduce(learner *l, const vitrine_batch *batch)
{
    const size_t D = l->layout->shape.dim, I = l->layout->shape.input;
    const size_t rest = vitrine_layout_rest(l->layout);
    const vitrine_gradient *sum = vitrine_pass_gradient(l->pass[0]);
    for (uint32_t t = 1; t < l->threads; t++) {
        const vitrine_gradient *other = vitrine_pass_gradient(l->pass[t]);
        add_to(sum->item, other->item, batch->rows * D);
        add_to(sum->bias, other->bias, batch->candidates);
        add_to(sum->embed, other->embed, batch->embed_rows * I);
        add_to(sum->rest, other->rest, rest);
    }
    double norm = 0.0;
    for (size_t i = 0; i < batch->rows * D; i++) norm += (double)sum->item[i] * (double)sum->item[i];
    for (size_t i = 0; i < batch->candidates; i++) norm += (double)sum->bias[i] * (double)sum->bias[i];
    for (size_t i = 0; i < batch->embed_rows * I; i++) norm += (double)sum->embed[i] * (double)sum->embed[i];
    for (size_t i = 0; i < rest; i++) norm += (double)sum->rest[i] * (double)sum->rest[i];
    return sqrt(norm);
}

static void apply(const learner *l, const vitrine_adam *adam, int decays, const float *gradient,
                  size_t at, size_t n)
{
    vitrine_adam_apply(adam, decays, gradient, l->theta + at, l->mean + at, l->square + at, n);
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
        for (uint32_t r = 0; r < batch->rows; r++) apply(l, &adam, 1, g->item + r * D, l->row[r] * D, D);
        for (uint32_t r = 0; r < batch->candidates; r++) apply(l, &adam, 0, g->bias + r, bias + l->row[r], 1);
    }
    for (uint32_t r = 0; r < batch->embed_rows; r++)
        apply(l, &adam, 1, g->embed + r * I, embed + l->embed_row[r] * I, I);
    for (int s = VITRINE_SEG_KIND; s < VITRINE_SEGMENTS; s++)
        apply(l, &adam, layout->rows[s] > 1,
              g->rest + (layout->offset[s] - layout->offset[VITRINE_SEG_KIND]), layout->offset[s],
              layout->rows[s] * layout->cols[s]);
}

/* Sum of the cross-entropies of a batch. */
static double run_batch(learner *l, uint32_t first, uint32_t count, uint64_t key)
{
    const vitrine_sequences *all = l->given->training;
    vitrine_batch batch = { .sequences = all, .sequence = l->order + first, .count = count, .key = key };
    for (uint32_t i = 0; i < count; i++) batch.targets += vitrine_sequence_steps(all, batch.sequence[i]);
    if (l->layout->rows[VITRINE_SEG_EMBED] > 0) {
        batch.embed = l->embed;
        gather_inputs(l, &batch);
    }
    if (l->sampled) sample_rows(l, &batch);
    else every_row(l, &batch);
    double loss[64] = { 0 }, sum = 0.0;
#pragma omp parallel for num_threads(l->threads) schedule(static, 1)
    for (uint32_t t = 0; t < l->threads; t++)
        loss[t] = vitrine_pass_train(l->pass[t], &batch, t, l->threads);
    for (uint32_t t = 0; t < l->threads; t++) sum += loss[t];
    update(l, &batch, reduce(l, &batch));
    for (uint32_t r = 0; batch.row != NULL && r < batch.rows; r++) l->row_of[l->row[r]] = NONE;
    for (uint32_t r = 0; r < batch.embed_rows; r++) l->embed_row_of[l->embed_row[r]] = NONE;
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
    const double total = (epoch - 1 + done) * events, spent = time - l->began + 1e-9;
    const double speed = total / spent;
    const vitrine_train_progress line = { .phase = given->phase, .epoch = epoch, .epochs = given->stop,
                                          .done = done, .loss = loss, .recall20 = recall,
                                          .mrr20 = mrr, .events_per_second = speed,
                                          .seconds_left = (given->stop * events - total) / speed };
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
    const uint64_t ranks = vitrine_sequences_targets(v);
    uint64_t asked = 0;
    uint32_t list[256];
    *recall = *mrr = 0.0;
    for (uint32_t first = 0; first < v->count;) {
        const uint32_t most = o->batch < 256 ? o->batch : 256;
        const uint32_t count = v->count - first < most ? v->count - first : most;
        for (uint32_t i = 0; i < count; i++) list[i] = first + i;
        vitrine_batch batch = { .sequences = v, .sequence = list, .count = count };
        every_row(l, &batch);
        if (l->layout->rows[VITRINE_SEG_EMBED] > 0) {
            for (uint32_t j = 0; j < l->layout->items; j++) l->embed_row_of[j] = j;
            batch.embed = l->theta + l->layout->offset[VITRINE_SEG_EMBED];
            batch.embed_row_of = l->embed_row_of;
        }
#pragma omp parallel for num_threads(l->threads) schedule(static, 1)
        for (uint32_t t = 0; t < l->threads; t++)
            vitrine_pass_rank(l->pass[t], &batch, t, l->threads, o->leave_one_out, o->drop_seen,
                              l->rank);
        first += count;
    }
    for (uint32_t j = 0; j < l->layout->items; j++) l->embed_row_of[j] = NONE;
    for (uint64_t i = 0; i < ranks; i++) {
        if (l->rank[i] == 0) continue;
        asked++;
        if (l->rank[i] > 20) continue;
        *recall += 1.0;
        *mrr += 1.0 / l->rank[i];
    }
    if (asked == 0) return;
    *recall /= (double)asked;
    *mrr /= (double)asked;
}

vitrine_status vitrine_learn(const vitrine_learning *given, float *theta, vitrine_learnt *learnt)
{
    learner l;
    const vitrine_train_options *o = given->options;
    const size_t bytes = vitrine_layout_total(given->layout) * sizeof *theta;
    const bool validates = given->validation != NULL && given->validation->count > 0;
    *learnt = (vitrine_learnt){ .recall20 = (double)NAN, .mrr20 = (double)NAN };
    if (!learner_make(given, theta, &l)) {
        learner_free(&l);
        return VITRINE_NO_SPACE;
    }
    vitrine_matmul_begin();
    vitrine_params_init(given->layout, o->init, given->seed, theta);
    count_targets(&l);
    l.began = now();
    double recall = (double)NAN, mrr = (double)NAN;
    for (uint32_t epoch = 1; epoch <= given->stop; epoch++) {
        const double loss = run_epoch(&l, epoch, recall, mrr);
        if (validates) validate(&l, &recall, &mrr);
        tell(&l, epoch, 1.0, loss, recall, mrr);
        if (!validates || learnt->best_epoch == 0 || recall + mrr > learnt->recall20 + learnt->mrr20) {
            *learnt = (vitrine_learnt){ epoch, recall, mrr };
            if (validates) memcpy(l.best, theta, bytes);
        } else if (epoch - learnt->best_epoch >= o->patience) {
            break;
        }
    }
    if (validates) memcpy(theta, l.best, bytes);
    learner_free(&l);
    return VITRINE_OK;
}
