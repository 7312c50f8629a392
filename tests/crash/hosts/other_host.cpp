// SPDX-License-Identifier: Apache-2.0
// Preloaded into a process: it runs on the machine that BLONGO_TEST_HOST names. Claims of a process on another machine are
// judged by time alone, because nobody can see whether it lives.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

extern "C" int gethostname(char* name, size_t length) noexcept {
    const char* host = std::getenv("BLONGO_TEST_HOST");
    if (host == nullptr) host = "localhost";
    if (std::strlen(host) + 1 > length) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::strcpy(name, host);
    return 0;
}
