// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstring>

#include "app.hpp"
#include "process.hpp"

int main(int argc, char** argv) {
    blongo::app::protect_process();
    if (argc == 2 && std::strcmp(argv[1], "--version") == 0) // asked by scripts: no need for a parser
        return std::puts("blongo " BLONGO_VERSION) < 0 || std::fflush(stdout) != 0 ? 1 : 0;
    static blongo::StopToken stop;
    (void)blongo::app::join_run();
    blongo::app::stop_on_signals(stop);
    blongo::SystemClock clock;
    return blongo::app::run({.arguments = {argv + 1, argv + argc},
                             .environment = blongo::config::process_environment(),
                             .clock = clock,
                             .stop = stop});
}
