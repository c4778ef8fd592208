/* Row by row, over an index of where each item occurs. Counting pairs in a hash table would need
 * the pairs in memory at once; this needs the occurrences only, and rows are independent, so any
 * number of threads gives the same table. */
#include "train/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/inverse.h"

#define BLOCK_ROWS 1024u /* rows between two appends to the result */

/* Where items occur: events of item i are event[start[i]] .. event[start[i+1]], in log order. */
typedef struct occurrences {
    uint64_t *start;   /* [items + 1] */
    uint64_t *event;   /* [start[items]] */
    uint32_t *session; /* [start[items]] the session of each */
    uint32_t *support; /* [items] sessions with the item */
} occurrences;

/* One thread's scratch for the row it counts. */
typedef struct row_counter {
    double *count;     /* [items] 0 outside touched */
    uint32_t *touched; /* [items] items with a count, in order of meeting */
    uint32_t size;     /* of touched */
    uint64_t *stamp;   /* [items] the last visit (see count_together) that met the item */
    uint64_t visit;
    double *fade;      /* [window + 1] by steps */
    struct entry {
        float weight;
        uint32_t item;
    } *entry; /* [items] */
} row_counter;

static bool is_counted(const vitrine_dataset *dataset, const vitrine_table_options *options,
                       uint64_t event)
{
    if (dataset->item[event] >= dataset->items) return false;
    return options->kind_weight == NULL || options->kind_weight[dataset->kind[event]] > 0.0f;
}

static void occurrences_free(occurrences *at)
{
    free(at->start);
    free(at->event);
    free(at->session);
    free(at->support);
}

static bool occurrences_find(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                             const vitrine_table_options *options, occurrences *at)
{
    const uint32_t items = dataset->items;
    const uint64_t begin = dataset->session_start[first], end = dataset->session_start[last];
    *at = (occurrences){
        .start = calloc((size_t)items + 1, sizeof *at->start),
        .event = malloc((size_t)(end - begin + 1) * sizeof *at->event),
        .session = malloc((size_t)(end - begin + 1) * sizeof *at->session),
        .support = calloc((size_t)items + 1, sizeof *at->support),
    };
    uint64_t *next = malloc(((size_t)items + 1) * sizeof *next);
    const bool ok = at->start && at->event && at->session && at->support && next;
    if (!ok) {
        free(next);
        return false;
    }
    for (uint64_t e = begin; e < end; e++)
        if (is_counted(dataset, options, e)) at->start[dataset->item[e] + 1]++;
    for (uint32_t i = 0; i < items; i++) at->start[i + 1] += at->start[i];
    memcpy(next, at->start, ((size_t)items + 1) * sizeof *next);
    for (uint32_t s = first; s < last; s++) {
        for (uint64_t e = dataset->session_start[s]; e < dataset->session_start[s + 1]; e++) {
            if (!is_counted(dataset, options, e)) continue;
            const uint32_t i = dataset->item[e];
            if (next[i] == at->start[i] || at->session[next[i] - 1] != s) at->support[i]++;
            at->event[next[i]] = e;
            at->session[next[i]] = s;
            next[i]++;
        }
    }
    free(next);
    return true;
}

static void row_counter_free(row_counter *row)
{
    free(row->count);
    free(row->touched);
    free(row->stamp);
    free(row->fade);
    free(row->entry);
}

static bool row_counter_make(uint32_t items, const vitrine_table_options *options, row_counter *row)
{
    const double power = options->fade > 0.0f ? (double)options->fade : 1.0;
    *row = (row_counter){
        .count = calloc((size_t)items + 1, sizeof *row->count),
        .touched = malloc(((size_t)items + 1) * sizeof *row->touched),
        .stamp = calloc((size_t)items + 1, sizeof *row->stamp),
        .fade = malloc(((size_t)options->window + 1) * sizeof *row->fade),
        .entry = malloc(((size_t)items + 1) * sizeof *row->entry),
    };
    if (!row->count || !row->touched || !row->stamp || !row->fade || !row->entry) return false;
    for (uint32_t step = 1; step <= options->window; step++) row->fade[step] = pow(step, -power);
    return true;
}

static void add(row_counter *row, uint32_t item, double amount)
{
    if (row->count[item] == 0.0) row->touched[row->size++] = item;
    row->count[item] += amount;
}

static double kind_weight(const vitrine_dataset *dataset, const vitrine_table_options *options,
                          uint64_t event)
{
    return options->kind_weight == NULL ? 1.0 : (double)options->kind_weight[dataset->kind[event]];
}

/* Later events of the same session, near ones more, and earlier ones. An item come back to is met
 * once on the way forward; counting it on the way back too would say nothing new. */
