/* What learning on the device gains: plays a log visitor by visitor through a model as it is and
 * through the same model with learning on, and compares where each next item stood.
 *
 *   learning MODEL --events LOG [--columns ...] [--strength 1] [--from 5]
 *
 * A visitor is what the log's reader makes a session of: give --columns session=user,... so that all of
 * a user's visits are one. Positions count from the --from'th event of a visitor on. Items may come
 * again; ties rank against the system. Prints the mean of each metric, and the difference with its
 * standard error over visitors. docs/learning.md quotes it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "rank/ranker.h"
#include "vitrine/engine.h"

enum { METRICS = 4, CAPACITY = 2000 };
static const char *const NAMES[METRICS] = {"recall@5", "recall@20", "MRR@20", "NDCG@10"};

static const cli_option WHAT[] = {
    {"model", 'm', "FILE", "the model"},
    {"strength", 0, "X", "of learning, 0..1 (usual: 1)"},
    {"from", 0, "N", "count positions from a visitor's Nth event on (usual: 5)"},
    {"quiet", 'q', NULL, "no report of left-out rows"},
    {0}};
static const cli_group GROUPS[] = {{"What", WHAT}, {"Events", cli_log_input}, {"Cleaning", cli_log_cleaning}, {0}};
static const cli_syntax SYNTAX = {.command = "learning", .about = "Learning on and off.", .groups = GROUPS};

static void measure(vitrine_engine *e, uint32_t target, double *sum)
{
    vitrine_score_all(e->ranker, e->visitor);
    const float *score = e->ranker->scores;
    uint32_t rank = 1;
    for (uint32_t i = 0; i < vitrine_catalog_items(e->catalog); i++) rank += i != target && score[i] >= score[target];
    sum[0] += rank <= 5;
    sum[1] += rank <= 20;
    sum[2] += rank <= 20 ? 1.0 / rank : 0.0;
    sum[3] += rank <= 10 ? 1.0 / log2(rank + 1.0) : 0.0;
}

int main(int argc, char **argv)
{
    cli_options options;
    double strength = 1.0, total[2][METRICS] = {{0}}, difference[METRICS] = {0}, square[METRICS] = {0};
    uint32_t from = 5, visitors = 0;
    uint64_t positions = 0;
    cli_model model;
    vitrine_dataset log;
    vitrine_engine *engine[2];
    vitrine_fault fault;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (cli_value(&options, "strength") != NULL) strength = atof(cli_value(&options, "strength"));
    if (!cli_u32(&options, "from", 1, 1000, &from)) return CLI_USAGE;
    code = cli_model_open("learning", cli_value(&options, "model"), &model);
    if (code != CLI_OK) return code;
    code = cli_read_log(&options, NULL, &log, NULL);
    if (code != CLI_OK) return code;
    for (int e = 0; e < 2; e++) {
        if (vitrine_engine_create(model.bytes, model.size, NULL, 0, CAPACITY, &engine[e], &fault) != VITRINE_OK)
            return cli_fault("learning", "the model", fault.status, &fault);
    }
    if (vitrine_ranker_learn(engine[1]->ranker, engine[1]->visitor, (float)strength) != VITRINE_OK)
        return cli_fail("learning", CLI_USAGE, "--strength wants 0..1");
    for (uint32_t s = 0; s < log.sessions; s++) {
        double sum[2][METRICS] = {{0}};
        uint32_t seen = 0, counted = 0;
        for (int e = 0; e < 2; e++) (void)vitrine_profile_forget_all(engine[e]->visitor);
        for (uint64_t v = log.session_start[s]; v < log.session_start[s + 1]; v++) {
            size_t length;
            const char *id = vitrine_strings_get(&log.item_ids, log.item[v], &length);
            const vitrine_event event = {.item = vitrine_catalog_find(engine[0]->catalog, id, length),
                                         .kind = log.kind[v], .time = log.time[v], .value = log.value[v]};
            if (event.item == VITRINE_NO_ITEM) continue;
            if (seen >= from && event.kind != VITRINE_REC_VIEW && event.kind != VITRINE_DISMISS) {
                for (int e = 0; e < 2; e++) measure(engine[e], event.item, sum[e]);
                counted++;
            }
            for (int e = 0; e < 2; e++) (void)vitrine_profile_observe(engine[e]->visitor, &event);
            seen += event.kind != VITRINE_REC_VIEW;
        }
        if (counted == 0) continue;
        visitors++;
        positions += counted;
        for (int m = 0; m < METRICS; m++) {
            const double gained = (sum[1][m] - sum[0][m]) / counted;
            difference[m] += gained;
            square[m] += gained * gained;
            for (int e = 0; e < 2; e++) total[e][m] += sum[e][m];
        }
    }
    printf("%llu positions of %u visitors, strength %.2f\n", (unsigned long long)positions, visitors, strength);
    for (int m = 0; m < METRICS && visitors > 1; m++) {
        const double n = visitors, mean = difference[m] / n;
        const double error = sqrt((square[m] / n - mean * mean) / (n - 1));
        printf("%-10s %.4f -> %.4f  by visitor %+.4f, standard error %.4f\n", NAMES[m],
               total[0][m] / (double)positions, total[1][m] / (double)positions, mean, error);
    }
    for (int e = 0; e < 2; e++) vitrine_engine_destroy(engine[e]);
    cli_model_close(&model);
    vitrine_dataset_free(&log);
    return 0;
}
