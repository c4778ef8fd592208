/* vitrine quantize from file to file, on a small shop's f32 model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "support/small_shop.h"

static char folder[] = "/tmp/vitrine-quantize-XXXXXX";
static char whole[64], alone[64], small[64], log_path[64];

static int make_files(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_options options = small_shop_usual();
    vitrine_problem problem = {0};
    uint64_t random = 2;
    options.precision = VITRINE_F32;
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(whole, sizeof whole, "%s/m.vitrine", folder);
    snprintf(alone, sizeof alone, "%s/alone.vitrine", folder);
    snprintf(small, sizeof small, "%s/m8.vitrine", folder);
    snprintf(log_path, sizeof log_path, "%s/log.txt", folder);
    small_shop_make(&shop, &options);
    bool ok = cli_output_file(whole, shop.model, shop.model_size, &problem);
    /* The network alone: the logit is the score. */
    vitrine_fault fault = {0};
    size_t size;
    shop.parts.config.fused = 0;
    ok = ok && vitrine_model_write(&shop.parts, shop.model, shop.model_size, &size, &fault) == VITRINE_OK &&
         cli_output_file(alone, shop.model, size, &problem);
    small_shop_free(&shop);
    FILE *log = fopen(log_path, "w");
    if (!ok || log == NULL) return 1;
    for (int s = 0; s < 200; s++) {
        for (int n = 0; n < 5; n++) {
            char id[16];
            small_shop_id((uint32_t)(small_shop_random(&random) % options.items), id);
            fprintf(log, "%s ", id);
        }
        fputc('\n', log);
    }
    return fclose(log);
}

static int remove_files(void **state)
{
    (void)state;
    remove(whole);
    remove(alone);
    remove(small);
    remove(log_path);
    return rmdir(folder);
}

static int quantize(const char *most)
{
    char *argv[] = { "quantize", whole, "-o", small, "--format", "sessions", "--events", log_path,
                     "--max-ndcg-drop", (char *)(uintptr_t)most, "--json", NULL };
    return cmd_quantize(11, argv);
}

static void the_file_written_opens_with_int8_rows_of_the_same_items(void **state)
{
    (void)state;
    cli_model before, after;
    assert_int_equal(quantize("0.02"), CLI_OK);
    assert_int_equal(cli_model_open("test", whole, &before), CLI_OK);
    assert_int_equal(cli_model_open("test", small, &after), CLI_OK);
    assert_int_equal(after.model->config.precision, VITRINE_INT8);
    assert_true(after.size < before.size);
    assert_int_equal(after.model->config.items, before.model->config.items);
    for (uint32_t i = 0; i < after.model->config.items; i++) {
        float a[VITRINE_MAX_WIDTH], b[VITRINE_MAX_WIDTH], largest = 0;
        vitrine_model_item_vector(before.model, i, a);
        vitrine_model_item_vector(after.model, i, b);
        for (uint32_t d = 0; d < before.model->config.dim; d++)
            if (largest < (a[d] < 0 ? -a[d] : a[d])) largest = a[d] < 0 ? -a[d] : a[d];
        /* 127 steps a side: half a step is the most that rounding moves a number. */
        for (uint32_t d = 0; d < before.model->config.dim; d++)
            assert_float_equal(a[d], b[d], largest / 127 * 0.501f);
    }
    cli_model_close(&before);
    cli_model_close(&after);
}

static int quantize_exactly(const char *model)
{
    char *argv[] = { "quantize", (char *)(uintptr_t)model, "--exact", "-o", small, "--format", "sessions",
                     "--events", log_path, "--max-ndcg-drop", "0", "--json", NULL };
    return cmd_quantize(12, argv);
}

static void an_exact_model_loses_nothing(void **state)
{
    (void)state;
    cli_model after;
    assert_int_equal(quantize_exactly(alone), CLI_OK);
    assert_int_equal(cli_model_open("test", small, &after), CLI_OK);
    assert_int_equal(after.model->config.precision, VITRINE_EXACT);
    cli_model_close(&after);
}

static void exact_rows_of_a_fused_model_are_refused(void **state)
{
    (void)state;
    assert_int_equal(quantize_exactly(whole), CLI_INPUT);
}

/* Quantised and split at once, and split ones laid out in panels again without a log. */
static void rows_are_split_and_put_in_panels_again(void **state)
{
    (void)state;
    char panels[300], back[300];
    snprintf(panels, sizeof panels, "%s/panels.vitrine", folder);
    snprintf(back, sizeof back, "%s/back.vitrine", folder);
    char *split[] = { "quantize", alone, "-o", small, "--rows", "split", "--format", "sessions", "--events", log_path,
                      "--max-ndcg-drop", "0.1", "--json", NULL };
    char *usual[] = { "quantize", alone, "-o", panels, "--format", "sessions", "--events", log_path,
                      "--max-ndcg-drop", "0.1", "--json", NULL };
    char *again[] = { "quantize", small, "-o", back, "--rows", "panels", NULL };
    cli_model one, other, third;
    assert_int_equal(cmd_quantize(13, split), CLI_OK);
    assert_int_equal(cmd_quantize(11, usual), CLI_OK);
    assert_int_equal(cmd_quantize(6, again), CLI_OK);
    assert_int_equal(cli_model_open("test", small, &one), CLI_OK);
    assert_int_equal(cli_model_open("test", panels, &other), CLI_OK);
    assert_int_equal(cli_model_open("test", back, &third), CLI_OK);
    assert_true(vitrine_model_is_split(one.model) && !vitrine_model_is_split(other.model));
    assert_int_equal(third.size, other.size);
    assert_memory_equal(third.bytes, other.bytes, other.size);
    cli_model_close(&one);
    cli_model_close(&other);
    cli_model_close(&third);
    remove(panels);
    remove(back);
}

static void split_rows_of_a_fused_model_are_refused(void **state)
{
    (void)state;
    char *argv[] = { "quantize", whole, "-o", small, "--rows", "split", "--events", log_path, NULL };
    assert_int_equal(cmd_quantize(8, argv), CLI_INPUT);
}

static void another_model_is_not_replaced_when_its_own_file_is_refused(void **state)
{
    (void)state;
    char *argv[] = { "quantize", log_path, "-o", small, "--events", log_path, NULL };
    assert_int_equal(quantize("0.02"), CLI_OK);
    assert_int_equal(cmd_quantize(6, argv), CLI_INPUT);
    cli_model kept;
    assert_int_equal(cli_model_open("test", small, &kept), CLI_OK);
    cli_model_close(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_written_opens_with_int8_rows_of_the_same_items),
        cmocka_unit_test(an_exact_model_loses_nothing),
        cmocka_unit_test(exact_rows_of_a_fused_model_are_refused),
        cmocka_unit_test(rows_are_split_and_put_in_panels_again),
        cmocka_unit_test(split_rows_of_a_fused_model_are_refused),
        cmocka_unit_test(another_model_is_not_replaced_when_its_own_file_is_refused),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
