/* Keys for signing, by OpenSSL's libcrypto: Ed25519, and ECDSA over P-256 with SHA-256. */
#ifndef VITRINE_CLI_KEYS_H
#define VITRINE_CLI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "data/problem.h"

typedef struct cli_key {
    void *pkey;          /* EVP_PKEY */
    uint32_t algorithm;  /* VITRINE_SIGNED_... */
    uint8_t id[32];      /* SHA-256 of the public key */
    uint8_t spki[128];   /* the public key as SubjectPublicKeyInfo, DER */
    size_t spki_size;
    bool is_private;
} cli_key;

/* "ed25519" or "p256"; false with `problem`. */
bool cli_key_make(cli_key *key, uint32_t algorithm, vitrine_problem *problem);
/* A PEM file, private (PKCS#8, not encrypted) or public; or a public key in base64, as below. */
bool cli_key_read(cli_key *key, const char *path, vitrine_problem *problem);
/* A public key in base64, as `sign --new-key` prints it and the page's publicKey takes it. */
bool cli_key_of_text(cli_key *key, const char *text, vitrine_problem *problem);
void cli_key_free(cli_key *key);

/* The private key as PEM: free() it. */
bool cli_key_pem(const cli_key *key, char **pem, size_t *size, vitrine_problem *problem);
/* The public key in base64: text [192]. */
void cli_key_text(const cli_key *key, char text[192]);

/* signature [64] over the message, in the form of model/signature.h. */
bool cli_key_sign(const cli_key *key, const void *message, size_t size, uint8_t signature[64],
                  vitrine_problem *problem);
/* Whether it is this key's signature over the message. */
bool cli_key_verify(const cli_key *key, const void *message, size_t size, const uint8_t signature[64]);

#endif
