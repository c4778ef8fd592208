#include "train/auc.h"

#include <math.h>
#include <stdlib.h>

typedef struct judged {
    float score;
    uint8_t label;
} judged;

static int lower_first(const void *a, const void *b)
{
    const judged *x = a, *y = b;
    return x->score < y->score ? -1 : x->score > y->score;
}

double vitrine_auc(const float *score, const uint8_t *label, size_t count)
{
    judged *all = malloc((count + 1) * sizeof *all);
    double positives = 0.0, above = 0.0;
    if (all == NULL) return (double)NAN;
    for (size_t i = 0; i < count; i++) all[i] = (judged){ score[i], label[i] };
    qsort(all, count, sizeof *all, lower_first);
    double below = 0.0; /* negatives with a smaller score */
    for (size_t i = 0; i < count;) {
        double same[2] = { 0.0, 0.0 };
        size_t end = i;
        for (; end < count && all[end].score == all[i].score; end++) same[all[end].label != 0] += 1.0;
        above += same[1] * (below + 0.5 * same[0]);
        below += same[0];
        positives += same[1];
        i = end;
    }
    free(all);
    return positives > 0.0 && below > 0.0 ? above / (positives * below) : (double)NAN;
}
