/* vitrine sign: signatures behind the end of a .vitrine file; and the keys for them. */
#include <errno.h>
#include <fcntl.h>
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

static const char command[] = "sign";

static const cli_option OPTIONS[] = {
    {"key", 'k', "FILE", "The private key, PEM. May be repeated: a signature by each key."},
    {"output", 'o', "FILE", "The signed file; without it the file itself is replaced."},
    {"new-key", 0, "NAME", "Make a key instead, ed25519 or p256: the private one goes to -o, readable\n"
                           "by you alone; the public one, for publicKey, to standard output."},
    {"quiet", 'q', NULL, "Do not say what was signed."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = command,
    .arguments = "[FILE.vitrine]",
    .about = "Signs a model, catalog or delta; signatures that were there before are replaced.\n\n"
             "  vitrine sign --new-key ed25519 -o shop.pem > shop.pub\n"
             "  vitrine sign --key shop.pem model.vitrine",
    .groups = GROUPS,
    .min_arguments = 0,
    .max_arguments = 1};

/* Written where nothing was, and for nobody else's eyes: an old key is not lost by a slip. */
static bool write_key(const char *path, const char *pem, size_t size, vitrine_problem *problem)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot write a key here: %s", path, strerror(errno));
    size_t done = 0;
    while (done < size) {
        const ssize_t wrote = write(file, pem + done, size - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) break;
        done += (size_t)wrote;
    }
    const bool ok = done == size && fsync(file) == 0;
    const int error = errno;
    if (close(file) == 0 && ok) return true;
    unlink(path);
    return vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot write: %s", path, strerror(error));
}

static int make_key(const char *name, const char *path)
{
    vitrine_problem problem = {0};
    cli_key key;
    char *pem = NULL, text[192];
    size_t size = 0;
    const uint32_t algorithm = strcmp(name, "p256") == 0 ? VITRINE_SIGNED_P256 : VITRINE_SIGNED_ED25519;
    if (!cli_key_make(&key, algorithm, &problem)) return cli_problem(command, &problem);
    bool ok = cli_key_pem(&key, &pem, &size, &problem) && write_key(path, pem, size, &problem);
    cli_key_text(&key, text);
    if (pem != NULL) memset(pem, 0, size);
    free(pem);
    cli_key_free(&key);
    if (ok && (printf("%s\n", text) < 0 || fflush(stdout) != 0))
        ok = vitrine_problem_set(&problem, VITRINE_PROBLEM_IO, "cannot write the public key to standard output");
    return ok ? CLI_OK : cli_problem(command, &problem);
}

/* The file with a block of signatures for its end: *size is its end, room for the block behind. */
static int sign_all(const cli_options *options, const char *path, void **bytes, size_t *size)
{
    const char *files[VITRINE_MAX_SIGNATURES + 1];
    const size_t count = cli_values(options, "key", files, VITRINE_MAX_SIGNATURES + 1);
    vitrine_signature list[VITRINE_MAX_SIGNATURES], old[VITRINE_MAX_SIGNATURES];
    uint8_t ids[VITRINE_MAX_SIGNATURES][32], made[VITRINE_MAX_SIGNATURES][64], message[VITRINE_SIGNED_BYTES];
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    vitrine_container container;
    uint32_t replaced;
    size_t end;
    if (count > VITRINE_MAX_SIGNATURES) return cli_usage(options, "at most %u keys", VITRINE_MAX_SIGNATURES);
    vitrine_status status = vitrine_signatures_read(*bytes, *size, &end, old, &replaced, &fault);
    if (status == VITRINE_OK) status = vitrine_container_open(&container, *bytes, end, 0, &fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&container, NULL, &fault);
    if (status != VITRINE_OK) return cli_refusal(command, path, *bytes, *size, status, &fault);
    vitrine_signed_bytes(*bytes, message);
    for (size_t i = 0; i < count; i++) {
        cli_key key;
        bool ok = cli_key_read(&key, files[i], &problem);
        if (ok && !key.is_private)
            ok = vitrine_problem_set(&problem, VITRINE_PROBLEM_INPUT, "%s: a public key cannot sign: give the private one",
                                     files[i]);
        ok = ok && cli_key_sign(&key, message, sizeof message, made[i], &problem);
        memcpy(ids[i], key.id, sizeof key.id);
        list[i] = (vitrine_signature){key.algorithm, ids[i], made[i]};
        cli_key_free(&key);
        if (!ok) return cli_problem(command, &problem);
    }
    char *grown = malloc(end + VITRINE_SIGNATURE_HEAD + count * VITRINE_SIGNATURE_SIZE);
    if (grown == NULL) return cli_fail(command, CLI_IO, "out of memory");
    memcpy(grown, *bytes, end);
    *size = end + vitrine_signatures_write(list, (uint32_t)count, (uint8_t *)grown + end);
    free(*bytes);
    *bytes = grown;
    return CLI_OK;
}

int cmd_sign(int argc, char **argv)
{
    cli_options options;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    static const char *const names[] = {"ed25519", "p256", NULL};
    const char *output = cli_value(&options, "output");
    int name = 0;
    if (cli_has(&options, "new-key")) {
        if (!cli_choice(&options, "new-key", names, &name)) return CLI_USAGE;
        if (options.argument_count > 0 || output == NULL || cli_has(&options, "key"))
            return cli_usage(&options, "--new-key wants -o FILE for the private key, and nothing to sign");
        return make_key(names[name], output);
    }
    if (options.argument_count == 0) return cli_usage(&options, "expected FILE.vitrine");
    if (!cli_has(&options, "key")) return cli_usage(&options, "--key FILE is missing: whose signature?");
    const char *path = options.arguments[0];
    if (output == NULL) output = path;
    vitrine_problem problem = {0};
    void *bytes;
    size_t size;
    if (!cli_input_file(path, VITRINE_MAX_FILE, &bytes, &size, &problem)) return cli_problem(command, &problem);
    code = sign_all(&options, path, &bytes, &size);
    if (code == CLI_OK && !cli_output_file(output, bytes, size, &problem)) code = cli_problem(command, &problem);
    if (code == CLI_OK && !cli_has(&options, "quiet") && strcmp(output, "-") != 0)
        fprintf(stderr, "vitrine sign: %s: signed, %zu bytes\n", output, size);
    free(bytes);
    return code;
}
