/* What every variant of every kernel must keep: the scalar's bits, at every length around the
 * register width and every skew, and not a byte past the output. Plain C without a test framework,
 * so that the native test (test_kernels.c) and the WebAssembly one (kernels_wasm.c) run the same. */
#ifndef VITRINE_TESTS_KERNEL_CHECKS_H
#define VITRINE_TESTS_KERNEL_CHECKS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "kernels/bytes.h"
#include "kernels/cosine.h"
#include "kernels/halves.h"
#include "kernels/kernels.h"
#include "kernels/panels.h"
#include "kernels/query.h"
#include "kernels/reach.h"
#include "kernels/scan.h"

enum { CHECK_LONGEST = 67, CHECK_SKEWS = 4, CHECK_ROOM = 96 * 1028 + 64 };

typedef struct check_place {
    char text[160]; /* where a check failed */
} check_place;

typedef struct check_random {
    uint64_t state;
} check_random;

static inline uint32_t check_next(check_random *random)
{
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random->state >> 33);
}

/* A float in [-limit, limit], in steps that fill the mantissa. */
static inline float check_float(check_random *random, float limit)
{
    return ((float)(check_next(random) & 0xFFFFFF) / 8388608.0f - 1.0f) * limit;
}

/* Two arrays for outputs, filled alike, so that one comparison sees results and canaries. */
typedef struct check_outputs {
    _Alignas(16) unsigned char want[4 * 2048];
    _Alignas(16) unsigned char got[4 * 2048];
} check_outputs;

static inline void check_fill(check_outputs *out)
{
    memset(out->want, 0xA5, sizeof out->want);
    memset(out->got, 0xA5, sizeof out->got);
}

static inline bool check_same(const check_outputs *out, check_place *place, const char *kernel,
                              size_t n, size_t other, size_t skew)
{
    if (memcmp(out->want, out->got, sizeof out->want) == 0) return true;
    size_t at = 0;
    while (out->want[at] == out->got[at]) at++;
    snprintf(place->text, sizeof place->text, "%s n=%zu by %zu skew=%zu: byte %zu differs", kernel,
             n, other, skew, at);
    return false;
}

static inline const vitrine_kernels *check_scalar(void)
{
    const vitrine_kernels *last = NULL, *next;
    for (size_t i = 0; (next = vitrine_kernels_list(i)) != NULL; i++) last = next;
    return last;
}

static float check_floats[CHECK_ROOM];
static int8_t check_bytes[CHECK_ROOM];

static inline bool check_gemv(const vitrine_kernels *tested, check_place *place)
{
    static const size_t rows_of[] = {1, 31, 32, 33, 64, 67, 96};
    static check_outputs out;
    check_random random = {1};
    for (size_t i = 0; i < CHECK_ROOM; i++) check_floats[i] = check_float(&random, 2.0f);
    for (size_t r = 0; r < sizeof rows_of / sizeof *rows_of; r++)
        for (size_t cols = 0; cols <= CHECK_LONGEST; cols++)
            for (size_t skew = 0; skew < CHECK_SKEWS; skew++) {
                const float *x = check_floats + skew, *bias = skew == 1 ? NULL : x + 70;
                const float *panels = x + 200;
                float *want = (float *)out.want + skew, *got = (float *)out.got + skew;
                check_fill(&out);
                check_scalar()->gemv_f32(want, panels, x, bias, rows_of[r], cols);
                tested->gemv_f32(got, panels, x, bias, rows_of[r], cols);
                if (!check_same(&out, place, "gemv_f32", rows_of[r], cols, skew)) return false;
            }
    return true;
}

/* `extreme` sets every operand to the value that comes nearest to overflow, in turn. */
static inline void check_fill_bytes(uint8_t *x, size_t extreme)
{
    check_random random = {2};
    for (size_t i = 0; i < CHECK_ROOM; i++)
        check_bytes[i] = extreme == 1   ? (int8_t)127
                         : extreme == 2 ? (int8_t)-127
                                        : (int8_t)((int)(check_next(&random) % 255) - 127);
    for (size_t i = 0; i < VITRINE_SCAN_COLS + 8; i++)
        x[i] = extreme ? 127 : (uint8_t)(check_next(&random) % 128);
}

