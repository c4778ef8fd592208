/* Purchase intent against intent.json, which make_intent.mjs works out in double precision: the
 * section is put together byte by byte as docs/model-format.md says, and opened in a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/writer.h"
#include "support/golden.h"
#include "support/small_shop.h"
#include "vitrine/engine.h"

enum { INPUTS = 16, ITEMS = 40, HEAD = 32 };

static cJSON *golden;

static int read_golden(void **state)
{
    (void)state;
    golden = golden_read("intent");
    return golden ? 0 : -1;
}

static int drop_golden(void **state)
{
    (void)state;
    cJSON_Delete(golden);
    return 0;
}

static double at(const char *name, size_t index)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(golden, name);
    const cJSON *value = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, (int)index) : list;
    assert_non_null(value);
    return value->valuedouble;
}

/* The golden weights as a section; free() it. */
static uint8_t *section_of(size_t *size)
{
    const uint32_t H = (uint32_t)at("hidden", 0), rows = 4 * H;
    *size = HEAD + (3 * rows + H) * 4 + (INPUTS + H) * rows;
    uint8_t *bytes = calloc(*size, 1);
    assert_non_null(bytes);
    vitrine_writer to = {bytes, bytes + *size, true};
    vitrine_write_u32(&to, H);
    vitrine_write_u32(&to, INPUTS);
    vitrine_write_u32(&to, (uint32_t)at("gap", 0));
    vitrine_write_f32(&to, 0.25f);
    vitrine_write_f32(&to, (float)(at("out_bias", 0) / 1024));
    to.at = bytes + HEAD;
    const char *const floats[] = {"bias", "scale_w", "scale_u"};
    for (int f = 0; f < 3; f++)
        for (uint32_t r = 0; r < rows; r++) vitrine_write_f32(&to, (float)(at(floats[f], r) / 1024));
    for (uint32_t j = 0; j < H; j++) vitrine_write_f32(&to, (float)(at("out", j) / 1024));
    for (uint32_t c = 0; c < INPUTS; c++)
        for (uint32_t r = 0; r < rows; r++) *to.at++ = (uint8_t)(int8_t)at("w", r * INPUTS + c);
    for (uint32_t c = 0; c < H; c++)
        for (uint32_t r = 0; r < rows; r++) *to.at++ = (uint8_t)(int8_t)at("u", r * H + c);
    assert_ptr_equal(to.at, to.end);
    return bytes;
}

/* A model with the golden popularity and this section (null: none), opened. */
static vitrine_engine *engine_with(const uint8_t *section, size_t section_size, vitrine_status want)
{
    small_shop shop;
    small_shop_options options = small_shop_usual();
    float popularity[ITEMS];
    vitrine_fault fault;
    vitrine_engine *engine;
    size_t size;
    options.items = ITEMS;
    options.precision = VITRINE_F32;
    small_shop_make(&shop, &options);
    for (size_t i = 0; i < ITEMS; i++) popularity[i] = (float)at("shares", i);
    vitrine_model_parts parts = shop.parts;
    parts.popularity = popularity;
    parts.intent = section;
    parts.intent_size = section_size;
    const size_t bound = vitrine_model_write_bound(&parts);
    void *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
    assert_int_equal(vitrine_model_write(&parts, bytes, bound, &size, &fault), VITRINE_OK);
    assert_int_equal(vitrine_engine_create(bytes, size, NULL, 0, 200, &engine, &fault), want);
    free(bytes);
    small_shop_free(&shop);
    return engine;
}

static void intent_is_that_of_double_precision_after_every_event(void **state)
{
    (void)state;
    size_t size;
    uint8_t *section = section_of(&size);
    vitrine_engine *engine = engine_with(section, size, VITRINE_OK);
    float intent = 1.0f, largest = 0.0f, least = 1.0f;
    assert_false(vitrine_profile_intent(engine->visitor, &intent));
    assert_true(intent == 0.0f);
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(golden, "events");
    const cJSON *answers = cJSON_GetObjectItemCaseSensitive(golden, "answers");
    for (int n = 0; n < cJSON_GetArraySize(events); n++) {
        const cJSON *row = cJSON_GetArrayItem(events, n), *want = cJSON_GetArrayItem(answers, n);
        const vitrine_event event = {
            .item = (uint32_t)cJSON_GetArrayItem(row, 0)->valueint,
            .kind = (uint32_t)cJSON_GetArrayItem(row, 1)->valueint,
            .time = (int64_t)cJSON_GetArrayItem(row, 2)->valuedouble,
        };
        assert_int_equal(vitrine_profile_observe(engine->visitor, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_intent(engine->visitor, &intent), !cJSON_IsNull(want));
        if (cJSON_IsNull(want)) continue;
        if (!(fabs((double)intent - want->valuedouble) <= 1e-5))
            fail_msg("event %d: %.9g, not %.9g", n, (double)intent, want->valuedouble);
        if (intent > largest) largest = intent;
        if (intent < least) least = intent;
    }
    assert_true(largest - least > 0.2f); /* the file tells visits apart */
    vitrine_profile_forget_all(engine->visitor);
    assert_false(vitrine_profile_intent(engine->visitor, &intent));
    vitrine_engine_destroy(engine);
    free(section);
}

static void a_model_without_the_section_has_no_intent(void **state)
{
    (void)state;
    float intent;
    vitrine_engine *engine = engine_with(NULL, 0, VITRINE_OK);
    const vitrine_event event = {.item = 1, .time = 1700000000};
    assert_int_equal(vitrine_profile_observe(engine->visitor, &event), VITRINE_OK);
    assert_false(vitrine_profile_intent(engine->visitor, &intent));
    vitrine_engine_destroy(engine);
}

static void a_section_that_cannot_be_is_refused(void **state)
{
    (void)state;
    size_t size;
    uint8_t *section = section_of(&size);
    /* hidden, inputs, gap (0 and too long), base, out bias NaN, reserved, a bias NaN, a scale < 0 */
    static const struct {
        size_t at;
        uint32_t bits;
    } wrong[] = {{0, 0}, {0, 10}, {4, 15}, {8, 0}, {8, 2592001}, {12, 0x3f800001}, {16, 0x7fc00000},
                 {20, 1}, {HEAD + 8, 0x7fc00000}, {HEAD + 4 * 36, 0xbf800000}};
    for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        uint8_t kept[4];
        memcpy(kept, section + wrong[n].at, 4);
        memcpy(section + wrong[n].at, &wrong[n].bits, 4);
        assert_null(engine_with(section, size, VITRINE_BAD_VALUE));
        memcpy(section + wrong[n].at, kept, 4);
    }
    assert_null(engine_with(section, size - 1, VITRINE_BAD_VALUE));
    assert_null(engine_with(section, 8, VITRINE_BAD_VALUE));
    free(section);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intent_is_that_of_double_precision_after_every_event),
        cmocka_unit_test(a_model_without_the_section_has_no_intent),
        cmocka_unit_test(a_section_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, read_golden, drop_golden);
}
