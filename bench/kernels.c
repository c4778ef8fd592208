/* What the two matrix kernels take, beside a bare read of the same bytes: the best a kernel that
 * reads every weight once can do.
 *
 *   gcc -O3 -ffp-contract=off -D_POSIX_C_SOURCE=200809L -Isrc bench/kernels.c libvitrine_core.a
 *
 * Prints the median of eleven rounds; a round lasts at least 10 ms. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "kernels/kernels.h"
#include "kernels/panels.h"

enum { COLS = 128, ROUNDS = 11 };

typedef struct job {
    const vitrine_kernels *kernels; /* null: the bare read */
    const float *f32;               /* one of f32 and q8 */
    const int8_t *q8;
    float *y;
    int32_t *sums;
    const float *x;
    const uint8_t *query;
    size_t rows, bytes;
} job;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Eight words a step, so that nothing but memory holds it up. */
static uint64_t read_all(const void *bytes, size_t size)
{
    const uint64_t *words = bytes;
    uint64_t lane[8] = {0};
    for (size_t i = 0; i + 8 <= size / 8; i += 8)
        for (size_t l = 0; l < 8; l++) lane[l] ^= words[i + l];
    return lane[0] ^ lane[1] ^ lane[2] ^ lane[3] ^ lane[4] ^ lane[5] ^ lane[6] ^ lane[7];
}

static void run(const job *work)
{
    if (!work->kernels) {
        const void *bytes = work->f32 ? (const void *)work->f32 : work->q8;
        *(volatile uint64_t *)(void *)work->sums = read_all(bytes, work->bytes);
    } else if (work->f32) {
        work->kernels->gemv_f32(work->y, work->f32, work->x, NULL, work->rows, COLS);
    } else {
        work->kernels->scan_q8(work->sums, work->q8, work->query, work->rows, COLS);
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_ns(const job *work)
{
    double rounds[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        const double start = now();
        double end = start;
        long calls = 0;
        for (; end - start < 1e7; end = now(), calls++) run(work);
        rounds[r] = (end - start) / (double)calls;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_value);
    return rounds[ROUNDS / 2];
}

static double print(const char *kernel, const char *variant, const job *work, double bare)
{
    const double ns = median_ns(work);
    printf("%-9s %-8s %7zu rows %12.0f ns %7.1f GB/s", kernel, variant, work->rows, ns,
           (double)work->bytes / ns);
    if (bare > 0) printf("  %5.2f of the bare read", ns / bare);
    printf("\n");
    return ns;
}

static int measure(size_t rows)
{
    const size_t count = vitrine_panels_f32_count(rows, COLS);
    float *f32 = malloc(count * sizeof *f32), *y = malloc(vitrine_padded_rows(rows) * sizeof *y);
    int8_t *q8 = malloc(count);
    int32_t *sums = malloc(vitrine_padded_rows(rows) * sizeof *sums);
    float x[COLS];
    uint8_t query[COLS];
    const int failed = !f32 || !y || !q8 || !sums;
    if (!failed) {
        for (size_t i = 0; i < count; i++) {
            q8[i] = (int8_t)((int)(i * 31 % 255) - 127);
            f32[i] = (float)q8[i];
        }
        for (size_t i = 0; i < COLS; i++) {
            query[i] = (uint8_t)(i % 127 + 1);
            x[i] = (float)query[i];
        }
        for (int integer = 0; integer < 2; integer++) {
            job work = {.f32 = integer ? NULL : f32, .q8 = q8, .y = y, .sums = sums, .x = x,
                       .query = query, .rows = rows, .bytes = integer ? count : count * 4};
            const char *name = integer ? "scan_q8" : "gemv_f32";
            median_ns(&work); /* warms caches and, in WebAssembly, the compiler */
            const double bare = print(name, "read", &work, 0);
            for (size_t i = 0; (work.kernels = vitrine_kernels_list(i)) != NULL; i++)
                print(name, work.kernels->name, &work, bare);
        }
    }
    free(f32);
    free(y);
    free(q8);
    free(sums);
    return failed;
}

int main(void)
{
    return measure(10000) || measure(100000);
}