static void count_steps(const vitrine_dataset *dataset, const vitrine_table_options *options,
                        const occurrences *at, uint32_t item, row_counter *row)
{
    for (uint64_t o = at->start[item]; o < at->start[item + 1]; o++) {
        const uint64_t begin = dataset->session_start[at->session[o]];
        const uint64_t end = dataset->session_start[at->session[o] + 1];
        uint32_t steps = 0;
        for (uint64_t e = at->event[o] + 1; e < end && steps < options->window; e++) {
            if (!is_counted(dataset, options, e)) continue;
            steps++;
            if (dataset->item[e] == item && !options->self) continue;
            add(row, dataset->item[e], kind_weight(dataset, options, e) * row->fade[steps]);
        }
        steps = 0;
        for (uint64_t e = at->event[o]; options->back > 0.0f && e-- > begin && steps < options->window;) {
            if (!is_counted(dataset, options, e)) continue;
            steps++;
            if (dataset->item[e] == item) continue;
            add(row, dataset->item[e],
                (double)options->back * kind_weight(dataset, options, e) * row->fade[steps]);
        }
    }
}

/* Sessions that hold both, each once however often either occurs in it. */
static void count_together(const vitrine_dataset *dataset, const vitrine_table_options *options,
                           const occurrences *at, uint32_t item, row_counter *row)
{
    for (uint64_t o = at->start[item]; o < at->start[item + 1]; o++) {
        const uint32_t session = at->session[o];
        if (o > at->start[item] && at->session[o - 1] == session) continue;
        row->visit++;
        for (uint64_t e = dataset->session_start[session]; e < dataset->session_start[session + 1];
             e++) {
            const uint32_t j = dataset->item[e];
            if (!is_counted(dataset, options, e) || j == item || row->stamp[j] == row->visit)
                continue;
            row->stamp[j] = row->visit;
            add(row, j, 1.0);
        }
    }
}

static double entry_weight(const vitrine_table_options *options, const occurrences *at,
                           uint32_t item, uint32_t other, double count, double sum)
{
    const double a = at->support[item], b = at->support[other], damping = (double)options->damping;
    switch (options->kind) {
    case VITRINE_TABLE_STEPS:
    case VITRINE_TABLE_TOGETHER: return count / (sum + damping);
    case VITRINE_TABLE_COSINE: return count / (sqrt(a * b) + damping);
    case VITRINE_TABLE_JACCARD: return count / (a + b - count + damping);
    case VITRINE_TABLE_EUCLIDEAN: return 1.0 / (1.0 + sqrt(a + b - 2.0 * count));
    case VITRINE_TABLE_EASE: break; /* read off the inverse */
    }
    return 0.0;
}

