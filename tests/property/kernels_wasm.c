/* The checks of kernel_checks.h as a program for Node, one for each WebAssembly build:
 *
 *   F="-O2 -ffp-contract=off -Isrc -Itests"
 *   C="tests/property/kernels_wasm.c src/kernels/kernels_list.c src/kernels/[a-z]*_scalar.c"
 *   emcc $F $C -o plain.js
 *   emcc $F -msimd128 -DVITRINE_SIMD128 $C src/kernels/[a-z]*_simd128.c -o simd.js
 *   emcc $F -mrelaxed-simd -DVITRINE_RELAXED $C src/kernels/[a-z]*_{simd128,relaxed}.c -o relaxed.js
 *
 * Run with Node; relaxed.js needs Node 24. A line for each variant; exit status 1 on failure. */
#include "kernel_checks.h"

typedef struct named_check {
    const char *name;
    bool (*run)(const vitrine_kernels *tested, check_place *place);
} named_check;

int main(void)
{
    static const named_check checks[] = {
        {"gemv", check_gemv},
        {"scan", check_scan},
        {"logits", check_logits},
        {"most", check_most},
        {"activations", check_activations},
        {"activations, all floats", check_activation_sweep},
        {"vectors", check_vectors},
        {"max", check_max},
    };
    int failures = 0;
    const vitrine_kernels *tested;
    for (size_t i = 0; (tested = vitrine_kernels_list(i)) != NULL; i++) {
        size_t passed = 0;
        for (size_t c = 0; c < sizeof checks / sizeof *checks; c++) {
            check_place place = {{0}};
            if (checks[c].run(tested, &place)) {
                passed++;
                continue;
            }
            failures++;
            printf("%s, %s: %s\n", tested->name, checks[c].name, place.text);
        }
        printf("%s: %zu of %zu checks passed\n", tested->name, passed,
               sizeof checks / sizeof *checks);
    }
    return failures != 0;
}
