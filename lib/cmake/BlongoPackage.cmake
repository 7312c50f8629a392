# SPDX-License-Identifier: Apache-2.0
# What is installed beside the programs, and the Debian package: cpack -G DEB.
set(units "${PROJECT_SOURCE_DIR}/examples/systemd")
install(FILES ${units}/blongo@.service ${units}/blongo@.timer ${units}/blongo-watch.service ${units}/blongo-webhook.service
  DESTINATION lib/systemd/system)
install(FILES LICENSE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES examples/blongo.toml DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")
install(FILES examples/cron/blongo DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/cron")
install(FILES examples/systemd/README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/systemd")
install(FILES examples/logrotate/blongo DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/logrotate")
install(FILES examples/sudoers/blongo-packers DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/sudoers")
install(FILES examples/webhook/README.md examples/webhook/hooks.yaml DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/webhook")
install(PROGRAMS examples/webhook/on-event DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/webhook")
install(FILES examples/prometheus/alerts.yml DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/prometheus")
install(FILES examples/notify/README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/notify")
install(FILES examples/postgresql/README.md examples/postgresql/setup.sql examples/postgresql/pg_hba.conf
  DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/postgresql")
install(PROGRAMS examples/notify/mail examples/notify/chat-webhook DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/notify")

set(BLONGO_PACKAGE_MAINTAINER "blongo maintainers <blongo@packages.invalid>" CACHE STRING
  "Who answers for the Debian package that cpack makes: Name <address>")
set(debian "${PROJECT_SOURCE_DIR}/lib/cmake/debian")
set(made "${PROJECT_BINARY_DIR}/debian")
configure_file("${debian}/changelog.in" "${made}/changelog")
execute_process(COMMAND gzip -9n -c "${made}/changelog" OUTPUT_FILE "${made}/changelog.gz" COMMAND_ERROR_IS_FATAL ANY)

set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};blongo;Unspecified;/") # the library is for developers: cmake --install
set(CPACK_PACKAGE_NAME blongo)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "${BLONGO_PACKAGE_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "webhook")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "connect BaseLinker to Ongoing WMS")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Articles, orders, shipments with labels, stock and returns between an
 account of the order manager BaseLinker and a goods owner of the warehouse
 management system Ongoing WMS: one command-line program for systemd timers
 or cron. blongo-sandbox plays both services on this machine for trials.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${debian}/postinst;${debian}/prerm;${debian}/postrm")
# What stands in the package only: compressed pages and the files that Debian asks for.
file(CONFIGURE OUTPUT "${made}/beautify.cmake" @ONLY CONTENT [=[
set(root "${CPACK_TEMPORARY_DIRECTORY}")
file(GLOB_RECURSE pages "${root}/usr/share/man/*.[157]")
foreach(page IN LISTS pages)
  execute_process(COMMAND gzip -9n "${page}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
set(doc "${root}/usr/share/doc/blongo")
file(REMOVE "${doc}/LICENSE")
file(COPY "@debian@/copyright" "@made@/changelog.gz" DESTINATION "${doc}"
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
]=])
set(CPACK_PRE_BUILD_SCRIPTS "${made}/beautify.cmake")
include(CPack)
