#include "train/fuse.h"

#include <stdlib.h>
#include <string.h>
#include "train/fuse_replay.h"
#include "train/fuse_search.h"

enum { USUAL_POSITIONS = 20000, TUNE_POSITIONS = 3000 };

#define LEAST_WEIGHT 0.005f
#define LEAST_GAIN 5e-4 /* of log-likelihood, for a decay or power to be changed */

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

/* The common mixture, then one for each context that is drawn towards it. share and mass are
 * [positions][VITRINE_PARTS], scratch twice that. Returns the likelihood of the common one. */
static double fit(const vitrine_model_parts *parts, const vitrine_fuse_replay *replay,
                  const float *share, const float *mass, float shrink, float *weights,
                  float *scratch)
{
    const size_t row = VITRINE_PARTS;
    fill(weights, usual);
    drop_absent(parts, weights);
    float common[VITRINE_PARTS];
    memcpy(common, weights, sizeof common);
    const double likelihood = vitrine_fuse_mixture(share, mass, replay->positions, VITRINE_PARTS,
                                                   NULL, 0.0f, common);
    fill(weights, common);
    float *own_share = scratch, *own_mass = scratch + replay->positions * row;
    for (uint32_t c = 0; c < VITRINE_CONTEXTS; c++) {
        uint64_t count = 0;
        for (uint32_t n = 0; n < replay->positions; n++) {
            if (replay->context[n] != c) continue;
            memcpy(own_share + count * row, share + n * row, row * sizeof *share);
            memcpy(own_mass + count * row, mass + n * row, row * sizeof *mass);
            count++;
        }
        (void)vitrine_fuse_mixture(own_share, own_mass, count, VITRINE_PARTS, common, shrink,
                                   weights + c * row);
    }
    return likelihood;
}

/* Likelihood of the common mixture under the settings in `parts`; status after a failure. */
static vitrine_status try_settings(const vitrine_model_parts *parts, const vitrine_dataset *dataset,
                                   uint32_t first, uint32_t last,
                                   const vitrine_fuse_options *options, double *likelihood,
                                   vitrine_fault *fault)
{
    vitrine_fuse_replay replay;
    const vitrine_status status = vitrine_fuse_play(parts, dataset, first, last, options,
                                                    TUNE_POSITIONS, false, &replay, fault);
    if (status != VITRINE_OK) return status;
    float weights[VITRINE_CONTEXTS * VITRINE_PARTS];
    fill(weights, usual);
    drop_absent(parts, weights);
    *likelihood = vitrine_fuse_mixture(replay.share, replay.mass, replay.positions, VITRINE_PARTS,
                                       NULL, 0.0f, weights);
    vitrine_fuse_replay_free(&replay);
    return VITRINE_OK;
}

/* The settings that a replay can judge, walked one after the other. */
enum { ITEM_DECAY, ATTR_DECAY, CONTENT_POWER, SETTINGS };

static bool turn(vitrine_config *config, int setting, int up)
{
    if (setting == CONTENT_POWER) {
        if (up ? config->content_power >= 8 : config->content_power <= 1) return false;
        config->content_power = up ? config->content_power * 2 : config->content_power / 2;
        if (config->content_power > 8) config->content_power = 8;
        return true;
    }
    float *decay = setting == ITEM_DECAY ? &config->item_decay : &config->attr_decay;
    if (up ? *decay > 40.0f : *decay < 0.8f) return false;
    *decay *= up ? 1.6f : 0.625f;
    return true;
}

static vitrine_status tune(const vitrine_model_parts *given, const vitrine_dataset *dataset,
                           uint32_t first, uint32_t last, const vitrine_fuse_options *options,
                           vitrine_config *config, vitrine_fault *fault)
{
    vitrine_model_parts parts = *given;
    double best;
    vitrine_status status =
        try_settings(&parts, dataset, first, last, options, &best, fault);
    for (int setting = 0; setting < SETTINGS && status == VITRINE_OK; setting++) {
        if (setting != ITEM_DECAY && parts.attr_offset == NULL) continue;
        bool moved = false;
        for (int up = 1; up >= 0 && !moved; up--) {
            for (;;) {
                double likelihood;
                const vitrine_config before = parts.config;
                if (!turn(&parts.config, setting, up)) break;
                status = try_settings(&parts, dataset, first, last, options, &likelihood, fault);
                if (status != VITRINE_OK) return status;
                if (likelihood > best + LEAST_GAIN) {
                    best = likelihood;
                    moved = true;
                    continue;
                }
                parts.config = before;
                break;
            }
        }
    }
    *config = parts.config;
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

static void learn_weights(const vitrine_model_parts *parts, const vitrine_fuse_replay *replay,
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
    vitrine_fuse_search(replay, best, fusion->fuse, scratch);
    drop_small(fusion->fuse);
    report->final = vitrine_fuse_quality(replay, fusion->fuse, best);

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
    vitrine_status status = VITRINE_OK;
    if (options->tune && first < last)
        status = tune(given, dataset, first, last, options, &parts.config, fault);
    fusion->item_decay = parts.config.item_decay;
    fusion->attr_decay = parts.config.attr_decay;
    fusion->content_power = parts.config.content_power;
    if (status != VITRINE_OK) return status;

    vitrine_fuse_replay replay;
    status = vitrine_fuse_play(&parts, dataset, first, last, options,
                               options->positions > 0 ? options->positions : USUAL_POSITIONS, true,
                               &replay, fault);
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
    parts->config.fused = 1;
    parts->config.item_decay = fusion->item_decay;
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
