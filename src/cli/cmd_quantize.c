/* vitrine quantize: a model with int8 item rows, and what that costs on real sessions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/json.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "eval/evaluate.h"
#include "eval/metrics.h"
#include "model/model_parts.h"
#include "model/row_layout.h"

static const char command[] = "quantize";

static const cli_option quantize_options[] = {
    { "output", 'o', "FILE", "the int8 model" },
    { "exact", 0, NULL, "keep what int8 leaves over as well: lists of the f32 rows to the bit, at three\n"
                        "bytes a number; for models of `train --no-fuse`" },
    { "rows", 0, "panels|split", "how the int8 rows lie: split ones halve what a list of a large catalog reads,\n"
                                 "for models of `train --no-fuse` and `convert`, and want `vitrine/large` in\n"
                                 "a browser; a model that is quantised already is laid out anew, without a\n"
                                 "log (usual: panels)" },
    { "gates", 0, "bytes|f32", "how an int8 model's LSTM or GRU multiplies its weights, which are bytes in the\n"
                               "file: bytes are quicker and take a quarter of the memory, f32 is what it was\n"
                               "trained in; a model that is quantised already is written anew, without a log\n"
                               "(usual: bytes)" },
    { "max-ndcg-drop", 0, "X", "write nothing and fail with exit code 1 when NDCG@10 falls by more\n"
                               "than X (usual: 0.005)" },
    { "sessions", 0, "N", "sessions of the log that are played, evenly spread (usual: 2000)" },
    { "repeat", 0, "keep|drop", "whether items of the history stay candidates (usual: keep)" },
    { "threads", 't', "N", "usual: 1" },
    { "json", 0, NULL, "one line for machines" },
    { "quiet", 'q', NULL, "no report of left-out rows" },
    { 0 }
};
static const cli_group groups[] = { { "Quantising", quantize_options },
                                    { "Calibration events", cli_log_input },
                                    { "Cleaning", cli_log_cleaning },
                                    { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .arguments = "MODEL",
    .about = "Stores item rows as int8 with a scale each, and compares the lists of both models.",
    .groups = groups,
    .min_arguments = 1,
    .max_arguments = 1,
};

/* The three models that are compared: as given; int8 rows but a query in full; int8 rows and a query
 * in 7 bits, which is what a device runs. */
enum { WHOLE, ROWS, DEVICE, VERSIONS };

enum { CUT = 10 };

/* A file in memory and what it scored. */
typedef struct version {
    void *bytes;
    size_t size;
    vitrine_ranks ranks;
    vitrine_quality quality;
} version;

typedef struct settings {
    const char *path, *output;
    double most;
    uint32_t threads;
    vitrine_case_rules rules;
    bool json, split, byte_gates;
    uint32_t precision; /* to write */
} settings;

static int out_of_memory(void)
{
    return cli_fail(command, CLI_IO, "out of memory");
}

/* Reads an open model back and writes it with rows of this precision. */
static int rewrite(const settings *set, const vitrine_model *model, uint32_t precision, version *out)
{
    vitrine_model_parts parts;
    vitrine_fault fault = {0};
    int code = CLI_OK;
    const size_t need = vitrine_model_unpack_size(model);
    void *memory = aligned_alloc(64, (need + 64) / 64 * 64);
    if (memory == NULL) return out_of_memory();
    vitrine_status status = vitrine_model_unpack(model, memory, need, &parts);
    if (status == VITRINE_OK) {
        vitrine_config_set_precision(&parts.config, precision, set->byte_gates);
        const size_t bound = vitrine_model_write_bound(&parts);
        out->bytes = aligned_alloc(64, (bound + 64) / 64 * 64);
        status = out->bytes == NULL
                     ? VITRINE_NO_SPACE
                     : vitrine_model_write(&parts, out->bytes, bound, &out->size, &fault);
    }
    if (status == VITRINE_NO_SPACE) code = out_of_memory();
    else if (status != VITRINE_OK) code = cli_fault(command, set->path, status, &fault);
    free(memory);
    return code;
}

