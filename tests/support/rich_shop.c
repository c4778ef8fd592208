#include "support/rich_shop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "rich_shop: %s\n", what);
    exit(1);
}

static void *take(rich_shop *rich, size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);
    must(memory != NULL && rich->owned_count < 16, "memory");
    rich->owned[rich->owned_count++] = memory;
    return memory;
}

/* A column of texts while it is written. */
typedef struct column {
    uint32_t *offset;
    char *bytes;
    uint32_t count;
} column;

enum { LONGEST = 48 };

static void add(column *c, const char *text)
{
    const size_t length = strlen(text);
    memcpy(c->bytes + c->offset[c->count], text, length);
    c->offset[c->count + 1] = c->offset[c->count] + (uint32_t)length;
    c->count++;
}

static const char *one_of(uint64_t *random, const char *const *texts, uint32_t count)
{
    return texts[small_shop_random(random) % count];
}

static void add_texts(column *text, uint64_t *random)
{
    static const char *const TITLES[] = {"Lamp", "Tall lamp", "Boot", "", "Bag", "Scarf, red"};
    static const char *const BRANDS[] = {"Acme", "Nord", "acme", "", "Lumo", "Acm"};
    static const char *const PATHS[] = {"Shoes",          "Shoes/Boots", "Shoes > Boots > Winter", "",
                                        "Shoes/Boots/Ice", "Home",       "Shoeshine/Boots", " Home / Lamps"};
    static const char *const TAGS[] = {"red,warm", "warm", " red , new", "", "new,,red", "redder", "vegan,warm,new"};
    static const char *const GROUPS[] = {"g1", "g2", "g3", "", "g4", "", "", ""};
    static const char *const GENDERS[] = {"women", "men", "", "unisex"};
    add(&text[VITRINE_TEXT_TITLE], one_of(random, TITLES, 6));
    add(&text[VITRINE_TEXT_BRAND], one_of(random, BRANDS, 6));
    add(&text[VITRINE_TEXT_CATEGORY], one_of(random, PATHS, 8));
    add(&text[VITRINE_TEXT_TAGS], one_of(random, TAGS, 7));
    add(&text[VITRINE_TEXT_GROUP], one_of(random, GROUPS, 8));
    add(&text[VITRINE_TEXT_OWN_1], one_of(random, GENDERS, 4));
    add(&text[VITRINE_TEXT_OWN_2], one_of(random, BRANDS, 6));
}

static void write_catalog(rich_shop *rich, uint32_t items, uint64_t *random, void **bytes, size_t *size)
{
    const uint32_t most = items + items / 8;
    column text[VITRINE_TEXT_FIELDS + 1]; /* the last: ids */
    float *price = take(rich, most * sizeof *price), *sales = take(rich, most * sizeof *sales);
    uint8_t *available = take(rich, most), *marks = take(rich, most);
    uint32_t *created = take(rich, most * sizeof *created), count = 0;
    uint32_t *offsets = calloc((size_t)(most + 1) * (VITRINE_TEXT_FIELDS + 1), sizeof *offsets);
    char *texts = malloc((size_t)most * LONGEST * (VITRINE_TEXT_FIELDS + 1));
    must(offsets != NULL && texts != NULL, "memory");
    for (uint32_t f = 0; f <= VITRINE_TEXT_FIELDS; f++) {
        text[f].offset = offsets + (size_t)f * (most + 1);
        text[f].bytes = texts + (size_t)f * most * LONGEST;
        text[f].count = 0;
    }
    for (uint32_t i = 0; i < most; i++) {
        char id[24];
        if (i < items && i % 9 == 8) continue;
        if (i < items)
            small_shop_id(i, id);
        else
            snprintf(id, sizeof id, "new-item-%05u", i - items);
        add(&text[VITRINE_TEXT_FIELDS], id);
        add_texts(text, random);
        const uint32_t draw = (uint32_t)small_shop_random(random);
        price[count] = draw % 5 == 0 ? NAN : (float)(draw % 1000) / 10.0f;
        sales[count] = draw % 7 == 0 ? NAN : (float)(draw % 50);
        available[count] = draw % 11 != 0;
        marks[count] = (uint8_t)((draw % 17 == 0) | (draw % 6 == 0) << 1 | (draw % 4 == 0) << 2);
        created[count] = draw % 3 == 0 ? 0 : RICH_SHOP_NOW - draw % 10000000;
        count++;
    }
    vitrine_catalog_columns c = {.version = 1, .price = price, .sales = sales, .available = available,
                                 .marks = marks, .created = created,
                                 .own = "gender\nmaker\n", .own_size = 13};
    c.ids = (vitrine_strings){.offset = text[VITRINE_TEXT_FIELDS].offset, .bytes = text[VITRINE_TEXT_FIELDS].bytes, .count = count};
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++)
        if (text[f].count > 0) c.text[f] = (vitrine_strings){.offset = text[f].offset, .bytes = text[f].bytes, .count = count};
    const size_t bound = vitrine_catalog_write_bound(&c);
    vitrine_fault fault;
    *bytes = take(rich, bound);
    must(vitrine_catalog_write(&c, *bytes, bound, size, &fault) == VITRINE_OK, "the catalog is refused");
    free(offsets);
    free(texts);
}

void rich_shop_make(rich_shop *rich, uint32_t items, uint64_t seed)
{
    small_shop_options options = small_shop_usual();
    options.items = items;
    options.seed = seed;
    uint64_t random = seed * 77 + 1;
    void *bytes;
    size_t size, need;
    memset(rich, 0, sizeof *rich);
    small_shop_make(&rich->shop, &options);
    write_catalog(rich, items, &random, &bytes, &size);
    must(vitrine_model_size(rich->shop.model, rich->shop.model_size, &need, NULL) == VITRINE_OK &&
             vitrine_model_open(take(rich, need), need, rich->shop.model, rich->shop.model_size,
                                &rich->model, NULL) == VITRINE_OK,
         "the model is refused");
    must(vitrine_catalog_size(rich->model, bytes, size, &need, NULL) == VITRINE_OK &&
             vitrine_catalog_open(take(rich, need), need, rich->model, bytes, size, &rich->catalog,
                                  NULL) == VITRINE_OK,
         "the catalog does not open");
    must(vitrine_ranker_size(rich->catalog, &need) == VITRINE_OK &&
             vitrine_ranker_init(take(rich, need), need, rich->catalog, &rich->ranker) == VITRINE_OK,
         "no ranker");
    must(vitrine_rules_size(rich->catalog, &need) == VITRINE_OK &&
             vitrine_rules_init(take(rich, need), need, rich->catalog, &rich->rules) == VITRINE_OK,
         "no rules");
    must(vitrine_profile_size(rich->catalog, 64, &need) == VITRINE_OK &&
             vitrine_profile_init(take(rich, need), need, rich->catalog, 64, &rich->visitor) == VITRINE_OK &&
             vitrine_profile_init(take(rich, need), need, rich->catalog, 64, &rich->seeds) == VITRINE_OK,
         "no profile");
}

void rich_shop_free(rich_shop *rich)
{
    for (uint32_t i = 0; i < rich->owned_count; i++) free(rich->owned[i]);
    small_shop_free(&rich->shop);
}
