/* The exports: addresses and numbers in, the C API behind. */
#include "wasm/exports.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "catalog/catalog.h"
#include "base/sha256.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "rank/ranker.h"

#define SEED_EVENTS 64u /* events of the short profile for lists about given items */

struct vitrine_wasm_state {
    vitrine_fault fault;
    uint32_t length, skipped;
    const vitrine_model *model;
    vitrine_catalog *catalog;
    vitrine_profile *who[2];
    vitrine_ranker *ranker;
    vitrine_rules *rules;
};
/* Where the page reads them. */
_Static_assert(offsetof(vitrine_fault, expected) == 4 * VITRINE_WASM_EXPECTED &&
                   offsetof(vitrine_wasm_state, length) == 4 * VITRINE_WASM_LENGTH &&
                   offsetof(vitrine_wasm_state, skipped) == 4 * VITRINE_WASM_SKIPPED,
               "the first words of the state block, as exports.h tells them");

static uint32_t answer(vitrine_wasm_state *state, vitrine_status status, const char *field)
{
    (void)vitrine_refuse(&state->fault, status, field, 0, 0, 0);
    return status;
}

uint32_t vitrine_wasm_abi(void) { return VITRINE_WASM_ABI; }
uint32_t vitrine_wasm_variant(void)
{
#if defined(VITRINE_RELAXED)
    return 2;
#elif defined(VITRINE_SIMD128)
    return 1;
#else
    return 0;
#endif
}

uint32_t vitrine_wasm_known_answer(void)
{
#ifdef VITRINE_RELAXED
    /* Extremes of both operands over a full panel, its rows in turn -127 and 127. An engine is known
     * that accepts the relaxed dot product and adds it up wrongly. All other instructions have one result by
     * their specification. */
    enum { COLS = 20 };
    int8_t panels[VITRINE_PANEL * COLS];
    uint8_t query[COLS];
    int32_t row_sum[VITRINE_PANEL] = {0}, sum = 0;
    float one[VITRINE_PANEL], got[VITRINE_PANEL], most; /* scale and bias alike */
    for (uint32_t i = 0; i < sizeof panels; i++) panels[i] = i & 4 ? 127 : -127;
    for (uint32_t c = 0; c < COLS; c++) sum += query[c] = (uint8_t)(127 - c);
    for (uint32_t r = 0; r < VITRINE_PANEL; r++) one[r] = 1.0f;
    const vitrine_rows_q8 rows = {panels, row_sum, one, one};
    vitrine_kernels_best()->logits_q8(got, &most, &rows, query, 1.0f, VITRINE_PANEL, COLS);
    for (uint32_t r = 0; r < VITRINE_PANEL; r++)
        if (got[r] != (float)((r & 1 ? sum : -sum) * 127 + 1)) return 0;
#endif
    return 1;
}

uint32_t vitrine_wasm_state_size(void) { return sizeof(vitrine_wasm_state); }

uint32_t vitrine_wasm_model_need(vitrine_wasm_state *state, const void *bytes, uint32_t size)
{
    size_t need;
    return vitrine_model_size(bytes, size, &need, &state->fault) == VITRINE_OK ? need : 0;
}

uint32_t vitrine_wasm_model_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                 const void *bytes, uint32_t size, const uint8_t *sums)
{
    memset(state, 0, sizeof *state);
    return vitrine_model_open_summed(mem, mem_size, bytes, size, sums, &state->model, &state->fault);
}

uint32_t vitrine_wasm_catalog_need(vitrine_wasm_state *state, const void *bytes, uint32_t size)
{
    size_t need;
    return vitrine_catalog_size(state->model, bytes, size, &need, &state->fault) == VITRINE_OK ? need
                                                                                              : 0;
}

uint32_t vitrine_wasm_catalog_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                   const void *bytes, uint32_t size, const uint8_t *sums)
{
    return vitrine_catalog_open_summed(mem, mem_size, state->model, bytes, size, sums, &state->catalog,
                                       &state->fault);
}

