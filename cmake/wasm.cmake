# The browser's module, in one of three variants.
#
# It imports its memory and nothing else: the page reads the files' headers, sizes one memory for
# all of them, and lends it. There is no malloc and none of Emscripten's JavaScript.
set(VITRINE_WASM_VARIANT plain CACHE STRING "plain, simd or relaxed")
set_property(CACHE VITRINE_WASM_VARIANT PROPERTY STRINGS plain simd relaxed)

# Split rows (src/kernels/halves.h) pay for the largest catalogs alone: the usual module does without what reads
# them, and vitrine/large brings two that have it.
option(VITRINE_WASM_LARGE "Read split rows too" OFF)
if(VITRINE_WASM_LARGE)
    set(large "-large")
else()
    add_compile_definitions(VITRINE_SPLIT=0)
endif()

list(FILTER CORE EXCLUDE REGEX "_avx(2|512)\\.c$")
if(VITRINE_WASM_VARIANT STREQUAL "plain")
    list(FILTER CORE EXCLUDE REGEX "_(simd128|relaxed)\\.c$")
    set(output vitrine)
# Every engine with SIMD has the other instructions that are asked for.
elseif(VITRINE_WASM_VARIANT STREQUAL "simd")
    list(FILTER CORE EXCLUDE REGEX "_relaxed\\.c$")
    add_compile_options(-msimd128 -mbulk-memory -msign-ext -mnontrapping-fptoint)
    add_compile_definitions(VITRINE_SIMD128=1)
    set(output vitrine${large}-simd)
elseif(VITRINE_WASM_VARIANT STREQUAL "relaxed")
    add_compile_options(-msimd128 -mrelaxed-simd -mbulk-memory -msign-ext -mnontrapping-fptoint)
    add_compile_definitions(VITRINE_SIMD128=1 VITRINE_RELAXED=1)
    set(output vitrine${large}-relaxed)
else()
    message(FATAL_ERROR "VITRINE_WASM_VARIANT is '${VITRINE_WASM_VARIANT}': plain, simd or relaxed")
endif()

# Loops over items are worth their bytes, as they are written: what the compiler would unroll and
# vectorise by itself costs more to download than it gains. The rest wants to be small.
set(FAST ${CORE})
list(FILTER FAST INCLUDE REGEX "/src/kernels/|/src/rank/(logits|split)\\.c$")
# The choice of the best touches few items, and opening sees each byte once, in vectors where it matters.
list(FILTER FAST EXCLUDE REGEX "/kernels/(topk|panels)\\.c$")
set(CMAKE_C_FLAGS_RELEASE "-Oz -fno-inline-functions -fno-jump-tables -DNDEBUG")
set_source_files_properties(${FAST} PROPERTIES COMPILE_OPTIONS
                            "-Os;-finline-hint-functions;-fno-vectorize;-fno-slp-vectorize;-fno-unroll-loops")

# The list of exports is the header's: what vitrine_wasm_ functions it declares.
set(header ${CMAKE_SOURCE_DIR}/src/wasm/exports.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
file(STRINGS ${header} lines REGEX "vitrine_wasm_[a-z0-9_]+\\(")
set(exports "")
foreach(line IN LISTS lines)
    # A name followed by a parenthesis at a line's start of declaration; comments start with space or /.
    if(line MATCHES "^[a-z].*[ *](vitrine_wasm_[a-z0-9_]+)\\(")
        list(APPEND exports "_${CMAKE_MATCH_1}")
    endif()
endforeach()
list(JOIN exports "\n" text)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/exports.txt CONTENT "${text}\n")

vitrine_rooms(WASM wasm)
add_executable(vitrine ${CORE} ${WASM})
target_compile_definitions(vitrine PRIVATE VITRINE_ONE_VARIANT=1)
set_target_properties(vitrine PROPERTIES OUTPUT_NAME ${output} SUFFIX ".wasm"
                      LINK_DEPENDS ${CMAKE_BINARY_DIR}/exports.txt)
target_link_options(vitrine PRIVATE
    -Oz --no-entry
    -sSTANDALONE_WASM
    -sMALLOC=none
    # Half a kilobyte less to download than the usual passes leave; the two bounds, that what is tiny is
    # written out at each call and what is long stays a function of its own, a third of one more.
    "-sBINARYEN_EXTRA_PASSES=--always-inline-max-function-size=7,--one-caller-inline-max-function-size=170,--flatten,--rereloop,-Oz,--converge,-Oz,--optimize-casts,--simplify-locals-notee,-Oz,--optimize-instructions,--reorder-locals"
    -sEXPORTED_FUNCTIONS=@${CMAKE_BINARY_DIR}/exports.txt
    -Wl,--export=__heap_base
    -sIMPORTED_MEMORY
    # The page makes the memory and chooses its size; the largest it may declare is this maximum.
    -sALLOW_MEMORY_GROWTH
    -sMAXIMUM_MEMORY=2GB
    -sINITIAL_MEMORY=512KB
    -sSTACK_SIZE=64KB)

# The kernels' own checks, for tests/web/kernels.test.mjs: the same files with the same flags.
set(KERNELS ${CORE})
list(FILTER KERNELS INCLUDE REGEX "/src/kernels/")
add_executable(kernel_checks tests/property/kernels_wasm.c ${KERNELS})
set_target_properties(kernel_checks PROPERTIES SUFFIX ".wasm")
target_include_directories(kernel_checks PRIVATE tests)
target_link_options(kernel_checks PRIVATE
    --no-entry
    -sSTANDALONE_WASM
    -sEXPORTED_FUNCTIONS=_kernel_variant,_kernel_check,_kernel_check_run
    -sINITIAL_MEMORY=4MB)

if(NOT VITRINE_WASM_VARIANT STREQUAL "plain")
    # For bench/run.mjs.
    add_executable(bench_read bench/read.c)
    set_target_properties(bench_read PROPERTIES SUFFIX ".wasm")
    target_compile_options(bench_read PRIVATE -O2)
    target_link_options(bench_read PRIVATE --no-entry -sSTANDALONE_WASM -sMALLOC=none
        -sEXPORTED_FUNCTIONS=_bench_read -Wl,--export=__heap_base -sALLOW_MEMORY_GROWTH
        -sINITIAL_MEMORY=2MB -sMAXIMUM_MEMORY=2GB)
endif()
if(VITRINE_WASM_VARIANT STREQUAL "simd")
    # For bench/write-model.mjs.
    add_executable(bench_pack bench/pack.c)
    set_target_properties(bench_pack PROPERTIES SUFFIX ".wasm")
    target_compile_options(bench_pack PRIVATE -O2)
    target_link_options(bench_pack PRIVATE --no-entry -sSTANDALONE_WASM -sMALLOC=none
        -sEXPORTED_FUNCTIONS=_pack_matrix,_pack_int8,_pack_exact,_pack_int8_halves,_pack_exact_halves,_pack_panels,_pack_numbers -Wl,--export=__heap_base
        -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=2MB -sMAXIMUM_MEMORY=2GB)
endif()

# Sweeps over all items and is written for the compiler to vectorise: whatever else is made small, not
# this (docs/performance.md).
set_source_files_properties(src/rank/mask.c
                            PROPERTIES COMPILE_OPTIONS "-O2;-finline-functions")
