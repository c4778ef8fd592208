/* Top-k by a heap of the k best so far, its worst at the root. Contract: topk.h.
 *
 * Indices rise during the scan, so a later score that only equals the root loses the tie: the test
 * is one comparison with a threshold, done for a stretch at a time by its largest score. Nearly every
 * stretch of a large catalog holds nothing better and costs nothing more. The maxima of panels tell
 * beforehand of a score that k items surpass, so that the heap takes in little that it puts out again. */
#include "kernels/topk.h"
#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include "kernels/kernels.h"
#include "kernels/reach.h"

enum { BLOCK = 32, STRETCH = 8 * BLOCK, SAMPLE = 512 };

typedef struct heap {
    uint32_t *items;
    float *scores;
    uint32_t count;
} heap;

/* Whether entry a ranks behind entry b. */
static inline bool worse(const heap *h, uint32_t a, uint32_t b)
{
    if (h->scores[a] != h->scores[b]) return h->scores[a] < h->scores[b];
    return h->items[a] > h->items[b];
}

static inline void swap(heap *h, uint32_t a, uint32_t b)
{
    const uint32_t item = h->items[a];
    const float score = h->scores[a];
    h->items[a] = h->items[b];
    h->scores[a] = h->scores[b];
    h->items[b] = item;
    h->scores[b] = score;
}

static void sink(heap *h, uint32_t at)
{
    for (uint32_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && worse(h, child + 1, child)) child++;
        if (!worse(h, child, at)) return;
        swap(h, at, child);
    }
}

/* What lies in any order becomes a heap. */
static void order(heap *h)
{
    for (uint32_t root = h->count / 2; root-- > 0;) sink(h, root);
}

/* The first block at or after i, a multiple of BLOCK, that may hold something above the threshold. */
static uint32_t skip(const float *scores, uint32_t n, const float *most, uint32_t panels, uint32_t i,
                     float threshold)
{
    float (*const largest)(const float *, size_t) = vitrine_kernels_best()->max;
    for (uint32_t p = i / BLOCK; p < panels;) {
        const uint32_t end = panels - p > BLOCK ? p + BLOCK : panels;
        if (largest(most + p, end - p) > threshold)
            for (; p < end; p++)
                if (most[p] > threshold) return p * BLOCK;
        p = end;
    }
    if (i < panels * BLOCK) i = panels * BLOCK;
    while (n - i >= STRETCH && !(largest(scores + i, STRETCH) > threshold)) i += STRETCH;
    while (n - i >= BLOCK && !(largest(scores + i, BLOCK) > threshold)) i += BLOCK;
    return i;
}

/* A score that at least k panels go beyond, and hardly twice as many: halves the way from a score to the
 * best. Looks at no more than SAMPLE of the maxima, so it costs the same for any catalog. */
static float bar_of(const float *most, uint32_t panels, uint32_t k, float low)
{
    const uint32_t n = panels < SAMPLE ? panels : SAMPLE;
    float bar = -FLT_MAX, high = vitrine_kernels_best()->max(most, n);
    uint32_t beyond = n & ~(BLOCK - 1u); /* of which whole blocks are counted */
    const uint32_t end = beyond;
    for (int round = 0; round < 10 && beyond / 2 >= k; round++) {
        const float middle = low + 0.5f * (high - low);
        uint32_t count = 0;
        /* Those that are just as high are counted too: whoever gathers behind such a bar finds too few, and then does
         * without. */
        for (uint32_t p = 0; p < end; p += BLOCK) count += (uint32_t)__builtin_popcount(vitrine_reach(most + p, 0.0f, middle));
        if (count < k) high = middle;
        else {
            bar = low = middle;
            beyond = count;
        }
    }
    return bar;
}

/* Puts the best k of what goes beyond the bar into the heap. */
static void gather(heap *h, const float *scores, uint32_t n, const float *most, uint32_t panels,
                   const uint8_t *allowed, uint32_t k, float bar)
{
    h->count = 0;
    for (uint32_t i = 0; i < n;) {
        i = skip(scores, n, most, panels, i, bar);
        const uint32_t end = n - i < BLOCK ? n : i + BLOCK;
        uint32_t left = end - i == BLOCK ? vitrine_reach(scores + i, 0.0f, bar) : (1u << (end - i)) - 1;
        for (; left != 0; left &= left - 1) {
            const uint32_t item = i + (uint32_t)__builtin_ctz(left);
            if (!(scores[item] > bar) || (allowed && !allowed[item])) continue;
            const uint32_t at = h->count < k ? h->count++ : 0;
            h->items[at] = item;
            h->scores[at] = scores[item];
            if (h->count < k) continue;
            if (at > 0) order(h); /* it has just become full */
            else sink(h, 0);
            bar = h->scores[0];
        }
        i = end;
    }
}

uint32_t vitrine_topk_panels(const float *scores, uint32_t n, const float *most, uint32_t panels,
                             const uint8_t *allowed, uint32_t k, uint32_t *items, float *best)
{
    heap h = {items, best, 0};
    if (k == 0) return 0;
    /* Too high a bar when what is behind it is not allowed; then without. */
    if (panels > k) gather(&h, scores, n, most, panels, allowed, k, bar_of(most, panels, k, scores[0]));
    if (h.count < k) gather(&h, scores, n, most, panels, allowed, k, -FLT_MAX);
    if (h.count < k) order(&h);

    /* The worst goes to the end until all are in order. */
    const uint32_t count = h.count;
    while (h.count > 1) {
        swap(&h, 0, h.count - 1);
        h.count--;
        sink(&h, 0);
    }
    return count;
}

uint32_t vitrine_topk(const float *scores, uint32_t n, const uint8_t *allowed, uint32_t k,
                      uint32_t *items, float *best)
{
    return vitrine_topk_panels(scores, n, NULL, 0, allowed, k, items, best);
}
