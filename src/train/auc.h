/* How well a score tells two classes apart. */
#ifndef VITRINE_TRAIN_AUC_H
#define VITRINE_TRAIN_AUC_H

#include <stddef.h>
#include <stdint.h>

/* Chance that a positive has a larger score than a negative, equal ones counting half (Mann and
 * Whitney 1947): the area under the ROC curve. label [count] 0 or 1. NAN when a class is empty or
 * memory is out. */
double vitrine_auc(const float *score, const uint8_t *label, size_t count);

#endif
