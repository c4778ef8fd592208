/* A catalog too large to download: how much of the list is left when a visitor's page fetches only the
 * shards that it needs, and how many bytes that is. docs/performance.md quotes it.
 *
 *   shards -m MODEL --events LOG [--lists 256] [--head 0.05] [--limit 2000]
 *   shards --made 1000000 [--dim 64] [--lists 1024]
 *
 * Items are grouped by spherical k-means over their vectors; a shard is what the model file holds for the
 * items of one group. A page has the shards of the visitor's own items, whose rows the network reads, the
 * most popular items, which come with the rest of the model, and the shards whose centres the network's
 * query prefers, so many more after each event. What a session has fetched it keeps. Sums over all items
 * are taken as known: a page would add up what its shards' centres stand for.
 *
 * With --made there is no log: rows lie in 256 clusters, and a query is the mean of three rows of one. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "model/container.h"
#include "model/head.h"
#include "rank/ranker.h"
#include "train/random.h"
#include "vitrine/engine.h"

enum { LIST = 20, ROUNDS = 8, SAMPLE = 64, CLUSTERS = 256, QUERIES = 400, CAPACITY = 2000, PROBES = 8 };
static const uint32_t PROBED[PROBES] = {0, 1, 2, 4, 8, 16, 32, 64};

static const cli_option WHAT[] = {
    {"model", 'm', "FILE", "the model, one with a network"},
    {"made", 0, "N", "made-up rows instead, and no log"},
    {"dim", 0, "N", "their width (usual: 64)"},
    {"lists", 0, "N", "shards (usual: 256)"},
    {"head", 0, "X", "share of the items, the most popular, that every page has (usual: 0.05)"},
    {"limit", 0, "N", "sessions at most, evenly spread (usual: 2000)"},
    {"quiet", 'q', NULL, "no report of left-out rows"},
    {0}};
static const cli_group GROUPS[] = {{"What", WHAT}, {"Events", cli_log_input}, {"Cleaning", cli_log_cleaning}, {0}};
static const cli_syntax SYNTAX = {.command = "shards", .about = "Recall and bytes of a catalog in shards.", .groups = GROUPS};

typedef struct shards {
    uint32_t items, dim, lists;
    float *row;      /* [items][dim] */
    float *centre;   /* [dim][lists], of length 1 while they are sought, then the mean of their rows */
    float *bias;     /* [lists] the mean of the items' */
    uint32_t *of;    /* [items] its list */
    uint32_t *count; /* [lists] items */
    uint8_t *head;   /* [items] 1: every page has it */
    double bytes;    /* an item's */
} shards;

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL) exit(cli_fail("shards", CLI_IO, "out of memory"));
    return memory;
}

static float uniform(uint64_t seed, uint64_t at) /* -1 to 1 */
{
    return (float)((double)vitrine_random(seed, at) / 9223372036854775808.0 - 1.0);
}

/* The lists' products with a vector. */
static void products(const shards *s, const float *vector, float *out)
{
    memset(out, 0, s->lists * sizeof *out);
    for (uint32_t d = 0; d < s->dim; d++) {
        const float *centre = s->centre + (size_t)d * s->lists;
        for (uint32_t l = 0; l < s->lists; l++) out[l] += vector[d] * centre[l];
    }
}

static uint32_t nearest(const shards *s, uint32_t item, float *scratch)
{
    uint32_t best = 0;
    products(s, s->row + (size_t)item * s->dim, scratch);
    for (uint32_t l = 1; l < s->lists; l++)
        if (scratch[l] > scratch[best]) best = l;
    return best;
}

/* Sums of the rows of every step-th item by list; as directions, or as means. */
static void average(shards *s, uint32_t step, bool direction)
{
    memset(s->centre, 0, (size_t)s->dim * s->lists * sizeof(float));
    memset(s->count, 0, s->lists * sizeof *s->count);
    for (uint32_t i = 0; i < s->items; i += step) {
        const float *row = s->row + (size_t)i * s->dim;
        double square = 0.0;
        for (uint32_t d = 0; d < s->dim; d++) square += (double)row[d] * row[d];
        const float by = direction && square > 0.0 ? (float)(1.0 / sqrt(square)) : 1.0f;
        for (uint32_t d = 0; d < s->dim; d++) s->centre[(size_t)d * s->lists + s->of[i]] += row[d] * by;
        s->count[s->of[i]]++;
    }
    for (uint32_t l = 0; l < s->lists; l++) {
        double square = 0.0;
        for (uint32_t d = 0; d < s->dim; d++) square += (double)s->centre[(size_t)d * s->lists + l] * s->centre[(size_t)d * s->lists + l];
        const float by = direction ? (float)(square > 0.0 ? 1.0 / sqrt(square) : 0.0) : s->count[l] > 0 ? 1.0f / (float)s->count[l] : 0.0f;
        for (uint32_t d = 0; d < s->dim; d++) s->centre[(size_t)d * s->lists + l] *= by;
    }
}

