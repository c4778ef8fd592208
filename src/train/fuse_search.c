#include "train/fuse_search.h"

#include <math.h>
#include <string.h>

enum { CUT = 20, SWEEPS = 3, STEPS = 6, EVERYWHERE = VITRINE_CONTEXTS };

#define SURE 4.0 /* standard errors of a gain before repeats are held down: then no chance is left */

static const float factor[STEPS] = { 0.35f, 0.6f, 0.8f, 1.25f, 1.6f, 2.5f };

/* The network's share at this power: exact where the power is 1. */
static float sharpened(const vitrine_fuse_replay *replay, uint32_t position, float p, uint32_t sharp)
{
    if (sharp == VITRINE_SHARP_ONE) return p;
    float power[VITRINE_SHARPS];
    vitrine_sharpen(p, power);
    const float norm = replay->norm[(size_t)position * VITRINE_SHARPS + sharp];
    return norm > 0.0f ? power[sharp] / norm : 0.0f;
}

static float fused(const vitrine_fuse_replay *replay, uint32_t position, const float *share,
                   uint32_t times, const float *w, uint32_t sharp)
{
    float sum = w[VITRINE_PART_NETWORK] *
                sharpened(replay, position, share[VITRINE_PART_NETWORK], sharp);
    for (int k = VITRINE_PART_NETWORK + 1; k < VITRINE_PARTS; k++) sum += w[k] * share[k];
    if (replay->keep != 1.0f)
        for (uint32_t n = 0; n < times; n++) sum *= replay->keep;
    return sum;
}

/* Rank of the target at a position, from 1; past CUT any larger number. */
static uint32_t rank_at(const vitrine_fuse_replay *replay, uint32_t n, const float *w,
                        uint32_t sharp, float truth)
{
    const vitrine_rival *rival = replay->rival + (size_t)n * VITRINE_RIVALS;
    uint32_t rank = 1;
    for (uint32_t r = 0; r < replay->rivals[n] && rank <= CUT; r++) {
        const float score = fused(replay, n, rival[r].share, rival[r].times, w, sharp);
        rank += score > truth || (score == truth && rival[r].item < replay->item[n]);
    }
    return rank;
}

/* What a position adds to recall@20 + MRR@20, and to the likelihood where log_share is given. */
static float value_at(const vitrine_fuse_replay *replay, uint32_t n, const float *weights,
                      uint32_t sharp, double *log_share)
{
    const float *w = weights + (size_t)replay->context[n] * VITRINE_PARTS;
    const float truth = fused(replay, n, replay->share + (size_t)n * VITRINE_PARTS,
                              replay->times[n], w, sharp);
    if (log_share != NULL) {
        const float *mass = replay->mass + (size_t)n * VITRINE_PARTS;
        float all =
            w[VITRINE_PART_NETWORK] * replay->open[(size_t)n * VITRINE_SHARPS + sharp];
        for (int k = VITRINE_PART_NETWORK + 1; k < VITRINE_PARTS; k++) all += w[k] * mass[k];
        *log_share = truth > 0.0f && all > 0.0f ? log((double)truth / (double)all) : (double)NAN;
    }
    const uint32_t rank = truth > 0.0f ? rank_at(replay, n, w, sharp, truth) : CUT + 1;
    return rank <= CUT ? 1.0f + 1.0f / (float)rank : 0.0f;
}

vitrine_fuse_score vitrine_fuse_quality(const vitrine_fuse_replay *replay, const float *weights,
                                        uint32_t sharp)
{
    vitrine_fuse_score score = {0};
    uint32_t counted = 0;
    for (uint32_t n = 0; n < replay->positions; n++) {
        double log_share;
        const double value = (double)value_at(replay, n, weights, sharp, &log_share);
        if (!isnan(log_share)) {
            score.log_likelihood += log_share;
            counted++;
        }
        if (!(value > 0.0)) continue;
        score.recall20 += 1.0;
        score.mrr20 += value - 1.0;
    }
    if (counted > 0) score.log_likelihood /= counted;
    if (replay->positions > 0) {
        score.recall20 /= replay->positions;
        score.mrr20 /= replay->positions;
    }
    return score;
}