/* The rows of a file anew, in panels or split. */
static int lay_out(const settings *set, const vitrine_model *model, version *of)
{
    vitrine_fault fault = {0};
    size_t size = 0;
    const size_t bound = vitrine_row_layout_bound(of->size);
    void *bytes = aligned_alloc(64, (bound + 64) / 64 * 64);
    if (bytes == NULL) return out_of_memory();
    const vitrine_status status = vitrine_model_lay_out(model, of->bytes, of->size, set->split, bytes, bound, &size, &fault);
    if (status != VITRINE_OK) {
        free(bytes);
        return cli_fault(command, set->path, status, &fault);
    }
    *of = (version){ .bytes = bytes, .size = size };
    return CLI_OK;
}

/* The same of what was just written, which it replaces. */
static int lay_out_written(const settings *set, version *written)
{
    vitrine_fault fault = {0};
    const vitrine_model *model;
    void *const bytes = written->bytes;
    size_t need;
    int code = CLI_OK;
    if (!set->split) return CLI_OK;
    vitrine_status status = vitrine_model_size(bytes, written->size, &need, &fault);
    void *memory = status == VITRINE_OK ? aligned_alloc(64, (need + 64) / 64 * 64) : NULL;
    if (status == VITRINE_OK && memory == NULL) return out_of_memory();
    if (status == VITRINE_OK) status = vitrine_model_open(memory, need, bytes, written->size, &model, &fault);
    if (status != VITRINE_OK) code = cli_fault(command, set->path, status, &fault);
    else if ((code = lay_out(set, model, written)) == CLI_OK) free(bytes);
    free(memory);
    return code;
}

/* int8 rows as floats again: the int8 file, opened and written with f32 rows. */
static int rewrite_rows(const settings *set, const version *device, version *rows)
{
    vitrine_fault fault = {0};
    const vitrine_model *model;
    size_t need;
    vitrine_status status = vitrine_model_size(device->bytes, device->size, &need, &fault);
    if (status != VITRINE_OK) return cli_fault(command, set->path, status, &fault);
    void *memory = aligned_alloc(64, (need + 64) / 64 * 64);
    if (memory == NULL) return out_of_memory();
    status = vitrine_model_open(memory, need, device->bytes, device->size, &model, &fault);
    const int code = status == VITRINE_OK ? rewrite(set, model, VITRINE_F32, rows)
                                          : cli_fault(command, set->path, status, &fault);
    free(memory);
    return code;
}

static int play(const settings *set, const vitrine_cases *cases, version *one)
{
    const uint32_t cut[] = { CUT };
    vitrine_fault fault = {0};
    uint32_t longest = 1;
    for (uint32_t s = 0; s < cases->sessions; s++) {
        const uint64_t length = cases->session_start[s + 1] - cases->session_start[s];
        if (length > longest) longest = (uint32_t)length;
    }
    vitrine_lister *lister = calloc(set->threads, sizeof *lister);
    vitrine_status status = lister == NULL ? VITRINE_NO_SPACE : VITRINE_OK;
    for (uint32_t t = 0; status == VITRINE_OK && t < set->threads; t++)
        status = vitrine_model_lister(one->bytes, one->size, longest, &lister[t], &fault);
    if (status == VITRINE_OK) status = vitrine_ranks_make(cases, cut, 1, CUT, true, &one->ranks);
    if (status == VITRINE_OK)
        status = vitrine_evaluate(cases, lister, set->threads, NULL, NULL, &one->ranks);
    for (uint32_t t = 0; lister != NULL && t < set->threads; t++)
        if (lister[t].destroy != NULL) lister[t].destroy(lister[t].self);
    free(lister);
    if (status == VITRINE_NO_SPACE) return out_of_memory();
    if (status != VITRINE_OK) return cli_fault(command, set->path, status, &fault);
    one->quality = vitrine_quality_at(one->ranks.rank, NULL, cases->cases, CUT);
    return CLI_OK;
}

/* Mean share of the first ten that two versions have in common. */
static double overlap(const vitrine_cases *cases, const version *a, const version *b)
{
    uint64_t common = 0, all = 0;
    for (uint32_t c = 0; c < cases->cases; c++) {
        const uint32_t *x = a->ranks.list + (size_t)c * CUT, *y = b->ranks.list + (size_t)c * CUT;
        for (uint32_t r = 0; r < CUT; r++) {
            if (x[r] == VITRINE_NO_ITEM) continue;
            all++;
            common += vitrine_rank_of(x[r], y, CUT) > 0;
        }
    }
    return all > 0 ? (double)common / (double)all : 1.0;
}

