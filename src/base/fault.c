#include "base/fault.h"

vitrine_status vitrine_refuse_told(vitrine_fault *fault, vitrine_status status, const char *field,
                                   size_t offset, size_t found, size_t expected)
{
    if (fault != NULL) {
        const vitrine_fault told = {status, field, offset, found, expected};
        *fault = told;
    }
    return status;
}
