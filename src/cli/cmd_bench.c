/* vitrine bench: what a visit costs on this machine, beside what the machine can read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/bench_model.h"
#include "cli/bench_train.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_file.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "rank/ranker.h"
#include "train/random.h"
#include "vitrine/engine.h"

static const char command[] = "bench";

static const cli_option bench_options[] = {
    { "model", 'm', "FILE", "time this model (usual: made-up ones of --items)" },
    { "items", 0, "LIST", "sizes of the made-up models (usual: 10000,100000,1000000)" },
    { "precision", 0, "int8|exact|f32", "rows of the made-up models (usual: int8)" },
    { "rows", 0, "panels|split", "how int8 and exact rows of theirs lie (usual: panels)" },
    { "dim", 0, "N", "width of their vectors and their LSTM (usual: 128)" },
    { "seconds", 0, "X", "spent on each figure (usual: 0.5)" },
    { "train", 0, NULL, "time training too, beside what the processor can multiply" },
    { "json", 0, NULL, "one line for machines" },
    { "quiet", 'q', NULL, "no progress" },
    { 0 }
};
static const cli_group groups[] = { { "What is timed", bench_options }, { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .about = "Medians on one thread: one event into the profile (step), 20 events (encode), one\n"
             "event and the best 20 of all items (event to list), a page of six shelves after one\n"
             "event, 50 items put in the visitor's order (rerank), a model opened, and a bare read\n"
             "of as many bytes as the scan reads.",
    .groups = groups,
};

static const char *const PRECISIONS[] = { "f32", "int8", "exact", NULL };

enum { RERANKED = 50, HISTORY = 20, LIST = 20, MOST_RUNS = 20000, FEWEST_RUNS = 5, MOST_SIZES = 8, SOUGHT = 2 };

typedef struct figures {
    uint32_t items, dim;
    const char *kernels, *precision;
    size_t row_bytes, in_full; /* rows that the last list scored in full; of int8 panels all */
    bool split;
    double step, encode, list, page, rerank, open, read; /* seconds */
} figures;

/* Everything one measurement touches. */
typedef struct bench {
    vitrine_engine *engine;
    uint32_t items;
    uint64_t events; /* so far */
    vitrine_scored list[RERANKED];
    const void *file; /* the model's */
    size_t file_size;
    void *opened; /* memory to open it in */
    size_t opened_size;
    const void *rows; /* as many bytes as the item rows have, none of them SOUGHT */
    size_t row_bytes;
    bool found;
} bench;

/* A profile that is full folds an old event for each new one, a second step of the network: what is
 * timed is a visitor below that. */
static void observe(bench *b)
{
    if (vitrine_profile_events(b->engine->visitor) >= VITRINE_ENGINE_EVENTS)
        (void)vitrine_profile_forget_all(b->engine->visitor);
    const vitrine_event event = { .item = (uint32_t)(vitrine_random(7, b->events++) % b->items),
                                  .kind = VITRINE_VIEW_ITEM };
    (void)vitrine_profile_observe(b->engine->visitor, &event);
}

static void run_step(bench *b)
{
    observe(b);
}

static void run_encode(bench *b)
{
    vitrine_profile_forget_all(b->engine->visitor);
    for (int n = 0; n < HISTORY; n++) observe(b);
}

static void run_list(bench *b)
{
    uint32_t count;
    observe(b);
    (void)vitrine_rank(b->engine->ranker, b->engine->visitor, NULL, LIST, b->list, &count);
}

/* For you, new to you, not in the cart, like the last item by two measures, and popular. */
static void run_page(bench *b)
{
    const vitrine_filter fresh = { .exclude_flags = VITRINE_WAS_VIEWED };
    const vitrine_filter out_of_cart = { .exclude_flags = VITRINE_IN_CART };
    vitrine_engine *e = b->engine;
    uint32_t count;
    observe(b);
    const uint32_t last =
        vitrine_profile_event(e->visitor, vitrine_profile_events(e->visitor) - 1).item;
    (void)vitrine_rank(e->ranker, e->visitor, NULL, LIST, b->list, &count);
    (void)vitrine_rank(e->ranker, e->visitor, &fresh, LIST, b->list, &count);
    (void)vitrine_rank(e->ranker, e->visitor, &out_of_cart, LIST, b->list, &count);
    (void)vitrine_similar(e->ranker, last, VITRINE_COSINE, e->visitor, &fresh, LIST, b->list, &count);
    (void)vitrine_similar(e->ranker, last, VITRINE_DOT, e->visitor, &fresh, LIST, b->list, &count);
    (void)vitrine_popular(e->ranker, e->visitor, NULL, LIST, b->list, &count);
}