static int report(const settings *set, const vitrine_cases *cases, const version *versions)
{
    const double whole = versions[WHOLE].quality.ndcg, rows = versions[ROWS].quality.ndcg,
                 device = versions[DEVICE].quality.ndcg;
    const double common = overlap(cases, &versions[WHOLE], &versions[DEVICE]);
    const char *const seven = set->byte_gates ? "queries and gates" : "queries";
    vitrine_problem problem = {0};
    if (!set->json) {
        printf("%u positions of %u sessions\n", cases->cases, cases->sessions);
        if (set->precision == VITRINE_EXACT)
            printf("NDCG@10  f32 rows %.5f, as written %.5f; %.1f %% of the first ten are the same\n",
                   whole, device, 100.0 * common);
        else
            printf("NDCG@10  f32 rows %.5f, int8 rows %.5f, int8 rows and 7-bit %s %.5f\n"
                   "drop %+.5f, of which 7-bit %s %+.5f; %.1f %% of the first ten are the same\n",
                   whole, rows, seven, device, whole - device, seven, rows - device, 100.0 * common);
        printf("%zu bytes instead of %zu\n", versions[DEVICE].size, versions[WHOLE].size);
        return CLI_OK;
    }
    cJSON *root = cJSON_CreateObject();
    cli_json_number(root, "positions", cases->cases);
    cli_json_number(root, "sessions", cases->sessions);
    cli_json_number(root, "ndcg10_f32", whole);
    cli_json_number(root, "ndcg10_int8_rows", rows);
    cli_json_number(root, "ndcg10_int8", device);
    cli_json_number(root, "ndcg10_drop", whole - device);
    cli_json_number(root, "ndcg10_drop_of_7_bit_queries", rows - device);
    cli_json_bool(root, "byte_gates", set->byte_gates && set->precision == VITRINE_INT8);
    cli_json_number(root, "overlap10", common);
    cli_json_number(root, "bytes_f32", (double)versions[WHOLE].size);
    cli_json_number(root, "bytes_int8", (double)versions[DEVICE].size);
    cli_json_bool(root, "passed", whole - device <= set->most);
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem(command, &problem);
}

/* Versions, comparison, gate, file. */
static int quantize(const settings *set, const cli_options *options, const cli_model *given)
{
    version versions[VERSIONS] = { [WHOLE] = { .bytes = given->bytes, .size = given->size } };
    vitrine_dataset log = {0};
    vitrine_log_report read;
    vitrine_cases cases = {0};
    vitrine_problem problem = {0};
    int code = rewrite(set, given->model, set->precision, &versions[DEVICE]);
    if (code == CLI_OK) code = lay_out_written(set, &versions[DEVICE]);
    if (code == CLI_OK) code = rewrite_rows(set, &versions[DEVICE], &versions[ROWS]);
    if (code == CLI_OK) code = cli_read_log(options, &given->model->ids, &log, &read);
    if (code == CLI_OK) {
        vitrine_case_rules rules = set->rules;
        rules.last_only =
            read.format == VITRINE_LOG_PAIRS || read.format == VITRINE_LOG_SEQUENCES;
        if (vitrine_cases_make(&log, &rules, &cases) != VITRINE_OK) code = out_of_memory();
        else if (cases.cases == 0)
            code = cli_fail(command, CLI_INPUT,
                            "nothing to compare on: no session of the log has two events about "
                            "items that the model knows; is this its log?");
    }
    for (int v = 0; v < VERSIONS && code == CLI_OK; v++) code = play(set, &cases, &versions[v]);
    if (code == CLI_OK) code = report(set, &cases, versions);
    const double drop = versions[WHOLE].quality.ndcg - versions[DEVICE].quality.ndcg;
    if (code == CLI_OK && drop > set->most)
        code = cli_fail(command, CLI_GATE,
                        "NDCG@10 falls by %.5f, --max-ndcg-drop is %.5f: nothing was written", drop,
                        set->most);
    if (code == CLI_OK &&
        !cli_output_file(set->output, versions[DEVICE].bytes, versions[DEVICE].size, &problem))
        code = cli_problem(command, &problem);
    for (int v = 0; v < VERSIONS; v++) {
        vitrine_ranks_free(&versions[v].ranks);
        if (v != WHOLE) free(versions[v].bytes);
    }
    vitrine_cases_free(&cases);
    vitrine_dataset_free(&log);
    return code;
}

