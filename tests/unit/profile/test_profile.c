#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "profile/profile.h"
#include "support/open_shop.h"

/* Two profiles in the same state: the recurrent state and every flag, to the bit. */
static void assert_same(const open_shop *open, const vitrine_profile *a, const vitrine_profile *b)
{
    uint32_t width;
    const float *ha = vitrine_profile_state(a, &width), *hb = vitrine_profile_state(b, &width);
    assert_memory_equal(ha, hb, width * sizeof *ha);
    assert_int_equal(a->state.steps, b->state.steps);
    for (uint32_t i = 0; i < vitrine_catalog_items(open->catalog); i++)
        assert_int_equal(vitrine_profile_flags(a, i), vitrine_profile_flags(b, i));
    vitrine_scored la[30], lb[30];
    uint32_t na, nb;
    assert_int_equal(vitrine_rank(open->ranker, a, NULL, 30, la, &na), VITRINE_OK);
    assert_int_equal(vitrine_rank(open->ranker, b, NULL, 30, lb, &nb), VITRINE_OK);
    assert_int_equal(na, nb);
    assert_memory_equal(la, lb, na * sizeof *la);
}

static void forgetting_is_as_if_it_had_never_been(void **state)
{
    (void)state;
    for (uint32_t cell = VITRINE_CELL_LSTM; cell <= VITRINE_CELL_GRU; cell++) {
        small_shop_options options = small_shop_usual();
        options.cell = cell;
        options.gaps = cell == VITRINE_CELL_GRU;
        options.items = 20; /* few, so that items repeat */
        open_shop open;
        open_shop_make(&open, &options, true);
        for (uint64_t round = 0; round < 12; round++) {
            uint64_t random = round + 1;
            int64_t clock = 1600000000, middle = 0;
            vitrine_profile *all = open_shop_profile(&open, 200);
            vitrine_profile *less = open_shop_profile(&open, 200);
            vitrine_profile *early = open_shop_profile(&open, 200);
            const uint32_t target = (uint32_t)(small_shop_random(&random) % 20);
            uint32_t about = 0;
            for (int i = 0; i < 60; i++) {
                const vitrine_event event = open_shop_event(&open, &random, &clock);
                if (i == 40) middle = event.time;
                assert_int_equal(vitrine_profile_observe(all, &event), VITRINE_OK);
                if (event.item == target)
                    about++;
                else
                    assert_int_equal(vitrine_profile_observe(less, &event), VITRINE_OK);
                if (event.item != target && (middle == 0 || event.time < middle))
                    assert_int_equal(vitrine_profile_observe(early, &event), VITRINE_OK);
            }
            assert_int_equal(vitrine_profile_forget_item(all, target), about);
            assert_same(&open, all, less);
            (void)vitrine_profile_forget_since(all, middle);
            assert_same(&open, all, early);
            vitrine_profile *fresh = open_shop_profile(&open, 200);
            (void)vitrine_profile_forget_all(all);
            assert_int_equal(vitrine_profile_events(all), 0);
            assert_same(&open, all, fresh);
            /* This round's profiles are not needed again. */
            while (open.owned_count > 3) free(open.owned[--open.owned_count]);
        }
        open_shop_free(&open);
    }
}

