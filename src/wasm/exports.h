/* The flat face of the engine for JavaScript: numbers and addresses, no logic of its own.
 *
 * The page owns the memory: it places a state block, the files' bytes and working memory wherever it
 * likes above __heap_base, each aligned to 64, and passes addresses. Functions that can be refused
 * return a vitrine_status (0 is ok) and leave the fault in the state block; functions that measure
 * return 0 after a refusal. Texts are returned by address; the state block has their length. For
 * JavaScript `$` stands for `vitrine_wasm_`, and a published package has letters for the whole name
 * (tools/bare-exports.mjs): any change of what is declared here is another VITRINE_WASM_ABI. */
#ifndef VITRINE_WASM_EXPORTS_H
#define VITRINE_WASM_EXPORTS_H

#include "vitrine/placements.h"

typedef struct vitrine_wasm_state vitrine_wasm_state;

enum { VITRINE_WASM_ABI = 3 };
enum { VITRINE_WHO_VISITOR = 0, VITRINE_WHO_SEEDS = 1 };
/* The state block begins with words of 32 bits for the page to read: the last refusal's status, address of the
 * field's name (zero-terminated; 0: none), offset, what was found and what expected, an empty word behind each of
 * these three; the length of the text returned last; how many things the last call that counts some passed over
 * or changed. */
enum {
    VITRINE_WASM_STATUS,
    VITRINE_WASM_FIELD,
    VITRINE_WASM_OFFSET,
    VITRINE_WASM_FOUND = 4,
    VITRINE_WASM_EXPECTED = 6,
    VITRINE_WASM_LENGTH = 8,
    VITRINE_WASM_SKIPPED
};

uint32_t vitrine_wasm_abi(void);
uint32_t vitrine_wasm_variant(void);       /* 0: plain, 1: simd128, 2: relaxed */
uint32_t vitrine_wasm_known_answer(void);  /* 1 when the relaxed int8 dot, where it is used, computes what it must */
uint32_t vitrine_wasm_state_size(void); /* of the state block, zeros before the first call */

/* Open in this order; each step again replaces the later ones too. catalog bytes 0: none.
 * sums: [sections][32], the sections' SHA-256 over these bytes, by whoever is fast at it; 0: computed here.
 * profiles: visitor (capacity events), seeds, ranker and rules in one piece. */
uint32_t vitrine_wasm_model_need(vitrine_wasm_state *state, const void *bytes, uint32_t size);
uint32_t vitrine_wasm_model_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                 const void *bytes, uint32_t size, const uint8_t *sums);
uint32_t vitrine_wasm_catalog_need(vitrine_wasm_state *state, const void *bytes, uint32_t size);
uint32_t vitrine_wasm_catalog_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                   const void *bytes, uint32_t size, const uint8_t *sums);
uint32_t vitrine_wasm_profiles_need(vitrine_wasm_state *state, uint32_t capacity);
uint32_t vitrine_wasm_profiles_open(vitrine_wasm_state *state, void *mem, uint32_t mem_size,
                                    uint32_t capacity);

const uint8_t *vitrine_wasm_model_hash(const vitrine_wasm_state *state); /* 32 bytes */
double vitrine_wasm_model_version(const vitrine_wasm_state *state);
const char *vitrine_wasm_model_card(vitrine_wasm_state *state);

uint32_t vitrine_wasm_items(const vitrine_wasm_state *state);
uint32_t vitrine_wasm_find(const vitrine_wasm_state *state, const char *id, uint32_t length); /* or 0xffffffff */
const char *vitrine_wasm_id(vitrine_wasm_state *state, uint32_t item);
const char *vitrine_wasm_text(vitrine_wasm_state *state, uint32_t item, uint32_t field);
float vitrine_wasm_price(const vitrine_wasm_state *state, uint32_t item);
uint32_t vitrine_wasm_available(const vitrine_wasm_state *state, uint32_t item);
const char *vitrine_wasm_own_name(vitrine_wasm_state *state, uint32_t index);
uint32_t vitrine_wasm_set_price(vitrine_wasm_state *state, uint32_t item, float price);
uint32_t vitrine_wasm_set_available(vitrine_wasm_state *state, uint32_t item, uint32_t available);

const uint8_t *vitrine_wasm_catalog_hash(const vitrine_wasm_state *state); /* 32 bytes */
double vitrine_wasm_catalog_version(const vitrine_wasm_state *state);
uint32_t vitrine_wasm_catalog_digest(const vitrine_wasm_state *state);
/* A delta file: a status; VITRINE_WASM_SKIPPED counts the items that changed. */
uint32_t vitrine_wasm_apply_delta(vitrine_wasm_state *state, const void *bytes, uint32_t size);

/* `who` is VITRINE_WHO_...; time in seconds. */
uint32_t vitrine_wasm_observe(vitrine_wasm_state *state, uint32_t who, uint32_t item, uint32_t kind,
                              double time, float value);
