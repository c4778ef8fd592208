#include "support/resign.h"

#include "base/reader.h"
#include "base/sha256.h"
#include "model/container.h"

void resign(uint8_t *bytes, size_t size)
{
    enum { AT_SECTIONS = 20, AT_HASH = 72, AFTER_HASH = 104 };
    if (size < VITRINE_HEADER_SIZE) return;
    vitrine_reader in = {bytes + AT_SECTIONS, bytes + size, true};
    const uint32_t sections = vitrine_read_u32(&in);
    const size_t table = (size_t)sections * VITRINE_ENTRY_SIZE;
    if (sections > VITRINE_MAX_SECTIONS || size < VITRINE_HEADER_SIZE + table) return;
    for (uint32_t i = 0; i < sections; i++) {
        uint8_t *entry = bytes + VITRINE_HEADER_SIZE + (size_t)i * VITRINE_ENTRY_SIZE;
        vitrine_reader at = {entry + 8, entry + VITRINE_ENTRY_SIZE, true};
        const uint64_t offset = vitrine_read_u64(&at), length = vitrine_read_u64(&at);
        if (offset <= size && length <= size - offset)
            vitrine_sha256_of(bytes + offset, (size_t)length, entry + 24);
    }
    static const uint8_t zeros[32] = {0};
    vitrine_sha256 sha;
    vitrine_sha256_init(&sha);
    vitrine_sha256_update(&sha, bytes, AT_HASH);
    vitrine_sha256_update(&sha, zeros, sizeof zeros);
    vitrine_sha256_update(&sha, bytes + AFTER_HASH, VITRINE_HEADER_SIZE - AFTER_HASH + table);
    vitrine_sha256_final(&sha, bytes + AT_HASH);
}
