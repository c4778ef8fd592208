/* The report's map: items that people choose alike lie near each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "catalog/catalog.h"
#include "cli/report_chart.h"
#include "cli/report_page.h"
#include "eval/pca.h"
#include "vitrine/engine.h"

enum { MOST_ITEMS = 2500, COLOURS = 8, SIDE = 340 };

typedef struct label {
    const char *text;
    size_t length;
} label;

/* The first level of an item's category: of the catalog file, else of the model's attributes. */
static label category_of(const vitrine_catalog *catalog, uint32_t item)
{
    label own = { NULL, 0 };
    own.text = vitrine_catalog_text(catalog, item, VITRINE_TEXT_CATEGORY, &own.length);
    if (own.length == 0 && catalog->model->attr_names.count > 0) {
        uint32_t count;
        const uint16_t *at = vitrine_catalog_attributes(catalog, item, &count);
        for (uint32_t i = 0; i < count && own.length == 0; i++) {
            size_t length;
            const char *name = vitrine_strings_get(&catalog->model->attr_names, at[i], &length);
            if (length > 9 && memcmp(name, "category:", 9) == 0) own = (label){ name + 9, length - 9 };
        }
    }
    const char *slash = own.length > 0 ? memchr(own.text, '/', own.length) : NULL;
    if (slash != NULL) own.length = (size_t)(slash - own.text);
    return own;
}

typedef struct ranked {
    float popularity;
    uint32_t item;
} ranked;

static int popular_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->popularity != y->popularity) return x->popularity > y->popularity ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* The items shown, what each belongs to, and the categories that have a colour. */
typedef struct map {
    uint32_t count;
    ranked *items;     /* [model's items] the first `count` are shown */
    label *category;   /* [count] */
    uint8_t *colour;   /* [count] COLOURS: the rest */
    float *rows;       /* [count][dim] */
    double *place;     /* [count][2] */
    label *kind;       /* [count] distinct categories, */
    uint32_t *members; /* [count] and how many items each has */
    uint32_t kinds;
    double share[2];
} map;

static void map_free(map *m)
{
    void *const owned[] = { m->items, m->category, m->colour, m->rows, m->place, m->kind, m->members };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
}

static void count_kind(map *m, label own)
{
    uint32_t k = 0;
    while (k < m->kinds && (m->kind[k].length != own.length || memcmp(m->kind[k].text, own.text, own.length) != 0))
        k++;
    if (k == m->kinds) {
        m->kind[m->kinds] = own;
        m->members[m->kinds++] = 0;
    }
    m->members[k]++;
    /* The largest first, so that a short walk finds most of them. */
    for (; k > 0 && m->members[k - 1] < m->members[k]; k--) {
        const label kept = m->kind[k];
        const uint32_t size = m->members[k];
        m->kind[k] = m->kind[k - 1];
        m->members[k] = m->members[k - 1];
        m->kind[k - 1] = kept;
        m->members[k - 1] = size;
    }
}

static bool map_make(const vitrine_catalog *catalog, map *m)
{
    const vitrine_model *model = catalog->model;
    const uint32_t all = model->config.items, dim = model->config.dim;
    const uint32_t most = all < MOST_ITEMS ? all : MOST_ITEMS;
    m->items = malloc(all * sizeof *m->items);
    m->category = malloc(most * sizeof *m->category);
    m->colour = malloc(most);
    m->rows = malloc((size_t)most * dim * sizeof *m->rows);
    m->place = malloc((size_t)most * 2 * sizeof *m->place);
    m->kind = malloc(most * sizeof *m->kind);
    m->members = malloc(most * sizeof *m->members);
    if (!m->items || !m->category || !m->colour || !m->rows || !m->place || !m->kind || !m->members) return false;
    for (uint32_t i = 0; i < all; i++) m->items[i] = (ranked){ vitrine_model_popularity(model, i), i };
    qsort(m->items, all, sizeof *m->items, popular_first);
    m->count = most;
    for (uint32_t n = 0; n < most; n++) {
        float *row = m->rows + (size_t)n * dim;
        double square = 0.0;
        vitrine_catalog_vector(catalog, m->items[n].item, row);
        for (uint32_t d = 0; d < dim; d++) square += (double)row[d] * (double)row[d];
        /* Directions tell items apart; lengths tell how often they are chosen. */
        const float inverse = square > 0.0 ? (float)(1.0 / sqrt(square)) : 0.0f;
        for (uint32_t d = 0; d < dim; d++) row[d] *= inverse;
        m->category[n] = category_of(catalog, m->items[n].item);
        if (m->category[n].length > 0) count_kind(m, m->category[n]);
    }
    for (uint32_t n = 0; n < most; n++) {
        uint8_t k = 0;
        while (k < COLOURS && (k >= m->kinds || m->kind[k].length != m->category[n].length ||
                               memcmp(m->kind[k].text, m->category[n].text, m->category[n].length) != 0))
            k++;
        m->colour[n] = m->category[n].length > 0 ? k : COLOURS;
    }
    return vitrine_pca(m->rows, most, dim, m->place, m->share) == VITRINE_OK;
}

