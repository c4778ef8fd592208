/* Free numbers of items, such as text or image vectors, from a TSV or from safetensors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_reader.h"
#include "data/safetensors.h"

enum { DIM_MAX = 4096 };

static bool next_word(const char **at, const char *end, vitrine_field *word)
{
    while (*at < end && (**at == ' ' || **at == '\t' || **at == ',')) ++*at;
    word->text = *at;
    while (*at < end && **at != ' ' && **at != '\t' && **at != ',') ++*at;
    word->length = (size_t)(*at - word->text);
    return word->length > 0;
}

/* One line: counts its numbers, and stores them when `row` is not null. */
static bool read_numbers(const char *at, const char *end, float *row, uint32_t *count)
{
    vitrine_field word;
    for (*count = 0; next_word(&at, end, &word); ++*count) {
        double value;
        if (*count == DIM_MAX || !vitrine_parse_number(word.text, word.length, &value) ||
            !(fabs(value) <= 1e6))
            return false;
        if (row != NULL) row[*count] = (float)value;
    }
    return *count > 0;
}

static bool read_line(vitrine_item_table *table, const char *line, size_t length, uint64_t *unknown,
                      const char **wrong)
{
    const char *const end = line + length, *tab = memchr(line, '\t', length);
    uint32_t count;
    *wrong = "should be an id, a tab, and finite numbers";
    if (tab == NULL || !read_numbers(tab + 1, end, NULL, &count)) return false;
    if (table->vectors == NULL) {
        table->vectors = calloc((size_t)table->items * count, sizeof *table->vectors);
        table->vector_dim = count;
        if (table->vectors == NULL) {
            *wrong = "is too much for the memory";
            return false;
        }
    }
    *wrong = "has another count of numbers than the lines before";
    if (count != table->vector_dim) return false;
    const uint32_t item = vitrine_strings_find(&table->ids, line, (size_t)(tab - line));
    if (item == VITRINE_NO_STRING) ++*unknown;
    else read_numbers(tab + 1, end, table->vectors + (size_t)item * count, &count);
    return true;
}

/* --- safetensors ----------------------------------------------------------------------------- */

#define TENSORS_MAX ((size_t)1 << 32)

static int by_name(const void *a, const void *b)
{
    const vitrine_tensor *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Every matrix with a row for each id, by name: a text model's vectors beside a picture model's. */
static bool choose_matrices(const vitrine_tensors *all, uint64_t rows, const vitrine_tensor **chosen,
                            uint32_t *count, uint32_t *dim, const char *path, vitrine_problem *problem)
{
    uint64_t width = 0;
    *count = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        const vitrine_tensor *t = &all->tensor[i];
        if (strcmp(t->name, "ids") == 0) continue;
        if (t->dims != 2 || t->shape[0] != rows)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: tensor '%.80s' is no matrix of %llu rows, one for each of the ids", path,
                                       t->name, (unsigned long long)rows);
        width += t->shape[1];
        chosen[(*count)++] = t;
    }
    qsort(chosen, *count, sizeof *chosen, by_name);
    *dim = (uint32_t)(width <= DIM_MAX ? width : 0);
    return (width > 0 && width <= DIM_MAX) ||
           vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: %llu numbers an item; 1 to %d were expected", path,
                               (unsigned long long)width, DIM_MAX);
}

/* Where each row goes: rows [*count] of the file, VITRINE_NO_STRING for items that the table has not. */
static uint32_t *rows_of_ids(const vitrine_item_table *table, const vitrine_tensor *ids, uint64_t *count)
{
    const char *at = (const char *)ids->bytes, *const end = at + ids->size;
    uint32_t *row = malloc(((size_t)ids->size + 1) * sizeof *row);
    for (*count = 0; row != NULL && at < end; ++*count) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        row[*count] = vitrine_strings_find(&table->ids, at, (size_t)(stop - at));
        at = stop + (stop < end ? 1 : 0);
    }
    return row;
}

