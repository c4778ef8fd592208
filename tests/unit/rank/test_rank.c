/* Ranking against the definition in docs/architecture.md, written out once more here in double
 * precision over the parts that the model was made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank/ranker.h"
#include "support/open_shop.h"

enum { MOST_ITEMS = 400, WIDTH = 20 };

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* GRU state after the events, by the textbook. x is left at the last input. */
static void naive_state(const open_shop *open, const vitrine_event *events, uint32_t count, double *h,
                        double *x)
{
    const vitrine_model_parts *p = &open->shop.parts;
    memset(h, 0, WIDTH * sizeof *h);
    for (uint32_t e = 0; e < count; e++) {
        float vector[WIDTH];
        vitrine_catalog_vector(open->catalog, events[e].item, vector);
        double r[WIDTH], z[WIDTH], n[WIDTH];
        for (int i = 0; i < WIDTH; i++) x[i] = (double)vector[i] + p->kind[events[e].kind * WIDTH + (uint32_t)i];
        for (int u = 0; u < WIDTH; u++) {
            double in[3], back[3] = {0, 0, p->cell_c[u]};
            for (int g = 0; g < 3; g++) {
                const int row = g * WIDTH + u;
                in[g] = p->cell_b[row];
                for (int i = 0; i < WIDTH; i++) {
                    in[g] += (double)p->cell_w[row * WIDTH + i] * x[i];
                    back[g] += (double)p->cell_u[row * WIDTH + i] * h[i];
                }
            }
            r[u] = sigmoid(in[0] + back[0]);
            z[u] = sigmoid(in[1] + back[1]);
            n[u] = tanh(in[2] + r[u] * back[2]);
        }
        for (int u = 0; u < WIDTH; u++) h[u] = (1 - z[u]) * n[u] + z[u] * h[u];
    }
}

static void add_share(double *scores, const double *part, uint32_t items, double weight)
{
    double total = 0;
    for (uint32_t j = 0; j < items; j++) total += part[j];
    for (uint32_t j = 0; j < items && total > 0; j++) scores[j] += weight * part[j] / total;
}

/* All events within one session, with the weights of small_shop.c: .5 .2 .15 .1 .05. */
static void naive_scores(const open_shop *open, const vitrine_event *events, uint32_t count,
                         double *scores)
{
    const vitrine_model_parts *p = &open->shop.parts;
    const uint32_t known = p->config.items, items = vitrine_catalog_items(open->catalog);
    double h[WIDTH], x[WIDTH], q[WIDTH], part[MOST_ITEMS], mean = 0, variance = 0;
    memset(scores, 0, items * sizeof *scores);
    naive_state(open, events, count, h, x);
    for (int d = 0; d < WIDTH; d++) {
        q[d] = h[d];
        for (int i = 0; i < WIDTH; i++) q[d] += (double)p->skip_w[d * WIDTH + i] * x[i];
        mean += q[d] / WIDTH;
    }
    for (int d = 0; d < WIDTH; d++) variance += (q[d] - mean) * (q[d] - mean) / WIDTH;
    for (int d = 0; d < WIDTH; d++)
        q[d] = p->norm_gain[d] * (q[d] - mean) / sqrt(variance + 1e-5) + p->norm_bias[d];
    for (uint32_t j = 0; j < items; j++) {
        float vector[WIDTH];
        vitrine_catalog_vector(open->catalog, j, vector);
        double logit = j < known ? p->bias[j] : p->config.cold_bias;
        for (int d = 0; d < WIDTH; d++) logit += q[d] * vector[d];
        part[j] = exp(logit);
    }
    add_share(scores, part, items, 0.5);

    double weight[64];
    for (uint32_t e = 0; e < count; e++) {
        const double age = (double)(events[count - 1].time - events[e].time);
        weight[e] = (events[e].kind == VITRINE_ADD_TO_CART ? 3 : 1) *
                    (events[e].kind == VITRINE_RATE ? events[e].value : 1) *
                    (events[e].kind == VITRINE_VIEW_ITEM ? exp2(-age / 86400) : 1);
    }
    memset(part, 0, sizeof part);
    for (uint32_t e = 0; e < count; e++)
        for (uint64_t t = events[e].item < known ? p->table_offset[events[e].item] : 0;
             events[e].item < known && t < p->table_offset[events[e].item + 1]; t++)
            part[p->table_neighbour[t]] +=
                weight[e] * exp(-(double)(count - 1 - e) / 10) * p->table_weight[t];
    add_share(scores, part, items, 0.2);

    double affinity[64] = {0}, all = 0;
    for (uint32_t e = 0; e < count; e++) all += weight[e] * exp(-(double)(count - 1 - e) / 3);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t k = 0; k < (pass == 0 ? count : items); k++) {
            const uint32_t item = pass == 0 ? events[k].item : k;
            uint32_t have, list[70];
            const uint16_t *at = vitrine_catalog_attributes(open->catalog, item, &have);
            for (uint32_t a = 0; a < have; a++) list[a] = at[a];
            if (vitrine_catalog_band(open->catalog, item) != VITRINE_NO_ATTRIBUTE)
                list[have++] = vitrine_catalog_band(open->catalog, item);
            double norm = 0, sum = 0;
            for (uint32_t a = 0; a < have; a++) norm += pow(p->attr_weight[list[a]], 2);
            for (uint32_t a = 0; a < have && norm > 0; a++) {
                const double unit = p->attr_weight[list[a]] / sqrt(norm);
                if (pass == 0)
                    affinity[list[a]] += weight[k] * exp(-(double)(count - 1 - k) / 3) / all * unit;
                else
                    sum += affinity[list[a]] * unit;
            }
            if (pass == 1) part[k] = pow(sum, 3);
        }
    add_share(scores, part, items, 0.15);

    memset(part, 0, sizeof part);
    for (uint32_t e = 0; e < count; e++)
        part[events[e].item] += weight[e] * exp(-(double)(count - 1 - e) / 6);
    add_share(scores, part, items, 0.1);
    for (uint32_t j = 0; j < items; j++) part[j] = j < known ? p->popularity[j] : 0;
    add_share(scores, part, items, 0.05);
}

