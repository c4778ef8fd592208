/* Choosing for a shelf rather than for each place: variants, caps, and likeness to what stands above
 * (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998). */
#include "rank/shelf.h"

#include <string.h>

#include "base/strings.h"
#include "catalog/features.h"
#include "kernels/activation.h"

/* Candidates looked at together: diversity trades the best of these against each other, and caps
 * leave many of them out; else only variants of what is placed are. */
enum { POOL = 512, POOL_LEAST = 64, SPARE = 12 };

bool vitrine_same_text(const vitrine_catalog *catalog, uint32_t a, uint32_t b, vitrine_text_field field,
                       bool first_level)
{
    size_t a_length, b_length;
    const char *x = vitrine_catalog_text(catalog, a, field, &a_length);
    const char *y = vitrine_catalog_text(catalog, b, field, &b_length);
    if (first_level) {
        const char *rest = x;
        if (!vitrine_text_part(&rest, &a_length, '/', '>', &x, &a_length)) return false;
        rest = y;
        if (!vitrine_text_part(&rest, &b_length, '/', '>', &y, &b_length)) return false;
    }
    return a_length > 0 && vitrine_string_order(x, a_length, y, b_length) == 0;
}

bool vitrine_siblings(const vitrine_catalog *catalog, uint32_t a, uint32_t b)
{
    return vitrine_same_text(catalog, a, b, VITRINE_TEXT_GROUP, false);
}

static float attribute_likeness(const vitrine_catalog *catalog, uint32_t a, uint32_t b)
{
    const float *weight = catalog->model->attr_weight;
    uint32_t a_count, b_count, i = 0, j = 0;
    const uint16_t *x = vitrine_catalog_attributes(catalog, a, &a_count);
    const uint16_t *y = vitrine_catalog_attributes(catalog, b, &b_count);
    const uint32_t band = vitrine_catalog_band(catalog, a);
    float sum = 0.0f;
    while (i < a_count && j < b_count) {
        if (x[i] == y[j]) sum += weight[x[i]] * weight[x[i]];
        const bool left = x[i] <= y[j], right = y[j] <= x[i];
        i += left;
        j += right;
    }
    if (band != VITRINE_NO_ATTRIBUTE && band == vitrine_catalog_band(catalog, b))
        sum += weight[band] * weight[band];
    return sum * catalog->inverse_norm[a] * catalog->inverse_norm[b];
}

float vitrine_likeness(vitrine_ranker *ranker, uint32_t a, uint32_t b)
{
    const vitrine_catalog *catalog = ranker->catalog;
    if (catalog->inverse_norm != NULL && catalog->inverse_norm[a] > 0.0f && catalog->inverse_norm[b] > 0.0f)
        return attribute_likeness(catalog, a, b);
    const vitrine_kernels *k = catalog->model->kernels;
    const uint32_t dim = catalog->model->config.dim;
    vitrine_catalog_vector(catalog, a, ranker->vector);
    vitrine_catalog_vector(catalog, b, ranker->query);
    const float squares = k->dot_f32(ranker->vector, ranker->vector, dim) *
                          k->dot_f32(ranker->query, ranker->query, dim);
    const float dot = k->dot_f32(ranker->vector, ranker->query, dim);
    return squares > 0.0f && dot > 0.0f ? dot / __builtin_sqrtf(squares) : 0.0f;
}

/* Whether an item may stand beside what is placed: caps, variants of it and of the seeds. */
static bool fits(const vitrine_filling *filling, uint32_t item)
{
    const vitrine_shelf_request *request = filling->request;
    const vitrine_catalog *catalog = filling->ranker->catalog;
    uint32_t count[VITRINE_SHELF_CAPS] = {0};
    if (!filling->strict || catalog->ids.count == 0) return true; /* without a file there are no texts */
    for (uint32_t s = 0; s < filling->seed_count; s++)
        if (vitrine_siblings(catalog, item, filling->seeds[s])) return false;
    for (uint32_t s = 0; s < request->shown_count; s++)
        if (vitrine_siblings(catalog, item, request->shown[s])) return false;
    for (uint32_t at = 0; at < filling->limit; at++) {
        const uint32_t other = filling->out[at].item;
        if (other == VITRINE_NO_ITEM) continue;
        if (vitrine_siblings(catalog, item, other)) return false;
        for (uint32_t c = 0; c < VITRINE_SHELF_CAPS; c++) {
            const vitrine_text_field field = request->cap[c].field;
            if (request->cap[c].most > 0 &&
                vitrine_same_text(catalog, item, other, field, field == VITRINE_TEXT_CATEGORY) &&
                ++count[c] >= request->cap[c].most)
                return false;
        }
    }
    return true;
}

