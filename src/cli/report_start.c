/* The report's sections on the package in a browser: what a list costs beside others (make bench), and where
 * the time goes from a page's first script to its first list (bench/start.mjs). */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

enum { MOST_BARS = 12, MOST_SPANS = 40 };

static bool is(const cJSON *row, const char *name, const char *value)
{
    return strcmp(report_word(row, name), value) == 0;
}

/* Of one place and size: an event and the best 20, by whom. */
static void lists(cli_output *out, const cJSON *rows, const cJSON *first)
{
    chart_bar bars[MOST_BARS];
    size_t count = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, rows)
    {
        if (count == MOST_BARS || !is(row, "task", "event") || !is(row, "env", report_word(first, "env")) ||
            report_number(row, "items") != report_number(first, "items"))
            continue;
        const double ms = report_number(row, "ms"), limit = report_number(row, "to_limit");
        bars[count] = (chart_bar){ .name = report_word(row, "who"), .value = ms, .low = (double)NAN, .high = (double)NAN,
                                   .first = strchr(report_word(row, "who"), '-') == NULL && strncmp(report_word(row, "who"), "typed", 5) != 0 };
        snprintf(bars[count].text, sizeof bars[count].text, isfinite(limit) ? "%.3g, %.1fx" : "%.3g", ms, limit);
        count++;
    }
    char heading[96], items[32];
    snprintf(heading, sizeof heading, "%.12s, %s items: an event and the best 20, ms", report_word(first, "env"),
             report_thousands(report_number(first, "items"), items));
    if (count > 0) chart_bars(out, heading, bars, count);
}

void report_rounds(cli_output *out, const cJSON *result)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(result, "rows"), *row, *before = NULL;
    report_open(out, "Speed beside others", "One event and the best 20: milliseconds, and how many times as long as a bare "
                                            "read of int8 rows takes, measured in the same rounds.");
    chart_grid(out);
    cJSON_ArrayForEach(row, rows)
    {
        /* Rows of one place and size stand together. */
        if (before == NULL || !is(row, "env", report_word(before, "env")) ||
            report_number(row, "items") != report_number(before, "items"))
            lists(out, rows, row);
        before = row;
    }
    chart_grid_end(out);
    report_close(out);
}

void report_start(cli_output *out, const cJSON *result)
{
    const cJSON *visit, *one;
    report_open(out, "From script to shelf", "Where the time goes from a page's first script to its first list, in Chromium, "
                                             "in milliseconds: medians of the visits that were made. The line is the list.");
    chart_grid(out);
    cJSON_ArrayForEach(visit, cJSON_GetObjectItemCaseSensitive(result, "starts"))
    {
        chart_span spans[MOST_SPANS];
        size_t count = 0;
        cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(visit, "spans"))
            if (count < MOST_SPANS)
                spans[count++] = (chart_span){ .name = report_word(one, "name"), .begin = report_number(one, "begin_ms"),
                                               .end = report_number(one, "end_ms") };
        char heading[96];
        const double whole = report_number(visit, "first_list_ms");
        snprintf(heading, sizeof heading, "%.16s, network %.8s: first list after %.0f ms", report_word(visit, "visit"),
                 report_word(visit, "network"), whole);
        chart_spans(out, heading, spans, count, whole);
    }
    chart_grid_end(out);
    report_close(out);
}
