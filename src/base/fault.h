/* Filling in a fault, in one line at the place that refuses. */
#ifndef VITRINE_BASE_FAULT_H
#define VITRINE_BASE_FAULT_H

#include "vitrine/status.h"

/* Fills `fault` when there is one, and returns the status. */
static inline vitrine_status vitrine_refuse(vitrine_fault *fault, vitrine_status status,
                                            const char *field, uint64_t offset, uint64_t found,
                                            uint64_t expected)
{
    if (fault != NULL) {
        const vitrine_fault told = {status, field, offset, found, expected};
        *fault = told;
    }
    return status;
}

#endif