/* Logits of scale 1 without anything taken off: the sums themselves, which a float holds. */
static inline bool check_sums(const vitrine_kernels *tested, check_place *place)
{
    static const size_t rows_of[] = {1, 31, 32, 33, 64, 67, 96};
    static check_outputs out;
    static uint8_t x[VITRINE_SCAN_COLS + 8];
    static int32_t none[96];
    static float unit[96], zero[96];
    for (size_t i = 0; i < 96; i++) unit[i] = 1.0f;
    for (size_t extreme = 0; extreme < 3; extreme++) {
        check_fill_bytes(x, extreme);
        for (size_t r = 0; r < sizeof rows_of / sizeof *rows_of; r++)
            for (size_t cols = 0; cols <= VITRINE_SCAN_COLS; cols++) {
                /* Around the register width, around the stretch of 512, and the longest. */
                if (cols > CHECK_LONGEST && cols < 508) cols = 508;
                if (cols > 517 && cols < VITRINE_SCAN_COLS - 4) cols = VITRINE_SCAN_COLS - 4;
                const size_t skew = (cols + r) % CHECK_SKEWS;
                const vitrine_rows_q8 w = {check_bytes + skew, none, unit, zero};
                float *want = (float *)(void *)out.want, *got = (float *)(void *)out.got;
                check_fill(&out);
                check_scalar()->logits_q8(want + skew, want + 500 + skew, &w, x + skew, 1.0f,
                                          rows_of[r], cols);
                tested->logits_q8(got + skew, got + 500 + skew, &w, x + skew, 1.0f, rows_of[r], cols);
                if (!check_same(&out, place, "sums", rows_of[r], cols, skew)) return false;
            }
    }
    return true;
}

/* Logits, the largest of every panel, and not one float past either. */
static inline bool check_logits(const vitrine_kernels *tested, check_place *place)
{
    static const size_t rows_of[] = {1, 31, 32, 33, 64, 67, 96};
    static check_outputs out;
    static uint8_t x[VITRINE_SCAN_COLS + 8];
    static int32_t row_sum[128];
    check_random random = {5};
    for (size_t extreme = 0; extreme < 3; extreme++) {
        check_fill_bytes(x, extreme);
        for (size_t i = 0; i < 256; i++) check_floats[i] = check_float(&random, 3.0f);
        for (size_t i = 0; i < 128; i++) row_sum[i] = (int32_t)(check_next(&random) % 16646145) - 8323072;
        for (size_t r = 0; r < sizeof rows_of / sizeof *rows_of; r++)
            for (size_t cols = 0; cols <= VITRINE_SCAN_COLS; cols++) {
                if (cols > CHECK_LONGEST && cols < 508) cols = 508;
                if (cols > 517 && cols < VITRINE_SCAN_COLS - 4) cols = VITRINE_SCAN_COLS - 4;
                const size_t skew = (cols + r) % CHECK_SKEWS;
                const vitrine_rows_q8 w = {check_bytes + skew, row_sum + skew, check_floats + skew,
                                           check_floats + 128 + skew};
                float *want = (float *)(void *)out.want, *got = (float *)(void *)out.got;
                check_fill(&out);
                check_scalar()->logits_q8(want + skew, want + 500 + skew, &w, x + skew, 0.013f,
                                          rows_of[r], cols);
                tested->logits_q8(got + skew, got + 500 + skew, &w, x + skew, 0.013f, rows_of[r], cols);
                if (!check_same(&out, place, "logits_q8", rows_of[r], cols, skew)) return false;
            }
    }
    return true;
}

