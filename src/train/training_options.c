#include "base/fault.h"
#include "train/training.h"

vitrine_train_options vitrine_train_options_default(void)
{
    const vitrine_train_options usual = {
        .preset = VITRINE_PRESET_BASE, .cell = VITRINE_CELL_GRU, .tied = true, .skip = true, .norm = true,
        .loss = VITRINE_LOSS_BY_SIZE, .fuse = true, .keep_old = 1.0f, .sample_power = 0.5f,
        .bptt = 32, .rate = 0.003f, .dropout_input = -1.0f, .dropout_output = -1.0f, .clip = 1.0f,
        .init = 0.02f, .validation = 0.1f, .refit = true,
        .seed = 1, .threads = 1, .table_kind = VITRINE_TABLE_BEST, .table_neighbours = 64,
        .table_window = 10, .table_damping = 5.0f, .table_bits = 4, .bytes_per_item = -1.0f, .table_self = true,
        .attr_mode = VITRINE_ATTR_INDEXED, .feature_width = 32, .id_dropout = 0.1f, .session_gap = 1800,
    };
    return usual;
}

vitrine_status vitrine_training_check(const vitrine_training *t)
{
    const vitrine_train_options *o = t->options;
    const bool is_ease = o->table_kind == VITRINE_TABLE_EASE;
    struct {
        const char *field;
        bool ok;
        uint64_t found, limit;
    } rules[] = {
        { "items", t->log->items >= 2, t->log->items, 2 },
        { "events", t->log->events >= 2, t->log->events, 2 },
        { "dim", o->dim > 0 && o->dim <= VITRINE_MAX_WIDTH, o->dim, VITRINE_MAX_WIDTH },
        { "hidden", o->hidden > 0 && o->hidden <= VITRINE_MAX_WIDTH, o->hidden, VITRINE_MAX_WIDTH },
        { "batch", o->batch > 0 && o->batch <= 65536, o->batch, 65536 },
        { "bptt", o->bptt > 0 && o->bptt <= 1024, o->bptt, 1024 },
        { "epochs", o->epochs > 0, o->epochs, 1 },
        { "threads", o->threads > 0 && o->threads <= 64, o->threads, 64 },
        { "table_bits", o->table_bits >= 1 && o->table_bits <= 8, o->table_bits, 8 },
        { "similarity", o->table_kind <= VITRINE_TABLE_BEST, o->table_kind, VITRINE_TABLE_BEST },
        { "ease", !is_ease || t->log->items <= VITRINE_EASE_ITEMS, t->log->items, VITRINE_EASE_ITEMS },
        { "start", !is_ease || o->start == NULL, 1, 0 }, /* what an old table counted cannot go into it */
        { "cell", o->cell <= VITRINE_CELL_BAG, o->cell, VITRINE_CELL_BAG },
        { "dropout", o->dropout_input >= 0.0f && o->dropout_input < 1.0f &&
                         o->dropout_output >= 0.0f && o->dropout_output < 1.0f, 1, 1 },
        { "validation", o->validation >= 0.0f && o->validation <= 0.9f, 1, 1 },
        { "feature_width", o->feature_width <= VITRINE_MAX_WIDTH, o->feature_width,
          VITRINE_MAX_WIDTH },
        { "id_dropout", o->id_dropout >= 0.0f && o->id_dropout < 1.0f, 1, 1 },
        { "attributes", o->attr_mode != VITRINE_ATTR_HASHED || o->attr_buckets > 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (!rules[i].ok)
            return vitrine_refuse(t->fault, VITRINE_BAD_ARGUMENT, rules[i].field, 0, rules[i].found,
                                  rules[i].limit);
    return VITRINE_OK;
}
