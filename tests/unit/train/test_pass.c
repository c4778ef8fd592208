/* The gradients of the network against central finite differences of its own loss, for every cell,
 * tied or not, with every optional layer or none, full and sampled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/losses.h"
#include "train/pass.h"
#include "train/random.h"
#include "vitrine/event.h"

enum { ITEMS = 7, DIM = 5, SEQUENCES = 3, ENTRIES = 12 };

static uint64_t starts[SEQUENCES + 1] = { 0, 5, 7, 12 };
static uint32_t entries[ENTRIES] = { 1, 3, 3, 6, 0, 2, 5, 4, 0, 1, 2, 6 };
static uint8_t kinds[ENTRIES] = { 0, 0, 2, 6, 0, 0, 0, 2, 2, 0, 0, 6 };
static uint8_t gaps[ENTRIES] = { 0, 3, 3, 15, 1, 0, 0, 0, 2, 2, 9, 1 };
static const uint32_t chosen[SEQUENCES] = { 0, 1, 2 };

static const vitrine_sequences sequences = { SEQUENCES, 5, starts, entries, kinds, gaps };

/* A network with numbers large enough that every path counts. */
typedef struct rig {
    vitrine_layout layout;
    float *theta;
    vitrine_pass *pass;
    vitrine_batch batch;
    float correction[ITEMS];
} rig;

static void rig_make_loss(rig *r, uint32_t cell, uint32_t flags, uint32_t hidden, uint32_t bptt,
                          bool sampled, vitrine_pass_loss loss, vitrine_matmul matmul)
{
    const vitrine_network_shape shape = { cell, DIM, hidden, DIM, flags };
    const vitrine_pass_options options = { .sequences = SEQUENCES, .bptt = bptt, .most_rows = ITEMS,
                                           .dropout_input = 0.25f, .dropout_output = 0.25f,
                                           .loss = loss, .loss_weight = 0.6f, .matmul = matmul };
    memset(r, 0, sizeof *r);
    vitrine_layout_make(&shape, ITEMS, &r->layout);
    const size_t total = vitrine_layout_total(&r->layout);
    r->theta = malloc(total * sizeof *r->theta);
    assert_non_null(r->theta);
    for (size_t i = 0; i < total; i++)
        r->theta[i] = (float)(1.6 * vitrine_random_unit(vitrine_random(5, i)) - 0.8);
    r->pass = vitrine_pass_create(&r->layout, r->theta, &options);
    assert_non_null(r->pass);
    for (int j = 0; j < ITEMS; j++) r->correction[j] = -0.3f * (float)j;
    r->batch = (vitrine_batch){ .sequences = &sequences, .sequence = chosen, .count = SEQUENCES,
                                .targets = ENTRIES - SEQUENCES, .rows = ITEMS, .candidates = ITEMS,
                                .item = r->theta,
                                .bias = r->theta + r->layout.offset[VITRINE_SEG_BIAS],
                                .correction = sampled ? r->correction : NULL, .key = 77 };
    static const uint32_t same[ITEMS] = { 0, 1, 2, 3, 4, 5, 6 };
    if ((flags & VITRINE_NET_TIED) == 0) {
        r->batch.embed = r->theta + r->layout.offset[VITRINE_SEG_EMBED];
        r->batch.embed_rows = ITEMS;
        r->batch.embed_row = r->batch.embed_row_of = same;
    }
}

static void rig_make(rig *r, uint32_t cell, uint32_t flags, uint32_t hidden, uint32_t bptt,
                     bool sampled, vitrine_matmul matmul)
{
    rig_make_loss(r, cell, flags, hidden, bptt, sampled, VITRINE_PASS_SOFTMAX, matmul);
}

static void rig_free(rig *r)
{
    vitrine_pass_destroy(r->pass);
    free(r->theta);
}

static double loss_of(rig *r)
{
    return vitrine_pass_train(r->pass, &r->batch, 0, 1) / (double)r->batch.targets;
}

static float slope_at(const rig *r, size_t i)
{
    const vitrine_gradient *g = vitrine_pass_gradient(r->pass);
    const size_t *at = r->layout.offset;
    if (i < at[VITRINE_SEG_BIAS]) return g->item[i];
    if (i < at[VITRINE_SEG_EMBED]) return g->bias[i - at[VITRINE_SEG_BIAS]];
    if (i < at[VITRINE_SEG_KIND]) return g->embed[i - at[VITRINE_SEG_EMBED]];
    return g->rest[i - at[VITRINE_SEG_KIND]];
}

