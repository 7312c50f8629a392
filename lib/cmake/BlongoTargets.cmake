# SPDX-License-Identifier: Apache-2.0
# The two INTERFACE targets that every target of the project links, and the
# functions that make a target of a folder.
include(GNUInstallDirs)

add_library(blongo_settings INTERFACE)
target_compile_features(blongo_settings INTERFACE cxx_std_20)
target_include_directories(blongo_settings INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/.include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# Without position independence: the relocations of what sanitizers note about each check took most of a
# process's start, and tests start thousands of processes. Targets with the property
# BLONGO_DRIVES_BINARIES only start the checked binaries and look at what these did.
if(BLONGO_SANITIZE)
  target_compile_options(blongo_settings INTERFACE -fno-pie
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:BLONGO_DRIVES_BINARIES>>>:-fsanitize=${BLONGO_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>)
  # g++ spends 40 % of a compilation on the checks of null, alignment and object-size. The address sanitizer sees most of what
  # the first and the last find. They are in the folders that work on bytes, and everywhere when all are asked for; clang's
  # cost little.
  target_compile_options(blongo_settings INTERFACE
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<BOOL:${BLONGO_SANITIZE_ALL}>>,$<NOT:$<BOOL:$<TARGET_PROPERTY:BLONGO_WORKS_ON_BYTES>>>>:-fno-sanitize=null,alignment,object-size>)
  # RapidJSON's stack adds to a null pointer before it has memory, which clang's check of offsets refuses.
  target_compile_options(blongo_settings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=pointer-overflow>)
  target_link_options(blongo_settings INTERFACE -no-pie -fsanitize=${BLONGO_SANITIZE})
endif()
# Only the code of lib/ counts lines: neither headers of others nor the tests.
if(BLONGO_COVERAGE)
  add_library(blongo_coverage STATIC "${PROJECT_SOURCE_DIR}/tests/support/coverage/at_exit.cpp")
  target_link_options(blongo_settings INTERFACE --coverage $<BUILD_INTERFACE:-Wl,--wrap=__gcov_exit>)
  target_link_libraries(blongo_settings INTERFACE $<BUILD_INTERFACE:blongo_coverage>)
endif()

add_library(blongo_warnings INTERFACE)
target_compile_options(blongo_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(BLONGO_WERROR)
  target_compile_options(blongo_warnings INTERFACE -Werror)
endif()
# With optimisation g++ 12 warns about the standard library's own code: of overlaps in std::string's
# operator+ (its bug 105651), of unset members in a std::optional that holds nothing.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(blongo_warnings INTERFACE
    $<$<CONFIG:Release>:-Wno-restrict> $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
endif()

# A release is made fast where it computes (JSON, texts, decoding, mapping) and small where it waits for others and for
# the disk, which is nearly everywhere. What no program uses is left out of it.
target_compile_options(blongo_settings INTERFACE $<BUILD_INTERFACE:$<$<CONFIG:Release>:-ffunction-sections;-fdata-sections>>)
target_link_options(blongo_settings INTERFACE $<BUILD_INTERFACE:$<$<CONFIG:Release>:-Wl,--gc-sections>>)
# Tests that only start programs are compiled quickly.
target_compile_options(blongo_settings INTERFACE $<BUILD_INTERFACE:$<$<BOOL:$<TARGET_PROPERTY:BLONGO_DRIVES_BINARIES>>:-O0>>)
set(blongo_fastest_folders base json baselinker) # with what CMake gives a release: -O3
set(blongo_fast_folders map)
set(blongo_byte_folders base json http baselinker ongoing)
# blongo_optimise(<target> <folder>) for a static library of ours.
function(blongo_optimise target folder)
  if(folder IN_LIST blongo_fastest_folders)
    return()
  elseif(folder IN_LIST blongo_fast_folders)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
endfunction()

# Headers stand beside their sources: <blongo/json/reader.hpp> is lib/json/reader.hpp, by way of
# the link .include/blongo. It is part of the source tree, so that every build tree compiles with
# the same paths and a compiler cache serves them all.

# blongo_library(<folder> [PUBLIC <targets>...] [PRIVATE <targets>...])
# makes blongo_<folder> of all sources of the current folder. The PUBLIC blongo_*
# targets are the include rule: a folder sees what it links, and nothing else.
function(blongo_library folder)
  cmake_parse_arguments(arg "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources)
    add_library(blongo_${folder} INTERFACE)
    target_link_libraries(blongo_${folder} INTERFACE blongo_settings ${arg_PUBLIC})
    return()
  endif()
  add_library(blongo_${folder} STATIC ${sources})
  target_link_libraries(blongo_${folder}
    PUBLIC blongo_settings ${arg_PUBLIC}
    PRIVATE $<BUILD_INTERFACE:blongo_warnings> ${arg_PRIVATE})
  blongo_optimise(blongo_${folder} ${folder})
  if(folder IN_LIST blongo_byte_folders)
    set_target_properties(blongo_${folder} PROPERTIES BLONGO_WORKS_ON_BYTES ON)
  endif()
  if(BLONGO_COVERAGE)
    target_compile_options(blongo_${folder} PRIVATE
      --coverage -fprofile-update=atomic "-fprofile-filter-files=^${PROJECT_SOURCE_DIR}/(.include/blongo|lib)/")
  endif()
endfunction()

# blongo_test(<name> SOURCES <files>... LINK <targets>... [LABELS <labels>...] [TIMEOUT <s>])
# makes one Catch2 executable and one ctest entry of it.
function(blongo_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE blongo_catch_main blongo_test_support blongo_warnings ${arg_LINK})
  if("blongo_e2e_support" IN_LIST arg_LINK)
    set_target_properties(${name} PROPERTIES BLONGO_DRIVES_BINARIES ON)
  endif()
  target_compile_definitions(${name} PRIVATE
    BLONGO_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    BLONGO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
