#include "train/feature_net.h"

#include <stdlib.h>
#include <string.h>
#include "train/loops.h"
#include "train/random.h"

struct vitrine_feature_net {
    const vitrine_layout *layout;
    const float *theta;
    const vitrine_feature_inputs *inputs;
    const vitrine_loops *loops;
    vitrine_matmul matmul;
    float drop;
    float *gradient;
    float *hidden, *d_hidden; /* [items][width] */
    float *number;            /* [most_rows][numbers] side by side */
    uint8_t *dropped;         /* [items] */
    const uint32_t *row;      /* of the last forward */
    uint32_t rows;
};

static const float *weights(const vitrine_feature_net *net, vitrine_segment segment)
{
    return net->theta + net->layout->offset[segment];
}

static float *slope(const vitrine_feature_net *net, vitrine_segment segment)
{
    return net->gradient + (net->layout->offset[segment] -
                            net->layout->offset[VITRINE_SEG_FEATURE_EMBED]);
}

vitrine_feature_net *vitrine_feature_net_create(const vitrine_layout *layout, const float *theta,
                                                const vitrine_feature_inputs *inputs,
                                                uint32_t most_rows, float drop,
                                                vitrine_matmul matmul)
{
    vitrine_feature_net *net = calloc(1, sizeof *net);
    if (net == NULL) return NULL;
    const size_t width = layout->cols[VITRINE_SEG_FEATURE_EMBED], rows = (size_t)layout->items + 1;
    net->layout = layout;
    net->theta = theta;
    net->inputs = inputs;
    net->loops = vitrine_loops_best();
    net->matmul = matmul;
    net->drop = drop;
    net->gradient = malloc(vitrine_layout_feature(layout) * sizeof *net->gradient);
    net->hidden = malloc(rows * width * sizeof *net->hidden);
    net->d_hidden = malloc(rows * width * sizeof *net->d_hidden);
    net->number = malloc(((size_t)most_rows + 1) * inputs->numbers * sizeof *net->number);
    net->dropped = malloc(rows);
    if (net->gradient != NULL && net->hidden != NULL && net->d_hidden != NULL &&
        net->number != NULL && net->dropped != NULL)
        return net;
    vitrine_feature_net_destroy(net);
    return NULL;
}

void vitrine_feature_net_destroy(vitrine_feature_net *net)
{
    if (net == NULL) return;
    free(net->gradient);
    free(net->hidden);
    free(net->d_hidden);
    free(net->number);
    free(net->dropped);
    free(net);
}

static uint32_t item_of(const vitrine_feature_net *net, uint32_t r)
{
    return net->row != NULL ? net->row[r] : r;
}

/* The numbers of the rows; those of all items lie side by side as they are. */
static const float *numbers_of(const vitrine_feature_net *net)
{
    return net->row != NULL ? net->number : net->inputs->number;
}

void vitrine_feature_net_forward(vitrine_feature_net *net, const uint32_t *row, uint32_t rows,
                                 bool training, uint64_t key, float *item)
{
    const vitrine_feature_inputs *in = net->inputs;
    const size_t F = net->layout->cols[VITRINE_SEG_FEATURE_EMBED], N = in->numbers;
    const size_t D = net->layout->shape.dim;
    const float *bias = weights(net, VITRINE_SEG_FEATURE_BIAS);
    const float *embed = weights(net, VITRINE_SEG_FEATURE_EMBED);
    const float *out_bias = weights(net, VITRINE_SEG_FEATURE_OUT_BIAS);
    net->row = row;
    net->rows = rows;
    for (uint32_t r = 0; r < rows; r++) {
        const uint32_t j = item_of(net, r);
        float *hidden = net->hidden + r * F;
        memcpy(hidden, bias, F * sizeof *hidden);
        for (uint32_t e = in->offset[j]; e < in->offset[j + 1]; e++)
            net->loops->add(hidden, embed + in->index[e] * F, F);
        if (row != NULL) memcpy(net->number + r * N, in->number + j * N, N * sizeof(float));
        net->dropped[r] = training && in->known[j] != 0 &&
                          vitrine_random_unit(vitrine_random(key, j)) < (double)net->drop;
        if (net->dropped[r]) memset(item + r * D, 0, D * sizeof *item);
        net->loops->add(item + r * D, out_bias, D);
    }
    net->matmul(rows, F, N, vitrine_as_is(numbers_of(net), N),
                vitrine_turned(weights(net, VITRINE_SEG_FEATURE_DENSE), N), 1.0f, net->hidden, F);
    for (size_t i = 0; i < rows * F; i++) net->hidden[i] = net->hidden[i] > 0.0f ? net->hidden[i] : 0.0f;
    net->matmul(rows, D, F, vitrine_as_is(net->hidden, F),
                vitrine_turned(weights(net, VITRINE_SEG_FEATURE_OUT), F), 1.0f, item, D);
}

void vitrine_feature_net_backward(vitrine_feature_net *net, float *d_item)
{
    const vitrine_feature_inputs *in = net->inputs;
    const size_t F = net->layout->cols[VITRINE_SEG_FEATURE_EMBED], N = in->numbers;
    const size_t D = net->layout->shape.dim, rows = net->rows;
    memset(net->gradient, 0, vitrine_layout_feature(net->layout) * sizeof *net->gradient);
    net->matmul(D, F, rows, vitrine_turned(d_item, D), vitrine_as_is(net->hidden, F), 0.0f,
                slope(net, VITRINE_SEG_FEATURE_OUT), F);
    net->matmul(rows, F, D, vitrine_as_is(d_item, D),
                vitrine_as_is(weights(net, VITRINE_SEG_FEATURE_OUT), F), 0.0f, net->d_hidden, F);
    for (size_t i = 0; i < rows * F; i++)
        if (!(net->hidden[i] > 0.0f)) net->d_hidden[i] = 0.0f;
    net->matmul(F, N, rows, vitrine_turned(net->d_hidden, F), vitrine_as_is(numbers_of(net), N), 0.0f,
                slope(net, VITRINE_SEG_FEATURE_DENSE), N);
    float *d_embed = slope(net, VITRINE_SEG_FEATURE_EMBED);
    for (uint32_t r = 0; r < rows; r++) {
        const uint32_t j = item_of(net, r);
        const float *d = net->d_hidden + r * F;
        net->loops->add(slope(net, VITRINE_SEG_FEATURE_OUT_BIAS), d_item + r * D, D);
        net->loops->add(slope(net, VITRINE_SEG_FEATURE_BIAS), d, F);
        for (uint32_t e = in->offset[j]; e < in->offset[j + 1]; e++)
            net->loops->add(d_embed + in->index[e] * F, d, F);
        if (net->dropped[r]) memset(d_item + r * D, 0, D * sizeof *d_item);
    }
}

const float *vitrine_feature_net_gradient(const vitrine_feature_net *net)
{
    return net->gradient;
}