static void events_older_than_the_capacity_keep_acting(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *small = open_shop_profile(&open, 60), *large = open_shop_profile(&open, 500);
    uint64_t random = 5;
    int64_t clock = 1600000000;
    for (int i = 0; i < 200; i++) {
        const vitrine_event event = open_shop_event(&open, &random, &clock);
        assert_int_equal(vitrine_profile_observe(small, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_observe(large, &event), VITRINE_OK);
    }
    assert_int_equal(vitrine_profile_events(small), 60);
    assert_int_equal(vitrine_profile_events(large), 200);
    assert_same(&open, small, large);

    /* An item only in the base: the base goes, and what stays is the kept events alone. */
    const uint32_t old = vitrine_profile_event(large, 3).item;
    vitrine_profile *kept = open_shop_profile(&open, 60);
    for (uint32_t i = 0; i < 60; i++) {
        const vitrine_event event = vitrine_profile_event(small, i);
        if (event.item != old) assert_int_equal(vitrine_profile_observe(kept, &event), VITRINE_OK);
    }
    (void)vitrine_profile_forget_item(small, old);
    assert_same(&open, small, kept);
    open_shop_free(&open);
}

static void a_saved_profile_loads_to_the_same_bits(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *from = open_shop_profile(&open, 40), *to = open_shop_profile(&open, 40);
    uint64_t random = 9;
    int64_t clock = 1600000000;
    for (int i = 0; i < 120; i++) {
        const vitrine_event event = open_shop_event(&open, &random, &clock);
        assert_int_equal(vitrine_profile_observe(from, &event), VITRINE_OK);
    }
    const size_t size = vitrine_profile_save_size(from);
    uint8_t *bytes = aligned_alloc(64, size);
    size_t written;
    uint32_t skipped;
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_profile_save(from, bytes, size, &written), VITRINE_OK);
    assert_int_equal(written, size);
    assert_int_equal(vitrine_profile_save(from, bytes, size - 64, &written), VITRINE_NO_SPACE);
    assert_int_equal(vitrine_profile_save(from, bytes, size, &written), VITRINE_OK);
    assert_int_equal(vitrine_profile_load(to, bytes, size, &skipped, &fault), VITRINE_OK);
    assert_int_equal(skipped, 0);
    assert_same(&open, from, to);

    /* Every flipped bit is refused and leaves the profile as it was. */
    vitrine_profile *other = open_shop_profile(&open, 40);
    const vitrine_event one = {3, VITRINE_VIEW_ITEM, 1600000000, 0.0f};
    (void)vitrine_profile_observe(other, &one);
    const uint64_t before = other->revision;
    for (size_t bit = 0; bit < size * 8; bit += 5) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(vitrine_profile_load(other, bytes, size, &skipped, &fault), VITRINE_OK);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(other->revision, before);
    assert_int_equal(vitrine_profile_events(other), 1);

    /* Under another model the events survive and the folded state does not. */
    small_shop_options retrained = options;
    retrained.seed = 8;
    open_shop later;
    open_shop_make(&later, &retrained, false);
    vitrine_profile *again = open_shop_profile(&later, 40);
    assert_int_equal(vitrine_profile_load(again, bytes, size, &skipped, &fault), VITRINE_OK);
    assert_int_equal(vitrine_profile_events(again) + skipped, 40);
    vitrine_profile *replayed = open_shop_profile(&later, 40);
    for (uint32_t i = 0; i < vitrine_profile_events(again); i++) {
        const vitrine_event event = vitrine_profile_event(again, i);
        assert_int_equal(vitrine_profile_observe(replayed, &event), VITRINE_OK);
    }
    assert_memory_equal(again->state.h, replayed->state.h, 20 * sizeof(float));
    open_shop_free(&later);
    free(bytes);
    open_shop_free(&open);
}

static void bad_events_change_nothing(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, false);
    vitrine_profile *profile = open_shop_profile(&open, 10);
    const vitrine_event bad[] = {
        {300, VITRINE_VIEW_ITEM, 1, 0.0f},   {UINT32_MAX, VITRINE_VIEW_ITEM, 1, 0.0f},
        {0, VITRINE_EVENT_KINDS, 1, 0.0f},   {0, VITRINE_VIEW_ITEM, -1, 0.0f},
        {0, VITRINE_VIEW_ITEM, INT64_MAX, 0}, {0, VITRINE_RATE, 1, -1.0f},
        {0, VITRINE_RATE, 1, __builtin_nanf("")}, {0, VITRINE_RATE, 1, __builtin_inff()}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_not_equal(vitrine_profile_observe(profile, &bad[i]), VITRINE_OK);
    assert_int_equal(vitrine_profile_events(profile), 0);
    assert_int_equal(profile->revision, 0);
    open_shop_free(&open);
}

