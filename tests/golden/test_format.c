/* Files of every format version stay readable for ever, and give the list they gave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vitrine/engine.h"

static uint8_t *read_file(const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/%s", VITRINE_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *bytes = aligned_alloc(64, 65536);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 65536, file);
    fclose(file);
    return bytes;
}

/* Score bits as written down when format 1 was made. */
static const struct {
    const char *id;
    uint32_t bits;
} LIST[] = {
    {"137", 0x3d8cac9du},
    {"118", 0x3d66b3ccu},
    {"125", 0x3d10afd8u},
    {"134", 0x3ce4b900u},
    {"119", 0x3cbaf4acu},
    {"121", 0x3cb51985u},
    {"101", 0x3cb4fd9cu},
    {"104", 0x3ca3a20du},
    {"127", 0x3c8465f1u},
    {"112", 0x3c818918u},
};

static void format_1_gives_the_list_it_gave(void **state)
{
    (void)state;
    size_t model_size, catalog_size, profile_size;
    uint8_t *model = read_file("format1-model.vitrine", &model_size);
    uint8_t *catalog = read_file("format1-catalog.vitrine", &catalog_size);
    uint8_t *profile = read_file("format1-profile.vitrine", &profile_size);
    vitrine_engine *engine;
    vitrine_fault fault = {0};
    uint32_t skipped, count;
    assert_int_equal(vitrine_engine_create(model, model_size, catalog, catalog_size, 10, &engine, &fault),
                     VITRINE_OK);
    assert_int_equal(
        vitrine_profile_load(engine->visitor, profile, profile_size, &skipped, &fault), VITRINE_OK);
    assert_int_equal(skipped, 0);
    vitrine_scored list[10];
    assert_int_equal(vitrine_rank(engine->ranker, engine->visitor, NULL, 10, list, &count), VITRINE_OK);
    assert_int_equal(count, 10);
    for (uint32_t i = 0; i < 10; i++) {
        size_t length;
        uint32_t bits;
        const char *id = vitrine_catalog_id(engine->catalog, list[i].item, &length);
        memcpy(&bits, &list[i].score, sizeof bits);
        assert_int_equal(length, strlen(LIST[i].id));
        assert_memory_equal(id, LIST[i].id, length);
        assert_int_equal(bits, LIST[i].bits);
    }
    vitrine_engine_destroy(engine);
    free(profile);
    free(catalog);
    free(model);
}

static void the_smallest_file_opens(void **state)
{
    (void)state;
    size_t size;
    uint8_t *model = read_file("smallest.vitrine", &size);
    vitrine_engine *engine;
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_engine_create(model, size, NULL, 0, 1, &engine, &fault), VITRINE_OK);
    vitrine_scored list[2];
    uint32_t count;
    assert_int_equal(vitrine_rank(engine->ranker, engine->visitor, NULL, 2, list, &count), VITRINE_OK);
    assert_int_equal(count, 1);
    assert_true(list[0].score == 1.0f);
    vitrine_engine_destroy(engine);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_1_gives_the_list_it_gave),
        cmocka_unit_test(the_smallest_file_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
