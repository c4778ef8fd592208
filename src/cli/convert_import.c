/* safetensors to a model: the shapes say what kind of network it is. PyTorch's gates stand in our order
 * already, LSTM i f g o and GRU r z n; its two biases are added, but for the GRU's candidate, where the
 * recurrent one lies inside the reset gate. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/convert.h"
#include "cli/options.h"
#include "cli/output.h"
#include "data/id_set.h"
#include "data/text_source.h"
#include "model/model_writer.h"
#include "vitrine/rank.h"

const char *const convert_names[CONVERT_ROLES] = {
    [CONVERT_CELL_W] = "weight_ih_l0",
    [CONVERT_CELL_U] = "weight_hh_l0",
    [CONVERT_CELL_BI] = "bias_ih_l0",
    [CONVERT_CELL_BH] = "bias_hh_l0",
    [CONVERT_EMBED] = "embedding.weight item_embedding.weight emb.weight embed.weight embeddings.weight",
    [CONVERT_ITEM] = "item.weight output.weight out.weight decoder.weight fc.weight linear.weight",
    [CONVERT_ITEM_BIAS] = "item.bias output.bias out.bias decoder.bias fc.bias linear.bias",
    [CONVERT_PROJECT] = "project.weight dense.weight",
    [CONVERT_PROJECT_BIAS] = "project.bias dense.bias",
    [CONVERT_SKIP] = "skip.weight",
    [CONVERT_NORM_GAIN] = "norm.weight",
    [CONVERT_NORM_BIAS] = "norm.bias",
    [CONVERT_KIND] = "kind.weight",
    [CONVERT_POPULARITY] = "popularity",
    [CONVERT_IDS] = "ids",
};

static const char *const role_words[CONVERT_ROLES] = {
    "cell_w", "cell_u", "cell_bi", "cell_bh", "embed", "item", "item_bias", "project", "project_bias",
    "skip", "norm", "norm_bias", "kind", "popularity", "ids"};

typedef struct import {
    const char *path;
    const convert_options *options;
    vitrine_tensors tensors;
    const vitrine_tensor *of[CONVERT_ROLES];
    vitrine_id_set names;  /* ids in the order of the rows */
    vitrine_strings ids;   /* sorted */
    uint32_t *place;       /* [items] where a row went */
    uint32_t skipped;      /* rows before the first item: padding */
    float *block[CONVERT_ROLES];
    float *cell_b, *cell_c;
    vitrine_model_parts parts;
    vitrine_problem problem;
} import;

static bool wrong(import *in, const char *what)
{
    return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: %s", in->path, what);
}

static bool memory(import *in) { return vitrine_problem_memory(&in->problem); }

/* --- which tensor is what -------------------------------------------------------------------- */

static bool ends_with(const char *name, const char *end, size_t length)
{
    const size_t whole = strlen(name);
    return whole >= length && memcmp(name + whole - length, end, length) == 0 &&
           (whole == length || name[whole - length - 1] == '.' || name[whole - length - 1] == '_');
}

/* The one tensor whose name is, or ends with, one of the role's; the first of its names that fits. */
static bool find_by_name(import *in, int role)
{
    for (const char *at = convert_names[role]; *at != 0;) {
        const size_t length = strcspn(at, " ");
        for (uint32_t i = 0; i < in->tensors.count; i++) {
            const vitrine_tensor *t = &in->tensors.tensor[i];
            if (!ends_with(t->name, at, length)) continue;
            if (in->of[role] != NULL)
                return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_USAGE,
                                           "%s: '%s' and '%s' could both be %s: say --map %s=NAME", in->path,
                                           in->of[role]->name, t->name, role_words[role], role_words[role]);
            in->of[role] = t;
        }
        if (in->of[role] != NULL) return true;
        at += length;
        while (*at == ' ') at++;
    }
    return true;
}

static bool find_mapped(import *in, const char *map)
{
    while (*map != 0) {
        const size_t whole = strcspn(map, ","), left = strcspn(map, "=,");
        char name[VITRINE_TENSOR_NAME] = "";
        int role = 0;
        while (role < CONVERT_ROLES && !(strlen(role_words[role]) == left && memcmp(role_words[role], map, left) == 0))
            role++;
        if (left < whole && whole - left - 1 < sizeof name) memcpy(name, map + left + 1, whole - left - 1);
        if (role == CONVERT_ROLES || name[0] == 0)
            return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_USAGE,
                                       "--map: '%.*s' should be ROLE=TENSOR with a role of cell_w, cell_u, cell_bi, "
                                       "cell_bh, embed, item, item_bias, project, project_bias, skip, norm, norm_bias, "
                                       "kind, popularity, ids", (int)(whole > 60 ? 60 : whole), map);
        in->of[role] = vitrine_tensors_find(&in->tensors, name);
        if (in->of[role] == NULL)
            return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_USAGE, "--map: %s has no tensor '%s'", in->path,
                                       name);
        map += whole + (map[whole] == ',' ? 1 : 0);
    }
    return true;
}

