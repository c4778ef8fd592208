/* Expectation-maximisation for the weights of a mixture whose parts are known. Where candidates are
 * masked, a part may leave only some of its mass to them; the likelihood is then that of the mixture
 * scaled to the candidates, and dividing by the expected mass keeps the update monotone. */
#include "train/fuse.h"

#include <math.h>

enum { MOST_ROUNDS = 300, MOST_PARTS = 16 };

double vitrine_fuse_mixture(const float *share, const float *mass, uint64_t positions,
                            uint32_t parts, const float *prior, float prior_strength,
                            float *weight)
{
    double w[MOST_PARTS], best = -INFINITY;
    for (uint32_t k = 0; k < parts; k++) w[k] = (double)weight[k];
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double gain[MOST_PARTS] = {0}, cost[MOST_PARTS] = {0}, likelihood = 0.0;
        uint64_t counted = 0;
        for (uint64_t n = 0; n < positions; n++) {
            const float *p = share + n * parts, *u = mass == NULL ? NULL : mass + n * parts;
            double truth = 0.0, all = 0.0;
            for (uint32_t k = 0; k < parts; k++) {
                truth += w[k] * (double)p[k];
                all += w[k] * (u == NULL ? 1.0 : (double)u[k]);
            }
            if (!(truth > 0.0) || !(all > 0.0)) continue; /* nobody saw it coming: no evidence */
            counted++;
            likelihood += log(truth / all);
            for (uint32_t k = 0; k < parts; k++) {
                gain[k] += w[k] * (double)p[k] / truth;
                cost[k] += (u == NULL ? 1.0 : (double)u[k]) / all;
            }
        }
        if (counted == 0) return 0.0;
        likelihood /= (double)counted;
        for (uint32_t k = 0; k < parts; k++) weight[k] = (float)w[k];
        if (likelihood - best < 1e-7 && round > 0) return likelihood;
        best = likelihood;

        double sum = 0.0;
        for (uint32_t k = 0; k < parts; k++) {
            const double strength = prior == NULL ? 0.0 : (double)prior_strength;
            const double wished = gain[k] + (prior == NULL ? 0.0 : strength * (double)prior[k]);
            w[k] = cost[k] + strength > 0.0 ? wished / (cost[k] + strength) : 0.0;
            sum += w[k];
        }
        for (uint32_t k = 0; k < parts; k++) w[k] /= sum;
    }
    return best;
}
