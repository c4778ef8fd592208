/* Decompression is done here with zlib's inflate rather than gzread, because the ratio of a bomb
 * must be known from the compressed side as well, also on a pipe. */
#include "data/text_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 1 << 16, START = 1 << 18, PEEK = 1 << 16 };

struct vitrine_text {
    char *name;
    int file; /* -1: memory */
    const uint8_t *memory;
    size_t memory_left;

    uint8_t *raw; /* [BLOCK] compressed or plain bytes as they came */
    size_t raw_at, raw_end;
    bool raw_done;
    bool gzip, in_member;
    z_stream stream;

    char *buffer; /* [capacity] text not yet handed out is at .. end */
    size_t capacity, at, end;
    bool text_done;
    uint64_t in, out, max_bytes;
    uint64_t line;
    bool mark_skipped;
};

static void read_raw(vitrine_text *text, vitrine_problem *problem)
{
    if (text->file < 0) {
        const size_t take = text->memory_left < BLOCK ? text->memory_left : BLOCK;
        if (take > 0) memcpy(text->raw, text->memory, take);
        text->memory += take;
        text->memory_left -= take;
        text->raw_end = take;
    } else {
        ssize_t got;
        do got = read(text->file, text->raw, BLOCK);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot read: %s", text->name,
                                strerror(errno));
            got = 0;
        }
        text->raw_end = (size_t)got;
    }
    text->raw_at = 0;
    text->in += text->raw_end;
    if (text->raw_end == 0) text->raw_done = true;
}

static vitrine_text *start(vitrine_text *text, const char *name, uint64_t max_bytes,
                           vitrine_problem *problem)
{
    text->max_bytes = max_bytes;
    text->name = malloc(strlen(name) + 1);
    text->raw = malloc(BLOCK);
    text->buffer = malloc(START);
    text->capacity = START;
    if (text->name == NULL || text->raw == NULL || text->buffer == NULL) {
        vitrine_problem_memory(problem);
        vitrine_text_close(text);
        return NULL;
    }
    strcpy(text->name, name);
    read_raw(text, problem);
    text->gzip = text->raw_end >= 2 && text->raw[0] == 0x1f && text->raw[1] == 0x8b;
    if (text->gzip) {
        if (inflateInit2(&text->stream, 15 + 16) != Z_OK) {
            text->gzip = false;
            vitrine_problem_memory(problem);
        }
        text->in_member = true;
    }
    if (problem->kind != VITRINE_PROBLEM_NONE) {
        vitrine_text_close(text);
        return NULL;
    }
    return text;
}

vitrine_text *vitrine_text_open(const char *path, uint64_t max_bytes, vitrine_problem *problem)
{
    vitrine_text *text = calloc(1, sizeof *text);
    if (text == NULL) {
        vitrine_problem_memory(problem);
        return NULL;
    }
    const bool standard = strcmp(path, "-") == 0;
    text->file = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (text->file < 0) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot open: %s", path, strerror(errno));
        free(text);
        return NULL;
    }
    return start(text, standard ? "standard input" : path, max_bytes, problem);
}

vitrine_text *vitrine_text_memory(const char *name, const void *bytes, size_t size,
                                  uint64_t max_bytes, vitrine_problem *problem)
{
    vitrine_text *text = calloc(1, sizeof *text);
    if (text == NULL) {
        vitrine_problem_memory(problem);
        return NULL;
    }
    text->file = -1;
    text->memory = bytes;
    text->memory_left = size;
    return start(text, name, max_bytes, problem);
}

void vitrine_text_close(vitrine_text *text)
{
    if (text == NULL) return;
    if (text->gzip) inflateEnd(&text->stream);
    if (text->file >= 0) close(text->file);
    free(text->name);
    free(text->raw);
    free(text->buffer);
    free(text);
}

static bool inflate_some(vitrine_text *text, vitrine_problem *problem)
{
    if (!text->in_member) { /* between members: another one, or the end */
        if (text->raw_at == text->raw_end) read_raw(text, problem);
        if (text->raw_done) {
            text->text_done = true;
            return problem->kind == VITRINE_PROBLEM_NONE;
        }
        if (text->raw[text->raw_at] != 0x1f)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: bytes behind the end of the gzip data: compress it again",
                                       text->name);
        inflateReset(&text->stream);
        text->in_member = true;
    }
    if (text->raw_at == text->raw_end) read_raw(text, problem);
    if (problem->kind != VITRINE_PROBLEM_NONE) return false;
    if (text->raw_done)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: the gzip file is cut off after %llu bytes: copy it again",
                                   text->name, (unsigned long long)text->in);
    text->stream.next_in = text->raw + text->raw_at;
    text->stream.avail_in = (uInt)(text->raw_end - text->raw_at);
    text->stream.next_out = (Bytef *)text->buffer + text->end;
    text->stream.avail_out = (uInt)(text->capacity - text->end);
    const int code = inflate(&text->stream, Z_NO_FLUSH);
    text->raw_at = text->raw_end - text->stream.avail_in;
    const size_t got = text->capacity - text->end - text->stream.avail_out;
    text->end += got;
    text->out += got;
    if (code == Z_STREAM_END) text->in_member = false;
    else if (code == Z_MEM_ERROR) return vitrine_problem_memory(problem);
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: the gzip data is damaged near byte %llu: copy it again",
                                   text->name,
                                   (unsigned long long)(text->in - text->stream.avail_in));
    if (text->out > VITRINE_GZIP_FREE && text->out / VITRINE_GZIP_RATIO > text->in)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: gzip data that grows more than %u times is refused: "
                                   "decompress it yourself if you trust it",
                                   text->name, VITRINE_GZIP_RATIO);
    return true;
}

