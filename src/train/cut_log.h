/* A log without the last events of its sessions. */
#ifndef VITRINE_TRAIN_CUT_LOG_H
#define VITRINE_TRAIN_CUT_LOG_H

#include "data/dataset.h"

/* Leave-one-out training must not meet the last event in anything it counts: a dataset of the same ids
 * whose sessions lack their last `cut` events. It has no prices. False when memory is out; free either
 * way. */
bool vitrine_cut_log(const vitrine_dataset *log, uint32_t cut, vitrine_dataset *view);
void vitrine_cut_log_free(vitrine_dataset *view); /* its own arrays, not the ids */

#endif