/* What would be read wrongly in silence. */
static bool refuse_strange(import *in)
{
    for (uint32_t i = 0; i < in->tensors.count; i++) {
        const char *name = in->tensors.tensor[i].name;
        if (strstr(name, "weight_ih_l1") != NULL) return wrong(in, "a network of several layers; one is what we have");
        if (strstr(name, "_l0_reverse") != NULL)
            return wrong(in, "a network that reads backwards as well, which a visit cannot");
        if (strstr(name, "weight_hr_l0") != NULL) return wrong(in, "an LSTM with projections, which we do not have");
    }
    return true;
}

static bool find_tensors(import *in)
{
    if (in->options->map != NULL && !find_mapped(in, in->options->map)) return false;
    for (int role = 0; role < CONVERT_ROLES; role++)
        if (in->of[role] == NULL && !find_by_name(in, role)) return false;
    if (!refuse_strange(in)) return false;
    static const int needed[] = {CONVERT_CELL_W, CONVERT_CELL_U, CONVERT_EMBED};
    for (int i = 0; i < 3; i++) {
        const int role = needed[i];
        if (in->of[role] == NULL)
            return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT,
                                       "%s: no tensor named %s: if it has another name, say --map %s=NAME", in->path,
                                       convert_names[role], role_words[role]);
    }
    return true;
}

/* --- shapes ---------------------------------------------------------------------------------- */

/* rows x cols; cols 0: a vector. */
static bool has_shape(import *in, int role, uint64_t rows, uint64_t cols)
{
    const vitrine_tensor *t = in->of[role];
    if (t == NULL || (t->dims == (cols == 0 ? 1u : 2u) && t->shape[0] == rows && (cols == 0 || t->shape[1] == cols)))
        return true;
    char found[64] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < t->dims && i < 3; i++)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s%" PRIu64, i == 0 ? "" : ", ", t->shape[i]);
    if (cols == 0)
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: tensor '%s' is [%s]; [%" PRIu64
                                   "] was expected", in->path, t->name, found, rows);
    return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: tensor '%s' is [%s]; [%" PRIu64 ", %" PRIu64
                               "] was expected", in->path, t->name, found, rows, cols);
}

