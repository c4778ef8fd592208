#include "cli/keys.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/sha256.h"
#include "cli/output.h"
#include "model/signature.h"

enum { KEY_FILE_MAX = 1 << 16, HALF = 32 };

static bool failed(vitrine_problem *problem, const char *what)
{
    return vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "OpenSSL cannot %s", what);
}

void cli_key_free(cli_key *key)
{
    EVP_PKEY_free(key->pkey);
    memset(key, 0, sizeof *key);
}

/* The algorithm and the public half of a key that was just read or made. */
static bool describe(cli_key *key, const char *where, vitrine_problem *problem)
{
    char group[64] = "";
    size_t length = 0;
    const int kind = EVP_PKEY_get_base_id(key->pkey);
    if (kind == EVP_PKEY_ED25519) key->algorithm = VITRINE_SIGNED_ED25519;
    else if (kind == EVP_PKEY_EC && EVP_PKEY_get_group_name(key->pkey, group, sizeof group, &length) == 1 &&
             (strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0))
        key->algorithm = VITRINE_SIGNED_P256;
    else
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: neither an Ed25519 nor a P-256 key: make one "
                                   "with vitrine sign --new-key", where);
    const int size = i2d_PUBKEY(key->pkey, NULL);
    uint8_t *at = key->spki;
    if (size <= 0 || (size_t)size > sizeof key->spki || i2d_PUBKEY(key->pkey, &at) != size)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: a key of an unusual form", where);
    key->spki_size = (size_t)size;
    vitrine_sha256_of(key->spki, key->spki_size, key->id);
    return true;
}

bool cli_key_make(cli_key *key, uint32_t algorithm, vitrine_problem *problem)
{
    memset(key, 0, sizeof *key);
    key->pkey = algorithm == VITRINE_SIGNED_ED25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                                    : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    key->is_private = true;
    if (key->pkey == NULL) return failed(problem, "make a key");
    if (describe(key, "the new key", problem)) return true;
    cli_key_free(key);
    return false;
}

/* A public key in base64, blanks at the end allowed; null when it is none. */
static void *of_base64(const char *text, size_t length)
{
    uint8_t der[192];
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == ' ')) length--;
    if (length == 0 || length % 4 != 0 || length > sizeof der) return NULL;
    int size = EVP_DecodeBlock(der, (const uint8_t *)text, (int)length);
    for (size_t i = length; size > 0 && i > length - 2 && text[i - 1] == '='; i--) size--;
    const uint8_t *at = der;
    EVP_PKEY *key = size > 0 ? d2i_PUBKEY(NULL, &at, size) : NULL;
    if (key == NULL || at == der + size) return key;
    EVP_PKEY_free(key);
    return NULL;
}

/* No key is asked a password for: a command that waits for one would hang in a build. */
static int no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

bool cli_key_read(cli_key *key, const char *path, vitrine_problem *problem)
{
    void *bytes;
    size_t size;
    memset(key, 0, sizeof *key);
    if (!cli_input_file(path, KEY_FILE_MAX, &bytes, &size, problem)) return false;
    BIO *bio = BIO_new_mem_buf(bytes, (int)size);
    if (bio != NULL) {
        key->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
        key->is_private = key->pkey != NULL;
        if (key->pkey == NULL && BIO_reset(bio) == 1) key->pkey = PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL);
    }
    BIO_free(bio);
    if (key->pkey == NULL) key->pkey = of_base64(bytes, size);
    memset(bytes, 0, size); /* it may be a private key */
    free(bytes);
    if (key->pkey == NULL)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no key in PEM form without a password: make one "
                                   "with vitrine sign --new-key", path);
    if (describe(key, path, problem)) return true;
    cli_key_free(key);
    return false;
}

bool cli_key_of_text(cli_key *key, const char *text, vitrine_problem *problem)
{
    memset(key, 0, sizeof *key);
    key->pkey = of_base64(text, strlen(text));
    if (key->pkey == NULL)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "'%.60s' is no public key in base64, and no file: give "
                                   "what vitrine sign --new-key printed", text);
    if (describe(key, "the public key", problem)) return true;
    cli_key_free(key);
    return false;
}

bool cli_key_pem(const cli_key *key, char **pem, size_t *size, vitrine_problem *problem)
{
    char *data = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    *pem = NULL;
    bool ok = bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1;
    const long length = ok ? BIO_get_mem_data(bio, &data) : 0;
    ok = ok && length > 0 && (*pem = malloc((size_t)length + 1)) != NULL;
    if (ok) {
        memcpy(*pem, data, (size_t)length);
        *size = (size_t)length;
    }
    BIO_free(bio);
    return ok || failed(problem, "write the key");
}

void cli_key_text(const cli_key *key, char text[192])
{
    EVP_EncodeBlock((uint8_t *)text, key->spki, (int)key->spki_size);
}

/* OpenSSL writes an ECDSA signature as DER; WebCrypto and we as r and s, 32 bytes each. */
static bool from_der(const uint8_t *der, size_t size, uint8_t out[64])
{
    const BIGNUM *r, *s;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)size);
    if (signature == NULL) return false;
    ECDSA_SIG_get0(signature, &r, &s);
    const bool ok = BN_bn2binpad(r, out, HALF) == HALF && BN_bn2binpad(s, out + HALF, HALF) == HALF;
    ECDSA_SIG_free(signature);
    return ok;
}

static int to_der(const uint8_t signature[64], uint8_t **der)
{
    ECDSA_SIG *made = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, HALF, NULL), *s = BN_bin2bn(signature + HALF, HALF, NULL);
    *der = NULL;
    if (made == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(made, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(made);
        return -1;
    }
    const int size = i2d_ECDSA_SIG(made, der);
    ECDSA_SIG_free(made);
    return size;
}

bool cli_key_sign(const cli_key *key, const void *message, size_t size, uint8_t signature[64],
                  vitrine_problem *problem)
{
    uint8_t made[128];
    size_t length = sizeof made;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool plain = key->algorithm == VITRINE_SIGNED_ED25519;
    bool ok = context != NULL &&
              EVP_DigestSignInit(context, NULL, plain ? NULL : EVP_sha256(), NULL, key->pkey) == 1 &&
              EVP_DigestSign(context, made, &length, message, size) == 1;
    EVP_MD_CTX_free(context);
    if (ok && plain) {
        ok = length == 64;
        if (ok) memcpy(signature, made, 64);
    } else if (ok) {
        ok = from_der(made, length, signature);
    }
    return ok || failed(problem, "sign with this key");
}

bool cli_key_verify(const cli_key *key, const void *message, size_t size, const uint8_t signature[64])
{
    const bool plain = key->algorithm == VITRINE_SIGNED_ED25519;
    uint8_t *der = NULL;
    const int length = plain ? 64 : to_der(signature, &der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool ok = length > 0 && context != NULL &&
                    EVP_DigestVerifyInit(context, NULL, plain ? NULL : EVP_sha256(), NULL, key->pkey) == 1 &&
                    EVP_DigestVerify(context, plain ? signature : der, (size_t)length, message, size) == 1;
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    return ok;
}
