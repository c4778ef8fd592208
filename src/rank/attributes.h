/* Attribute vectors: an item's is of length 1 over its attributes and its price band. */
#ifndef VITRINE_RANK_ATTRIBUTES_H
#define VITRINE_RANK_ATTRIBUTES_H

#include "catalog/catalog.h"

/* to [attributes] += weight * the item's vector. */
void vitrine_attributes_add(const vitrine_catalog *catalog, uint32_t item, float weight, float *to);

/* out [items]: dot products of every item's vector with one [attributes], times scale. The vector comes
 * back multiplied by the attributes' weights. */
void vitrine_attributes_dot(const vitrine_catalog *catalog, float *vector, float scale, float *out);

#endif
