/* The loops for x86 with AVX2: this file alone is compiled for it. */
#define LOOPS vitrine_loops_avx2
#include "train/loops_body.h"
