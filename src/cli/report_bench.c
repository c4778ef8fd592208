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

static void training(cli_output *out, const cJSON *result)
{
    const double done = report_number(result, "multiply_adds_per_s") * 1e-9;
    const double possible = report_number(result, "possible_per_s") * 1e-9;
    chart_bar bars[] = { { .name = "an epoch", .value = done, .low = (double)NAN, .high = (double)NAN, .first = true },
                         { .name = "in registers", .value = possible, .low = (double)NAN, .high = (double)NAN } };
    const size_t count = possible > 0.0 ? 2 : 1;
    char heading[96], events[32];
    for (size_t n = 0; n < count; n++) snprintf(bars[n].text, sizeof bars[n].text, "%.1f G/s", bars[n].value);
    snprintf(heading, sizeof heading, "training, %s events a second: multiply-adds",
             report_thousands(report_number(result, "events_per_s"), events));
    chart_bars(out, heading, bars, count);
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
    const cJSON *trained = cJSON_GetObjectItemCaseSensitive(result, "training");
    if (trained != NULL) training(out, trained);
    chart_grid_end(out);
    report_close(out);
}
