#include "train/sequences.h"

#include <stdlib.h>

vitrine_status vitrine_sequences_make(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                      uint32_t leave_out,
                                      const vitrine_kind_weight kinds[VITRINE_EVENT_KINDS],
                                      vitrine_sequences *sequences)
{
    const uint64_t events = first < last ? dataset->session_start[last] - dataset->session_start[first] : 0;
    *sequences = (vitrine_sequences){
        .start = calloc((size_t)(last - first) + 1, sizeof *sequences->start),
        .item = malloc((events + 1) * sizeof *sequences->item),
        .kind = malloc(events + 1),
        .gap = malloc(events + 1),
    };
    if (sequences->start == NULL || sequences->item == NULL || sequences->kind == NULL || sequences->gap == NULL) {
        vitrine_sequences_free(sequences);
        return VITRINE_NO_SPACE;
    }
    uint64_t used = 0;
    for (uint32_t s = first; s < last; s++) {
        const uint64_t began = used;
        int64_t before = 0;
        for (uint64_t e = dataset->session_start[s]; e < dataset->session_start[s + 1]; e++) {
            const int64_t then = before, now = dataset->time[e];
            if (dataset->item[e] >= dataset->items || dataset->kind[e] == VITRINE_REC_VIEW) continue;
            if (now > 0) before = now;
            if (kinds[dataset->kind[e]].steps == 0) continue;
            sequences->item[used] = dataset->item[e];
            sequences->gap[used] = (uint8_t)vitrine_gap_row(then, now);
            sequences->kind[used++] = dataset->kind[e];
        }
        used -= used - began < leave_out ? used - began : leave_out;
        if (used - began < 2) {
            used = began;
            continue;
        }
        if (used - began > sequences->longest) sequences->longest = (uint32_t)(used - began);
        sequences->start[++sequences->count] = used;
    }
    return VITRINE_OK;
}

void vitrine_sequences_free(vitrine_sequences *sequences)
{
    free(sequences->start);
    free(sequences->item);
    free(sequences->kind);
    free(sequences->gap);
    *sequences = (vitrine_sequences){ 0 };
}
