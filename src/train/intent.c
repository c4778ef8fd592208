#include "train/intent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "train/adam.h"
#include "train/auc.h"
#include "train/intent_pass.h"
#include "train/loops.h"
#include "train/random.h"

enum { FEWEST = 20 };

typedef struct learner {
    const vitrine_intent_options *options;
    vitrine_intent_visits visits;
    uint32_t trained, chooses; /* visits 0 .. trained-1 train, .. chooses-1 choose, the rest is judged */
    size_t floats;
    float *theta, *mean, *square, *gradient, *best;
    float *answer;   /* [steps] */
    uint32_t *order; /* [visits] */
    vitrine_intent_pass *pass;
} learner;

vitrine_intent_options vitrine_intent_options_default(void)
{
    const vitrine_intent_options usual = { .hidden = 64, .gap = 1800, .epochs = 30, .patience = 5,
                                           .batch = 32, .rate = 0.002f, .clip = 1.0f, .held = 0.2,
                                           .seed = 1 };
    return usual;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void learner_free(learner *l)
{
    vitrine_intent_visits_free(&l->visits);
    vitrine_intent_pass_destroy(l->pass);
    void *const owned[] = { l->theta, l->mean, l->square, l->gradient, l->best, l->answer, l->order };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
}

static bool learner_make(learner *l)
{
    const vitrine_intent_options *o = l->options;
    const uint32_t visits = l->visits.count;
    uint32_t longest = 1;
    for (uint32_t v = 0; v < visits; v++) {
        const uint32_t length = (uint32_t)(l->visits.start[v + 1] - l->visits.start[v]);
        if (length > longest) longest = length;
    }
    l->floats = vitrine_intent_floats(o->hidden);
    l->theta = malloc(l->floats * sizeof(float));
    l->mean = calloc(l->floats, sizeof(float));
    l->square = calloc(l->floats, sizeof(float));
    l->gradient = malloc(l->floats * sizeof(float));
    l->best = malloc(l->floats * sizeof(float));
    l->answer = malloc((l->visits.start[visits] + 1) * sizeof *l->answer);
    l->order = malloc(((size_t)visits + 1) * sizeof *l->order);
    l->pass = vitrine_intent_pass_create(o->hidden, o->batch, (uint64_t)o->batch * longest,
                                         vitrine_matmul_blas);
    return l->theta && l->mean && l->square && l->gradient && l->best && l->answer && l->order && l->pass;
}

/* Matrices uniform in +-1/sqrt(H), forget biases 1, and the answer starts at the share that bought. */
static void start_weights(learner *l, double bought)
{
    const size_t H = l->options->hidden, bias = 4 * H * VITRINE_INTENT_INPUTS + 4 * H * H;
    const double width = 1.0 / sqrt((double)H);
    for (size_t i = 0; i < l->floats; i++)
        l->theta[i] = (float)(width * (2.0 * vitrine_random_unit(vitrine_random(l->options->seed, i)) - 1.0));
    for (size_t i = 0; i < 4 * H; i++) l->theta[bias + i] = i / H == 1 ? 1.0f : 0.0f;
    l->theta[l->floats - 1] = (float)log(bought / (1.0 - bought));
}

/* Fisher and Yates, anew for each epoch. */
static void shuffle(uint32_t *order, uint32_t n, uint64_t key)
{
    for (uint32_t i = 0; i < n; i++) order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = vitrine_random_below(vitrine_random(key, i), i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static double run_epoch(learner *l, uint32_t epoch, uint64_t *steps)
{
    const vitrine_intent_options *o = l->options;
    const vitrine_loops *loops = vitrine_loops_best();
    double loss = 0.0, batches = 0.0;
    shuffle(l->order, l->trained, vitrine_random(o->seed, 1000 + epoch));
    for (uint32_t first = 0; first < l->trained; first += o->batch) {
        const uint32_t count = l->trained - first < o->batch ? l->trained - first : o->batch;
        loss += vitrine_intent_pass_run(l->pass, l->theta, &l->visits, l->order + first, count, NULL,
                                        l->gradient);
        batches += 1.0;
        const float norm = sqrtf(loops->squares(l->gradient, l->floats));
        const float scale = o->clip > 0.0f && norm > o->clip ? o->clip / norm : 1.0f;
        const vitrine_adam adam = vitrine_adam_step(++*steps, o->rate, 0.0f, scale);
        loops->adam(&adam, 0, l->gradient, l->theta, l->mean, l->square, l->floats);
    }
    return loss / batches;
}

/* Answers for visits first .. last-1 into l->answer; returns the mean loss of their steps. */
static double answer(learner *l, const float *theta, uint32_t first, uint32_t last)
{
    double loss = 0.0, steps = 0.0;
    for (uint32_t v = first; v < last; v += l->options->batch) {
        const uint32_t count = last - v < l->options->batch ? last - v : l->options->batch;
        for (uint32_t i = 0; i < count; i++) l->order[i] = v + i;
        const double own = (double)(l->visits.start[v + count] - l->visits.start[v]);
        loss += own * vitrine_intent_pass_run(l->pass, theta, &l->visits, l->order, count, l->answer, NULL);
        steps += own;
    }
    return steps > 0.0 ? loss / steps : 0.0;
}

static double cross_entropy(double p, bool yes)
{
    const double chance = yes ? p : 1.0 - p;
    return -log(chance > 1e-12 ? chance : 1e-12);
}

/* score, label [count]. */
static vitrine_intent_quality judge(const float *score, const uint8_t *label, uint64_t count,
                                    double base)
{
    vitrine_intent_quality q = { .asked = count, .auc = vitrine_auc(score, label, count) };
    for (uint64_t i = 0; i < count; i++) {
        q.bought += label[i];
        q.accuracy += (score[i] >= 0.5f) == (label[i] != 0);
        q.loss += cross_entropy((double)score[i], label[i] != 0);
        q.base_loss += cross_entropy(base, label[i] != 0);
    }
    if (count == 0) return q;
    q.bought /= (double)count;
    q.accuracy /= (double)count;
    q.loss /= (double)count;
    q.base_loss /= (double)count;
    q.majority = q.bought > 0.5 ? q.bought : 1.0 - q.bought;
    return q;
}

/* The weights as the device has them: from the section, rounded. */
static void round_weights(const uint8_t *section, size_t size, float *theta)
{
    vitrine_intent in;
    size_t wrong, at = 0;
    (void)vitrine_intent_read(section, size, &in, &wrong);
    const size_t H = in.hidden, rows = 4 * H;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < VITRINE_INTENT_INPUTS; c++)
            theta[at++] = (float)in.w[c * rows + r] * in.scale_w[r];
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < H; c++) theta[at++] = (float)in.u[c * rows + r] * in.scale_u[r];
}

static vitrine_status finish(learner *l, double bought, uint8_t **section, vitrine_intent_report *report)
{
    const vitrine_intent_options *o = l->options;
    const size_t size = vitrine_intent_size(o->hidden);
    const vitrine_intent_visits *v = &l->visits;
    const uint64_t first = v->start[l->chooses], steps = v->start[v->count] - first;
    uint8_t *label = malloc(steps + 1);
    float *last = malloc(((size_t)report->held + 1) * sizeof *last);
    *section = aligned_alloc(64, (size + 63) / 64 * 64);
    if (label == NULL || last == NULL || *section == NULL) {
        free(label);
        free(last);
        free(*section);
        *section = NULL;
        return VITRINE_NO_SPACE;
    }
    vitrine_intent_weights weights = vitrine_intent_weights_of(l->best, o->hidden);
    weights.gap = o->gap;
    weights.base = (float)bought;
    vitrine_intent_write(&weights, *section);
    round_weights(*section, size, l->best);
    (void)answer(l, l->best, l->chooses, v->count);
    for (uint32_t i = l->chooses; i < v->count; i++) {
        memset(label + (v->start[i] - first), v->bought[i], (size_t)(v->start[i + 1] - v->start[i]));
        last[i - l->chooses] = l->answer[v->start[i + 1] - 1];
    }
    report->at_every = judge(l->answer + first, label, steps, bought);
    report->at_end = judge(last, v->bought + l->chooses, report->held, bought);
    free(label);
    free(last);
    return VITRINE_OK;
}

vitrine_status vitrine_intent_train(const vitrine_dataset *log, const float *popularity,
                                    const vitrine_intent_options *options,
                                    vitrine_intent_watch watch, void *context, uint8_t **section,
                                    vitrine_intent_report *report)
{
    const double began = now();
    learner l = { .options = options };
    uint64_t steps = 0;
    double bought = 0.0, least = INFINITY;
    *section = NULL;
    *report = (vitrine_intent_report){ 0 };
    vitrine_status status = vitrine_intent_visits_make(log, popularity, options->gap, &l.visits);
    if (status != VITRINE_OK) return status;
    report->held = (uint32_t)(options->held * l.visits.count);
    l.chooses = report->visits = l.visits.count - report->held;
    l.trained = l.chooses - l.chooses / 10;
    for (uint32_t v = 0; v < l.trained; v++) bought += l.visits.bought[v];
    if (l.visits.count < FEWEST || bought == 0.0 || bought == l.trained) status = VITRINE_BAD_ARGUMENT;
    else if (!learner_make(&l)) status = VITRINE_NO_SPACE;
    if (status != VITRINE_OK) goto done;
    report->bought = bought /= l.trained;
    vitrine_matmul_begin();
    start_weights(&l, bought);
    for (uint32_t epoch = 1; epoch <= options->epochs; epoch++) {
        const double loss = run_epoch(&l, epoch, &steps);
        const double held = answer(&l, l.theta, l.trained, l.chooses);
        if (watch != NULL) watch(context, epoch, options->epochs, loss, held);
        if (held < least) {
            least = held;
            report->best_epoch = epoch;
            memcpy(l.best, l.theta, l.floats * sizeof(float));
        } else if (epoch - report->best_epoch >= options->patience) {
            break;
        }
    }
    status = finish(&l, bought, section, report);
done:
    learner_free(&l);
    report->seconds = now() - began;
    return status;
}