/* A panel's largest logit, wherever it stands and among zeros of both signs. */
static inline bool check_most(const vitrine_kernels *tested, check_place *place)
{
    int8_t panel[VITRINE_PANEL * 4] = {0};
    const uint8_t x[4] = {64, 64, 64, 64};
    int32_t none[VITRINE_PANEL] = {0};
    float y[VITRINE_PANEL], unit[VITRINE_PANEL], bias[VITRINE_PANEL], most;
    const vitrine_rows_q8 w = {panel, none, unit, bias};
    for (size_t at = 0; at < VITRINE_PANEL; at++) {
        for (size_t i = 0; i < VITRINE_PANEL; i++) {
            unit[i] = i % 2 ? 1.0f : -1.0f;
            bias[i] = i % 3 ? -0.0f : 0.0f;
        }
        tested->logits_q8(y, &most, &w, x, 1.0f, VITRINE_PANEL, 4);
        const float zero = most, nothing = 0.0f;
        for (size_t i = 0; i < VITRINE_PANEL; i++) bias[i] = i == at ? -1.5f : -2.0f;
        tested->logits_q8(y, &most, &w, x, 1.0f, VITRINE_PANEL, 4);
        if (memcmp(&zero, &nothing, sizeof zero) == 0 && most == -1.5f && y[at] == -1.5f) continue;
        snprintf(place->text, sizeof place->text, "most at=%zu: %g %g", at, (double)zero, (double)most);
        return false;
    }
    return true;
}

/* Rows in any order and more than once, widths of whole fours, nothing past four sums. */
static inline bool check_exact(const vitrine_kernels *tested, check_place *place)
{
    enum { ROWS = 67 };
    static check_outputs out;
    static int16_t rest[ROWS * CHECK_LONGEST + 2 * CHECK_SKEWS];
    static uint8_t unused[VITRINE_SCAN_COLS + 8];
    check_random random = {6};
    for (size_t extreme = 0; extreme < 3; extreme++) {
        check_fill_bytes(unused, extreme);
        for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
            rest[i] = extreme ? (int16_t)(extreme == 1 ? 32767 : -32768)
                              : (int16_t)((int)(check_next(&random) % 65536) - 32768);
        for (size_t i = 0; i < 400; i++) check_floats[i] = check_float(&random, 3.0f);
        for (size_t cols = 0; cols <= CHECK_LONGEST; cols += 4)
            for (size_t round = 0; round < 8; round++) {
                const size_t skew = round % CHECK_SKEWS;
                const vitrine_rows_exact w = {check_bytes + skew, rest + skew, check_floats + 100 + skew,
                                              check_floats + 200 + skew};
                uint32_t rows[VITRINE_EXACT_ROWS];
                for (size_t i = 0; i < VITRINE_EXACT_ROWS; i++)
                    rows[i] = round == 0 ? ROWS - 1 : check_next(&random) % ROWS;
                check_fill(&out);
                check_scalar()->exact_four((float *)(void *)out.want + skew, &w, rows, check_floats + skew, cols);
                tested->exact_four((float *)(void *)out.got + skew, &w, rows, check_floats + skew, cols);
                if (!check_same(&out, place, "exact_four", rows[0], cols, skew)) return false;
            }
    }
    return true;
}

/* The scan of split rows, of the variant's name: the definition's bits at every shape, and the definition's sums those of
 * one row after the other; rows come out as they went in, and completed sums are those of the values. */
