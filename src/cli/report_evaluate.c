/* The report's section on an evaluation: bars with intervals, slices, and the numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

enum { MOST = 24, MOST_RULES = 42, SERIES = 4, SLICES = 16 };

static const char *const keys[] = { "recall", "mrr", "ndcg" };
static const char *const names[] = { "Recall", "MRR", "NDCG" };

/* What is shown of the systems: their places in the JSON. */
typedef struct shown {
    const cJSON *system[MOST];
    size_t count;
    const cJSON *rules[MOST_RULES]; /* the shelf without rules, with all, with each */
    size_t rule_count;
    int k; /* the largest cut-off */
} shown;

static const cJSON *last_metric(const cJSON *system)
{
    const cJSON *metrics = cJSON_GetObjectItemCaseSensitive(system, "metrics");
    return cJSON_GetArrayItem(metrics, cJSON_GetArraySize(metrics) - 1);
}

static void bars(cli_output *out, const shown *all)
{
    chart_bar bar[MOST];
    chart_grid(out);
    for (int m = 0; m < 3; m++) {
        char heading[32];
        for (size_t s = 0; s < all->count; s++) {
            const cJSON *system = all->system[s];
            const cJSON *interval = cJSON_GetObjectItemCaseSensitive(
                cJSON_GetObjectItemCaseSensitive(system, "interval"), keys[m]);
            bar[s] = (chart_bar){ .name = report_word(system, "name"),
                                  .value = report_number(last_metric(system), keys[m]),
                                  .low = report_number(interval, "low"),
                                  .high = report_number(interval, "high"), .first = s == 0 };
            snprintf(bar[s].text, sizeof bar[s].text, "%.4f", bar[s].value);
        }
        snprintf(heading, sizeof heading, "%s@%d", names[m], all->k);
        chart_bars(out, heading, bar, all->count);
    }
    chart_grid_end(out);
}

/* The first system and the best three others, by recall. */
static size_t choose(const shown *all, const cJSON **chosen)
{
    size_t count = all->count > 0;
    chosen[0] = all->system[0];
    for (size_t s = 1; s < all->count; s++) {
        const double own = report_number(last_metric(all->system[s]), "recall");
        size_t at = count < SERIES ? count : SERIES;
        while (at > 1 && !(report_number(last_metric(chosen[at - 1]), "recall") >= own)) at--;
        if (at >= SERIES) continue;
        if (count < SERIES) count++;
        for (size_t n = count - 1; n > at; n--) chosen[n] = chosen[n - 1];
        chosen[at] = all->system[s];
    }
    return count;
}

static void slices(cli_output *out, const shown *all)
{
    const cJSON *chosen[SERIES];
    const char *series[SERIES];
    chart_row rows[SLICES];
    char asides[SLICES][32], heading[48];
    const size_t count = choose(all, chosen);
    const cJSON *first = cJSON_GetObjectItemCaseSensitive(chosen[0], "slices");
    size_t used = 0;
    for (size_t s = 0; s < count; s++) series[s] = report_word(chosen[s], "name");
    for (int n = 0; n < cJSON_GetArraySize(first) && used < SLICES; n++) {
        const double positions = report_number(cJSON_GetArrayItem(first, n), "positions");
        if (!(positions > 0.0)) continue;
        rows[used] = (chart_row){ .name = report_word(cJSON_GetArrayItem(first, n), "name"),
                                  .aside = report_thousands(positions, asides[used]) };
        for (size_t s = 0; s < count; s++) {
            const cJSON *own = cJSON_GetObjectItemCaseSensitive(chosen[s], "slices");
            rows[used].value[s] = report_number(cJSON_GetArrayItem(own, n), "recall");
        }
        used++;
    }
    if (used == 0) return;
    snprintf(heading, sizeof heading, "Recall@%d by slice", all->k);
    report_open(out, heading, "After 1, 2, ... events of a visit; whether the next item had been met in it; "
                              "how often training met the item: head is the most frequent fifth, cold "
                              "are those that it never met. The last column counts the positions.");
    chart_dots(out, rows, used, series, count);
    report_close(out);
}