static bool find_shape(import *in)
{
    vitrine_config *c = &in->parts.config;
    const vitrine_tensor *w = in->of[CONVERT_CELL_W], *u = in->of[CONVERT_CELL_U], *e = in->of[CONVERT_EMBED];
    if (w->dims != 2 || u->dims != 2 || e->dims != 2) return wrong(in, "embedding and cell must be matrices");
    const uint64_t hidden = u->shape[1], input = w->shape[1], gates = hidden > 0 ? u->shape[0] / hidden : 0;
    if (hidden == 0 || input == 0 || hidden > VITRINE_MAX_WIDTH || input > VITRINE_MAX_WIDTH ||
        gates * hidden != u->shape[0] || (gates != 3 && gates != 4))
        return wrong(in, "the recurrent matrix must be [3 H, H] for a GRU or [4 H, H] for an LSTM, H up to 1024");
    if (gates == 3 && in->options->relu)
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_USAGE, "--activation relu is for an LSTM; %s holds a GRU",
                                   in->path);
    c->net.cell = gates == 3 ? VITRINE_CELL_GRU : in->options->relu ? VITRINE_CELL_LSTM_RELU : VITRINE_CELL_LSTM;
    c->net.hidden = (uint32_t)hidden;
    c->net.input = (uint32_t)input;
    const vitrine_tensor *item = in->of[CONVERT_ITEM];
    if (item != NULL && item->dims == 2) c->dim = (uint32_t)(item->shape[1] <= VITRINE_MAX_WIDTH ? item->shape[1] : 0);
    else c->dim = c->net.input; /* tied */
    if (c->dim == 0) return wrong(in, "item vectors must be 1 to 1024 wide");
    c->net.dim = c->dim;
    c->net.flags = (item == NULL ? (uint32_t)VITRINE_NET_TIED : 0) |
                   (in->of[CONVERT_PROJECT] != NULL ? (uint32_t)VITRINE_NET_OUT : 0) |
                   (in->of[CONVERT_SKIP] != NULL ? (uint32_t)VITRINE_NET_SKIP : 0) |
                   (in->of[CONVERT_NORM_GAIN] != NULL ? (uint32_t)VITRINE_NET_NORM : 0);
    const vitrine_tensor *kind = in->of[CONVERT_KIND];
    if (kind != NULL && kind->dims == 2 && kind->shape[0] == VITRINE_EVENT_KINDS + VITRINE_GAPS)
        c->net.flags |= VITRINE_NET_GAP;
    if (in->of[CONVERT_PROJECT] == NULL && c->dim != c->net.hidden)
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT,
                                   "%s: items are %u wide and the state is %u: a projection (project.weight [%u, %u]) "
                                   "is missing; if it has another name, say --map project=NAME", in->path, c->dim,
                                   c->net.hidden, c->dim, c->net.hidden);
    const uint64_t rows = e->shape[0];
    return has_shape(in, CONVERT_CELL_W, gates * hidden, input) && has_shape(in, CONVERT_CELL_BI, gates * hidden, 0) &&
           has_shape(in, CONVERT_CELL_BH, gates * hidden, 0) && has_shape(in, CONVERT_ITEM, rows, c->dim) &&
           has_shape(in, CONVERT_ITEM_BIAS, rows, 0) && has_shape(in, CONVERT_PROJECT, c->dim, hidden) &&
           has_shape(in, CONVERT_PROJECT_BIAS, c->dim, 0) && has_shape(in, CONVERT_SKIP, c->dim, input) &&
           has_shape(in, CONVERT_NORM_GAIN, c->dim, 0) && has_shape(in, CONVERT_NORM_BIAS, c->dim, 0) &&
           has_shape(in, CONVERT_KIND, vitrine_kind_rows(&c->net), input) && has_shape(in, CONVERT_POPULARITY, rows, 0);
}

/* --- ids ------------------------------------------------------------------------------------- */

static bool add_id(import *in, const char *text, size_t length)
{
    uint32_t index;
    const uint32_t before = in->names.count;
    if (length > 0 && text[length - 1] == '\r') length--;
    if (length == 0 || length > 255)
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: id %u is empty or above 255 bytes",
                                   in->options->items != NULL ? in->options->items : in->path, before + 1);
    if (!vitrine_id_set_add(&in->names, text, length, &index)) return memory(in);
    return index == before || vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: the id '%.*s' stands twice",
                                                  in->options->items != NULL ? in->options->items : in->path,
                                                  (int)length, text);
}

static bool read_id_file(import *in)
{
    vitrine_text *source = vitrine_text_open(in->options->items, 0, &in->problem);
    bool ok = source != NULL;
    while (ok) {
        char *line;
        size_t length;
        const vitrine_step step = vitrine_text_line(source, &line, &length, &in->problem);
        if (step != VITRINE_STEP_ONE) {
            ok = step == VITRINE_STEP_END;
            break;
        }
        ok = add_id(in, line, length);
    }
    vitrine_text_close(source);
    return ok;
}

static bool read_id_tensor(import *in)
{
    const vitrine_tensor *t = in->of[CONVERT_IDS];
    if (t == NULL || t->type != VITRINE_TENSOR_U8)
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_USAGE,
                                   "%s: which row is which item? say --items FILE with an id a line, or add a U8 tensor "
                                   "'ids' of such lines", in->path);
    const char *at = (const char *)t->bytes, *const end = at + t->size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        if (!add_id(in, at, (size_t)(stop - at))) return false;
        at = stop + (stop < end ? 1 : 0);
    }
    return true;
}

/* One row more than ids: row 0 is the padding of most training programs. */
static bool read_ids(import *in)
{
    if (!(in->options->items != NULL ? read_id_file(in) : read_id_tensor(in))) return false;
    const uint64_t rows = in->of[CONVERT_EMBED]->shape[0];
    if (in->names.count == 0 || (rows != in->names.count && rows != (uint64_t)in->names.count + 1))
        return vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT, "%s: %u ids for %" PRIu64 " rows of '%s'", in->path,
                                   in->names.count, rows, in->of[CONVERT_EMBED]->name);
    in->skipped = (uint32_t)(rows - in->names.count);
    in->parts.config.items = in->names.count;
    in->place = malloc(((size_t)in->names.count + 1) * sizeof *in->place);
    return (in->place != NULL && vitrine_id_set_sorted(&in->names, NULL, &in->ids, in->place)) || memory(in);
}