/* A shelf showed the item to the visitor. */
uint32_t vitrine_wasm_seen(vitrine_wasm_state *state, uint32_t item, double time);
uint32_t vitrine_wasm_forget_item(vitrine_wasm_state *state, uint32_t who, uint32_t item);
uint32_t vitrine_wasm_forget_since(vitrine_wasm_state *state, uint32_t who, double since);
uint32_t vitrine_wasm_forget_all(vitrine_wasm_state *state, uint32_t who);
uint32_t vitrine_wasm_events(const vitrine_wasm_state *state, uint32_t who);
/* An event, oldest first. Returns its time; out [2]: item, kind. Below 0: there is none, out as it was. */
double vitrine_wasm_event(const vitrine_wasm_state *state, uint32_t who, uint32_t index, uint32_t *out);
const float *vitrine_wasm_profile_state(vitrine_wasm_state *state, uint32_t who); /* length in floats */
/* Purchase intent of the visitor in 0..1; below 0: the model has no such part, or no visit is open. */
float vitrine_wasm_intent(const vitrine_wasm_state *state);
/* out_names [k] addresses, out_lengths [k], out_weights [k]; returns how many. */
uint32_t vitrine_wasm_affinities(vitrine_wasm_state *state, uint32_t k, uint32_t *out_names,
                                 uint32_t *out_lengths, float *out_weights);

uint32_t vitrine_wasm_save_size(const vitrine_wasm_state *state);
uint32_t vitrine_wasm_save(vitrine_wasm_state *state, void *out, uint32_t size); /* bytes, 0 refused */
/* VITRINE_WASM_SKIPPED counts events of items that are no more. */
uint32_t vitrine_wasm_load(vitrine_wasm_state *state, const void *bytes, uint32_t size);

/* out [count][11] words: kind, share, 5 parts, event, source, lost, factor; all but kind, event and
 * source are floats. kind: vitrine_part. event, source: 0xffffffff when none. */
uint32_t vitrine_wasm_explain(vitrine_wasm_state *state, uint32_t who, const uint32_t *items,
                              uint32_t count, uint32_t *out);
enum { VITRINE_WASM_REASON_WORDS = 11 };

/* The rules, built as vitrine/rules.h says. After a refusal the fault's offset is the node's number,
 * in the order of the calls. */
void vitrine_wasm_rules_clear(vitrine_wasm_state *state);
/* VITRINE_RULE_...; VITRINE_RULE_OPS: unknown. */
uint32_t vitrine_wasm_rules_op(const vitrine_wasm_state *state, const char *word, uint32_t length);
uint32_t vitrine_wasm_rules_begin(vitrine_wasm_state *state, float mul);
uint32_t vitrine_wasm_rules_group(vitrine_wasm_state *state, uint32_t op, uint32_t children);
uint32_t vitrine_wasm_rules_test(vitrine_wasm_state *state, uint32_t op, const char *field,
                                 uint32_t length, uint32_t values);
uint32_t vitrine_wasm_rules_number(vitrine_wasm_state *state, double value);
uint32_t vitrine_wasm_rules_text(vitrine_wasm_state *state, const char *text, uint32_t length);
uint32_t vitrine_wasm_rules_context(vitrine_wasm_state *state, const char *field, uint32_t length,
                                    double mul, double add);
uint32_t vitrine_wasm_rules_pin(vitrine_wasm_state *state, uint32_t item, uint32_t position);
uint32_t vitrine_wasm_rules_hide(vitrine_wasm_state *state, uint32_t item);
uint32_t vitrine_wasm_rules_end(vitrine_wasm_state *state);

/* Learning from the visitor, see vitrine/rank.h: strength 0..1; how far it went, 0..1; from anew. */
uint32_t vitrine_wasm_learn(vitrine_wasm_state *state, float strength);
float vitrine_wasm_drift(vitrine_wasm_state *state);
void vitrine_wasm_reset_learning(vitrine_wasm_state *state);

/* A shelf (vitrine/placements.h) under the rules as they stand.
 *
 *   request  [VITRINE_WASM_REQUEST_WORDS]  placement, limit, exclude flags, seeds address, seed count,
 *            shown address, shown count, allowed address (0: all), must_match, diversity,
 *            min_relevance, fatigue, fatigue half-life (f32 each), now (s), then for each of four
 *            caps: text field, most
 *   out      four words: count, rung, seed (0xffffffff: none), bit 0 seeded and bit 1 relaxed; then
 *            for each item, at most `limit`: item, score, factor (f32 each), rung
 *
 * Returns a status. */
enum { VITRINE_WASM_REQUEST_WORDS = 22, VITRINE_WASM_PLACED_WORDS = 4 };
uint32_t vitrine_wasm_shelf(vitrine_wasm_state *state, const uint32_t *request, uint32_t *out);
/* Of mask [items], 0 where the rules' filter is false: of the conditions of promotions. */
void vitrine_wasm_rules_mask(vitrine_wasm_state *state, uint32_t context, double now, uint8_t *mask);
/* A promotion whose target the rules' filter is (vitrine/placements.h); context 0xffffffff: none.
 * out: four words: share, appeal (f32 each), items, best. Returns a status. */
uint32_t vitrine_wasm_promote(vitrine_wasm_state *state, uint32_t context, double now,
                              vitrine_promotion *out);
/* A given list within bounds; keep [count] bytes or 0. out: four words an item, as above. */
uint32_t vitrine_wasm_rerank_within(vitrine_wasm_state *state, const uint32_t *items, uint32_t count,
                                    const uint8_t *keep, uint32_t most, double now, uint32_t *out);

/* For files that the page writes itself: out [32]. */
void vitrine_wasm_sha256(vitrine_wasm_state *state, const void *bytes, uint32_t size, uint8_t *out);

#endif
