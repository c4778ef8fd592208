/* vitrine inspect: what a .vitrine file holds, and how two of them differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "catalog/catalog.h"
#include "cli/card.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/container.h"
#include "model/model.h"
#include "model/signature.h"

static const cli_option OPTIONS[] = {
    {"items", 0, NULL, "The ids of the items, one a line, in the file's order."},
    {"card", 0, NULL, "The model card alone: data, options, figures."},
    {"diff", 0, NULL, "Compare two files: sections, items, shapes."},
    {"json", 0, NULL, "The same for machines."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = "inspect",
    .arguments = "FILE.vitrine [OTHER.vitrine]",
    .about = "Checks a .vitrine file, every hash of it, and shows its header, sections, shapes and card.",
    .groups = GROUPS,
    .min_arguments = 1,
    .max_arguments = 2};

typedef struct inspected {
    const char *path;
    void *bytes;
    size_t size;
    vitrine_container container;
    vitrine_signature signature[VITRINE_MAX_SIGNATURES]; /* who has signed, by their word: see verify */
    uint32_t signatures;
    void *memory;               /* of the model */
    const vitrine_model *model; /* kind model only */
    vitrine_strings ids;        /* of a model or catalog; a count of 0 otherwise */
} inspected;

static const char *kind_name(uint32_t kind)
{
    static const char *const names[] = {"unknown", "model", "catalog", "delta", "profile"};
    return names[kind < sizeof names / sizeof names[0] ? kind : 0];
}

static void hex(const uint8_t *bytes, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) snprintf(text + i * 2, 3, "%02x", bytes[i]);
}

static void section_name(uint32_t id, char name[5])
{
    for (int i = 0; i < 4; i++) {
        const char c = (char)(id >> (8 * i) & 0xff);
        name[i] = c >= ' ' && c < 0x7f ? c : '?';
    }
    name[4] = 0;
}

static void section_hash(const vitrine_section *section, char text[65])
{
    uint8_t digest[32];
    vitrine_sha256_of(section->bytes, section->size, digest);
    hex(digest, 32, text);
}

/* The ids of a catalog or delta, when the two sections fit together. */
static bool catalog_ids(inspected *file)
{
    vitrine_section offsets, bytes;
    if (!vitrine_container_find(&file->container, VITRINE_C_ID_OFFSET, &offsets) ||
        !vitrine_container_find(&file->container, VITRINE_C_ID_BYTES, &bytes) ||
        offsets.size < 4 || offsets.size % 4 != 0)
        return false;
    const uint32_t *offset = (const uint32_t *)(const void *)offsets.bytes;
    const uint32_t count = (uint32_t)(offsets.size / 4 - 1);
    bool ok = offset[0] == 0 && offset[count] == bytes.size;
    for (uint32_t i = 0; ok && i < count; i++) ok = offset[i] <= offset[i + 1];
    if (!ok) return false;
    const vitrine_strings ids = {.offset = offset, .bytes = (const char *)bytes.bytes, .count = count};
    file->ids = ids;
    return true;
}

static void close_file(inspected *file)
{
    free(file->memory);
    free(file->bytes);
}

/* Everything is checked before anything is shown. CLI_OK, or the exit code after a message. */
static int open_file(const char *path, inspected *file)
{
    const inspected empty = {.path = path};
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    *file = empty;
    if (!cli_input_file(path, VITRINE_MAX_FILE, &file->bytes, &file->size, &problem))
        return cli_problem("inspect", &problem);
    size_t end = file->size;
    vitrine_status status =
        vitrine_signatures_read(file->bytes, file->size, &end, file->signature, &file->signatures, &fault);
    if (status == VITRINE_OK) file->size = end;
    if (status == VITRINE_OK)
        status = vitrine_container_open(&file->container, file->bytes, file->size, 0, &fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file->container, NULL, &fault);
    if (status == VITRINE_OK && file->container.kind == VITRINE_KIND_MODEL) {
        size_t need;
        status = vitrine_model_size(file->bytes, file->size, &need, &fault);
        if (status == VITRINE_OK && posix_memalign(&file->memory, 64, need + 64) != 0) {
            file->memory = NULL;
            vitrine_problem_memory(&problem);
            return cli_problem("inspect", &problem);
        }
        if (status == VITRINE_OK)
            status = vitrine_model_open(file->memory, need, file->bytes, file->size, &file->model, &fault);
        if (status == VITRINE_OK) file->ids = file->model->ids;
    }
    if (status != VITRINE_OK) return cli_refusal("inspect", path, file->bytes, file->size, status, &fault);
    const uint32_t kind = file->container.kind;
    if ((kind == VITRINE_KIND_CATALOG || kind == VITRINE_KIND_DELTA) && !catalog_ids(file))
        return cli_fail("inspect", CLI_INPUT, "%s: the ids of the %s are damaged: import it again", path, kind_name(kind));
    return CLI_OK;
}

