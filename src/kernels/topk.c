/* Top-k by a heap of the k best so far, its worst at the root. Contract: topk.h.
 *
 * Indices rise during the scan, so a later score that only equals the root loses the tie: the test
 * is one comparison with a threshold, done for a stretch at a time by its largest score. Nearly every
 * stretch of a large catalog holds nothing better and costs nothing more. */
#include "kernels/topk.h"
#include <stdbool.h>
#include <stddef.h>
#include "kernels/kernels.h"

enum { BLOCK = 32, STRETCH = 8 * BLOCK };

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
    for (;;) {
        uint32_t worst = at;
        const uint64_t left = 2 * (uint64_t)at + 1;
        if (left < h->count && worse(h, (uint32_t)left, worst)) worst = (uint32_t)left;
        if (left + 1 < h->count && worse(h, (uint32_t)left + 1, worst)) worst = (uint32_t)left + 1;
        if (worst == at) return;
        swap(h, at, worst);
        at = worst;
    }
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

uint32_t vitrine_topk_panels(const float *scores, uint32_t n, const float *most, uint32_t panels,
                             const uint8_t *allowed, uint32_t k, uint32_t *items, float *best)
{
    heap h = {items, best, 0};
    uint32_t i = 0;
    for (; i < n && h.count < k; i++) {
        if (allowed && !allowed[i]) continue;
        items[h.count] = i;
        best[h.count++] = scores[i];
    }
    if (h.count == 0) return 0;
    for (uint32_t at = h.count / 2; at-- > 0;) sink(&h, at);

    while (i < n) {
        if (i % BLOCK == 0 && (i = skip(scores, n, most, panels, i, best[0])) == n) break;
        uint32_t end = i / BLOCK * BLOCK + BLOCK;
        if (end > n) end = n;
        for (; i < end; i++) {
            if (!(scores[i] > best[0]) || (allowed && !allowed[i])) continue;
            items[0] = i;
            best[0] = scores[i];
            sink(&h, 0);
        }
    }

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
