/* Free numbers of items, such as text or image vectors, from a TSV. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_reader.h"

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

bool vitrine_item_table_vectors(vitrine_item_table *table, const char *path, uint64_t *unknown,
                                vitrine_problem *problem)
{
    *unknown = 0;
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