static void place(vitrine_filling *filling, vitrine_scored best, vitrine_rung rung)
{
    while (filling->out[filling->next].item != VITRINE_NO_ITEM) filling->next++;
    const float factor = filling->factor != NULL ? filling->factor[best.item] : 1.0f;
    const vitrine_placed placed = {best.item, best.score, factor, rung};
    filling->out[filling->next] = placed;
    filling->placed++;
}

static uint32_t pool_size(const vitrine_filling *filling)
{
    const vitrine_shelf_request *request = filling->request;
    const bool groups = filling->ranker->catalog->text[VITRINE_TEXT_GROUP].count > 0;
    const uint32_t limit = filling->limit;
    bool choosy = request->diversity > 0.0f;
    for (uint32_t c = 0; c < VITRINE_SHELF_CAPS; c++) choosy |= request->cap[c].most > 0;
    const uint32_t size = choosy ? limit * 4 : groups ? limit + SPARE : limit;
    return size > POOL ? POOL : choosy && size < POOL_LEAST ? POOL_LEAST : size;
}

void vitrine_pick(vitrine_filling *filling, vitrine_rung rung)
{
    vitrine_ranker *ranker = filling->ranker;
    const vitrine_shelf_request *request = filling->request;
    const bool logits = rung == VITRINE_RUNG_MODEL && ranker->catalog->model->config.fused == 0;
    const float unlike = request->diversity;
    vitrine_scored pool[POOL];
    float likeness[POOL];
    const uint32_t size = pool_size(filling);
    float top = 0.0f;
    for (bool first = true; filling->placed < filling->limit; first = false) {
        const uint32_t found = filling->as_scored ? vitrine_best_scored(ranker, size, pool)
                                                  : vitrine_best(ranker, ranker->logit, size, pool);
        if (found == 0) return;
        if (first) top = pool[0].score;
        uint32_t left = 0;
        for (; left < found; left++) {
            const float score = pool[left].score;
            const float share = logits ? vitrine_exp_scalar(score - top) : score / top;
            if ((!logits && !(score > 0.0f) && rung != VITRINE_RUNG_STATIC) ||
                (request->min_relevance > 0.0f && !(share >= request->min_relevance)))
                break;
        }
        const bool last = left < size;
        for (uint32_t i = 0; i < left; i++) {
            likeness[i] = 0.0f;
            for (uint32_t at = 0; unlike > 0.0f && at < filling->limit; at++) {
                const uint32_t other = filling->out[at].item;
                if (other == VITRINE_NO_ITEM) continue;
                const float like = vitrine_likeness(ranker, pool[i].item, other);
                if (like > likeness[i]) likeness[i] = like;
            }
        }
        for (uint32_t at = 0; at < left && filling->placed < filling->limit; at++) {
            uint32_t best = at;
            float most = 0.0f;
            for (uint32_t i = at; unlike > 0.0f && i < left; i++) {
                const float share = logits     ? vitrine_exp_scalar(pool[i].score - top)
                                    : top > 0.0f ? pool[i].score / top
                                                 : 0.0f;
                const float worth = (1.0f - unlike) * share - unlike * likeness[i];
                if (i > at && worth <= most) continue;
                best = i;
                most = worth;
            }
            const vitrine_scored chosen = pool[best];
            /* Those before it move up by one, in their order. */
            for (uint32_t i = best; i > at; i--) {
                pool[i] = pool[i - 1];
                likeness[i] = likeness[i - 1];
            }
            ranker->allowed[chosen.item] = 0;
            if (!fits(filling, chosen.item)) continue;
            place(filling, chosen, rung);
            for (uint32_t i = at + 1; unlike > 0.0f && i < left; i++) {
                const float like = vitrine_likeness(ranker, pool[i].item, chosen.item);
                if (like > likeness[i]) likeness[i] = like;
            }
        }
        if (last) return;
    }
}
