/* The checks of kernel_checks.h as a WebAssembly module without imports: tests/web/kernels.test.mjs
 * runs one for each build of the package, every check of every variant that the build holds. */
#include "kernel_checks.h"

#include "kernels/scan.h"

typedef struct named_check {
    const char *name;
    bool (*run)(const vitrine_kernels *tested, check_place *place);
} named_check;

#ifdef VITRINE_RELAXED
static void by_fours(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                     const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    vitrine_logits_q8_relaxed_by(true, y, most, w, x, query_scale, rows, cols);
}

static void by_pairs(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                     const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    vitrine_logits_q8_relaxed_by(false, y, most, w, x, query_scale, rows, cols);
}
#endif

#ifdef VITRINE_RELAXED
/* Both ways over split rows, at every width of a stretch and two. */
static bool halves_agree(check_place *place)
{
    enum { ROWS = 40, WIDEST = 140 };
    static uint8_t high[64 * WIDEST], low[64 * WIDEST], x[WIDEST + 4];
    check_random random = {11};
    for (size_t i = 0; i < sizeof high; i++) high[i] = (uint8_t)check_next(&random);
    for (size_t i = 0; i < 128; i++) check_floats[i] = check_float(&random, 3.0f);
    for (size_t cols = 1; cols <= WIDEST; cols++) {
        float want[64], got[64], most[2], other[2];
        const vitrine_rows_halves w = {high, low, check_floats, check_floats + 64};
        for (size_t c = 0; c < sizeof x; c++) x[c] = c < cols ? (uint8_t)(c % 3 == 0 ? 127 : check_next(&random) % 128) : 64;
        vitrine_halves_scalar(want, most, &w, x, 0.013f, ROWS, cols);
        for (int four = 0; four < 2; four++) {
            vitrine_halves_relaxed_by(four != 0, got, other, &w, x, 0.013f, ROWS, cols);
            if (memcmp(want, got, sizeof got) == 0 && memcmp(most, other, sizeof other) == 0) continue;
            snprintf(place->text, sizeof place->text, "split rows, %zu columns, way %d", cols, four);
            return false;
        }
    }
    return true;
}
#endif

/* An engine takes one of the two ways of the relaxed scans: here it goes both. */
static bool check_ways(const vitrine_kernels *tested, check_place *place)
{
#ifdef VITRINE_RELAXED
    vitrine_kernels fours = *tested, pairs = *tested;
    fours.logits_q8 = by_fours;
    pairs.logits_q8 = by_pairs;
    return check_sums(&fours, place) && check_logits(&fours, place) && check_most(&fours, place) &&
           check_sums(&pairs, place) && check_logits(&pairs, place) && check_most(&pairs, place) && halves_agree(place);
#else
    return tested != NULL && place != NULL;
#endif
}

static const named_check CHECKS[] = {
    {"gemv", check_gemv},
    {"sums", check_sums},
    {"logits", check_logits},
    {"most", check_most},
    {"either way of the relaxed scan", check_ways},
    {"exact rows", check_exact},
    {"split rows", check_halves},
    {"activations", check_activations},
    {"activations, all over the floats", check_activation_sweep},
    {"vectors", check_vectors},
    {"max", check_max},
    {"floats16", check_floats16},
    {"loops of one way", check_loops},
    {"what halves leave", check_left},
    {"totals", check_totals},
    {"query", check_query},
};

/* Names, or null past the last. */
const char *kernel_variant(uint32_t variant);
const char *kernel_check(uint32_t check);
/* Null when all is well, else where it is not. */
const char *kernel_check_run(uint32_t variant, uint32_t check);

const char *kernel_variant(uint32_t variant)
{
    const vitrine_kernels *kernels = vitrine_kernels_list(variant);
    return kernels != NULL ? kernels->name : NULL;
}

const char *kernel_check(uint32_t check)
{
    return check < sizeof CHECKS / sizeof *CHECKS ? CHECKS[check].name : NULL;
}

const char *kernel_check_run(uint32_t variant, uint32_t check)
{
    static check_place place;
    return CHECKS[check].run(vitrine_kernels_list(variant), &place) ? NULL : place.text;
}