static void scores_are_those_of_the_definition(void **state)
{
    (void)state;
    for (uint32_t precision = 0; precision <= 1; precision++) {
        small_shop_options options = small_shop_usual();
        options.precision = precision;
        options.session_gap = 0;
        open_shop open;
        open_shop_make(&open, &options, true);
        const uint32_t items = vitrine_catalog_items(open.catalog);
        assert_int_equal(items, 303);
        uint64_t random = 11;
        for (int round = 0; round < 12; round++) {
            int64_t clock = 1600000000;
            vitrine_event events[40];
            const uint32_t count = 1 + (uint32_t)(small_shop_random(&random) % 40);
            vitrine_profile *profile = open_shop_profile(&open, 100);
            for (uint32_t i = 0; i < count; i++) {
                events[i] = open_shop_event(&open, &random, &clock);
                assert_int_equal(vitrine_profile_observe(profile, &events[i]), VITRINE_OK);
            }
            double want[MOST_ITEMS];
            naive_scores(&open, events, count, want);
            vitrine_score_all(open.ranker, profile);
            double sum = 0;
            for (uint32_t j = 0; j < items; j++) {
                const double got = open.ranker->scores[j];
                sum += got;
                /* f32: rounding and the table's weight bytes; int8: the query's 7 bits too. */
                const double slack = precision == VITRINE_F32 ? 0.0004 + 0.01 * want[j]
                                                              : 0.001 + 0.12 * want[j];
                assert_true(fabs(got - want[j]) <= slack);
            }
            assert_true(fabs(sum - 1) < 1e-4);
        }
        open_shop_free(&open);
    }
}