/* Put more text behind `end`, growing the buffer up to a line and a block. */
static bool fill(vitrine_text *text, size_t limit, vitrine_problem *problem)
{
    if (text->at > 0) {
        memmove(text->buffer, text->buffer + text->at, text->end - text->at);
        text->end -= text->at;
        text->at = 0;
    }
    if (text->end == text->capacity) {
        if (text->capacity >= limit) return true; /* the caller says what is too long */
        char *grown = realloc(text->buffer, text->capacity * 2);
        if (grown == NULL) return vitrine_problem_memory(problem);
        text->buffer = grown;
        text->capacity *= 2;
    }
    if (text->gzip) {
        if (!inflate_some(text, problem)) return false;
    } else {
        if (text->raw_at == text->raw_end && !text->raw_done) read_raw(text, problem);
        if (problem->kind != VITRINE_PROBLEM_NONE) return false;
        if (text->raw_done) text->text_done = true;
        const size_t room = text->capacity - text->end, have = text->raw_end - text->raw_at;
        const size_t take = have < room ? have : room;
        memcpy(text->buffer + text->end, text->raw + text->raw_at, take);
        text->raw_at += take;
        text->end += take;
        text->out += take;
    }
    if (text->max_bytes != 0 && text->out > text->max_bytes)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: more than %llu bytes of text: raise --max-bytes", text->name,
                                   (unsigned long long)text->max_bytes);
    return true;
}

/* Once, when the first three bytes or all there is are in the buffer. */
static void skip_mark(vitrine_text *text)
{
    if (!text->mark_skipped && text->end - text->at >= 3 &&
        memcmp(text->buffer + text->at, "\xef\xbb\xbf", 3) == 0)
        text->at += 3;
    text->mark_skipped = true;
}

vitrine_step vitrine_text_line(vitrine_text *text, char **line, size_t *length,
                               vitrine_problem *problem)
{
    size_t seen = 0;
    char *stop;
    for (;;) {
        if (!text->mark_skipped) {
            while (text->end - text->at < 3 && !text->text_done)
                if (!fill(text, START, problem)) return VITRINE_STEP_BAD;
            skip_mark(text);
        }
        const size_t left = text->end - text->at;
        stop = left > seen ? memchr(text->buffer + text->at + seen, '\n', left - seen) : NULL;
        if (stop != NULL) break;
        seen = left;
        if (seen > VITRINE_LINE_MAX) break;
        if (text->text_done) {
            if (seen == 0) return VITRINE_STEP_END;
            stop = text->buffer + text->end;
            break;
        }
        if (!fill(text, VITRINE_LINE_MAX * 2, problem)) return VITRINE_STEP_BAD;
    }
    text->line++;
    *line = text->buffer + text->at;
    if (stop == NULL || (size_t)(stop - *line) > VITRINE_LINE_MAX) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                            "%s, line %llu: longer than 1 MB: this is no log in lines",
                            text->name, (unsigned long long)text->line);
        return VITRINE_STEP_BAD;
    }
    *length = (size_t)(stop - *line);
    text->at += *length + (stop < text->buffer + text->end ? 1 : 0);
    if (memchr(*line, 0, *length) != NULL) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                            "%s, line %llu: holds a zero byte: not a text file, or UTF-16: "
                            "save it as UTF-8",
                            text->name, (unsigned long long)text->line);
        return VITRINE_STEP_BAD;
    }
    if (*length > 0 && (*line)[*length - 1] == '\r') (*length)--;
    return VITRINE_STEP_ONE;
}

bool vitrine_text_peek(vitrine_text *text, const char **bytes, size_t *size, vitrine_problem *problem)
{
    while (text->end - text->at < PEEK && !text->text_done)
        if (!fill(text, START, problem)) return false;
    skip_mark(text);
    *bytes = text->buffer + text->at;
    *size = text->end - text->at;
    return true;
}

vitrine_step vitrine_text_block(vitrine_text *text, const char **bytes, size_t *size,
                                vitrine_problem *problem)
{
    while (text->end == text->at && !text->text_done)
        if (!fill(text, START, problem)) return VITRINE_STEP_BAD;
    *bytes = text->buffer + text->at;
    *size = text->end - text->at;
    text->at = text->end;
    return *size > 0 ? VITRINE_STEP_ONE : VITRINE_STEP_END;
}

bool vitrine_text_rest(vitrine_text *text, size_t max_size, char **bytes, size_t *size,
                       vitrine_problem *problem)
{
    *bytes = NULL;
    *size = 0;
    while (!text->text_done && text->end - text->at <= max_size)
        if (!fill(text, max_size + 1, problem)) return false;
    skip_mark(text);
    if (text->end - text->at > max_size)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: larger than %llu bytes",
                                   text->name, (unsigned long long)max_size);
    char *copy = malloc(text->end - text->at + 1);
    if (copy == NULL) return vitrine_problem_memory(problem);
    *size = text->end - text->at;
    memcpy(copy, text->buffer + text->at, *size);
    copy[*size] = 0;
    text->at = text->end;
    *bytes = copy;
    return true;
}

const char *vitrine_text_name(const vitrine_text *text) { return text->name; }
uint64_t vitrine_text_line_number(const vitrine_text *text) { return text->line; }
