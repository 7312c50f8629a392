// SPDX-License-Identifier: Apache-2.0
#include "embedded.hpp"

// The assembler copies the file into the program; BLONGO_SANDBOX_DATA is the folder data/.
#define BLONGO_EMBED(symbol, file) \
    asm(".section .rodata\n" \
        ".global blongo_" #symbol "\n" \
        ".global blongo_" #symbol "_end\n" \
        "blongo_" #symbol ":\n" \
        ".incbin \"" BLONGO_SANDBOX_DATA "/" file "\"\n" \
        "blongo_" #symbol "_end:\n" \
        ".byte 0\n" \
        ".previous\n"); \
    extern "C" const char blongo_##symbol[]; \
    extern "C" const char blongo_##symbol##_end[]

BLONGO_EMBED(openapi, "ongoing-openapi.json");
BLONGO_EMBED(demo, "demo.json");
BLONGO_EMBED(empty, "empty.json");

namespace blongo::sandbox {

namespace {
std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}
} // namespace

std::string_view embedded_openapi() {
    return between(blongo_openapi, blongo_openapi_end);
}
std::string_view embedded_demo() {
    return between(blongo_demo, blongo_demo_end);
}
std::string_view embedded_empty() {
    return between(blongo_empty, blongo_empty_end);
}

} // namespace blongo::sandbox
