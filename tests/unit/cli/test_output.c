/* Output files are whole or absent. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/output.h"

static char folder[64], path[128];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vitrine-out-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static int files_in_folder(void)
{
    DIR *open = opendir(folder);
    int count = 0;
    assert_non_null(open);
    for (const struct dirent *entry; (entry = readdir(open)) != NULL;) count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

static void expect_content(const char *want, size_t size)
{
    vitrine_problem problem = {0};
    void *bytes;
    size_t got;
    assert_true(cli_input_file(path, 1 << 20, &bytes, &got, &problem));
    assert_int_equal(got, size);
    assert_memory_equal(bytes, want, size);
    assert_int_equal((uintptr_t)bytes % 64, 0);
    free(bytes);
}

static void a_file_appears_only_when_it_is_committed(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    snprintf(path, sizeof path, "%s/a.txt", folder);
    assert_true(cli_output_file(path, "old", 3, &problem));
    cli_output *output = cli_output_open(path, &problem);
    assert_non_null(output);
    cli_output_printf(output, "new %d", 1);
    expect_content("old", 3);
    cli_output_discard(output);
    expect_content("old", 3);
    assert_int_equal(files_in_folder(), 1);
    output = cli_output_open(path, &problem);
    cli_output_printf(output, "new %d", 1);
    assert_true(cli_output_commit(output, &problem));
    expect_content("new 1", 5);
    assert_int_equal(files_in_folder(), 1);
    unlink(path);
}

static void gz_by_name_is_compressed_and_reads_back(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    enum { SIZE = 300000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (int i = 0; i < SIZE; i++) text[i] = (char)('a' + i * 7 % 23);
    snprintf(path, sizeof path, "%s/a.gz", folder);
    assert_true(cli_output_file(path, text, SIZE, &problem));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fgetc(file), 0x1f);
    assert_int_equal(fgetc(file), 0x8b);
    fclose(file);
    expect_content(text, SIZE);
    free(text);
    unlink(path);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    assert_null(cli_output_open("/nowhere/at/all", &problem));
    assert_int_equal(problem.kind, VITRINE_PROBLEM_IO);
    assert_non_null(strstr(problem.text, "/nowhere/at/all"));
}

static void a_full_disk_is_an_error_and_not_a_short_file(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    if (access("/dev/full", W_OK) != 0) skip();
    assert_false(cli_output_file("/dev/full", "x", 1, &problem));
    assert_int_equal(problem.kind, VITRINE_PROBLEM_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_only_when_it_is_committed),
        cmocka_unit_test(gz_by_name_is_compressed_and_reads_back),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        cmocka_unit_test(a_full_disk_is_an_error_and_not_a_short_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
