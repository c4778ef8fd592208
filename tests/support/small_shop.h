/* A small model and catalog with seeded weights, for tests and for tools that compare lists across
 * platforms. Everything a model can hold is in it: network, table, attributes, feature network, and from
 * 100 items on purchase intent, which the smallest have no room for. */
#ifndef VITRINE_TESTS_SMALL_SHOP_H
#define VITRINE_TESTS_SMALL_SHOP_H

#include "catalog/catalog_writer.h"
#include "model/model_writer.h"

typedef struct small_shop_options {
    uint32_t items, dim, cell, precision, attr_mode;
    uint32_t session_gap;
    uint64_t seed;
    float repeat_penalty; /* eighths */
    bool gaps;            /* time gaps are an input */
    bool byte_gates;      /* the network's gates multiply bytes; int8 only */
} small_shop_options;

/* 300 items of width 20, GRU, int8, indexed attributes, sessions of 30 minutes. */
small_shop_options small_shop_usual(void);

typedef struct small_shop {
    vitrine_model_parts parts; /* what the model was written from */
    uint8_t *model;            /* 64-aligned */
    size_t model_size;
    uint8_t *catalog; /* every third model item left out, three new items */
    size_t catalog_size;
    void *owned[64];
    uint32_t owned_count;
} small_shop;

/* Exits the program when memory is out or the writer refuses. */
void small_shop_make(small_shop *shop, const small_shop_options *options);
void small_shop_free(small_shop *shop);

/* The id of model item i: "100", "101", ... */
void small_shop_id(uint32_t item, char id[16]);

/* A seeded generator of the tests' own: SplitMix64. */
uint64_t small_shop_random(uint64_t *state);

#endif
