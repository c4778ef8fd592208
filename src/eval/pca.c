#include "eval/pca.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 1000 };

/* covariance [dim][dim] of rows around mean [dim]. */
static void spread(const float *rows, uint32_t count, uint32_t dim, double *mean, double *covariance)
{
    for (uint32_t r = 0; r < count; r++)
        for (uint32_t d = 0; d < dim; d++) mean[d] += (double)rows[(size_t)r * dim + d] / count;
    for (uint32_t r = 0; r < count; r++) {
        const float *row = rows + (size_t)r * dim;
        for (uint32_t a = 0; a < dim; a++) {
            const double x = ((double)row[a] - mean[a]) / count;
            for (uint32_t b = 0; b <= a; b++) covariance[(size_t)a * dim + b] += x * ((double)row[b] - mean[b]);
        }
    }
    for (uint32_t a = 0; a < dim; a++)
        for (uint32_t b = 0; b < a; b++) covariance[(size_t)b * dim + a] = covariance[(size_t)a * dim + b];
}

/* The longest eigenvector into axis [dim]; next [dim] is scratch. Returns its eigenvalue. */
static double longest_axis(const double *covariance, uint32_t dim, double *axis, double *next)
{
    double value = 0.0;
    /* No axis is at right angles to this one by accident. */
    for (uint32_t d = 0; d < dim; d++) axis[d] = 1.0 + sin(1.0 + (double)d);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double length = 0.0, moved = 0.0;
        for (uint32_t a = 0; a < dim; a++) {
            next[a] = 0.0;
            for (uint32_t b = 0; b < dim; b++) next[a] += covariance[(size_t)a * dim + b] * axis[b];
            length += next[a] * next[a];
        }
        length = sqrt(length);
        if (!(length > 1e-300)) {
            memset(axis, 0, dim * sizeof *axis);
            return 0.0;
        }
        for (uint32_t d = 0; d < dim; d++) {
            moved += fabs(next[d] / length - axis[d]);
            axis[d] = next[d] / length;
        }
        value = length;
        if (moved < 1e-12 * dim) break;
    }
    uint32_t largest = 0;
    for (uint32_t d = 1; d < dim; d++)
        if (fabs(axis[d]) > fabs(axis[largest])) largest = d;
    for (uint32_t d = 0; axis[largest] < 0.0 && d < dim; d++)
        if (d != largest) axis[d] = -axis[d];
    axis[largest] = fabs(axis[largest]);
    return value;
}

vitrine_status vitrine_pca(const float *rows, uint32_t count, uint32_t dim, double *out,
                           double share[2])
{
    double *mean = calloc(dim, sizeof *mean), *axis = malloc(2 * (size_t)dim * sizeof *axis);
    double *covariance = calloc((size_t)dim * dim, sizeof *covariance);
    double *next = malloc(dim * sizeof *next), all = 0.0;
    const bool ok = mean != NULL && axis != NULL && covariance != NULL && next != NULL;
    share[0] = share[1] = 0.0;
    if (ok && count > 0) {
        spread(rows, count, dim, mean, covariance);
        for (uint32_t d = 0; d < dim; d++) all += covariance[(size_t)d * dim + d];
        for (int n = 0; n < 2; n++) {
            double *own = axis + (size_t)n * dim;
            const double value = longest_axis(covariance, dim, own, next);
            share[n] = all > 0.0 ? value / all : 0.0;
            for (uint32_t a = 0; a < dim; a++)
                for (uint32_t b = 0; b < dim; b++) covariance[(size_t)a * dim + b] -= value * own[a] * own[b];
        }
        for (uint32_t r = 0; r < count; r++)
            for (uint32_t n = 0; n < 2; n++) {
                double sum = 0.0;
                for (uint32_t d = 0; d < dim; d++)
                    sum += ((double)rows[(size_t)r * dim + d] - mean[d]) * axis[(size_t)n * dim + d];
                out[(size_t)r * 2 + n] = sum;
            }
    }
    free(mean);
    free(axis);
    free(covariance);
    free(next);
    return ok ? VITRINE_OK : VITRINE_NO_SPACE;
}
