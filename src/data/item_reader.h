/* Catalogs in the formats that shops export, as one item table. Described in docs/cli.md. */
#ifndef VITRINE_DATA_ITEM_READER_H
#define VITRINE_DATA_ITEM_READER_H

#include "data/item_table.h"
#include "data/log.h"

/* Start from zeros. */
typedef struct vitrine_item_options {
    const char *columns;            /* "item=StockCode,title=Description"; null: by the usual names */
    const char *own; /* "gender,material": columns kept as the catalog's own text fields; null: none */
    const char *category_separator; /* between the levels of a path, besides '/' and '>'; null: none */
    vitrine_item_case item_case;
    uint64_t max_bytes;             /* of text per file; 0: no bound */
} vitrine_item_options;

/* Why a row, or a field of a row that was kept all the same, was left out. */
typedef enum vitrine_item_reject {
    VITRINE_ITEM_BAD_ROW = 0,
    VITRINE_ITEM_MISSING_ID,
    VITRINE_ITEM_REPLACED,         /* the id came again: the later row holds */
    VITRINE_ITEM_BAD_PRICE,        /* from here on: only the field is lost */
    VITRINE_ITEM_BAD_SALES,
    VITRINE_ITEM_BAD_AVAILABILITY,
    VITRINE_ITEM_BAD_CREATED,
    VITRINE_ITEM_BAD_MARK, /* sensitive or repurchasable is neither true nor false */
    VITRINE_ITEM_REJECTS
} vitrine_item_reject;

const char *vitrine_item_reject_name(vitrine_item_reject reason);

typedef struct vitrine_item_report {
    uint64_t rows;
    vitrine_reject_count reject[VITRINE_ITEM_REJECTS];
    char unused[240]; /* of the last table: columns that nothing was read from, "description, gender" */
} vitrine_item_report;

/* CSV, TSV, JSON (array or object of objects), JSONL, told apart by their first text. A JSON object
 * of arrays, {"item": [attribute ids]}, gives tags only. False with `problem`, and a zeroed table.
 * A catalog without an item is a problem. */
bool vitrine_item_table_read(const char *const *files, size_t file_count,
                             const vitrine_item_options *options, vitrine_item_table *table,
                             vitrine_item_report *report, vitrine_problem *problem);
/* The same from one source; the fuzzer's way in. */
bool vitrine_item_table_source(vitrine_text *source, const vitrine_item_options *options,
                               vitrine_item_table *table, vitrine_item_report *report,
                               vitrine_problem *problem);

/* A catalog from a cleaned log that has titles or prices: commonest title, brand and category,
 * median price, units of its purchases. The table has the items of the log's rows. */
bool vitrine_item_table_of_log(const vitrine_log *log, vitrine_item_table *table,
                               vitrine_problem *problem);

/* Set table->vectors from lines of id TAB numbers, separated by tabs or blanks, every line of as many;
 * or from a file named .safetensors: a U8 tensor "ids" of lines, and matrices with a row for each, which
 * are joined in the order of their names. Items without a line get zeros; ids that the table does not have are counted in `unknown`. */
bool vitrine_item_table_vectors(vitrine_item_table *table, const char *path, uint64_t *unknown,
                                vitrine_problem *problem);

#endif