static void group(shards *s)
{
    const uint64_t wanted = (uint64_t)SAMPLE * s->lists;
    const uint32_t step = s->items > wanted ? (uint32_t)(s->items / wanted) : 1;
    float *scratch = room(s->lists, sizeof *scratch);
    s->centre = room((size_t)s->dim * s->lists, sizeof *s->centre);
    s->of = room(s->items, sizeof *s->of);
    s->count = room(s->lists, sizeof *s->count);
    /* Each begins at an item's direction. */
    for (uint32_t l = 0; l < s->lists; l++) {
        const float *row = s->row + (size_t)(vitrine_random(3, l) % s->items) * s->dim;
        double square = 0.0;
        for (uint32_t d = 0; d < s->dim; d++) square += (double)row[d] * row[d];
        for (uint32_t d = 0; d < s->dim; d++)
            s->centre[(size_t)d * s->lists + l] = square > 0.0 ? (float)(row[d] / sqrt(square)) : 0.0f;
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < s->items; i += step) s->of[i] = nearest(s, i, scratch);
        average(s, step, true);
    }
    for (uint32_t i = 0; i < s->items; i++) s->of[i] = nearest(s, i, scratch);
    average(s, 1, false);
    free(scratch);
}

/* The lists by what they promise, best first. */
typedef struct promise {
    float value;
    uint32_t list;
} promise;

static int by_value(const void *a, const void *b)
{
    const float x = ((const promise *)a)->value, y = ((const promise *)b)->value;
    return (x < y) - (x > y);
}

static void promises(const shards *s, const float *query, float *scratch, promise *out)
{
    products(s, query, scratch);
    for (uint32_t l = 0; l < s->lists; l++)
        out[l] = (promise){s->count[l] > 0 ? scratch[l] + s->bias[l] : -FLT_MAX, l};
    qsort(out, s->lists, sizeof *out, by_value);
}

/* The best, best first: few of many. */
static void best_of(const float *score, uint32_t items, uint32_t list[LIST])
{
    for (uint32_t k = 0; k < LIST; k++) list[k] = UINT32_MAX;
    for (uint32_t i = 0; i < items; i++) {
        uint32_t at = LIST;
        while (at > 0 && (list[at - 1] == UINT32_MAX || score[i] > score[list[at - 1]])) at--;
        if (at == LIST) continue;
        memmove(list + at + 1, list + at, (LIST - 1 - at) * sizeof *list);
        list[at] = i;
    }
}

/* What so many probes gave. */
typedef struct outcome {
    double kept, found, first, last; /* of the whole list; targets among the best; items fetched by a session's first list, by its last */
} outcome;

static void print(const shards *s, const outcome *of, double lists, double targets, double sessions, double whole)
{
    const double head = 1e-3 * s->bytes * s->items, all = head > 0.0 ? head : 1.0;
    printf("%u items in %u shards of %.0f KB, %.0f KB in all, centres %.0f KB\n", s->items, s->lists, all / s->lists, all,
           1e-3 * s->lists * (s->dim + 6.0));
    if (targets > 0.0) printf("%.0f lists, recall@20 of the whole catalog %.4f\n", lists, whole / targets);
    printf("%8s%16s%12s%16s%16s\n", "shards", "of the list", targets > 0.0 ? "recall@20" : "", "first list, KB", "session, KB");
    for (int p = 0; p < PROBES; p++) {
        if (PROBED[p] > s->lists) continue;
        char found[32] = "";
        if (targets > 0.0) (void)snprintf(found, sizeof found, "%.4f", of[p].found / targets);
        printf("%8u%16.4f%12s%16.0f%16.0f\n", PROBED[p], of[p].kept / lists, found, 1e-3 * s->bytes * of[p].first / sessions,
               1e-3 * s->bytes * of[p].last / sessions);
    }
}

