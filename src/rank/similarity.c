/* Similarity over item vectors: cosine, dot product, Euclidean distance.
 *
 * Dot products come from the same scan as ranking, hence with the query rounded to 7 bits in int8
 * models: good for a list of neighbours, and one item against a profile is computed in full. */
#include "rank/split.h"

#include "kernels/cosine.h"
#include "nn/network.h"

static float length_of(const vitrine_kernels *kernels, const float *vector, uint32_t dim)
{
    return __builtin_sqrtf(kernels->dot_f32(vector, vector, dim));
}

static void know_lengths(vitrine_ranker *ranker)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const uint32_t dim = catalog->model->config.dim;
    if (ranker->lengths_known) return;
    for (uint32_t i = 0; i < catalog->items; i++) {
        vitrine_catalog_vector(catalog, i, ranker->vector);
        ranker->length[i] = length_of(catalog->model->kernels, ranker->vector, dim);
    }
    ranker->lengths_known = true;
}

static float compare(float dot, float a, float b, vitrine_similarity by)
{
    if (by == VITRINE_DOT) return dot;
    if (by == VITRINE_COSINE) return a * b > 0.0f ? dot / (a * b) : 0.0f;
    const float square = a * a + b * b - 2.0f * dot;
    return square > 0.0f ? -__builtin_sqrtf(square) : 0.0f;
}

void vitrine_similarities(vitrine_ranker *ranker, uint32_t item, vitrine_similarity by)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    know_lengths(ranker);
    vitrine_catalog_vector(catalog, item, ranker->vector);
    vitrine_logits(ranker, ranker->vector);
    ranker->most_of = NULL;
    size_t i = 0;
    if (by == VITRINE_COSINE)
        i = vitrine_cosines(ranker->logit, model->bias, ranker->length, ranker->length[item], model->config.items);
    for (; i < catalog->items; i++) {
        /* Similarity is of the vectors alone: the bias of the scores goes out again. */
        const float bias = i < model->config.items ? model->bias[i]
                                                   : catalog->cold_bias[i - model->config.items];
        ranker->logit[i] =
            compare(ranker->logit[i] - bias, ranker->length[item], ranker->length[i], by);
    }
}

vitrine_status vitrine_similar(vitrine_ranker *ranker, uint32_t item, vitrine_similarity by,
                               const vitrine_profile *profile, const vitrine_filter *filter,
                               uint32_t k, vitrine_scored *out, uint32_t *count)
{
    *count = 0;
    if (k == 0 || by > VITRINE_EUCLIDEAN || ranker->catalog->model->config.net.cell == VITRINE_CELL_NONE)
        return VITRINE_BAD_ARGUMENT;
    if (item >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    vitrine_similarities(ranker, item, by);
    vitrine_mask(ranker, profile, filter);
    ranker->allowed[item] = 0;
    *count = vitrine_best(ranker, ranker->logit, k, out);
    return VITRINE_OK;
}

vitrine_status vitrine_profile_similarity(vitrine_ranker *ranker, const vitrine_profile *profile,
                                          uint32_t item, vitrine_similarity by, float *similarity)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim;
    *similarity = 0.0f;
    if (item >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (by > VITRINE_EUCLIDEAN || model->config.net.cell == VITRINE_CELL_NONE)
        return VITRINE_BAD_ARGUMENT;
    vitrine_network_query(&model->net, model->kernels, profile->state.x, profile->state.h,
                          ranker->query, ranker->scratch);
    vitrine_catalog_vector(ranker->catalog, item, ranker->vector);
    *similarity = compare(model->kernels->dot_f32(ranker->query, ranker->vector, dim),
                          length_of(model->kernels, ranker->query, dim),
                          length_of(model->kernels, ranker->vector, dim), by);
    return VITRINE_OK;
}
