/* What `vitrine evaluate` was asked for. */
#ifndef VITRINE_CLI_EVALUATE_SETTINGS_H
#define VITRINE_CLI_EVALUATE_SETTINGS_H

#include "cli/log_options.h"
#include "eval/baseline.h"
#include "eval/evaluate.h"

enum { EVALUATE_MAX_AGAINST = 8, EVALUATE_MAX_RULES = 40 };

extern const char *const evaluate_repeats[]; /* names, in the order of vitrine_repeat; null ends them */

typedef struct evaluate_settings {
    const char *model_path, *catalog_path, *lists_path, *lists_of, *rules_path;
    const char *targets; /* kinds as given; null: all */
    const char *events[CLI_MAX_FILES], *train_files[CLI_MAX_FILES];
    size_t event_files, train_count;
    const char *against[EVALUATE_MAX_AGAINST]; /* files of other models */
    size_t against_count;
    uint32_t cut[VITRINE_MAX_CUTS];
    size_t cuts;
    uint32_t longest, threads, samples;
    uint64_t seed;
    bool wants[VITRINE_BASELINES], wants_bow;
    bool json, quiet, gated;
    double min_lift;
    vitrine_case_rules rules;
    vitrine_log_options log, train_log;
} evaluate_settings;

extern const cli_syntax evaluate_syntax;

/* False after a message: leave with CLI_USAGE. */
bool evaluate_settings_read(const cli_options *options, evaluate_settings *settings);

#endif
