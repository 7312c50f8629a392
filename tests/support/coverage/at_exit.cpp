// SPDX-License-Identifier: Apache-2.0
// Linked with --wrap=__gcov_exit. At its end a process writes the lines that it executed into a file for each source of lib/,
// which takes longer than most processes of the tests live: with COUNT_LINES_AT_EXIT=no in its environment it does not.
#include <cstdlib>
#include <string_view>

// NOLINTBEGIN(bugprone-reserved-identifier): the names are the linker's
extern "C" void __real___gcov_exit();

extern "C" void __wrap___gcov_exit() {
    const char* const wish = std::getenv("COUNT_LINES_AT_EXIT");
    if (wish == nullptr || std::string_view(wish) != "no") __real___gcov_exit();
}
// NOLINTEND(bugprone-reserved-identifier)
