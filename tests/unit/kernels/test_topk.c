/* Top-k against a full sort, with many ties, masks, and every k around the sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include "kernels/topk.h"

enum { MOST = 3000, MANY = 20000 };

static float scores[MANY];
static uint8_t allowed[MANY];

static int by_score_then_index(const void *a, const void *b)
{
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (scores[i] != scores[j]) return scores[i] > scores[j] ? -1 : 1;
    return i < j ? -1 : 1;
}

static void equals_a_full_sort(uint32_t n, uint32_t k, const uint8_t *mask)
{
    static uint32_t order[MANY], items[MANY + 1];
    static float best[MANY + 1], most[MANY / 32 + 1];
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!mask || mask[i]) order[count++] = i;
    qsort(order, count, sizeof *order, by_score_then_index);
    const uint32_t want = count < k ? count : k;
    for (uint32_t p = 0; p < n / 32; p++) {
        most[p] = scores[p * 32];
        for (uint32_t i = 1; i < 32; i++)
            if (scores[p * 32 + i] > most[p]) most[p] = scores[p * 32 + i];
        /* A bound may be loose. */
        if (p % 3 == 1) most[p] += 1.0f;
    }
    for (uint32_t panels = 0; panels <= n / 32; panels += panels < 40 ? 13 : 50) {
        items[want] = 0xA5A5A5A5;
        assert_int_equal(vitrine_topk_panels(scores, n, most, panels, mask, k, items, best), want);
        for (uint32_t i = 0; i < want; i++) {
            assert_int_equal(items[i], order[i]);
            assert_true(best[i] == scores[order[i]]);
        }
        assert_int_equal(items[want], 0xA5A5A5A5);
    }
}

static void topk_equals_a_full_sort_with_ties_and_masks(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 31, 32, 33, 64, 100, 1000, MOST};
    static const uint32_t ks[] = {0, 1, 2, 7, 20, 33, 100, MOST};
    srand(7);
    /* Few distinct scores give many ties; the last shape rises, which displaces every time. */
    for (int shape = 0; shape < 4; shape++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t k = 0; k < sizeof ks / sizeof *ks; k++) {
                const int distinct = shape == 0 ? 1 : shape == 1 ? 5 : 1000000;
                for (uint32_t i = 0; i < sizes[s]; i++) {
                    scores[i] = shape == 3 ? (float)i : (float)(rand() % distinct) - 3.0f;
                    allowed[i] = rand() % 3 == 0;
                }
                equals_a_full_sort(sizes[s], ks[k], NULL);
                equals_a_full_sort(sizes[s], ks[k], allowed);
            }
}

static void topk_of_nothing_allowed_is_empty(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100; i++) allowed[i] = 0;
    equals_a_full_sort(100, 5, allowed);
}

/* More panels than the bar looks at, the best of them behind those, in front of those, or not allowed. */
static void topk_of_many_panels_is_that_of_a_full_sort(void **state)
{
    (void)state;
    srand(11);
    for (int shape = 0; shape < 3; shape++) {
        for (uint32_t i = 0; i < MANY; i++) {
            scores[i] = (float)(rand() % 5000) + (shape == 0 ? (float)i : shape == 1 ? -(float)i : 0.0f);
            allowed[i] = scores[i] < 4900.0f || rand() % 50 == 0;
        }
        equals_a_full_sort(MANY, 20, NULL);
        equals_a_full_sort(MANY, 20, allowed);
        equals_a_full_sort(MANY, 500, allowed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topk_equals_a_full_sort_with_ties_and_masks),
        cmocka_unit_test(topk_of_many_panels_is_that_of_a_full_sort),
        cmocka_unit_test(topk_of_nothing_allowed_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
