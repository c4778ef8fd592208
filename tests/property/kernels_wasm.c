/* The checks of kernel_checks.h as a WebAssembly module without imports: tests/web/kernels.test.mjs
 * runs one for each build of the package, every check of every variant that the build holds. */
#include "kernel_checks.h"

typedef struct named_check {
    const char *name;
    bool (*run)(const vitrine_kernels *tested, check_place *place);
} named_check;

static const named_check CHECKS[] = {
    {"gemv", check_gemv},
    {"sums", check_sums},
    {"logits", check_logits},
    {"most", check_most},
    {"exact rows", check_exact},
    {"split rows", check_halves},
    {"activations", check_activations},
    {"activations, all over the floats", check_activation_sweep},
    {"vectors", check_vectors},
    {"max", check_max},
    {"totals", check_totals},
};

/* Names, or null past the last. */
const char *kernel_variant(uint32_t variant);
const char *kernel_check(uint32_t check);
/* Null when all is well, else where it is not. */
const char *kernel_check_run(uint32_t variant, uint32_t check);

const char *kernel_variant(uint32_t variant)
{
    const vitrine_kernels *kernels = vitrine_kernels_list(variant);
    return kernels != NULL ? kernels->name : NULL;
}

const char *kernel_check(uint32_t check)
{
    return check < sizeof CHECKS / sizeof *CHECKS ? CHECKS[check].name : NULL;
}

const char *kernel_check_run(uint32_t variant, uint32_t check)
{
    static check_place place;
    return CHECKS[check].run(vitrine_kernels_list(variant), &place) ? NULL : place.text;
}
