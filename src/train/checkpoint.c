#include "train/checkpoint.h"

#include <string.h>
#include "base/fault.h"
#include "base/sha256.h"

/* Header: magic, SHA-256 of the rest of the file, both marks, then the numbers of `fields`. */
static const char MAGIC[16] = "vitrine resume1";
enum { AT_HASH = 16, AT_LOG = 48, AT_OPTIONS = 80, AT_FIELDS = 112 };

typedef struct fields {
    uint64_t total, steps;
    uint32_t refits, has_best, epoch, best_epoch, first_epoch, unused;
    double recall20, mrr20, best_recall20, best_mrr20, first_recall20, first_mrr20;
} fields;
_Static_assert(AT_FIELDS + sizeof(fields) <= VITRINE_CHECKPOINT_HEADER, "the header holds them");

static void hash_pieces(const vitrine_piece *pieces, size_t count, uint8_t digest[32])
{
    vitrine_sha256 sha;
    const uint8_t *header = pieces[0].bytes;
    vitrine_sha256_init(&sha);
    vitrine_sha256_update(&sha, header + AT_LOG, pieces[0].size - AT_LOG);
    for (size_t i = 1; i < count; i++) vitrine_sha256_update(&sha, pieces[i].bytes, pieces[i].size);
    vitrine_sha256_final(&sha, digest);
}

size_t vitrine_checkpoint_pieces(const vitrine_checkpoint *c, const vitrine_training_mark *mark,
                                 size_t total, uint8_t header[VITRINE_CHECKPOINT_HEADER],
                                 vitrine_piece pieces[VITRINE_CHECKPOINT_PIECES])
{
    const vitrine_learn_state *s = &c->state;
    const fields f = { .total = total, .steps = s->steps, .refits = c->refits,
                       .has_best = s->best != NULL, .epoch = s->epoch,
                       .best_epoch = s->learnt.best_epoch, .first_epoch = c->first.best_epoch,
                       .recall20 = s->recall20, .mrr20 = s->mrr20,
                       .best_recall20 = s->learnt.recall20, .best_mrr20 = s->learnt.mrr20,
                       .first_recall20 = c->first.recall20, .first_mrr20 = c->first.mrr20 };
    memset(header, 0, VITRINE_CHECKPOINT_HEADER);
    memcpy(header, MAGIC, sizeof MAGIC);
    memcpy(header + AT_LOG, mark->log, 32);
    memcpy(header + AT_OPTIONS, mark->options, 32);
    memcpy(header + AT_FIELDS, &f, sizeof f);
    const float *const arrays[] = { s->theta, s->mean, s->square, s->best,
                                    c->refits ? c->first_theta : NULL };
    size_t count = 0;
    pieces[count++] = (vitrine_piece){ header, VITRINE_CHECKPOINT_HEADER };
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (arrays[i] != NULL) pieces[count++] = (vitrine_piece){ arrays[i], total * sizeof(float) };
    hash_pieces(pieces, count, header + AT_HASH);
    return count;
}

vitrine_status vitrine_checkpoint_open(const void *bytes, size_t size,
                                       const vitrine_training_mark *mark, size_t total,
                                       vitrine_checkpoint *c, vitrine_fault *fault)
{
    const uint8_t *header = bytes;
    uint8_t digest[32];
    fields f;
    const vitrine_piece whole = { bytes, size };
    if (size < VITRINE_CHECKPOINT_HEADER || memcmp(header, MAGIC, sizeof MAGIC) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "checkpoint", 0, size, 0);
    hash_pieces(&whole, 1, digest);
    if (memcmp(digest, header + AT_HASH, 32) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "checkpoint", AT_HASH, 0, 0);
    if (memcmp(header + AT_LOG, mark->log, 32) != 0)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "checkpoint", AT_LOG, 1, 0);
    memcpy(&f, header + AT_FIELDS, sizeof f);
    if (memcmp(header + AT_OPTIONS, mark->options, 32) != 0 || f.total != total)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "checkpoint", AT_OPTIONS, 2, 0);
    const size_t arrays = 3u + f.has_best + f.refits;
    if (f.has_best > 1 || f.refits > 1 ||
        size != VITRINE_CHECKPOINT_HEADER + arrays * total * sizeof(float))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "checkpoint", AT_FIELDS, size, 0);
    const float *at = (const float *)(const void *)(header + VITRINE_CHECKPOINT_HEADER);
    *c = (vitrine_checkpoint){
        .refits = f.refits,
        .first = { f.first_epoch, f.first_recall20, f.first_mrr20 },
        .state = { .epoch = f.epoch, .steps = f.steps, .recall20 = f.recall20, .mrr20 = f.mrr20,
                   .learnt = { f.best_epoch, f.best_recall20, f.best_mrr20 },
                   .theta = at, .mean = at + total, .square = at + 2 * total },
    };
    if (f.has_best) c->state.best = at + 3 * total;
    if (f.refits) c->first_theta = at + (3u + f.has_best) * total;
    return VITRINE_OK;
}
