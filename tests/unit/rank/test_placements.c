/* Shelves over a catalog that knows every field: what may stand on them, in what order, and from which
 * rung; re-ranking within bounds; impressions that tire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rank/shelf.h"
#include "support/rich_shop.h"

enum { ITEMS = 240, LIMIT = 20, ALL = 1000 };

static rich_shop rich;
static vitrine_placed out[ALL];
static vitrine_shelf shelf;

static int open_shop_once(void **state)
{
    (void)state;
    rich_shop_make(&rich, ITEMS, 11);
    return 0;
}

static int close_shop(void **state)
{
    (void)state;
    rich_shop_free(&rich);
    return 0;
}

static int start(void **state)
{
    (void)state;
    vitrine_rules_clear(rich.rules);
    (void)vitrine_profile_forget_all(rich.visitor);
    (void)vitrine_ranker_learn(rich.ranker, rich.visitor, 0.0f);
    return 0;
}

static void observe(uint32_t item, uint32_t kind, int64_t time, float value)
{
    const vitrine_event event = {item, kind, time, value};
    assert_int_equal(vitrine_profile_observe(rich.visitor, &event), VITRINE_OK);
}

static bool sensitive(uint32_t item)
{
    return (vitrine_catalog_marks(rich.catalog, item) & VITRINE_IS_SENSITIVE) != 0;
}

/* The nth item that may be listed and says no group. */
static uint32_t plain_item(uint32_t n)
{
    size_t length;
    for (uint32_t i = 0;; i++) {
        (void)vitrine_catalog_text(rich.catalog, i, VITRINE_TEXT_GROUP, &length);
        if (vitrine_catalog_available(rich.catalog, i) && !sensitive(i) && length == 0 && n-- == 0) return i;
    }
}

static vitrine_shelf_request asking(vitrine_placement placement)
{
    return (vitrine_shelf_request){.placement = placement, .limit = LIMIT, .now = RICH_SHOP_NOW};
}

static void recommend(const vitrine_shelf_request *request)
{
    assert_int_equal(vitrine_recommend(rich.ranker, rich.rules, rich.visitor, rich.seeds, request, out, &shelf),
                     VITRINE_OK);
}

static bool listed(uint32_t item)
{
    for (uint32_t i = 0; i < shelf.count; i++)
        if (out[i].item == item) return true;
    return false;
}

static void visit(void)
{
    for (uint32_t i = 0; i < 5; i++) observe(plain_item(3 + 2 * i), VITRINE_VIEW_ITEM, 1000 + i, 0);
}

static void every_placement_fills_its_shelf_and_none_lists_what_it_must_not(void **state)
{
    (void)state;
    const uint32_t seeds[] = {plain_item(0), plain_item(1)}, dismissed = plain_item(2), hidden = plain_item(4);
    for (int visits = 0; visits < 2; visits++) {
        start(NULL);
        if (visits) visit();
        observe(dismissed, VITRINE_DISMISS, 2000, 0);
        assert_int_equal(vitrine_rules_hide(rich.rules, hidden), VITRINE_OK);
        for (uint32_t p = 0; p < VITRINE_PLACES; p++) {
            vitrine_shelf_request request = asking((vitrine_placement)p);
            request.seeds = seeds;
            request.seed_count = 2;
            recommend(&request);
            assert_int_equal(shelf.count, p == VITRINE_PLACE_RECENTLY_VIEWED ? (visits ? 5 : 0) : LIMIT);
            for (uint32_t i = 0; i < shelf.count; i++) {
                const uint32_t item = out[i].item;
                assert_true(vitrine_catalog_available(rich.catalog, item));
                assert_true(item != dismissed && item != hidden);
                if (p != VITRINE_PLACE_BECAUSE_YOU_VIEWED) assert_true(item != seeds[0] && item != seeds[1]);
                for (uint32_t j = 0; j < i; j++) {
                    assert_true(out[j].item != item);
                    assert_false(vitrine_siblings(rich.catalog, out[j].item, item));
                }
                if (i > 0 && out[i].rung == out[i - 1].rung) assert_true(out[i].score <= out[i - 1].score);
            }
        }
    }
}

