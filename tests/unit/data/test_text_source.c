/* Lines from memory, plain and gzip files. Compressed input is made by zlib's own deflate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "data/text_source.h"

static size_t squeeze(const void *bytes, size_t size, uint8_t *out, size_t room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t used = room - z.avail_out;
    deflateEnd(&z);
    return used;
}

static void expect_line(vitrine_text *text, const char *want)
{
    vitrine_problem problem = {0};
    char *line;
    size_t length;
    assert_int_equal(vitrine_text_line(text, &line, &length, &problem), VITRINE_STEP_ONE);
    assert_int_equal(length, strlen(want));
    assert_memory_equal(line, want, length);
}

static vitrine_step next(vitrine_text *text, vitrine_problem *problem)
{
    char *line;
    size_t length;
    return vitrine_text_line(text, &line, &length, problem);
}

static void lines_end_at_lf_crlf_or_the_end(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("t", "\xef\xbb\xbf" "a\r\n\nbc\nlast", 14, 0, &problem);
    expect_line(text, "a");
    expect_line(text, "");
    expect_line(text, "bc");
    assert_int_equal(vitrine_text_line_number(text), 3);
    expect_line(text, "last");
    assert_int_equal(next(text, &problem), VITRINE_STEP_END);
    vitrine_text_close(text);
}

static void a_peek_does_not_move_on(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    const char *head;
    size_t size;
    vitrine_text *text = vitrine_text_memory("t", "\xef\xbb\xbf" "one\ntwo", 10, 0, &problem);
    assert_true(vitrine_text_peek(text, &head, &size, &problem));
    assert_int_equal(size, 7);
    assert_memory_equal(head, "one\ntwo", 7);
    expect_line(text, "one");
    expect_line(text, "two");
    vitrine_text_close(text);
}

static void gzip_of_one_or_several_members_reads_like_plain_text(void **state)
{
    (void)state;
    uint8_t bytes[256];
    size_t size = squeeze("one\ntw", 6, bytes, sizeof bytes);
    size += squeeze("o\nthree", 7, bytes + size, sizeof bytes - size);
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("t.gz", bytes, size, 0, &problem);
    expect_line(text, "one");
    expect_line(text, "two");
    expect_line(text, "three");
    assert_int_equal(next(text, &problem), VITRINE_STEP_END);
    vitrine_text_close(text);
}

static void every_truncation_of_a_gzip_file_is_refused_by_name(void **state)
{
    (void)state;
    uint8_t bytes[256];
    const size_t size = squeeze("one\ntwo\nthree\nfour\n", 19, bytes, sizeof bytes);
    for (size_t cut = 2; cut < size; cut++) {
        vitrine_problem problem = {0};
        vitrine_text *text = vitrine_text_memory("cut.gz", bytes, cut, 0, &problem);
        vitrine_step step;
        while ((step = next(text, &problem)) == VITRINE_STEP_ONE) continue;
        assert_int_equal(step, VITRINE_STEP_BAD);
        assert_int_equal(problem.kind, VITRINE_PROBLEM_INPUT);
        assert_non_null(strstr(problem.text, "cut.gz"));
        vitrine_text_close(text);
    }
}

static void a_damaged_gzip_file_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[256];
    const size_t size = squeeze("one\ntwo\nthree\nfour\n", 19, bytes, sizeof bytes);
    bytes[size - 6] ^= 1; /* in the checksum */
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("bad.gz", bytes, size, 0, &problem);
    vitrine_step step;
    while ((step = next(text, &problem)) == VITRINE_STEP_ONE) continue;
    assert_int_equal(step, VITRINE_STEP_BAD);
    assert_non_null(strstr(problem.text, "damaged"));
    vitrine_text_close(text);
}

static void a_gzip_bomb_is_stopped(void **state)
{
    (void)state;
    const size_t size = (size_t)256 << 20, room = (size_t)1 << 20;
    char *zeros = malloc(size);
    uint8_t *bytes = malloc(room);
    assert_non_null(zeros);
    assert_non_null(bytes);
    memset(zeros, '\n', size); /* deflate reaches about 1000:1 */
    const size_t packed = squeeze(zeros, size, bytes, room);
    free(zeros);
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("bomb.gz", bytes, packed, 0, &problem);
    uint64_t lines = 0;
    vitrine_step step;
    while ((step = next(text, &problem)) == VITRINE_STEP_ONE) lines++;
    assert_int_equal(step, VITRINE_STEP_BAD);
    assert_non_null(strstr(problem.text, "200 times"));
    assert_true(lines < VITRINE_GZIP_FREE + (1 << 20));
    vitrine_text_close(text);
    free(bytes);
}

static void more_than_max_bytes_is_refused(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("t", "one\ntwo\n", 8, 7, &problem);
    vitrine_step step;
    while ((step = next(text, &problem)) == VITRINE_STEP_ONE) continue;
    assert_int_equal(step, VITRINE_STEP_BAD);
    assert_non_null(strstr(problem.text, "--max-bytes"));
    vitrine_text_close(text);
}

static void a_line_above_one_megabyte_is_refused_and_one_below_is_not(void **state)
{
    (void)state;
    for (int above = 0; above < 2; above++) {
        const size_t size = VITRINE_LINE_MAX + (size_t)above;
        char *bytes = malloc(size + 1);
        assert_non_null(bytes);
        memset(bytes, 'x', size);
        bytes[size] = '\n';
        vitrine_problem problem = {0};
        vitrine_text *text = vitrine_text_memory("t", bytes, size + 1, 0, &problem);
        assert_int_equal(next(text, &problem), above ? VITRINE_STEP_BAD : VITRINE_STEP_ONE);
        vitrine_text_close(text);
        free(bytes);
    }
}

static void a_zero_byte_is_no_text(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    vitrine_text *text = vitrine_text_memory("t", "a\0b\n", 4, 0, &problem);
    assert_int_equal(next(text, &problem), VITRINE_STEP_BAD);
    assert_non_null(strstr(problem.text, "UTF-16"));
    vitrine_text_close(text);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    vitrine_problem problem = {0};
    assert_null(vitrine_text_open("/nowhere/at-all.csv", 0, &problem));
    assert_int_equal(problem.kind, VITRINE_PROBLEM_IO);
    assert_non_null(strstr(problem.text, "/nowhere/at-all.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_at_lf_crlf_or_the_end),
        cmocka_unit_test(a_peek_does_not_move_on),
        cmocka_unit_test(gzip_of_one_or_several_members_reads_like_plain_text),
        cmocka_unit_test(every_truncation_of_a_gzip_file_is_refused_by_name),
        cmocka_unit_test(a_damaged_gzip_file_is_refused),
        cmocka_unit_test(a_gzip_bomb_is_stopped),
        cmocka_unit_test(more_than_max_bytes_is_refused),
        cmocka_unit_test(a_line_above_one_megabyte_is_refused_and_one_below_is_not),
        cmocka_unit_test(a_zero_byte_is_no_text),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
