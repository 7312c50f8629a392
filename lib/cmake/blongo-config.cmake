# SPDX-License-Identifier: Apache-2.0
# find_package(blongo): the targets blongo::blongo, blongo::base, blongo::json, blongo::http,
# blongo::baselinker, blongo::ongoing, blongo::map, blongo::plan.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_dependency(fmt)
find_dependency(tl-expected)
find_dependency(OpenSSL)
find_dependency(date)
find_dependency(Utf8proc)
find_dependency(CURL)
find_dependency(Threads)
list(POP_BACK CMAKE_MODULE_PATH)
include("${CMAKE_CURRENT_LIST_DIR}/blongo-targets.cmake")
