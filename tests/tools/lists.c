/* Seeded shops, seeded histories, and the lists that this machine makes of them: what the browser
 * module has to answer to the bit.
 *
 *   lists DIR     writes DIR/NAME.model.vitrine, NAME.catalog.vitrine, NAME.events.tsv
 *                 (history, item id, kind, time, value bits) and NAME.KERNELS.tsv
 *                 (history, purchase intent as bits or -, the first 100 of the shelf 'for you' as
 *                 id=score bits), for each shop and kernel table
 *                 and split.model.vitrine, which is exact.model.vitrine with split rows */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/row_layout.h"
#include "support/open_shop.h"
#include "vitrine/placements.h"

#define LONGEST 40u
#define BEST 100u

static FILE *file_for(const char *dir, const char *name, const char *ending)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", dir, name, ending);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void finish(FILE *file)
{
    if (ferror(file) != 0 || fclose(file) != 0) {
        perror("lists: writing");
        exit(1);
    }
}

static void write_bytes(const char *dir, const char *name, const char *ending, const void *bytes,
                        size_t size)
{
    FILE *file = file_for(dir, name, ending);
    (void)fwrite(bytes, 1, size, file);
    finish(file);
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* History `h` of every shop: 0..LONGEST events from a generator of its own. */
static uint32_t history(const open_shop *shop, uint32_t h, vitrine_event *events)
{
    uint64_t random = 1000 + h;
    int64_t clock = 1600000000;
    const uint32_t count = (uint32_t)(small_shop_random(&random) % (LONGEST + 1));
    for (uint32_t e = 0; e < count; e++) events[e] = open_shop_event(shop, &random, &clock);
    return count;
}

static void write_events(const open_shop *shop, const char *dir, const char *name,
                         uint32_t histories)
{
    FILE *file = file_for(dir, name, "events.tsv");
    vitrine_event events[LONGEST];
    for (uint32_t h = 0; h < histories; h++) {
        const uint32_t count = history(shop, h, events);
        for (uint32_t e = 0; e < count; e++) {
            size_t length;
            const char *id = vitrine_catalog_id(shop->catalog, events[e].item, &length);
            fprintf(file, "%" PRIu32 "\t%.*s\t%" PRIu32 "\t%" PRId64 "\t%08" PRIx32 "\n", h,
                    (int)length, id, events[e].kind, events[e].time, bits_of(events[e].value));
        }
    }
    finish(file);
}

static void write_lists(open_shop *shop, const char *dir, const char *name, uint32_t histories,
                        const vitrine_kernels *kernels)
{
    char ending[32];
    snprintf(ending, sizeof ending, "%s.tsv", kernels->name);
    FILE *file = file_for(dir, name, ending);
    /* Ours, in memory of ours: the one place that looks behind the read-only face. */
    ((struct vitrine_model *)(uintptr_t)shop->model)->kernels = kernels;
    vitrine_profile *profile = open_shop_profile(shop, LONGEST);
    vitrine_profile *seeds = open_shop_profile(shop, LONGEST);
    for (uint32_t h = 0; h < histories; h++) {
        vitrine_event events[LONGEST];
        vitrine_placed best[BEST];
        vitrine_shelf found;
        const uint32_t count = history(shop, h, events);
        (void)vitrine_profile_forget_all(profile);
        for (uint32_t e = 0; e < count; e++)
            if (vitrine_profile_observe(profile, &events[e]) != VITRINE_OK) exit(1);
        const vitrine_shelf_request asked = {.placement = VITRINE_PLACE_FOR_YOU, .limit = BEST};
        if (vitrine_recommend(shop->ranker, NULL, profile, seeds, &asked, best, &found) != VITRINE_OK)
            exit(1);
        float intent;
        fprintf(file, "%" PRIu32 "\t", h);
        if (vitrine_profile_intent(profile, &intent)) fprintf(file, "%08" PRIx32 "\t", bits_of(intent));
        else fprintf(file, "-\t");
        for (uint32_t i = 0; i < found.count; i++) {
            size_t length;
            const char *id = vitrine_catalog_id(shop->catalog, best[i].item, &length);
            fprintf(file, "%s%.*s=%08" PRIx32, i > 0 ? "," : "", (int)length, id,
                    bits_of(best[i].score));
        }
        fputc('\n', file);
    }
    finish(file);
}

/* The same model with split rows, for vitrine/large: its lists are those of NAME. */
static void write_split(const open_shop *shop, const char *dir)
{
    vitrine_fault fault;
    size_t written;
    const size_t bound = vitrine_row_layout_bound(shop->shop.model_size);
    void *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
    if (bytes == NULL || vitrine_model_lay_out(shop->model, shop->shop.model, shop->shop.model_size, true, bytes, bound,
                                               &written, &fault) != VITRINE_OK)
        exit(1);
    write_bytes(dir, "split", "model.vitrine", bytes, written);
    free(bytes);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "lists DIR\n");
        return 2;
    }
    static const struct {
        const char *name;
        uint32_t histories;
        small_shop_options options;
    } SHOPS[] = {
        {"gru", 1000, {300, 20, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 1800, 7, 0.0f, false, false}},
        {"lstm", 200, {2000, 64, VITRINE_CELL_LSTM, VITRINE_INT8, VITRINE_ATTR_HASHED, 0, 11, 0.0f, true, false}},
        {"exact", 200, {1500, 48, VITRINE_CELL_LSTM, VITRINE_EXACT, VITRINE_ATTR_NONE, 0, 17, 0.0f, false, false}},
        {"relu", 100, {500, 33, VITRINE_CELL_LSTM_RELU, VITRINE_F32, VITRINE_ATTR_NONE, 0, 13, 0.0f, false, false}},
        {"gru-bytes", 200, {300, 21, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 1800, 23, 0.0f, false, true}},
        {"lstm-bytes", 200, {900, 64, VITRINE_CELL_LSTM, VITRINE_INT8, VITRINE_ATTR_HASHED, 0, 29, 0.0f, true, true}},
        {"bag", 100, {400, 24, VITRINE_CELL_BAG, VITRINE_INT8, VITRINE_ATTR_INDEXED, 1800, 17, 0.5f, false, false}},
    };
    for (size_t s = 0; s < sizeof SHOPS / sizeof SHOPS[0]; s++) {
        open_shop shop;
        open_shop_make(&shop, &SHOPS[s].options, true);
        write_bytes(argv[1], SHOPS[s].name, "model.vitrine", shop.shop.model, shop.shop.model_size);
        write_bytes(argv[1], SHOPS[s].name, "catalog.vitrine", shop.shop.catalog,
                    shop.shop.catalog_size);
        write_events(&shop, argv[1], SHOPS[s].name, SHOPS[s].histories);
        for (size_t k = 0; vitrine_kernels_list(k) != NULL; k++)
            write_lists(&shop, argv[1], SHOPS[s].name, SHOPS[s].histories, vitrine_kernels_list(k));
        if (strcmp(SHOPS[s].name, "exact") == 0) write_split(&shop, argv[1]);
        open_shop_free(&shop);
    }
    return 0;
}
