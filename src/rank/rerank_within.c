/* Re-ordering a list within bounds: kept places stay, and no item moves further than it may. */
#include "rank/shelf.h"

#include <string.h>

/* The last place of the given list whose items are all due at the next place, looking ahead from it:
 * as soon as a stretch of places is just long enough for the items that must stand in it, one of
 * those has to come now. count - 1 when there is no hurry. */
static uint32_t due_until(const uint8_t *keep, const bool *used, uint32_t at, uint32_t count, uint32_t most)
{
    uint32_t places = 0, due = 0, a = 0;
    for (uint32_t q = at; q < count; q++) {
        places += keep == NULL || !keep[q];
        if (q < most) continue;
        for (; a <= q - most; a++) due += !used[a] && (keep == NULL || !keep[a]);
        if (due >= places) return q - most;
    }
    return count - 1;
}

static void settle(const float *score, const uint8_t *keep, uint32_t count, uint32_t most,
                   uint32_t *order)
{
    bool used[VITRINE_SHELF_LIMIT] = {false};
    for (uint32_t at = 0; at < count; at++) {
        uint32_t best = at;
        if (keep == NULL || !keep[at]) {
            const uint32_t until = due_until(keep, used, at, count, most);
            best = count;
            for (uint32_t a = 0; a <= until && (a <= most || a - most <= at); a++)
                /* Of equal ones the first given. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
                if (!used[a] && (keep == NULL || !keep[a]) && (best == count || score[a] > score[best]))
                    best = a;
        }
        used[best] = true;
        order[at] = best;
    }
}

static void move(vitrine_placed *out, uint32_t from, uint32_t to)
{
    const vitrine_placed moved = out[from];
    if (from < to)
        memmove(out + from, out + from + 1, (to - from) * sizeof *out);
    else
        memmove(out + to + 1, out + to, (from - to) * sizeof *out);
    out[to] = moved;
}

vitrine_status vitrine_rerank_within(vitrine_ranker *ranker, vitrine_rules *rules,
                                     const vitrine_profile *profile, const uint32_t *items,
                                     uint32_t count, const uint8_t *keep, uint32_t most,
                                     int64_t now, vitrine_placed *out)
{
    float score[VITRINE_SHELF_LIMIT];
    uint32_t order[VITRINE_SHELF_LIMIT];
    if (count == 0 || count > VITRINE_SHELF_LIMIT || now < 0) return VITRINE_BAD_ARGUMENT;
    for (uint32_t i = 0; i < count; i++)
        if (items[i] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    const float *factor = vitrine_factors(ranker);
    vitrine_mask(ranker, profile, NULL);
    if (rules != NULL)
        vitrine_rules_apply(rules, VITRINE_NO_ITEM, now, ranker->wide, ranker->allowed, ranker->factor);
    vitrine_score_rounded(ranker, profile);
    vitrine_scores_of(ranker, items, count, score);
    const bool logits = ranker->catalog->model->config.fused == 0;
    for (uint32_t i = 0; i < count; i++)
        score[i] = ranker->allowed[items[i]] ? vitrine_boosted(score[i], factor[items[i]], logits)
                                             : -1e30f;
    settle(score, keep, count, most, order);
    for (uint32_t at = 0; at < count; at++) {
        const uint32_t item = items[order[at]];
        const bool allowed = ranker->allowed[item] != 0;
        const vitrine_placed placed = {item, allowed ? score[order[at]] : 0.0f, factor[item], VITRINE_RUNG_MODEL};
        out[at] = placed;
    }
    for (uint32_t p = 0; rules != NULL && rules->ended && p < rules->pins; p++) {
        const uint32_t to = rules->pin[p].position;
        for (uint32_t at = 0; at < count && to < count; at++) {
            if (out[at].item != rules->pin[p].item) continue;
            out[at].rung = VITRINE_RUNG_PINNED;
            move(out, at, to);
            break;
        }
    }
    return VITRINE_OK;
}