static int made(uint32_t items, uint32_t dim, uint32_t lists)
{
    shards s = {.items = items, .dim = dim, .lists = lists, .bytes = dim + 6.0};
    outcome of[PROBES] = {{0}};
    s.row = room((size_t)items * dim, sizeof *s.row);
    for (uint32_t i = 0; i < items; i++)
        for (uint32_t d = 0; d < dim; d++)
            s.row[(size_t)i * dim + d] = 0.5f * uniform(1, vitrine_random(2, i) % CLUSTERS * dim + d) + 0.45f * uniform(5 + i, d);
    group(&s);
    s.bias = room(lists, sizeof *s.bias);
    float *query = room(dim, sizeof *query), *score = room(items, sizeof *score), *scratch = room(lists, sizeof *scratch);
    promise *order = room(lists, sizeof *order);
    for (uint32_t q = 0; q < QUERIES; q++) {
        memset(query, 0, dim * sizeof *query);
        const uint64_t cluster = vitrine_random(7, q) % CLUSTERS;
        for (uint32_t n = 0, tried = 0; n < 3; tried++) {
            const uint32_t i = (uint32_t)(vitrine_random(8 + q, tried) % items);
            if (vitrine_random(2, i) % CLUSTERS != cluster) continue;
            for (uint32_t d = 0; d < dim; d++) query[d] += s.row[(size_t)i * dim + d] / 3.0f;
            n++;
        }
        for (uint32_t i = 0; i < items; i++) {
            const float *row = s.row + (size_t)i * dim;
            score[i] = 0.0f;
            for (uint32_t d = 0; d < dim; d++) score[i] += query[d] * row[d];
        }
        uint32_t list[LIST];
        best_of(score, items, list);
        promises(&s, query, scratch, order);
        for (int p = 0; p < PROBES; p++)
            for (uint32_t n = 0; n < PROBED[p] && n < lists; n++) {
                of[p].first += s.count[order[n].list];
                of[p].last += s.count[order[n].list];
                for (int k = 0; k < LIST; k++) of[p].kept += (s.of[list[k]] == order[n].list) / (double)LIST;
            }
    }
    print(&s, of, QUERIES, 0.0, QUERIES, 0.0);
    free(s.row), free(s.centre), free(s.of), free(s.count), free(s.bias);
    free(query), free(score), free(scratch), free(order);
    return CLI_OK;
}

/* Bytes of a model file that are of single items, divided by them. */
static double bytes_of_item(const cli_model *model)
{
    static const uint32_t OF_ITEMS[] = {VITRINE_S_ITEM, VITRINE_S_SCALE, VITRINE_S_REST, VITRINE_S_BIAS, VITRINE_S_POPULARITY,
                                        VITRINE_S_EMBED, VITRINE_S_IDS, VITRINE_S_TABLE, VITRINE_S_ATTRIBUTES, VITRINE_S_BAND,
                                        VITRINE_S_TREND};
    vitrine_container file;
    vitrine_section section;
    double bytes = 0.0;
    if (vitrine_container_open(&file, model->bytes, model->size, VITRINE_KIND_MODEL, NULL) != VITRINE_OK) return 0.0;
    for (size_t n = 0; n < sizeof OF_ITEMS / sizeof *OF_ITEMS; n++)
        if (vitrine_container_find(&file, OF_ITEMS[n], &section)) bytes += (double)section.size;
    return bytes / vitrine_model_items(model->model);
}

static const float *popularity_to_sort;

static int by_popularity(const void *a, const void *b)
{
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const float x = popularity_to_sort[i], y = popularity_to_sort[j];
    return x != y ? (x < y) - (x > y) : (i > j) - (i < j);
}

static void open_shards(const vitrine_model *model, uint32_t lists, double share, shards *s)
{
    s->items = model->config.items, s->dim = model->config.dim, s->lists = lists;
    s->row = room((size_t)s->items * s->dim, sizeof *s->row);
    for (uint32_t i = 0; i < s->items; i++) vitrine_model_item_vector(model, i, s->row + (size_t)i * s->dim);
    group(s);
    s->bias = room(lists, sizeof *s->bias);
    s->head = room(s->items, 1);
    uint32_t *order = room(s->items, sizeof *order);
    for (uint32_t i = 0; i < s->items; i++) {
        s->bias[s->of[i]] += model->bias[i] / (float)s->count[s->of[i]];
        order[i] = i;
    }
    popularity_to_sort = model->popularity;
    qsort(order, s->items, sizeof *order, by_popularity);
    for (uint32_t i = 0; i < (uint32_t)(share * s->items); i++) s->head[order[i]] = 1;
    free(order);
}