static void row(cli_output *out, const cJSON *system, bool first)
{
    const cJSON *metric;
    char text[32];
    cli_output_printf(out, "<tr%s><td>", first ? " class=\"first\"" : "");
    report_string(out, report_word(system, "name"));
    cJSON_ArrayForEach(metric, cJSON_GetObjectItemCaseSensitive(system, "metrics"))
    {
        cli_output_printf(out, "<td>%.4f<td>%.4f<td>%.4f", report_number(metric, "recall"),
                          report_number(metric, "mrr"), report_number(metric, "ndcg"));
    }
    cli_output_printf(out, "<td>%.3f<td>%.2f<td>%.1f s", report_number(last_metric(system), "coverage"),
                      report_number(last_metric(system), "popularity_bias"), report_number(system, "seconds"));
    const double bytes = report_number(system, "bytes");
    cli_output_printf(out, "<td>%s\n", isfinite(bytes) ? report_bytes(bytes, text) : "");
}

static void numbers(cli_output *out, const shown *all)
{
    const cJSON *metric;
    cli_output_printf(out, "<details open><summary>All numbers</summary><div class=\"wide\"><table><thead><tr><th>");
    cJSON_ArrayForEach(metric, cJSON_GetObjectItemCaseSensitive(all->system[0], "metrics"))
    {
        const double k = report_number(metric, "k");
        cli_output_printf(out, "<th>recall@%.0f<th>MRR@%.0f<th>NDCG@%.0f", k, k, k);
    }
    cli_output_printf(out, "<th>coverage@%d<th>bias@%d<th>time<th>file<tbody>\n", all->k, all->k);
    for (size_t s = 0; s < all->count; s++) row(out, all->system[s], s == 0);
    cli_output_printf(out, "</table></div></details>\n");
}

static void chance(char out[24], double p, double draws)
{
    if (!isfinite(p)) out[0] = 0;
    else if (p == 0.0) snprintf(out, 24, "< %.4f", 1.0 / (draws > 0.0 ? draws : 1000.0));
    else snprintf(out, 24, "%.4f", p);
}

/* How sure it is that the first is better than each other. */
static void tests(cli_output *out, const shown *all, double draws)
{
    bool any = false;
    for (size_t s = 1; s < all->count; s++)
        any = any || cJSON_GetObjectItemCaseSensitive(all->system[s], "first_minus_this") != NULL;
    if (!any) return;
    cli_output_printf(out, "<details open><summary>Is ");
    report_string(out, report_word(all->system[0], "name"));
    cli_output_printf(out, " better? Differences with 95 %% intervals, and the share of %.0f resamplings of "
                           "whole sessions in which it is not</summary><div class=\"wide\"><table><thead>"
                           "<tr><th>against<th>recall@%d<th>p<th>MRR@%d<th>p<th>NDCG@%d<th>p<tbody>\n",
                      draws, all->k, all->k, all->k);
    for (size_t s = 1; s < all->count; s++) {
        const cJSON *d = cJSON_GetObjectItemCaseSensitive(all->system[s], "first_minus_this");
        const cJSON *own = last_metric(all->system[0]), *their = last_metric(all->system[s]);
        if (d == NULL) continue;
        cli_output_printf(out, "<tr><td>");
        report_string(out, report_word(all->system[s], "name"));
        for (int m = 0; m < 3; m++) {
            static const char *const ps[] = { "p_recall", "p_mrr", "p_ndcg" };
            const cJSON *interval = cJSON_GetObjectItemCaseSensitive(d, keys[m]);
            char p[24];
            chance(p, report_number(d, ps[m]), draws);
            cli_output_printf(out, "<td>%+.4f (%.4f .. %.4f)<td>", report_number(own, keys[m]) - report_number(their, keys[m]),
                              report_number(interval, "low"), report_number(interval, "high"));
            report_string(out, p);
        }
        cli_output_printf(out, "\n");
    }
    cli_output_printf(out, "</table></div></details>\n");
}

