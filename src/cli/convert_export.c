/* The network of a model as safetensors, under the names that convert_import.c reads first. Weights are
 * f32; int8 rows are written as the numbers they stand for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/convert.h"
#include "cli/options.h"
#include "model/model_parts.h"

typedef struct piece {
    int role;
    const void *data; /* null: zeros */
    uint64_t rows, cols; /* cols 0: a vector; bytes when the role is CONVERT_IDS */
} piece;

typedef struct export {
    piece piece[CONVERT_ROLES];
    size_t pieces;
    float *biases; /* [2][gates * hidden] apart, as PyTorch wants them */
    char *ids;
    size_t ids_size;
} export;

static void add(export *out, int role, const void *data, uint64_t rows, uint64_t cols)
{
    out->piece[out->pieces++] = (piece){role, data, rows, cols};
}

static uint64_t bytes_of(const piece *p)
{
    return p->role == CONVERT_IDS ? p->rows : p->rows * (p->cols == 0 ? 1 : p->cols) * sizeof(float);
}

/* Our one bias, with the candidate's recurrent one, as two. */
static bool part_biases(export *out, const vitrine_model_parts *p, uint32_t gates)
{
    const uint32_t hidden = p->config.net.hidden, rows = gates * hidden;
    out->biases = calloc((size_t)2 * rows, sizeof *out->biases);
    if (out->biases == NULL) return false;
    memcpy(out->biases, p->cell_b, rows * sizeof *out->biases);
    if (gates == 3) memcpy(out->biases + rows + 2 * (size_t)hidden, p->cell_c, hidden * sizeof *out->biases);
    return true;
}

static bool join_ids(export *out, const vitrine_model_parts *p)
{
    const uint32_t items = p->config.items;
    out->ids_size = (size_t)p->id_offset[items] + items;
    char *to = out->ids = malloc(out->ids_size + 1);
    if (to == NULL) return false;
    for (uint32_t i = 0; i < items; i++) {
        const size_t length = p->id_offset[i + 1] - p->id_offset[i];
        memcpy(to, p->id_bytes + p->id_offset[i], length);
        to += length;
        *to++ = '\n';
    }
    return true;
}

static bool gather(export *out, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const uint32_t gates = vitrine_cell_gates(c->net.cell), hidden = c->net.hidden, input = c->net.input;
    const bool tied = (c->net.flags & VITRINE_NET_TIED) != 0;
    if (!part_biases(out, p, gates) || !join_ids(out, p)) return false;
    add(out, CONVERT_EMBED, tied ? p->item : p->embed, c->items, tied ? c->dim : input);
    if (!tied) add(out, CONVERT_ITEM, p->item, c->items, c->dim);
    add(out, CONVERT_ITEM_BIAS, p->bias, c->items, 0);
    add(out, CONVERT_CELL_W, p->cell_w, (uint64_t)gates * hidden, input);
    add(out, CONVERT_CELL_U, p->cell_u, (uint64_t)gates * hidden, hidden);
    add(out, CONVERT_CELL_BI, out->biases, (uint64_t)gates * hidden, 0);
    add(out, CONVERT_CELL_BH, out->biases + (size_t)gates * hidden, (uint64_t)gates * hidden, 0);
    if (p->out_w != NULL) add(out, CONVERT_PROJECT, p->out_w, c->dim, hidden);
    if (p->skip_w != NULL) add(out, CONVERT_SKIP, p->skip_w, c->dim, input);
    if (p->norm_gain != NULL) add(out, CONVERT_NORM_GAIN, p->norm_gain, c->dim, 0);
    if (p->norm_bias != NULL) add(out, CONVERT_NORM_BIAS, p->norm_bias, c->dim, 0);
    if (p->kind != NULL) add(out, CONVERT_KIND, p->kind, vitrine_kind_rows(&c->net), input);
    add(out, CONVERT_POPULARITY, p->popularity, c->items, 0);
    add(out, CONVERT_IDS, out->ids, out->ids_size, 0);
    return true;
}

/* The header with its length before it; returns its size. `to` null: only measures. */
static size_t write_header(const export *out, char *to, size_t room)
{
    size_t used = 8;
    uint64_t at = 0;
    for (size_t i = 0; i < out->pieces; i++) {
        const piece *p = &out->piece[i];
        const bool cell = p->role <= CONVERT_CELL_BH;
        char shape[64];
        if (p->cols == 0) snprintf(shape, sizeof shape, "%llu", (unsigned long long)p->rows);
        else snprintf(shape, sizeof shape, "%llu,%llu", (unsigned long long)p->rows, (unsigned long long)p->cols);
        used += (size_t)snprintf(
            to != NULL ? to + used : NULL, to != NULL ? room - used : 0,
            "%s\"%s%.*s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%llu,%llu]}", i == 0 ? "{" : ",",
            cell ? "cell." : "", (int)strcspn(convert_names[p->role], " "), convert_names[p->role],
            p->role == CONVERT_IDS ? "U8" : "F32", shape, (unsigned long long)at,
            (unsigned long long)(at + bytes_of(p)));
        at += bytes_of(p);
    }
    used += (size_t)snprintf(to != NULL ? to + used : NULL, to != NULL ? room - used : 0,
                             ",\"__metadata__\":{\"made_by\":\"vitrine convert\"}}");
    while (used % 8 != 0) { /* so that the numbers behind it are aligned */
        if (to != NULL) to[used] = ' ';
        used++;
    }
    for (size_t i = 0; to != NULL && i < 8; i++) to[i] = (char)((used - 8) >> (8 * i) & 0xff);
    return used;
}

static int write_all(const export *out, void **bytes, size_t *size)
{
    const size_t header = write_header(out, NULL, 0);
    size_t total = header;
    for (size_t i = 0; i < out->pieces; i++) total += (size_t)bytes_of(&out->piece[i]);
    char *to = calloc(1, total + 1);
    if (to == NULL) return cli_fail("convert", CLI_IO, "out of memory");
    write_header(out, to, header + 1);
    size_t at = header;
    for (size_t i = 0; i < out->pieces; i++) {
        const size_t length = (size_t)bytes_of(&out->piece[i]);
        memcpy(to + at, out->piece[i].data, length); /* floats of a little-endian machine, as the models need */
        at += length;
    }
    *bytes = to;
    *size = total;
    return CLI_OK;
}

int convert_to_tensors(const char *path, const cli_model *model, void **bytes, size_t *size)
{
    const uint32_t cell = model->model->config.net.cell;
    *bytes = NULL;
    if (vitrine_cell_gates(cell) == 0)
        return cli_fail("convert", CLI_INPUT, "%s: this model has no recurrent network to convert", path);
    vitrine_model_parts parts;
    export out = {.pieces = 0};
    const size_t need = vitrine_model_unpack_size(model->model);
    void *memory = aligned_alloc(64, (need + 64) / 64 * 64);
    int code = CLI_OK;
    if (memory == NULL || vitrine_model_unpack(model->model, memory, need, &parts) != VITRINE_OK || !gather(&out, &parts))
        code = cli_fail("convert", CLI_IO, "out of memory");
    if (code == CLI_OK) code = write_all(&out, bytes, size);
    free(memory);
    free(out.biases);
    free(out.ids);
    return code;
}
