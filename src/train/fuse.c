#include "train/fuse.h"

#include <stdlib.h>
#include <string.h>
#include "train/fuse_replay.h"
#include "train/fuse_search.h"

enum { USUAL_POSITIONS = 20000, TUNE_POSITIONS = 3000 };
enum { GROUPS = 2 * VITRINE_LENGTH_BUCKETS }; /* contexts, whether the newest item is frequent or not */

#define LEAST_WEIGHT 0.005f
#define LEAST_GAIN 5e-4 /* of log-likelihood, for a decay or power to be changed */
#define LEAST_GAIN_OF_KIND 1e-2 /* for the kind of the table: less did not come back on other sessions */

/* For a model with no validation: sessions' own evidence about equally strong. */
static const float usual[VITRINE_PARTS] = { 0.5f, 0.35f, 0.05f, 0.05f, 0.05f };

static void fill(float *weights, const float *row)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++)
        memcpy(weights + c * VITRINE_PARTS, row, VITRINE_PARTS * sizeof *row);
}

/* A part that is not in the model gets nothing; rows sum to 1 again. Popularity is always there. */
static void drop_absent(const vitrine_model_parts *parts, float *weights)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float *w = weights + c * VITRINE_PARTS, sum = 0.0f;
        if (parts->config.net.cell == VITRINE_CELL_NONE) w[VITRINE_PART_NETWORK] = 0.0f;
        if (parts->table_offset == NULL) w[VITRINE_PART_NEIGHBOURS] = 0.0f;
        if (parts->attr_offset == NULL) w[VITRINE_PART_CONTENT] = 0.0f;
        for (int k = 0; k < VITRINE_PARTS; k++) sum += w[k];
        for (int k = 0; k < VITRINE_PARTS; k++) w[k] /= sum;
    }
}

/* Below the least weight a part costs the device more than it gives. */
static void drop_small(float *weights)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float *w = weights + c * VITRINE_PARTS, sum = 0.0f;
        for (int k = 0; k < VITRINE_PARTS; k++) {
            if (w[k] < LEAST_WEIGHT) w[k] = 0.0f;
            sum += w[k];
        }
        for (int k = 0; k < VITRINE_PARTS; k++) w[k] /= sum;
    }
}

/* For a part whose items are no candidates. A row of this part alone stays. */
static void drop_part(float *weights, int part)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float *w = weights + c * VITRINE_PARTS;
        const float rest = 1.0f - w[part];
        if (!(rest > LEAST_WEIGHT)) continue;
        w[part] = 0.0f;
        for (int k = 0; k < VITRINE_PARTS; k++) w[k] /= rest;
    }
}

/* Weights of the positions of some contexts, drawn towards `prior`: those of one context, or of a
 * length and repetition whether the newest item is frequent or not. */
static void fit_some(const vitrine_fuse_replay *replay, const float *share, const float *mass,
                     const float *prior, float shrink, uint32_t context, bool whole_group,
                     float *weights, float *scratch)
{
    const size_t row = VITRINE_PARTS;
    float *own_share = scratch, *own_mass = scratch + replay->positions * row;
    uint64_t count = 0;
    for (uint32_t n = 0; n < replay->positions; n++) {
        const uint32_t its = whole_group ? replay->context[n] % GROUPS : replay->context[n];
        if (its != context) continue;
        memcpy(own_share + count * row, share + n * row, row * sizeof *share);
        memcpy(own_mass + count * row, mass + n * row, row * sizeof *mass);
        count++;
    }
    memcpy(weights, prior, row * sizeof *weights);
    (void)vitrine_fuse_mixture(own_share, own_mass, count, VITRINE_PARTS, prior, shrink, weights);
}

/* The common mixture; then one for each length and repetition, drawn towards it; then those of
 * frequent and of other newest items, drawn towards that. share and mass are
 * [positions][VITRINE_PARTS], scratch twice that. Returns the likelihood of the common one. */
