#include "train/losses.h"

#include <math.h>

double vitrine_loss_bpr_max(const vitrine_kernels *kernels, float *x, uint32_t target, size_t n,
                            float weight, float *scratch)
{
    float *share = scratch, *wins = scratch + n;
    const float truth = x[target];
    /* The target is no negative: neither the largest of them nor in their sum. */
    x[target] = x[target > 0 ? 0 : 1];
    kernels->exp_shifted(share, x, kernels->max(x, n), n);
    x[target] = truth;
    share[target] = 0.0f;
    const float sum = kernels->sum(share, n);
    for (size_t j = 0; j < n; j++) {
        share[j] /= sum;
        x[j] = truth - x[j];
    }
    kernels->sigmoid(wins, x, n);
    double won = 0.0, size = 0.0, slope = 0.0;
    for (size_t j = 0; j < n; j++) {
        const double logit = (double)(truth - x[j]), s = (double)share[j], a = (double)wins[j];
        won += s * a;
        size += s * logit * logit;
        slope += s * a * (1.0 - a);
    }
    won = won > 1e-24 ? won : 1e-24;
    const float each = (float)(1.0 / won), mean = (float)size, chance = (float)won;
    for (size_t j = 0; j < n; j++) {
        const float logit = truth - x[j], s = share[j], a = wins[j];
        x[j] = s * (each * (a * (1.0f - a) - (a - chance)) +
                    weight * (logit * logit - mean + 2.0f * logit));
    }
    x[target] = (float)(-slope / won);
    return -log(won) + (double)weight * size;
}

double vitrine_loss_gbce(const vitrine_kernels *kernels, float *x, uint32_t target, size_t n,
                         float beta, float *scratch)
{
    const float truth = x[target];
    double loss = 0.0;
    kernels->sigmoid(scratch, x, n);
    /* log(1 + e^x), whichever way round does not overflow. */
    for (size_t j = 0; j < n; j++) {
        const float size = x[j] > 0.0f ? x[j] : -x[j];
        loss += j == target ? 0.0 : (double)(x[j] > 0.0f ? x[j] : 0.0f) + log1p(exp(-(double)size));
        x[j] = scratch[j];
    }
    x[target] = -beta * (1.0f - scratch[target]);
    return loss + (double)beta * ((double)(truth < 0.0f ? -truth : 0.0f) +
                                  log1p(exp(-fabs((double)truth))));
}

float vitrine_gbce_beta(size_t n, uint32_t items, float t)
{
    const double a = (double)(n - 1) / (double)(items > 1 ? items - 1 : 1);
    return (float)(a * ((double)t * (1.0 - 1.0 / a) + 1.0 / a));
}
