/* A model from a file, opened, with a message that says what was wrong with it. */
#ifndef VITRINE_CLI_MODEL_FILE_H
#define VITRINE_CLI_MODEL_FILE_H

#include "model/model.h"

/* Owned; `model` lives in `memory` and points into `bytes`. */
typedef struct cli_model {
    void *bytes;
    size_t size;
    void *memory;
    const vitrine_model *model;
} cli_model;

/* CLI_OK, or the exit code after a message; the model is then empty and needs no close. */
int cli_model_open(const char *command, const char *path, cli_model *model);
/* The same from a file's bytes, which are the model's from then on, whatever comes of it. */
int cli_model_open_bytes(const char *command, const char *path, void *bytes, size_t size, cli_model *model);
void cli_model_close(cli_model *model);

/* Where a file ends that may have signatures behind it (model/signature.h): what opens it sees no more.
 * `size` when there are none, or what follows is none. */
size_t cli_file_end(const void *bytes, size_t size);

/* The message for a refused file: prints it and returns the exit code. cli_refusal looks at the bytes
 * as well, since a web page that was saved under the file's name wants a word of its own. */
int cli_refusal(const char *command, const char *path, const void *bytes, size_t size,
                vitrine_status status, const vitrine_fault *fault);
int cli_fault(const char *command, const char *path, vitrine_status status,
              const vitrine_fault *fault);

#endif
