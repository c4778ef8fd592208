#include "train/cut_log.h"

#include <stdlib.h>
#include <string.h>

bool vitrine_cut_log(const vitrine_dataset *log, uint32_t cut, vitrine_dataset *view)
{
    *view = *log;
    view->events = 0;
    view->session_start = malloc(((size_t)log->sessions + 1) * sizeof *view->session_start);
    view->item = malloc((log->events + 1) * sizeof *view->item);
    view->kind = malloc(log->events + 1);
    view->time = malloc((log->events + 1) * sizeof *view->time);
    view->value = malloc((log->events + 1) * sizeof *view->value);
    view->price = NULL;
    if (view->session_start == NULL || view->item == NULL || view->kind == NULL ||
        view->time == NULL || view->value == NULL)
        return false;
    for (uint32_t s = 0; s < log->sessions; s++) {
        const uint64_t from = log->session_start[s], length = log->session_start[s + 1] - from;
        const uint64_t kept = length > cut ? length - cut : 0, to = view->events;
        view->session_start[s] = to;
        memcpy(view->item + to, log->item + from, kept * sizeof *view->item);
        memcpy(view->kind + to, log->kind + from, kept);
        memcpy(view->time + to, log->time + from, kept * sizeof *view->time);
        memcpy(view->value + to, log->value + from, kept * sizeof *view->value);
        view->events += kept;
    }
    view->session_start[log->sessions] = view->events;
    return true;
}

void vitrine_cut_log_free(vitrine_dataset *view)
{
    free(view->session_start);
    free(view->item);
    free(view->kind);
    free(view->time);
    free(view->value);
}
