/* vitrine train --continue: from yesterday's model, and only to a better one. */
#ifndef VITRINE_CLI_TRAIN_CONTINUE_H
#define VITRINE_CLI_TRAIN_CONTINUE_H

#include "cli/model_file.h"
#include "train/train.h"

typedef struct train_continue {
    const char *command;
    cli_model model;
    void *memory; /* of the parts */
    vitrine_model_parts parts;
    bool last_only, drop_seen, quiet;
    double old_recall, old_mrr, new_recall, new_mrr; /* at 20, of the held-out events; set by the judge */
    int code; /* of the judge: CLI_GATE when the old model is better, or what went wrong */
} train_continue;

/* Opens the model at `path`, makes the log's items those of both, and sets what the training must have
 * alike in `train`, with the judge. CLI_OK, or the exit code after a message. Close it all the same. */
int train_continue_begin(const char *command, const char *path, vitrine_dataset *log,
                         vitrine_train_options *train, train_continue *from);
void train_continue_end(train_continue *from);

#endif
