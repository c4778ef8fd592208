/* vitrine verify: whether a file is whole, signed by a key that is trusted, and not an older one played
 * again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/keys.h"
#include "cli/model_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/signature.h"

static const char command[] = "verify";

static const cli_option OPTIONS[] = {
    {"key", 'k', "KEY", "A public key that is trusted: base64 as sign --new-key prints it, or a\n"
                        "file with it or with PEM. May be repeated: one good signature is enough."},
    {"unsigned", 0, "POLICY", "require: a file without a signature is refused (usual), or warn."},
    {"after", 0, "FILE", "The file that was accepted last: an older content version is refused."},
    {"min-version", 0, "N", "The same by number."},
    {"quiet", 'q', NULL, "Say nothing when all is well."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = command,
    .arguments = "FILE.vitrine",
    .about = "Checks every hash of a file, its signatures, and that it is no older than the last one.",
    .groups = GROUPS,
    .min_arguments = 1,
    .max_arguments = 1};

enum { MOST_KEYS = 16 };

typedef struct opened {
    void *bytes;
    size_t size, end;
    vitrine_container container;
    vitrine_signature list[VITRINE_MAX_SIGNATURES];
    uint32_t count;
} opened;

static int open_whole(const char *path, opened *file)
{
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    memset(file, 0, sizeof *file);
    if (!cli_input_file(path, VITRINE_MAX_FILE, &file->bytes, &file->size, &problem)) return cli_problem(command, &problem);
    vitrine_status status = vitrine_signatures_read(file->bytes, file->size, &file->end, file->list, &file->count, &fault);
    if (status == VITRINE_OK) status = vitrine_container_open(&file->container, file->bytes, file->end, 0, &fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file->container, NULL, &fault);
    if (status == VITRINE_OK) return CLI_OK;
    return cli_refusal(command, path, file->bytes, file->size, status, &fault);
}

/* A file when there is one of this name, else the key itself. */
static bool read_key(const char *word, cli_key *key, vitrine_problem *problem)
{
    return access(word, R_OK) == 0 ? cli_key_read(key, word, problem) : cli_key_of_text(key, word, problem);
}

static int check_signatures(const cli_options *options, const char *path, const opened *file, bool required)
{
    const char *words[MOST_KEYS];
    const size_t keys = cli_values(options, "key", words, MOST_KEYS);
    vitrine_problem problem = {0};
    uint8_t message[VITRINE_SIGNED_BYTES];
    bool good = false, known = false;
    vitrine_signed_bytes(file->bytes, message);
    for (size_t k = 0; k < keys; k++) {
        cli_key key;
        if (!read_key(words[k], &key, &problem)) return cli_problem(command, &problem);
        for (uint32_t s = 0; s < file->count; s++) {
            const vitrine_signature *one = &file->list[s];
            if (one->algorithm != key.algorithm || memcmp(one->key, key.id, sizeof key.id) != 0) continue;
            known = true;
            good = good || cli_key_verify(&key, message, sizeof message, one->bytes);
        }
        cli_key_free(&key);
    }
    if (good) return CLI_OK;
    if (known)
        return cli_fail(command, CLI_INPUT, "%s: the signature is not over this file: it was changed, or the signature "
                                            "is another file's; fetch it again", path);
    if (file->count > 0)
        return cli_fail(command, CLI_INPUT, "%s: signed by none of the keys that are trusted", path);
    if (required) return cli_fail(command, CLI_INPUT, "%s: not signed: sign it, or say --unsigned warn", path);
    fprintf(stderr, "vitrine verify: %s: not signed\n", path);
    return CLI_OK;
}

static int run(const cli_options *options, const char *path, opened *file, opened *before, bool required, uint64_t least)
{
    const char *after = cli_value(options, "after");
    int code = open_whole(path, file);
    if (code == CLI_OK && after != NULL) code = open_whole(after, before);
    if (code == CLI_OK) code = check_signatures(options, path, file, required);
    if (code != CLI_OK) return code;
    if (after != NULL && before->container.kind != file->container.kind)
        return cli_fail(command, CLI_INPUT, "%s: of another kind than %s", after, path);
    if (after != NULL && before->container.version > least) least = before->container.version;
    if (file->container.version < least)
        return cli_fail(command, CLI_INPUT, "%s: content version %llu, older than %llu, which was accepted already: an old "
                                            "file played again, or a --content-version that did not grow", path,
                        (unsigned long long)file->container.version, (unsigned long long)least);
    return CLI_OK;
}

int cmd_verify(int argc, char **argv)
{
    cli_options options;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    static const char *const policies[] = {"require", "warn", NULL};
    const char *path = options.arguments[0];
    uint64_t least = 0;
    int policy = 0;
    opened file = {0}, before = {0};
    if (!cli_choice(&options, "unsigned", policies, &policy) ||
        !cli_u64(&options, "min-version", 0, UINT64_MAX, &least))
        return CLI_USAGE;
    if (!cli_has(&options, "key") && policy == 0)
        return cli_usage(&options, "--key KEY is missing: whose signature? (or --unsigned warn)");
    code = run(&options, path, &file, &before, policy == 0, least);
    if (code == CLI_OK && !cli_has(&options, "quiet"))
        printf("%s: whole%s, content version %llu\n", path, file.count > 0 && cli_has(&options, "key") ? ", signed" : "",
               (unsigned long long)file.container.version);
    free(file.bytes);
    free(before.bytes);
    return code;
}