static void a_first_visitor_gets_what_is_popular_and_an_event_brings_the_model(void **state)
{
    (void)state;
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_POPULAR);
    visit();
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_MODEL);
    assert_int_equal(shelf.seeded, 0);
    /* The same items as a plain ranking, as far as it knows no variants. */
    vitrine_scored best[1];
    uint32_t count;
    assert_int_equal(vitrine_rank(rich.ranker, rich.visitor, NULL, 1, best, &count), VITRINE_OK);
    assert_int_equal(out[0].item, best[0].item);
    assert_true(out[0].score == best[0].score);
}

static void a_cold_seed_is_answered_from_its_content(void **state)
{
    (void)state;
    uint32_t cold = ITEMS;
    while (sensitive(cold) || rich.catalog->inverse_norm[cold] == 0.0f) cold++;
    vitrine_shelf_request request = asking(VITRINE_PLACE_RELATED);
    request.seeds = &cold;
    request.seed_count = 1;
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_CONTENT);
    assert_int_equal(shelf.seed, cold);
}

static void recently_viewed_lists_the_visit_backwards(void **state)
{
    (void)state;
    visit();
    observe(plain_item(3), VITRINE_VIEW_ITEM, 1010, 0);
    vitrine_shelf_request request = asking(VITRINE_PLACE_RECENTLY_VIEWED);
    recommend(&request);
    assert_int_equal(shelf.count, 5);
    const uint32_t want[] = {plain_item(3), plain_item(11), plain_item(9), plain_item(7), plain_item(5)};
    for (uint32_t i = 0; i < 5; i++) assert_int_equal(out[i].item, want[i]);
}

static void because_you_viewed_names_what_was_viewed_last(void **state)
{
    (void)state;
    visit();
    observe(plain_item(20), VITRINE_VIEW_ITEM, 1010, 0);
    observe(plain_item(20), VITRINE_DISMISS, 1011, 0);
    vitrine_shelf_request request = asking(VITRINE_PLACE_BECAUSE_YOU_VIEWED);
    recommend(&request);
    assert_int_equal(shelf.seed, plain_item(11));
    assert_int_equal(shelf.seeded, 1);
    assert_false(listed(plain_item(11)));
}

static void new_arrivals_come_by_date(void **state)
{
    (void)state;
    vitrine_shelf_request request = asking(VITRINE_PLACE_NEW_ARRIVALS);
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_NEW);
    for (uint32_t i = 1; i < shelf.count; i++)
        assert_true(vitrine_catalog_created(rich.catalog, out[i].item) <=
                    vitrine_catalog_created(rich.catalog, out[i - 1].item));
}

static void what_goes_together_prefers_other_categories_than_the_seed(void **state)
{
    (void)state;
    /* Scores by hand from the table of the model. */
    const uint32_t seed = plain_item(6);
    vitrine_shelf_request request = asking(VITRINE_PLACE_BOUGHT_TOGETHER);
    request.seeds = &seed;
    request.seed_count = 1;
    recommend(&request);
    float heaviest = 0, want[2 * ITEMS] = {0};
    vitrine_neighbour n;
    size_t a, b;
    for (vitrine_table_walk w = vitrine_table_row(rich.model, seed); vitrine_table_next(&w, &n);)
        heaviest = n.weight > heaviest ? n.weight : heaviest;
    const char *mine = vitrine_catalog_text(rich.catalog, seed, VITRINE_TEXT_CATEGORY, &a);
    for (vitrine_table_walk w = vitrine_table_row(rich.model, seed); vitrine_table_next(&w, &n);) {
        const char *theirs = vitrine_catalog_text(rich.catalog, n.item, VITRINE_TEXT_CATEGORY, &b);
        want[n.item] = n.weight / heaviest * (a > 0 && a == b && memcmp(mine, theirs, a) == 0 ? 0.25f : 1.0f);
    }
    bool any = false;
    for (uint32_t i = 0; i < shelf.count; i++) {
        if (out[i].rung != VITRINE_RUNG_ITEM_KNN) continue;
        any = true;
        assert_true(out[i].score == want[out[i].item] && want[out[i].item] > 0);
    }
    assert_true(any);
}

