/* Filling in a fault, in one line at the place that refuses. */
#ifndef VITRINE_BASE_FAULT_H
#define VITRINE_BASE_FAULT_H

#include "vitrine/status.h"

/* A number for a fault: what this machine cannot count to is told as the most it can. A hundred places
 * that refuse then hand over 32 bits in the browser's module, and are smaller for it. */
static inline size_t vitrine_told(uint64_t number) { return number < SIZE_MAX ? (size_t)number : SIZE_MAX; }

vitrine_status vitrine_refuse_told(vitrine_fault *fault, vitrine_status status, const char *field,
                                   size_t offset, size_t found, size_t expected);

/* Fills `fault` when there is one, and returns the status. */
static inline vitrine_status vitrine_refuse(vitrine_fault *fault, vitrine_status status,
                                            const char *field, uint64_t offset, uint64_t found,
                                            uint64_t expected)
{
    status = vitrine_refuse_told(fault, status, field, vitrine_told(offset), vitrine_told(found), vitrine_told(expected));
    /* Who analyses the code does not look into the other file, and would go on after a refusal. */
#ifdef __clang_analyzer__
    if (status == VITRINE_OK) __builtin_unreachable();
#endif
    return status;
}

#endif
