/* Reads and writes that are short, interrupted or refused, and processes killed in the middle: what a
 * command reads is the same, and what it writes is the old file or the new one.
 *
 * Linked with --wrap for the system calls below. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <dirent.h>
#include <cmocka.h>

#include "cli/command.h"
#include "cli/output.h"

ssize_t __real_read(int file, void *to, size_t size);
ssize_t __real_write(int file, const void *from, size_t size);
int __real_fsync(int file);
int __real_rename(const char *from, const char *to);
ssize_t __wrap_read(int file, void *to, size_t size);
ssize_t __wrap_write(int file, const void *from, size_t size);
int __wrap_fsync(int file);
int __wrap_rename(const char *from, const char *to);

/* --- the system as it may be ------------------------------------------------------------------ */

enum { READ, WRITE, FSYNC, RENAME, CALLS };

static bool slow;          /* one byte at a time, every other call interrupted */
static uint64_t seen[CALLS];
static uint64_t fail_at[CALLS]; /* that call of the kind fails; 0: none */
static int with;           /* errno of the failure */

static bool fails(int call)
{
    seen[call]++;
    if (fail_at[call] == 0 || seen[call] != fail_at[call]) return false;
    errno = with;
    return true;
}

static bool interrupted(int call)
{
    if (!slow || seen[call] % 2 == 0) return false;
    errno = EINTR;
    return true;
}

ssize_t __wrap_read(int file, void *to, size_t size)
{
    if (fails(READ) || interrupted(READ)) return -1;
    return __real_read(file, to, slow && size > 7 ? 7 : size);
}

ssize_t __wrap_write(int file, const void *from, size_t size)
{
    if (fails(WRITE) || interrupted(WRITE)) return -1;
    return __real_write(file, from, slow && size > 11 ? 11 : size);
}

int __wrap_fsync(int file) { return fails(FSYNC) ? -1 : __real_fsync(file); }
int __wrap_rename(const char *from, const char *to) { return fails(RENAME) ? -1 : __real_rename(from, to); }

static void healthy(void)
{
    slow = false;
    memset(seen, 0, sizeof seen);
    memset(fail_at, 0, sizeof fail_at);
}

/* --- helpers ---------------------------------------------------------------------------------- */

static char folder[64], log_path[128], packed_path[128], written[128], messages[128];

static int files_in_folder(void)
{
    DIR *open = opendir(folder);
    int count = 0;
    assert_non_null(open);
    for (const struct dirent *entry; (entry = readdir(open)) != NULL;) count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

static void put(const char *path, const char *text)
{
    vitrine_problem problem = {0};
    assert_true(cli_output_file(path, text, strlen(text), &problem));
}

static char *text_of(const char *path)
{
    vitrine_problem problem = {0};
    void *bytes;
    size_t size;
    assert_true(cli_input_file(path, 1 << 24, &bytes, &size, &problem));
    char *text = malloc(size + 1);
    assert_non_null(text);
    memcpy(text, bytes, size);
    text[size] = 0;
    free(bytes);
    return text;
}

/* `vitrine import` from one log to `written`; standard error goes to `messages`. */
static int import(const char *log)
{
    const char *const words[] = {"import", "--events", log, "-o", written, NULL};
    char *argv[8];
    int argc = 0;
    for (; words[argc] != NULL; argc++) argv[argc] = (char *)(uintptr_t)words[argc];
    argv[argc] = NULL;
    fflush(stderr);
    const int kept = dup(STDERR_FILENO), file = open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    close(file);
    const int code = cmd_import(argc, argv);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    return code;
}

static char *expected;

/* --- the tests ------------------------------------------------------------------------------- */

static void short_and_interrupted_calls_change_nothing(void **state)
{
    (void)state;
    const char *const logs[] = {log_path, packed_path};
    for (int i = 0; i < 2; i++) {
        put(written, "old");
        slow = true;
        const int code = import(logs[i]);
        const uint64_t reads = seen[READ], writes = seen[WRITE];
        healthy();
        char *got = text_of(written);
        assert_int_equal(code, CLI_OK);
        assert_true(reads > 100 && writes > 100);
        assert_string_equal(got, expected);
        free(got);
    }
}

static void each_call_that_fails_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        int call, error;
    } faults[] = {{READ, EIO}, {WRITE, ENOSPC}, {WRITE, EIO}, {FSYNC, EIO}, {FSYNC, ENOSPC}, {RENAME, EACCES}};
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++) {
        put(written, "old");
        healthy();
        assert_int_equal(import(packed_path), CLI_OK);
        /* The second fsync is the directory's: after the rename, and not every file system has it. */
        const uint64_t calls = faults[f].call == FSYNC ? 1 : seen[faults[f].call];
        assert_true(calls > 0);
        put(written, "old");
        const int files = files_in_folder();
        for (uint64_t n = 1; n <= calls; n++) {
            healthy();
            fail_at[faults[f].call] = n;
            with = faults[f].error;
            const int code = import(packed_path);
            healthy();
            char *now = text_of(written), *said = text_of(messages);
            assert_int_equal(code, CLI_IO);
            assert_string_equal(now, "old");
            assert_non_null(strstr(said, faults[f].call == READ ? packed_path : written));
            assert_non_null(strstr(said, strerror(faults[f].error)));
            assert_int_equal(files_in_folder(), files);
            free(now);
            free(said);
        }
    }
}