static int heavier_first(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static int lower_item_first(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* Counts one row into row->entry. */
static void weigh_counts(const vitrine_dataset *dataset, const vitrine_table_options *options,
                         const occurrences *at, uint32_t item, row_counter *row)
{
    row->size = 0;
    if (options->kind == VITRINE_TABLE_STEPS) count_steps(dataset, options, at, item, row);
    else count_together(dataset, options, at, item, row);

    double sum = 0.0;
    for (uint32_t t = 0; t < row->size; t++) sum += row->count[row->touched[t]];
    for (uint32_t t = 0; t < row->size; t++) {
        const uint32_t j = row->touched[t];
        row->entry[t].item = j;
        row->entry[t].weight = (float)entry_weight(options, at, item, j, row->count[j], sum);
        row->count[j] = 0.0;
    }
}

/* The inverse that ease reads its rows off, [items][items]; null when memory is out. The matrix is positive
 * definite, as it is a sum of squares and a ridge. */
static double *ease_inverse(const vitrine_dataset *dataset, const vitrine_table_options *options,
                            const occurrences *at, uint32_t threads, row_counter *rows)
{
    const uint32_t items = dataset->items;
    double *inverse = calloc((size_t)items * items + 1, sizeof *inverse);
    if (inverse == NULL) return NULL;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (uint32_t t = 0; t < threads; t++)
        for (uint32_t i = t; i < items; i += threads) {
            row_counter *row = &rows[t];
            double *out = inverse + (size_t)i * items;
            row->size = 0;
            count_together(dataset, options, at, i, row);
            for (uint32_t n = 0; n < row->size; n++) {
                out[row->touched[n]] = row->count[row->touched[n]];
                row->count[row->touched[n]] = 0.0;
            }
            out[i] = (double)at->support[i] + (double)options->ridge;
        }
    if (vitrine_inverse(inverse, items)) return inverse;
    free(inverse);
    return NULL;
}

static void read_ease(const double *inverse, uint32_t items, uint32_t item, row_counter *row)
{
    row->size = 0;
    for (uint32_t j = 0; j < items; j++) {
        const double weight = -inverse[(size_t)item * items + j] / inverse[(size_t)j * items + j];
        if (j != item && weight > 0.0) row->entry[row->size++] = (struct entry){ (float)weight, j };
    }
}

/* Leaves the kept entries of a row in row->entry by item, and returns how many. `inverse`: of ease, else null. */
static uint32_t make_row(const vitrine_dataset *dataset, const vitrine_table_options *options,
                         const occurrences *at, const double *inverse, uint32_t item, row_counter *row)
{
    if (inverse != NULL) read_ease(inverse, dataset->items, item, row);
    else weigh_counts(dataset, options, at, item, row);
    qsort(row->entry, row->size, sizeof *row->entry, heavier_first);
    uint32_t kept = row->size < options->neighbours ? row->size : options->neighbours;
    while (kept > 0 && !(row->entry[kept - 1].weight > 0.0f)) kept--;
    qsort(row->entry, kept, sizeof *row->entry, lower_item_first);
    return kept;
}

/* Appends `rows` rows held in slots of options->neighbours entries each. */
static bool append(vitrine_table *table, uint64_t *capacity, uint32_t first_row, uint32_t rows,
                   uint32_t slot, const struct entry *entries, const uint32_t *sizes)
{
    uint64_t used = table->offset[first_row];
    for (uint32_t r = 0; r < rows; r++) {
        if (used + sizes[r] > *capacity) {
            const uint64_t wider = (used + sizes[r]) * 2;
            uint32_t *neighbour = realloc(table->neighbour, wider * sizeof *neighbour);
            if (neighbour != NULL) table->neighbour = neighbour;
            float *weight = realloc(table->weight, wider * sizeof *weight);
            if (weight != NULL) table->weight = weight;
            if (neighbour == NULL || weight == NULL) return false;
            *capacity = wider;
        }
        for (uint32_t t = 0; t < sizes[r]; t++, used++) {
            table->neighbour[used] = entries[(size_t)r * slot + t].item;
            table->weight[used] = entries[(size_t)r * slot + t].weight;
        }
        table->offset[first_row + r + 1] = used;
    }
    return true;
}

vitrine_status vitrine_table_count(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                   const vitrine_table_options *options, vitrine_table *table)
{
    const uint32_t items = dataset->items;
    const uint32_t slot = options->neighbours < items ? options->neighbours : items;
    const uint32_t threads = options->threads > 0 ? options->threads : 1;
    const bool is_ease = options->kind == VITRINE_TABLE_EASE;
    vitrine_status status = VITRINE_NO_SPACE;
    occurrences at = {0};
    double *inverse = NULL;
    uint64_t capacity = 0;
    if (is_ease && (items > VITRINE_EASE_ITEMS || !(options->ridge > 0.0f))) {
        *table = (vitrine_table){0};
        return VITRINE_BAD_ARGUMENT;
    }
    *table = (vitrine_table){ .offset = calloc((size_t)items + 1, sizeof *table->offset),
                              .neighbour = malloc(sizeof *table->neighbour),
                              .weight = malloc(sizeof *table->weight) };
    struct entry *entries = malloc((size_t)BLOCK_ROWS * (slot + 1u) * sizeof *entries);
    uint32_t *sizes = malloc(BLOCK_ROWS * sizeof *sizes);
    row_counter *row = calloc(threads, sizeof *row);
    bool ok = table->offset && table->neighbour && table->weight && entries && sizes && row &&
              occurrences_find(dataset, first, last, options, &at);
    for (uint32_t t = 0; ok && t < threads; t++) ok = row_counter_make(items, options, &row[t]);
    if (ok && is_ease) {
        inverse = ease_inverse(dataset, options, &at, threads, row);
        ok = inverse != NULL;
    }
    if (!ok) goto done;

    for (uint32_t start = 0; start < items; start += BLOCK_ROWS) {
        const uint32_t rows = items - start < BLOCK_ROWS ? items - start : BLOCK_ROWS;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
        for (uint32_t t = 0; t < threads; t++)
            for (uint32_t r = t; r < rows; r += threads) {
                sizes[r] = make_row(dataset, options, &at, inverse, start + r, &row[t]);
                memcpy(entries + (size_t)r * slot, row[t].entry, sizes[r] * sizeof *entries);
            }
        if (!append(table, &capacity, start, rows, slot, entries, sizes)) goto done;
    }
    status = VITRINE_OK;

done:
    for (uint32_t t = 0; row != NULL && t < threads; t++) row_counter_free(&row[t]);
    free(row);
    free(inverse);
    occurrences_free(&at);
    free(entries);
    free(sizes);
    if (status != VITRINE_OK) vitrine_table_free(table);
    return status;
}

void vitrine_table_free(vitrine_table *table)
{
    free(table->offset);
    free(table->neighbour);
    free(table->weight);
    *table = (vitrine_table){0};
}
