/* Tables of events: CSV and TSV with a header, RecBole's .inter files, Algolia's export. */
#include "data/log.h"

#include <string.h>

#include "data/columns.h"

enum { USER, SESSION, ITEM, TIME, TYPE, PRICE, QUANTITY, RATING, TITLE, BRAND, CATEGORY, COLUMNS, NONE = -1 };

static const vitrine_column_name NAMES[COLUMNS] = {
    {"user", "user userid visitor visitorid customer customerid userpseudoid clientid memberid "
             "usertoken uid"},
    {"session", "session sessionid usersession gasessionid visit visitid basket basketid invoice "
                "invoiceno"},
    {"item", "item itemid product productid sku stockcode articleid objectid asin"},
    {"time", "time timestamp eventtime eventtimestamp ts datetime invoicedate createdat unixtime date"},
    {"type", "type event eventtype eventname behavior behaviortype action"},
    {"price", "price unitprice itemprice"},
    {"quantity", "quantity qty"},
    {"rating", "rating stars ratingvalue"},
    {"title", "title itemname productname description"},
    {"brand", "brand itembrand"},
    {"category", "category categorycode itemcategory producttype"},
};

static vitrine_field field_of(const vitrine_csv *csv, int column)
{
    const vitrine_field none = {NULL, 0};
    return column == VITRINE_NO_COLUMN ? none : csv->field[column];
}

/* Algolia's third type, conversion, is a purchase unless its subtype says "addToCart". */
static vitrine_field algolia_type(const vitrine_csv *csv, vitrine_field type, int subtype)
{
    static const char conversion[] = "conversion";
    static const vitrine_field purchase = {"purchase", 8};
    if (type.length != sizeof conversion - 1 || memcmp(type.text, conversion, type.length) != 0) return type;
    return subtype != NONE && csv->fields > (uint32_t)subtype && csv->field[subtype].length > 0
               ? csv->field[subtype]
               : purchase;
}

static bool read_rows(vitrine_log *log, vitrine_csv *csv, const int *column, int subtype, bool have_first,
                      vitrine_problem *problem)
{
    int last = 0;
    for (int i = 0; i < COLUMNS; i++)
        if (column[i] > last) last = column[i];
    for (;;) {
        if (!have_first) {
            const vitrine_step step = vitrine_csv_next(csv, problem);
            if (step == VITRINE_STEP_BAD) return false;
            if (step == VITRINE_STEP_END) return true;
        }
        have_first = false;
        if (csv->malformed || csv->fields <= (uint32_t)last) {
            log->report.rows++;
            vitrine_log_reject(log, VITRINE_REJECT_BAD_ROW, log->file, csv->line, csv->field[0].text,
                               csv->field[0].length);
            continue;
        }
        vitrine_raw_row raw = {
            .user = field_of(csv, column[USER]),
            .session = field_of(csv, column[SESSION]),
            .item = field_of(csv, column[ITEM]),
            .time = field_of(csv, column[TIME]),
            .type = field_of(csv, column[TYPE]),
            .price = field_of(csv, column[PRICE]),
            .quantity = field_of(csv, column[QUANTITY]),
            .rating = field_of(csv, column[RATING]),
            .text = {field_of(csv, column[TITLE]), field_of(csv, column[BRAND]),
                     field_of(csv, column[CATEGORY])},
            .line = csv->line,
        };
        if (log->report.format == VITRINE_LOG_ALGOLIA) raw.type = algolia_type(csv, raw.type, subtype);
        if (!vitrine_log_add(log, &raw, problem)) return false;
    }
}

/* What every table must have, said with the names that the header offers. */
static bool check_columns(vitrine_log *log, const vitrine_csv *csv, const int *column, const char *name,
                          vitrine_problem *problem)
{
    if (column[ITEM] == VITRINE_NO_COLUMN)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                   "%s, line 1: no item column among %u: name it with --columns "
                                   "item=...,user=...,session=...,time=...", name, csv->fields);
    if (column[USER] == VITRINE_NO_COLUMN && column[SESSION] == VITRINE_NO_COLUMN)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                   "%s, line 1: neither a user nor a session column: name one with "
                                   "--columns item=...,user=... or session=...", name);
    const bool timed = column[TIME] != VITRINE_NO_COLUMN, sessions = column[SESSION] != VITRINE_NO_COLUMN;
    if (log->file > 0 && (timed != log->timed || sessions != log->with_sessions))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: the files of one log must have the same time, user and session "
                                   "columns: import them one by one", name);
    log->timed = timed;
    log->with_sessions = sessions;
    log->with_users = log->with_users || column[USER] != VITRINE_NO_COLUMN;
    log->priced = log->priced || column[PRICE] != VITRINE_NO_COLUMN;
    log->typed = log->typed || column[TYPE] != VITRINE_NO_COLUMN;
    log->rated = log->rated || column[RATING] != VITRINE_NO_COLUMN;
    if (column[RATING] != VITRINE_NO_COLUMN && column[TYPE] == VITRINE_NO_COLUMN &&
        !log->default_kind_given)
        log->default_kind = VITRINE_RATE;
    return true;
}

static bool read_table(vitrine_log *log, vitrine_text *source, bool recbole, vitrine_problem *problem)
{
    const char *head;
    size_t size;
    if (!vitrine_text_peek(source, &head, &size, problem)) return false;
    const char *stop = size == 0 ? NULL : memchr(head, '\n', size);
    const char delimiter =
        recbole ? '\t' : vitrine_csv_delimiter(head, stop == NULL ? size : (size_t)(stop - head));
    vitrine_csv csv;
    int column[COLUMNS];
    bool ok = vitrine_csv_open(&csv, source, delimiter, problem);
    if (ok) {
        const vitrine_step step = vitrine_csv_next(&csv, problem);
        if (step == VITRINE_STEP_END)
            vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: empty: a header line was expected",
                                vitrine_text_name(source));
        ok = step == VITRINE_STEP_ONE;
    }
    if (ok && recbole) /* "item_id:token": the type says nothing that we do not know */
        for (uint32_t i = 0; i < csv.fields; i++) {
            const char *colon = memchr(csv.field[i].text, ':', csv.field[i].length);
            if (colon != NULL) csv.field[i].length = (size_t)(colon - csv.field[i].text);
        }
    const bool numbers = log->options.no_header && !recbole;
    if (ok && numbers && log->options.columns == NULL)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                 "--no-header needs --columns with numbers, such as user=1,item=2,time=5");
    ok = ok && vitrine_columns_find(NAMES, COLUMNS, log->options.columns, numbers, csv.field,
                                    csv.fields, vitrine_text_name(source), column, problem);
    ok = ok && check_columns(log, &csv, column, vitrine_text_name(source), problem);
    static const vitrine_column_name subtypes[] = {{"subtype", "eventsubtype"}};
    int subtype = NONE;
    ok = ok && vitrine_columns_find(subtypes, 1, NULL, false, csv.field, csv.fields, NULL, &subtype, problem) &&
         read_rows(log, &csv, column, subtype, numbers, problem);
    vitrine_csv_close(&csv);
    return ok;
}

bool vitrine_log_events(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    return read_table(log, source, false, problem);
}

bool vitrine_log_algolia(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    return read_table(log, source, false, problem);
}

bool vitrine_log_recbole(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    return read_table(log, source, true, problem);
}
