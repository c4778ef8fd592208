/* The n-th allocation fails, for every n, in the commands that do the most: each ends with exit code
 * 4, says so, leaves the old output alone and keeps no memory; or does the whole job without it.
 *
 * Linked with --wrap for the functions below, so every call of our own libraries comes through here;
 * cJSON comes through its hooks. zlib and the BLAS keep their own. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "cli/command.h"
#include "cli/output.h"
#include "support/small_shop.h"
#include "vitrine/vitrine.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
void __wrap_free(void *memory);

/* --- counting -------------------------------------------------------------------------------- */

enum { SLOTS = 1 << 16 };

static bool counting, onwards; /* onwards: every later one fails too */
static uint64_t taken, fail_at;
static void *live[SLOTS]; /* a hash table of what was given out while counting */
static size_t lives;

static void **slot_of(const void *memory)
{
    size_t at = ((uintptr_t)memory >> 4) * 2654435761u % SLOTS;
    while (live[at] != NULL && live[at] != memory) at = (at + 1) % SLOTS;
    return &live[at];
}

static bool refused(void)
{
    if (!counting) return false;
    taken++;
    return taken == fail_at || (onwards && taken > fail_at);
}

static void *given(void *memory)
{
    if (counting && memory != NULL) {
        assert_true(lives < SLOTS / 2);
        *slot_of(memory) = memory;
        lives++;
    }
    return memory;
}

static void back(void *memory)
{
    void **slot = memory != NULL ? slot_of(memory) : NULL;
    if (slot == NULL || *slot == NULL) return; /* from before, or from a library */
    *slot = NULL;
    lives--;
    /* Whatever was probed past the freed place is put in again. */
    for (size_t at = (size_t)(slot - live + 1) % SLOTS; live[at] != NULL; at = (at + 1) % SLOTS) {
        void *moved = live[at];
        live[at] = NULL;
        *slot_of(moved) = moved;
    }
}

