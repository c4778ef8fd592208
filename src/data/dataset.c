#include "data/dataset.h"

#include <stdlib.h>

#include "data/log.h"

void vitrine_dataset_free(vitrine_dataset *dataset)
{
    free(dataset->session_start);
    free(dataset->item);
    free(dataset->kind);
    free(dataset->time);
    free(dataset->value);
    free(dataset->price);
    vitrine_strings_free(&dataset->item_ids);
    vitrine_strings_free(&dataset->session_ids);
    const vitrine_dataset empty = {0};
    *dataset = empty;
}

/* Which row of the dataset's table each number of log->item is; the table itself. */
static bool make_items(vitrine_log *log, const vitrine_strings *vocabulary, vitrine_dataset *dataset,
                       uint32_t *rank)
{
    const vitrine_strings names = vitrine_id_set_view(&log->item);
    if (vocabulary != NULL) {
        for (uint32_t i = 0; i < names.count; i++) {
            size_t length;
            const char *name = vitrine_strings_get(&names, i, &length);
            rank[i] = vitrine_strings_find(vocabulary, name, length);
        }
        return vitrine_strings_gather(vocabulary, NULL, vocabulary->count, &dataset->item_ids);
    }
    uint8_t *used = calloc((size_t)names.count + 1, 1);
    if (used == NULL) return false;
    for (uint64_t i = 0; i < log->rows; i++) used[log->row[i].item] = 1;
    const bool ok = vitrine_id_set_sorted(&log->item, used, &dataset->item_ids, rank);
    free(used);
    return ok;
}

static bool make_sessions(const vitrine_log *log, vitrine_dataset *dataset)
{
    uint32_t *name = malloc(((size_t)log->session.count + 1) * sizeof *name);
    dataset->session_start = malloc(((size_t)log->session.count + 1) * sizeof *dataset->session_start);
    bool ok = name != NULL && dataset->session_start != NULL;
    if (ok) {
        for (uint64_t i = 0; i < log->rows; i++)
            if (i == 0 || log->row[i].session != log->row[i - 1].session) {
                name[dataset->sessions] = log->row[i].session;
                dataset->session_start[dataset->sessions++] = i;
            }
        dataset->session_start[dataset->sessions] = log->rows;
        const vitrine_strings names = vitrine_id_set_view(&log->session);
        ok = vitrine_strings_gather(&names, name, dataset->sessions, &dataset->session_ids);
    }
    free(name);
    return ok;
}

bool vitrine_log_dataset(vitrine_log *log, const vitrine_strings *vocabulary,
                         vitrine_dataset *dataset, vitrine_problem *problem)
{
    const vitrine_dataset empty = {.events = log->rows, .timed = log->timed};
    *dataset = empty;
    const size_t n = log->rows + 1;
    uint32_t *rank = malloc(((size_t)log->item.count + 1) * sizeof *rank);
    dataset->item = malloc(n * sizeof *dataset->item);
    dataset->kind = malloc(n * sizeof *dataset->kind);
    dataset->time = malloc(n * sizeof *dataset->time);
    dataset->value = malloc(n * sizeof *dataset->value);
    if (log->priced) dataset->price = malloc(n * sizeof *dataset->price);
    const bool ok = rank != NULL && dataset->item != NULL && dataset->kind != NULL &&
                    dataset->time != NULL && dataset->value != NULL &&
                    (!log->priced || dataset->price != NULL) &&
                    make_items(log, vocabulary, dataset, rank) && make_sessions(log, dataset);
    if (ok) {
        dataset->items = dataset->item_ids.count;
        log->report.unknown_items = 0;
        for (uint64_t i = 0; i < log->rows; i++) {
            const vitrine_row *row = &log->row[i];
            dataset->item[i] = rank[row->item];
            log->report.unknown_items += rank[row->item] == VITRINE_NO_STRING;
            dataset->kind[i] = row->kind;
            dataset->time[i] = row->time / 1000000 - (row->time % 1000000 < 0);
            dataset->value[i] = row->value;
            if (log->priced) dataset->price[i] = row->price;
        }
    } else {
        vitrine_dataset_free(dataset);
        vitrine_problem_memory(problem);
    }
    free(rank);
    return ok;
}
