#include "cli/train_intent.h"

#include <stdio.h>
#include "cli/command.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/progress.h"

static void show(void *context, uint32_t epoch, uint32_t epochs, double loss, double held_loss)
{
    cli_progress_show(context, "intent: epoch %u of %u, loss %.4f, held out %.4f", epoch, epochs, loss,
                      held_loss);
}

int cli_train_intent(const char *command, const vitrine_dataset *log, const float *popularity,
                     const vitrine_intent_options *options, bool quiet, uint8_t **section,
                     vitrine_intent_report *report)
{
    cli_progress line;
    cli_progress_begin(&line, quiet);
    const vitrine_status status =
        vitrine_intent_train(log, popularity, options, show, &line, section, report);
    cli_progress_end(&line);
    if (status == VITRINE_OK) return CLI_OK;
    if (status == VITRINE_NO_SPACE) return cli_fail(command, CLI_IO, "out of memory");
    return cli_fail(command, CLI_INPUT,
                    "--intent wants visits that end in a purchase and visits that do not; the log has "
                    "%u visits with an event before their end, %.1f %% of them with a purchase: are "
                    "the types of events mapped?",
                    report->visits + report->held, 100.0 * report->bought);
}

static void print_quality(const char *when, const vitrine_intent_quality *q)
{
    printf("  %-12s AUC %.4f, accuracy %.4f (%.4f always the same answer), log loss %.4f (%.4f), "
           "%llu answers, %.1f %% bought\n",
           when, q->auc, q->accuracy, q->majority, q->loss, q->base_loss, (unsigned long long)q->asked,
           100.0 * q->bought);
}

void cli_print_intent(const vitrine_intent_report *r)
{
    printf("purchase intent: %u visits, the newest %u held out, epoch %u, %.1f s\n", r->visits + r->held,
           r->held, r->best_epoch, r->seconds);
    print_quality("last event:", &r->at_end);
    print_quality("every event:", &r->at_every);
}

static void add_quality(cJSON *to, const char *name, const vitrine_intent_quality *q)
{
    cJSON *object = cli_json_object(to, name);
    cli_json_number(object, "answers", (double)q->asked);
    cli_json_number(object, "bought", q->bought);
    cli_json_number(object, "auc", q->auc);
    cli_json_number(object, "accuracy", q->accuracy);
    cli_json_number(object, "majority_accuracy", q->majority);
    cli_json_number(object, "log_loss", q->loss);
    cli_json_number(object, "base_log_loss", q->base_loss);
}

void cli_add_intent(cJSON *object, const vitrine_intent_report *r, bool timed)
{
    cJSON *intent = cli_json_object(object, "intent");
    cli_json_number(intent, "visits", r->visits);
    cli_json_number(intent, "held_out", r->held);
    cli_json_number(intent, "best_epoch", r->best_epoch);
    if (timed) cli_json_number(intent, "seconds", r->seconds);
    add_quality(intent, "last_event", &r->at_end);
    add_quality(intent, "every_event", &r->at_every);
}
