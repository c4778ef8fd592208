/* vitrine report: the JSON of other commands as one page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/options.h"
#include "cli/report_page.h"

static const char command[] = "report";

enum { MOST_JSON = 1 << 24 };

static const cli_option page_options[] = {
    { "output", 'o', "FILE", "the page (\"-\": standard output)" },
    { "title", 0, "TEXT", "usual: the training's --name, or \"Vitrine report\"" },
    { "date", 0, "TEXT", "stands below the title; without it the page has none" },
    { "model", 'm', "FILE", "adds a map of the items, from this model's vectors" },
    { "catalog", 0, "FILE", "titles and categories for the map: a catalog made by vitrine import" },
    { 0 }
};
static const cli_group groups[] = { { "Page", page_options }, { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .arguments = "RESULT.json...",
    .about = "Writes one HTML file, without scripts or requests, from what 'train --log FILE', 'tune -o FILE' and\n"
             "--json of train, tune, evaluate, quantize and bench wrote, and what make bench and\n"
             "bench/start.mjs did. Which is which is seen from the content.",
    .groups = groups,
    .min_arguments = 0,
    .max_arguments = CLI_MAX_ARGUMENTS,
};

typedef void (*section)(cli_output *out, const cJSON *result);

/* Whose result it is; null when nobody's. */
static section section_of(const cJSON *result)
{
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "epochs"))) return report_train;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "systems"))) return report_evaluate;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "trials"))) return report_tune;
    if (isfinite(report_number(result, "bytes_int8"))) return report_quantize;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "models"))) return report_bench;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "rows"))) return report_rounds;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(result, "starts"))) return report_start;
    return NULL;
}

typedef struct inputs {
    cJSON *result[CLI_MAX_ARGUMENTS];
    cli_model model;
    void *catalog;
    size_t catalog_size;
} inputs;

static int read_result(const char *path, cJSON **result)
{
    vitrine_problem problem = { 0 };
    void *bytes = NULL;
    size_t size = 0;
    if (!cli_input_file(path, MOST_JSON, &bytes, &size, &problem)) return cli_problem(command, &problem);
    *result = vitrine_json_parse(bytes, size, MOST_JSON, path, &problem);
    free(bytes);
    if (*result == NULL) return cli_problem(command, &problem);
    if (section_of(*result) != NULL) return CLI_OK;
    return cli_fail(command, CLI_INPUT, "%s: this is no result of train --log, or of tune, evaluate, quantize or bench "
                                        "with --json", path);
}

static int read_all(const cli_options *options, inputs *in)
{
    const char *model = cli_value(options, "model"), *catalog = cli_value(options, "catalog");
    vitrine_problem problem = { 0 };
    for (int n = 0; n < options->argument_count; n++) {
        const int code = read_result(options->arguments[n], &in->result[n]);
        if (code != CLI_OK) return code;
    }
    if (model != NULL) {
        const int code = cli_model_open(command, model, &in->model);
        if (code != CLI_OK) return code;
    }
    if (catalog != NULL && !cli_input_file(catalog, (size_t)1 << 31, &in->catalog, &in->catalog_size, &problem))
        return cli_problem(command, &problem);
    return CLI_OK;
}

/* Trainings first, then quality, size, speed: the order of the work, whatever that of the files. */
static void write_sections(cli_output *out, const inputs *in, int count)
{
    static const section order[] = { report_train, report_tune, report_evaluate, report_quantize,
                                    report_bench, report_rounds, report_start };
    for (size_t s = 0; s < sizeof order / sizeof *order; s++)
        for (int n = 0; n < count; n++)
            if (section_of(in->result[n]) == order[s]) order[s](out, in->result[n]);
}

static const char *title_of(const cli_options *options, const inputs *in)
{
    if (cli_value(options, "title") != NULL) return cli_value(options, "title");
    for (int n = 0; n < options->argument_count; n++)
        if (section_of(in->result[n]) == report_train && report_word(in->result[n], "name")[0] != 0)
            return report_word(in->result[n], "name");
    return "Vitrine report";
}

int cmd_report(int argc, char **argv)
{
    cli_options options;
    inputs in = { 0 };
    vitrine_problem problem = { 0 };
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    const char *path = cli_value(&options, "output");
    if (path == NULL) return cli_usage(&options, "give the page's file with -o");
    if (options.argument_count == 0 && !cli_has(&options, "model"))
        return cli_usage(&options, "nothing to show: give results, or a --model");
    if (cli_has(&options, "catalog") && !cli_has(&options, "model"))
        return cli_usage(&options, "--catalog is for the map: give a --model too");
    code = read_all(&options, &in);
    cli_output *out = code == CLI_OK ? cli_output_open(path, &problem) : NULL;
    if (code == CLI_OK && out == NULL) code = cli_problem(command, &problem);
    if (out != NULL) {
        report_begin(out, title_of(&options, &in), cli_value(&options, "date"));
        write_sections(out, &in, options.argument_count);
        const bool has_vectors = in.model.model != NULL && in.model.model->config.net.cell != VITRINE_CELL_NONE;
        if (has_vectors && !report_map(out, &in.model, in.catalog, in.catalog_size)) {
            cli_output_discard(out);
            code = cli_fail(command, CLI_INPUT, "the catalog does not fit the model, or memory is out");
        } else {
            report_end(out);
            if (!cli_output_commit(out, &problem)) code = cli_problem(command, &problem);
        }
    }
    for (int n = 0; n < options.argument_count; n++) cJSON_Delete(in.result[n]);
    cli_model_close(&in.model);
    free(in.catalog);
    return code;
}
