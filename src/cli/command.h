/* The subcommands. Each lives in cmd_<name>.c and answers with an exit code. */
#ifndef VITRINE_CLI_COMMAND_H
#define VITRINE_CLI_COMMAND_H

enum {
    CLI_OK = 0,
    CLI_GATE = 1,  /* a quality gate failed: --min-lift, --max-ndcg-drop */
    CLI_USAGE = 2, /* options or arguments */
    CLI_INPUT = 3, /* a file's content */
    CLI_IO = 4     /* open, read, write, memory */
};

typedef struct cli_command {
    const char *name;
    const char *summary; /* one line for `vitrine --help` */
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
} cli_command;

int cmd_import(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_tune(int argc, char **argv);
int cmd_evaluate(int argc, char **argv);
int cmd_recommend(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_quantize(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_sign(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_serve(int argc, char **argv);

#endif
