/* vitrine evaluate: how often the true next item stands high in the list, beside plain baselines. */
#include "cli/command.h"
#include "cli/evaluate_contest.h"
#include "cli/progress.h"

int cmd_evaluate(int argc, char **argv)
{
    cli_options options;
    evaluate_settings set;
    evaluation ev = {0};
    int code = cli_parse(&options, &evaluate_syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!evaluate_settings_read(&options, &set)) return CLI_USAGE;
    const double began = cli_now();
    code = evaluation_read(&set, &ev);
    if (code == CLI_OK) code = evaluation_run(&set, &ev);
    if (code == CLI_OK) code = evaluation_resample(&set, &ev);
    ev.seconds = cli_now() - began;
    if (code == CLI_OK) code = evaluation_write_lists(&set, &ev);
    if (code == CLI_OK)
        code = set.json ? evaluation_print_json(&set, &ev) : evaluation_print_table(&set, &ev);
    if (code == CLI_OK) code = evaluation_check_lift(&set, &ev);
    evaluation_close(&ev);
    return code;
}