static void check_loss(uint32_t cell, uint32_t flags, uint32_t hidden, bool sampled,
                       vitrine_pass_loss loss)
{
    rig r;
    rig_make_loss(&r, cell, flags, hidden, 8, sampled, loss, vitrine_matmul_plain);
    const size_t total = vitrine_layout_total(&r.layout);
    double *slopes = malloc(total * sizeof *slopes);
    assert_non_null(slopes);
    loss_of(&r);
    for (size_t i = 0; i < total; i++) slopes[i] = (double)slope_at(&r, i);
    for (size_t i = 0; i < total; i++) {
        const float kept = r.theta[i];
        const float step = 4e-3f;
        r.theta[i] = kept + step;
        const double up = loss_of(&r);
        const double high = (double)r.theta[i];
        r.theta[i] = kept - step;
        const double down = loss_of(&r);
        const double measured = (up - down) / (high - (double)r.theta[i]);
        r.theta[i] = kept;
        if (fabs(measured - slopes[i]) > 2e-3 + 1e-2 * fabs(measured))
            fail_msg("cell %u flags %u: number %zu has slope %g, measured %g", cell, flags, i,
                     slopes[i], measured);
    }
    free(slopes);
    rig_free(&r);
}

static void check(uint32_t cell, uint32_t flags, uint32_t hidden, bool sampled)
{
    check_loss(cell, flags, hidden, sampled, VITRINE_PASS_SOFTMAX);
}

static const uint32_t ALL = VITRINE_NET_TIED | VITRINE_NET_SKIP | VITRINE_NET_NORM;

static void a_gru_has_the_slopes_of_finite_differences(void **state)
{
    (void)state;
    check(VITRINE_CELL_GRU, ALL, DIM, false);
    check(VITRINE_CELL_GRU, ALL | VITRINE_NET_GAP, DIM, false);
    check(VITRINE_CELL_GRU, VITRINE_NET_OUT | VITRINE_NET_NORM, 4, false);
    check(VITRINE_CELL_GRU, VITRINE_NET_TIED, DIM, true);
}

static void an_lstm_has_the_slopes_of_finite_differences(void **state)
{
    (void)state;
    check(VITRINE_CELL_LSTM, ALL, DIM, false);
    check(VITRINE_CELL_LSTM, VITRINE_NET_OUT | VITRINE_NET_SKIP, 4, true);
    check(VITRINE_CELL_LSTM, VITRINE_NET_OUT | VITRINE_NET_GAP, 4, true);
}

static void a_relu_lstm_has_the_slopes_of_finite_differences(void **state)
{
    (void)state;
    check(VITRINE_CELL_LSTM_RELU, ALL, DIM, false);
    check(VITRINE_CELL_LSTM_RELU, 0, DIM, false);
}

static void a_bag_has_the_slopes_of_finite_differences(void **state)
{
    (void)state;
    check(VITRINE_CELL_BAG, ALL, DIM, false);
    check(VITRINE_CELL_BAG, 0, DIM, true);
}

static void the_other_losses_have_the_slopes_of_finite_differences(void **state)
{
    (void)state;
    check_loss(VITRINE_CELL_GRU, ALL, DIM, false, VITRINE_PASS_BPR_MAX);
    check_loss(VITRINE_CELL_GRU, ALL, DIM, true, VITRINE_PASS_GBCE);
}

/* Against the formulas of the papers in doubles, written the long way. */
static void the_other_losses_are_those_of_the_papers(void **state)
{
    (void)state;
    enum { N = 6, TARGET = 2 };
    static const float logits[N] = { 0.3f, -1.2f, 0.8f, 2.0f, -0.1f, 0.5f };
    const vitrine_kernels *kernels = vitrine_kernels_best();
    float x[N], scratch[2 * N];
    double mass = 0.0, won = 0.0, size = 0.0, entropy = 0.0;
    for (int j = 0; j < N; j++)
        if (j != TARGET) mass += exp((double)logits[j]);
    for (int j = 0; j < N; j++) {
        if (j == TARGET) continue;
        const double share = exp((double)logits[j]) / mass, r = (double)logits[j];
        won += share / (1.0 + exp(r - (double)logits[TARGET]));
        size += share * r * r;
        entropy -= log(1.0 - 1.0 / (1.0 + exp(-r)));
    }
    memcpy(x, logits, sizeof x);
    assert_true(fabs(vitrine_loss_bpr_max(kernels, x, TARGET, N, 0.4f, scratch) -
                     (-log(won) + 0.4 * size)) < 1e-5);
    /* Five of 101 - 1 negatives at t = 0.75: a = .05, beta = .05 (.75 (1 - 20) + 20). */
    const float beta = vitrine_gbce_beta(N, 101, 0.75f);
    assert_true(fabsf(beta - 0.2875f) < 1e-6f);
    assert_true(fabsf(vitrine_gbce_beta(N, N, 0.75f) - 1.0f) < 1e-6f);
    memcpy(x, logits, sizeof x);
    assert_true(fabs(vitrine_loss_gbce(kernels, x, TARGET, N, beta, scratch) -
                     (entropy - (double)beta * log(1.0 / (1.0 + exp(-(double)logits[TARGET]))))) < 1e-5);
}

static void blas_and_the_plain_loop_agree(void **state)
{
    (void)state;
    rig plain, blas;
    rig_make(&plain, VITRINE_CELL_GRU, ALL, DIM, 8, false, vitrine_matmul_plain);
    rig_make(&blas, VITRINE_CELL_GRU, ALL, DIM, 8, false, vitrine_matmul_blas);
    assert_true(fabs(loss_of(&plain) - loss_of(&blas)) < 1e-5);
    for (size_t i = 0; i < vitrine_layout_total(&plain.layout); i++)
        assert_true(fabsf(slope_at(&plain, i) - slope_at(&blas, i)) < 1e-5f);
    rig_free(&plain);
    rig_free(&blas);
}