/* For each time that this visit had an item its score is multiplied; other visits do not count. */
static void an_item_of_the_visit_sinks_where_the_model_says_so(void **state)
{
    (void)state;
    small_shop_options options = small_shop_usual();
    open_shop plain, strict;
    open_shop_make(&plain, &options, true);
    options.repeat_penalty = 0.75f;
    open_shop_make(&strict, &options, true);
    static const struct {
        uint32_t item, kind;
        int64_t time;
    } events[] = { { 5, VITRINE_VIEW_ITEM, 1000 },  { 6, VITRINE_VIEW_ITEM, 1010 },
                   { 7, VITRINE_VIEW_ITEM, 9000 },  { 8, VITRINE_VIEW_ITEM, 9010 },
                   { 7, VITRINE_ADD_TO_CART, 9020 }, { 9, VITRINE_REMOVE_FROM_CART, 9030 } };
    vitrine_profile *profiles[2] = { open_shop_profile(&plain, 20), open_shop_profile(&strict, 20) };
    for (size_t e = 0; e < sizeof events / sizeof events[0]; e++)
        for (int s = 0; s < 2; s++) {
            const vitrine_event event = { .item = events[e].item, .kind = events[e].kind,
                                          .time = events[e].time, .value = 1.0f };
            assert_int_equal(vitrine_profile_observe(profiles[s], &event), VITRINE_OK);
        }
    vitrine_score_all(plain.ranker, profiles[0]);
    vitrine_score_all(strict.ranker, profiles[1]);
    const uint32_t items = vitrine_catalog_items(plain.catalog);
    for (uint32_t j = 0; j < items; j++) {
        const float keep = j == 7 ? 0.0625f : j == 8 ? 0.25f : 1.0f; /* 5 and 6 are of another visit */
        assert_true(plain.ranker->scores[j] > 0.0f);
        assert_true(strict.ranker->scores[j] == plain.ranker->scores[j] * keep);
    }
    vitrine_reason reason;
    const uint32_t item = 8;
    assert_int_equal(vitrine_explain(strict.ranker, profiles[1], &item, 1, &reason), VITRINE_OK);
    assert_float_equal(reason.factor, 0.25, 1e-3);
    open_shop_free(&plain);
    open_shop_free(&strict);
}

static void the_list_is_the_sorted_scores_of_what_is_left(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *profile = open_shop_profile(&open, 100);
    const uint32_t items = vitrine_catalog_items(open.catalog);
    uint64_t random = 4;
    int64_t clock = 1600000000;
    for (int i = 0; i < 30; i++) {
        vitrine_event event = open_shop_event(&open, &random, &clock);
        if (i % 9 == 0) event.kind = VITRINE_DISMISS;
        (void)vitrine_profile_observe(profile, &event);
    }
    uint8_t allowed[MOST_ITEMS];
    for (uint32_t i = 0; i < items; i++) allowed[i] = i % 4 != 0;
    const vitrine_filter filter = {VITRINE_WAS_PURCHASED | VITRINE_IN_CART, allowed};
    vitrine_scored list[MOST_ITEMS];
    uint32_t count;
    assert_int_equal(vitrine_rank(open.ranker, profile, &filter, MOST_ITEMS, list, &count), VITRINE_OK);
    uint8_t seen[MOST_ITEMS] = {0};
    for (uint32_t i = 0; i < count; i++) {
        assert_true(i == 0 || list[i - 1].score > list[i].score ||
                    (list[i - 1].score == list[i].score && list[i - 1].item < list[i].item));
        assert_false(seen[list[i].item]);
        seen[list[i].item] = 1;
    }
    for (uint32_t i = 0; i < items; i++) {
        const uint32_t flags = vitrine_profile_flags(profile, i);
        const bool out = !vitrine_catalog_available(open.catalog, i) || !allowed[i] ||
                         (flags & (VITRINE_WAS_PURCHASED | VITRINE_IN_CART | VITRINE_WAS_DISMISSED));
        assert_int_equal(seen[i], !out);
    }
    vitrine_scored top[7];
    uint32_t few;
    assert_int_equal(vitrine_rank(open.ranker, profile, &filter, 7, top, &few), VITRINE_OK);
    assert_int_equal(few, 7);
    assert_memory_equal(top, list, sizeof top);
    assert_int_equal(vitrine_rank(open.ranker, profile, &filter, 0, top, &few), VITRINE_BAD_ARGUMENT);
    open_shop_free(&open);
}