static void a_long_pause_starts_the_network_anew(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, false);
    vitrine_profile *two = open_shop_profile(&open, 10), *one = open_shop_profile(&open, 10);
    const vitrine_event first = {1, VITRINE_VIEW_ITEM, 1000, 0.0f};
    const vitrine_event second = {2, VITRINE_VIEW_ITEM, 1000 + 1801, 0.0f};
    (void)vitrine_profile_observe(two, &first);
    (void)vitrine_profile_observe(two, &second);
    (void)vitrine_profile_observe(one, &second);
    assert_memory_equal(two->state.h, one->state.h, 20 * sizeof(float));
    const vitrine_event third = {3, VITRINE_VIEW_ITEM, 1000 + 1801 + 1800, 0.0f};
    (void)vitrine_profile_observe(two, &third);
    assert_int_equal(two->state.steps, 2);
    open_shop_free(&open);
}

/* What stands in the state after events at times 1000, 1000 + first and first + second later. */
static void two_gaps(const open_shop *open, int64_t first, int64_t second, float h[20])
{
    vitrine_profile *profile = open_shop_profile((open_shop *)(uintptr_t)open, 10);
    const vitrine_event events[3] = {{1, VITRINE_VIEW_ITEM, 1000, 0.0f},
                                     {2, VITRINE_ADD_TO_CART, 1000 + first, 0.0f},
                                     {3, VITRINE_VIEW_ITEM, 1000 + first + second, 0.0f}};
    for (int i = 0; i < 3; i++) assert_int_equal(vitrine_profile_observe(profile, &events[i]), VITRINE_OK);
    memcpy(h, profile->state.h, 20 * sizeof *h);
    /* The last input is the sum of three rows. */
    const vitrine_network *net = &open->model->net;
    float x[20], row[20];
    vitrine_model_item_vector(open->model, 3, x);
    const uint32_t rows[2] = {VITRINE_VIEW_ITEM,
                              VITRINE_EVENT_KINDS + vitrine_gap_row(1000 + first, 1000 + first + second)};
    for (int r = 0; r < ((net->shape.flags & VITRINE_NET_GAP) != 0 ? 2 : 1); r++) {
        memcpy(row, net->kind + rows[r] * 20, sizeof row);
        for (int d = 0; d < 20; d++) x[d] += row[d];
    }
    assert_memory_equal(profile->state.x, x, sizeof x);
}

static void the_time_between_events_is_an_input_where_the_model_says_so(void **state)
{
    (void)state;
    for (int gaps = 0; gaps <= 1; gaps++) {
        small_shop_options options = small_shop_usual();
        options.gaps = gaps != 0;
        open_shop open;
        open_shop_make(&open, &options, false);
        float quick[20], same[20], slow[20];
        two_gaps(&open, 2, 40, quick);
        two_gaps(&open, 5, 100, same); /* as powers of four go */
        two_gaps(&open, 2, 900, slow);
        assert_memory_equal(quick, same, sizeof quick);
        assert_int_equal(memcmp(quick, slow, sizeof quick) != 0, gaps);
        open_shop_free(&open);
    }
}

static void flags_follow_what_was_done(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, false);
    vitrine_profile *profile = open_shop_profile(&open, 20);
    static const struct {
        uint32_t kind, flags;
    } steps[] = {
        {VITRINE_VIEW_ITEM, VITRINE_WAS_VIEWED},
        {VITRINE_DISMISS, VITRINE_WAS_VIEWED | VITRINE_WAS_DISMISSED},
        {VITRINE_ADD_TO_CART, VITRINE_WAS_VIEWED | VITRINE_IN_CART},
        {VITRINE_REMOVE_FROM_CART, VITRINE_WAS_VIEWED},
        {VITRINE_ADD_TO_WISHLIST, VITRINE_WAS_VIEWED | VITRINE_IN_WISHLIST},
        {VITRINE_ADD_TO_CART, VITRINE_WAS_VIEWED | VITRINE_IN_WISHLIST | VITRINE_IN_CART},
        {VITRINE_PURCHASE, VITRINE_WAS_VIEWED | VITRINE_IN_WISHLIST | VITRINE_WAS_PURCHASED},
        {VITRINE_REMOVE_FROM_WISHLIST, VITRINE_WAS_VIEWED | VITRINE_WAS_PURCHASED},
        {VITRINE_REFUND, VITRINE_WAS_VIEWED},
        {VITRINE_RATE, VITRINE_WAS_VIEWED | VITRINE_WAS_RATED},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const vitrine_event event = {4, steps[i].kind, 0, 0.5f};
        assert_int_equal(vitrine_profile_observe(profile, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_flags(profile, 4), steps[i].flags);
    }
    open_shop_free(&open);
}