static vitrine_status profile_sizes(const vitrine_wasm_state *state, uint32_t capacity, size_t sizes[4])
{
    vitrine_status status = vitrine_profile_size(state->catalog, capacity, &sizes[0]);
    if (status == VITRINE_OK)
        status = vitrine_profile_size(state->catalog, SEED_EVENTS, &sizes[1]);
    if (status == VITRINE_OK) status = vitrine_ranker_size(state->catalog, &sizes[2]);
    if (status == VITRINE_OK) status = vitrine_rules_size(state->catalog, &sizes[3]);
    return status;
}

uint32_t vitrine_wasm_profiles_need(vitrine_wasm_state *state, uint32_t capacity)
{
    size_t sizes[4];
    const vitrine_status status = profile_sizes(state, capacity, sizes);
    if (answer(state, status, "capacity") != VITRINE_OK) return 0;
    return sizes[0] + sizes[1] + sizes[2] + sizes[3];
}

uint32_t vitrine_wasm_profiles_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                    uint32_t capacity)
{
    size_t sizes[4];
    vitrine_status status = profile_sizes(state, capacity, sizes);
    if (status != VITRINE_OK) return answer(state, status, "capacity");
    vitrine_arena arena = {mem, mem_size, 0, false};
    void *visitor = vitrine_arena_take(&arena, sizes[0], 1);
    void *seeds = vitrine_arena_take(&arena, sizes[1], 1);
    void *ranker = vitrine_arena_take(&arena, sizes[2], 1);
    void *rules = vitrine_arena_take(&arena, sizes[3], 1);
    if (arena.failed) return answer(state, VITRINE_NO_SPACE, "mem_size");
    status = vitrine_profile_init(visitor, sizes[0], state->catalog, capacity, &state->who[0]);
    if (status == VITRINE_OK)
        status = vitrine_profile_init(seeds, sizes[1], state->catalog, SEED_EVENTS, &state->who[1]);
    if (status == VITRINE_OK)
        status = vitrine_ranker_init(ranker, sizes[2], state->catalog, &state->ranker);
    if (status == VITRINE_OK)
        status = vitrine_rules_init(rules, sizes[3], state->catalog, &state->rules);
    return answer(state, status, "mem");
}

const uint8_t *vitrine_wasm_model_hash(const vitrine_wasm_state *state)
{
    return vitrine_model_hash(state->model);
}
double vitrine_wasm_model_version(const vitrine_wasm_state *state)
{
    return (double)vitrine_model_version(state->model);
}

static const char *text_of(vitrine_wasm_state *state, const char *text, size_t length)
{
    state->length = length;
    return text;
}

const char *vitrine_wasm_model_card(vitrine_wasm_state *state)
{
    size_t length;
    const char *card = vitrine_model_card(state->model, &length);
    return text_of(state, card, length);
}

uint32_t vitrine_wasm_items(const vitrine_wasm_state *state)
{
    return vitrine_catalog_items(state->catalog);
}
uint32_t vitrine_wasm_find(const vitrine_wasm_state *state, const char *id, uint32_t length)
{
    return vitrine_catalog_find(state->catalog, id, length);
}

const char *vitrine_wasm_id(vitrine_wasm_state *state, uint32_t item)
{
    size_t length;
    if (item >= state->catalog->items) return text_of(state, "", 0);
    const char *id = vitrine_catalog_id(state->catalog, item, &length);
    return text_of(state, id, length);
}

const char *vitrine_wasm_text(vitrine_wasm_state *state, uint32_t item, uint32_t field)
{
    size_t length;
    if (item >= state->catalog->items || field >= VITRINE_TEXT_FIELDS) return text_of(state, "", 0);
    const char *text = vitrine_catalog_text(state->catalog, item, (vitrine_text_field)field, &length);
    return text_of(state, text, length);
}

