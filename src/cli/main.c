/* vitrine: the command line. Finds the subcommand; everything else is in cmd_<name>.c. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "vitrine/vitrine.h"

static const cli_command COMMANDS[] = {
    {"import", "logs and catalogs into clean, canonical files", cmd_import},
    {"train", "a log and a catalog into a model", cmd_train},
    {"tune", "settings for train, found on the validation part of a log", cmd_tune},
    {"evaluate", "recall, MRR, NDCG, coverage and baselines on held-out events", cmd_evaluate},
    {"recommend", "the list for a history, with its reasons", cmd_recommend},
    {"quantize", "int8 item rows, and what they cost on real sessions", cmd_quantize},
    {"convert", "a network of PyTorch's into a model, and back", cmd_convert},
    {"bench", "what a visit costs on this machine", cmd_bench},
    {"report", "one page of plots from the JSON of train, evaluate, quantize and bench", cmd_report},
    {"inspect", "what a .vitrine file holds; --diff compares two", cmd_inspect},
    {"sign", "signatures for .vitrine files, and keys for them", cmd_sign},
    {"verify", "whether a file is whole, signed by a trusted key, and no older than the last", cmd_verify},
    {"replay", "what a page listed, done again, and the first difference", cmd_replay},
    {"serve", "files of a directory on the loopback address", cmd_serve},
    {NULL, NULL, NULL}};

static int help(FILE *out, int code)
{
    fprintf(out, "Usage: vitrine COMMAND [options]\n\n"
                 "A shop's log becomes a model; a page ranks with it on the visitor's device.\n\n");
    for (const cli_command *command = COMMANDS; command->name != NULL; command++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    fprintf(out, "\nvitrine COMMAND --help tells more. Exit codes: 0 ok, 1 a quality gate failed,\n"
                 "2 usage, 3 bad input, 4 input or output.\n");
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) return help(stderr, CLI_USAGE);
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(stdout, CLI_OK);
    if (strcmp(name, "--version") == 0) {
        printf("vitrine %s\n", VITRINE_VERSION);
        return CLI_OK;
    }
    for (const cli_command *command = COMMANDS; command->name != NULL; command++)
        if (strcmp(name, command->name) == 0) return command->run(argc - 1, argv + 1);
    fprintf(stderr, "vitrine: no command '%s'; these exist:", name);
    for (const cli_command *command = COMMANDS; command->name != NULL; command++)
        fprintf(stderr, " %s", command->name);
    fputc('\n', stderr);
    return CLI_USAGE;
}