/* The names of the vendors' own documents, system by system, as they spell them. */
static void names_of_other_systems_mean_the_same_events(void **state)
{
    (void)state;
    static const struct {
        uint32_t kind;
        const char *names; /* divided by commas */
    } rows[] = {
        {VITRINE_VIEW_ITEM, "view_item,detail-page-view,Product Viewed,product_viewed,"
                            "productPageView,AddDetailView,view,pv"},
        {VITRINE_VIEW_ITEM_LIST, "view_item_list,category-page-view,Product List Viewed,"
                                 "Product List Filtered,collection_viewed"},
        {VITRINE_SELECT_ITEM, "select_item,Product Clicked,searchProductClick,click"},
        {VITRINE_SEARCH, "search,Products Searched,search_submitted,searchRequestSent"},
        {VITRINE_ADD_TO_CART, "add_to_cart,add-to-cart,Product Added,Wishlist Product Added to Cart,"
                              "product_added_to_cart,addToCart,AddCartAddition,cart"},
        {VITRINE_REMOVE_FROM_CART, "remove_from_cart,remove-from-cart,Product Removed,"
                                   "product_removed_from_cart,removeFromCart"},
        {VITRINE_VIEW_CART, "view_cart,shopping-cart-page-view,Cart Viewed,cart_viewed,"
                            "shoppingCartView"},
        {VITRINE_ADD_TO_WISHLIST, "add_to_wishlist,add-to-list,Product Added to Wishlist,"
                                  "AddBookmark,fav,favourite,favorite,wishlist"},
        {VITRINE_REMOVE_FROM_WISHLIST, "remove_from_wishlist,remove-from-list,"
                                       "Product Removed from Wishlist"},
        {VITRINE_BEGIN_CHECKOUT, "begin_checkout,checkout-start,Checkout Started,checkout_started,"
                                 "initiateCheckout"},
        {VITRINE_PURCHASE, "purchase,purchase-complete,Order Completed,checkout_completed,placeOrder,"
                           "AddPurchase,buy,BUY,order,transaction"},
        {VITRINE_REFUND, "refund,Order Refunded,Order Cancelled"},
        {VITRINE_RATE, "rate,Product Reviewed,AddRating,rating"},
        {VITRINE_DISMISS, "dismiss, Dismiss_"},
        {VITRINE_REC_RENDER, "rec_render,recsUnitRender"},
        {VITRINE_REC_VIEW, "rec_view,recsUnitView"},
        {VITRINE_REC_CLICK, "rec_click,recsItemClick"},
        {VITRINE_REC_ADD_TO_CART, "rec_add_to_cart,recsItemAddToCartClick,rec  add-to cart"},
        {VITRINE_EVENT_KINDS, "something else,view_ite,view_items,iew_item,v,_,,view|pv,add to,"
                              "Product Viewed Product Viewed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (const char *name = rows[i].names;; name++) {
            const size_t length = strcspn(name, ",");
            assert_int_equal(vitrine_event_kind_of(name, length), rows[i].kind);
            name += length;
            if (*name == '\0') break;
        }
    }
    for (uint32_t k = 0; k < VITRINE_EVENT_KINDS; k++)
        assert_int_equal(vitrine_event_kind_of(vitrine_event_name(k), strlen(vitrine_event_name(k))), k);
    assert_null(vitrine_event_name(VITRINE_EVENT_KINDS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forgetting_is_as_if_it_had_never_been),
        cmocka_unit_test(events_older_than_the_capacity_keep_acting),
        cmocka_unit_test(a_saved_profile_loads_to_the_same_bits),
        cmocka_unit_test(bad_events_change_nothing),
        cmocka_unit_test(a_long_pause_starts_the_network_anew),
        cmocka_unit_test(the_time_between_events_is_an_input_where_the_model_says_so),
        cmocka_unit_test(flags_follow_what_was_done),
        cmocka_unit_test(names_of_other_systems_mean_the_same_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
