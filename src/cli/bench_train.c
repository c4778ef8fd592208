#include "cli/bench_train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/progress.h"
#include "train/random.h"
#include "train/train.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { ITEMS = 3000, SESSIONS = 4000, LENGTH = 5, WIDTH = 100, GATES = 3, BATCH = 32 };

/* Sessions walk in steps of up to 16 items, so that there is something to learn. */
static bool make_log(vitrine_dataset *log)
{
    const size_t events = (size_t)SESSIONS * LENGTH;
    uint32_t *offset = malloc((ITEMS + 1) * sizeof *offset);
    char *ids = malloc(ITEMS * 4 + 1);
    *log = (vitrine_dataset){
        .items = ITEMS, .sessions = SESSIONS, .events = events,
        .session_start = malloc((SESSIONS + 1) * sizeof *log->session_start),
        .item = malloc(events * sizeof *log->item), .kind = calloc(events, 1),
        .time = calloc(events, sizeof *log->time), .value = calloc(events, sizeof *log->value),
        .item_ids = { .count = ITEMS, .offset = offset, .bytes = ids },
    };
    if (!log->session_start || !log->item || !log->kind || !log->time || !log->value || !offset || !ids)
        return false;
    offset[0] = 0;
    for (uint32_t i = 0; i < ITEMS; i++) { /* four digits each: in the order of (length, bytes) */
        (void)snprintf(ids + (size_t)i * 4, 5, "%04u", i);
        offset[i + 1] = (i + 1) * 4;
    }
    memset(log->kind, VITRINE_VIEW_ITEM, events);
    log->session_start[0] = 0;
    for (uint64_t s = 0; s < SESSIONS; s++) {
        uint64_t at = vitrine_random(1, s);
        for (uint64_t e = 0; e < LENGTH; e++, at += vitrine_random(s, e) % 16)
            log->item[s * LENGTH + e] = (uint32_t)(at % ITEMS);
        log->session_start[s + 1] = (s + 1) * LENGTH;
    }
    return true;
}

/* Of the processor: training is one long stretch, in which a busy machine would be counted too. */
static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Seconds of so many epochs and what comes before and after; below 0 when memory is out. */
static double train(const vitrine_dataset *log, uint32_t epochs)
{
    vitrine_train_options options = vitrine_train_options_default();
    vitrine_trained trained;
    vitrine_fault fault;
    options.loss = VITRINE_LOSS_FULL;
    options.dim = options.hidden = WIDTH;
    options.batch = BATCH;
    options.epochs = options.patience = epochs;
    options.validation = 0.0f;
    options.fuse = options.refit = false;
    const double began = processor_seconds();
    if (vitrine_train(log, NULL, &options, NULL, NULL, &trained, &fault) != VITRINE_OK) return -1.0;
    const double seconds = processor_seconds() - began;
    vitrine_trained_free(&trained);
    return seconds;
}

/* An event that has a next one is multiplied with every item's vector three times (its logits, the slope
 * of its query, that of the items) and so with the matrices of the cell and the skip connection. */
static double multiply_adds_of_an_epoch(void)
{
    const double targets = (double)SESSIONS * (LENGTH - 1);
    return targets * 3.0 * ((double)ITEMS * WIDTH + 2.0 * GATES * WIDTH * WIDTH + WIDTH * WIDTH);
}

#if defined(__x86_64__)
/* Ten sums are under way at once, so that no one waits for another: two units, five steps each. */
#define MULTIPLY(name, set, reg, bits)                                                                    \
    __attribute__((target(set))) static float name(uint64_t rounds)                                      \
    {                                                                                                    \
        reg sum[10];                                                                                     \
        const reg x = _mm##bits##_set1_ps(0.999f), y = _mm##bits##_set1_ps(0.001f);                      \
        for (int n = 0; n < 10; n++) sum[n] = _mm##bits##_set1_ps((float)n);                             \
        for (uint64_t r = 0; r < rounds; r++)                                                            \
            _Pragma("GCC unroll 10") for (int n = 0; n < 10; n++) sum[n] = _mm##bits##_fmadd_ps(sum[n], x, y); \
        for (int n = 1; n < 10; n++) sum[0] = _mm##bits##_add_ps(sum[0], sum[n]);                        \
        return _mm##bits##_cvtss_f32(sum[0]);                                                            \
    }
MULTIPLY(multiply, "avx2,fma", __m256, 256)
MULTIPLY(multiply_wide, "avx512f", __m512, 512) /* as a BLAS does where there are such registers */

static double possible(double seconds)
{
    const uint64_t rounds = 1000000;
    double least = 1e9, end = cli_now() + seconds;
    const int wide = __builtin_cpu_supports("avx512f");
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0.0;
    volatile float sink = 0.0f;
    do {
        const double began = processor_seconds();
        sink = wide ? multiply_wide(rounds) : multiply(rounds);
        const double took = processor_seconds() - began;
        if (took > 0.0 && took < least) least = took;
    } while (cli_now() < end);
    (void)sink;
    return (double)rounds * 10 * (wide ? 16 : 8) / least;
}
#else
static double possible(double seconds)
{
    (void)seconds;
    return 0.0;
}
#endif

bool bench_train(double seconds, bench_training *out)
{
    vitrine_dataset log;
    bool ok = make_log(&log);
    double least = 1e9;
    const double end = cli_now() + seconds;
    do {
        const double one = ok ? train(&log, 1) : -1.0, two = ok ? train(&log, 2) : -1.0;
        ok = one >= 0.0 && two >= 0.0;
        if (two - one > 0.0 && two - one < least) least = two - one;
    } while (ok && (cli_now() < end || least > 1e8));
    vitrine_dataset_free(&log);
    if (!ok) return false;
    *out = (bench_training){ .events_per_second = (double)SESSIONS * LENGTH / least,
                             .done_per_second = multiply_adds_of_an_epoch() / least,
                             .possible_per_second = possible(seconds < 0.2 ? seconds : 0.2) };
    return true;
}

void bench_train_print(const bench_training *t)
{
    printf("training, GRU of width %d, full softmax over %d items, %d sessions a batch\n", WIDTH, ITEMS, BATCH);
    printf("  events          %10.0f a second\n", t->events_per_second);
    printf("  multiply-adds   %10.1f G a second", t->done_per_second * 1e-9);
    if (t->possible_per_second > 0.0)
        printf("  (%.0f %% of %.1f G, fused in registers alone)",
               100.0 * t->done_per_second / t->possible_per_second, t->possible_per_second * 1e-9);
    printf("\n");
}

void bench_train_json(const bench_training *t, cJSON *root)
{
    cJSON *to = cli_json_object(root, "training");
    cli_json_number(to, "events_per_s", t->events_per_second);
    cli_json_number(to, "multiply_adds_per_s", t->done_per_second);
    if (t->possible_per_second > 0.0) cli_json_number(to, "possible_per_s", t->possible_per_second);
}
