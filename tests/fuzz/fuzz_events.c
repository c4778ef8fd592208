/* Bytes as a log, in every format in turn, with every cleaning rule on. What was read must hold
 * together: rows within the tables, sessions without holes, ids in order, every row accounted for. */
#include <stdlib.h>
#include <string.h>

#include "data/log.h"
#include "vitrine/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool claim)
{
    if (!claim) abort();
}

static void check_dataset(const vitrine_dataset *d)
{
    require(d->session_start[0] == 0 && d->session_start[d->sessions] == d->events);
    for (uint32_t s = 0; s < d->sessions; s++) require(d->session_start[s] < d->session_start[s + 1]);
    for (uint32_t s = 0; s < d->sessions; s++)
        for (uint64_t i = d->session_start[s] + 1; d->timed && i < d->session_start[s + 1]; i++)
            require(d->time[i - 1] <= d->time[i]);
    for (uint64_t i = 0; i < d->events; i++) {
        require(d->item[i] < d->items && d->kind[i] < VITRINE_EVENT_KINDS);
        require(d->value[i] >= 0.0f && (d->price == NULL || !(d->price[i] < 0.0f)));
    }
    for (uint32_t i = 1; i < d->items; i++) {
        size_t a_length, b_length;
        const char *a = vitrine_strings_get(&d->item_ids, i - 1, &a_length);
        const char *b = vitrine_strings_get(&d->item_ids, i, &b_length);
        require(vitrine_string_order(a, a_length, b, b_length) < 0);
    }
}

static void read_as(const uint8_t *bytes, size_t size, vitrine_log_format format)
{
    vitrine_log_options options = vitrine_log_options_default();
    options.format = format;
    options.item_pattern = "[0-9A-Za-z]+";
    options.item_case = VITRINE_CASE_UPPER;
    options.dedupe = true;
    options.min_session = 2;
    options.min_item_count = 2;
    vitrine_problem problem = {0};
    vitrine_dataset dataset = {0};
    vitrine_log log;
    require(vitrine_log_begin(&log, &options, &problem));
    vitrine_text *source = vitrine_text_memory("fuzz", bytes, size, 1 << 22, &problem);
    bool ok = source != NULL && vitrine_log_source(&log, source, &problem);
    vitrine_text_close(source);
    ok = ok && vitrine_log_clean(&log, true, &problem);
    if (ok) {
        uint64_t rejected = 0;
        for (int i = 0; i < VITRINE_REJECTS; i++) rejected += log.report.reject[i].rows;
        require(log.report.kept + rejected == log.report.rows);
        if (vitrine_log_dataset(&log, NULL, &dataset, &problem)) check_dataset(&dataset);
    }
    require(ok || problem.text[0] != 0); /* no refusal without a word */
    vitrine_dataset_free(&dataset);
    vitrine_log_free(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    for (int format = VITRINE_LOG_GUESS; format < VITRINE_LOG_FORMATS; format++)
        read_as(bytes, size, (vitrine_log_format)format);
    return 0;
}