/* --- shapes ---------------------------------------------------------------------------------- */

typedef struct shape {
    const char *name, *text; /* text null: a number */
    double number;
} shape;

enum { SHAPES = 20 };

static uint64_t table_entries(const vitrine_model *model)
{
    uint64_t count = 0;
    for (uint32_t i = 0; model->table_row != NULL && i < model->config.items; i++) {
        vitrine_table_walk walk = vitrine_table_row(model, i);
        vitrine_neighbour next;
        while (vitrine_table_next(&walk, &next)) count++;
    }
    return count;
}

/* What a model's numbers are; one list for text, JSON and differences. Returns how many. */
static int shapes_of(const vitrine_model *model, shape out[SHAPES])
{
    static const char *const precisions[] = {"f32", "int8", "exact"};
    static const char *const attributes[] = {"none", "indexed", "hashed"};
    static const char *const cells[] = {"none", "lstm", "lstm-relu", "gru", "bag"};
    const vitrine_config *c = &model->config;
    const shape list[SHAPES] = {
        {"items", NULL, c->items},
        {"dim", NULL, c->dim},
        {"precision", precisions[c->precision], 0},
        {"rows", vitrine_model_is_split(model) ? "split" : "panels", 0},
        {"cell", c->net.cell < 5 ? cells[c->net.cell] : "other", 0},
        {"input", NULL, c->net.input},
        {"hidden", NULL, c->net.hidden},
        {"gates", (c->net.flags & VITRINE_NET_BYTES) != 0 ? "bytes" : "f32", 0},
        {"time_gaps", NULL, (c->net.flags & VITRINE_NET_GAP) != 0},
        {"embed_rows", NULL, c->embed_rows},
        {"session_gap", NULL, c->session_gap},
        {"tail", NULL, c->tail},
        {"fused", NULL, c->fused != 0},
        {"repeat_penalty", NULL, c->fused > 1 ? (c->fused - 1) / 8.0 : 0.0},
        {"table_entries", NULL, (double)table_entries(model)},
        {"attribute_mode", attributes[c->attr_mode < 3 ? c->attr_mode : 0], 0},
        {"attributes", NULL, c->attributes},
        {"price_bands", NULL, c->price_bands},
        {"feature_hidden", NULL, c->feature_hidden},
        {"vector_dim", NULL, c->vector_dim}};
    memcpy(out, list, sizeof list);
    return SHAPES;
}

/* --- one file -------------------------------------------------------------------------------- */

static const char *algorithm_name(uint32_t algorithm)
{
    return algorithm == VITRINE_SIGNED_ED25519 ? "ed25519" : "p256";
}

static void print_text(const inspected *file)
{
    char text[65], name[5];
    printf("%s\n", file->path);
    printf("  kind             %s\n", kind_name(file->container.kind));
    printf("  format, ABI      %u, %u\n", VITRINE_FORMAT_VERSION, VITRINE_FORMAT_ABI);
    printf("  content version  %llu\n", (unsigned long long)file->container.version);
    printf("  size             %zu bytes\n", file->size);
    hex(file->container.hash, 32, text);
    printf("  hash             %s\n", text);
    hex(file->container.parent, 32, text);
    if (strspn(text, "0") < 64) printf("  belongs to       %s\n", text);
    for (uint32_t i = 0; i < file->signatures; i++) {
        hex(file->signature[i].key, 32, text);
        printf("  signature        %s, key %s\n", algorithm_name(file->signature[i].algorithm), text);
    }
    printf("\n  section      offset        size  sha256\n");
    for (uint32_t i = 0; i < file->container.sections; i++) {
        const vitrine_section section = vitrine_container_section(&file->container, i);
        section_name(section.id, name);
        section_hash(&section, text);
        printf("  %-8s %10llu  %10zu  %s\n", name, (unsigned long long)section.offset, section.size, text);
    }
    if (file->model == NULL && file->ids.count > 0) printf("\n  items            %u\n", file->ids.count);
    if (file->model == NULL) return;
    shape list[SHAPES];
    const int count = shapes_of(file->model, list);
    putchar('\n');
    for (int i = 0; i < count; i++) {
        if (list[i].text != NULL) printf("  %-16s %s\n", list[i].name, list[i].text);
        else printf("  %-16s %.0f\n", list[i].name, list[i].number);
    }
    if (file->model->card_size > 0)
        printf("\n%.*s\n", (int)file->model->card_size, file->model->card);
}

