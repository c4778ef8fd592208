# The native libraries, one a room or group of rooms, the command line tool, and the tests.

list(FILTER CORE EXCLUDE REGEX "_(simd128|relaxed)\\.c$")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    # Only these files may hold AVX2: the choice between them and the scalar ones is made at run time.
    set(AVX2 ${CORE})
    list(FILTER AVX2 INCLUDE REGEX "_avx2\\.c$")
    set_source_files_properties(${AVX2} PROPERTIES COMPILE_OPTIONS "-mavx2")
    set(AVX512 ${CORE})
    list(FILTER AVX512 INCLUDE REGEX "_avx512\\.c$")
    set_source_files_properties(${AVX512} PROPERTIES COMPILE_OPTIONS "-mavx512f;-mavx512vnni")
else()
    list(FILTER CORE EXCLUDE REGEX "_avx(2|512)\\.c$")
endif()

if(VITRINE_SANITIZE OR VITRINE_FUZZ)
    # What a cast of a float out of range gives is undefined too, but not part of `undefined`.
    set(SANITIZERS address,undefined,float-cast-overflow)
    add_compile_options(-fsanitize=${SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SANITIZERS})
endif()
if(VITRINE_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "VITRINE_FUZZ needs clang: cmake --preset fuzz, or CC=clang")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)

# A library of a room and what it builds on; a room that is all headers is an interface.
function(vitrine_library name sources)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC ${ARGN})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${ARGN})
    endif()
endfunction()

vitrine_rooms(ENGINE engine)
vitrine_library(vitrine_core "${CORE};${ENGINE}")

# POSIX is for the rooms that know files and clocks.
add_library(vitrine_posix INTERFACE)
target_compile_definitions(vitrine_posix INTERFACE _POSIX_C_SOURCE=200809L)

vitrine_rooms(DATA data)
vitrine_library(vitrine_data "${DATA}" vitrine_core vitrine_posix ZLIB::ZLIB PkgConfig::CJSON
                PkgConfig::EXPAT m)

if(VITRINE_FUZZ)
    include(cmake/support.cmake)
    include(cmake/fuzz.cmake)
    return()
endif()

find_package(OpenMP REQUIRED COMPONENTS C)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(MICROHTTPD IMPORTED_TARGET libmicrohttpd)

vitrine_rooms(TRAIN train)
# Only with -fno-trapping-math do compilers turn a choice between two floats into lanes.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set_source_files_properties(src/train/loops_avx2.c PROPERTIES COMPILE_OPTIONS
                                "-mavx2;-fno-trapping-math")
else()
    list(FILTER TRAIN EXCLUDE REGEX "_avx2\\.c$")
endif()
set_source_files_properties(src/train/loops_scalar.c PROPERTIES COMPILE_OPTIONS "-fno-trapping-math")
vitrine_library(vitrine_train "${TRAIN}" vitrine_data PkgConfig::OPENBLAS OpenMP::OpenMP_C)
vitrine_rooms(EVAL eval)
vitrine_library(vitrine_eval "${EVAL}" vitrine_train)

# The tool is a library and a main, so that the tests reach its parts.
vitrine_rooms(CLI cli)
set(CLI_MAIN ${CLI})
list(FILTER CLI_MAIN INCLUDE REGEX "/main\\.c$")
list(REMOVE_ITEM CLI ${CLI_MAIN})
# The sanitizers would report what MPI itself leaves behind.
if(VITRINE_MPI AND NOT VITRINE_SANITIZE)
    pkg_check_modules(MPI IMPORTED_TARGET ompi-c)
endif()
if(MPI_FOUND)
    list(FILTER CLI EXCLUDE REGEX "_alone\\.c$")
else()
    list(FILTER CLI EXCLUDE REGEX "_mpi\\.c$")
endif()
if(MICROHTTPD_FOUND)
    vitrine_library(vitrine_cli "${CLI}" vitrine_eval PkgConfig::CRYPTO PkgConfig::MICROHTTPD)
    target_compile_definitions(vitrine_posix INTERFACE VITRINE_HAS_MICROHTTPD=1)
else()
    vitrine_library(vitrine_cli "${CLI}" vitrine_eval PkgConfig::CRYPTO)
endif()
if(MPI_FOUND)
    target_link_libraries(vitrine_cli PUBLIC PkgConfig::MPI)
endif()
if(CLI_MAIN)
    add_executable(vitrine ${CLI_MAIN})
    target_link_libraries(vitrine PRIVATE vitrine_cli)
    install(TARGETS vitrine)
endif()
install(TARGETS vitrine_core)
install(DIRECTORY include/vitrine TYPE INCLUDE)

include(cmake/tests.cmake)