static void chunks_carry_the_state_so_that_the_loss_stays(void **state)
{
    (void)state;
    rig whole, cut;
    rig_make(&whole, VITRINE_CELL_LSTM, ALL, DIM, 8, false, vitrine_matmul_plain);
    rig_make(&cut, VITRINE_CELL_LSTM, ALL, DIM, 2, false, vitrine_matmul_plain);
    assert_true(fabs(loss_of(&whole) - loss_of(&cut)) < 1e-6);
    rig_free(&whole);
    rig_free(&cut);
}

static void two_workers_together_have_the_loss_of_one(void **state)
{
    (void)state;
    rig r;
    rig_make(&r, VITRINE_CELL_GRU, ALL, DIM, 8, false, vitrine_matmul_plain);
    const double first = vitrine_pass_train(r.pass, &r.batch, 0, 2);
    const double second = vitrine_pass_train(r.pass, &r.batch, 1, 2);
    assert_true(fabs((first + second) / (double)r.batch.targets - loss_of(&r)) < 1e-6);
    rig_free(&r);
}

/* Logits are had from the loss: with every other candidate's bias at -60 the loss of
 * a position is log(1 + e^(logit of one - logit of the target)). */
static void ranks_count_the_items_that_stand_before_the_target(void **state)
{
    (void)state;
    rig r;
    rig_make(&r, VITRINE_CELL_GRU, ALL, DIM, 8, false, vitrine_matmul_plain);
    vitrine_pass_destroy(r.pass);
    const vitrine_pass_options plain = { .sequences = SEQUENCES, .bptt = 8, .most_rows = ITEMS,
                                         .matmul = vitrine_matmul_plain };
    r.pass = vitrine_pass_create(&r.layout, r.theta, &plain);
    assert_non_null(r.pass);
    uint32_t rank[ENTRIES - SEQUENCES], last[ENTRIES - SEQUENCES], fresh[ENTRIES - SEQUENCES];
    vitrine_pass_rank(r.pass, &r.batch, 0, 1, false, false, rank);
    vitrine_pass_rank(r.pass, &r.batch, 0, 1, true, false, last);
    vitrine_pass_rank(r.pass, &r.batch, 0, 1, false, true, fresh);
    /* The rank of the last step of a sequence of its own, item by item. */
    for (uint32_t s = 0; s < SEQUENCES; s++)
        for (uint64_t at = starts[s] + 1; at < starts[s + 1]; at++) {
            uint64_t start[2] = { 0, at + 1 - starts[s] };
            const vitrine_sequences one = { 1, (uint32_t)start[1], start, entries + starts[s],
                                            kinds + starts[s], gaps + starts[s] };
            const uint32_t target = entries[at];
            uint32_t before = 1, unseen = 1;
            bool seen_target = false;
            for (uint32_t j = 0; j < ITEMS; j++) {
                float correction[ITEMS];
                bool seen = false;
                for (uint64_t e = starts[s]; e < at; e++) seen = seen || entries[e] == j;
                if (j == target) {
                    seen_target = seen;
                    continue;
                }
                for (uint32_t i = 0; i < ITEMS; i++)
                    correction[i] = i == j || i == target ? 0.0f : -60.0f;
                vitrine_batch batch = r.batch;
                batch.sequences = &one;
                batch.count = 1;
                batch.targets = one.longest - 1;
                batch.correction = correction;
                const double whole = vitrine_pass_train(r.pass, &batch, 0, 1);
                start[1]--; /* without the last step */
                const double others = start[1] >= 2 ? vitrine_pass_train(r.pass, &batch, 0, 1) : 0.0;
                start[1]++;
                const uint32_t better = whole - others >= log(2.0);
                before += better;
                unseen += better && !seen;
            }
            const uint64_t place = at - 1 - s;
            assert_int_equal(rank[place], before);
            assert_int_equal(last[place], at + 1 == starts[s + 1] ? before : 0);
            assert_int_equal(fresh[place], seen_target ? 0 : unseen);
        }
    rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gru_has_the_slopes_of_finite_differences),
        cmocka_unit_test(an_lstm_has_the_slopes_of_finite_differences),
        cmocka_unit_test(a_relu_lstm_has_the_slopes_of_finite_differences),
        cmocka_unit_test(a_bag_has_the_slopes_of_finite_differences),
        cmocka_unit_test(the_other_losses_have_the_slopes_of_finite_differences),
        cmocka_unit_test(the_other_losses_are_those_of_the_papers),
        cmocka_unit_test(blas_and_the_plain_loop_agree),
        cmocka_unit_test(chunks_carry_the_state_so_that_the_loss_stays),
        cmocka_unit_test(ranks_count_the_items_that_stand_before_the_target),
        cmocka_unit_test(two_workers_together_have_the_loss_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
