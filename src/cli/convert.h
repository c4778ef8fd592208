/* Networks from elsewhere, and ours for elsewhere: the two halves of vitrine convert. */
#ifndef VITRINE_CLI_CONVERT_H
#define VITRINE_CLI_CONVERT_H

#include "cli/model_file.h"
#include "data/safetensors.h"

/* What a tensor is for. The names are PyTorch's; convert.c lists them. */
enum {
    CONVERT_CELL_W = 0,  /* [gates * H][I] */
    CONVERT_CELL_U,      /* [gates * H][H] */
    CONVERT_CELL_BI,     /* [gates * H] the two biases that PyTorch keeps apart */
    CONVERT_CELL_BH,
    CONVERT_EMBED,       /* [rows][I] */
    CONVERT_ITEM,        /* [rows][D]; absent: tied to the embedding */
    CONVERT_ITEM_BIAS,   /* [rows] */
    CONVERT_PROJECT,     /* [D][H] */
    CONVERT_PROJECT_BIAS, /* [D] */
    CONVERT_SKIP,        /* [D][I] */
    CONVERT_NORM_GAIN,   /* [D] */
    CONVERT_NORM_BIAS,   /* [D] */
    CONVERT_KIND,        /* [18][I] */
    CONVERT_POPULARITY,  /* [rows] */
    CONVERT_IDS,         /* U8: ids in the order of the rows, a line each */
    CONVERT_ROLES
};

/* The names a role goes by, divided by blanks; those of the cell are endings. The first is what we
 * write. */
extern const char *const convert_names[CONVERT_ROLES];

typedef struct convert_options {
    const char *map;   /* "embed=item_emb.weight,item=head.weight"; null: by the usual names */
    const char *items; /* a file of ids, a line each; null: the tensor `ids` */
    bool relu;         /* an LSTM with relu for tanh */
    uint64_t version;
} convert_options;

/* A model's file from a safetensors file: *out is the caller's to free. Exit code. */
int convert_to_model(const char *path, const void *bytes, size_t size, const convert_options *options,
                     void **out, size_t *out_size);
/* The network of a model as safetensors. Exit code. */
int convert_to_tensors(const char *path, const cli_model *model, void **out, size_t *out_size);

#endif