float vitrine_wasm_price(const vitrine_wasm_state *state, uint32_t item)
{
    return item < state->catalog->items ? vitrine_catalog_price(state->catalog, item) : -1.0f;
}
uint32_t vitrine_wasm_available(const vitrine_wasm_state *state, uint32_t item)
{
    return item < state->catalog->items && vitrine_catalog_available(state->catalog, item);
}
const char *vitrine_wasm_own_name(vitrine_wasm_state *state, uint32_t index)
{
    size_t length;
    const char *name = vitrine_catalog_own_name(state->catalog, index, &length);
    return text_of(state, name, length);
}
uint32_t vitrine_wasm_set_price(vitrine_wasm_state *state, uint32_t item, float price)
{
    return answer(state, vitrine_catalog_set_price(state->catalog, item, price), "price");
}
uint32_t vitrine_wasm_set_available(vitrine_wasm_state *state, uint32_t item, uint32_t available)
{
    return answer(state, vitrine_catalog_set_available(state->catalog, item, available != 0), "item");
}

const uint8_t *vitrine_wasm_catalog_hash(const vitrine_wasm_state *state)
{
    return vitrine_catalog_hash(state->catalog);
}

double vitrine_wasm_catalog_version(const vitrine_wasm_state *state)
{
    return (double)vitrine_catalog_version(state->catalog);
}

uint32_t vitrine_wasm_catalog_digest(const vitrine_wasm_state *state)
{
    return vitrine_catalog_digest(state->catalog);
}

uint32_t vitrine_wasm_apply_delta(vitrine_wasm_state *state, const void *bytes, uint32_t size)
{
    return vitrine_catalog_apply_delta(state->catalog, bytes, size, &state->skipped, &state->fault);
}

uint32_t vitrine_wasm_observe(vitrine_wasm_state *state, uint32_t who, uint32_t item, uint32_t kind,
                              double time, float value)
{
    if (!(time >= 0.0 && time <= 1e12)) return answer(state, VITRINE_BAD_VALUE, "time");
    const vitrine_event event = {item, kind, (int64_t)time, value};
    return answer(state, vitrine_profile_observe(state->who[who & 1], &event), "event");
}
uint32_t vitrine_wasm_seen(vitrine_wasm_state *state, uint32_t item, double time)
{
    if (!(time >= 0.0 && time <= 1e12)) return answer(state, VITRINE_BAD_VALUE, "time");
    return answer(state, vitrine_profile_seen(state->who[0], item, (int64_t)time), "item");
}
uint32_t vitrine_wasm_forget_item(vitrine_wasm_state *state, uint32_t who, uint32_t item)
{
    return vitrine_profile_forget_item(state->who[who & 1], item);
}
uint32_t vitrine_wasm_forget_since(vitrine_wasm_state *state, uint32_t who, double since)
{
    const double clamped = since >= 0.0 ? (since <= 1e12 ? since : 1e12) : 0.0;
    return vitrine_profile_forget_since(state->who[who & 1], (int64_t)clamped);
}
uint32_t vitrine_wasm_forget_all(vitrine_wasm_state *state, uint32_t who)
{
    return vitrine_profile_forget_all(state->who[who & 1]);
}
uint32_t vitrine_wasm_events(const vitrine_wasm_state *state, uint32_t who)
{
    return vitrine_profile_events(state->who[who & 1]);
}

double vitrine_wasm_event(const vitrine_wasm_state *state, uint32_t who, uint32_t index, uint32_t *out)
{
    const vitrine_profile *profile = state->who[who & 1];
    if (index >= vitrine_profile_events(profile)) return -1.0;
    const vitrine_event event = vitrine_profile_event(profile, index);
    out[0] = event.item;
    out[1] = event.kind;
    return (double)event.time;
}
const float *vitrine_wasm_profile_state(vitrine_wasm_state *state, uint32_t who)
{
    return vitrine_profile_state(state->who[who & 1], &state->length);
}

float vitrine_wasm_intent(const vitrine_wasm_state *state)
{
    float intent;
    return vitrine_profile_intent(state->who[0], &intent) ? intent : -1.0f;
}

uint32_t vitrine_wasm_affinities(vitrine_wasm_state *state, uint32_t k, uint32_t *out_names,
                                 uint32_t *out_lengths, float *out_weights)
{
    vitrine_affinity found[64];
    const uint32_t count = vitrine_profile_affinities(state->who[0], k < 64 ? k : 64, found);
    for (uint32_t i = 0; i < count; i++) {
        out_names[i] = (uint32_t)(uintptr_t)found[i].name;
        out_lengths[i] = (uint32_t)found[i].name_length;
        out_weights[i] = found[i].weight;
    }
    return count;
}

