/* Bytes as records, with each delimiter. Every field lies in the text that was read. */
#include <stdlib.h>

#include "data/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_with(const uint8_t *bytes, size_t size, char delimiter)
{
    vitrine_problem problem = {0};
    vitrine_csv csv;
    vitrine_text *source = vitrine_text_memory("fuzz", bytes, size, 1 << 22, &problem);
    if (source == NULL) return;
    size_t sum = 0;
    uint64_t line = 0;
    vitrine_step step = VITRINE_STEP_END;
    if (vitrine_csv_open(&csv, source, delimiter, &problem)) {
        while ((step = vitrine_csv_next(&csv, &problem)) == VITRINE_STEP_ONE) {
            if (csv.fields == 0 || csv.fields > VITRINE_CSV_FIELDS || csv.line <= line) abort();
            line = csv.line;
            for (uint32_t i = 0; i < csv.fields; i++) {
                for (size_t c = 0; c < csv.field[i].length; c++) sum += (size_t)(csv.field[i].text[c] != 0);
                sum -= csv.field[i].length; /* no zero byte comes through */
            }
        }
        vitrine_csv_close(&csv);
    }
    if (sum != 0 || (step == VITRINE_STEP_BAD) != (problem.kind != VITRINE_PROBLEM_NONE)) abort();
    vitrine_text_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char delimiters[] = {',', ';', '|', '\t'};
    for (int i = 0; i < 4; i++) read_with(bytes, size, delimiters[i]);
    return 0;
}
