/* Which column of a header holds what: by a map from the command line, or by the usual names. */
#ifndef VITRINE_DATA_COLUMNS_H
#define VITRINE_DATA_COLUMNS_H

#include "data/csv.h"

enum { VITRINE_NO_COLUMN = -1 };

/* A thing to look for, and the names it usually has, best first, separated by blanks. Names are
 * compared without case, blanks, '-' and '_'. */
typedef struct vitrine_column_name {
    const char *name;
    const char *aliases;
} vitrine_column_name;

/* Fill column[i] with the place of name[i] in the header, or VITRINE_NO_COLUMN.
 *
 *   map        "item=StockCode,type=": nothing else is looked up then, and an empty right side means
 *              that there is none; null: by the usual names
 *   numbers    the map's right sides are places from 1 and the header is the first record
 *   where      the file's name, for messages; null: a column that the header does not have is left
 *              out (members of JSON objects come and go)
 *
 * Refused: an unknown left side (with those that exist), a column that the header does not have
 * (with those it has). */
bool vitrine_columns_find(const vitrine_column_name *name, size_t names, const char *map,
                          bool numbers, const vitrine_field *header, uint32_t fields,
                          const char *where, int *column, vitrine_problem *problem);

/* Whether a header's field means `name` by one of its aliases. */
bool vitrine_column_is(const vitrine_column_name *name, const char *text, size_t length);

#endif
