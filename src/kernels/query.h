/* A vector in 7 bits around 64, as the int8 products want their second operand (scan.h):
 *
 *   scale = max |x| / 63                out[i] = 64 + x[i] / scale, to nearest, ties to even
 *
 *   x    [n rounded up to 4], finite; what pads it is zeros
 *   out  [n rounded up to 4]; what pads it is 64
 *
 * Returns the scale: x[i] is about (out[i] - 64) * scale, off by half a scale at most. Of a vector so small that
 * the scale is no normal float nothing is left: out is 64 throughout. */
#ifndef VITRINE_KERNELS_QUERY_H
#define VITRINE_KERNELS_QUERY_H

#include <stddef.h>
#include <stdint.h>

float vitrine_query_q8(const float *restrict x, size_t n, uint8_t *restrict out);

#endif