/* Values of the positions of a context, or of all. */
static void value_all(const vitrine_fuse_replay *replay, const float *weights, uint32_t sharp,
                      int context, float *value)
{
    for (uint32_t n = 0; n < replay->positions; n++)
        if (context == EVERYWHERE || replay->context[n] == context)
            value[n] = value_at(replay, n, weights, sharp, NULL);
}

/* Weight k times f in a context or everywhere, rows scaled back to 1. */
static void scale_part(float *weights, int context, int k, float f)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        if (context != EVERYWHERE && c != context) continue;
        float *w = weights + c * VITRINE_PARTS, sum = 0.0f;
        w[k] *= f;
        for (int part = 0; part < VITRINE_PARTS; part++) sum += w[part];
        for (int part = 0; part < VITRINE_PARTS; part++) w[part] /= sum;
    }
}

/* Tries every factor for one weight; keeps the best that stands out. True when one did. */
static bool improve(const vitrine_fuse_replay *replay, uint32_t sharp, int context, int k,
                    float *weights, float *value, float *other)
{
    const double doubt = context == EVERYWHERE ? 1.0 : 1.65;
    double best = 0.0;
    float kept[VITRINE_CONTEXTS * VITRINE_PARTS];
    for (int step = 0; step < STEPS; step++) {
        float tried[VITRINE_CONTEXTS * VITRINE_PARTS];
        memcpy(tried, weights, sizeof tried);
        scale_part(tried, context, k, factor[step]);
        value_all(replay, tried, sharp, context, other);
        double gain = 0.0, square = 0.0;
        for (uint32_t n = 0; n < replay->positions; n++) {
            if (context != EVERYWHERE && replay->context[n] != context) continue;
            const double d = (double)other[n] - (double)value[n];
            gain += d;
            square += d * d;
        }
        if (!(gain > doubt * sqrt(square)) || !(gain > best)) continue;
        best = gain;
        memcpy(kept, tried, sizeof kept);
    }
    if (!(best > 0.0)) return false;
    memcpy(weights, kept, sizeof kept);
    value_all(replay, weights, sharp, context, value);
    return true;
}

float vitrine_fuse_repeats(vitrine_fuse_replay *replay, const float *weights, uint32_t sharp,
                           float *scratch)
{
    static const float tried[] = { 0.375f, 0.75f, 0.875f, 1.0f };
    float *value = scratch, *other = scratch + replay->positions, chosen = 0.0f;
    double best = 0.0;
    value_all(replay, weights, sharp, EVERYWHERE, value);
    for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
        double gain = 0.0, square = 0.0;
        replay->keep = 1.0f - tried[i];
        value_all(replay, weights, sharp, EVERYWHERE, other);
        for (uint32_t n = 0; n < replay->positions; n++) {
            const double d = (double)other[n] - (double)value[n];
            gain += d;
            square += d * d;
        }
        /* Of equals the largest: what the held-out part never has is the surer for it. */
        if (!(gain > SURE * sqrt(square)) || !(gain >= best)) continue;
        best = gain;
        chosen = tried[i];
    }
    replay->keep = 1.0f - chosen;
    return chosen;
}

void vitrine_fuse_search(const vitrine_fuse_replay *replay, uint32_t sharp, float *weights,
                         float *scratch)
{
    float *value = scratch, *other = scratch + replay->positions;
    value_all(replay, weights, sharp, EVERYWHERE, value);
    for (int sweep = 0, moved = 1; sweep < SWEEPS && moved; sweep++) {
        moved = 0;
        for (int k = 0; k < VITRINE_PARTS; k++)
            moved |= improve(replay, sharp, EVERYWHERE, k, weights, value, other);
    }
    for (int c = 0; c < VITRINE_CONTEXTS; c++)
        for (int k = 0; k < VITRINE_PARTS; k++)
            (void)improve(replay, sharp, c, k, weights, value, other);
}
