/* The .vitrine container: a header, a table of sections, the sections. Kinds share it.
 * docs/model-format.md describes the bytes. */
#ifndef VITRINE_MODEL_CONTAINER_H
#define VITRINE_MODEL_CONTAINER_H

#include <stdbool.h>
#include "vitrine/status.h"

enum { VITRINE_KIND_MODEL = 1, VITRINE_KIND_CATALOG = 2, VITRINE_KIND_DELTA = 3, VITRINE_KIND_PROFILE = 4 };

#define VITRINE_FORMAT_VERSION 1u
#define VITRINE_FORMAT_ABI 1u
#define VITRINE_HEADER_SIZE 128u
#define VITRINE_ENTRY_SIZE 64u
#define VITRINE_SECTION_ALIGN 64u
#define VITRINE_MAX_SECTIONS 64u
#define VITRINE_MAX_FILE ((uint64_t)1 << 31)

/* A section's id is four ASCII letters, first letter in the lowest byte. */
#define VITRINE_ID(a, b, c, d) \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

typedef struct vitrine_section {
    uint32_t id;
    size_t offset; /* from the start of the file */
    size_t size;
    const uint8_t *bytes;
} vitrine_section;

/* A view of a file whose header and table were checked. */
typedef struct vitrine_container {
    const uint8_t *bytes;
    size_t size;
    uint32_t kind;
    uint32_t sections;
    uint64_t version;
    const uint8_t *parent; /* [32] hash of the file it belongs to; zeros: none */
    const uint8_t *hash;   /* [32] */
} vitrine_container;

/* Check header, table and layout: magic, versions, kind, sizes, order, alignment, no holes, no
 * overlaps, zero padding, and the hash over header and table. `kind` 0 accepts any. bytes are
 * aligned to 64. The sections' own hashes are left for vitrine_container_verify. */
vitrine_status vitrine_container_open(vitrine_container *container, const void *bytes, size_t size,
                                      uint32_t kind, vitrine_fault *fault);
/* Check the SHA-256 of every section. sums [sections][32] in file order: as the caller computed them
 * over these bytes, since a browser's own SHA-256 is many times as fast; null: computed here. */
vitrine_status vitrine_container_verify(const vitrine_container *container, const uint8_t *sums,
                                        vitrine_fault *fault);

/* Section `index` < sections, in file order. */
vitrine_section vitrine_container_section(const vitrine_container *container, uint32_t index);
/* False, and a section of size 0, when there is none. */
bool vitrine_container_find(const vitrine_container *container, uint32_t id,
                            vitrine_section *section);

/* Writing: begin, one call for each section, end. With `out` null the same calls measure. */
typedef struct vitrine_container_writer {
    uint8_t *out; /* null: measuring */
    size_t size;
    uint64_t used; /* end of the last section, padded */
    uint32_t kind, sections, capacity;
    uint64_t version;
    bool failed;
} vitrine_container_writer;

/* `capacity` sections at most; out must be aligned to 64. parent null: none. */
void vitrine_container_begin(vitrine_container_writer *writer, void *out, size_t size, uint32_t kind,
                             uint64_t version, const uint8_t *parent, uint32_t capacity);
/* Room for a section's bytes, cleared; null when measuring, when there is no space, or size is 0
 * (an empty section is still listed). */
void *vitrine_container_add(vitrine_container_writer *writer, uint32_t id, size_t size);
/* Hashes and header. VITRINE_NO_SPACE when something did not fit. `written` also when measuring. */
vitrine_status vitrine_container_end(vitrine_container_writer *writer, size_t *written);

#endif
