# A target a file tests/fuzz/fuzz_<name>.c, each with its own LLVMFuzzerTestOneInput.
#
# Under VITRINE_FUZZ they link with libFuzzer and search. In every other build they link with a main
# that replays tests/fuzz/corpus/<name>/, so that what once crashed is tried in the ordinary tests.
file(GLOB FUZZ CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
foreach(file IN LISTS FUZZ)
    get_filename_component(target ${file} NAME_WE)
    string(REPLACE "fuzz_" "" name ${target})
    if(VITRINE_FUZZ)
        add_executable(${target} ${file})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${target} ${file} tests/fuzz/replay.c)
        add_test(NAME ${target} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                 COMMAND ${target} tests/fuzz/corpus/${name})
        set_tests_properties(${target} PROPERTIES TIMEOUT 600)
    endif()
    target_include_directories(${target} PRIVATE tests)
    target_link_libraries(${target} PRIVATE vitrine_support vitrine_data)
endforeach()
