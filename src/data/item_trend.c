#include "data/item_trend.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST = 3 };

float vitrine_item_momentum(double now, double before, double share)
{
    const double expected = before * share, lift = (now - expected) / sqrt(expected + 1);
    return now >= LEAST && lift > 0 ? (float)lift : 0.0f;
}

bool vitrine_item_table_trend(vitrine_item_table *table, const vitrine_log *log, uint32_t window,
                              vitrine_problem *problem)
{
    if (!log->timed)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE, "momentum needs a log with times: name their "
                                   "column with --columns time=...");
    const vitrine_strings names = vitrine_id_set_view(&log->item);
    uint32_t *place = malloc(((size_t)names.count + 1) * sizeof *place);
    double *now = calloc((size_t)table->items + 1, sizeof *now), *before = calloc((size_t)table->items + 1, sizeof *before);
    table->trend = calloc((size_t)table->items + 1, sizeof *table->trend);
    const bool ok = place != NULL && now != NULL && before != NULL && table->trend != NULL;
    double all_now = 0, all_before = 0;
    int64_t end = INT64_MIN;
    for (uint32_t i = 0; ok && i < names.count; i++) {
        size_t length;
        const char *name = vitrine_strings_get(&names, i, &length);
        place[i] = vitrine_strings_find(&table->ids, name, length);
    }
    for (uint64_t r = 0; r < log->rows; r++)
        if (log->row[r].time > end) end = log->row[r].time;
    const int64_t span = (int64_t)window * 1000000;
    for (uint64_t r = 0; ok && r < log->rows; r++) {
        const int64_t age = end - log->row[r].time;
        const uint32_t item = place[log->row[r].item];
        if (age >= span * (VITRINE_TREND_BEFORE + 1)) continue;
        *(age < span ? &all_now : &all_before) += 1;
        if (item != VITRINE_NO_STRING) (age < span ? now : before)[item] += 1;
    }
    const double share = all_before > 0 ? all_now / all_before : 0;
    for (uint32_t i = 0; ok && i < table->items; i++)
        table->trend[i] = vitrine_item_momentum(now[i], before[i], share);
    free(place);
    free(now);
    free(before);
    return ok || vitrine_problem_memory(problem);
}
