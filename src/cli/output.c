#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "data/text_source.h"

enum { BLOCK = 1 << 16 };

struct cli_output {
    char *path;   /* null: stdout */
    char *beside; /* null: written in place, since it is no regular file */
    int file;
    bool gzip, failed;
    int error; /* errno of the first failure */
    z_stream stream;
    uint8_t block[BLOCK];
    size_t used;
    uint8_t packed[BLOCK];
};

static void release(cli_output *output)
{
    if (output->gzip) deflateEnd(&output->stream);
    free(output->path);
    free(output->beside);
    free(output);
}

/* A device or pipe that the user named is written to, not replaced by a file. */
static bool is_special(const char *path)
{
    struct stat kind;
    return stat(path, &kind) == 0 && !S_ISREG(kind.st_mode) && !S_ISDIR(kind.st_mode);
}

/* A name of its own for each process, in the same directory so that the rename stays one step. */
static bool name_beside(cli_output *output, const char *path)
{
    const size_t length = strlen(path);
    output->path = malloc(length + 1);
    output->beside = malloc(length + 32);
    if (output->path == NULL || output->beside == NULL) return false;
    memcpy(output->path, path, length + 1);
    if (is_special(path)) {
        free(output->beside);
        output->beside = NULL;
        return true;
    }
    snprintf(output->beside, length + 32, "%s.%ld.part", path, (long)getpid());
    return true;
}

cli_output *cli_output_open(const char *path, vitrine_problem *problem)
{
    cli_output *output = calloc(1, sizeof *output);
    const size_t length = strlen(path);
    if (output == NULL) {
        vitrine_problem_memory(problem);
        return NULL;
    }
    if (strcmp(path, "-") == 0) {
        output->file = STDOUT_FILENO;
        return output;
    }
    if (!name_beside(output, path)) {
        release(output);
        vitrine_problem_memory(problem);
        return NULL;
    }
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0) {
        if (deflateInit2(&output->stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
            release(output);
            vitrine_problem_memory(problem);
            return NULL;
        }
        output->gzip = true;
    }
    if (output->beside == NULL) output->file = open(path, O_WRONLY | O_CLOEXEC);
    else output->file = open(output->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output->file < 0) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot write here: %s", path, strerror(errno));
        release(output);
        return NULL;
    }
    return output;
}

static void put(cli_output *output, const uint8_t *bytes, size_t size)
{
    while (size > 0 && !output->failed) {
        const ssize_t wrote = write(output->file, bytes, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            output->failed = true;
            output->error = wrote < 0 ? errno : EIO;
            return;
        }
        bytes += wrote;
        size -= (size_t)wrote;
    }
}

static void flush(cli_output *output, bool last)
{
    if (!output->gzip) {
        put(output, output->block, output->used);
        output->used = 0;
        return;
    }
    output->stream.next_in = output->block;
    output->stream.avail_in = (uInt)output->used;
    do {
        output->stream.next_out = output->packed;
        output->stream.avail_out = BLOCK;
        deflate(&output->stream, last ? Z_FINISH : Z_NO_FLUSH);
        put(output, output->packed, BLOCK - output->stream.avail_out);
    } while (output->stream.avail_out == 0);
    output->used = 0;
}

void cli_output_write(cli_output *output, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0 && !output->failed) {
        const size_t room = BLOCK - output->used, take = size < room ? size : room;
        memcpy(output->block + output->used, at, take);
        output->used += take;
        at += take;
        size -= take;
        if (output->used == BLOCK) flush(output, false);
    }
}

void cli_output_printf(cli_output *output, const char *format, ...)
{
    char line[1024];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof line) {
        cli_output_write(output, line, (size_t)length);
    } else if (length >= 0) {
        char *longer = malloc((size_t)length + 1);
        if (longer == NULL) {
            output->failed = true;
            output->error = ENOMEM;
        } else {
            vsnprintf(longer, (size_t)length + 1, format, again);
            cli_output_write(output, longer, (size_t)length);
            free(longer);
        }
    }
    va_end(again);
}

/* Make the rename itself last: sync the directory. Not every file system can, so its word is not
 * asked for. */
static void sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = malloc(strlen(path) + 2);
    if (directory == NULL) return;
    if (slash == NULL) strcpy(directory, ".");
    else snprintf(directory, strlen(path) + 2, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    const int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(directory);
}

static void note(cli_output *output, bool ok)
{
    if (ok || output->failed) return;
    output->failed = true;
    output->error = errno;
}

bool cli_output_commit(cli_output *output, vitrine_problem *problem)
{
    flush(output, true);
    const bool standard = output->path == NULL;
    if (!standard) {
        note(output, output->beside == NULL || fsync(output->file) == 0);
        note(output, close(output->file) == 0);
    }
    if (output->beside != NULL) {
        if (!output->failed) note(output, rename(output->beside, output->path) == 0);
        if (output->failed) unlink(output->beside);
        else sync_directory(output->path);
    }
    const bool ok = !output->failed;
    if (!ok)
        vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot write: %s",
                            standard ? "standard output" : output->path, strerror(output->error));
    release(output);
    return ok;
}

void cli_output_discard(cli_output *output)
{
    if (output == NULL) return;
    if (output->path != NULL) close(output->file);
    if (output->beside != NULL) unlink(output->beside);
    release(output);
}

bool cli_output_file(const char *path, const void *bytes, size_t size, vitrine_problem *problem)
{
    cli_output *output = cli_output_open(path, problem);
    if (output == NULL) return false;
    cli_output_write(output, bytes, size);
    return cli_output_commit(output, problem);
}

bool cli_input_file(const char *path, size_t max_size, void **bytes, size_t *size,
                    vitrine_problem *problem)
{
    *bytes = NULL;
    *size = 0;
    vitrine_text *source = vitrine_text_open(path, 0, problem);
    if (source == NULL) return false;
    char *all = NULL;
    const bool read = vitrine_text_rest(source, max_size, &all, size, problem);
    vitrine_text_close(source);
    if (!read) return false;
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, *size + 64) != 0) {
        free(all);
        *size = 0;
        return vitrine_problem_memory(problem);
    }
    memcpy(aligned, all, *size);
    free(all);
    *bytes = aligned;
    return true;
}