static void add_ids(cJSON *parent, const char *name, const vitrine_strings *ids)
{
    cJSON *list = cli_json_array(parent, name);
    for (uint32_t i = 0; list != NULL && i < ids->count; i++) {
        size_t length;
        const char *id = vitrine_strings_get(ids, i, &length);
        if (!cli_json_text(list, NULL, id, length)) return;
    }
}

static cJSON *as_json(const inspected *file, bool items)
{
    char text[65], name[5];
    cJSON *top = cJSON_CreateObject();
    if (top == NULL) return NULL;
    cli_json_text(top, "file", file->path, strlen(file->path));
    cli_json_text(top, "kind", kind_name(file->container.kind), strlen(kind_name(file->container.kind)));
    cli_json_number(top, "format", VITRINE_FORMAT_VERSION);
    cli_json_number(top, "abi", VITRINE_FORMAT_ABI);
    cli_json_number(top, "version", (double)file->container.version);
    cli_json_number(top, "size", (double)file->size);
    hex(file->container.hash, 32, text);
    cli_json_text(top, "hash", text, 64);
    hex(file->container.parent, 32, text);
    if (strspn(text, "0") < 64) cli_json_text(top, "parent", text, 64);
    cJSON *signatures = cli_json_array(top, "signatures");
    for (uint32_t i = 0; i < file->signatures; i++) {
        const char *algorithm = algorithm_name(file->signature[i].algorithm);
        cJSON *entry = cli_json_object(signatures, NULL);
        hex(file->signature[i].key, 32, text);
        cli_json_text(entry, "algorithm", algorithm, strlen(algorithm));
        cli_json_text(entry, "key", text, 64);
    }
    cJSON *sections = cli_json_array(top, "sections");
    for (uint32_t i = 0; i < file->container.sections; i++) {
        const vitrine_section section = vitrine_container_section(&file->container, i);
        cJSON *entry = cli_json_object(sections, NULL);
        section_name(section.id, name);
        section_hash(&section, text);
        cli_json_text(entry, "id", name, 4);
        cli_json_number(entry, "offset", (double)section.offset);
        cli_json_number(entry, "size", (double)section.size);
        cli_json_text(entry, "sha256", text, 64);
    }
    if (file->model != NULL) {
        shape list[SHAPES];
        const int count = shapes_of(file->model, list);
        cJSON *shapes = cli_json_object(top, "model");
        for (int i = 0; i < count; i++) {
            if (list[i].text != NULL) cli_json_text(shapes, list[i].name, list[i].text, strlen(list[i].text));
            else cli_json_number(shapes, list[i].name, list[i].number);
        }
        vitrine_problem wrong = {0}; /* a card that is no JSON is shown as text */
        cJSON *card = file->model->card_size == 0
                          ? NULL
                          : vitrine_json_parse(file->model->card, file->model->card_size,
                                               VITRINE_JSON_VALUE, "card", &wrong);
        if (card != NULL || wrong.kind == VITRINE_PROBLEM_IO) cli_json_add(top, "card", card);
        else cli_json_text(top, "card", file->model->card, file->model->card_size);
    } else if (file->ids.count > 0) {
        cli_json_number(top, "items", file->ids.count);
    }
    if (items) add_ids(top, "item_ids", &file->ids);
    return top;
}

static int show(const inspected *file, bool items, bool json)
{
    vitrine_problem problem = {0};
    if (items && file->ids.count == 0)
        return cli_fail("inspect", CLI_INPUT, "%s: a %s lists no items", file->path,
                        kind_name(file->container.kind));
    if (json)
        return cli_json_print(as_json(file, items), stdout, &problem) ? CLI_OK
                                                                      : cli_problem("inspect", &problem);
    if (!items) print_text(file);
    for (uint32_t i = 0; items && i < file->ids.count; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&file->ids, i, &length);
        printf("%.*s\n", (int)length, id);
    }
    return CLI_OK;
}

/* --- two files ------------------------------------------------------------------------------- */

/* Ids of `a` that `b` does not have; both are sorted alike. */
static uint32_t missing(const vitrine_strings *a, const vitrine_strings *b, char sample[64])
{
    uint32_t count = 0;
    sample[0] = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        size_t length;
        const char *id = vitrine_strings_get(a, i, &length);
        if (b->count > 0 && vitrine_strings_find(b, id, length) != VITRINE_NO_STRING) continue;
        if (count++ == 0) snprintf(sample, 64, "%.*s", length > 60 ? 60 : (int)length, id);
    }
    return count;
}

/* One difference, as a line or as an entry of `list`. */
static void differ(cJSON *list, const char *what, const char *name, const char *a, const char *b)
{
    if (list == NULL) {
        printf("%-8s %-16s %s -> %s\n", what, name, a, b);
        return;
    }
    cJSON *entry = cli_json_object(list, NULL);
    if (entry == NULL) return;
    cli_json_text(entry, "what", what, strlen(what));
    cli_json_text(entry, "name", name, strlen(name));
    cli_json_text(entry, "a", a, strlen(a));
    cli_json_text(entry, "b", b, strlen(b));
}