static void exclusions_count_for_the_visitor_and_spare_what_is_bought_again(void **state)
{
    (void)state;
    uint32_t once = 0, again = 0;
    size_t length;
    for (uint32_t i = 0; i < ITEMS; i++) {
        (void)vitrine_catalog_text(rich.catalog, i, VITRINE_TEXT_GROUP, &length);
        if (!vitrine_catalog_available(rich.catalog, i) || sensitive(i) || length > 0) continue;
        if (vitrine_catalog_marks(rich.catalog, i) & VITRINE_IS_REPURCHASABLE) again = i;
        else once = i;
    }
    observe(once, VITRINE_PURCHASE, 1000, 1);
    observe(again, VITRINE_PURCHASE, 1001, 1);
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    request.limit = 200;
    recommend(&request);
    assert_true(listed(once) && listed(again));
    request.exclude_flags = VITRINE_WAS_PURCHASED;
    recommend(&request);
    assert_false(listed(once));
    assert_true(listed(again));
}

static void seeds_and_what_is_shown_take_their_variants_along(void **state)
{
    (void)state;
    uint32_t pair[2] = {0, 0};
    for (uint32_t i = 0; i < ITEMS && pair[1] == 0; i++)
        for (uint32_t j = i + 1; j < ITEMS; j++)
            if (vitrine_siblings(rich.catalog, i, j) && !sensitive(i) && vitrine_catalog_available(rich.catalog, j)) {
                pair[0] = i;
                pair[1] = j;
                break;
            }
    assert_true(pair[1] > 0);
    vitrine_shelf_request request = asking(VITRINE_PLACE_BESTSELLERS);
    request.limit = 200;
    request.shown = pair;
    request.shown_count = 1;
    recommend(&request);
    assert_false(listed(pair[0]) || listed(pair[1]));
    request.shown_count = 0;
    request.seeds = pair;
    request.seed_count = 1;
    recommend(&request);
    assert_false(listed(pair[0]) || listed(pair[1]));
}

static void pins_hold_their_place_in_every_placement(void **state)
{
    (void)state;
    visit();
    const uint32_t seed = plain_item(0), first = plain_item(30), fourth = plain_item(31);
    assert_int_equal(vitrine_rules_pin(rich.rules, fourth, 3), VITRINE_OK);
    assert_int_equal(vitrine_rules_pin(rich.rules, first, 0), VITRINE_OK);
    for (uint32_t p = 0; p < VITRINE_PLACES; p++) {
        vitrine_shelf_request request = asking((vitrine_placement)p);
        request.seeds = &seed;
        request.seed_count = 1;
        recommend(&request);
        assert_int_equal(out[0].item, first);
        assert_int_equal(out[3].item, fourth);
        assert_int_equal(out[0].rung, VITRINE_RUNG_PINNED);
        assert_true(shelf.rung != VITRINE_RUNG_PINNED);
    }
}

static void boosts_multiply_and_filters_hold_before_the_best_are_chosen(void **state)
{
    (void)state;
    visit();
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    request.limit = 200;
    recommend(&request);
    const uint32_t last = out[shelf.count - 1].item, held = shelf.count;
    const float before = out[shelf.count - 1].score;
    size_t length;
    const char *id = vitrine_catalog_id(rich.catalog, last, &length);
    vitrine_rules_begin(rich.rules, 1000.0f);
    vitrine_rules_test(rich.rules, VITRINE_RULE_EQ, "item_id", 7, 1);
    vitrine_rules_text(rich.rules, id, length);
    assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
    recommend(&request);
    for (uint32_t i = 0; i < shelf.count; i++)
        if (out[i].item == last) {
            assert_true(out[i].score == before * 1000.0f && out[i].factor == 1000.0f);
            assert_true(i < held / 2);
        }
    vitrine_rules_clear(rich.rules);
    vitrine_rules_begin(rich.rules, 0.0f);
    vitrine_rules_test(rich.rules, VITRINE_RULE_EQ, "brand", 5, 1);
    vitrine_rules_text(rich.rules, "Acme", 4);
    assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
    recommend(&request);
    assert_true(shelf.count > 5 && shelf.count < held);
    for (uint32_t i = 0; i < shelf.count; i++) {
        const char *brand = vitrine_catalog_text(rich.catalog, out[i].item, VITRINE_TEXT_BRAND, &length);
        assert_true(length == 4 && memcmp(brand, "Acme", 4) == 0);
    }
}

