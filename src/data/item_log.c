/* A catalog out of a log: shops that keep no other list of their goods still have their orders. */
#include <math.h>
#include <stdlib.h>

#include "data/item_builder.h"
#include "vitrine/event.h"

typedef struct counted {
    uint32_t item, text, first; /* row where the text stood first */
    uint32_t rows;
} counted;

static int by_item_and_text(const void *a, const void *b)
{
    const counted *x = a, *y = b;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    if (x->text != y->text) return x->text < y->text ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* best[item]: the text that most of its rows have; the earlier one of two. */
static bool commonest(const vitrine_log *log, int which, uint32_t *best)
{
    counted *list = malloc((log->rows + 1) * sizeof *list);
    if (list == NULL) return false;
    size_t count = 0;
    for (uint32_t i = 0; i < log->item.count; i++) best[i] = VITRINE_NO_STRING;
    for (uint64_t i = 0; i < log->rows; i++)
        if (log->row[i].text[which] != VITRINE_NO_STRING) {
            const counted one = {log->row[i].item, log->row[i].text[which], (uint32_t)i, 1};
            list[count++] = one;
        }
    qsort(list, count, sizeof *list, by_item_and_text);
    counted top = {VITRINE_NO_STRING, 0, 0, 0};
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && list[end].item == list[i].item && list[end].text == list[i].text;) end++;
        const counted here = {list[i].item, list[i].text, list[i].first, (uint32_t)(end - i)};
        if (here.item != top.item || here.rows > top.rows ||
            (here.rows == top.rows && here.first < top.first))
            top = here;
        best[here.item] = top.text;
    }
    free(list);
    return true;
}

typedef struct sold {
    uint32_t item;
    float price;
} sold;

static int by_price(const void *a, const void *b)
{
    const sold *x = a, *y = b;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    return (x->price > y->price) - (x->price < y->price);
}

static bool median_prices(const vitrine_log *log, vitrine_built_item *item)
{
    sold *list = malloc((log->rows + 1) * sizeof *list);
    if (list == NULL) return false;
    size_t count = 0;
    for (uint64_t i = 0; i < log->rows; i++)
        if (!isnan(log->row[i].price)) {
            const sold one = {log->row[i].item, log->row[i].price};
            list[count++] = one;
        }
    qsort(list, count, sizeof *list, by_price);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && list[end].item == list[i].item;) end++;
        const size_t n = end - i, middle = i + n / 2;
        item[list[i].item].price =
            n % 2 == 1 ? list[middle].price : (list[middle - 1].price + list[middle].price) / 2;
    }
    free(list);
    return true;
}

/* Units of purchases; a purchase that does not say how many is one. */
static bool add_sales(const vitrine_log *log, vitrine_built_item *item)
{
    bool any = false;
    for (uint64_t i = 0; i < log->rows && !any; i++) any = log->row[i].kind == VITRINE_PURCHASE;
    if (!any) return true;
    double *units = calloc((size_t)log->item.count + 1, sizeof *units);
    if (units == NULL) return false;
    for (uint64_t i = 0; i < log->rows; i++)
        if (log->row[i].kind == VITRINE_PURCHASE)
            units[log->row[i].item] += log->row[i].value > 0 ? (double)log->row[i].value : 1;
    for (uint32_t i = 0; i < log->item.count; i++) item[i].sales = (float)units[i];
    free(units);
    return true;
}

static bool build(const vitrine_log *log, vitrine_item_builder *builder, uint32_t *best)
{
    static const int field[VITRINE_LOG_TEXTS] = {VITRINE_TEXT_TITLE, VITRINE_TEXT_BRAND,
                                                 VITRINE_TEXT_CATEGORY};
    const uint32_t n = log->item.count;
    for (uint32_t i = 0; i < n; i++) {
        vitrine_built_item *item = &builder->item[i];
        item->price = item->sales = NAN;
        item->available = 1;
        item->marks = 0;
        item->created = 0;
        for (int f = 0; f < VITRINE_TEXT_FIELDS; f++) item->text[f] = VITRINE_NO_STRING;
    }
    for (int which = 0; which < VITRINE_LOG_TEXTS; which++) {
        const vitrine_strings texts = vitrine_id_set_view(&log->text[which]);
        if (texts.count == 0) continue;
        if (!commonest(log, which, best)) return false;
        for (uint32_t i = 0; i < n; i++) {
            if (best[i] == VITRINE_NO_STRING) continue;
            vitrine_field text;
            text.text = vitrine_strings_get(&texts, best[i], &text.length);
            if (!vitrine_item_builder_text(builder, text, &builder->item[i].text[field[which]])) return false;
        }
    }
    return add_sales(log, builder->item) && median_prices(log, builder->item);
}

bool vitrine_item_table_of_log(const vitrine_log *log, vitrine_item_table *table,
                               vitrine_problem *problem)
{
    const vitrine_item_options plain = {0};
    const vitrine_item_table empty = {0};
    *table = empty;
    if (log->text[VITRINE_LOG_TITLE].count == 0 && !log->priced)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                   "the log has neither titles nor prices for a catalog: name the columns "
                                   "with --columns title=...,price=...");
    vitrine_item_builder builder = {.options = &plain};
    uint32_t *best = malloc(((size_t)log->item.count + 1) * sizeof *best);
    builder.item = malloc(((size_t)log->item.count + 1) * sizeof *builder.item);
    bool ok = best != NULL && builder.item != NULL && build(log, &builder, best);
    /* Only items that still have rows: others were cleaned away, and are no goods. */
    uint32_t *number = malloc(((size_t)log->item.count + 1) * sizeof *number);
    ok = ok && number != NULL;
    if (ok) {
        const vitrine_strings names = vitrine_id_set_view(&log->item);
        for (uint32_t i = 0; i < names.count; i++) number[i] = 0;
        for (uint64_t i = 0; i < log->rows; i++) number[log->row[i].item] = 1;
        for (uint32_t i = 0; ok && i < names.count; i++) {
            if (number[i] == 0) continue;
            size_t length;
            const char *name = vitrine_strings_get(&names, i, &length);
            uint32_t index;
            ok = vitrine_id_set_add(&builder.id, name, length, &index);
            if (ok) builder.item[index] = builder.item[i]; /* index <= i */
        }
    }
    ok = ok && vitrine_item_builder_finish(&builder, table);
    free(best);
    free(number);
    vitrine_item_builder_free(&builder);
    return ok || vitrine_problem_memory(problem);
}
