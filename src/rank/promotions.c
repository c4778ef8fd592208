/* Promotions are ranked by what they are about: no model of their own, hence none to be trained, and a
 * banner made today is judged today. */
#include "rank/ranker.h"
#include "rank/rules.h"
#include "vitrine/placements.h"

#define PRIOR 0.02f

static float part(double some, double all) { return all > 0.0 ? (float)(some / all) : 0.0f; }

vitrine_status vitrine_promote(vitrine_ranker *ranker, vitrine_rules *rules, const vitrine_profile *visitor,
                               uint32_t context, int64_t now, vitrine_promotion *out)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    const vitrine_promotion none = {0.0f, 0.0f, 0, VITRINE_NO_ITEM};
    /* In double and in the order of the items: the same bits everywhere, whatever the kernels. */
    double mine = 0.0, all = 0.0, popular = 0.0, everything = 0.0;
    *out = none;
    if (context != VITRINE_NO_ITEM && context >= catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (now < 0 || model->config.fused == 0) return VITRINE_BAD_ARGUMENT;
    vitrine_score_all(ranker, visitor);
    vitrine_mask(ranker, visitor, NULL);
    vitrine_rules_apply(rules, context, now, ranker->wide, ranker->allowed, NULL);
    for (uint32_t i = 0; i < catalog->items; i++) {
        const double count = i < model->config.items ? (double)vitrine_model_popularity(model, i) : 0.0;
        all += (double)ranker->scores[i];
        everything += count;
        if (!ranker->allowed[i]) continue;
        mine += (double)ranker->scores[i];
        popular += count;
        out->items++;
        if (out->best == VITRINE_NO_ITEM || ranker->scores[i] > ranker->scores[out->best]) out->best = i;
    }
    if (out->items == 0) return VITRINE_OK;
    out->share = part(mine, all);
    out->appeal = (out->share + PRIOR) / (part(popular, everything) + PRIOR);
    return VITRINE_OK;
}