/* A model that is quantised already: its rows laid out anew, or with other gates; everything else as it is. */
static int write_anew(const settings *set, const cli_model *given, bool gates)
{
    version anew = {0}, file = { .bytes = given->bytes, .size = given->size };
    vitrine_problem problem = {0};
    int code;
    if (!gates) {
        if ((code = lay_out(set, given->model, &file)) == CLI_OK) anew = file;
    } else if ((code = rewrite(set, given->model, VITRINE_INT8, &anew)) == CLI_OK)
        code = lay_out_written(set, &anew);
    if (code == CLI_OK && !cli_output_file(set->output, anew.bytes, anew.size, &problem))
        code = cli_problem(command, &problem);
    free(anew.bytes);
    return code;
}

/* Said once, to whoever could gain by it. */
static void hint(const settings *set, const vitrine_model *model, bool quiet)
{
    if (set->split || quiet || model->config.fused != 0 || model->config.items < VITRINE_SPLIT_FROM) return;
    fprintf(stderr, "vitrine quantize: of %u items a list reads every row; with --rows split it reads half of the bytes, "
                    "and a page loads vitrine/large for it\n", model->config.items);
}

int cmd_quantize(int argc, char **argv)
{
    static const char *const repeat[] = { "keep", "drop", NULL };
    static const char *const layouts[] = { "panels", "split", NULL };
    static const char *const products[] = { "bytes", "f32", NULL };
    cli_options options;
    cli_model model;
    int repeated = 0, layout = 0, gates = 0, code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    settings set = { .path = options.arguments[0], .output = cli_value(&options, "output"),
                     .most = 0.005, .threads = 1, .rules = { .limit = 2000 },
                     .json = cli_has(&options, "json") };
    if (!cli_double(&options, "max-ndcg-drop", 0.0, 1.0, &set.most) ||
        !cli_u32(&options, "sessions", 1, UINT32_MAX, &set.rules.limit) ||
        !cli_u32(&options, "threads", 1, 256, &set.threads) ||
        !cli_choice(&options, "repeat", repeat, &repeated) ||
        !cli_choice(&options, "rows", layouts, &layout) || !cli_choice(&options, "gates", products, &gates))
        return CLI_USAGE;
    set.split = layout == 1;
    set.byte_gates = gates == 0;
    set.rules.repeat = (vitrine_repeat)repeated;
    set.precision = cli_has(&options, "exact") ? VITRINE_EXACT : VITRINE_INT8;
    if (set.output == NULL) return cli_usage(&options, "-o FILE is missing: where to?");
    if (set.json && strcmp(set.output, "-") == 0)
        return cli_usage(&options, "--json and -o - would both write to standard output");
    if ((code = cli_model_open(command, set.path, &model)) != CLI_OK) return code;
    if (set.split && model.model->config.fused != 0)
        code = cli_fail(command, CLI_INPUT, "%s: its scores are fused, and a share of all items needs every row in "
                                            "full: --rows split would gain nothing. Leave it out, or train with "
                                            "--no-fuse", set.path);
    else if (cli_has(&options, "gates") && (set.precision == VITRINE_EXACT || model.model->config.precision == VITRINE_EXACT))
        code = cli_fail(command, CLI_INPUT, "%s: --gates is for int8 models: an exact one has the lists of the f32 model, "
                                            "network included", set.path);
    else if (model.model->config.precision != VITRINE_F32 && (cli_has(&options, "rows") || cli_has(&options, "gates"))) {
        if (!cli_has(&options, "rows")) set.split = vitrine_model_is_split(model.model);
        code = write_anew(&set, &model, cli_has(&options, "gates"));
    } else if (model.model->config.precision != VITRINE_F32)
        code = cli_fail(command, CLI_INPUT, "%s: its rows are quantised already; give the f32 model "
                                            "that vitrine train wrote, or say --rows split|panels or "
                                            "--gates bytes|f32 to write this one anew", set.path);
    else if (set.precision == VITRINE_EXACT && model.model->config.fused != 0)
        code = cli_fail(command, CLI_INPUT, "%s: its scores are fused, and a share of all items needs "
                                            "every row in full: --exact would gain nothing. Quantise "
                                            "without it, or train with --no-fuse", set.path);
    else code = quantize(&set, &options, &model);
    if (code == CLI_OK) hint(&set, model.model, cli_has(&options, "quiet"));
    cli_model_close(&model);
    return code;
}