static void a_dismissed_item_goes_and_its_neighbours_sink(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, false);
    vitrine_profile *profile = open_shop_profile(&open, 100);
    const vitrine_event view = {3, VITRINE_VIEW_ITEM, 1600000000, 0.0f};
    (void)vitrine_profile_observe(profile, &view);
    vitrine_score_all(open.ranker, profile);
    float before[MOST_ITEMS];
    memcpy(before, open.ranker->scores, 300 * sizeof(float));
    const uint32_t unwanted = 40;
    const vitrine_event dismiss = {unwanted, VITRINE_DISMISS, 1600000001, 0.0f};
    (void)vitrine_profile_observe(profile, &dismiss);
    vitrine_scored list[300];
    uint32_t count;
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 300, list, &count), VITRINE_OK);
    assert_int_equal(count, 299);
    for (uint32_t i = 0; i < count; i++) assert_int_not_equal(list[i].item, unwanted);
    vitrine_neighbour n;
    uint32_t neighbours = 0;
    for (vitrine_table_walk w = vitrine_table_row(open.model, unwanted); vitrine_table_next(&w, &n);) {
        assert_true(open.ranker->scores[n.item] < before[n.item]);
        assert_true(open.ranker->scores[n.item] >= before[n.item] * 0.499f);
        neighbours++;
    }
    assert_true(neighbours > 0);
    open_shop_free(&open);
}

static void a_reason_is_what_would_happen(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *profile = open_shop_profile(&open, 100);
    uint64_t random = 21;
    int64_t clock = 1600000000;
    for (int i = 0; i < 25; i++) {
        vitrine_event event = open_shop_event(&open, &random, &clock);
        event.item = (uint32_t)(i * 7 % 300); /* distinct, so that forgetting takes one event */
        (void)vitrine_profile_observe(profile, &event);
    }
    vitrine_scored list[20];
    vitrine_reason reasons[20];
    uint32_t items[20], count, named = 0;
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 20, list, &count), VITRINE_OK);
    for (uint32_t i = 0; i < 20; i++) items[i] = list[i].item;
    assert_int_equal(vitrine_explain(open.ranker, profile, items, 20, reasons), VITRINE_OK);
    for (uint32_t i = 0; i < 20; i++) {
        float sum = 0;
        for (int p = 0; p < VITRINE_PARTS; p++) sum += reasons[i].parts[p];
        assert_true(fabsf(sum - 1) < 1e-5f);
        assert_true(reasons[i].share == reasons[i].parts[reasons[i].kind]);
        if (reasons[i].event == UINT32_MAX) continue;
        named++;
        assert_int_equal(vitrine_profile_event(profile, reasons[i].event).item, reasons[i].source);
        vitrine_profile *without = open_shop_profile(&open, 100);
        for (uint32_t e = 0; e < 25; e++) {
            const vitrine_event event = vitrine_profile_event(profile, e);
            if (e != reasons[i].event) (void)vitrine_profile_observe(without, &event);
        }
        vitrine_score_all(open.ranker, without);
        const float left = open.ranker->scores[items[i]];
        assert_true(fabsf((list[i].score - left) / list[i].score - reasons[i].lost) < 1e-4f);
    }
    assert_true(named > 10);
    open_shop_free(&open);
}

static void a_given_list_is_only_permuted(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *profile = open_shop_profile(&open, 100);
    const vitrine_event view = {9, VITRINE_VIEW_ITEM, 1600000000, 0.0f};
    (void)vitrine_profile_observe(profile, &view);
    uint32_t items[50];
    for (uint32_t i = 0; i < 50; i++) items[i] = (i * 37 + 5) % 303;
    vitrine_scored out[50];
    assert_int_equal(vitrine_rerank(open.ranker, profile, items, 50, out), VITRINE_OK);
    bool left_out = false;
    for (uint32_t i = 0; i < 50; i++) {
        uint32_t found = 0;
        for (uint32_t j = 0; j < 50; j++) found += items[j] == out[i].item;
        assert_int_equal(found, 1);
        const bool available = vitrine_catalog_available(open.catalog, out[i].item);
        assert_false(available && left_out); /* unavailable ones come last */
        left_out = !available;
        if (i > 0 && available) assert_true(out[i - 1].score >= out[i].score);
    }
    items[3] = 303;
    assert_int_equal(vitrine_rerank(open.ranker, profile, items, 50, out), VITRINE_UNKNOWN_ITEM);
    open_shop_free(&open);
}

