/* Records of CSV (RFC 4180) and TSV, streaming.
 *
 * CSV: fields may be quoted, hold delimiters, line breaks and doubled quotes. TSV has no quoting (a
 * quote is a character), as IANA's text/tab-separated-values says. Blank lines are skipped. */
#ifndef VITRINE_DATA_CSV_H
#define VITRINE_DATA_CSV_H

#include "data/text_source.h"

enum { VITRINE_CSV_FIELDS = 256 };

typedef struct vitrine_field {
    const char *text; /* not zero-terminated */
    size_t length;
} vitrine_field;

typedef struct vitrine_csv {
    vitrine_text *source; /* not owned */
    char delimiter;       /* ',' ';' '|' or '\t' */
    vitrine_field *field; /* [VITRINE_CSV_FIELDS] */
    uint32_t fields;
    uint64_t line;        /* where the record begins, from 1 */
    bool malformed;       /* text behind a closing quote, or too many fields: reject the record */
    char *joined;         /* a record that runs over several lines */
    size_t joined_capacity;
} vitrine_csv;

/* The delimiter that a header line uses: a tab if there is one, else the commoner of ',', ';' and
 * '|' outside quotes; ',' when there is none. */
char vitrine_csv_delimiter(const char *header, size_t length);

bool vitrine_csv_open(vitrine_csv *csv, vitrine_text *source, char delimiter, vitrine_problem *problem);
void vitrine_csv_close(vitrine_csv *csv);

/* The next record; its fields hold until the next call. VITRINE_STEP_BAD when the source fails, or a
 * quote is never closed within VITRINE_LINE_MAX. */
vitrine_step vitrine_csv_next(vitrine_csv *csv, vitrine_problem *problem);

#endif
