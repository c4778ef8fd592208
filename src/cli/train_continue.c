#include "cli/train_continue.h"

#include <stdio.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/options.h"
#include "eval/evaluate.h"
#include "eval/metrics.h"
#include "eval/lister.h"
#include "eval/vocabulary.h"
#include "model/model_parts.h"
#include "train/warm.h"

enum { JUDGED_SESSIONS = 3000 };

static vitrine_status judge_one(const void *bytes, size_t size, const vitrine_cases *cases,
                                const vitrine_strings *ids, uint32_t longest, double *recall, double *mrr,
                                vitrine_fault *fault)
{
    static const uint32_t cut = 20;
    vitrine_lister inner, lister;
    vitrine_ranks ranks;
    const vitrine_catalog *catalog;
    vitrine_status status = vitrine_shop_lister(bytes, size, NULL, 0, longest, &inner, &catalog, fault);
    if (status == VITRINE_OK) status = vitrine_translate_lister(&inner, catalog, ids, &lister);
    if (status != VITRINE_OK) return status;
    status = vitrine_ranks_make(cases, &cut, 1, cut, false, &ranks);
    if (status == VITRINE_OK) {
        status = vitrine_evaluate(cases, &lister, 1, NULL, NULL, &ranks);
        const vitrine_quality found = vitrine_quality_at(ranks.rank, NULL, cases->cases, cut);
        *recall = found.recall;
        *mrr = found.mrr;
        vitrine_ranks_free(&ranks);
    }
    lister.destroy(lister.self);
    return status;
}

/* Both models on the sessions that neither has learnt. Items that only the log knows are misses of the
 * old model: that is what a shop sees of it, too. */
static vitrine_status judge_both(train_continue *c, const vitrine_model_parts *parts,
                                 const vitrine_dataset *log, uint32_t first, vitrine_fault *fault)
{
    vitrine_dataset held = *log;
    vitrine_cases cases;
    size_t size = 0;
    const vitrine_case_rules rules = { .last_only = c->last_only, .unknown_miss = true,
                                       .repeat = c->drop_seen ? VITRINE_REPEAT_DROP : VITRINE_REPEAT_KEEP, .limit = JUDGED_SESSIONS };
    held.session_start += first;
    held.sessions -= first;
    vitrine_status status = vitrine_cases_make(&held, &rules, &cases);
    if (status != VITRINE_OK) return status;
    uint32_t longest = 1;
    for (uint32_t s = 0; s < cases.sessions; s++) {
        const uint64_t length = cases.session_start[s + 1] - cases.session_start[s];
        if (length > longest) longest = (uint32_t)length;
    }
    const size_t bound = vitrine_model_write_bound(parts);
    void *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
    status = bytes == NULL ? VITRINE_NO_SPACE : vitrine_model_write(parts, bytes, bound, &size, fault);
    if (status == VITRINE_OK)
        status = judge_one(bytes, size, &cases, &log->item_ids, longest, &c->new_recall, &c->new_mrr, fault);
    if (status == VITRINE_OK)
        status = judge_one(c->model.bytes, c->model.size, &cases, &log->item_ids, longest, &c->old_recall,
                           &c->old_mrr, fault);
    free(bytes);
    vitrine_cases_free(&cases);
    return status;
}

static bool judge(void *context, const vitrine_model_parts *parts, const vitrine_dataset *log,
                  uint32_t first)
{
    train_continue *c = context;
    vitrine_fault fault = { .field = "memory" };
    const vitrine_status status = judge_both(c, parts, log, first, &fault);
    if (status != VITRINE_OK) {
        c->code = cli_fault(c->command, "the model", status, &fault);
        return false;
    }
    if (c->new_recall + c->new_mrr < c->old_recall + c->old_mrr) {
        c->code = cli_fail(c->command, CLI_GATE,
                           "on the newest sessions the old model is better: recall@20 %.4f, MRR@20 %.4f "
                           "against %.4f, %.4f;\nnothing was written. More events, or fewer epochs or a "
                           "lower --rate, may help", c->old_recall, c->old_mrr, c->new_recall, c->new_mrr);
        return false;
    }
    if (!c->quiet)
        fprintf(stderr, "vitrine %s: on the newest sessions recall@20 %.4f, MRR@20 %.4f; the old model "
                        "%.4f, %.4f\n", c->command, c->new_recall, c->new_mrr, c->old_recall, c->old_mrr);
    return true;
}

int train_continue_begin(const char *command, const char *path, vitrine_dataset *log,
                         vitrine_train_options *train, train_continue *c)
{
    const bool quiet = c->quiet;
    *c = (train_continue){ .command = command, .quiet = quiet, .last_only = train->leave_one_out,
                           .drop_seen = train->drop_seen, .code = CLI_IO };
    const int code = cli_model_open(command, path, &c->model);
    if (code != CLI_OK) return code;
    const size_t need = vitrine_model_unpack_size(c->model.model);
    c->memory = aligned_alloc(64, (need + 63) / 64 * 64);
    if (c->memory == NULL ||
        vitrine_model_unpack(c->model.model, c->memory, need, &c->parts) != VITRINE_OK ||
        vitrine_warm_items(&c->model.model->ids, log) != VITRINE_OK)
        return cli_fail(command, CLI_IO, "out of memory");
    const vitrine_config *config = &c->parts.config;
    const uint32_t flags = config->net.flags;
    train->cell = config->net.cell;
    train->dim = config->dim;
    train->hidden = config->net.hidden;
    train->tied = (flags & VITRINE_NET_TIED) != 0;
    train->skip = (flags & VITRINE_NET_SKIP) != 0;
    train->norm = (flags & VITRINE_NET_NORM) != 0;
    train->gaps = (flags & VITRINE_NET_GAP) != 0;
    if (config->feature_hidden > 0) train->feature_width = config->feature_hidden;
    train->start = &c->parts;
    train->judge = judge;
    train->judge_context = c;
    return CLI_OK;
}

void train_continue_end(train_continue *c)
{
    free(c->memory);
    cli_model_close(&c->model);
}
