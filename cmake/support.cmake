# What several tests and the fuzz targets build on.
file(GLOB SUPPORT CONFIGURE_DEPENDS tests/support/*.c)
add_library(vitrine_support STATIC ${SUPPORT})
target_include_directories(vitrine_support PUBLIC tests)
target_link_libraries(vitrine_support PUBLIC vitrine_core PkgConfig::CJSON)
target_compile_definitions(vitrine_support PRIVATE VITRINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

# Writes seeded shops and their lists, for the tests that compare them with other platforms.
add_executable(lists tests/tools/lists.c)
target_link_libraries(lists PRIVATE vitrine_support)
