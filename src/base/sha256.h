/* SHA-256 (FIPS 180-4). Streams, allocates nothing. */
#ifndef VITRINE_BASE_SHA256_H
#define VITRINE_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_sha256 {
    uint32_t state[8];
    uint8_t block[64];
    uint64_t length; /* bytes so far */
} vitrine_sha256;

void vitrine_sha256_init(vitrine_sha256 *sha);
void vitrine_sha256_update(vitrine_sha256 *sha, const void *bytes, size_t size);
void vitrine_sha256_final(vitrine_sha256 *sha, uint8_t digest[32]);

static inline void vitrine_sha256_of(const void *bytes, size_t size, uint8_t digest[32])
{
    vitrine_sha256 sha;
    vitrine_sha256_init(&sha);
    vitrine_sha256_update(&sha, bytes, size);
    vitrine_sha256_final(&sha, digest);
}

#endif