static inline bool check_halves(const vitrine_kernels *tested, check_place *place)
{
    static const size_t rows_of[] = {1, 31, 32, 33, 67, 96};
    static check_outputs out;
    static uint8_t high[CHECK_ROOM / 2], low[CHECK_ROOM / 2], x[VITRINE_SCAN_COLS + 8];
    vitrine_halves_variant variant = {NULL, NULL};
    for (size_t i = 0; vitrine_kernels_list(i) != NULL; i++) {
        const vitrine_halves_variant one = vitrine_halves_list(i);
        if (one.scan != NULL && strcmp(one.name, tested->name) == 0) variant = one;
    }
    if (variant.scan == NULL) {
        snprintf(place->text, sizeof place->text, "halves: no variant %s", tested->name);
        return false;
    }
    check_random random = {7};
    for (size_t extreme = 0; extreme < 3; extreme++) {
        check_fill_bytes(x, extreme);
        for (size_t i = 0; i < 256; i++) check_floats[i] = check_float(&random, 3.0f);
        for (size_t r = 0; r < sizeof rows_of / sizeof *rows_of; r++)
            for (size_t cols = 0; cols <= VITRINE_SCAN_COLS; cols++) {
                /* Around the register width, around stretches of 64, and the longest. */
                if (cols > CHECK_LONGEST && cols < 126) cols = 126;
                if (cols > 130 && cols < VITRINE_SCAN_COLS - 4) cols = VITRINE_SCAN_COLS - 4;
                const size_t rows = rows_of[r], skew = (cols + r) % CHECK_SKEWS;
                const vitrine_rows_halves w = {high + skew, low + skew, check_floats + skew, check_floats + 128 + skew};
                uint8_t query[VITRINE_SCAN_COLS + 8];
                memset(query, 64, sizeof query);
                memcpy(query, x, cols);
                vitrine_halves_clear(high + skew, low + skew, rows, cols);
                for (size_t i = 0; i < rows; i++)
                    vitrine_halves_put(high + skew, low + skew, check_bytes + i * cols, i, cols);
                float *want = (float *)(void *)out.want, *got = (float *)(void *)out.got;
                check_fill(&out);
                vitrine_halves_scalar(want + skew, want + 500 + skew, &w, query, 0.013f, rows, cols);
                variant.scan(got + skew, got + 500 + skew, &w, query, 0.013f, rows, cols);
                if (!check_same(&out, place, "halves", rows, cols, skew)) return false;

                const size_t at = (cols * 7 + r) % rows;
                int8_t row[VITRINE_SCAN_COLS];
                vitrine_halves_query parts;
                int32_t length = 0, rest = 0, taken, left, lower[VITRINE_HALVES_ROWS];
                uint32_t four[VITRINE_HALVES_ROWS];
                bool whole = true;
                vitrine_halves_row(row, 4, &w, at, cols);
                vitrine_halves_query_of(&parts, query, cols);
                for (size_t c = 0; c < cols; c++) {
                    const int value = check_bytes[at * cols + c], l = ((value + 128) & 15) - 8;
                    length += (value - l) * (value - l);
                    rest += l * l;
                }
                for (size_t i = 0; i < VITRINE_HALVES_ROWS; i++) four[i] = (uint32_t)((at + 5 * i) % rows);
                vitrine_halves_low(lower, &w, &parts, four, cols);
                for (size_t i = 0; i < VITRINE_HALVES_ROWS; i++) {
                    int32_t sum = vitrine_halves_high(&w, &parts, four[i], cols) + lower[i];
                    for (size_t c = 0; c < cols; c++) sum -= check_bytes[four[i] * cols + c] * (query[c] - 64);
                    whole = whole && sum == 0;
                }
                const int32_t upper = vitrine_halves_high(&w, &parts, at, cols);
                vitrine_halves_squares(&w, at / VITRINE_PANEL, cols, &taken, &left);
                const float logit = (float)upper * (w.scale[at] * 0.013f) + w.bias[at];
                if (memcmp(row, check_bytes + at * cols, cols) == 0 && memcmp(&logit, want + skew + at, sizeof logit) == 0 &&
                    whole && taken >= length && left >= rest)
                    continue;
                snprintf(place->text, sizeof place->text, "halves: row %zu of %zu by %zu", at, rows, cols);
                return false;
            }
    }
    return true;
}

static inline float check_apply(const vitrine_kernels *kernels, size_t which, float *y,
                               const float *x, size_t n)
{
    float sum = 0.0f;
    if (which == 0) kernels->sigmoid(y, x, n);
    else if (which == 1) kernels->tanh(y, x, n);
    else sum = kernels->exp_shifted(y, x, 1.7f, n);
    return sum;
}

static inline bool check_activations(const vitrine_kernels *tested, check_place *place)
{
    static const char *names[] = {"sigmoid", "tanh", "exp_shifted"};
    static const float limits[] = {1e-3f, 0.7f, 10.0f, 100.0f, 3.4e38f};
    static check_outputs out;
    check_random random = {3};
    for (size_t which = 0; which < 3; which++)
        for (size_t l = 0; l < 5; l++)
            for (size_t n = 0; n <= CHECK_LONGEST; n++)
                for (size_t skew = 0; skew < CHECK_SKEWS; skew++) {
                    float *x = check_floats + skew;
                    for (size_t i = 0; i < n; i++) x[i] = check_float(&random, limits[l]);
                    if (n > 2) x[n / 2] = -0.0f;
                    check_fill(&out);
                    ((float *)out.want)[900] =
                        check_apply(check_scalar(), which, (float *)out.want + skew, x, n);
                    ((float *)out.got)[900] =
                        check_apply(tested, which, (float *)out.got + skew, x, n);
                    if (!check_same(&out, place, names[which], n, l, skew)) return false;
                }
    return true;
}

