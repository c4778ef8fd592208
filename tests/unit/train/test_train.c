/* Training as a whole: a small grammar is learnt, the same seed gives the same bytes, and logs that
 * cannot teach anything are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "train/random.h"
#include "train/train.h"
#include "vitrine/rank.h"

enum { ITEMS = 60, SESSIONS = 900, LENGTH = 6 };

/* Item i is followed by (7 i + 3) modulo ITEMS: what comes next is certain from the second event. */
typedef struct grammar {
    vitrine_dataset log;
    uint64_t start[SESSIONS + 1];
    uint32_t item[SESSIONS * LENGTH];
    uint8_t kind[SESSIONS * LENGTH];
    int64_t time[SESSIONS * LENGTH];
    float value[SESSIONS * LENGTH];
    uint32_t offset[ITEMS + 1];
    char ids[ITEMS * 3];
} grammar;

static grammar *grammar_make(void)
{
    grammar *g = calloc(1, sizeof *g);
    assert_non_null(g);
    for (uint32_t s = 0; s < SESSIONS; s++) {
        uint32_t item = vitrine_random_below(vitrine_random(9, s), ITEMS);
        g->start[s + 1] = (s + 1) * LENGTH;
        for (uint32_t t = 0; t < LENGTH; t++, item = (7 * item + 3) % ITEMS)
            g->item[s * LENGTH + t] = item;
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        g->offset[i + 1] = 3 * (i + 1);
        g->ids[3 * i] = '1';
        g->ids[3 * i + 1] = (char)('0' + i / 10);
        g->ids[3 * i + 2] = (char)('0' + i % 10);
    }
    g->log = (vitrine_dataset){ .items = ITEMS, .sessions = SESSIONS, .events = SESSIONS * LENGTH,
                                .session_start = g->start, .item = g->item, .kind = g->kind,
                                .time = g->time, .value = g->value,
                                .item_ids = { g->offset, g->ids, ITEMS } };
    return g;
}

static vitrine_train_options quick(void)
{
    vitrine_train_options o = vitrine_train_options_default();
    o.dim = o.hidden = 16;
    o.epochs = 12;
    o.batch = 64;
    o.rate = 0.02f;
    o.dropout_input = o.dropout_output = 0.1f;
    o.threads = 2;
    return o;
}

static void *written(const vitrine_trained *trained, size_t *size)
{
    vitrine_fault fault;
    const size_t bound = vitrine_model_write_bound(&trained->parts);
    void *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
    assert_non_null(bytes);
    assert_int_equal(vitrine_model_write(&trained->parts, bytes, bound, size, &fault), VITRINE_OK);
    return bytes;
}

static void learns(uint32_t cell, vitrine_loss loss)
{
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_trained trained;
    vitrine_fault fault;
    o.cell = cell;
    o.loss = loss;
    o.negatives = 40;
    if (loss == VITRINE_LOSS_GBCE) o.epochs = 40; /* its biases have a long way down */
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
    /* One of three is found by chance within 20 of 60; MRR is what tells. */
    assert_true(trained.report.network_recall > 0.95);
    assert_true(trained.report.network_mrr > 0.9);
    assert_true(trained.report.fused_mrr > 0.9);
    vitrine_trained_free(&trained);
    free(g);
}

static void every_cell_learns_a_grammar(void **state)
{
    (void)state;
    learns(VITRINE_CELL_GRU, VITRINE_LOSS_FULL);
    learns(VITRINE_CELL_LSTM, VITRINE_LOSS_FULL);
    learns(VITRINE_CELL_LSTM_RELU, VITRINE_LOSS_FULL);
}

