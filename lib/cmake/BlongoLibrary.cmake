# SPDX-License-Identifier: Apache-2.0
# The client library as other programs use it: find_package(blongo), then blongo::blongo or one of its
# parts. What is installed is what knows the two services and the way between them: no state, no
# configuration file, no command line.
include(CMakePackageConfigHelpers)

set(parts base json http baselinker ongoing map plan)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/blongo")
add_library(blongo_blongo INTERFACE)
foreach(part IN LISTS parts)
  target_link_libraries(blongo_blongo INTERFACE blongo_${part})
  set_target_properties(blongo_${part} PROPERTIES EXPORT_NAME ${part})
  install(TARGETS blongo_${part} EXPORT blongo ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/lib/${part}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/blongo/${part}"
    COMPONENT library FILES_MATCHING PATTERN "*.hpp")
endforeach()
set_target_properties(blongo_blongo PROPERTIES EXPORT_NAME blongo)
set_target_properties(blongo_settings PROPERTIES EXPORT_NAME settings)
install(TARGETS blongo_blongo blongo_settings EXPORT blongo COMPONENT library)
install(EXPORT blongo NAMESPACE blongo:: FILE blongo-targets.cmake DESTINATION "${package_folder}"
  COMPONENT library)

write_basic_package_version_file("${PROJECT_BINARY_DIR}/blongo-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES lib/cmake/blongo-config.cmake "${PROJECT_BINARY_DIR}/blongo-config-version.cmake"
  lib/cmake/FindUtf8proc.cmake DESTINATION "${package_folder}" COMPONENT library)
install(FILES examples/library/CMakeLists.txt examples/library/orders_of_today.cpp
  DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/library" COMPONENT library)
