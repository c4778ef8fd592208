/* Reasons. The shares of the parts are the addends of the score; the event that carries an item is
 * found by leaving each of the newest events out in turn, replaying, and scoring again: what is said
 * is then what would happen. */
#include "rank/learning.h"

#include <string.h>

_Static_assert(VITRINE_EXPLAIN_EVENTS <= VITRINE_SNAPSHOTS, "replay starts from a snapshot");

/* Fused scores of some items for a view, and what each part adds: added [count][VITRINE_PARTS]. */
static void score_some(vitrine_ranker *ranker, const vitrine_view *view, const uint32_t *items,
                       uint32_t count, float *added, float *scores)
{
    float weights[VITRINE_PARTS];
    vitrine_learnt_weights(ranker, view, weights);
    (void)vitrine_view_shares(ranker, view, weights, items, count, added);
    for (uint32_t i = 0; i < count; i++) {
        scores[i] = 0.0f;
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
            added[i * VITRINE_PARTS + p] *= weights[p];
            scores[i] += added[i * VITRINE_PARTS + p];
        }
    }
}

vitrine_status vitrine_explain(vitrine_ranker *ranker, const vitrine_profile *profile,
                               const uint32_t *items, uint32_t count, vitrine_reason *out)
{
    float added[VITRINE_EXPLAIN_ITEMS * VITRINE_PARTS], scores[VITRINE_EXPLAIN_ITEMS];
    if (count == 0 || count > VITRINE_EXPLAIN_ITEMS) return VITRINE_BAD_ARGUMENT;
    for (uint32_t i = 0; i < count; i++)
        if (items[i] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;

    const vitrine_view now = vitrine_view_of(profile);
    vitrine_score_rounded(ranker, profile); /* and with it what was learnt, which stays for what follows */
    score_some(ranker, &now, items, count, added, scores);
    for (uint32_t i = 0; i < count; i++) {
        vitrine_reason *reason = &out[i];
        memset(reason, 0, sizeof *reason);
        reason->event = VITRINE_NO_EVENT;
        reason->source = VITRINE_NO_ITEM;
        reason->kind = VITRINE_PART_POPULARITY;
        if ((vitrine_catalog_marks(ranker->catalog, items[i]) & VITRINE_IS_SENSITIVE) != 0) scores[i] = 0.0f;
        reason->factor = 1.0f;
        if (scores[i] > 0.0f && ranker->catalog->model->config.fused != 0)
            reason->factor = ranker->scores[items[i]] / scores[i];
        for (uint32_t p = 0; p < VITRINE_PARTS && scores[i] > 0.0f; p++) {
            reason->parts[p] = added[i * VITRINE_PARTS + p] / scores[i];
            if (reason->parts[p] <= reason->share) continue;
            reason->share = reason->parts[p];
            reason->kind = (vitrine_part)p;
        }
    }
    const uint32_t tries =
        profile->count < VITRINE_EXPLAIN_EVENTS ? profile->count : VITRINE_EXPLAIN_EVENTS;
    for (uint32_t t = 0; t < tries; t++) {
        /* Newest first, so that of two events that weigh the same the newer is named. */
        const uint32_t index = profile->count - 1 - t;
        const vitrine_event *event = vitrine_profile_at(profile, index);
        float without[VITRINE_EXPLAIN_ITEMS];
        const vitrine_view view = vitrine_view_without(ranker, profile, index);
        score_some(ranker, &view, items, count, added, without);
        for (uint32_t i = 0; i < count; i++) {
            const float lost = scores[i] > 0.0f ? (scores[i] - without[i]) / scores[i] : 0.0f;
            if (lost <= out[i].lost) continue;
            out[i].lost = lost;
            out[i].event = index;
            out[i].source = event->item;
        }
    }
    return VITRINE_OK;
}