/* Every 97th float of all, infinities included and NaN left out. */
static inline bool check_activation_sweep(const vitrine_kernels *tested, check_place *place)
{
    enum { BATCH = 1024 };
    static const char *names[] = {"sigmoid", "tanh", "exp_shifted"};
    static check_outputs out;
    uint64_t bits = 0;
    while (bits <= UINT32_MAX) {
        size_t n = 0;
        for (; n < BATCH && bits <= UINT32_MAX; bits += 97) {
            const uint32_t word = (uint32_t)bits;
            if ((word & 0x7FFFFFFF) > 0x7F800000) continue;
            memcpy(&check_floats[n++], &word, sizeof word);
        }
        for (size_t which = 0; which < 3; which++) {
            check_fill(&out);
            (void)check_apply(check_scalar(), which, (float *)out.want, check_floats, n);
            (void)check_apply(tested, which, (float *)out.got, check_floats, n);
            if (!check_same(&out, place, names[which], n, (size_t)bits, 0)) return false;
        }
    }
    return true;
}

static inline bool check_vectors(const vitrine_kernels *tested, check_place *place)
{
    static check_outputs out;
    check_random random = {4};
    for (size_t n = 0; n <= CHECK_LONGEST; n++)
        for (size_t skew = 0; skew < CHECK_SKEWS; skew++) {
            float *a = check_floats + skew, *b = a + 100, *y = a + 200;
            for (size_t i = 0; i < 300; i++) a[i] = check_float(&random, 3.0f);
            const vitrine_kernels *kernels = check_scalar();
            float *to = (float *)out.want;
            check_fill(&out);
            for (int pass = 0; pass < 2; pass++, kernels = tested, to = (float *)out.got) {
                to[0] = kernels->sum(a, n);
                to[1] = kernels->dot_f32(a, b, n);
                if (n > 0) to[2] = kernels->max(a, n);
                memcpy(to + 100 + skew, y, n * sizeof *y);
                kernels->axpby(to + 100 + skew, 0.3f, a, -1.7f, n);
            }
            if (!check_same(&out, place, "vector", n, 0, skew)) return false;
        }
    return true;
}

/* Every code, in runs of every length from odd places too. */
static inline bool check_floats16(const vitrine_kernels *tested, check_place *place)
{
    static check_outputs out;
    uint16_t code[CHECK_LONGEST + CHECK_SKEWS];
    uint32_t next = 0;
    while (next < 65536)
        for (size_t n = 0; n <= CHECK_LONGEST; n++) {
            const size_t skew = n % CHECK_SKEWS;
            for (size_t i = 0; i < n; i++) code[skew + i] = (uint16_t)next++;
            check_fill(&out);
            check_scalar()->floats16((float *)out.want + skew, code + skew, n);
            tested->floats16((float *)out.got + skew, code + skew, n);
            if (!check_same(&out, place, "floats16", n, 0, skew)) return false;
        }
    return true;
}

/* Zeros of both signs, and the largest value at every position. */
static inline bool check_max(const vitrine_kernels *tested, check_place *place)
{
    for (size_t n = 1; n <= CHECK_LONGEST; n++)
        for (size_t at = 0; at < n; at++) {
            float x[CHECK_LONGEST];
            for (size_t i = 0; i < n; i++) x[i] = i % 3 ? 0.0f : -0.0f;
            const float zero = tested->max(x, n);
            x[at] = 2.0f;
            const float positive = tested->max(x, n);
            for (size_t i = 0; i < n; i++) x[i] = -3.0f;
            x[at] = -2.0f;
            const float negative = tested->max(x, n), nothing = 0.0f;
            if (memcmp(&zero, &nothing, sizeof zero) == 0 && positive == 2.0f && negative == -2.0f)
                continue;
            snprintf(place->text, sizeof place->text, "max n=%zu at=%zu: %g %g %g", n, at,
                     (double)zero, (double)positive, (double)negative);
            return false;
        }
    return true;
}

