#include "model/head.h"

#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "base/writer.h"

/* Every field is four bytes: an unsigned number or a float, between two limits. The table is the
 * format; docs/model-format.md repeats it with the offsets. */
typedef struct head_field {
    const char *name;
    size_t at;   /* in vitrine_config */
    bool number; /* u32, else f32 */
    float low, high;
} head_field;

#define NUMBER(member, low, high) {#member, offsetof(vitrine_config, member), true, low, high}
#define FLOAT(member, low, high) {#member, offsetof(vitrine_config, member), false, low, high}
#define ONE_OF(member, place, low, high) {#member, offsetof(vitrine_config, place), false, low, high}
#define LARGE 1e30f

static const head_field FIELDS[] = {
    NUMBER(items, 1, (float)VITRINE_MAX_ITEMS),
    NUMBER(dim, 1, VITRINE_MAX_WIDTH),
    NUMBER(precision, 0, 2),
    NUMBER(net.cell, 0, 4),
    NUMBER(net.input, 1, VITRINE_MAX_WIDTH),
    NUMBER(net.hidden, 1, VITRINE_MAX_WIDTH),
    NUMBER(net.flags, 0, 63),
    NUMBER(embed_rows, 0, (float)VITRINE_MAX_ITEMS),
    NUMBER(session_gap, 0, 1u << 30),
    NUMBER(tail, 1, VITRINE_MAX_TAIL),
    FLOAT(item_decay, 0.01f, 1e6f),
    FLOAT(attr_decay, 0.01f, 1e6f),
    NUMBER(content_power, 1, 8),
    NUMBER(fused, 0, VITRINE_FUSED_MOST),
    FLOAT(cold_bias, -1e4f, 1e4f),
    FLOAT(dismiss_penalty, 0, 1),
    NUMBER(attr_mode, 0, 2),
    NUMBER(attributes, 0, VITRINE_MAX_ATTRIBUTES),
    NUMBER(price_bands, 0, VITRINE_PRICE_BANDS),
    NUMBER(feature_hidden, 0, VITRINE_MAX_WIDTH),
    NUMBER(vector_dim, 0, VITRINE_MAX_WIDTH),
    ONE_OF(numeric_mean, numeric_mean[0], -LARGE, LARGE),
    ONE_OF(numeric_mean, numeric_mean[1], -LARGE, LARGE),
    ONE_OF(numeric_deviation, numeric_deviation[0], 1e-6f, LARGE),
    ONE_OF(numeric_deviation, numeric_deviation[1], 1e-6f, LARGE),
    FLOAT(recent_decay, 0.0f, 1e6f),
    FLOAT(affinity_decay, 0.0f, 1e6f),
    FLOAT(frequent_share, 0.0f, 1e6f),
};
enum { FIELD_COUNT = sizeof FIELDS / sizeof FIELDS[0], EDGES = VITRINE_PRICE_BANDS - 1 };

size_t vitrine_head_size(void) { return (size_t)(FIELD_COUNT + EDGES) * 4; }

void vitrine_head_write(const vitrine_config *config, uint8_t *out)
{
    vitrine_writer to = {out, out + vitrine_head_size(), true};
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        uint32_t bits;
        memcpy(&bits, (const uint8_t *)config + FIELDS[i].at, sizeof bits);
        vitrine_write_u32(&to, bits);
    }
    for (size_t i = 0; i < EDGES; i++) vitrine_write_f32(&to, config->price_edge[i]);
}

vitrine_status vitrine_config_check(const vitrine_config *config, uint64_t offset,
                                    vitrine_fault *fault)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const head_field *field = &FIELDS[i];
        uint32_t bits;
        memcpy(&bits, (const uint8_t *)config + field->at, sizeof bits);
        float value = (float)bits;
        if (!field->number) memcpy(&value, &bits, sizeof value);
        if (!(value >= field->low && value <= field->high))
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, field->name, offset + i * 4, bits,
                                  field->high < 1e18f ? (uint64_t)field->high : UINT64_MAX);
    }
    const uint64_t edges = offset + FIELD_COUNT * 4;
    for (uint32_t i = 0; i < EDGES; i++) {
        const bool used = i + 1 < config->price_bands;
        const float edge = config->price_edge[i], before = i > 0 ? config->price_edge[i - 1] : 0.0f;
        if (used ? !(edge >= before && edge <= LARGE) : edge != 0.0f)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "price_edge", edges + i * 4, i, 0);
    }

    if (config->precision == VITRINE_EXACT && config->fused != 0)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "fused", offset + 52, config->fused, 0);
    const vitrine_network_shape *net = &config->net;
    if (net->dim != config->dim)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "net.dim", offset, net->dim, config->dim);
    const bool tied = (net->flags & VITRINE_NET_TIED) != 0;
    if (tied ? net->input != config->dim : net->cell != VITRINE_CELL_NONE && config->embed_rows == 0)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "net.input", offset + 16, net->input,
                              config->dim);
    if (config->embed_rows > (tied ? 0 : config->items))
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "embed_rows", offset + 28,
                              config->embed_rows, tied ? 0 : config->items);
    if ((net->flags & VITRINE_NET_OUT) == 0 && net->hidden != config->dim)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "net.hidden", offset + 20, net->hidden,
                              config->dim);
    const bool gates = vitrine_cell_gates(net->cell) > 0;
    if ((net->flags & VITRINE_NET_BYTES) != 0 && (!gates || config->precision != VITRINE_INT8))
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "net.flags", offset + 24, net->flags, 0);
    if (net->cell == VITRINE_CELL_BAG && net->hidden != net->input)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "net.hidden", offset + 20, net->hidden,
                              net->input);
    if ((config->attr_mode == VITRINE_ATTR_NONE) != (config->attributes == 0))
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "attributes", offset + 68,
                              config->attributes, 0);
    if (config->feature_hidden > 0 && config->attributes == 0)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "feature_hidden", offset + 76,
                              config->feature_hidden, 0);
    return VITRINE_OK;
}

vitrine_status vitrine_head_read(vitrine_config *config, const vitrine_section *section,
                                 vitrine_fault *fault)
{
    memset(config, 0, sizeof *config);
    if (section->size != vitrine_head_size())
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", section->offset, section->size,
                              vitrine_head_size());
    vitrine_reader in = {section->bytes, section->bytes + section->size, true};
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const uint32_t bits = vitrine_read_u32(&in);
        memcpy((uint8_t *)config + FIELDS[i].at, &bits, sizeof bits);
    }
    for (size_t i = 0; i < EDGES; i++) config->price_edge[i] = vitrine_read_f32(&in);
    config->net.dim = config->dim;
    return vitrine_config_check(config, section->offset, fault);
}

uint32_t vitrine_config_band(const vitrine_config *config, float price)
{
    if (config->price_bands == 0 || !(price >= 0.0f)) return VITRINE_NO_BAND;
    uint32_t band = 0;
    while (band + 1 < config->price_bands && price >= config->price_edge[band]) band++;
    return band;
}
