/* Bytes as a Merchant feed. Whatever they are, there is an answer, and a refusal has words. */
#include <stdlib.h>

#include "data/item_builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const vitrine_item_options options = {0};
    vitrine_item_builder builder = {.options = &options};
    vitrine_item_table table = {0};
    vitrine_problem problem = {0};
    if (!vitrine_item_builder_names(&builder, &problem)) abort();
    vitrine_text *source = vitrine_text_memory("fuzz", bytes, size, 1 << 22, &problem);
    if (source == NULL) return 0;
    const bool read = vitrine_item_xml(&builder, source, &problem);
    if (read == (problem.kind != VITRINE_PROBLEM_NONE)) abort();
    if (read && builder.id.count > 0 && !vitrine_item_builder_finish(&builder, &table)) abort();
    vitrine_item_table_free(&table);
    vitrine_item_builder_free(&builder);
    vitrine_text_close(source);
    return 0;
}
