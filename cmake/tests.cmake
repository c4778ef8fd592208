# The C tests. A file is an executable is a test; exit code 77 says "skipped", as for missing data.
enable_testing()

function(vitrine_test name)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()

include(cmake/support.cmake)
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
if(CMOCKA_FOUND)
    file(GLOB TESTS CONFIGURE_DEPENDS tests/unit/*/test_*.c tests/property/test_*.c
         tests/golden/test_*.c tests/faults/test_*.c)
    foreach(file IN LISTS TESTS)
        get_filename_component(name ${file} NAME_WE)
        add_executable(${name} ${file})
        target_include_directories(${name} PRIVATE tests)
        target_link_libraries(${name} PRIVATE vitrine_support vitrine_cli PkgConfig::CMOCKA)
        target_compile_definitions(${name} PRIVATE VITRINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                   VITRINE_BINARY_DIR="${CMAKE_BINARY_DIR}")
        vitrine_test(${name})
    endforeach()
    # These stand between our code and the system, and refuse what it asks for.
    target_link_options(test_allocation PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
                        -Wl,--wrap=aligned_alloc,--wrap=posix_memalign)
    target_link_options(test_io PRIVATE -Wl,--wrap=read,--wrap=write,--wrap=fsync,--wrap=rename)
else()
    message(STATUS "cmocka is not installed: no C tests in this build")
endif()

# Plays a log with learning on the device off and on: docs/learning.md quotes it.
add_executable(learning tests/tools/learning.c)
target_link_libraries(learning PRIVATE vitrine_cli)
# A catalog in shards: docs/performance.md quotes it.
add_executable(shards bench/shards.c)
target_link_libraries(shards PRIVATE vitrine_cli)

include(cmake/fuzz.cmake)