static void draw(cli_output *out, const vitrine_catalog *catalog, const map *m)
{
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    for (uint32_t n = 0; n < m->count * 2; n++) {
        if (m->place[n] < low[n % 2]) low[n % 2] = m->place[n];
        if (m->place[n] > high[n % 2]) high[n % 2] = m->place[n];
    }
    const double span = fmax(high[0] - low[0], 1e-9), scale = (SIDE - 12) / span;
    const double height = fmin(fmax((high[1] - low[1]) * scale, 60.0) + 12, 1.1 * SIDE);
    const double up = (height - 12) / fmax(high[1] - low[1], 1e-9);
    cli_output_printf(out, "<figure class=\"broad map\"><svg viewBox=\"0 0 %d %.0f\" role=\"img\">\n", SIDE, height);
    /* Popular items last, on top. */
    for (uint32_t n = m->count; n-- > 0;) {
        size_t length;
        const char *text = vitrine_catalog_text(catalog, m->items[n].item, VITRINE_TEXT_TITLE, &length);
        if (length == 0) text = vitrine_catalog_id(catalog, m->items[n].item, &length);
        const double radius = 1.5 + 2.2 * sqrt((double)m->items[n].popularity / (double)m->items[0].popularity);
        cli_output_printf(out, "<circle class=\"dot k%u\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>", m->colour[n],
                          6 + (m->place[2 * n] - low[0]) * scale, height - 6 - (m->place[2 * n + 1] - low[1]) * up,
                          radius);
        report_text(out, text, length);
        cli_output_printf(out, "</title></circle>\n");
    }
    cli_output_printf(out, "</svg><ul class=\"key\">");
    for (uint32_t k = 0; k < m->kinds && k < COLOURS; k++) {
        cli_output_printf(out, "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\" r=\"5\" "
                               "class=\"k%u\"/></svg>", k);
        report_text(out, m->kind[k].text, m->kind[k].length);
        cli_output_printf(out, " (%u)</li>", m->members[k]);
    }
    if (m->kinds != 0 && m->kinds > COLOURS)
        cli_output_printf(out, "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\" r=\"5\" "
                               "class=\"k8\"/></svg>%u other categories</li>", m->kinds - COLOURS);
    cli_output_printf(out, "</ul></figure>\n");
}

bool report_map(cli_output *out, const cli_model *model, const void *bytes, size_t size)
{
    vitrine_engine *engine;
    vitrine_fault fault;
    map m = { .count = 0 };
    char note[256], shown[32];
    if (vitrine_engine_create(model->bytes, model->size, bytes, size, 1, &engine, &fault) != VITRINE_OK) return false;
    const bool ok = map_make(engine->catalog, &m);
    if (ok) {
        snprintf(note, sizeof note, "%s items by the direction of their vectors, on the two axes along which these "
                                    "spread most (%.0f %% and %.0f %% of the variance); larger dots are "
                                    "chosen more often. Items that visitors choose alike lie near each "
                                    "other.",
                 report_thousands(m.count, shown), 100.0 * m.share[0], 100.0 * m.share[1]);
        report_open(out, "Map of the items", note);
        draw(out, engine->catalog, &m);
        report_close(out);
    }
    map_free(&m);
    vitrine_engine_destroy(engine);
    return ok;
}
