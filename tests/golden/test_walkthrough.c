/* Walks one visitor through every stage and prints the numbers; docs/walkthrough.md must hold every
 * line of it. `test_walkthrough --print` writes the lines, to put into the page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank/ranker.h"
#include "support/small_shop.h"
#include "vitrine/engine.h"

enum { ITEMS = 6, MOST = 8192 };

static const char *const PART[VITRINE_PARTS] = {"network", "neighbours", "content", "recent",
                                                "popularity"};

typedef struct page {
    char text[MOST];
    size_t used;
} page;

static void say(page *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(p->text + p->used, MOST - p->used, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= MOST - p->used) exit(1);
    p->used += (size_t)n;
}

static void walk(page *p)
{
    static const small_shop_options OPTIONS = {ITEMS, 4, VITRINE_CELL_GRU, VITRINE_INT8,
                                               VITRINE_ATTR_INDEXED, 0, 2021, 0.0f, false, false};
    static const uint32_t ID[ITEMS + 1] = {0, 1, 2, 3, 4, 5, 6};
    small_shop shop;
    small_shop_make(&shop, &OPTIONS);
    shop.parts.id_offset = ID;
    shop.parts.id_bytes = "123456";
    const size_t bound = vitrine_model_write_bound(&shop.parts);
    uint8_t *bytes = aligned_alloc(64, bound);
    size_t size;
    vitrine_engine *engine;
    if (bytes == NULL ||
        vitrine_model_write(&shop.parts, bytes, bound, &size, NULL) != VITRINE_OK ||
        vitrine_engine_create(bytes, size, NULL, 0, 100, &engine, NULL) != VITRINE_OK)
        exit(1);

    static const uint32_t KINDS[3] = {VITRINE_VIEW_ITEM, VITRINE_ADD_TO_CART, VITRINE_ADD_TO_WISHLIST};
    const int64_t day = 86400, first = 1609459200; /* 2021-01-01 00:00 UTC */
    for (uint32_t i = 0; i < 3; i++) {
        const vitrine_event event = {i, KINDS[i], first + day * i, 0.0f};
        if (vitrine_profile_observe(engine->visitor, &event) != VITRINE_OK) exit(1);
    }
    vitrine_profile *visitor = engine->visitor;
    vitrine_ranker *ranker = engine->ranker;

    uint32_t matrix[3][3] = {{0}};
    for (uint32_t e = 0; e < vitrine_profile_events(visitor); e++) {
        const vitrine_event event = vitrine_profile_event(visitor, e);
        for (uint32_t k = 0; k < 3; k++) matrix[event.item][k] += event.kind == KINDS[k];
    }
    for (uint32_t i = 0; i < 3; i++)
        say(p, "item %u   view_item %u   add_to_cart %u   add_to_wishlist %u\n", i + 1, matrix[i][0],
            matrix[i][1], matrix[i][2]);

    uint32_t items[VITRINE_MAX_TAIL];
    float weights[VITRINE_MAX_TAIL];
    const uint32_t found = vitrine_profile_evidence(visitor, VITRINE_NO_EVENT, 10.0f, items, weights);
    for (uint32_t i = 0; i < found; i++) say(p, "evidence   item %u   weight %.4f\n", items[i] + 1, weights[i]);

    uint32_t width;
    const float *h = vitrine_profile_state(visitor, &width);
    say(p, "state      h = %.4f %.4f %.4f %.4f\n", h[0], h[1], h[2], h[3]);
    vitrine_affinity affinities[3];
    const uint32_t named = vitrine_profile_affinities(visitor, 3, affinities);
    for (uint32_t i = 0; i < named; i++)
        say(p, "affinity   %.*s %.4f\n", (int)affinities[i].name_length, affinities[i].name,
            affinities[i].weight);

    static const uint32_t ALL[ITEMS] = {0, 1, 2, 3, 4, 5};
    float parts[ITEMS * VITRINE_PARTS];
    if (vitrine_ranker_parts(ranker, visitor, ALL, ITEMS, parts) != VITRINE_OK) exit(1);
    for (uint32_t i = 0; i < ITEMS; i++)
        say(p, "next       item %u   probability %.4f\n", i + 1, parts[i * VITRINE_PARTS]);
    for (uint32_t i = 0; i < ITEMS; i++) {
        float cosine, distance;
        (void)vitrine_profile_similarity(ranker, visitor, i, VITRINE_COSINE, &cosine);
        (void)vitrine_profile_similarity(ranker, visitor, i, VITRINE_EUCLIDEAN, &distance);
        say(p, "similar    item %u   cosine %.4f   distance %.4f\n", i + 1, cosine, -distance);
    }

    vitrine_scored list[ITEMS];
    vitrine_reason reasons[ITEMS];
    uint32_t count, order[ITEMS];
    (void)vitrine_rank(ranker, visitor, NULL, ITEMS, list, &count);
    for (uint32_t i = 0; i < count; i++) order[i] = list[i].item;
    (void)vitrine_explain(ranker, visitor, order, count, reasons);
    for (uint32_t i = 0; i < count; i++) {
        say(p, "rank %u     item %u   score %.4f   %s %.0f %%", i + 1, list[i].item + 1, list[i].score,
            PART[reasons[i].kind], reasons[i].share * 100);
        if (reasons[i].event != UINT32_MAX)
            say(p, "   carried by item %u, without which %.0f %% of it goes", reasons[i].source + 1,
                reasons[i].lost * 100);
        say(p, "\n");
    }
    vitrine_engine_destroy(engine);
    free(bytes);
    small_shop_free(&shop);
}

static void the_page_shows_what_the_engine_computes(void **state)
{
    (void)state;
    static page p;
    static char written[65536];
    walk(&p);
    FILE *file = fopen(VITRINE_SOURCE_DIR "/docs/walkthrough.md", "rb");
    assert_non_null(file);
    const size_t size = fread(written, 1, sizeof written - 1, file);
    fclose(file);
    written[size] = 0;
    uint32_t lines = 0;
    for (char *line = p.text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++) {
        *end = 0;
        if (strstr(written, line) == NULL) fail_msg("docs/walkthrough.md lacks: %s", line);
    }
    assert_true(lines >= 3 + 3 + 1 + 3 + 6 + 6 + 6);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_shows_what_the_engine_computes)};
    if (count == 2 && strcmp(arguments[1], "--print") == 0) {
        static page p;
        walk(&p);
        fputs(p.text, stdout);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