/* --- numbers --------------------------------------------------------------------------------- */

/* A tensor's numbers; those of items in the order of the sorted ids. */
static bool read_block(import *in, int role)
{
    const vitrine_tensor *t = in->of[role];
    const bool by_item = role == CONVERT_EMBED || role == CONVERT_ITEM || role == CONVERT_ITEM_BIAS ||
                         role == CONVERT_POPULARITY;
    if (t == NULL || role == CONVERT_IDS) return true;
    float *all = malloc(((size_t)t->count + 1) * sizeof *all);
    if (all == NULL) return memory(in);
    in->block[role] = all;
    if (!vitrine_tensor_read(t, in->path, all, &in->problem) || !by_item) return in->problem.kind == VITRINE_PROBLEM_NONE;
    const size_t width = t->dims == 2 ? (size_t)t->shape[1] : 1;
    float *sorted = malloc((size_t)in->names.count * width * sizeof *sorted);
    if (sorted == NULL) return memory(in);
    for (uint32_t i = 0; i < in->names.count; i++)
        memcpy(sorted + in->place[i] * width, all + (in->skipped + (size_t)i) * width, width * sizeof *sorted);
    free(all);
    in->block[role] = sorted;
    return true;
}

static bool join_biases(import *in)
{
    const uint32_t hidden = in->parts.config.net.hidden, gates = vitrine_cell_gates(in->parts.config.net.cell);
    const float *input = in->block[CONVERT_CELL_BI], *recurrent = in->block[CONVERT_CELL_BH];
    in->cell_b = calloc((size_t)gates * hidden, sizeof *in->cell_b);
    in->cell_c = calloc(hidden, sizeof *in->cell_c);
    if (in->cell_b == NULL || in->cell_c == NULL) return memory(in);
    for (uint32_t i = 0; i < gates * hidden; i++) {
        const bool candidate = gates == 3 && i >= 2 * hidden;
        if (input != NULL) in->cell_b[i] = input[i];
        if (recurrent == NULL) continue;
        if (candidate) in->cell_c[i - 2 * hidden] = recurrent[i];
        else in->cell_b[i] += recurrent[i];
    }
    return true;
}

/* Absent vectors; and the projection's bias, which our query has not: it goes into the items' biases,
 * where it comes to the same, unless a normalisation stands between. */
static bool fill_items(import *in)
{
    const vitrine_config *c = &in->parts.config;
    const float *item = in->block[in->of[CONVERT_ITEM] != NULL ? CONVERT_ITEM : CONVERT_EMBED];
    const float *project = in->block[CONVERT_PROJECT_BIAS];
    if (in->block[CONVERT_ITEM_BIAS] == NULL && (in->block[CONVERT_ITEM_BIAS] = calloc(c->items, sizeof(float))) == NULL)
        return memory(in);
    if (project != NULL && in->of[CONVERT_NORM_GAIN] != NULL)
        return wrong(in, "a projection with a bias before a normalisation, which we do not have");
    for (uint32_t i = 0; project != NULL && i < c->items; i++) {
        double sum = (double)in->block[CONVERT_ITEM_BIAS][i];
        for (uint32_t d = 0; d < c->dim; d++) sum += (double)item[(size_t)i * c->dim + d] * (double)project[d];
        in->block[CONVERT_ITEM_BIAS][i] = (float)sum;
    }
    if (in->of[CONVERT_NORM_GAIN] != NULL && in->block[CONVERT_NORM_BIAS] == NULL &&
        (in->block[CONVERT_NORM_BIAS] = calloc(c->dim, sizeof(float))) == NULL)
        return memory(in);
    float *popularity = in->block[CONVERT_POPULARITY];
    double sum = 0;
    if (popularity == NULL) {
        popularity = in->block[CONVERT_POPULARITY] = malloc(c->items * sizeof *popularity);
        if (popularity == NULL) return memory(in);
        for (uint32_t i = 0; i < c->items; i++) popularity[i] = 1.0f;
    }
    for (uint32_t i = 0; i < c->items; i++) {
        if (popularity[i] < 0) return wrong(in, "popularity below 0");
        sum += (double)popularity[i];
    }
    for (uint32_t i = 0; i < c->items; i++) popularity[i] = (float)((double)popularity[i] / (sum > 0 ? sum : 1));
    return true;
}

/* --- the model ------------------------------------------------------------------------------- */

