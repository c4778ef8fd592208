/* One step of the bag. Formula: cells.h. */
#include "nn/cells.h"

void vitrine_bag_step(const vitrine_network *net, const float *x, float *h, float *c)
{
    c[0] += 1.0f;
    for (size_t u = 0; u < net->shape.hidden; u++) h[u] += (x[u] - h[u]) / c[0];
}