/* A child writes one whole file after the other, all of one letter; killed at a random moment, what
 * stands there is one letter, and all of it. */
static void killed_writers_leave_a_whole_file(void **state)
{
    (void)state;
    enum { KILLS = 200, MOST = 1000, SIZE = 300000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'a', SIZE);
    vitrine_problem problem = {0};
    assert_true(cli_output_file(written, text, SIZE, &problem));
    srand(7);
    /* Moments are drawn from a time that grows, and kills go on until one came before, one during and
     * one after a writing: how long a writing takes is the machine's. */
    int replaced = 0, left_over = 0;
    for (int n = 0; n < KILLS || (n < MOST && (replaced == 0 || left_over == 0)); n++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            for (int letter = n;; letter++) {
                memset(text, 'a' + letter % 26, SIZE);
                if (!cli_output_file(written, text, SIZE, &problem)) _exit(1);
            }
        }
        const struct timespec pause = {0, rand() % (4000 + n * n / 10) * 1000L};
        nanosleep(&pause, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        void *bytes;
        size_t size;
        assert_true(cli_input_file(written, 1 << 24, &bytes, &size, &problem));
        assert_int_equal(size, SIZE);
        for (size_t i = 1; i < size; i++)
            if (((char *)bytes)[i] != ((char *)bytes)[0]) fail_msg("half a file after kill %d", n);
        replaced += ((char *)bytes)[0] != 'a';
        free(bytes);
        char part[192];
        snprintf(part, sizeof part, "%s.%ld.part", written, (long)child);
        left_over += unlink(part) == 0;
    }
    assert_true(replaced > 0 && left_over > 0);
    free(text);
}

static int make_files(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vitrine-io-XXXXXX");
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(log_path, sizeof log_path, "%s/log.csv", folder);
    snprintf(packed_path, sizeof packed_path, "%s/log.csv.gz", folder);
    snprintf(written, sizeof written, "%s/written.tsv", folder);
    snprintf(messages, sizeof messages, "%s/messages", folder);
    enum { ROWS = 3000 };
    char *text = malloc(ROWS * 64), *to = text;
    if (text == NULL) return 1;
    to += sprintf(to, "user,item,time,type\n");
    for (int i = 0; i < ROWS; i++)
        to += sprintf(to, "u%d,\"i%d\",%d,view_item\n", i % 97, i * 31 % 211, 1600000000 + i * 60);
    put(log_path, text);
    put(packed_path, text);
    put(messages, "");
    free(text);
    if (import(log_path) != CLI_OK) return 1;
    expected = text_of(written);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    free(expected);
    unlink(log_path);
    unlink(packed_path);
    unlink(written);
    unlink(messages);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_and_interrupted_calls_change_nothing),
        cmocka_unit_test(each_call_that_fails_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(killed_writers_leave_a_whole_file),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