static bool copy_matrix(vitrine_item_table *table, const vitrine_tensor *t, const uint32_t *row, uint32_t first,
                        const char *path, vitrine_problem *problem)
{
    float *all = malloc(((size_t)t->count + 1) * sizeof *all);
    if (all == NULL) return vitrine_problem_memory(problem);
    const bool ok = vitrine_tensor_read(t, path, all, problem);
    const size_t width = (size_t)t->shape[1];
    for (uint64_t i = 0; ok && i < t->shape[0]; i++)
        if (row[i] != VITRINE_NO_STRING)
            memcpy(table->vectors + (size_t)row[i] * table->vector_dim + first, all + i * width, width * sizeof *all);
    free(all);
    return ok;
}

static bool from_tensors(vitrine_item_table *table, const vitrine_tensors *all, const char *path, uint64_t *unknown,
                         vitrine_problem *problem)
{
    const vitrine_tensor *ids = vitrine_tensors_find(all, "ids"), *chosen[VITRINE_MAX_TENSORS];
    uint64_t rows = 0;
    uint32_t count = 0, first = 0;
    if (ids == NULL || ids->type != VITRINE_TENSOR_U8)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: no U8 tensor 'ids' with an id a line, in the order of the rows", path);
    uint32_t *row = rows_of_ids(table, ids, &rows);
    bool ok = row != NULL ? choose_matrices(all, rows, chosen, &count, &table->vector_dim, path, problem)
                          : vitrine_problem_memory(problem);
    if (ok) {
        table->vectors = calloc((size_t)table->items * table->vector_dim, sizeof *table->vectors);
        ok = table->vectors != NULL || vitrine_problem_memory(problem);
    }
    for (uint32_t i = 0; ok && i < count; i++) {
        ok = copy_matrix(table, chosen[i], row, first, path, problem);
        first += (uint32_t)chosen[i]->shape[1];
    }
    for (uint64_t i = 0; ok && i < rows; i++) *unknown += row[i] == VITRINE_NO_STRING;
    free(row);
    return ok;
}

static bool read_tensors(vitrine_item_table *table, const char *path, uint64_t *unknown, vitrine_problem *problem)
{
    vitrine_tensors tensors;
    char *bytes = NULL;
    size_t size;
    vitrine_text *source = vitrine_text_open(path, 0, problem);
    bool ok = source != NULL && vitrine_text_rest(source, TENSORS_MAX, &bytes, &size, problem) &&
              vitrine_tensors_open(&tensors, bytes, size, path, problem);
    vitrine_text_close(source);
    if (ok) {
        ok = from_tensors(table, &tensors, path, unknown, problem);
        vitrine_tensors_free(&tensors);
    }
    free(bytes);
    return ok;
}

bool vitrine_item_table_vectors(vitrine_item_table *table, const char *path, uint64_t *unknown,
                                vitrine_problem *problem)
{
    static const char ending[] = ".safetensors";
    const size_t named = strlen(path), tail = sizeof ending - 1;
    *unknown = 0;
    if (named >= tail && strcmp(path + named - tail, ending) == 0)
        return read_tensors(table, path, unknown, problem);
    vitrine_text *source = vitrine_text_open(path, 0, problem);
    bool ok = source != NULL;
    while (ok) {
        char *line;
        size_t length;
        const char *wrong;
        const vitrine_step step = vitrine_text_line(source, &line, &length, problem);
        if (step != VITRINE_STEP_ONE) {
            ok = step == VITRINE_STEP_END;
            break;
        }
        if (length > 0 && !read_line(table, line, length, unknown, &wrong))
            ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s, line %llu: %s", path,
                                     (unsigned long long)vitrine_text_line_number(source), wrong);
    }
    if (ok && table->vectors == NULL)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no vectors in it", path);
    vitrine_text_close(source);
    return ok;
}
