/* Everyone who is judged in one evaluation, on the same cases, and how they did. */
#ifndef VITRINE_CLI_EVALUATE_CONTEST_H
#define VITRINE_CLI_EVALUATE_CONTEST_H

#include "cli/evaluate_settings.h"
#include "cli/model_file.h"
#include "eval/metrics.h"
#include "eval/slices.h"
#include "eval/vocabulary.h"
#include "vitrine/engine.h"

/* RULES: the model, under rules of the shop. */
typedef enum contestant_kind { CONTESTANT_MODEL, CONTESTANT_BASELINE, CONTESTANT_RULES } contestant_kind;

/* One recommender's result. */
typedef struct contestant {
    char name[64];
    contestant_kind kind;
    size_t bytes; /* of a model's file; 0 for others */
    vitrine_ranks ranks;
    double seconds;
    vitrine_bootstrap own, against; /* the latter: of the first contestant minus this one */
} contestant;

enum { MOST_CONTESTANTS = VITRINE_BASELINES + EVALUATE_MAX_AGAINST + EVALUATE_MAX_RULES + 3 };

typedef struct evaluation {
    cli_model model;
    void *catalog; /* bytes of the catalog file */
    size_t catalog_size;
    vitrine_vocabulary vocabulary; /* with a catalog: the model's items and the new ones */
    vitrine_dataset log, training;
    bool has_training;
    const vitrine_strings *ids;
    uint32_t items;
    float *popularity; /* [items] shares; 0: never met in training */
    uint8_t *band;     /* [items] */
    vitrine_cases cases;
    uint32_t contestants;
    contestant contestant[MOST_CONTESTANTS];
    uint32_t longest_session;
    double seconds;
} evaluation;

/* Whose lists are made: a baseline's, or those of a model with the catalog beside it. */
typedef struct evaluation_player {
    contestant_kind kind;
    const vitrine_baseline *baseline; /* null: the model below */
    const char *path;                 /* for messages */
    const void *bytes;
    size_t size;
    const char *rules; /* RULES: of the evaluation's own model */
    size_t rules_size;
    bool translated; /* its items are not those of the evaluation, row for row */
} evaluation_player;

/* Each: CLI_OK, or the exit code after a message. */
int evaluation_read(const evaluate_settings *set, evaluation *ev); /* models, logs, cases */
int evaluation_run(const evaluate_settings *set, evaluation *ev);
int evaluation_play(const evaluate_settings *set, const evaluation_player *who, const char *name,
                    evaluation *ev);
int evaluation_run_rules(const evaluate_settings *set, evaluation *ev); /* of --rules, if given */
int evaluation_resample(const evaluate_settings *set, evaluation *ev);
int evaluation_write_lists(const evaluate_settings *set, const evaluation *ev);
int evaluation_check_lift(const evaluate_settings *set, const evaluation *ev);
void evaluation_close(evaluation *ev);

vitrine_quality evaluation_quality(const evaluation *ev, uint32_t contestant, uint32_t k);
vitrine_spread evaluation_spread(const evaluation *ev, uint32_t contestant, size_t cut);
/* The baseline of greatest NDCG at the largest k; 0 when there is none. */
uint32_t evaluation_best_baseline(const evaluate_settings *set, const evaluation *ev);
/* NDCG of the first over another's, minus 1. */
double evaluation_lift(const evaluate_settings *set, const evaluation *ev, uint32_t other);

/* As text, and as one line of JSON. */
void evaluation_print_rules(const evaluate_settings *set, const evaluation *ev);
int evaluation_print_table(const evaluate_settings *set, const evaluation *ev);
int evaluation_print_json(const evaluate_settings *set, const evaluation *ev);

#endif
