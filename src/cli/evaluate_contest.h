/* Everyone who is judged in one evaluation, on the same cases, and how they did. */
#ifndef VITRINE_CLI_EVALUATE_CONTEST_H
#define VITRINE_CLI_EVALUATE_CONTEST_H

#include "cli/evaluate_settings.h"
#include "cli/model_file.h"
#include "eval/metrics.h"
#include "eval/slices.h"
#include "eval/vocabulary.h"
#include "vitrine/engine.h"

/* One recommender's result. */
typedef struct contestant {
    char name[64];
    bool is_model;
    size_t bytes; /* of its file; 0 for a baseline */
    vitrine_ranks ranks;
    double seconds;
    vitrine_bootstrap own, against; /* the latter: of the first contestant minus this one */
} contestant;

enum { MOST_CONTESTANTS = VITRINE_BASELINES + EVALUATE_MAX_AGAINST + 2 };

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

/* Each: CLI_OK, or the exit code after a message. */
int evaluation_read(const evaluate_settings *set, evaluation *ev); /* models, logs, cases */
int evaluation_run(const evaluate_settings *set, evaluation *ev);
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
int evaluation_print_table(const evaluate_settings *set, const evaluation *ev);
int evaluation_print_json(const evaluate_settings *set, const evaluation *ev);

#endif
