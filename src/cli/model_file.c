#include "cli/model_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/signature.h"

#define LARGEST ((size_t)1 << 32)

int cli_fault(const char *command, const char *path, vitrine_status status,
              const vitrine_fault *fault)
{
    const char *remedy = "write it again with vitrine train or import";
    if (status == VITRINE_NO_SPACE) return cli_fail(command, CLI_IO, "%s: out of memory", path);
    if (status == VITRINE_BAD_CHECKSUM) remedy = "the file was changed or cut after it was written; copy it again";
    if (status == VITRINE_BAD_VERSION) remedy = "it belongs to another release or is of another kind; use the matching vitrine";
    return cli_fail(command, CLI_INPUT,
                    "%s: %s in '%s' at byte %" PRIu64 " (found %" PRIu64 ", expected %" PRIu64
                    "); %s",
                    path, vitrine_status_name(status), fault->field, fault->offset, fault->found,
                    fault->expected, remedy);
}

/* A web server's page, saved under the model's name, is common enough for a word of its own. */
static bool is_html(const void *bytes, size_t size)
{
    const char *text = bytes;
    size_t at = 0;
    while (at < size && at < 64 && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r')) at++;
    return at < size && text[at] == '<';
}

int cli_refusal(const char *command, const char *path, const void *bytes, size_t size,
                vitrine_status status, const vitrine_fault *fault)
{
    if (status == VITRINE_NO_SPACE || !is_html(bytes, size)) return cli_fault(command, path, status, fault);
    return cli_fail(command, CLI_INPUT, "%s: this is a web page, not a .vitrine file; the server answered "
                                        "the download with HTML: check the address", path);
}

int cli_model_open(const char *command, const char *path, cli_model *model)
{
    vitrine_problem problem = {0};
    void *bytes;
    size_t size;
    *model = (cli_model){0};
    if (!cli_input_file(path, LARGEST, &bytes, &size, &problem)) return cli_problem(command, &problem);
    return cli_model_open_bytes(command, path, bytes, size, model);
}

size_t cli_file_end(const void *bytes, size_t size)
{
    vitrine_signature list[VITRINE_MAX_SIGNATURES];
    uint32_t count;
    size_t end;
    return vitrine_signatures_read(bytes, size, &end, list, &count, NULL) == VITRINE_OK ? end : size;
}

int cli_model_open_bytes(const char *command, const char *path, void *bytes, size_t size, cli_model *model)
{
    vitrine_fault fault = {0};
    size_t need = 0;
    *model = (cli_model){.bytes = bytes, .size = cli_file_end(bytes, size)};
    vitrine_status status = vitrine_model_size(model->bytes, model->size, &need, &fault);
    if (status == VITRINE_OK) {
        model->memory = aligned_alloc(64, (need + 63) / 64 * 64);
        status = model->memory == NULL ? VITRINE_NO_SPACE
                                       : vitrine_model_open(model->memory, need, model->bytes,
                                                            model->size, &model->model, &fault);
    }
    if (status == VITRINE_OK) return CLI_OK;
    const int code = cli_refusal(command, path, model->bytes, model->size, status, &fault);
    cli_model_close(model);
    return code;
}

void cli_model_close(cli_model *model)
{
    free(model->memory);
    free(model->bytes);
    *model = (cli_model){0};
}
