/* Recommenders to compare with, as the literature defines them; docs/evaluation.md gives the
 * definitions and sources. Nothing is tuned. Equal scores: the more frequent item in training, then
 * the lower one. Lists hold only items that scored: they may be shorter than asked for. */
#ifndef VITRINE_EVAL_BASELINE_H
#define VITRINE_EVAL_BASELINE_H

#include <stdbool.h>
#include "data/dataset.h"
#include "eval/lister.h"

typedef enum vitrine_baseline_kind {
    VITRINE_BASELINE_POP = 0,     /* the most frequent items */
    VITRINE_BASELINE_SPOP = 1,    /* the history's items by count, then the most frequent ones */
    VITRINE_BASELINE_AR = 2,      /* items in the same session as the last item, by sessions */
    VITRINE_BASELINE_ITEMKNN = 3, /* the same by cosine, damped by 20 */
    VITRINE_BASELINE_SR = 4,      /* items within 10 steps after the last item, 1 / steps each */
    VITRINE_BASELINE_VSKNN = 5,   /* sessions like this one */
    VITRINE_BASELINE_STAN = 6,    /* the same, by order and age as well */
    VITRINE_BASELINES = 7
} vitrine_baseline_kind;

/* "pop", "spop", "ar", "itemknn", "sr", "vsknn", "stan"; null past them. */
const char *vitrine_baseline_name(uint32_t kind);
/* VITRINE_BASELINES when unknown. */
uint32_t vitrine_baseline_of(const char *name, size_t length);
/* Whether it needs the training log, and not just frequencies. */
bool vitrine_baseline_needs_log(uint32_t kind);

/* What a baseline knows; read-only once made, shared by listers on any thread. */
typedef struct vitrine_baseline vitrine_baseline;

/*   popularity  [items]  how frequent each item is; any scale
 *   training             the log, its items being the same rows (others are passed over); null for
 *                        those that do not need it. Must outlive the baseline
 * VITRINE_BAD_ARGUMENT when the log is missing, VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_baseline_make(vitrine_baseline_kind kind, uint32_t items,
                                     const float *popularity, const vitrine_dataset *training,
                                     uint32_t threads, vitrine_baseline **baseline);
void vitrine_baseline_destroy(vitrine_baseline *baseline); /* null is fine */

/* `longest`: the most events that one visitor will have. */
vitrine_status vitrine_baseline_lister(const vitrine_baseline *baseline, uint32_t longest,
                                       vitrine_lister *lister);

#endif