static void caps_and_mirrored_fields_hold(void **state)
{
    (void)state;
    visit();
    const uint32_t seed = plain_item(8);
    size_t length, there;
    const char *gender = vitrine_catalog_text(rich.catalog, seed, VITRINE_TEXT_OWN_1, &length);
    vitrine_shelf_request request = asking(VITRINE_PLACE_RELATED);
    request.seeds = &seed;
    request.seed_count = 1;
    request.must_match = 1u << VITRINE_TEXT_OWN_1;
    request.cap[0].field = VITRINE_TEXT_BRAND;
    request.cap[0].most = 2;
    recommend(&request);
    assert_true(shelf.count > 3 && length > 0);
    for (uint32_t i = 0; i < shelf.count; i++) {
        const char *theirs = vitrine_catalog_text(rich.catalog, out[i].item, VITRINE_TEXT_OWN_1, &there);
        assert_true(length == there && memcmp(gender, theirs, length) == 0);
        uint32_t same = 0;
        const char *brand = vitrine_catalog_text(rich.catalog, out[i].item, VITRINE_TEXT_BRAND, &length);
        for (uint32_t j = 0; j <= i; j++) {
            theirs = vitrine_catalog_text(rich.catalog, out[j].item, VITRINE_TEXT_BRAND, &there);
            same += length > 0 && length == there && memcmp(brand, theirs, length) == 0;
        }
        assert_true(same <= 2);
        gender = vitrine_catalog_text(rich.catalog, seed, VITRINE_TEXT_OWN_1, &length);
    }
}

static float mean_likeness(void)
{
    float sum = 0;
    for (uint32_t i = 0; i < shelf.count; i++)
        for (uint32_t j = 0; j < i; j++) sum += vitrine_likeness(rich.ranker, out[i].item, out[j].item);
    return sum / (float)(shelf.count * (shelf.count - 1) / 2);
}

static void diversity_makes_a_shelf_less_alike_and_keeps_its_best(void **state)
{
    (void)state;
    visit();
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    recommend(&request);
    const uint32_t best = out[0].item;
    const float plain = mean_likeness();
    float last = plain;
    for (int step = 1; step <= 2; step++) {
        request.diversity = step == 1 ? 0.4f : 0.9f;
        recommend(&request);
        assert_int_equal(out[0].item, best);
        assert_int_equal(shelf.count, LIMIT);
        assert_true(mean_likeness() < last);
        last = mean_likeness();
    }
    assert_true(last < plain * 0.95f);
}

static void a_bound_of_relevance_leaves_places_free(void **state)
{
    (void)state;
    visit();
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    request.limit = 200;
    request.min_relevance = 0.5f;
    recommend(&request);
    assert_true(shelf.count > 0 && shelf.count < 100);
    for (uint32_t i = 0; i < shelf.count; i++) assert_true(out[i].score >= 0.5f * out[0].score);
}

static void impressions_tire_an_item_until_it_is_taken_up(void **state)
{
    (void)state;
    visit();
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    request.fatigue = 2.0f;
    recommend(&request);
    const uint32_t tired = out[0].item;
    const float fresh = out[0].score;
    for (int i = 0; i < 2; i++)
        assert_int_equal(vitrine_profile_seen(rich.visitor, tired, (int64_t)RICH_SHOP_NOW - 10 + i), VITRINE_OK);
    request.limit = ALL < vitrine_catalog_items(rich.catalog) ? ALL : 200;
    recommend(&request);
    for (uint32_t i = 0; i < shelf.count; i++)
        if (out[i].item == tired) assert_true(out[i].score > fresh * 0.499f && out[i].score < fresh * 0.501f);
    /* Half of each view's weight is gone after a half-life. */
    request.fatigue_half_life = 100.0f;
    request.now = RICH_SHOP_NOW + 91; /* 101 and 100 seconds old */
    recommend(&request);
    for (uint32_t i = 0; i < shelf.count; i++)
        if (out[i].item == tired) assert_true(out[i].factor > 0.70f && out[i].factor < 0.72f);
    const vitrine_event click = {tired, VITRINE_REC_CLICK, RICH_SHOP_NOW, 0};
    assert_int_equal(vitrine_profile_observe(rich.visitor, &click), VITRINE_OK);
    recommend(&request);
    for (uint32_t i = 0; i < shelf.count; i++) assert_true(out[i].factor == 1.0f);
    assert_int_equal(vitrine_profile_forget_item(rich.visitor, tired), 1);
    assert_int_equal(vitrine_profile_impressions(rich.visitor), 0);
}