static double fit(const vitrine_model_parts *parts, const vitrine_fuse_replay *replay,
                  const float *share, const float *mass, float shrink, float *weights,
                  float *scratch)
{
    float common[VITRINE_PARTS];
    fill(weights, usual);
    drop_absent(parts, weights);
    memcpy(common, weights, sizeof common);
    const double likelihood = vitrine_fuse_mixture(share, mass, replay->positions, VITRINE_PARTS,
                                                   NULL, 0.0f, common);
    for (uint32_t group = 0; group < GROUPS; group++) {
        float own[VITRINE_PARTS];
        fit_some(replay, share, mass, common, shrink, group, true, own, scratch);
        for (uint32_t frequent = 0; frequent < 2; frequent++)
            fit_some(replay, share, mass, own, shrink, group + frequent * GROUPS, false,
                     weights + (size_t)(group + frequent * GROUPS) * VITRINE_PARTS, scratch);
    }
    return likelihood;
}

/* What tuning works with: the log, the best settings so far and a play under them. */
typedef struct tuner {
    const vitrine_dataset *dataset;
    uint32_t first, last;
    const vitrine_fuse_options *options;
    vitrine_fault *fault;
    vitrine_fuse_replay best;
    double likelihood;
} tuner;

/* Plays under the settings in `parts`, asking the parts in `anew` only, and keeps the play when it is
 * better than the best by more than `gain`; *better says so. */
static vitrine_status try_settings(tuner *t, const vitrine_model_parts *parts, uint32_t anew, double gain,
                                   bool *better)
{
    const bool is_first = t->best.share == NULL;
    const vitrine_fuse_play_plan how = { .positions = TUNE_POSITIONS, .anew = anew,
                                         .base = is_first ? NULL : &t->best };
    vitrine_fuse_replay replay;
    const vitrine_status status =
        vitrine_fuse_play(parts, t->dataset, t->first, t->last, t->options, &how, &replay, t->fault);
    *better = false;
    if (status != VITRINE_OK) return status;
    float weights[VITRINE_CONTEXTS * VITRINE_PARTS];
    fill(weights, usual);
    drop_absent(parts, weights);
    const double likelihood = vitrine_fuse_mixture(replay.share, replay.mass, replay.positions,
                                                   VITRINE_PARTS, NULL, 0.0f, weights);
    *better = is_first || likelihood > t->likelihood + gain;
    if (*better) {
        vitrine_fuse_replay_free(&t->best);
        t->best = replay;
        t->likelihood = likelihood;
    } else {
        vitrine_fuse_replay_free(&replay);
    }
    return VITRINE_OK;
}

/* The settings that a replay can judge, walked one after the other, and the part each is of. */
enum { ITEM_DECAY, RECENT_DECAY, ATTR_DECAY, CONTENT_POWER, SETTINGS };

static const uint32_t asks[SETTINGS] = { 1u << VITRINE_PART_NEIGHBOURS, 1u << VITRINE_PART_RECENT,
                                         1u << VITRINE_PART_CONTENT, 1u << VITRINE_PART_CONTENT };

static bool turn(vitrine_config *config, int setting, int up)
{
    if (setting == CONTENT_POWER) {
        if (up ? config->content_power >= 8 : config->content_power <= 1) return false;
        config->content_power = up ? config->content_power * 2 : config->content_power / 2;
        if (config->content_power > 8) config->content_power = 8;
        return true;
    }
    float *decay = setting == ITEM_DECAY     ? &config->item_decay
                   : setting == RECENT_DECAY ? &config->recent_decay
                                             : &config->attr_decay;
    if (up ? *decay > 40.0f : *decay < 0.8f) return false;
    *decay *= up ? 1.6f : 0.625f;
    return true;
}

/* Up while that helps, else down while that does. */
static vitrine_status walk(tuner *t, vitrine_model_parts *parts, int setting)
{
    bool moved = false;
    for (int up = 1; up >= 0 && !moved; up--) {
        for (bool better = true; better;) {
            const vitrine_config before = parts->config;
            if (!turn(&parts->config, setting, up)) break;
            const vitrine_status status = try_settings(t, parts, asks[setting], LEAST_GAIN, &better);
            if (!better) parts->config = before;
            if (status != VITRINE_OK) return status;
            moved |= better;
        }
    }
    return VITRINE_OK;
}

