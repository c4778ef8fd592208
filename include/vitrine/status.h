/* What a call answers, and what was wrong with bytes or arguments from outside. */
#ifndef VITRINE_STATUS_H
#define VITRINE_STATUS_H

#include <stddef.h>
#include <stdint.h>

typedef enum vitrine_status {
    VITRINE_OK = 0,
    VITRINE_BAD_ARGUMENT = 1, /* a caller's mistake: null, zero, out of range */
    VITRINE_BAD_FORMAT = 2,   /* not a .vitrine file, or its structure is broken */
    VITRINE_BAD_VERSION = 3,  /* a .vitrine file of another format version, kind or ABI */
    VITRINE_BAD_CHECKSUM = 4, /* bytes differ from what their SHA-256 says */
    VITRINE_BAD_VALUE = 5,    /* a number out of its range, NaN or infinity */
    VITRINE_MISMATCH = 6,     /* a file that belongs to another model */
    VITRINE_NO_SPACE = 7,     /* the caller's memory or buffer is too small */
    VITRINE_UNKNOWN_ITEM = 8, /* no such item */
    VITRINE_NOT_KEPT = 9      /* a sensitive item: nothing about it is stored */
} vitrine_status;

/* Where a refusal happened. `field` is a static string, never null after a failure. */
typedef struct vitrine_fault {
    vitrine_status status;
    const char *field;   /* the field of the format, or the argument */
    uint64_t offset;     /* bytes from the start of the file; 0 for arguments */
    uint64_t found;      /* what stood there, when it is a number */
    uint64_t expected;   /* what should have stood there, or the limit that was passed */
} vitrine_fault;

/* One lower-case word for each status ("ok", "bad_format", ...): stable, also the error codes of the
 * JavaScript API. */
const char *vitrine_status_name(vitrine_status status);

#endif