static void a_sensitive_item_is_never_kept_nor_a_seed_nor_explained(void **state)
{
    (void)state;
    uint32_t item = 0;
    while (!sensitive(item)) item++;
    const vitrine_event view = {item, VITRINE_VIEW_ITEM, 1000, 0};
    assert_int_equal(vitrine_profile_observe(rich.visitor, &view), VITRINE_NOT_KEPT);
    assert_int_equal(vitrine_profile_seen(rich.visitor, item, 1000), VITRINE_NOT_KEPT);
    assert_int_equal(vitrine_profile_events(rich.visitor), 0);
    assert_int_equal(vitrine_profile_impressions(rich.visitor), 0);
    vitrine_shelf_request request = asking(VITRINE_PLACE_RELATED);
    request.seeds = &item;
    request.seed_count = 1;
    recommend(&request);
    assert_int_equal(shelf.seed, VITRINE_NO_ITEM);
    visit();
    vitrine_reason reason;
    assert_int_equal(vitrine_explain(rich.ranker, rich.visitor, &item, 1, &reason), VITRINE_OK);
    assert_true(reason.share == 0.0f && reason.event == UINT32_MAX && reason.source == VITRINE_NO_ITEM);
}

static void nothing_left_lifts_exclusions_but_never_the_filter(void **state)
{
    (void)state;
    const uint32_t only = plain_item(12);
    size_t length;
    const char *id = vitrine_catalog_id(rich.catalog, only, &length);
    observe(only, VITRINE_VIEW_ITEM, 1000, 0);
    vitrine_rules_begin(rich.rules, 0.0f);
    vitrine_rules_test(rich.rules, VITRINE_RULE_EQ, "item_id", 7, 1);
    vitrine_rules_text(rich.rules, id, length);
    assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
    vitrine_shelf_request request = asking(VITRINE_PLACE_FOR_YOU);
    request.exclude_flags = VITRINE_WAS_VIEWED;
    recommend(&request);
    assert_int_equal(shelf.count, 1);
    assert_int_equal(out[0].item, only);
    assert_int_equal(shelf.relaxed, 1);
    vitrine_rules_clear(rich.rules);
    vitrine_rules_begin(rich.rules, 0.0f);
    vitrine_rules_group(rich.rules, VITRINE_RULE_ANY, 0);
    assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
    recommend(&request);
    assert_int_equal(shelf.count, 0);
}

static void what_trends_comes_first_where_the_catalog_says_so(void **state)
{
    (void)state;
    vitrine_shelf_request request = asking(VITRINE_PLACE_TRENDING);
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_POPULAR);
    const uint32_t first = plain_item(25), second = plain_item(26);
    rich.catalog->trend[first] = 3.0f;
    rich.catalog->trend[second] = 2.0f;
    recommend(&request);
    assert_int_equal(shelf.rung, VITRINE_RUNG_TRENDING);
    assert_int_equal(out[0].item, first);
    assert_int_equal(out[1].item, second);
    assert_int_equal(out[2].rung, VITRINE_RUNG_POPULAR);
    assert_int_equal(shelf.count, LIMIT);
    rich.catalog->trend[first] = rich.catalog->trend[second] = 0.0f;
}

