#include "cli/train_story.h"

#include <stdlib.h>
#include <string.h>
#include "cli/json.h"
#include "cli/train_intent.h"
#include "train/table.h"
#include "vitrine/rank.h"
#include "vitrine/vitrine.h"

static const char *const cells[] = { "none", "lstm", "lstm-relu", "gru", "bow" };
static const char *const losses[] = { "full", "sampled", "bpr-max", "gbce", "by size" };
static const char *const tables[] = { "steps", "cosine", "jaccard", "euclidean", "together", "ease" };
static const char *const parts[VITRINE_PARTS] = { "network", "neighbours", "content", "recent",
                                                  "popularity" };

static void add_text(cJSON *to, const char *name, const char *text)
{
    cli_json_text(to, name, text, strlen(text));
}

/* A float as its shortest decimal reads back: 0.3, not 0.300000012. */
static void add_float(cJSON *to, const char *name, float value)
{
    char text[32];
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value) break;
    }
    cli_json_number(to, name, strtod(text, NULL));
}

void train_story_begin(train_story *story)
{
    *story = (train_story){ .epochs = cJSON_CreateArray() };
}

void train_story_free(train_story *story)
{
    cJSON_Delete(story->epochs);
    story->epochs = NULL;
}

void train_story_progress(train_story *story, const vitrine_train_progress *p)
{
    if (p->epochs == 0 || p->done < 1.0) return;
    cJSON *line = cli_json_object(story->epochs, NULL);
    add_text(line, "phase", p->phase);
    cli_json_number(line, "epoch", p->epoch);
    cli_json_number(line, "loss", p->loss);
    cli_json_number(line, "recall20", p->recall20);
    cli_json_number(line, "mrr20", p->mrr20);
    cli_json_number(line, "events_per_second", p->events_per_second);
}

static void add_data(const train_story *story, cJSON *to)
{
    cJSON *data = cli_json_object(to, "data"), *files = cli_json_array(data, "files");
    const vitrine_train_report *r = &story->trained->report;
    for (size_t n = 0; n < story->event_files; n++) {
        const char *slash = strrchr(story->events[n], '/');
        add_text(files, NULL, slash != NULL ? slash + 1 : story->events[n]);
    }
    add_text(data, "format", vitrine_log_format_name(story->log->format));
    cli_json_number(data, "rows", (double)story->log->rows);
    cli_json_number(data, "rows_kept", (double)story->log->kept);
    cli_json_number(data, "items", story->trained->parts.config.items);
    cli_json_number(data, "sessions", r->sessions);
    cli_json_number(data, "targets", (double)r->events);
}

static void add_options(const train_story *story, cJSON *to)
{
    const vitrine_train_options *o = story->options;
    cJSON *options = cli_json_object(to, "options");
    add_text(options, "arch", cells[o->cell <= VITRINE_CELL_BAG ? o->cell : 0]);
    cli_json_number(options, "dim", o->dim);
    cli_json_number(options, "hidden", o->hidden);
    cli_json_bool(options, "tied", o->tied);
    cli_json_bool(options, "skip", o->skip);
    cli_json_bool(options, "norm", o->norm);
    add_text(options, "loss", losses[o->loss <= VITRINE_LOSS_BY_SIZE ? o->loss : VITRINE_LOSS_BY_SIZE]);
    cli_json_number(options, "negatives", o->negatives);
    add_float(options, "sample_power", o->sample_power);
    cli_json_number(options, "epochs", o->epochs);
    cli_json_number(options, "patience", o->patience);
    cli_json_number(options, "batch", o->batch);
    cli_json_number(options, "bptt", o->bptt);
    add_float(options, "rate", o->rate);
    add_float(options, "weight_decay", o->weight_decay);
    add_float(options, "dropout_input", o->dropout_input);
    add_float(options, "dropout_output", o->dropout_output);
    add_float(options, "clip", o->clip);
    add_float(options, "init", o->init);
    add_float(options, "validation", o->validation);
    cli_json_bool(options, "leave_one_out", o->leave_one_out);
    cli_json_bool(options, "refit", o->refit);
    /* What was chosen, where the choice was left to training. */
    add_text(options, "similarity", tables[o->table_kind < VITRINE_TABLE_BEST ? o->table_kind : story->trained->report.table_kind]);
    cli_json_number(options, "neighbours", o->table_neighbours);
    cli_json_number(options, "window", o->table_window);
    cJSON *ablated = cli_json_array(options, "ablate");
    for (int p = 0; p < VITRINE_PARTS; p++)
        if (o->ablate >> p & 1u) add_text(ablated, NULL, parts[p]);
    cli_json_number(options, "seed", (double)o->seed);
    cli_json_number(options, "threads", o->threads);
}

static void add_figures(const train_story *story, cJSON *to)
{
    const vitrine_train_report *r = &story->trained->report;
    cli_json_number(to, "best_epoch", r->best_epoch);
    cli_json_number(to, "held_out", (double)r->positions);
    cli_json_number(to, "recall20", r->fused_recall);
    cli_json_number(to, "mrr20", r->fused_mrr);
    cli_json_number(to, "network_recall20", r->network_recall);
    cli_json_number(to, "network_mrr20", r->network_mrr);
    cli_json_number(to, "popular_recall20", r->popular_recall);
    cli_json_number(to, "popular_mrr20", r->popular_mrr);
}

static void add_head(const train_story *story, cJSON *to)
{
    if (story->name != NULL) add_text(to, "name", story->name);
    if (story->date != NULL) add_text(to, "date", story->date);
    add_text(to, "vitrine", VITRINE_VERSION);
}

cJSON *train_story_result(const train_story *story)
{
    const vitrine_train_report *r = &story->trained->report;
    cJSON *root = cJSON_CreateObject();
    add_head(story, root);
    cli_json_number(root, "items", story->trained->parts.config.items);
    cli_json_number(root, "sessions", r->sessions);
    cli_json_number(root, "events", (double)r->events);
    cli_json_number(root, "bytes", (double)story->bytes);
    cli_json_number(root, "seconds", r->seconds);
    add_figures(story, root);
    add_data(story, root);
    add_options(story, root);
    if (story->intent != NULL) cli_add_intent(root, story->intent, true);
    cJSON *epochs = cJSON_Duplicate(story->epochs, 1);
    if (!cJSON_AddItemToObject(root, "epochs", epochs)) {
        cJSON_Delete(epochs);
        cJSON_Delete(root);
        return NULL;
    }
    return root;
}

char *train_story_card(const train_story *story)
{
    cJSON *root = cJSON_CreateObject();
    add_head(story, root);
    add_data(story, root);
    add_options(story, root);
    cJSON *figures = cli_json_object(root, "held_out");
    add_figures(story, figures);
    if (story->intent != NULL) cli_add_intent(root, story->intent, false);
    return cli_json_line(root);
}