/* Which of two items follows, the pause before the last event tells. */
static double mrr_of_pauses(bool gaps)
{
    grammar *g = grammar_make();
    for (uint32_t s = 0; s < SESSIONS; s++) {
        uint32_t item = vitrine_random_below(vitrine_random(9, s), ITEMS);
        int64_t now = 1600000000 + (int64_t)s * 86400;
        for (uint32_t t = 0; t < LENGTH; t++) {
            const bool long_pause = vitrine_random_below(vitrine_random(31, s * LENGTH + t), 2) == 1;
            now += long_pause ? 300 : 3;
            g->time[s * LENGTH + t] = now;
            g->item[s * LENGTH + t] = item;
            item = (7 * item + (long_pause ? 3 : 17)) % ITEMS;
        }
    }
    g->log.timed = true;
    vitrine_train_options o = quick();
    vitrine_trained trained;
    vitrine_fault fault;
    o.epochs = 25;
    o.gaps = gaps;
    o.ablate = 1u << VITRINE_PART_NEIGHBOURS | 1u << VITRINE_PART_RECENT;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
    /* The fused figure is the profile's own, event by event: it steps as the training did. */
    assert_true(fabs(trained.report.fused_mrr - trained.report.network_mrr) < 0.03);
    const double mrr = trained.report.network_mrr;
    vitrine_trained_free(&trained);
    free(g);
    return mrr;
}

static void pauses_tell_where_they_are_an_input(void **state)
{
    (void)state;
    assert_true(mrr_of_pauses(false) < 0.8);
    assert_true(mrr_of_pauses(true) > 0.9);
}

static void the_sampled_loss_learns_it_too(void **state)
{
    (void)state;
    learns(VITRINE_CELL_GRU, VITRINE_LOSS_SAMPLED);
}

static void the_other_losses_learn_it_too(void **state)
{
    (void)state;
    learns(VITRINE_CELL_GRU, VITRINE_LOSS_BPR_MAX);
    learns(VITRINE_CELL_GRU, VITRINE_LOSS_GBCE);
}

static void the_same_seed_and_threads_give_the_same_bytes(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_fault fault;
    vitrine_trained trained;
    void *bytes[3];
    size_t size[3];
    o.epochs = 2;
    for (int i = 0; i < 3; i++) {
        o.seed = i == 2 ? 8 : 7;
        assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
        bytes[i] = written(&trained, &size[i]);
        vitrine_trained_free(&trained);
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    assert_true(size[0] != size[2] || memcmp(bytes[0], bytes[2], size[0]) != 0);
    for (int i = 0; i < 3; i++) free(bytes[i]);
    free(g);
}

static void leave_one_out_never_reads_the_last_event(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_fault fault;
    vitrine_trained trained;
    void *bytes[2];
    size_t size[2];
    o.epochs = 2;
    o.leave_one_out = true;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
        bytes[i] = written(&trained, &size[i]);
        vitrine_trained_free(&trained);
        for (uint32_t s = 0; s < SESSIONS; s++) g->item[s * LENGTH + LENGTH - 1] = s % ITEMS;
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    free(bytes[0]);
    free(bytes[1]);
    free(g);
}

/* Keeps what it is given, and says no at the call `stop_at` (from 1). */
typedef struct shelf {
    unsigned char *bytes;
    size_t size;
    int calls, stop_at;
} shelf;

static bool keep(void *context, const vitrine_piece *pieces, size_t count)
{
    shelf *s = context;
    free(s->bytes);
    s->size = 0;
    for (size_t i = 0; i < count; i++) s->size += pieces[i].size;
    s->bytes = aligned_alloc(64, (s->size + 63) / 64 * 64);
    assert_non_null(s->bytes);
    size_t at = 0;
    for (size_t i = 0; i < count; at += pieces[i++].size)
        memcpy(s->bytes + at, pieces[i].bytes, pieces[i].size);
    return ++s->calls != s->stop_at;
}

/* Interrupted after any epoch, of the first training or of the one on everything. */
static void a_resumed_training_ends_with_the_same_bytes(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_trained trained;
    vitrine_fault fault;
    o.epochs = 4;
    o.patience = 2;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
    size_t whole_size, size;
    void *whole = written(&trained, &whole_size);
    vitrine_trained_free(&trained);
    int interruptions = 0;
    for (int stop = 1;; stop++) {
        shelf s = { .stop_at = stop };
        vitrine_train_resume resume = { .keep = keep, .context = &s };
        o.resume = &resume;
        const vitrine_status status =
            vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault);
        if (status == VITRINE_OK) { /* there are not so many epochs */
            vitrine_trained_free(&trained);
            free(s.bytes);
            break;
        }
        assert_string_equal(fault.field, "keep");
        interruptions++;
        resume = (vitrine_train_resume){ .kept = s.bytes, .kept_size = s.size };
        assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), VITRINE_OK);
        void *bytes = written(&trained, &size);
        assert_int_equal(size, whole_size);
        assert_memory_equal(bytes, whole, size);
        vitrine_trained_free(&trained);
        free(bytes);
        free(s.bytes);
    }
    assert_in_range(interruptions, 5, 8); /* four epochs, then as many as were best */
    free(whole);
    free(g);
}

