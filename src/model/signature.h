/* Signatures of a .vitrine file: a block behind its end, which the container's own readers do not see.
 * docs/model-format.md describes the bytes. What is signed is the header, whose hash covers the rest; so
 * a signature says nothing about a file that has not been opened and verified as well.
 *
 * Here is no cryptography: the command line has OpenSSL for it, and the page WebCrypto. */
#ifndef VITRINE_MODEL_SIGNATURE_H
#define VITRINE_MODEL_SIGNATURE_H

#include "model/container.h"

enum { VITRINE_SIGNED_ED25519 = 1, VITRINE_SIGNED_P256 = 2 };

#define VITRINE_MAX_SIGNATURES 4u
#define VITRINE_SIGNATURE_HEAD 16u
#define VITRINE_SIGNATURE_SIZE 104u
/* What a signature is made over: these words with their zero, then the file's 128 bytes of header. */
#define VITRINE_SIGNATURE_CONTEXT "vitrine signature 1"
#define VITRINE_SIGNED_BYTES (sizeof VITRINE_SIGNATURE_CONTEXT + VITRINE_HEADER_SIZE)

typedef struct vitrine_signature {
    uint32_t algorithm;   /* VITRINE_SIGNED_... */
    const uint8_t *key;   /* [32] SHA-256 of the public key as SubjectPublicKeyInfo (RFC 5280) */
    const uint8_t *bytes; /* [64] Ed25519: RFC 8032; P-256 with SHA-256: r, s, most significant first */
} vitrine_signature;

/* Where the file itself ends, and the signatures behind it: list [VITRINE_MAX_SIGNATURES]. A file
 * without any is fine and has count 0. Only the sizes of the file are looked at: open it next, as
 * *file_size bytes. VITRINE_BAD_FORMAT for a file cut short or a block that is none. */
vitrine_status vitrine_signatures_read(const void *bytes, size_t size, size_t *file_size,
                                       vitrine_signature *list, uint32_t *count, vitrine_fault *fault);

/* What each signature is made over: out [VITRINE_SIGNED_BYTES]. */
void vitrine_signed_bytes(const void *file, uint8_t *out);

/* The block of `count` <= VITRINE_MAX_SIGNATURES signatures; out [HEAD + count * SIZE]. Returns its size. */
size_t vitrine_signatures_write(const vitrine_signature *list, uint32_t count, uint8_t *out);

#endif
