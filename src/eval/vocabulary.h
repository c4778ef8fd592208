/* The items that an evaluation is about, sorted as those of a model are, and how another catalog's
 * items stand to them: two models that learnt from different logs are judged on the same lists. */
#ifndef VITRINE_EVAL_VOCABULARY_H
#define VITRINE_EVAL_VOCABULARY_H

#include "eval/lister.h"
#include "base/strings.h"

/* Every item of a catalog, in the order of (length, bytes). Owned. */
typedef struct vitrine_vocabulary {
    vitrine_strings ids;
    uint32_t *offset;
    char *bytes;
} vitrine_vocabulary;

/* VITRINE_NO_SPACE leaves it empty. */
vitrine_status vitrine_vocabulary_make(const vitrine_catalog *catalog, vitrine_vocabulary *made);
void vitrine_vocabulary_free(vitrine_vocabulary *vocabulary);

/* A lister over a catalog's items becomes one over a vocabulary's. Items that the catalog lacks are
 * in no list and say nothing in a history; items outside the vocabulary are no candidates. Takes the
 * inner lister over, after a failure too. */
vitrine_status vitrine_translate_lister(const vitrine_lister *inner, const vitrine_catalog *catalog,
                                        const vitrine_strings *vocabulary, vitrine_lister *lister);

#endif
