#include "model/signature.h"

#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "base/writer.h"

static const uint8_t MAGIC[8] = {0x89, 'V', 'I', 'T', 'S', 'I', 'G', '\n'};

vitrine_status vitrine_signatures_read(const void *bytes, size_t size, size_t *file_size,
                                       vitrine_signature *list, uint32_t *count, vitrine_fault *fault)
{
    *file_size = size;
    *count = 0;
    if (size < VITRINE_HEADER_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "header", 0, size, VITRINE_HEADER_SIZE);
    const uint8_t *const file = bytes;
    vitrine_reader in = {file + 24, file + 32, true};
    const uint64_t low = vitrine_read_u32(&in), high = vitrine_read_u32(&in), declared = high << 32 | low;
    if (declared < VITRINE_HEADER_SIZE || declared > size)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "file size", 24, size, declared);
    if (declared == size) return VITRINE_OK;
    const size_t left = size - (size_t)declared;
    const uint8_t *const block = file + declared;
    if (left < VITRINE_SIGNATURE_HEAD || memcmp(block, MAGIC, sizeof MAGIC) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "bytes behind the file", declared, left, 0);
    in = (vitrine_reader){block + 8, block + left, true};
    const uint32_t signatures = vitrine_read_u32(&in), zero = vitrine_read_u32(&in);
    if (signatures == 0 || signatures > VITRINE_MAX_SIGNATURES || zero != 0 ||
        left != VITRINE_SIGNATURE_HEAD + signatures * VITRINE_SIGNATURE_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "signatures", declared + 8, signatures,
                              VITRINE_MAX_SIGNATURES);
    for (uint32_t i = 0; i < signatures; i++) {
        const uint8_t *entry = block + VITRINE_SIGNATURE_HEAD + i * VITRINE_SIGNATURE_SIZE;
        in = (vitrine_reader){entry, entry + 8, true};
        list[i].algorithm = vitrine_read_u32(&in);
        list[i].key = entry + 8;
        list[i].bytes = entry + 40;
        const uint32_t reserved = vitrine_read_u32(&in);
        if (list[i].algorithm < VITRINE_SIGNED_ED25519 || list[i].algorithm > VITRINE_SIGNED_P256 || reserved != 0)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "algorithm of a signature", (uint64_t)(entry - file),
                                  list[i].algorithm, VITRINE_SIGNED_P256);
    }
    *file_size = (size_t)declared;
    *count = signatures;
    return VITRINE_OK;
}

void vitrine_signed_bytes(const void *file, uint8_t *out)
{
    memcpy(out, VITRINE_SIGNATURE_CONTEXT, sizeof VITRINE_SIGNATURE_CONTEXT);
    memcpy(out + sizeof VITRINE_SIGNATURE_CONTEXT, file, VITRINE_HEADER_SIZE);
}

size_t vitrine_signatures_write(const vitrine_signature *list, uint32_t count, uint8_t *out)
{
    const size_t size = VITRINE_SIGNATURE_HEAD + count * VITRINE_SIGNATURE_SIZE;
    memset(out, 0, size);
    memcpy(out, MAGIC, sizeof MAGIC);
    vitrine_writer to = {out + 8, out + size, true};
    vitrine_write_u32(&to, count);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *entry = out + VITRINE_SIGNATURE_HEAD + i * VITRINE_SIGNATURE_SIZE;
        to = (vitrine_writer){entry, entry + 8, true};
        vitrine_write_u32(&to, list[i].algorithm);
        memcpy(entry + 8, list[i].key, 32);
        memcpy(entry + 40, list[i].bytes, 64);
    }
    return size;
}
