/* A trained model: a checked, read-only view of a .vitrine file of kind model. */
#ifndef VITRINE_MODEL_H
#define VITRINE_MODEL_H

#include "vitrine/status.h"

/* Opaque. Shared by any number of catalogs, profiles and rankers, on any number of threads. */
typedef struct vitrine_model vitrine_model;

/* Bytes of memory that vitrine_model_open asks for. Reads the header and the section table only. */
vitrine_status vitrine_model_size(const void *bytes, size_t size, size_t *need,
                                  vitrine_fault *fault);

/* Check a whole file and make it usable in place.
 *
 *   mem, mem_size  [in]   the caller's, aligned to 64; at least vitrine_model_size bytes
 *   bytes, size    [in]   the file, aligned to 64; must outlive the model and not change
 *   model          [out]  lives in mem
 *   fault          [out]  may be null; filled after a failure
 *
 * Every checksum, count, offset and float is checked; nothing is trusted afterwards unchecked. */
vitrine_status vitrine_model_open(void *mem, size_t mem_size, const void *bytes, size_t size,
                                  const vitrine_model **model, vitrine_fault *fault);

uint32_t vitrine_model_items(const vitrine_model *model);
/* Content version: grows with every training of the same shop. */
uint64_t vitrine_model_version(const vitrine_model *model);
/* SHA-256 over the file's header and section table, hence over the whole file: 32 bytes. */
const uint8_t *vitrine_model_hash(const vitrine_model *model);
/* The model card, UTF-8 JSON, not zero-terminated; may be empty. */
const char *vitrine_model_card(const vitrine_model *model, size_t *length);

#endif
