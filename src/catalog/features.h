/* From an item's fields to what the model knows them as: attributes and numbers, and from those to
 * an item vector. The one place both training and device go through. */
#ifndef VITRINE_CATALOG_FEATURES_H
#define VITRINE_CATALOG_FEATURES_H

#include <stdbool.h>
#include "model/model.h"
#include "vitrine/catalog.h"

/* One item's fields; views, nothing owned. */
typedef struct vitrine_item_fields {
    const char *text[VITRINE_TEXT_FIELDS];
    size_t text_length[VITRINE_TEXT_FIELDS];
    float price, sales;   /* NAN or negative: unknown */
    const float *vectors; /* [vector_dim] or null */
} vitrine_item_fields;

#define VITRINE_MAX_NAME 256u /* bytes of an attribute name; longer ones are cut */
#define VITRINE_MAX_ITEM_ATTRIBUTES 64u /* of one item; more are passed over */

/* Calls `found` with each attribute name of the item but its price band: "category:A",
 * "category:A/B" for each level of the path (levels trimmed, empty ones dropped; '/' or '>' divide),
 * "brand:X", "tag:T" for each of the tags (',' divides). Stops when found returns false. */
typedef bool (*vitrine_name_found)(void *context, const char *name, size_t length);
void vitrine_item_names(const vitrine_item_fields *fields, vitrine_name_found found, void *context);

/* The next part of a text before one of two separators, trimmed, empty ones passed over; *text and
 * *length move behind it. False when there is none. */
bool vitrine_text_part(const char **text, size_t *length, char first, char second, const char **part,
                       size_t *part_length);

/* Attribute indices of the item that the model knows, ascending, without repeats and without the
 * price band: out [VITRINE_MAX_ITEM_ATTRIBUTES]. Returns how many. */
uint32_t vitrine_item_attributes(const vitrine_model *model, const vitrine_item_fields *fields,
                                 uint16_t *out);

/* Natural logarithm for numeric features, |error| < 2e-6 relative to max(1, |log x|); the same bits
 * everywhere. x > 0 and finite. */
float vitrine_log(float x);

/* Standardised numbers, out [VITRINE_NUMERICS + vector_dim]: log(1 + price), log(1 + sales), then the
 * vectors; unknown ones are 0. */
void vitrine_item_numbers(const vitrine_config *config, const vitrine_item_fields *fields, float *out);

/* The feature network (model.h), textbook order of sums:
 *   hidden = relu(bias + sum of feature_embed[a] over attributes and band + dense * numbers)
 *   vector = out_bias + out * hidden                                          [dim]
 *
 * It works in a scratch of vitrine_feature_scratch() cleared floats, where begin puts `out` as gemv reads
 * it, once for all items; the vector is the scratch's first floats.
 * attributes [count]; band VITRINE_NO_BAND: none. Needs a feature network. */
size_t vitrine_feature_scratch(const vitrine_config *config);
void vitrine_feature_begin(const vitrine_model *model, float *scratch);
void vitrine_feature_vector(const vitrine_model *model, const uint16_t *attributes, uint32_t count,
                            uint32_t band, const vitrine_item_fields *fields, float *scratch);

#endif
