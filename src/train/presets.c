#include "train/presets.h"

/* The full softmax costs items * events; past this the sampled one is several times faster. */
#define FULL_LOSS_MOST 3e9
enum { FULL_LOSS_ITEMS = 20000, USUAL_DRAWS = 2048 };

/* By sessions: a small log needs small batches and many rounds, or it ends before it has learnt; a long
 * one has learnt after few, and reviews, whose dropout is higher, after twice as many. `draws` are those of the
 * sampled loss for sessions: more find more, where there is time for them. The first row whose `sessions` is not
 * reached. */
static const struct {
    uint32_t sessions, batch, epochs, patience, review_epochs, review_patience, draws;
} by_size[] = {
    { 8000, 32, 30, 6, 30, 6, USUAL_DRAWS },
    { 60000, 64, 12, 3, 24, 6, USUAL_DRAWS },
    { 500000, 128, 10, 3, 20, 5, 8192 },
    { UINT32_MAX, 256, 4, 2, 8, 3, USUAL_DRAWS },
};

static const struct {
    uint32_t dim;
    float dropout;
} by_preset[] = { [VITRINE_PRESET_SMALL] = { 32, 0.15f },
                  [VITRINE_PRESET_BASE] = { 64, 0.3f },
                  [VITRINE_PRESET_LARGE] = { 128, 0.5f } };

/* Reviews are few for a user and an item: what is learnt of an item must not lean on one number. */
#define SPARSE_DROPOUT_INPUT 0.2f
#define MOST_DROPOUT_INPUT 0.6f

void vitrine_train_fit(uint32_t sessions, uint64_t events, uint32_t items, vitrine_train_options *o)
{
    size_t row = 0;
    while (sessions >= by_size[row].sessions && by_size[row].sessions != UINT32_MAX) row++;
    if (o->dim == 0) o->dim = by_preset[o->preset].dim;
    if (o->hidden == 0) o->hidden = o->dim;
    if (o->batch == 0) o->batch = by_size[row].batch;
    if (o->patience == 0)
        o->patience = o->leave_one_out ? by_size[row].review_patience : by_size[row].patience;
    if (o->dropout_output < 0.0f) o->dropout_output = by_preset[o->preset].dropout;
    if (o->dropout_input < 0.0f) {
        o->dropout_input = by_preset[o->preset].dropout + (o->leave_one_out ? SPARSE_DROPOUT_INPUT : 0.0f);
        if (o->dropout_input > MOST_DROPOUT_INPUT) o->dropout_input = MOST_DROPOUT_INPUT;
    }
    if (o->loss == VITRINE_LOSS_BY_SIZE)
        o->loss = items <= FULL_LOSS_ITEMS && (double)items * (double)events <= FULL_LOSS_MOST
                      ? VITRINE_LOSS_FULL : VITRINE_LOSS_SAMPLED;
    const bool drawn = o->loss == VITRINE_LOSS_SAMPLED && !o->leave_one_out;
    if (o->negatives == 0) o->negatives = drawn ? by_size[row].draws : USUAL_DRAWS;
    if (o->epochs == 0) o->epochs = o->leave_one_out ? by_size[row].review_epochs : by_size[row].epochs;
}