/* The shares by hand, and who looks at a brand sees its promotion before others. */
static void promotions_go_by_what_the_visitor_ranks_high(void **state)
{
    (void)state;
    static const char *const BRANDS[] = {"Acme", "Nord", "Lumo"};
    vitrine_promotion found[3], nothing;
    size_t length;
    for (uint32_t i = 0, views = 0; views < 6; i++) {
        const char *brand = vitrine_catalog_text(rich.catalog, i, VITRINE_TEXT_BRAND, &length);
        if (length != 4 || memcmp(brand, "Nord", 4) != 0 || sensitive(i)) continue;
        observe(i, VITRINE_VIEW_ITEM, 1000 + i, 0);
        views++;
    }
    for (int b = 0; b < 3; b++) {
        double mine = 0, all = 0, usual = 0, everything = 0;
        uint32_t count = 0;
        vitrine_rules_clear(rich.rules);
        vitrine_rules_begin(rich.rules, 0.0f);
        vitrine_rules_test(rich.rules, VITRINE_RULE_EQ, "brand", 5, 1);
        vitrine_rules_text(rich.rules, BRANDS[b], 4);
        assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
        assert_int_equal(vitrine_promote(rich.ranker, rich.rules, rich.visitor, VITRINE_NO_ITEM, 0, &found[b]), VITRINE_OK);
        vitrine_score_all(rich.ranker, rich.visitor);
        for (uint32_t i = 0; i < vitrine_catalog_items(rich.catalog); i++) {
            const char *brand = vitrine_catalog_text(rich.catalog, i, VITRINE_TEXT_BRAND, &length);
            all += (double)rich.ranker->scores[i];
            everything += i < ITEMS ? (double)vitrine_model_popularity(rich.model, i) : 0.0;
            if (length != 4 || memcmp(brand, BRANDS[b], 4) != 0 || !vitrine_catalog_available(rich.catalog, i)) continue;
            mine += (double)rich.ranker->scores[i];
            usual += i < ITEMS ? (double)vitrine_model_popularity(rich.model, i) : 0.0;
            count++;
        }
        assert_int_equal(found[b].items, count);
        assert_true((double)found[b].share > mine / all - 1e-6 && (double)found[b].share < mine / all + 1e-6);
        const double want = (mine / all + 0.02) / (usual / everything + 0.02);
        assert_true((double)found[b].appeal > want - 1e-4 && (double)found[b].appeal < want + 1e-4);
    }
    assert_true(found[1].appeal > found[0].appeal && found[1].appeal > found[2].appeal && found[1].appeal > 1.0f);
    vitrine_rules_clear(rich.rules);
    vitrine_rules_begin(rich.rules, 0.0f);
    vitrine_rules_group(rich.rules, VITRINE_RULE_ANY, 0);
    assert_int_equal(vitrine_rules_end(rich.rules), VITRINE_OK);
    assert_int_equal(vitrine_promote(rich.ranker, rich.rules, rich.visitor, VITRINE_NO_ITEM, 0, &nothing), VITRINE_OK);
    assert_true(nothing.items == 0 && nothing.appeal == 0.0f && nothing.best == VITRINE_NO_ITEM);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    const uint32_t nobody = 1u << 22;
    vitrine_shelf_request bad[8];
    for (int i = 0; i < 8; i++) bad[i] = asking(VITRINE_PLACE_RELATED);
    bad[0].limit = 0;
    bad[1].limit = VITRINE_SHELF_LIMIT + 1;
    bad[2].placement = VITRINE_PLACES;
    bad[3].diversity = 1.5f;
    bad[4].min_relevance = -0.1f;
    bad[5].must_match = 1u << VITRINE_TEXT_FIELDS;
    bad[6].cap[3].field = VITRINE_TEXT_FIELDS;
    bad[7].seeds = &nobody;
    bad[7].seed_count = 1;
    for (int i = 0; i < 8; i++)
        assert_int_not_equal(vitrine_recommend(rich.ranker, rich.rules, rich.visitor, rich.seeds, &bad[i], out, &shelf),
                             VITRINE_OK);
}

/* Random lists, bounds and kept places: every item once, kept ones in place, none too far; and with no
 * bound the order of the scores. */