int main(int argc, char **argv)
{
    cli_options options;
    uint32_t lists = 256, dim = 64, rows = 0, limit = 2000;
    double share = 0.05, whole = 0.0, cases = 0.0, sessions = 0.0;
    outcome of[PROBES] = {{0}};
    cli_model model;
    vitrine_dataset log;
    vitrine_engine *e;
    vitrine_fault fault;
    shards s = {0};
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!cli_u32(&options, "lists", 1, 65536, &lists) || !cli_u32(&options, "made", 1, VITRINE_MAX_ITEMS, &rows) ||
        !cli_u32(&options, "dim", 1, VITRINE_MAX_WIDTH, &dim) || !cli_u32(&options, "limit", 1, UINT32_MAX, &limit) ||
        !cli_double(&options, "head", 0.0, 1.0, &share))
        return CLI_USAGE;
    if (rows > 0) return made(rows, dim, lists);
    if (cli_value(&options, "model") == NULL) return cli_fail("shards", CLI_USAGE, "--model FILE is missing");
    if ((code = cli_model_open("shards", cli_value(&options, "model"), &model)) != CLI_OK) return code;
    if ((code = cli_read_log(&options, NULL, &log, NULL)) != CLI_OK) return code;
    if (vitrine_engine_create(model.bytes, model.size, NULL, 0, CAPACITY, &e, &fault) != VITRINE_OK)
        return cli_fault("shards", "the model", fault.status, &fault);
    if (model.model->config.net.cell == VITRINE_CELL_NONE) return cli_fail("shards", CLI_USAGE, "the model has no network");
    open_shards(model.model, lists, share, &s);
    s.bytes = bytes_of_item(&model);
    float *scratch = room(lists, sizeof *scratch);
    promise *order = room(lists, sizeof *order);
    uint8_t *has = room((size_t)PROBES * lists, 1);
    const uint64_t step = log.sessions > limit ? log.sessions / limit : 1;
    for (uint64_t v = 0; v < log.sessions; v += step) {
        uint32_t seen = 0, counted = 0;
        memset(has, 0, (size_t)PROBES * lists);
        (void)vitrine_profile_forget_all(e->visitor);
        for (uint64_t n = log.session_start[v]; n < log.session_start[v + 1]; n++) {
            size_t length;
            const char *id = vitrine_strings_get(&log.item_ids, log.item[n], &length);
            const vitrine_event event = {vitrine_catalog_find(e->catalog, id, length), log.kind[n], log.time[n], log.value[n]};
            if (event.item == VITRINE_NO_ITEM) continue;
            if (seen++ > 0) {
                uint32_t list[LIST], above[PROBES] = {0}, all = 1;
                vitrine_score_all(e->ranker, e->visitor);
                const float *score = e->ranker->scores;
                best_of(score, s.items, list);
                promises(&s, e->ranker->query, scratch, order);
                for (int p = 0; p < PROBES; p++)
                    for (uint32_t b = 0; b < PROBED[p] && b < lists; b++) has[(size_t)p * lists + order[b].list] = 1;
                /* Ties rank against the system. */
                for (uint32_t i = 0; i < s.items; i++) {
                    if (i == event.item || !(score[i] >= score[event.item])) continue;
                    all++;
                    for (int p = 0; p < PROBES; p++) above[p] += s.head[i] || has[(size_t)p * lists + s.of[i]];
                }
                whole += all <= LIST;
                for (int p = 0; p < PROBES; p++) {
                    const uint8_t *mine = has + (size_t)p * lists;
                    of[p].found += above[p] < LIST && (s.head[event.item] || mine[s.of[event.item]]);
                    for (int k = 0; k < LIST; k++) of[p].kept += (s.head[list[k]] || mine[s.of[list[k]]]) / (double)LIST;
                    for (uint32_t l = 0; counted == 0 && l < lists; l++) of[p].first += mine[l] ? s.count[l] : 0;
                }
                counted++;
            }
            (void)vitrine_profile_observe(e->visitor, &event);
            for (int p = 0; p < PROBES; p++) has[(size_t)p * lists + s.of[event.item]] = 1;
        }
        if (counted == 0) continue;
        cases += counted;
        sessions++;
        for (int p = 0; p < PROBES; p++)
            for (uint32_t l = 0; l < lists; l++) of[p].last += has[(size_t)p * lists + l] ? s.count[l] : 0;
    }
    if (cases == 0.0) return cli_fail("shards", CLI_USAGE, "no session has two items of the model");
    printf("every page has the %.0f %% most popular items, %.0f KB\n", 100.0 * share, 1e-3 * s.bytes * share * s.items);
    print(&s, of, cases, cases, sessions, whole);
    free(s.row), free(s.centre), free(s.of), free(s.count), free(s.bias), free(s.head);
    free(scratch), free(order), free(has);
    vitrine_engine_destroy(e);
    cli_model_close(&model);
    vitrine_dataset_free(&log);
    return CLI_OK;
}
