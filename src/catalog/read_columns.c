#include "catalog/read_columns.h"

#include <string.h>

#include "base/fault.h"

vitrine_status vitrine_column_strings(const vitrine_container *file, uint32_t offset_id,
                                   uint32_t bytes_id, const char *field, uint32_t count,
                                   vitrine_strings *out, vitrine_fault *fault)
{
    vitrine_section offsets, bytes;
    memset(out, 0, sizeof *out);
    if (!vitrine_container_find(file, offset_id, &offsets)) return VITRINE_OK;
    if (!vitrine_container_find(file, bytes_id, &bytes) ||
        offsets.size != ((uint64_t)count + 1) * sizeof(uint32_t))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, offsets.offset, offsets.size,
                              ((uint64_t)count + 1) * sizeof(uint32_t));
    const uint32_t *offset = (const uint32_t *)(const void *)offsets.bytes;
    if (offset[0] != 0 || offset[count] != bytes.size)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, offsets.offset, offset[count],
                              bytes.size);
    for (uint32_t i = 0; i < count; i++)
        if (offset[i] > offset[i + 1] || offset[i + 1] > bytes.size)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, offsets.offset + i * 4u,
                                  offset[i], offset[i + 1]);
    out->offset = offset;
    out->bytes = (const char *)bytes.bytes;
    out->count = count;
    return VITRINE_OK;
}

vitrine_status vitrine_column_floats(const vitrine_container *file, uint32_t id, const char *field,
                                  uint64_t count, bool vector, const float **out,
                                  vitrine_fault *fault)
{
    vitrine_section section;
    *out = NULL;
    if (!vitrine_container_find(file, id, &section)) return VITRINE_OK;
    if (section.size != count * sizeof(float))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, section.offset, section.size,
                              count * sizeof(float));
    const float *values = (const float *)(const void *)section.bytes;
    for (uint64_t i = 0; i < count; i++)
        if (!(values[i] >= (vector ? -1e6f : 0.0f) && values[i] <= (vector ? 1e6f : 1e12f)) &&
            values[i] != -1.0f)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, field, section.offset + i * sizeof(float),
                                  i, count);
    *out = values;
    return VITRINE_OK;
}

vitrine_status vitrine_column_bytes(const vitrine_container *file, uint32_t id, const char *field,
                                 uint32_t count, uint8_t most, const uint8_t **out,
                                 vitrine_fault *fault)
{
    vitrine_section section;
    *out = NULL;
    if (!vitrine_container_find(file, id, &section)) return VITRINE_OK;
    if (section.size != count)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, section.offset, section.size, count);
    for (uint32_t i = 0; i < count; i++)
        if (section.bytes[i] > most)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, field, section.offset + i,
                                  section.bytes[i], most);
    *out = section.bytes;
    return VITRINE_OK;
}
