/* The plane on which a cloud of points spreads most. */
#ifndef VITRINE_EVAL_PCA_H
#define VITRINE_EVAL_PCA_H

#include <stdint.h>
#include "vitrine/status.h"

/* Projects rows [count][dim] on their first two principal components (Pearson 1901): out [count][2],
 * centred, the first axis the wider one. share[2]: how much of the variance each axis carries; 0 when
 * the points do not spread that far. Axes point where their largest weight is positive, so the same
 * rows give the same picture. The eigenvectors are found by power iteration.
 * VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_pca(const float *rows, uint32_t count, uint32_t dim, double *out,
                           double share[2]);

#endif