static void similar_items_are_those_of_the_textbook(void **state)
{
    (void)state;
    small_shop_options options = small_shop_usual();
    options.precision = VITRINE_F32;
    open_shop open;
    open_shop_make(&open, &options, true);
    for (uint32_t by = VITRINE_COSINE; by <= VITRINE_EUCLIDEAN; by++) {
        vitrine_scored list[10];
        uint32_t count;
        const uint32_t item = 30 + by;
        float a[WIDTH], b[WIDTH];
        assert_int_equal(vitrine_similar(open.ranker, item, (vitrine_similarity)by, NULL, NULL, 10, list,
                                         &count),
                         VITRINE_OK);
        assert_int_equal(count, 10);
        vitrine_catalog_vector(open.catalog, item, a);
        uint32_t better = 0;
        for (uint32_t j = 0; j < vitrine_catalog_items(open.catalog); j++) {
            double dot = 0, aa = 0, bb = 0, apart = 0;
            vitrine_catalog_vector(open.catalog, j, b);
            for (int d = 0; d < WIDTH; d++) {
                dot += (double)a[d] * b[d];
                aa += (double)a[d] * a[d];
                bb += (double)b[d] * b[d];
                apart += pow((double)a[d] - b[d], 2);
            }
            const double want = by == VITRINE_COSINE  ? dot / sqrt(aa * bb)
                                : by == VITRINE_DOT ? dot
                                                    : -sqrt(apart);
            if (j != item && vitrine_catalog_available(open.catalog, j) && want > list[9].score + 1e-4)
                better++;
            for (uint32_t i = 0; i < count; i++)
                if (list[i].item == j) assert_true(fabs(list[i].score - want) < 2e-3);
        }
        assert_int_equal(better, 9);
    }
    open_shop_free(&open);
}

static void a_cold_visitor_gets_the_popular_items(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, false);
    vitrine_profile *profile = open_shop_profile(&open, 10);
    vitrine_scored ranked[10], popular[10];
    uint32_t a, b;
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 10, ranked, &a), VITRINE_OK);
    assert_int_equal(vitrine_popular(open.ranker, profile, NULL, 10, popular, &b), VITRINE_OK);
    assert_int_equal(a, 10);
    for (uint32_t i = 0; i < 10; i++) assert_int_equal(ranked[i].item, popular[i].item);
    open_shop_free(&open);
}

static void ten_thousand_calls_leave_the_memory_as_it_was(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    vitrine_profile *profile = open_shop_profile(&open, 50), *replayed = open_shop_profile(&open, 50);
    uint64_t random = 2;
    int64_t clock = 1600000000;
    vitrine_scored list[20], other[20];
    uint32_t count;
    const uint32_t slots = open.owned_count;
    for (int i = 0; i < 10000; i++) {
        const vitrine_event event = open_shop_event(&open, &random, &clock);
        assert_int_equal(vitrine_profile_observe(profile, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_observe(replayed, &event), VITRINE_OK);
        if (i % 10 == 0)
            assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 20, list, &count), VITRINE_OK);
    }
    /* Ranking in between left no trace: the same list as for who was never ranked before. */
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 20, list, &count), VITRINE_OK);
    assert_int_equal(vitrine_rank(open.ranker, replayed, NULL, 20, other, &count), VITRINE_OK);
    assert_memory_equal(list, other, sizeof list);
    assert_int_equal(open.owned_count, slots);
    open_shop_free(&open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_the_definition),
        cmocka_unit_test(an_item_of_the_visit_sinks_where_the_model_says_so),
        cmocka_unit_test(the_list_is_the_sorted_scores_of_what_is_left),
        cmocka_unit_test(a_dismissed_item_goes_and_its_neighbours_sink),
        cmocka_unit_test(a_reason_is_what_would_happen),
        cmocka_unit_test(a_given_list_is_only_permuted),
        cmocka_unit_test(similar_items_are_those_of_the_textbook),
        cmocka_unit_test(a_cold_visitor_gets_the_popular_items),
        cmocka_unit_test(ten_thousand_calls_leave_the_memory_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