static void reranking_keeps_its_bounds(void **state)
{
    (void)state;
    uint64_t random = 9;
    visit();
    for (int round = 0; round < 400; round++) {
        uint32_t items[64], count = 1 + (uint32_t)(small_shop_random(&random) % 64);
        uint8_t keep[64], seen[2 * ITEMS] = {0};
        const uint32_t most = round % 4 == 0 ? count : (uint32_t)(small_shop_random(&random) % 8);
        for (uint32_t i = 0; i < count; i++) {
            do items[i] = (uint32_t)(small_shop_random(&random) % vitrine_catalog_items(rich.catalog));
            while (seen[items[i]]);
            seen[items[i]] = 1;
            keep[i] = round % 3 == 0 && small_shop_random(&random) % 4 == 0;
        }
        assert_int_equal(vitrine_rerank_within(rich.ranker, rich.rules, rich.visitor, items, count,
                                               round % 3 == 0 ? keep : NULL, most, 0, out),
                         VITRINE_OK);
        for (uint32_t at = 0; at < count; at++) {
            uint32_t was = 0;
            while (was < count && items[was] != out[at].item) was++;
            assert_true(was < count && seen[out[at].item] == 1);
            seen[out[at].item] = 2;
            assert_true((was > at ? was - at : at - was) <= most);
            if (keep[at]) assert_int_equal(was, at);
            if (most == count && round % 3 != 0 && at > 0) assert_true(out[at].score <= out[at - 1].score);
        }
    }
}

static void a_pin_takes_its_place_in_a_given_list_and_what_is_hidden_goes_last(void **state)
{
    (void)state;
    visit();
    const uint32_t items[] = {plain_item(20), plain_item(21), plain_item(22), plain_item(23)};
    assert_int_equal(vitrine_rules_pin(rich.rules, items[3], 1), VITRINE_OK);
    assert_int_equal(vitrine_rules_hide(rich.rules, items[0]), VITRINE_OK);
    assert_int_equal(vitrine_rerank_within(rich.ranker, rich.rules, rich.visitor, items, 4, NULL, 4, 0, out), VITRINE_OK);
    assert_int_equal(out[1].item, items[3]);
    assert_int_equal(out[3].item, items[0]);
    assert_true(out[3].score == 0.0f);
}

int main(void)
{
#define SHELF_TEST(f) cmocka_unit_test_setup(f, start)
    const struct CMUnitTest tests[] = {
        SHELF_TEST(every_placement_fills_its_shelf_and_none_lists_what_it_must_not),
        SHELF_TEST(a_first_visitor_gets_what_is_popular_and_an_event_brings_the_model),
        SHELF_TEST(a_cold_seed_is_answered_from_its_content),
        SHELF_TEST(recently_viewed_lists_the_visit_backwards),
        SHELF_TEST(because_you_viewed_names_what_was_viewed_last),
        SHELF_TEST(new_arrivals_come_by_date),
        SHELF_TEST(what_goes_together_prefers_other_categories_than_the_seed),
        SHELF_TEST(exclusions_count_for_the_visitor_and_spare_what_is_bought_again),
        SHELF_TEST(seeds_and_what_is_shown_take_their_variants_along),
        SHELF_TEST(pins_hold_their_place_in_every_placement),
        SHELF_TEST(boosts_multiply_and_filters_hold_before_the_best_are_chosen),
        SHELF_TEST(caps_and_mirrored_fields_hold),
        SHELF_TEST(diversity_makes_a_shelf_less_alike_and_keeps_its_best),
        SHELF_TEST(a_bound_of_relevance_leaves_places_free),
        SHELF_TEST(impressions_tire_an_item_until_it_is_taken_up),
        SHELF_TEST(a_sensitive_item_is_never_kept_nor_a_seed_nor_explained),
        SHELF_TEST(nothing_left_lifts_exclusions_but_never_the_filter),
        SHELF_TEST(what_trends_comes_first_where_the_catalog_says_so),
        SHELF_TEST(promotions_go_by_what_the_visitor_ranks_high),
        SHELF_TEST(bad_requests_are_refused),
        SHELF_TEST(reranking_keeps_its_bounds),
        SHELF_TEST(a_pin_takes_its_place_in_a_given_list_and_what_is_hidden_goes_last),
    };
    return cmocka_run_group_tests(tests, open_shop_once, close_shop);
}