/* What a build has one way to do: bars of 32 scores, cosines, and a byte among others, each by its definition. */
static inline bool check_loops(const vitrine_kernels *tested, check_place *place)
{
    (void)tested;
    check_random random = {11};
    float score[VITRINE_PANEL], scale[VITRINE_PANEL], y[CHECK_LONGEST], bias[CHECK_LONGEST], length[CHECK_LONGEST];
    for (int round = 0; round < 200; round++) {
        uint32_t want = 0, scaled = 0;
        const float bar = check_float(&random, 1.0f), slack = check_float(&random, 0.5f), more = check_float(&random, 0.5f);
        for (uint32_t l = 0; l < VITRINE_PANEL; l++) {
            score[l] = l % 5 == 0 ? bar - slack : check_float(&random, 1.0f); /* on the bar too */
            scale[l] = check_float(&random, 1.0f);
            want |= (uint32_t)(score[l] + slack >= bar) << l;
            scaled |= (uint32_t)(score[l] + (scale[l] * slack + more) >= bar) << l;
        }
        if (vitrine_reach(score, slack, bar) == want && vitrine_reach_scaled(score, scale, slack, more, bar) == scaled)
            continue;
        snprintf(place->text, sizeof place->text, "bars, round %d", round);
        return false;
    }
    for (size_t n = 0; n <= CHECK_LONGEST; n++) {
        float logit[CHECK_LONGEST];
        for (size_t i = 0; i < n; i++) {
            y[i] = logit[i] = check_float(&random, 3.0f);
            bias[i] = check_float(&random, 1.0f);
            length[i] = i % 7 == 3 ? 0.0f : 1.0f + check_float(&random, 0.9f);
        }
        const size_t done = vitrine_cosines(y, bias, length, 1.7f, n);
        for (size_t i = 0; i < n; i++) {
            const float both = 1.7f * length[i], cosine = both > 0.0f ? (logit[i] - bias[i]) / both : 0.0f;
            const float want = i < done ? cosine : logit[i]; /* the others are as they were */
            if (done <= n && memcmp(&y[i], &want, sizeof want) == 0) continue;
            snprintf(place->text, sizeof place->text, "cosines n=%zu i=%zu", n, i);
            return false;
        }
    }
    for (size_t n = 0; n <= CHECK_LONGEST; n++)
        for (size_t at = 0; at <= n; at++) {
            uint8_t bytes[CHECK_LONGEST + 1];
            for (size_t i = 0; i < n; i++) bytes[i] = (uint8_t)(i * 3 % 128);
            bytes[n] = 128; /* behind them */
            if (at < n) bytes[at] = 128;
            if (vitrine_bytes_hold(bytes, n, 128) == (at < n)) continue;
            snprintf(place->text, sizeof place->text, "bytes n=%zu at=%zu", n, at);
            return false;
        }
    return true;
}

/* What halves leave of a row, against sums in double. */
static inline bool check_left(const vitrine_kernels *tested, check_place *place)
{
    (void)tested;
    check_random random = {12};
    for (size_t cols = 1; cols <= 41; cols++) {
        int8_t values[41];
        int16_t rest[41];
        uint8_t high[VITRINE_PANEL * 22], low[VITRINE_PANEL * 22];
        double upper = 0.0, both = 0.0;
        vitrine_halves_clear(high, low, VITRINE_PANEL, cols);
        for (size_t c = 0; c < cols; c++) {
            values[c] = (int8_t)check_float(&random, 127.0f);
            rest[c] = (int16_t)check_float(&random, 32767.0f);
            const double e = rest[c], r = ((values[c] + 128) % 16 - 8) * 65536.0 + e;
            upper += r * r;
            both += e * e;
        }
        vitrine_halves_put(high, low, values, 5, cols);
        const vitrine_rows_halves w = {high, low, NULL, NULL};
        float found[2] = {0.0f, 0.0f}, larger[2] = {1e30f, 1e30f};
        vitrine_halves_left(&w, 5, rest, cols, &found[0], &found[1]);
        vitrine_halves_left(&w, 5, rest, cols, &larger[0], &larger[1]);
        if (found[0] <= upper * 1.0001 && found[0] >= upper * 0.9999 && found[1] <= both * 1.0001 &&
            found[1] >= both * 0.9999 && larger[0] == 1e30f && larger[1] == 1e30f)
            continue;
        snprintf(place->text, sizeof place->text, "left cols=%zu: %g %g", cols, (double)found[0], (double)found[1]);
        return false;
    }
    return true;
}

