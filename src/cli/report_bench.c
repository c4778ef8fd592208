/* The report's section on speed: what a visit costs, beside what the machine cannot beat. */
#include <math.h>
#include <stdio.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

static void time_text(double us, char out[24])
{
    if (us < 1000.0) snprintf(out, 24, us < 10.0 ? "%.2f us" : "%.0f us", us);
    else snprintf(out, 24, "%.2f ms", us / 1000.0);
}

void report_bench(cli_output *out, const cJSON *result)
{
    static const struct {
        const char *key, *name;
    } times[] = { { "step_us", "one event" }, { "encode20_us", "20 events" },
                  { "event_to_top20_us", "event, top 20" }, { "page6_us", "6 shelves" },
                  { "read_us", "bare read" } };
    enum { TIMES = sizeof times / sizeof *times };
    const cJSON *model;
    report_open(out, "Speed", "Medians on one thread of the machine that made this report. The bare read is the "
                              "time to pass once over the item vectors and do nothing: no exact ranking "
                              "of all items can be faster.");
    chart_grid(out);
    cJSON_ArrayForEach(model, cJSON_GetObjectItemCaseSensitive(result, "models"))
    {
        chart_bar bars[TIMES];
        char heading[96], items[32];
        for (int t = 0; t < TIMES; t++) {
            const double us = report_number(model, times[t].key);
            bars[t] = (chart_bar){ .name = times[t].name, .value = us, .low = (double)NAN, .high = (double)NAN,
                                   .first = t == 2 };
            time_text(us, bars[t].text);
        }
        snprintf(heading, sizeof heading, "%s items, width %.0f, %.8s, %.12s kernels",
                 report_thousands(report_number(model, "items"), items), report_number(model, "dim"),
                 report_word(model, "precision"), report_word(model, "kernels"));
        chart_bars(out, heading, bars, TIMES);
    }
    chart_grid_end(out);
    report_close(out);
}
