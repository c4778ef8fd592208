/* Bytes as calls of the rules' builder, in any order and with any arguments; what was taken in is
 * evaluated, and a shelf is filled under it. */
#include <stdlib.h>
#include <string.h>

#include "support/rich_shop.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

typedef struct input {
    const uint8_t *at, *end;
} input;

static uint32_t byte_of(input *in) { return in->at < in->end ? *in->at++ : 0; }

/* A text of the bytes, or one of the usual names. */
static size_t text_of(input *in, const char *const *names, uint32_t count, char out[256])
{
    const uint32_t which = byte_of(in);
    if (which < count) {
        strcpy(out, names[which]);
        return strlen(out);
    }
    const size_t left = (size_t)(in->end - in->at), length = which - count < left ? which - count : left;
    if (length > 0) memcpy(out, in->at, length);
    in->at += length;
    return length;
}

static double number_of(input *in)
{
    double value = 0;
    if (byte_of(in) % 2 == 0) return byte_of(in) / 2.0;
    if (in->end - in->at < (ptrdiff_t)sizeof value) return -1;
    memcpy(&value, in->at, sizeof value);
    in->at += sizeof value;
    return value;
}

static void call(vitrine_rules *rules, input *in)
{
    static const char *const FIELDS[] = {"price", "sale_price", "sales", "created", "availability", "sensitive", "on_sale",
                                         "repurchasable", "title", "brand", "category", "tags", "item_group_id", "gender",
                                         "item_id", "currency", "now"};
    static const char *const WORDS[] = {"Acme", "Shoes/Boots", "red", "in_stock", "2024-02-29", "100", "", "> /"};
    char text[256];
    size_t length;
    switch (byte_of(in) % 9) {
    case 0: (void)vitrine_rules_begin(rules, (float)number_of(in)); break;
    case 1: {
        const uint32_t op = byte_of(in) % 4;
        (void)vitrine_rules_group(rules, (vitrine_rule_op)op, byte_of(in));
        break;
    }
    case 2:
    case 3: {
        const uint32_t op = byte_of(in) % 11, values = byte_of(in) % 12;
        length = text_of(in, FIELDS, 17, text);
        (void)vitrine_rules_test(rules, (vitrine_rule_op)op, text, length, values);
        break;
    }
    case 4: (void)vitrine_rules_number(rules, number_of(in)); break;
    case 5:
        length = text_of(in, WORDS, 8, text);
        (void)vitrine_rules_text(rules, text, length);
        break;
    case 6: {
        const double mul = number_of(in), add = number_of(in);
        length = text_of(in, FIELDS, 17, text);
        (void)vitrine_rules_context(rules, text, length, mul, add);
        break;
    }
    case 7: {
        const uint32_t item = byte_of(in);
        (void)vitrine_rules_pin(rules, item, byte_of(in));
        break;
    }
    default: (void)vitrine_rules_hide(rules, byte_of(in)); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static rich_shop rich; /* opened once: what is tried is the rules */
    static uint8_t allowed[256];
    static float factor[256];
    static uint64_t scratch[256];
    if (rich.rules == NULL) rich_shop_make(&rich, 60, 4);
    const uint32_t items = vitrine_catalog_items(rich.catalog);
    input in = {bytes, bytes + size};
    const uint32_t context = byte_of(&in);
    vitrine_rules_clear(rich.rules);
    while (in.at < in.end) call(rich.rules, &in);
    const vitrine_status status = vitrine_rules_end(rich.rules);
    const vitrine_fault *fault = vitrine_rules_fault(rich.rules);
    require((status == VITRINE_OK) == (fault->status == VITRINE_OK));
    require(status == VITRINE_OK || (fault->field[0] != 0 && fault->offset <= VITRINE_RULE_NODES));
    memset(allowed, 1, sizeof allowed);
    for (uint32_t i = 0; i < items; i++) factor[i] = 1.0f;
    vitrine_rules_apply(rich.rules, context < items ? context : VITRINE_NO_ITEM, RICH_SHOP_NOW, scratch, allowed,
                        factor);
    for (uint32_t i = 0; i < items; i++) {
        require(allowed[i] <= 1 && factor[i] > 0.0f);
        if (status != VITRINE_OK) require(allowed[i] == 1 && factor[i] == 1.0f);
    }
    vitrine_placed out[8];
    vitrine_shelf shelf;
    const uint32_t seed = context % items;
    const vitrine_shelf_request request = {.placement = (vitrine_placement)(context % VITRINE_PLACES), .limit = 8,
                                           .seeds = &seed, .seed_count = 1, .diversity = 0.3f};
    require(vitrine_recommend(rich.ranker, rich.rules, rich.visitor, rich.seeds, &request, out, &shelf) == VITRINE_OK);
    for (uint32_t i = 0; i < shelf.count; i++) require(out[i].item < items && out[i].score == out[i].score);
    return 0;
}
