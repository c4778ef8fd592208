/* The report's section on a search of settings: how far each got. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

enum { MOST_ROWS = 30 };

static double score(const cJSON *trial)
{
    return report_number(trial, "recall20") + report_number(trial, "mrr20");
}

/* Those trained longest first, then the better. */
static int better_first(const void *a, const void *b)
{
    const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;
    const double longer = report_number(y, "epochs") - report_number(x, "epochs");
    if (longer != 0.0) return longer > 0.0 ? 1 : -1;
    if (score(x) != score(y)) return score(x) > score(y) ? -1 : 1;
    return (int)(report_number(x, "trial") - report_number(y, "trial"));
}

static void settings(cli_output *out, const cJSON *trial)
{
    const cJSON *option;
    bool first = true;
    cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(trial, "options"))
    {
        if (!first) cli_output_printf(out, ", ");
        report_string(out, option->string);
        if (cJSON_IsString(option)) {
            cli_output_printf(out, " ");
            report_string(out, option->valuestring);
        }
        first = false;
    }
    if (first) cli_output_printf(out, "the usual");
}

/* Bars of the trials that were trained longest. */
static void bars(cli_output *out, const cJSON **trials, int count)
{
    static const char *const keys[] = { "recall20", "mrr20" }, *const names[] = { "Recall@20", "MRR@20" };
    const double longest = report_number(trials[0], "epochs");
    chart_bar bar[12];
    char name[12][24];
    chart_grid(out);
    for (int m = 0; m < 2; m++) {
        size_t used = 0;
        for (int n = 0; n < count && used < 12 && report_number(trials[n], "epochs") == longest; n++, used++) {
            snprintf(name[used], sizeof name[used], "trial %.0f", report_number(trials[n], "trial"));
            bar[used] = (chart_bar){ .name = name[used], .value = report_number(trials[n], keys[m]),
                                     .low = (double)NAN, .high = (double)NAN, .first = n == 0 };
            snprintf(bar[used].text, sizeof bar[used].text, "%.4f", bar[used].value);
        }
        chart_bars(out, names[m], bar, used);
    }
    chart_grid_end(out);
}

void report_tune(cli_output *out, const cJSON *result)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(result, "trials"), *trial;
    const int count = cJSON_GetArraySize(list);
    const cJSON **trials = count > 0 ? malloc((size_t)count * sizeof *trials) : NULL;
    int n = 0;
    if (trials == NULL) return;
    cJSON_ArrayForEach(trial, list) trials[n++] = trial;
    qsort(trials, (size_t)count, sizeof *trials, better_first);
    report_open(out, "Search of settings", "Judged on the validation part of the log alone. Most settings are given up "
                                           "after a few epochs; those that looked best went on.");
    bars(out, trials, count);
    cli_output_printf(out, "<details open><summary>Trials</summary><div class=\"wide\"><table><thead><tr><th>trial"
                           "<th>epochs<th>recall@20<th>MRR@20<th>time<th class=\"words\">settings<tbody>\n");
    for (n = 0; n < count && n < MOST_ROWS; n++) {
        cli_output_printf(out, "<tr%s><td>%.0f<td>%.0f<td>%.4f<td>%.4f<td>%.0f s<td class=\"words\">", n == 0 ? " class=\"first\"" : "",
                          report_number(trials[n], "trial"), report_number(trials[n], "epochs"),
                          report_number(trials[n], "recall20"), report_number(trials[n], "mrr20"),
                          report_number(trials[n], "seconds"));
        settings(out, trials[n]);
        cli_output_printf(out, "\n");
    }
    cli_output_printf(out, "</table></div></details>\n");
    report_close(out);
    free(trials);
}
