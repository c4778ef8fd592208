/* The report's section on a training: what it learnt from, and how it went. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

static void percent_tile(cli_output *out, double share, const char *what)
{
    char text[32];
    if (!isfinite(share)) return;
    snprintf(text, sizeof text, "%.1f %%", 100.0 * share);
    report_tile(out, text, what);
}

static void number_tile(cli_output *out, double value, const char *what)
{
    char text[32];
    if (isfinite(value)) report_tile(out, report_thousands(value, text), what);
}

static void tiles(cli_output *out, const cJSON *result)
{
    char text[32];
    report_tiles(out);
    number_tile(out, report_number(result, "items"), "items");
    number_tile(out, report_number(result, "sessions"), "sessions");
    number_tile(out, report_number(result, "events"), "positions learnt from");
    if (isfinite(report_number(result, "bytes")))
        report_tile(out, report_bytes(report_number(result, "bytes"), text), "model");
    if (isfinite(report_number(result, "seconds"))) {
        snprintf(text, sizeof text, "%.1f s", report_number(result, "seconds"));
        report_tile(out, text, "training");
    }
    if (report_number(result, "held_out") > 0.0) {
        percent_tile(out, report_number(result, "recall20"), "recall@20 held out");
        percent_tile(out, report_number(result, "mrr20"), "MRR@20 held out");
    }
    report_tiles_end(out);
}

/* Epochs of the phase 'train' into three rows of `most` numbers; returns how many there are. */
static size_t curve(const cJSON *epochs, const char *phase, double *loss, double *recall, double *mrr)
{
    const cJSON *line;
    size_t count = 0;
    cJSON_ArrayForEach(line, epochs)
    {
        if (strcmp(report_word(line, "phase"), phase) != 0) continue;
        loss[count] = report_number(line, "loss");
        recall[count] = report_number(line, "recall20");
        mrr[count++] = report_number(line, "mrr20");
    }
    return count;
}

static void curves(cli_output *out, const cJSON *result)
{
    const cJSON *epochs = cJSON_GetObjectItemCaseSensitive(result, "epochs");
    const int most = cJSON_GetArraySize(epochs);
    double *rows = most > 0 ? malloc(4 * (size_t)most * sizeof *rows) : NULL;
    if (rows == NULL) return;
    double *loss = rows, *recall = rows + most, *mrr = rows + 2 * (size_t)most;
    const size_t count = curve(epochs, "train", loss, recall, mrr);
    const double best = report_number(result, "best_epoch");
    if (count > 0) {
        const double *losses[] = { loss }, *quality[] = { recall, mrr };
        const char *const loss_name[] = { "loss" }, *const names[] = { "recall@20", "MRR@20" };
        const size_t mark = best >= 1.0 && best <= (double)count ? (size_t)best : 0;
        chart_grid(out);
        chart_lines(out, "Loss, mean of each epoch", "epoch", losses, loss_name, 1, count, 0, false);
        chart_lines(out, "Network alone on held-out sessions", "epoch (ringed: the one kept)", quality,
                    names, 2, count, mark, false);
        chart_grid_end(out);
    }
    free(rows);
}

static void intent(cli_output *out, const cJSON *result)
{
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(result, "intent");
    const cJSON *last = cJSON_GetObjectItemCaseSensitive(part, "last_event");
    const cJSON *every = cJSON_GetObjectItemCaseSensitive(part, "every_event");
    char text[32];
    if (!cJSON_IsObject(part)) return;
    report_open(out, "Purchase intent", "Will this visit end in a purchase? Judged on the newest visits, "
                                        "which chose nothing. AUC is the chance that a visit that "
                                        "bought got the higher answer of two.");
    report_tiles(out);
    snprintf(text, sizeof text, "%.3f", report_number(last, "auc"));
    report_tile(out, text, "AUC at the visit's last event");
    percent_tile(out, report_number(last, "accuracy"), "accuracy there");
    percent_tile(out, report_number(last, "majority_accuracy"), "always the same answer");
    snprintf(text, sizeof text, "%.3f", report_number(every, "auc"));
    report_tile(out, text, "AUC after every event");
    percent_tile(out, report_number(last, "bought"), "of the visits bought");
    number_tile(out, report_number(part, "held_out"), "visits held out");
    report_tiles_end(out);
    report_close(out);
}

void report_train(cli_output *out, const cJSON *result)
{
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(result, "options");
    char heading[96] = "Training";
    if (report_word(options, "arch")[0] != 0)
        snprintf(heading, sizeof heading, "Training: %.20s, width %.0f, seed %.0f", report_word(options, "arch"),
                 report_number(options, "dim"), report_number(options, "seed"));
    report_open(out, heading, NULL);
    tiles(out, result);
    curves(out, result);
    report_close(out);
    intent(out, result);
}