void *__wrap_malloc(size_t size) { return refused() ? NULL : given(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : given(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (refused()) return NULL;
    back(old);
    return given(__real_realloc(old, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return refused() ? NULL : given(__real_aligned_alloc(alignment, size));
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (refused()) return 12; /* ENOMEM */
    const int result = __real_posix_memalign(memory, alignment, size);
    if (result == 0) given(*memory);
    return result;
}

void __wrap_free(void *memory)
{
    back(memory);
    __real_free(memory);
}

/* --- one run of a command -------------------------------------------------------------------- */

typedef struct bytes {
    void *data;
    size_t size;
} bytes;

static char folder[64], path[6][128];
enum { LOG, MODEL, WRITTEN, OUT, ERR, CATALOG };

static bytes content(const char *of)
{
    vitrine_problem problem = {0};
    bytes all = {NULL, 0};
    if (access(of, R_OK) == 0) assert_true(cli_input_file(of, 1 << 26, &all.data, &all.size, &problem));
    return all;
}

static void put(const char *to, const void *data, size_t size)
{
    vitrine_problem problem = {0};
    assert_true(cli_output_file(to, data, size, &problem));
}

static bool same(bytes a, bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static void turn(int file, const char *to)
{
    const int opened = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(opened >= 0 && dup2(opened, file) == file);
    close(opened);
}

typedef int (*command)(int argc, char **argv);

/* Runs with the n-th allocation refused; 0: none. Standard output and error go to files. */
static int run(command what, const char *const *words, uint64_t n, bool all_later)
{
    char *argv[32];
    int argc = 0;
    for (; words[argc] != NULL; argc++) argv[argc] = (char *)(uintptr_t)words[argc];
    argv[argc] = NULL;
    fflush(stdout);
    fflush(stderr);
    const int kept_out = dup(STDOUT_FILENO), kept_err = dup(STDERR_FILENO);
    turn(STDOUT_FILENO, path[OUT]);
    turn(STDERR_FILENO, path[ERR]);
    taken = 0;
    fail_at = n;
    onwards = all_later;
    counting = true;
    const int code = what(argc, argv);
    counting = false;
    fflush(stdout);
    fflush(stderr);
    dup2(kept_out, STDOUT_FILENO);
    dup2(kept_err, STDERR_FILENO);
    close(kept_out);
    close(kept_err);
    return code;
}

/* Every n until the command no longer gets that far. `timing`: its standard output holds seconds, so
 * only what it writes is compared. */
static void every_failure(command what, const char *const *words, bool timing)
{
    put(path[WRITTEN], "old", 3);
    assert_int_equal(run(what, words, 0, false), CLI_OK);
    const uint64_t all = taken;
    assert_int_equal(lives, 0);
    const bytes out = content(path[OUT]), written = content(path[WRITTEN]);
    assert_true(all > 0);
    uint64_t survived = 0;
    for (int later = 0; later < 2; later++)
        for (uint64_t n = 1; n <= all; n++) {
            put(path[WRITTEN], "old", 3);
            const int code = run(what, words, n, later == 1);
            const bytes said = content(path[ERR]), out_now = content(path[OUT]);
            const bytes now = content(path[WRITTEN]);
            if (lives != 0) fail_msg("%s: allocation %llu refused: %zu blocks kept", words[0],
                                     (unsigned long long)n, lives);
            if (code == CLI_OK) { /* it did without: then all must be there */
                survived++;
                if (!same(now, written) || (!timing && !same(out_now, out)))
                    fail_msg("%s: allocation %llu refused, exit code 0, and not the whole result", words[0],
                             (unsigned long long)n);
            } else {
                if (code != CLI_IO || said.size == 0 || strstr(said.data, "memory") == NULL)
                    fail_msg("%s: allocation %llu refused: exit code %d, '%.*s'", words[0],
                             (unsigned long long)n, code, (int)said.size, (const char *)said.data);
                /* The result is printed last: what was written before may stand. */
                if (!(now.size == 3 && memcmp(now.data, "old", 3) == 0) && !same(now, written))
                    fail_msg("%s: allocation %llu refused: half a file", words[0], (unsigned long long)n);
            }
            free(said.data);
            free(out_now.data);
            free(now.data);
        }
    printf("%s: %llu allocations, each refused alone and with all later ones; %llu times it did without\n",
           words[0], (unsigned long long)all, (unsigned long long)survived);
    free(out.data);
    free(written.data);
}

/* --- the tests ------------------------------------------------------------------------------- */

static void import_survives_every_failed_allocation(void **state)
{
    (void)state;
    const char *const words[] = {"import", "--events", path[LOG], "-o", path[WRITTEN], "--json", NULL};
    every_failure(cmd_import, words, false);
    const char *const items[] = {"import", "--catalog", path[CATALOG], "-o", path[WRITTEN], "--json", NULL};
    every_failure(cmd_import, items, false);
}

static void shops_catalogs_survive_every_failed_allocation(void **state)
{
    (void)state;
    static const char *const files[] = {"json/woocommerce.json", "json/schema-graph.json", "xml/rss.xml",
                                        "csv/shopify.csv"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char from[512];
        snprintf(from, sizeof from, "%s/tests/fuzz/corpus/%s", VITRINE_SOURCE_DIR, files[i]);
        const char *const words[] = {"import", "--catalog", from, "-o", path[WRITTEN], "--json", NULL};
        every_failure(cmd_import, words, false);
    }
}

static void a_delta_survives_every_failed_allocation(void **state)
{
    (void)state;
    char base[160];
    snprintf(base, sizeof base, "%s/base.vitrine", folder);
    const char *const first[] = {"import", "--catalog", path[CATALOG], "-o", base, NULL};
    assert_int_equal(run(cmd_import, first, 0, false), CLI_OK);
    const char *const words[] = {"import", "--delta", base, "--events", path[LOG], "--trend", "1h", "-o",
                                 path[WRITTEN], "--json", NULL};
    every_failure(cmd_import, words, false);
    unlink(base);
}

static void convert_survives_every_failed_allocation(void **state)
{
    (void)state;
    char tensors[160];
    snprintf(tensors, sizeof tensors, "%s/n.safetensors", folder);
    const char *const out[] = {"convert", path[MODEL], "-o", path[WRITTEN], "--quiet", NULL};
    every_failure(cmd_convert, out, false);
    const char *const first[] = {"convert", path[MODEL], "-o", tensors, "--quiet", NULL};
    assert_int_equal(run(cmd_convert, first, 0, false), CLI_OK);
    const char *const back[] = {"convert", tensors, "-o", path[WRITTEN], "--quiet", NULL};
    every_failure(cmd_convert, back, false);
    unlink(tensors);
}

static void train_survives_every_failed_allocation(void **state)
{
    (void)state;
    const char *const words[] = {"train", "--events", path[LOG], "--catalog", path[CATALOG], "--dim", "4",
                                 "--epochs", "1", "--validation", "0.2", "-o", path[WRITTEN], "--json",
                                 "--quiet", NULL};
    every_failure(cmd_train, words, true);
}

static void evaluate_survives_every_failed_allocation(void **state)
{
    (void)state;
    const char *const words[] = {"evaluate", "--model", path[MODEL], "--events", path[LOG], "--train",
                                 path[LOG], "--lists", path[WRITTEN], "--json", "--quiet", NULL};
    every_failure(cmd_evaluate, words, true);
}

static void recommend_survives_every_failed_allocation(void **state)
{
    (void)state;
    const char *const words[] = {"recommend", "--model", path[MODEL], "--history", "101,103", "--explain",
                                 "--limit", "5", "--json", NULL};
    every_failure(cmd_recommend, words, false);
}

static void inspect_survives_every_failed_allocation(void **state)
{
    (void)state;
    const char *const words[] = {"inspect", path[MODEL], "--json", NULL};
    every_failure(cmd_inspect, words, false);
}

static void open_survives_every_failed_allocation(void **state)
{
    (void)state;
    small_shop shop;
    const small_shop_options options = small_shop_usual();
    small_shop_make(&shop, &options);
    uint64_t n = 1;
    for (vitrine_status status = VITRINE_NO_SPACE; status != VITRINE_OK; n++) {
        vitrine_engine *engine = NULL;
        vitrine_fault fault = {0};
        taken = 0;
        fail_at = n;
        onwards = false;
        counting = true;
        status = vitrine_engine_create(shop.model, shop.model_size, shop.catalog, shop.catalog_size, 100,
                                       &engine, &fault);
        if (status != VITRINE_OK) assert_null(engine);
        vitrine_engine_destroy(engine);
        counting = false;
        assert_int_equal(lives, 0);
        assert_true(status == VITRINE_OK || status == VITRINE_NO_SPACE);
    }
    assert_true(n > 4);
    small_shop_free(&shop);
}

static int make_files(void **state)
{
    (void)state;
    static const char *const names[] = {"log.tsv", "model.vitrine", "written", "out", "err", "items.tsv"};
    cJSON_Hooks hooks = {__wrap_malloc, __wrap_free};
    cJSON_InitHooks(&hooks);
    strcpy(folder, "/tmp/vitrine-alloc-XXXXXX");
    if (mkdtemp(folder) == NULL) return 1;
    for (int i = 0; i < 6; i++) snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
    small_shop_options options = small_shop_usual();
    options.items = 60;
    small_shop shop;
    small_shop_make(&shop, &options);
    put(path[MODEL], shop.model, shop.model_size);
    small_shop_free(&shop);
    FILE *log = fopen(path[LOG], "w"), *items = fopen(path[CATALOG], "w");
    if (log == NULL || items == NULL) return 1;
    uint64_t random = 3;
    fprintf(log, "session\titem\ttime\ttype\tprice\n");
    for (int s = 0; s < 12; s++)
        for (int e = 0; e < 4; e++)
            fprintf(log, "s%d\t%d\t%d\t%s\t%d.5\n", s, 100 + (int)(small_shop_random(&random) % 9),
                    1600000000 + s * 5000 + e * 40, e == 3 ? "purchase" : "view_item", 3 + e);
    fprintf(items, "item\ttitle\tbrand\tcategory\tprice\n");
    for (int i = 0; i < 9; i++)
        fprintf(items, "%d\tTitle %d\tBrand %d\tShoes/Kind %d\t%d.25\n", 100 + i, i, i % 3, i % 2, 5 + i);
    return (fclose(log) | fclose(items)) != 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) unlink(path[i]);
    return rmdir(folder); /* fails when something was left beside an output */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import_survives_every_failed_allocation),
        cmocka_unit_test(shops_catalogs_survive_every_failed_allocation),
        cmocka_unit_test(a_delta_survives_every_failed_allocation),
        cmocka_unit_test(convert_survives_every_failed_allocation),
        cmocka_unit_test(train_survives_every_failed_allocation),
        cmocka_unit_test(evaluate_survives_every_failed_allocation),
        cmocka_unit_test(recommend_survives_every_failed_allocation),
        cmocka_unit_test(inspect_survives_every_failed_allocation),
        cmocka_unit_test(open_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
