/* Bounded learning on the device, in two parts.
 *
 * Gains. After an event one can say which part had foreseen it: part p gave the item the share s_p and
 * had the weight w_p, so it answers for r_p = w_p s_p / sum of w s. Over the visitor's newest events,
 * each newer one counting more, the parts' weights are multiplied by
 *
 *     (PRIOR * w_p + sum of r_p) / (PRIOR * w_p + sum of w_p)
 *
 * which is one step of expectation and maximisation for a mixture, from a prior of PRIOR events that
 * agree with the model. A dismissal counts the other way round.
 *
 * Bias. Dismissed, taken-out, badly rated and passed-over items, and well-rated ones with the other
 * sign, add up to a vector of attributes no longer than 1; items are multiplied by e to their cosine
 * with it, and those that were shown and passed over by a little less for each time. */
#include "rank/learning.h"

#include <string.h>

#include "kernels/activation.h"
#include "rank/attributes.h"

#define DECAY 0.95f   /* of an event's say, for each newer one */
#define PRIOR 10.0f   /* events that the model's own weights are worth */
#define MOST_GAIN 4.0f
#define MOST_BIAS 0.693147181f /* no item is more than doubled or halved */
#define TASTE 0.5f             /* of a cosine of 1 */
#define PASSED_OVER 0.1f       /* of one impression, for item and attributes */
#define VIEW_HALF_LIFE (7.0f * 86400.0f)

/* How much an event praises (> 0) the part that foresaw it, or blames it. */
static float praise(const vitrine_model *model, const vitrine_event *event)
{
    if (event->kind == VITRINE_DISMISS) return -1.0f;
    if (event->kind == VITRINE_RATE) return 2.0f * event->value - 1.0f;
    return vitrine_takes_up(event->kind) && model->kinds[event->kind].weight > 0.0f ? 1.0f : 0.0f;
}

/* What the parts answered for at an event: lesson->answered, and their weights then. */
static void examine(vitrine_ranker *ranker, const vitrine_view *view, const vitrine_event *event,
                    vitrine_lesson *lesson)
{
    float sum = 0.0f;
    lesson->praise = praise(ranker->catalog->model, event);
    if (lesson->praise == 0.0f) return;
    vitrine_view_weights(view, lesson->weight);
    (void)vitrine_view_shares(ranker, view, lesson->weight, &event->item, 1, lesson->answered);
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
        lesson->answered[p] *= lesson->weight[p];
        sum += lesson->answered[p];
    }
    for (uint32_t p = 0; p < VITRINE_PARTS; p++)
        lesson->answered[p] = sum > 0.0f ? lesson->answered[p] / sum : lesson->weight[p];
}

/* The lessons of the newest events; those that are known already stay. */
static uint32_t examine_new(vitrine_ranker *ranker, const vitrine_profile *profile)
{
    uint32_t from = profile->count > VITRINE_LESSONS ? profile->count - VITRINE_LESSONS : 0, at = 0;
    if (profile->learns_from > profile->folded && profile->learns_from - profile->folded > from)
        from = (uint32_t)(profile->learns_from - profile->folded);
    /* Older events may have stood in the ring when a lesson was learnt and be folded now: then it
     * could not be learnt again as it was, so none is drawn that near to the ring's end. */
    if (profile->folded > 0 && from < 2 * VITRINE_MAX_TAIL) from = 2 * VITRINE_MAX_TAIL;
    if (ranker->lessons_epoch != profile->epoch) memset(ranker->lesson, 0, VITRINE_LESSONS * sizeof *ranker->lesson);
    ranker->lessons_epoch = profile->epoch;
    for (uint32_t i = from; i < profile->count; i++) {
        const uint64_t number = profile->folded + i;
        vitrine_lesson *lesson = &ranker->lesson[number % VITRINE_LESSONS];
        if (lesson->event == number + 1) continue;
        const vitrine_state *state = &profile->before[number % VITRINE_SNAPSHOTS];
        if (profile->count - i > VITRINE_SNAPSHOTS) {
            state = &ranker->what_if;
            if (at == 0) vitrine_state_copy(profile, &ranker->what_if, &profile->base);
            for (; at < i; at++)
                vitrine_state_advance(profile, &ranker->what_if, vitrine_profile_at(profile, at));
        }
        vitrine_profile past = *profile; /* as it was before the event */
        past.count = i;
        const vitrine_view view = {&past, VITRINE_NO_EVENT, state->h, state->x, state->steps};
        lesson->event = number + 1;
        examine(ranker, &view, vitrine_profile_at(profile, i), lesson);
    }
    return from;
}

static float clamp(float x, float most) { return x > most ? most : x < -most ? -most : x; }

