/* Columns of a catalog or delta file as checked views. Each is absent, null or empty, when the file has
 * no such section. `field` names it in a fault. */
#ifndef VITRINE_CATALOG_READ_COLUMNS_H
#define VITRINE_CATALOG_READ_COLUMNS_H

#include "base/strings.h"
#include "model/container.h"

vitrine_status vitrine_column_strings(const vitrine_container *file, uint32_t offset_id, uint32_t bytes_id,
                                      const char *field, uint32_t count, vitrine_strings *out,
                                      vitrine_fault *fault);
/* Floats that are finite and >= 0, or -1 where unknown; `vector` allows any up to 10^6 in size. */
vitrine_status vitrine_column_floats(const vitrine_container *file, uint32_t id, const char *field,
                                     uint64_t count, bool vector, const float **out, vitrine_fault *fault);
/* Bytes, each at most `most`. */
vitrine_status vitrine_column_bytes(const vitrine_container *file, uint32_t id, const char *field,
                                    uint32_t count, uint8_t most, const uint8_t **out,
                                    vitrine_fault *fault);

#endif