/* Where several models were judged: their size against their quality. */
static void sizes(cli_output *out, const shown *all)
{
    chart_point point[MOST];
    size_t count = 0;
    char heading[32];
    for (size_t s = 0; s < all->count; s++) {
        const double bytes = report_number(all->system[s], "bytes");
        if (!isfinite(bytes)) continue;
        point[count] = (chart_point){ .name = report_word(all->system[s], "name"), .x = bytes,
                                      .y = report_number(last_metric(all->system[s]), "ndcg") };
        report_bytes(bytes, point[count++].text);
    }
    if (count < 2) return;
    snprintf(heading, sizeof heading, "NDCG@%d against size", all->k);
    chart_grid(out);
    chart_points(out, heading, "bytes of the file", point, count);
    chart_grid_end(out);
}

static void difference(cli_output *out, const cJSON *own, const cJSON *base, const char *key)
{
    cli_output_printf(out, "<td>%+.4f", report_number(own, key) - report_number(base, key));
}

/* What each rule costs, against the shelf without any. */
static void prices(cli_output *out, const shown *all, double positions)
{
    if (all->rule_count < 2) return;
    const cJSON *base = last_metric(all->rules[0]);
    report_open(out, "Price of rules", "The shelf 'for you' without rules, and what changes under all of them and under each "
                                       "alone. A shelf shows one variant of an item, so it may lie below the "
                                       "model's bare lists.");
    cli_output_printf(out, "<div class=\"wide\"><table><thead><tr><th><th>recall@%d<th>MRR@%d<th>NDCG@%d<th>coverage@%d"
                           "<th>time of a list<tbody>\n", all->k, all->k, all->k, all->k);
    for (size_t r = 0; r < all->rule_count; r++) {
        const cJSON *own = last_metric(all->rules[r]);
        cli_output_printf(out, r == 0 ? "<tr class=\"first\"><td>" : "<tr><td>");
        report_string(out, report_word(all->rules[r], "name"));
        if (r == 0)
            cli_output_printf(out, "<td>%.4f<td>%.4f<td>%.4f<td>%.4f", report_number(own, "recall"),
                              report_number(own, "mrr"), report_number(own, "ndcg"), report_number(own, "coverage"));
        else
            for (size_t m = 0; m < 4; m++)
                difference(out, own, base, m < 3 ? keys[m] : "coverage");
        cli_output_printf(out, "<td>%.3f ms\n", 1000.0 * report_number(all->rules[r], "seconds") / positions);
    }
    cli_output_printf(out, "</table></div>\n");
    report_close(out);
}

void report_evaluate(cli_output *out, const cJSON *result)
{
    shown all = { .count = 0 };
    const cJSON *system;
    char note[320], a[32], b[32], c[32];
    cJSON_ArrayForEach(system, cJSON_GetObjectItemCaseSensitive(result, "systems"))
    {
        if (last_metric(system) == NULL) continue;
        const bool rules = strcmp(report_word(system, "kind"), "rules") == 0;
        if (rules && all.rule_count < MOST_RULES) all.rules[all.rule_count++] = system;
        if (!rules && all.count < MOST) all.system[all.count++] = system;
    }
    if (all.count == 0) return;
    all.k = (int)report_number(last_metric(all.system[0]), "k");
    const bool miss = strcmp(report_word(result, "unknown"), "miss") == 0;
    const char *repeat = report_word(result, "repeat");
    snprintf(note, sizeof note, "%s positions of %s held-out sessions; all %s items are ranked each time. Items "
                                "unknown to training %s; %s.%s",
             report_thousands(report_number(result, "positions"), a),
             report_thousands(report_number(result, "sessions"), b),
             report_thousands(report_number(result, "items"), c), miss ? "count as misses" : "are left out",
             strcmp(repeat, "drop") == 0   ? "items of the history are no candidates"
             : strcmp(repeat, "only") == 0 ? "only items of the history are candidates"
                                           : "items of the history stay candidates",
             report_number(result, "bootstrap") > 0.0 ? " Whiskers are 95 % intervals." : "");
    report_open(out, "Quality", note);
    bars(out, &all);
    sizes(out, &all);
    tests(out, &all, report_number(result, "bootstrap"));
    numbers(out, &all);
    report_close(out);
    slices(out, &all);
    prices(out, &all, report_number(result, "positions"));
}
