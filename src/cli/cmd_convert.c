/* vitrine convert: a network of PyTorch's as a model, and a model's network for PyTorch. What the input
 * is, its first bytes say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/convert.h"
#include "cli/options.h"
#include "cli/output.h"

static const cli_option OPTIONS[] = {
    {"output", 'o', "FILE", "The model, or the safetensors file."},
    {"items", 0, "FILE", "Ids of the items, one a line, in the order of the embedding's rows;\n"
                         "without it the file's U8 tensor 'ids' has them."},
    {"map", 0, "MAP", "Tensors of other names: embed=emb.weight,item=head.weight; roles are\n"
                      "cell_w, cell_u, cell_bi, cell_bh, embed, item, item_bias, project,\n"
                      "project_bias, skip, norm, norm_bias, kind, popularity, ids."},
    {"activation", 0, "NAME", "Of an LSTM: tanh, or relu."},
    {"content-version", 0, "N", "Version written into the model; it should grow: 1."},
    {"quiet", 'q', NULL, "Do not say what was written."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = "convert",
    .arguments = "FILE",
    .about = "Turns a safetensors file with an LSTM or GRU of PyTorch's names into a model that ranks by this\n"
             "network alone, or a model into a safetensors file with its network.\n\n"
             "  vitrine convert gru.safetensors --items ids.txt -o model.vitrine\n"
             "  vitrine convert model.vitrine -o network.safetensors",
    .groups = GROUPS,
    .min_arguments = 1,
    .max_arguments = 1};

#define LARGEST ((size_t)1 << 32)

static bool begins_with(const void *bytes, size_t size, const char *magic, size_t length)
{
    return size >= length && memcmp(bytes, magic, length) == 0;
}

/* Formats that someone may try, each with its road. */
static int foreign(const char *path, const void *bytes, size_t size)
{
    if (begins_with(bytes, size, "\x89HDF\r\n\x1a\n", 8))
        return cli_fail("convert", CLI_INPUT, "%s: HDF5, as Keras writes it: docs/cli.md has a script that makes a "
                                              "safetensors file of it", path);
    if (begins_with(bytes, size, "PK\x03\x04", 4))
        return cli_fail("convert", CLI_INPUT, "%s: a zip archive, as torch.save and Keras write it: save the tensors "
                                              "with safetensors.torch.save_file", path);
    if (begins_with(bytes, size, "\x80", 1))
        return cli_fail("convert", CLI_INPUT, "%s: a Python pickle, which runs code when it is read: save the tensors "
                                              "with safetensors.torch.save_file", path);
    return CLI_OK;
}

int cmd_convert(int argc, char **argv)
{
    cli_options options;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    static const char *const activations[] = {"tanh", "relu", NULL};
    const char *path = options.arguments[0], *output = cli_value(&options, "output");
    int activation = 0;
    convert_options how = {.map = cli_value(&options, "map"), .items = cli_value(&options, "items"), .version = 1};
    if (output == NULL) return cli_usage(&options, "-o FILE is missing: where does the result go?");
    if (!cli_choice(&options, "activation", activations, &activation) ||
        !cli_u64(&options, "content-version", 1, UINT64_MAX / 2, &how.version))
        return CLI_USAGE;
    how.relu = activation == 1;
    vitrine_problem problem = {0};
    void *bytes = NULL, *out = NULL;
    size_t size, out_size = 0;
    if (!cli_input_file(path, LARGEST, &bytes, &size, &problem)) return cli_problem("convert", &problem);
    const bool is_model = begins_with(bytes, size, "\x89VITRIN\n", 8);
    code = foreign(path, bytes, size);
    if (code == CLI_OK && is_model) {
        cli_model model;
        code = cli_model_open_bytes("convert", path, bytes, size, &model);
        bytes = NULL;
        if (code == CLI_OK) {
            code = convert_to_tensors(path, &model, &out, &out_size);
            cli_model_close(&model);
        }
    } else if (code == CLI_OK) {
        code = convert_to_model(path, bytes, size, &how, &out, &out_size);
    }
    free(bytes);
    if (code == CLI_OK && !cli_output_file(output, out, out_size, &problem)) code = cli_problem("convert", &problem);
    if (code == CLI_OK && !cli_has(&options, "quiet"))
        fprintf(stderr, "vitrine convert: %s: %zu bytes, %s\n", output, out_size,
                is_model ? "safetensors with the network" : "a model that ranks by its network alone");
    free(out);
    return code;
}
