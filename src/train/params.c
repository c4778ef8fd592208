#include "train/params.h"

#include <math.h>
#include "train/random.h"
#include "vitrine/event.h"

static void set(vitrine_layout *layout, vitrine_segment segment, size_t rows, size_t cols)
{
    layout->rows[segment] = rows;
    layout->cols[segment] = cols;
}

static void place(vitrine_layout *layout)
{
    for (int s = 0; s < VITRINE_SEGMENTS; s++)
        layout->offset[s + 1] = layout->offset[s] + layout->rows[s] * layout->cols[s];
}

void vitrine_layout_make(const vitrine_network_shape *shape, uint32_t items,
                         vitrine_layout *layout)
{
    const size_t gates = (size_t)vitrine_cell_gates(shape->cell) * shape->hidden;
    const size_t input = shape->input, dim = shape->dim, hidden = shape->hidden;
    *layout = (vitrine_layout){ .shape = *shape, .items = items };
    set(layout, VITRINE_SEG_ITEM, items, dim);
    set(layout, VITRINE_SEG_BIAS, 1, items);
    if ((shape->flags & VITRINE_NET_TIED) == 0) set(layout, VITRINE_SEG_EMBED, items, input);
    set(layout, VITRINE_SEG_KIND, vitrine_kind_rows(shape), input);
    set(layout, VITRINE_SEG_CELL_W, gates, input);
    set(layout, VITRINE_SEG_CELL_U, gates, hidden);
    set(layout, VITRINE_SEG_CELL_B, 1, gates);
    if (shape->cell == VITRINE_CELL_GRU) set(layout, VITRINE_SEG_CELL_C, 1, hidden);
    if ((shape->flags & VITRINE_NET_OUT) != 0) set(layout, VITRINE_SEG_OUT_W, dim, hidden);
    if ((shape->flags & VITRINE_NET_SKIP) != 0) set(layout, VITRINE_SEG_SKIP_W, dim, input);
    if ((shape->flags & VITRINE_NET_NORM) != 0) {
        set(layout, VITRINE_SEG_NORM_GAIN, 1, dim);
        set(layout, VITRINE_SEG_NORM_BIAS, 1, dim);
    }
    place(layout);
}

void vitrine_layout_add_features(vitrine_layout *layout, uint32_t attributes, uint32_t width,
                                 uint32_t numbers)
{
    set(layout, VITRINE_SEG_FEATURE_EMBED, attributes, width);
    set(layout, VITRINE_SEG_FEATURE_DENSE, width, numbers);
    set(layout, VITRINE_SEG_FEATURE_BIAS, 1, width);
    set(layout, VITRINE_SEG_FEATURE_OUT, layout->shape.dim, width);
    set(layout, VITRINE_SEG_FEATURE_OUT_BIAS, 1, layout->shape.dim);
    place(layout);
}

/* Box and Muller's transform. */
static float normal(uint64_t key, uint64_t index)
{
    const double u = 1.0 - vitrine_random_unit(vitrine_random(key, 2 * index));
    const double v = vitrine_random_unit(vitrine_random(key, 2 * index + 1));
    return (float)(sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v));
}

void vitrine_params_init(const vitrine_layout *layout, float init, uint64_t seed, float *theta)
{
    for (int s = 0; s < VITRINE_SEGMENTS; s++) {
        float *at = theta + layout->offset[s];
        const size_t size = layout->rows[s] * layout->cols[s];
        const uint64_t key = vitrine_random(seed, (uint64_t)s);
        /* A unit of the cell draws by its own width, as its two matrices feed one sum. */
        const size_t inputs = s == VITRINE_SEG_CELL_W ? layout->shape.hidden : layout->cols[s];
        const double width = inputs > 0 ? 1.0 / sqrt((double)inputs) : 0.0;
        switch (s) {
        case VITRINE_SEG_ITEM:
        case VITRINE_SEG_EMBED:
            for (size_t i = 0; i < size; i++) at[i] = init * normal(key, i);
            break;
        case VITRINE_SEG_KIND:
            /* Gaps begin at 0: training begins as without them. */
            for (size_t i = 0; i < size; i++)
                at[i] = i / layout->shape.input < VITRINE_EVENT_KINDS ? init * normal(key, i) : 0.0f;
            break;
        case VITRINE_SEG_FEATURE_EMBED:
            for (size_t i = 0; i < size; i++) at[i] = VITRINE_FEATURE_INIT * normal(key, i);
            break;
        case VITRINE_SEG_FEATURE_DENSE:
        case VITRINE_SEG_FEATURE_OUT:
        case VITRINE_SEG_CELL_W:
        case VITRINE_SEG_CELL_U:
        case VITRINE_SEG_OUT_W:
        case VITRINE_SEG_SKIP_W:
            for (size_t i = 0; i < size; i++)
                at[i] = (float)(width * (2.0 * vitrine_random_unit(vitrine_random(key, i)) - 1.0));
            break;
        case VITRINE_SEG_NORM_GAIN:
            for (size_t i = 0; i < size; i++) at[i] = 1.0f;
            break;
        case VITRINE_SEG_CELL_B:
            /* Forget bias starts at 1: from 0 a cell forgets before it learns what to keep
             * (Jozefowicz, Zaremba and Sutskever 2015). */
            for (size_t i = 0; i < size; i++)
                at[i] = layout->shape.cell != VITRINE_CELL_GRU && i / layout->shape.hidden == 1;
            break;
        default:
            for (size_t i = 0; i < size; i++) at[i] = 0.0f;
        }
    }
}
