#include "train/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_trend.h"

vitrine_status vitrine_trends(const vitrine_dataset *log, const vitrine_strings *ids, uint32_t window,
                              uint8_t *out, bool *any)
{
    *any = false;
    memset(out, 0, ids->count);
    int64_t begin = INT64_MAX, end = INT64_MIN;
    for (uint64_t e = 0; e < log->events; e++) {
        if (log->time[e] < begin) begin = log->time[e];
        if (log->time[e] > end) end = log->time[e];
    }
    if (!log->timed || window == 0 || log->events == 0 || end - begin < 2 * (int64_t)window) return VITRINE_OK;
    uint32_t *now = calloc((size_t)log->items + 1, sizeof *now), *before = calloc((size_t)log->items + 1, sizeof *before);
    const bool room = now != NULL && before != NULL;
    uint64_t all_now = 0, all_before = 0;
    for (uint64_t e = 0; room && e < log->events; e++) {
        const int64_t age = end - log->time[e];
        if (age >= (int64_t)window * (VITRINE_TREND_BEFORE + 1)) continue;
        ++*(age < window ? &all_now : &all_before);
        ++(age < window ? now : before)[log->item[e]];
    }
    const double share = all_before > 0 ? (double)all_now / (double)all_before : 0;
    for (uint32_t i = 0; room && i < log->items; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&log->item_ids, i, &length);
        const uint32_t item = vitrine_strings_find(ids, id, length);
        const double eighths = floor(8 * (double)vitrine_item_momentum(now[i], before[i], share) + 0.5);
        if (item == VITRINE_NO_STRING) continue;
        out[item] = (uint8_t)(eighths < 255 ? eighths : 255);
        *any = *any || out[item] > 0;
    }
    free(now);
    free(before);
    return room ? VITRINE_OK : VITRINE_NO_SPACE;
}