static void fill_parts(import *in, vitrine_kind_weight *kinds, float *fuse)
{
    static const uint32_t steps[] = {VITRINE_VIEW_ITEM, VITRINE_SELECT_ITEM, VITRINE_ADD_TO_CART, VITRINE_ADD_TO_WISHLIST,
                                     VITRINE_PURCHASE, VITRINE_RATE};
    vitrine_model_parts *p = &in->parts;
    vitrine_config *c = &p->config;
    const bool tied = in->of[CONVERT_ITEM] == NULL;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        kinds[steps[i]] = (vitrine_kind_weight){1.0f, 0.0f, 1};
    for (int i = 0; i < VITRINE_CONTEXTS; i++) fuse[i * VITRINE_PARTS + VITRINE_PART_NETWORK] = 1.0f;
    c->precision = VITRINE_F32;
    c->embed_rows = tied ? 0 : c->items;
    c->tail = 20;
    c->item_decay = c->attr_decay = 5.0f;
    c->content_power = 1;
    for (int i = 0; i < VITRINE_NUMERICS; i++) c->numeric_deviation[i] = 1.0f;
    p->version = in->options->version;
    p->id_offset = in->ids.offset;
    p->id_bytes = in->ids.bytes;
    p->item = in->block[tied ? CONVERT_EMBED : CONVERT_ITEM];
    p->embed = tied ? NULL : in->block[CONVERT_EMBED];
    p->bias = in->block[CONVERT_ITEM_BIAS];
    p->popularity = in->block[CONVERT_POPULARITY];
    p->kind = in->block[CONVERT_KIND];
    p->cell_w = in->block[CONVERT_CELL_W];
    p->cell_u = in->block[CONVERT_CELL_U];
    p->cell_b = in->cell_b;
    p->cell_c = c->net.cell == VITRINE_CELL_GRU ? in->cell_c : NULL;
    p->out_w = in->block[CONVERT_PROJECT];
    p->skip_w = in->block[CONVERT_SKIP];
    p->norm_gain = in->block[CONVERT_NORM_GAIN];
    p->norm_bias = in->block[CONVERT_NORM_BIAS];
    p->kinds = kinds;
    p->fuse = fuse;
    p->card = "{\"made_by\":\"vitrine convert\",\"from\":\"safetensors\"}";
    p->card_size = strlen(p->card);
}

static bool write_model(import *in, void **out, size_t *size)
{
    vitrine_kind_weight kinds[VITRINE_EVENT_KINDS] = {{0}};
    float fuse[VITRINE_CONTEXTS * VITRINE_PARTS] = {0};
    vitrine_fault fault = {0};
    fill_parts(in, kinds, fuse);
    const size_t bound = vitrine_model_write_bound(&in->parts);
    *out = aligned_alloc(64, (bound + 64) / 64 * 64);
    if (*out == NULL) return memory(in);
    const vitrine_status status = vitrine_model_write(&in->parts, *out, bound, size, &fault);
    return status == VITRINE_OK || vitrine_problem_set(&in->problem, VITRINE_PROBLEM_INPUT,
                                                       "%s: %s: %" PRIu64 " is outside what a model may hold (%" PRIu64 ")",
                                                       in->path, fault.field, fault.found, fault.expected);
}

static bool run(import *in, const void *bytes, size_t size, void **out, size_t *out_size)
{
    if (!vitrine_tensors_open(&in->tensors, bytes, size, in->path, &in->problem)) return false;
    if (!find_tensors(in) || !find_shape(in) || !read_ids(in)) return false;
    for (int role = 0; role < CONVERT_ROLES; role++)
        if (!read_block(in, role)) return false;
    return join_biases(in) && fill_items(in) && write_model(in, out, out_size);
}

int convert_to_model(const char *path, const void *bytes, size_t size, const convert_options *options,
                     void **out, size_t *out_size)
{
    import *in = calloc(1, sizeof *in);
    *out = NULL;
    if (in == NULL) return cli_fail("convert", CLI_IO, "out of memory");
    in->path = path;
    in->options = options;
    const bool ok = run(in, bytes, size, out, out_size);
    const int code = ok ? CLI_OK : cli_problem("convert", &in->problem);
    if (!ok) {
        free(*out);
        *out = NULL;
    }
    for (int role = 0; role < CONVERT_ROLES; role++) free(in->block[role]);
    free(in->cell_b);
    free(in->cell_c);
    free(in->place);
    vitrine_strings_free(&in->ids);
    vitrine_id_set_free(&in->names);
    vitrine_tensors_free(&in->tensors);
    free(in);
    return code;
}