/* The best of the tables on offer, which stays in `parts`. */
static vitrine_status choose_table(tuner *t, vitrine_model_parts *parts, uint32_t *chosen)
{
    vitrine_status status = VITRINE_OK;
    uint32_t last = 0, kind = 0, chosen_kind = 0;
    *chosen = 0;
    for (uint32_t n = 1; status == VITRINE_OK; n++) {
        bool better;
        status = t->options->table(t->options->table_context, n, parts, &kind);
        if (status != VITRINE_OK) break;
        last = n;
        status = try_settings(t, parts, 1u << VITRINE_PART_NEIGHBOURS,
                              kind == chosen_kind ? LEAST_GAIN : LEAST_GAIN_OF_KIND, &better);
        if (!better) continue;
        *chosen = n;
        chosen_kind = kind;
    }
    if (status == VITRINE_BAD_ARGUMENT) status = VITRINE_OK;
    if (status == VITRINE_OK && *chosen != last)
        status = t->options->table(t->options->table_context, *chosen, parts, &kind);
    return status;
}

static vitrine_status tune(vitrine_model_parts *parts, const vitrine_dataset *dataset, uint32_t first,
                           uint32_t last, const vitrine_fuse_options *options, uint32_t *table,
                           vitrine_fault *fault)
{
    tuner t = { .dataset = dataset, .first = first, .last = last, .options = options, .fault = fault };
    bool better;
    vitrine_status status = try_settings(&t, parts, ~0u, LEAST_GAIN, &better);
    const bool has_table = parts->table_offset != NULL;
    if (status == VITRINE_OK && has_table) status = walk(&t, parts, ITEM_DECAY);
    if (status == VITRINE_OK && has_table && options->table != NULL)
        status = choose_table(&t, parts, table);
    for (int setting = 0; setting < SETTINGS && status == VITRINE_OK; setting++) {
        if (setting == ITEM_DECAY && !has_table) continue;
        if (setting >= ATTR_DECAY && parts->attr_offset == NULL) continue;
        status = walk(&t, parts, setting);
    }
    vitrine_fuse_replay_free(&t.best);
    return status;
}

/* The network's shares at a power, into share and mass [positions][VITRINE_PARTS]. */
static void sharpen(const vitrine_fuse_replay *replay, uint32_t sharp, float *share, float *mass)
{
    const size_t size = (size_t)replay->positions * VITRINE_PARTS;
    memcpy(share, replay->share, size * sizeof *share);
    memcpy(mass, replay->mass, size * sizeof *mass);
    if (sharp == VITRINE_SHARP_ONE) return;
    for (uint32_t n = 0; n < replay->positions; n++) {
        const size_t at = (size_t)n * VITRINE_PARTS + VITRINE_PART_NETWORK;
        const float norm = replay->norm[(size_t)n * VITRINE_SHARPS + sharp];
        float power[VITRINE_SHARPS];
        vitrine_sharpen(replay->share[at], power);
        share[at] = norm > 0.0f ? power[sharp] / norm : 0.0f;
        mass[at] = replay->open[(size_t)n * VITRINE_SHARPS + sharp];
    }
}

static double worth(vitrine_fuse_score score)
{
    return score.recall20 + score.mrr20;
}

