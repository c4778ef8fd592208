#include "eval/metrics.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static double reciprocal(uint32_t rank, uint32_t k)
{
    return rank >= 1 && rank <= k ? 1.0 / rank : 0.0;
}

static double gain(uint32_t rank, uint32_t k)
{
    return rank >= 1 && rank <= k ? 1.0 / log2((double)rank + 1.0) : 0.0;
}

vitrine_quality vitrine_quality_at(const uint32_t *rank, const uint8_t *chosen, uint32_t count,
                                   uint32_t k)
{
    vitrine_quality q = {0};
    for (uint32_t c = 0; c < count; c++) {
        if (chosen != NULL && !chosen[c]) continue;
        q.cases++;
        q.recall += rank[c] >= 1 && rank[c] <= k ? 1.0 : 0.0;
        q.mrr += reciprocal(rank[c], k);
        q.ndcg += gain(rank[c], k);
    }
    if (q.cases == 0) return q;
    q.recall /= (double)q.cases;
    q.mrr /= (double)q.cases;
    q.ndcg /= (double)q.cases;
    return q;
}

uint32_t vitrine_rank_of(uint32_t item, const uint32_t *list, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++)
        if (list[r] == item) return r + 1;
    return 0;
}

vitrine_spread vitrine_spread_of(const uint32_t *recommended, const float *popularity,
                                 uint32_t items, const uint32_t *target, uint32_t cases)
{
    uint64_t covered = 0, given = 0, asked = 0;
    double popularity_given = 0.0, popularity_asked = 0.0;
    for (uint32_t j = 0; j < items; j++) {
        covered += recommended[j] > 0;
        given += recommended[j];
        popularity_given += (double)recommended[j] * (double)popularity[j];
    }
    for (uint32_t c = 0; c < cases; c++) {
        if (target[c] >= items) continue;
        asked++;
        popularity_asked += (double)popularity[target[c]];
    }
    vitrine_spread spread = {0};
    if (items > 0) spread.coverage = (double)covered / items;
    if (given > 0 && popularity_asked > 0.0)
        spread.bias = popularity_given / (double)given / (popularity_asked / (double)asked);
    return spread;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Interval of metric m over means [samples][3], and the share of them that is not above 0.
 * column [samples] is scratch. */
static vitrine_interval interval_of(const double *means, uint32_t samples, uint32_t m,
                                    double *column, double *not_above)
{
    uint32_t below = 0;
    for (uint32_t i = 0; i < samples; i++) {
        column[i] = means[(size_t)i * 3 + m];
        below += column[i] <= 0.0;
    }
    *not_above = (double)below / samples;
    qsort(column, samples, sizeof *column, ascending);
    return (vitrine_interval){ column[(size_t)(0.025 * (samples - 1))],
                               column[(size_t)(0.975 * (samples - 1) + 0.5)] };
}

vitrine_bootstrap vitrine_bootstrap_of(const uint32_t *rank, const uint32_t *other,
                                       const uint64_t *case_start, uint32_t sessions, uint32_t k,
                                       uint32_t samples, uint64_t seed, double *sums, double *means)
{
    vitrine_bootstrap out = {0};
    if (sessions == 0 || samples == 0) return out;
    for (uint32_t s = 0; s < sessions; s++) {
        double *sum = sums + (size_t)s * 3;
        sum[0] = sum[1] = sum[2] = 0.0;
        for (uint64_t c = case_start[s]; c < case_start[s + 1]; c++) {
            sum[0] += rank[c] >= 1 && rank[c] <= k;
            sum[1] += reciprocal(rank[c], k);
            sum[2] += gain(rank[c], k);
            if (other == NULL) continue;
            sum[0] -= other[c] >= 1 && other[c] <= k;
            sum[1] -= reciprocal(other[c], k);
            sum[2] -= gain(other[c], k);
        }
    }
    for (uint32_t i = 0; i < samples; i++) {
        double *mean = means + (size_t)i * 3;
        uint64_t cases = 0;
        mean[0] = mean[1] = mean[2] = 0.0;
        for (uint32_t s = 0; s < sessions; s++) {
            const uint32_t drawn = (uint32_t)(((next_random(&seed) >> 32) * sessions) >> 32);
            cases += case_start[drawn + 1] - case_start[drawn];
            for (int m = 0; m < 3; m++) mean[m] += sums[(size_t)drawn * 3 + (size_t)m];
        }
        for (int m = 0; m < 3; m++) mean[m] /= (double)cases;
    }
    double *column = means + (size_t)samples * 3;
    out.recall = interval_of(means, samples, 0, column, &out.p_recall);
    out.mrr = interval_of(means, samples, 1, column, &out.p_mrr);
    out.ndcg = interval_of(means, samples, 2, column, &out.p_ndcg);
    return out;
}