/* ranker->bias from the taste and the views; returns the length of the taste before it was cut. */
static float learn_taste(vitrine_ranker *ranker, const vitrine_profile *profile)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    const uint32_t attributes = model->config.attributes, items = catalog->items;
    float *const taste = ranker->affinity, *const views = ranker->part;
    float say = 1.0f, square = 0.0f;
    bool any = vitrine_seen_views(profile, 0, VIEW_HALF_LIFE, views, ranker->logit) > 0;
    if (!any) memset(views, 0, items * sizeof *views);
    memset(taste, 0, attributes * sizeof *taste);
    for (uint32_t i = 0; any && i < items; i++) {
        views[i] = -PASSED_OVER * views[i];
        if (views[i] < 0.0f) vitrine_attributes_add(catalog, i, views[i], taste);
    }
    for (uint32_t i = profile->count; i-- > 0 && profile->folded + i >= profile->learns_from && say > 0.01f;) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        const float worth = event->kind == VITRINE_DISMISS                                              ? -1.0f
                            : event->kind == VITRINE_RATE                                               ? 2.0f * event->value - 1.0f
                            : event->kind == VITRINE_REMOVE_FROM_CART || event->kind == VITRINE_REFUND ? -0.5f
                                                                                                        : 0.0f;
        if (worth == 0.0f) continue;
        vitrine_attributes_add(catalog, event->item, worth * say, taste);
        if (event->kind == VITRINE_RATE) views[event->item] += TASTE * worth * say;
        say *= DECAY;
        any = true;
    }
    ranker->biased = any;
    if (!any) return 0.0f;
    for (uint32_t a = 0; a < attributes; a++) square += taste[a] * taste[a];
    const float length = __builtin_sqrtf(square);
    vitrine_attributes_dot(catalog, taste, TASTE / (length > 1.0f ? length : 1.0f), ranker->bias);
    for (uint32_t j = 0; j < items; j++)
        ranker->bias[j] = ranker->strength * clamp(views[j] + ranker->bias[j], MOST_BIAS);
    return length < 1.0f ? length : 1.0f;
}

void vitrine_adapt(vitrine_ranker *ranker, const vitrine_profile *profile)
{
    const bool learns = ranker->learner == profile && ranker->strength > 0.0f;
    const vitrine_view view = vitrine_view_of(profile);
    float weights[VITRINE_PARTS], said[VITRINE_PARTS] = {0}, had[VITRINE_PARTS] = {0}, say = 1.0f;
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) ranker->gain[p] = 1.0f;
    ranker->biased = false;
    if (!learns) return;
    const uint32_t from = examine_new(ranker, profile);
    for (uint32_t i = profile->count; i-- > from;) {
        const vitrine_lesson *lesson = &ranker->lesson[(profile->folded + i) % VITRINE_LESSONS];
        if (lesson->praise == 0.0f) continue;
        const bool good = lesson->praise > 0.0f;
        const float worth = say * (good ? lesson->praise : -lesson->praise);
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
            said[p] += worth * (good ? lesson->answered[p] : lesson->weight[p]);
            had[p] += worth * (good ? lesson->weight[p] : lesson->answered[p]);
        }
        say *= DECAY;
    }
    vitrine_view_weights(&view, weights);
    ranker->drift = learn_taste(ranker, profile);
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
        if (weights[p] == 0.0f) continue;
        float gain = (PRIOR * weights[p] + said[p]) / (PRIOR * weights[p] + had[p]);
        gain = gain > MOST_GAIN ? MOST_GAIN : gain < 1.0f / MOST_GAIN ? 1.0f / MOST_GAIN : gain;
        const float far = gain > 1.0f ? (gain - 1.0f) / (MOST_GAIN - 1.0f)
                                      : (1.0f / gain - 1.0f) / (MOST_GAIN - 1.0f);
        if (far > ranker->drift) ranker->drift = far;
        ranker->gain[p] = 1.0f + ranker->strength * (gain - 1.0f);
    }
}

void vitrine_learnt_weights(const vitrine_ranker *ranker, const vitrine_view *view,
                            float weights[VITRINE_PARTS])
{
    float sum = 0.0f;
    vitrine_view_weights(view, weights);
    if (view->profile != ranker->learner) return;
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) sum += weights[p] *= ranker->gain[p];
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) weights[p] /= sum;
}

vitrine_status vitrine_ranker_learn(vitrine_ranker *ranker, const vitrine_profile *profile, float strength)
{
    if (!(strength >= 0.0f && strength <= 1.0f)) return VITRINE_BAD_VALUE;
    ranker->learner = strength > 0.0f ? profile : NULL;
    ranker->strength = strength;
    ranker->lessons_epoch = UINT64_MAX;
    ranker->scored = NULL;
    return VITRINE_OK;
}

float vitrine_ranker_drift(vitrine_ranker *ranker)
{
    if (ranker->learner == NULL) return 0.0f;
    vitrine_score_all(ranker, ranker->learner);
    return ranker->drift;
}