static void shape_text(const shape *s, char text[64])
{
    if (s->text != NULL) snprintf(text, 64, "%s", s->text);
    else snprintf(text, 64, "%.0f", s->number);
}

static int differ_shapes(const inspected *a, const inspected *b, cJSON *list)
{
    if (a->model == NULL || b->model == NULL) return 0;
    shape x[SHAPES], y[SHAPES];
    int found = 0;
    shapes_of(a->model, x);
    shapes_of(b->model, y);
    for (int i = 0; i < SHAPES; i++) {
        char left[64], right[64];
        shape_text(&x[i], left);
        shape_text(&y[i], right);
        if (strcmp(left, right) == 0) continue;
        differ(list, "shape", x[i].name, left, right);
        found++;
    }
    return found;
}

static int differ_sections(const inspected *a, const inspected *b, bool backwards, cJSON *list)
{
    int found = 0;
    for (uint32_t i = 0; i < a->container.sections; i++) {
        const vitrine_section here = vitrine_container_section(&a->container, i);
        vitrine_section there;
        char name[5], left[64], right[64] = "absent";
        const bool both = vitrine_container_find(&b->container, here.id, &there);
        if (both && (backwards || (here.size == there.size &&
                                   (here.size == 0 || memcmp(here.bytes, there.bytes, here.size) == 0))))
            continue;
        section_name(here.id, name);
        snprintf(left, sizeof left, "%zu bytes", here.size);
        if (both) snprintf(right, sizeof right, here.size == there.size ? "%zu other bytes" : "%zu bytes", there.size);
        differ(list, "section", name, backwards ? right : left, backwards ? left : right);
        found++;
    }
    return found;
}

static int differ_items(const inspected *a, const inspected *b, cJSON *list)
{
    char gone[64], come[64], left[96], right[96];
    const uint32_t lost = missing(&a->ids, &b->ids, gone), added = missing(&b->ids, &a->ids, come);
    if (lost > 0) {
        snprintf(left, sizeof left, "%u, first '%s'", lost, gone);
        differ(list, "items", "only in A", left, "absent");
    }
    if (added > 0) {
        snprintf(right, sizeof right, "%u, first '%s'", added, come);
        differ(list, "items", "only in B", "absent", right);
    }
    return (lost > 0) + (added > 0);
}

static int diff(const inspected *a, const inspected *b, bool json)
{
    cJSON *top = json ? cJSON_CreateObject() : NULL;
    cJSON *list = top != NULL ? cli_json_array(top, "differences") : NULL;
    vitrine_problem problem = {0};
    char left[32], right[32];
    int found = 0;
    if (json && list == NULL) {
        cJSON_Delete(top);
        vitrine_problem_memory(&problem);
        return cli_problem("inspect", &problem);
    }
    if (a->container.kind != b->container.kind) {
        differ(list, "header", "kind", kind_name(a->container.kind), kind_name(b->container.kind));
        found++;
    }
    if (a->container.version != b->container.version) {
        snprintf(left, sizeof left, "%llu", (unsigned long long)a->container.version);
        snprintf(right, sizeof right, "%llu", (unsigned long long)b->container.version);
        differ(list, "header", "content version", left, right);
        found++;
    }
    found += differ_shapes(a, b, list);
    found += differ_sections(a, b, false, list);
    found += differ_sections(b, a, true, list);
    found += differ_items(a, b, list);
    if (json) {
        cli_json_bool(top, "same", found == 0);
        return cli_json_print(top, stdout, &problem) ? CLI_OK : cli_problem("inspect", &problem);
    }
    if (found == 0) printf("the same\n");
    return CLI_OK;
}

int cmd_inspect(int argc, char **argv)
{
    cli_options options;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    const bool two = cli_has(&options, "diff"), json = cli_has(&options, "json");
    if (two != (options.argument_count == 2))
        return cli_usage(&options, two ? "--diff needs two files" : "two files need --diff");
    inspected file, other = {0};
    code = open_file(options.arguments[0], &file);
    if (code == CLI_OK && two) code = open_file(options.arguments[1], &other);
    if (code == CLI_OK && cli_has(&options, "card"))
        code = cli_print_card("inspect", file.path, file.model != NULL ? file.model->card : "",
                              file.model != NULL ? file.model->card_size : 0);
    else if (code == CLI_OK)
        code = two ? diff(&file, &other, json) : show(&file, cli_has(&options, "items"), json);
    close_file(&file);
    close_file(&other);
    return code;
}