/* One panel's totals against sums of one value after the other, and one -128 anywhere is seen. */
static inline bool check_totals(const vitrine_kernels *tested, check_place *place)
{
    (void)tested; /* a build has one way to do it */
    for (size_t cols = 1; cols <= 9; cols++) {
        int8_t matrix[VITRINE_PANEL * 9], panel[VITRINE_PANEL * 12];
        int32_t sum[VITRINE_PANEL], square[VITRINE_PANEL];
        for (size_t i = 0; i < VITRINE_PANEL * cols; i++) matrix[i] = (int8_t)((int)(i * 89 % 255) - 127);
        vitrine_panels_pack_q8(panel, matrix, VITRINE_PANEL, cols);
        bool right = vitrine_panel_totals_q8(panel, cols, sum, square);
        for (size_t r = 0; r < VITRINE_PANEL; r++) {
            int total = 0, squares = 0;
            for (size_t c = 0; c < cols; c++) total += matrix[r * cols + c], squares += matrix[r * cols + c] * matrix[r * cols + c];
            right = right && sum[r] == 64 * total && square[r] == squares;
        }
        for (size_t i = 0; i < VITRINE_PANEL * cols; i++) {
            const int8_t before = panel[i];
            panel[i] = INT8_MIN;
            right = right && !vitrine_panel_totals_q8(panel, cols, sum, square);
            panel[i] = before;
        }
        if (right) continue;
        snprintf(place->text, sizeof place->text, "totals cols=%zu", cols);
        return false;
    }
    return true;
}

/* Vectors of every length, of one that is all zeros, next to nothing, and of sizes at which halves tie. */
static inline bool check_query(const vitrine_kernels *tested, check_place *place)
{
    static const float SIZES[] = {0.0f, 1e-38f, 2e-36f, 1.0f, 31.5f, 1e6f};
    check_random random = {9};
    (void)tested; /* a build has one way to do it */
    for (size_t s = 0; s < sizeof SIZES / sizeof *SIZES; s++)
        for (size_t n = 0; n <= CHECK_LONGEST; n++) {
            float x[CHECK_LONGEST + 4] = {0}, largest = 0.0f;
            uint8_t out[CHECK_LONGEST + 8], want[CHECK_LONGEST + 8];
            memset(out, 0xA5, sizeof out);
            memset(want, 0xA5, sizeof want);
            for (size_t i = 0; i < n; i++) {
                /* Of 31.5 the steps are halves: every other value lies between two numbers. */
                x[i] = s == 4 ? 0.25f * (float)((int)(check_next(&random) % 253) - 126) : check_float(&random, SIZES[s]);
                if (s == 4 && i == 0) x[i] = -31.5f;
                if (__builtin_fabsf(x[i]) > largest) largest = __builtin_fabsf(x[i]);
            }
            const float scale = largest / 63.0f;
            for (size_t i = 0; i < (n + 3) / 4 * 4; i++)
                want[i] = (uint8_t)(i < n && scale >= 1.17549435e-38f ? 64 + (int)__builtin_rintf(x[i] / scale) : 64);
            if (vitrine_query_q8(x, n, out) == scale && memcmp(out, want, sizeof out) == 0) continue;
            snprintf(place->text, sizeof place->text, "query n=%zu size %zu", n, s);
            return false;
        }
    return true;
}

#endif
