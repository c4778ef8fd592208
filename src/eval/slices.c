#include "eval/slices.h"

#include <stdlib.h>

static const char *const names[VITRINE_SLICES] = { "after 1",  "after 2", "after 3-4", "after 5-9",
                                                   "after 10+", "repeated", "new", "head",
                                                   "tail", "cold" };

const char *vitrine_slice_name(uint32_t slice)
{
    return slice < VITRINE_SLICES ? names[slice] : NULL;
}

typedef struct counted {
    float popularity;
    uint32_t item;
} counted;

static int frequent_first(const void *a, const void *b)
{
    const counted *x = a, *y = b;
    if (x->popularity != y->popularity) return x->popularity > y->popularity ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

vitrine_status vitrine_bands_of(const float *popularity, uint32_t items, uint8_t *band)
{
    uint32_t met = 0;
    counted *order = malloc(((size_t)items + 1) * sizeof *order);
    if (order == NULL) return VITRINE_NO_SPACE;
    for (uint32_t j = 0; j < items; j++) {
        order[j] = (counted){ popularity[j], j };
        met += popularity[j] > 0.0f;
    }
    qsort(order, items, sizeof *order, frequent_first);
    for (uint32_t n = 0; n < items; n++)
        band[order[n].item] = n >= met ? VITRINE_COLD : n < (met + 4) / 5 ? VITRINE_HEAD : VITRINE_TAIL;
    free(order);
    return VITRINE_OK;
}

void vitrine_slice_choose(const vitrine_cases *cases, const uint8_t *band, uint32_t slice,
                          uint8_t *chosen)
{
    static const uint32_t from[] = { 1, 2, 3, 5, 10, UINT32_MAX };
    for (uint32_t c = 0; c < cases->cases; c++) {
        const uint32_t known = cases->position[c] + 1, target = cases->target[c];
        if (slice < 5) chosen[c] = known >= from[slice] && known < from[slice + 1];
        else if (slice < 7) chosen[c] = cases->repeated[c] == (slice == 5);
        else chosen[c] = (target < cases->items ? band[target] : VITRINE_COLD) == slice - 7;
    }
}
