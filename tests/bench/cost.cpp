// SPDX-License-Identifier: Apache-2.0
// What blongo costs by itself: CPU, memory, bytes. tests/bench/run runs it and makes a table of its rows.
#include <cstdio>
#include <exception>
#include <string_view>

#include "bench/scenes.hpp"
#include "bench/work.hpp"

namespace {

struct Scene {
    std::string_view name;
    void (*run)();
};
constexpr Scene scenes[] = {
    {"decode", &blongo::bench::decoding},
    {"passes", &blongo::bench::passes},
    {"start", &blongo::bench::starting},
    {"instructions", &blongo::bench::instructions},
};

int usage() {
    std::fputs("usage: cost decode|passes|start|instructions\n       cost work <name>\n", stderr);
    return 2;
}

} // namespace

int main(int argc, char** argv) try {
    if (argc == 3 && std::string_view(argv[1]) == "work") return blongo::bench::run_work(argv[2]) ? 0 : usage();
    if (argc != 2) return usage();
    for (const Scene& scene : scenes) {
        if (scene.name != argv[1]) continue;
        scene.run();
        return 0;
    }
    return usage();
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