static void learn_weights(const vitrine_model_parts *parts, vitrine_fuse_replay *replay,
                          const vitrine_fuse_options *options, float *share, float *mass,
                          float *scratch, vitrine_fusion *fusion, vitrine_fuse_report *report)
{
    const bool can_sharpen = options->tune && parts->config.net.cell != VITRINE_CELL_NONE &&
                             (parts->config.net.flags & VITRINE_NET_NORM) != 0;
    uint32_t best = VITRINE_SHARP_ONE;
    sharpen(replay, best, share, mass);
    fit(parts, replay, share, mass, options->shrink, fusion->fuse, scratch);
    report->mixture = vitrine_fuse_quality(replay, fusion->fuse, best);
    double most = worth(report->mixture);
    for (uint32_t s = 0; can_sharpen && s < VITRINE_SHARPS; s++) {
        float weights[VITRINE_CONTEXTS * VITRINE_PARTS];
        if (s == VITRINE_SHARP_ONE) continue;
        sharpen(replay, s, share, mass);
        fit(parts, replay, share, mass, options->shrink, weights, scratch);
        const double value = worth(vitrine_fuse_quality(replay, weights, s));
        if (value <= most + 1e-3) continue;
        most = value;
        best = s;
        memcpy(fusion->fuse, weights, sizeof weights);
    }
    fusion->sharpness = vitrine_sharp[best];
    fusion->repeat_penalty = vitrine_fuse_repeats(replay, fusion->fuse, best, scratch);
    if (fusion->repeat_penalty == 1.0f) drop_part(fusion->fuse, VITRINE_PART_RECENT);
    vitrine_fuse_search(replay, best, fusion->fuse, scratch);
    drop_small(fusion->fuse);
    report->final = vitrine_fuse_quality(replay, fusion->fuse, best);
    replay->keep = 1.0f;

    report->positions = replay->positions;
    for (uint32_t n = 0; n < replay->positions; n++) report->in_context[replay->context[n]]++;
    for (int k = 0; k < VITRINE_PARTS; k++) {
        float one[VITRINE_PARTS] = {0}, weights[VITRINE_CONTEXTS * VITRINE_PARTS];
        one[k] = 1.0f;
        fill(weights, one);
        report->alone[k] = vitrine_fuse_quality(replay, weights, VITRINE_SHARP_ONE);
    }
}

vitrine_status vitrine_fuse_learn(const vitrine_model_parts *given, const vitrine_dataset *dataset,
                                  uint32_t first, uint32_t last,
                                  const vitrine_fuse_options *options, vitrine_fusion *fusion,
                                  vitrine_fuse_report *report, vitrine_fault *fault)
{
    vitrine_model_parts parts = *given;
    *report = (vitrine_fuse_report){0};
    fill(fusion->fuse, usual);
    drop_absent(&parts, fusion->fuse);
    fusion->sharpness = 1.0f;
    fusion->repeat_penalty = 0.0f;
    vitrine_status status = VITRINE_OK;
    fusion->table = 0;
    if (options->tune && first < last)
        status = tune(&parts, dataset, first, last, options, &fusion->table, fault);
    fusion->item_decay = parts.config.item_decay;
    fusion->recent_decay = parts.config.recent_decay;
    fusion->attr_decay = parts.config.attr_decay;
    fusion->content_power = parts.config.content_power;
    if (status != VITRINE_OK) return status;

    vitrine_fuse_replay replay;
    const vitrine_fuse_play_plan how = {
        .positions = options->positions > 0 ? options->positions : USUAL_POSITIONS, .rivals = true
    };
    status = vitrine_fuse_play(&parts, dataset, first, last, options, &how, &replay, fault);
    if (status != VITRINE_OK) return status;
    const size_t size = ((size_t)replay.positions + 1) * VITRINE_PARTS;
    float *scratch = malloc(4 * size * sizeof *scratch);
    if (scratch == NULL) status = VITRINE_NO_SPACE;
    else if (replay.positions > 0)
        learn_weights(&parts, &replay, options, scratch, scratch + size, scratch + 2 * size, fusion,
                      report);
    free(scratch);
    vitrine_fuse_replay_free(&replay);
    return status;
}

void vitrine_fuse_apply(const vitrine_fusion *fusion, vitrine_model_parts *parts, float *bias,
                        float *norm_gain, float *norm_bias)
{
    parts->config.fused = 1 + (uint32_t)(8.0f * fusion->repeat_penalty);
    parts->config.item_decay = fusion->item_decay;
    parts->config.recent_decay = fusion->recent_decay;
    parts->config.attr_decay = fusion->attr_decay;
    parts->config.content_power = fusion->content_power;
    parts->fuse = fusion->fuse;
    if ((parts->config.net.flags & VITRINE_NET_NORM) == 0 || fusion->sharpness == 1.0f) return;
    for (uint32_t j = 0; j < parts->config.items; j++) bias[j] *= fusion->sharpness;
    for (uint32_t d = 0; d < parts->config.dim; d++) {
        norm_gain[d] *= fusion->sharpness;
        norm_bias[d] *= fusion->sharpness;
    }
}