uint32_t vitrine_wasm_save_size(const vitrine_wasm_state *state)
{
    return vitrine_profile_save_size(state->who[0]);
}
uint32_t vitrine_wasm_save(vitrine_wasm_state *state, void *out, uint32_t size)
{
    size_t written;
    (void)answer(state, vitrine_profile_save(state->who[0], out, size, &written), "size");
    return written;
}
uint32_t vitrine_wasm_load(vitrine_wasm_state *state, const void *bytes, uint32_t size)
{
    return vitrine_profile_load(state->who[0], bytes, size, &state->skipped, &state->fault);
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

uint32_t vitrine_wasm_explain(vitrine_wasm_state *state, uint32_t who, const uint32_t *items,
                              uint32_t count, uint32_t *out)
{
    enum { BLOCK = 32 };
    vitrine_reason reasons[BLOCK];
    for (uint32_t from = 0; from < count; from += BLOCK) {
        const uint32_t n = count - from < BLOCK ? count - from : BLOCK;
        const vitrine_status status =
            vitrine_explain(state->ranker, state->who[who & 1], items + from, n, reasons);
        if (answer(state, status, "items") != VITRINE_OK) return 0;
        for (uint32_t i = 0; i < n; i++) {
            const vitrine_reason *r = &reasons[i];
            uint32_t *to = out + (size_t)(from + i) * VITRINE_WASM_REASON_WORDS;
            *to++ = r->kind;
            *to++ = bits_of(r->share);
            for (uint32_t p = 0; p < VITRINE_PARTS; p++) *to++ = bits_of(r->parts[p]);
            *to++ = r->event;
            *to++ = r->source;
            *to++ = bits_of(r->lost);
            *to = bits_of(r->factor);
        }
    }
    return count;
}

void vitrine_wasm_rules_clear(vitrine_wasm_state *state) { vitrine_rules_clear(state->rules); }
uint32_t vitrine_wasm_rules_op(const vitrine_wasm_state *state, const char *word, uint32_t length)
{
    (void)state; /* so that all calls of the builder look alike from outside */
    return vitrine_rule_op_of(word, length);
}

/* What the builder says of itself is more than a status. */
static uint32_t built(vitrine_wasm_state *state, vitrine_status status)
{
    state->fault = *vitrine_rules_fault(state->rules);
    return state->fault.status != VITRINE_OK ? state->fault.status : answer(state, status, "rules");
}

uint32_t vitrine_wasm_rules_begin(vitrine_wasm_state *state, float mul)
{
    return built(state, vitrine_rules_begin(state->rules, mul));
}
uint32_t vitrine_wasm_rules_group(vitrine_wasm_state *state, uint32_t op, uint32_t children)
{
    return built(state, vitrine_rules_group(state->rules, (vitrine_rule_op)op, children));
}
uint32_t vitrine_wasm_rules_test(vitrine_wasm_state *state, uint32_t op, const char *field,
                                 uint32_t length, uint32_t values)
{
    return built(state, vitrine_rules_test(state->rules, (vitrine_rule_op)op, field, length, values));
}
uint32_t vitrine_wasm_rules_number(vitrine_wasm_state *state, double value)
{
    return built(state, vitrine_rules_number(state->rules, value));
}
uint32_t vitrine_wasm_rules_text(vitrine_wasm_state *state, const char *text, uint32_t length)
{
    return built(state, vitrine_rules_text(state->rules, text, length));
}
uint32_t vitrine_wasm_rules_context(vitrine_wasm_state *state, const char *field, uint32_t length,
                                    double mul, double add)
{
    return built(state, vitrine_rules_context(state->rules, field, length, mul, add));
}
uint32_t vitrine_wasm_rules_pin(vitrine_wasm_state *state, uint32_t item, uint32_t position)
{
    return built(state, vitrine_rules_pin(state->rules, item, position));
}
uint32_t vitrine_wasm_rules_hide(vitrine_wasm_state *state, uint32_t item)
{
    return built(state, vitrine_rules_hide(state->rules, item));
}
uint32_t vitrine_wasm_rules_end(vitrine_wasm_state *state)
{
    return built(state, vitrine_rules_end(state->rules));
}

uint32_t vitrine_wasm_learn(vitrine_wasm_state *state, float strength)
{
    return answer(state, vitrine_ranker_learn(state->ranker, state->who[0], strength), "strength");
}
float vitrine_wasm_drift(vitrine_wasm_state *state) { return vitrine_ranker_drift(state->ranker); }
void vitrine_wasm_reset_learning(vitrine_wasm_state *state)
{
    vitrine_profile_reset_learning(state->who[0]);
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The page's clock; 0: unknown. */
static int64_t seconds_of(double now) { return now >= 0.0 && now <= 1e12 ? (int64_t)now : 0; }

static void write_placed(const vitrine_placed *placed, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        *out++ = placed[i].item;
        *out++ = bits_of(placed[i].score);
        *out++ = bits_of(placed[i].factor);
        *out++ = placed[i].rung;
    }
}

uint32_t vitrine_wasm_shelf(vitrine_wasm_state *state, const uint32_t *request, uint32_t *out)
{
    vitrine_placed placed[VITRINE_SHELF_LIMIT];
    vitrine_shelf shelf;
    vitrine_shelf_request r = {.placement = (vitrine_placement)request[0],
                               .limit = request[1],
                               .exclude_flags = request[2],
                               .seeds = (const uint32_t *)(uintptr_t)request[3],
                               .seed_count = request[4],
                               .shown = (const uint32_t *)(uintptr_t)request[5],
                               .shown_count = request[6],
                               .allowed = (const uint8_t *)(uintptr_t)request[7],
                               .must_match = request[8],
                               .diversity = float_of(request[9]),
                               .min_relevance = float_of(request[10]),
                               .fatigue = float_of(request[11]),
                               .fatigue_half_life = float_of(request[12]),
                               .now = request[13]};
    for (uint32_t c = 0; c < VITRINE_SHELF_CAPS; c++) {
        r.cap[c].field = (vitrine_text_field)request[14 + 2 * c];
        r.cap[c].most = request[15 + 2 * c];
    }
    const vitrine_status status = vitrine_recommend(state->ranker, state->rules, state->who[0],
                                                    state->who[1], &r, placed, &shelf);
    if (answer(state, status, "request") != VITRINE_OK) return status;
    *out++ = shelf.count;
    *out++ = shelf.rung;
    *out++ = shelf.seed;
    *out++ = shelf.seeded | shelf.relaxed << 1;
    write_placed(placed, shelf.count, out);
    return VITRINE_OK;
}

void vitrine_wasm_rules_mask(vitrine_wasm_state *state, uint32_t context, double now, uint8_t *mask)
{
    vitrine_rules_apply(state->rules, context, seconds_of(now), state->ranker->wide, mask, NULL);
}

_Static_assert(sizeof(vitrine_promotion) == 16, "four words, as the page reads them");

uint32_t vitrine_wasm_promote(vitrine_wasm_state *state, uint32_t context, double now,
                              vitrine_promotion *out)
{
    const vitrine_status status = vitrine_promote(state->ranker, state->rules, state->who[0], context,
                                                  seconds_of(now), out);
    return answer(state, status, "request");
}

uint32_t vitrine_wasm_rerank_within(vitrine_wasm_state *state, const uint32_t *items, uint32_t count,
                                    const uint8_t *keep, uint32_t most, double now, uint32_t *out)
{
    vitrine_placed placed[VITRINE_SHELF_LIMIT];
    const vitrine_status status = vitrine_rerank_within(state->ranker, state->rules, state->who[0], items,
                                                        count, keep, most, seconds_of(now), placed);
    if (answer(state, status, "items") != VITRINE_OK) return status;
    write_placed(placed, count, out);
    return VITRINE_OK;
}

void vitrine_wasm_sha256(vitrine_wasm_state *state, const void *bytes, uint32_t size, uint8_t *out)
{
    (void)state;
    vitrine_sha256_of(bytes, size, out);
}