/* The visitor is new, so the scores are too. */
static void run_rerank(bench *b)
{
    uint32_t items[RERANKED];
    observe(b);
    for (uint32_t i = 0; i < RERANKED; i++) items[i] = (uint32_t)((uint64_t)i * b->items / RERANKED);
    (void)vitrine_rerank(b->engine->ranker, b->engine->visitor, items,
                         b->items < RERANKED ? 1 : RERANKED, b->list);
}

static void run_open(bench *b)
{
    const vitrine_model *model;
    vitrine_fault fault;
    (void)vitrine_model_open(b->opened, b->opened_size, b->file, b->file_size, &model, &fault);
}

/* The C library searches with the widest loads the machine has: as fast as bytes can be looked at. */
static void run_read(bench *b)
{
    b->found |= memchr(b->rows, SOUGHT, b->row_bytes) != NULL;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Median seconds of one call, of batches long enough for the clock. */
static double median(void (*run)(bench *b), bench *b, double seconds, double *times)
{
    double began = cli_now();
    run(b);
    const double once = cli_now() - began;
    const uint32_t batch = once < 2e-5 ? 32 : 1;
    const double end = cli_now() + seconds;
    size_t runs = 0;
    while (runs < FEWEST_RUNS || (runs < MOST_RUNS && cli_now() < end)) {
        began = cli_now();
        for (uint32_t n = 0; n < batch; n++) run(b);
        times[runs++] = (cli_now() - began) / batch;
    }
    qsort(times, runs, sizeof *times, ascending);
    return times[runs / 2];
}

static int measure(const void *bytes, size_t size, const char *path, double seconds, figures *out)
{
    vitrine_fault fault = {0};
    bench b = { 0 };
    const vitrine_status status =
        vitrine_engine_create(bytes, size, NULL, 0, VITRINE_ENGINE_EVENTS, &b.engine, &fault);
    if (status != VITRINE_OK) return cli_fault(command, path, status, &fault);
    const vitrine_model *model = b.engine->model;
    b.items = model->config.items;
    *out = (figures){ .items = b.items, .dim = model->config.dim, .kernels = model->kernels->name,
                      .precision = PRECISIONS[model->config.precision] };
    out->split = vitrine_model_is_split(model);
    out->row_bytes = (size_t)b.items * out->dim *
                     (model->config.precision == VITRINE_F32 ? sizeof(float) : 1);
    b.file = bytes;
    b.file_size = size;
    (void)vitrine_model_size(bytes, size, &b.opened_size, &fault);
    b.opened = aligned_alloc(64, (b.opened_size + 64) / 64 * 64);
    uint8_t *rows = malloc(out->row_bytes);
    double *times = malloc(MOST_RUNS * sizeof *times);
    int code = CLI_OK;
    if (rows == NULL || times == NULL || b.opened == NULL) {
        code = cli_fail(command, CLI_IO, "out of memory");
    } else {
        memset(rows, SOUGHT + 1, out->row_bytes);
        b.rows = rows;
        b.row_bytes = out->row_bytes;
        run_encode(&b);
        out->step = median(run_step, &b, seconds, times);
        out->encode = median(run_encode, &b, seconds, times);
        out->list = median(run_list, &b, seconds, times);
        out->in_full = b.engine->ranker->exact_rows > 0 ? b.engine->ranker->exact_rows : b.items;
        out->page = median(run_page, &b, seconds, times);
        out->rerank = median(run_rerank, &b, seconds, times);
        out->open = median(run_open, &b, seconds, times);
        out->read = median(run_read, &b, seconds, times);
        if (b.found) code = cli_fail(command, CLI_IO, "memory does not hold what was written to it");
    }
    free(rows);
    free(times);
    free(b.opened);
    vitrine_engine_destroy(b.engine);
    return code;
}

static void print_figures(const figures *f)
{
    printf("%u items x %u, %s rows%s, kernels %s\n", f->items, f->dim, f->precision, f->split ? ", split" : "", f->kernels);
    printf("  step            %10.2f us\n", f->step * 1e6);
    printf("  encode %d       %10.2f us\n", HISTORY, f->encode * 1e6);
    printf("  event to top-%d %10.2f us\n", LIST, f->list * 1e6);
    printf("  scored in full  %10zu of %u rows, for the last list\n", f->in_full, f->items);
    printf("  page, 6 shelves %10.2f us\n", f->page * 1e6);
    printf("  rerank %d       %10.2f us\n", RERANKED, f->rerank * 1e6);
    printf("  open            %10.2f us\n", f->open * 1e6);
    printf("  bare read       %10.2f us  (%.1f MB at %.1f GB/s; event to top-%d takes %.2f of it)\n",
           f->read * 1e6, (double)f->row_bytes * 1e-6, (double)f->row_bytes / f->read * 1e-9, LIST,
           f->list / f->read);
}

static void add_figures(cJSON *list, const figures *f)
{
    cJSON *one = cli_json_object(list, NULL);
    cli_json_number(one, "items", f->items);
    cli_json_number(one, "dim", f->dim);
    cli_json_text(one, "precision", f->precision, strlen(f->precision));
    cli_json_text(one, "kernels", f->kernels, strlen(f->kernels));
    cli_json_text(one, "rows", f->split ? "split" : "panels", f->split ? 5 : 6);
    cli_json_number(one, "rows_in_full", (double)f->in_full);
    cli_json_number(one, "step_us", f->step * 1e6);
    cli_json_number(one, "encode20_us", f->encode * 1e6);
    cli_json_number(one, "event_to_top20_us", f->list * 1e6);
    cli_json_number(one, "page6_us", f->page * 1e6);
    cli_json_number(one, "rerank50_us", f->rerank * 1e6);
    cli_json_number(one, "open_us", f->open * 1e6);
    cli_json_number(one, "row_bytes", (double)f->row_bytes);
    cli_json_number(one, "read_us", f->read * 1e6);
    cli_json_number(one, "read_gb_per_s", (double)f->row_bytes / f->read * 1e-9);
    cli_json_number(one, "top20_to_read", f->list / f->read);
}

int cmd_bench(int argc, char **argv)
{
    uint32_t sizes[MOST_SIZES] = { 10000, 100000, 1000000 }, dim = 128;
    size_t size_count = 3;
    double seconds = 0.5;
    cli_options options;
    cli_progress progress;
    figures measured[MOST_SIZES];
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!cli_u32_list(&options, "items", 1, VITRINE_MAX_ITEMS, sizes, MOST_SIZES, &size_count) ||
        !cli_u32(&options, "dim", 1, VITRINE_MAX_WIDTH, &dim) ||
        !cli_double(&options, "seconds", 0.001, 60.0, &seconds))
        return CLI_USAGE;
    int precision = VITRINE_INT8;
    if (!cli_choice(&options, "precision", PRECISIONS, &precision)) return CLI_USAGE;
    static const char *const layouts[] = { "panels", "split", NULL };
    int layout = 0;
    if (!cli_choice(&options, "rows", layouts, &layout)) return CLI_USAGE;
    if (layout == 1 && precision == VITRINE_F32)
        return cli_usage(&options, "--rows split: rows of f32 have no halves; say --precision int8 or exact");
    const char *path = cli_value(&options, "model");
    if (path != NULL) size_count = 1;
    code = CLI_OK;
    cli_progress_begin(&progress, cli_has(&options, "quiet"));
    for (size_t n = 0; n < size_count && code == CLI_OK; n++) {
        cli_model model = {0};
        if (path != NULL) {
            code = cli_model_open(command, path, &model);
        } else {
            cli_progress_show(&progress, "making %u items", sizes[n]);
            if (!bench_model(sizes[n], dim, (uint32_t)precision, layout == 1, &model.bytes, &model.size))
                code = cli_fail(command, CLI_IO, "out of memory");
        }
        cli_progress_show(&progress, "timing %s", path != NULL ? path : "a made-up model");
        if (code == CLI_OK) code = measure(model.bytes, model.size, path, seconds, &measured[n]);
        cli_model_close(&model);
    }
    bench_training training = {0};
    const bool trains = cli_has(&options, "train") && code == CLI_OK;
    if (trains) {
        cli_progress_show(&progress, "timing training");
        if (!bench_train(seconds, &training)) code = cli_fail(command, CLI_IO, "out of memory");
    }
    cli_progress_end(&progress);
    if (code != CLI_OK) return code;
    if (!cli_has(&options, "json")) {
        for (size_t n = 0; n < size_count; n++) print_figures(&measured[n]);
        if (trains) bench_train_print(&training);
        return CLI_OK;
    }
    vitrine_problem problem = {0};
    cJSON *root = cJSON_CreateObject();
    cJSON *list = cli_json_array(root, "models");
    for (size_t n = 0; n < size_count; n++) add_figures(list, &measured[n]);
    if (trains) bench_train_json(&training, root);
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem(command, &problem);
}
