/* Where items that shops publish as JSON keep their fields, when not in a plain member: schema.org's
 * offers, Shopify's variants, WooCommerce's prices, images and categories. */
#ifndef VITRINE_DATA_ITEM_SHAPES_H
#define VITRINE_DATA_ITEM_SHAPES_H

#include <stdbool.h>
#include <cjson/cJSON.h>

/* The value of field `which` (item_builder.h) that lies deeper, or null. `plain`: what the member of
 * its usual name holds, or null. */
const cJSON *vitrine_item_inside(const cJSON *object, int which, const cJSON *plain);

/* What stands for an object where a text is asked for: its name, or its address. Null: nothing. */
const cJSON *vitrine_item_name_of(const cJSON *object);

/* A price written as a whole number of cents, with the places of its point; false when there is none. */
bool vitrine_item_minor_price(const cJSON *object, double *price);

/* Draft, archived, private: not for sale, whatever its stock. */
bool vitrine_item_is_hidden(const cJSON *object);

/* One published thing that is no item: a breadcrumb, an organisation. */
bool vitrine_item_is_other(const cJSON *object);

#endif
