#include "cli/bow_model.h"

#include <stdlib.h>
#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "train/train.h"
#include "vitrine/rank.h"

static void show(void *context, const vitrine_train_progress *p)
{
    cli_progress_show(context, "bow: epoch %u of %u, %.0f %%, loss %.4f", p->epoch, p->epochs,
                      100.0 * p->done, p->loss);
}

int cli_bow_model(const char *command, const vitrine_dataset *training, uint64_t seed,
                  uint32_t threads, bool quiet, void **bytes, size_t *size)
{
    vitrine_train_options options = vitrine_train_options_default();
    vitrine_trained trained = { 0 };
    vitrine_fault fault = { 0 };
    cli_progress line;
    options.cell = VITRINE_CELL_BAG;
    options.tied = options.skip = options.norm = false;
    options.seed = seed;
    options.threads = threads < 64 ? threads : 64;
    options.ablate = ((1u << VITRINE_PARTS) - 1) & ~(1u << VITRINE_PART_NETWORK);
    if (!training->timed) options.session_gap = 0;
    cli_progress_begin(&line, quiet);
    vitrine_status status =
        vitrine_train(training, NULL, &options, show, &line, &trained, &fault);
    cli_progress_end(&line);
    *bytes = NULL;
    if (status == VITRINE_OK) {
        const size_t bound = vitrine_model_write_bound(&trained.parts);
        *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
        status = *bytes == NULL ? VITRINE_NO_SPACE
                                : vitrine_model_write(&trained.parts, *bytes, bound, size, &fault);
    }
    vitrine_trained_free(&trained);
    if (status == VITRINE_OK) return CLI_OK;
    free(*bytes);
    *bytes = NULL;
    if (status == VITRINE_NO_SPACE) return cli_fail(command, CLI_IO, "out of memory");
    return cli_fail(command, CLI_INPUT, "bow: the training log is not enough (%s: %llu)", fault.field,
                    (unsigned long long)fault.found);
}