static void expect_refusal(const grammar *g, vitrine_train_options o, const void *bytes, size_t size,
                           vitrine_status status, uint64_t found)
{
    vitrine_trained trained;
    vitrine_fault fault;
    const vitrine_train_resume resume = { .kept = bytes, .kept_size = size };
    o.resume = &resume;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault), status);
    assert_string_equal(fault.field, "checkpoint");
    if (status == VITRINE_MISMATCH) assert_int_equal(fault.found, found);
}

static void a_checkpoint_of_something_else_is_refused(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_trained trained;
    vitrine_fault fault;
    shelf s = { .stop_at = 1 };
    const vitrine_train_resume resume = { .keep = keep, .context = &s };
    o.epochs = 2;
    o.resume = &resume;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault),
                     VITRINE_BAD_ARGUMENT);
    vitrine_train_options other = o;
    other.rate = 0.01f;
    expect_refusal(g, other, s.bytes, s.size, VITRINE_MISMATCH, 2);
    other = o;
    other.dim = other.hidden = 8;
    expect_refusal(g, other, s.bytes, s.size, VITRINE_MISMATCH, 2);
    g->item[3] ^= 1;
    expect_refusal(g, o, s.bytes, s.size, VITRINE_MISMATCH, 1);
    g->item[3] ^= 1;
    expect_refusal(g, o, s.bytes, s.size - 4, VITRINE_BAD_FORMAT, 0);
    expect_refusal(g, o, s.bytes, 10, VITRINE_BAD_FORMAT, 0);
    s.bytes[s.size / 2] ^= 1;
    expect_refusal(g, o, s.bytes, s.size, VITRINE_BAD_FORMAT, 0);
    free(s.bytes);
    free(g);
}

/* A team of threads in place of processes. */
typedef struct shared {
    pthread_barrier_t barrier;
    void *given[2];
} shared;
typedef struct member {
    shared *all;
    const grammar *g;
    vitrine_train_options options;
    vitrine_team team;
    vitrine_trained trained;
    vitrine_status status;
} member;

#define ADD(name, type)                                                          \
    static void name(void *context, type *x, size_t n)                           \
    {                                                                            \
        member *m = context;                                                     \
        m->all->given[m->team.rank] = x;                                         \
        pthread_barrier_wait(&m->all->barrier);                                  \
        if (m->team.rank == 0)                                                   \
            for (size_t i = 0; i < n; i++) x[i] += ((type *)m->all->given[1])[i]; \
        pthread_barrier_wait(&m->all->barrier);                                  \
        if (m->team.rank == 1) memcpy(x, m->all->given[0], n * sizeof *x);       \
        pthread_barrier_wait(&m->all->barrier);                                  \
    }
ADD(add_floats, float)
ADD(add_doubles, double)

