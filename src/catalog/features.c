#include "catalog/features.h"

#include <string.h>

#include "kernels/panels.h"

/* A name under construction: kind, then text. */
typedef struct name_buffer {
    char bytes[VITRINE_MAX_NAME];
    size_t used;
} name_buffer;

static void append(name_buffer *name, const char *text, size_t length)
{
    const size_t room = VITRINE_MAX_NAME - name->used;
    if (length > room) length = room;
    if (length > 0) memcpy(name->bytes + name->used, text, length);
    name->used += length;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && blank(**text)) (*text)++, (*length)--;
    while (*length > 0 && blank((*text)[*length - 1])) (*length)--;
}

bool vitrine_text_part(const char **text, size_t *length, char first, char second, const char **part,
                       size_t *part_length)
{
    while (*length > 0) {
        size_t n = 0;
        while (n < *length && (*text)[n] != first && (*text)[n] != second) n++;
        *part = *text;
        *part_length = n;
        const size_t step = n < *length ? n + 1 : n;
        *text += step;
        *length -= step;
        trim(part, part_length);
        if (*part_length > 0) return true;
    }
    return false;
}

void vitrine_item_names(const vitrine_item_fields *fields, vitrine_name_found found, void *context)
{
    name_buffer name = {{0}, 0};
    const char *text = fields->text[VITRINE_TEXT_CATEGORY], *part;
    size_t length = fields->text_length[VITRINE_TEXT_CATEGORY], n;
    append(&name, "category:", 9);
    for (bool first = true; vitrine_text_part(&text, &length, '/', '>', &part, &n); first = false) {
        if (!first) append(&name, "/", 1);
        append(&name, part, n);
        if (!found(context, name.bytes, name.used)) return;
    }
    text = fields->text[VITRINE_TEXT_BRAND];
    length = fields->text_length[VITRINE_TEXT_BRAND];
    trim(&text, &length);
    if (length > 0) {
        name.used = 0;
        append(&name, "brand:", 6);
        append(&name, text, length);
        if (!found(context, name.bytes, name.used)) return;
    }
    text = fields->text[VITRINE_TEXT_TAGS];
    length = fields->text_length[VITRINE_TEXT_TAGS];
    while (vitrine_text_part(&text, &length, ',', ',', &part, &n)) {
        name.used = 0;
        append(&name, "tag:", 4);
        append(&name, part, n);
        if (!found(context, name.bytes, name.used)) return;
    }
}

typedef struct collecting {
    const vitrine_model *model;
    uint16_t *out;
    uint32_t count;
} collecting;

static bool collect(void *context, const char *name, size_t length)
{
    collecting *c = context;
    const uint32_t attribute = vitrine_model_attribute(c->model, name, length);
    if (attribute == VITRINE_NO_ATTRIBUTE) return true;
    uint32_t at = 0;
    while (at < c->count && c->out[at] < attribute) at++;
    if (at < c->count && c->out[at] == attribute) return true;
    memmove(c->out + at + 1, c->out + at, (c->count - at) * sizeof *c->out);
    c->out[at] = (uint16_t)attribute;
    return ++c->count < VITRINE_MAX_ITEM_ATTRIBUTES;
}

uint32_t vitrine_item_attributes(const vitrine_model *model, const vitrine_item_fields *fields,
                                 uint16_t *out)
{
    collecting c = {model, out, 0};
    if (model->config.attr_mode != VITRINE_ATTR_NONE) vitrine_item_names(fields, collect, &c);
    return c.count;
}

float vitrine_log(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 23) - 127;
    bits = (bits & 0x7fffffu) | 0x3f800000u;
    float m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.41421356f) m *= 0.5f, exponent++;
    /* log m = 2 artanh(s), s = (m-1)/(m+1), |s| < .172: five terms reach float precision. */
    const float s = (m - 1.0f) / (m + 1.0f), z = s * s;
    const float series = 1.0f + z * (1.0f / 3 + z * (1.0f / 5 + z * (1.0f / 7 + z * (1.0f / 9))));
    return (float)exponent * 0.69314718f + 2.0f * s * series;
}

void vitrine_item_numbers(const vitrine_config *config, const vitrine_item_fields *fields, float *out)
{
    const float raw[VITRINE_NUMERICS] = {fields->price, fields->sales};
    for (uint32_t i = 0; i < VITRINE_NUMERICS; i++) {
        const bool known = raw[i] >= 0.0f && raw[i] <= 1e30f;
        out[i] = known ? (vitrine_log(1.0f + raw[i]) - config->numeric_mean[i]) /
                             config->numeric_deviation[i]
                       : 0.0f;
    }
    for (uint32_t i = 0; i < config->vector_dim; i++)
        out[VITRINE_NUMERICS + i] = fields->vectors != NULL ? fields->vectors[i] : 0.0f;
}

size_t vitrine_feature_scratch(const vitrine_config *config)
{
    return vitrine_padded_rows(config->dim) * (2 + (size_t)config->feature_hidden) + config->feature_hidden +
           VITRINE_NUMERICS + config->vector_dim;
}

void vitrine_feature_begin(const vitrine_model *model, float *scratch)
{
    const size_t hidden = model->config.feature_hidden, dim = model->config.dim, padded = vitrine_padded_rows(dim);
    const float *row = model->feature_out;
    memcpy(scratch + padded, model->feature_out_bias, dim * sizeof *scratch);
    scratch += 2 * padded;
    for (size_t d = 0; d < dim; d++)
        for (size_t h = 0; h < hidden; h++)
            scratch[(d / VITRINE_PANEL * hidden + h) * VITRINE_PANEL + d % VITRINE_PANEL] = *row++;
}

void vitrine_feature_vector(const vitrine_model *model, const uint16_t *attributes, uint32_t count,
                            uint32_t band, const vitrine_item_fields *fields, float *scratch)
{
    const vitrine_config *c = &model->config;
    const size_t hidden = c->feature_hidden, inputs = VITRINE_NUMERICS + (size_t)c->vector_dim;
    const size_t padded = vitrine_padded_rows(c->dim);
    float *between = scratch + padded * (2 + hidden), *numbers = between + hidden;
    vitrine_item_numbers(c, fields, numbers);
    memcpy(between, model->feature_bias, hidden * sizeof *between);
    for (uint32_t i = 0; i <= count; i++) {
        const uint32_t band_attribute =
            band < VITRINE_PRICE_BANDS ? model->band_attribute[band] : VITRINE_NO_ATTRIBUTE;
        const uint32_t a = i < count ? attributes[i] : band_attribute;
        if (a != VITRINE_NO_ATTRIBUTE)
            model->kernels->axpby(between, 1.0f, model->feature_embed + a * hidden, 1.0f, hidden);
    }
    for (size_t h = 0; h < hidden; h++) {
        float sum = between[h];
        for (size_t i = 0; i < inputs; i++) sum += model->feature_dense[h * inputs + i] * numbers[i];
        between[h] = sum > 0.0f ? sum : 0.0f;
    }
    model->kernels->gemv_f32(scratch, scratch + 2 * padded, between, scratch + padded, c->dim, hidden);
}
