#include "data/item_shapes.h"

#include <string.h>

#include "data/item_builder.h"
#include "data/json.h"

/* An object itself, or the first of an array. */
static const cJSON *first_of(const cJSON *value) { return cJSON_IsArray(value) ? value->child : value; }

/* A member of the first object, by the first of these names that is there. */
static const cJSON *member_of(const cJSON *value, const char *const *names)
{
    value = first_of(value);
    for (; cJSON_IsObject(value) && *names != NULL; names++) {
        const cJSON *found = vitrine_json_member(value, *names);
        if (found != NULL && !cJSON_IsNull(found)) return found;
    }
    return NULL;
}

const cJSON *vitrine_item_name_of(const cJSON *object)
{
    static const char *const names[] = {"name", "title", "src", "url", "contentUrl", "@id", NULL};
    const cJSON *found = cJSON_IsObject(object) ? member_of(object, names) : NULL;
    return cJSON_IsString(found) ? found : NULL;
}

static const cJSON *offers_of(const cJSON *object) { return vitrine_json_member(object, "offers"); }

static const cJSON *price_inside(const cJSON *object)
{
    static const char *const names[] = {"price", "lowPrice", NULL};
    static const char *const specifications[] = {"priceSpecification", "offers", NULL};
    const cJSON *found = member_of(offers_of(object), names);
    if (found == NULL) found = member_of(member_of(offers_of(object), specifications), names);
    return found != NULL ? found : member_of(vitrine_json_member(object, "variants"), names);
}

static const cJSON *currency_inside(const cJSON *object)
{
    static const char *const names[] = {"priceCurrency", "currency_code", NULL};
    static const char *const specifications[] = {"priceSpecification", "offers", NULL};
    const cJSON *found = member_of(offers_of(object), names);
    if (found == NULL) found = member_of(member_of(offers_of(object), specifications), names);
    return found != NULL ? found : member_of(vitrine_json_member(object, "prices"), names);
}

/* Whether a value says that something is there, as far as it can be told without its words. */
static bool says_there(const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);
    if (text != NULL) return strstr(text, "InStock") != NULL || strstr(text, "LimitedAvailability") != NULL;
    return cJSON_IsTrue(value) || (cJSON_IsNumber(value) && value->valuedouble > 0);
}

/* Of several offers or variants the first that is there speaks for all. */
static const cJSON *any_there(const cJSON *list, const char *const *names)
{
    const cJSON *best = NULL, *element;
    if (!cJSON_IsArray(list)) return member_of(list, names);
    cJSON_ArrayForEach(element, list)
    {
        const cJSON *found = member_of(element, names);
        if (found != NULL && (best == NULL || (says_there(found) && !says_there(best)))) best = found;
    }
    return best;
}

static const cJSON *availability_inside(const cJSON *object)
{
    static const char *const offered[] = {"availability", NULL};
    static const char *const nested[] = {"offers", NULL};
    static const char *const variant[] = {"available", "inventory_quantity", NULL};
    static const char *const own[] = {"is_in_stock", NULL};
    const cJSON *found = any_there(offers_of(object), offered);
    if (found == NULL) found = any_there(member_of(offers_of(object), nested), offered);
    if (found == NULL) found = any_there(vitrine_json_member(object, "variants"), variant);
    return found != NULL ? found : member_of(object, own);
}

const cJSON *vitrine_item_inside(const cJSON *object, int which, const cJSON *plain)
{
    static const char *const images[] = {"images", "image", NULL};
    static const char *const brands[] = {"brands", NULL};
    static const char *const groups[] = {"inProductGroupWithID", NULL};
    const bool scalar = plain != NULL && !cJSON_IsNull(plain) && !cJSON_IsObject(plain) && !cJSON_IsArray(plain);
    if (scalar) return NULL;
    switch (which) {
    case VITRINE_ITEM_PRICE: return price_inside(object);
    case VITRINE_ITEM_AVAILABILITY: return availability_inside(object);
    case VITRINE_ITEM_TEXT + VITRINE_TEXT_CURRENCY: return currency_inside(object);
    case VITRINE_ITEM_TEXT + VITRINE_TEXT_IMAGE_LINK: return plain == NULL ? member_of(object, images) : NULL;
    case VITRINE_ITEM_TEXT + VITRINE_TEXT_BRAND: return plain == NULL ? member_of(object, brands) : NULL;
    case VITRINE_ITEM_TEXT + VITRINE_TEXT_GROUP: return plain == NULL ? member_of(object, groups) : NULL;
    default: return NULL;
    }
}

bool vitrine_item_minor_price(const cJSON *object, double *price)
{
    const cJSON *prices = vitrine_json_member(object, "prices");
    const char *text = vitrine_json_text(prices, "price");
    const cJSON *places = vitrine_json_member(prices, "currency_minor_unit");
    if (text == NULL || !vitrine_parse_number(text, strlen(text), price)) return false;
    for (double left = cJSON_IsNumber(places) ? places->valuedouble : 0; left >= 1 && left <= 6; left--) *price /= 10;
    return true;
}

bool vitrine_item_is_hidden(const cJSON *object)
{
    static const char *const words[] = {"draft", "archived", "private", "pending", "trash"};
    const char *status = vitrine_json_text(object, "status");
    for (size_t i = 0; status != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(status, words[i]) == 0) return true;
    return false;
}

bool vitrine_item_is_other(const cJSON *object)
{
    const char *type = cJSON_GetStringValue(first_of(vitrine_json_member(object, "@type")));
    return type != NULL && strstr(type, "Product") == NULL && offers_of(object) == NULL;
}
