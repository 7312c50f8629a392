// SPDX-License-Identifier: Apache-2.0
#include "bench/measure.hpp"

#include <ctime>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace blongo::bench {

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double least_seconds(int rounds, const std::function<void()>& work) {
    double least = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds; ++round) {
        const double begun = thread_seconds();
        work();
        least = std::min(least, thread_seconds() - begun);
    }
    return least;
}

Target at_most(double bound) {
    return {Target::Sense::at_most, bound};
}

Target at_least(double bound) {
    return {Target::Sense::at_least, bound};
}

void print_row(const std::string& what, double figure, const std::string& unit, std::optional<Target> target) {
    std::string bound = "-", reached = "-";
    if (target) {
        const bool low = target->sense == Target::Sense::at_most;
        bound = fmt::format("{} {:g}", low ? "at most" : "at least", target->bound);
        reached = (low ? figure <= target->bound : figure >= target->bound) ? "yes" : "NO";
    }
    fmt::print("{}\t{:.4g} {}\t{}\t{}\n", what, figure, unit, bound, reached);
    std::fflush(stdout);
}

double peak_mib(const test::Finished& finished) {
    return static_cast<double>(finished.peak_kib) / 1024;
}

const test::Finished& expect_exit(const test::Finished& finished, int expected) {
    if (finished.exit_code != expected)
        throw std::runtime_error(
            fmt::format("exit code {} instead of {}\n{}{}", finished.exit_code, expected, finished.out, finished.err));
    return finished;
}

} // namespace blongo::bench
