#include "support/golden.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1 << 18 };

cJSON *golden_read(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, VITRINE_SOURCE_DIR "/tests/golden/%s.json", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = calloc(MOST, 1);
    const size_t size = text != NULL ? fread(text, 1, MOST - 1, file) : 0;
    fclose(file);
    cJSON *golden = size > 0 ? cJSON_Parse(text) : NULL;
    free(text);
    return golden;
}
