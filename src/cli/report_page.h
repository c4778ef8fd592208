/* The page of `vitrine report`: one HTML file without scripts or requests, for screens of any width,
 * light and dark. Sections come from the JSON of other commands; each draws itself when its JSON fits. */
#ifndef VITRINE_CLI_REPORT_PAGE_H
#define VITRINE_CLI_REPORT_PAGE_H

#include "cli/model_file.h"
#include "cli/output.h"
#include "data/json.h"

/* Text as it stands between tags and in attributes. */
void report_text(cli_output *out, const char *text, size_t length);
void report_string(cli_output *out, const char *text);

/* Head, style sheet and title; the end of the page. */
void report_begin(cli_output *out, const char *title, const char *date);
void report_end(cli_output *out);

/* A section with its heading; `note` (may be null) says how to read it. */
void report_open(cli_output *out, const char *heading, const char *note);
void report_close(cli_output *out);

/* A figure of a row of key figures: open with report_tiles, close with report_tiles_end. */
void report_tiles(cli_output *out);
void report_tile(cli_output *out, const char *value, const char *what);
void report_tiles_end(cli_output *out);

/* A member's number, or NAN; its text, or "". */
double report_number(const cJSON *object, const char *name);
const char *report_word(const cJSON *object, const char *name);
/* 1234567 as "1,234,567": out [32]. */
const char *report_thousands(double value, char *out);
/* Bytes as "512 B", "67.5 KB", "1.25 MB": out [32]. */
const char *report_bytes(double value, char *out);

/* The sections. `result` is the whole JSON of one command. */
void report_train(cli_output *out, const cJSON *result);
void report_tune(cli_output *out, const cJSON *result);
void report_evaluate(cli_output *out, const cJSON *result);
void report_quantize(cli_output *out, const cJSON *result);
void report_bench(cli_output *out, const cJSON *result);
void report_rounds(cli_output *out, const cJSON *result); /* of make bench */
void report_start(cli_output *out, const cJSON *result);  /* of bench/start.mjs */
/* Items of a model on the plane, by category. False when memory is out. */
bool report_map(cli_output *out, const cli_model *model, const void *catalog, size_t catalog_size);

#endif