static void *work(void *context)
{
    member *m = context;
    vitrine_fault fault;
    m->status = vitrine_train(&m->g->log, NULL, &m->options, NULL, NULL, &m->trained, &fault);
    return NULL;
}

static void check_team(const grammar *g, vitrine_loss loss)
{
    shared all;
    member m[2];
    vitrine_trained alone;
    vitrine_fault fault;
    vitrine_train_options o = quick();
    o.threads = 1;
    o.epochs = 3;
    o.loss = loss;
    o.negatives = 30;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &alone, &fault), VITRINE_OK);
    pthread_barrier_init(&all.barrier, NULL, 2);
    pthread_t thread[2];
    for (uint32_t r = 0; r < 2; r++) {
        m[r] = (member){ .all = &all, .g = g, .options = o };
        m[r].team = (vitrine_team){ r, 2, &m[r], add_floats, add_doubles };
        m[r].options.team = &m[r].team;
    }
    for (int r = 0; r < 2; r++) assert_int_equal(pthread_create(&thread[r], NULL, work, &m[r]), 0);
    for (int r = 0; r < 2; r++) pthread_join(thread[r], NULL);
    pthread_barrier_destroy(&all.barrier);
    const vitrine_model_parts *one = &alone.parts, *first = &m[0].trained.parts;
    for (int r = 0; r < 2; r++) assert_int_equal(m[r].status, VITRINE_OK);
    /* Members are the same to the bit, and what one process finds but for roundings. */
    assert_memory_equal(first->item, m[1].trained.parts.item, ITEMS * 16 * sizeof(float));
    float largest = 0.0f, apart = 0.0f;
    for (size_t i = 0; i < ITEMS * 16; i++) {
        largest = fmaxf(largest, fabsf(one->item[i]));
        apart = fmaxf(apart, fabsf(one->item[i] - first->item[i]));
    }
    assert_true(largest > 0.1f);
    assert_true(apart < 0.02f * largest);
    assert_int_equal(alone.report.best_epoch, m[0].trained.report.best_epoch);
    assert_true(fabs(alone.report.network_mrr - m[0].trained.report.network_mrr) < 0.01);
    assert_non_null(first->table_offset);
    vitrine_trained_free(&alone);
    for (int r = 0; r < 2; r++) vitrine_trained_free(&m[r].trained);
}

static void two_members_of_a_team_find_what_one_process_finds(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    check_team(g, VITRINE_LOSS_FULL);
    check_team(g, VITRINE_LOSS_SAMPLED);
    free(g);
}

static void a_log_that_teaches_nothing_is_refused(void **state)
{
    (void)state;
    grammar *g = grammar_make();
    vitrine_train_options o = quick();
    vitrine_fault fault;
    vitrine_trained trained;
    g->log.items = 1;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault),
                     VITRINE_BAD_ARGUMENT);
    assert_string_equal(fault.field, "items");
    g->log.items = ITEMS;
    for (uint32_t s = 0; s <= SESSIONS; s++) g->start[s] = s;
    g->log.events = SESSIONS;
    assert_int_equal(vitrine_train(&g->log, NULL, &o, NULL, NULL, &trained, &fault),
                     VITRINE_BAD_ARGUMENT);
    assert_string_equal(fault.field, "sessions");
    free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_learns_a_grammar),
        cmocka_unit_test(pauses_tell_where_they_are_an_input),
        cmocka_unit_test(the_sampled_loss_learns_it_too),
        cmocka_unit_test(the_other_losses_learn_it_too),
        cmocka_unit_test(the_same_seed_and_threads_give_the_same_bytes),
        cmocka_unit_test(a_resumed_training_ends_with_the_same_bytes),
        cmocka_unit_test(a_checkpoint_of_something_else_is_refused),
        cmocka_unit_test(two_members_of_a_team_find_what_one_process_finds),
        cmocka_unit_test(leave_one_out_never_reads_the_last_event),
        cmocka_unit_test(a_log_that_teaches_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
