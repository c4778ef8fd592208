/* Bytes as a catalog: table, JSON or JSONL. What was read is written as a catalog file, which must
 * take it. */
#include <stdlib.h>

#include "catalog/catalog_writer.h"
#include "data/item_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool claim)
{
    if (!claim) abort();
}

static void write_table(const vitrine_item_table *table)
{
    vitrine_catalog_columns columns = {.version = 1,
                                       .ids = table->ids,
                                       .price = table->price,
                                       .sales = table->sales,
                                       .available = table->available};
    for (int i = 0; i < VITRINE_TEXT_FIELDS; i++) {
        require(table->text[i].count == 0 || table->text[i].count == table->items);
        columns.text[i] = table->text[i];
    }
    const size_t room = (vitrine_catalog_write_bound(&columns) + 63) & ~(size_t)63;
    void *out = aligned_alloc(64, room);
    size_t written;
    vitrine_fault fault;
    if (out != NULL) require(vitrine_catalog_write(&columns, out, room, &written, &fault) == VITRINE_OK);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const vitrine_item_options options = {.category_separator = ".", .item_case = VITRINE_CASE_LOWER};
    vitrine_problem problem = {0};
    vitrine_item_table table = {0};
    vitrine_text *source = vitrine_text_memory("fuzz", bytes, size, 1 << 22, &problem);
    if (source == NULL) return 0;
    if (vitrine_item_table_source(source, &options, &table, NULL, &problem)) write_table(&table);
    else require(problem.text[0] != 0);
    vitrine_item_table_free(&table);
    vitrine_text_close(source);
    return 0;
}
