/* Sums in double: a float stops counting at 2^24 events of one item. */
#include "train/popularity.h"

#include <stdlib.h>

static double weight_of(const vitrine_dataset *dataset, uint64_t event, const float *kind_weight)
{
    return kind_weight == NULL ? 1.0 : (double)kind_weight[dataset->kind[event]];
}

vitrine_status vitrine_popularity(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                  const float *kind_weight, float smoothing, float *share)
{
    const uint32_t items = dataset->items;
    if (items == 0) return VITRINE_OK;
    double *count = malloc(items * sizeof *count);
    if (count == NULL) return VITRINE_NO_SPACE;
    for (uint32_t j = 0; j < items; j++) count[j] = (double)smoothing;
    double total = (double)smoothing * items;
    for (uint64_t e = dataset->session_start[first]; e < dataset->session_start[last]; e++) {
        if (dataset->item[e] >= items) continue;
        const double weight = weight_of(dataset, e, kind_weight);
        count[dataset->item[e]] += weight;
        total += weight;
    }
    for (uint32_t j = 0; j < items; j++)
        share[j] = total > 0.0 ? (float)(count[j] / total) : 1.0f / (float)items;
    free(count);
    return VITRINE_OK;
}

static int larger_first(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return x > y ? -1 : x < y;
}

vitrine_status vitrine_popularity_half(const float *share, uint32_t items, float *half)
{
    float *sorted = malloc(((size_t)items + 1) * sizeof *sorted);
    if (sorted == NULL) return VITRINE_NO_SPACE;
    double met = 0.0, all = 0.0;
    for (uint32_t j = 0; j < items; j++) all += (double)(sorted[j] = share[j]);
    qsort(sorted, items, sizeof *sorted, larger_first);
    *half = 0.0f;
    for (uint32_t j = 0; j < items && met < all / 2; j++) met += (double)(*half = sorted[j]);
    free(sorted);
    return VITRINE_OK;
}
