// SPDX-License-Identifier: Apache-2.0
// What a command costs that has nothing to do, and what the binary weighs.
#include "bench/scenes.hpp"

#include <filesystem>

#include "bench/measure.hpp"
#include "support/e2e/catalogue.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr int rounds = 100;
constexpr std::int64_t articles = 100'000;
constexpr double most_times_curl = 1.5, most_times_version = 3, most_megabytes = 8;

/// The least CPU seconds of a few: the kernel's share of a start of one millisecond is restless.
class Cheapest {
public:
    void add(const Finished& finished) {
        expect_exit(finished);
        if (seconds_ == 0 || finished.cpu_seconds < seconds_) seconds_ = finished.cpu_seconds;
    }
    [[nodiscard]] double seconds() const noexcept { return seconds_; }

private:
    double seconds_ = 0;
};

/// In turns, so that a disturbance of the machine meets all of them.
void commands() {
    const Sandbox sandbox({"--products", "1"});
    const Installation installation(sandbox);
    expect_exit(installation.blongo({"articles", "sync"}));
    copy_ledger(installation, articles);
    Cheapest curl, version, status;
    for (int round = 0; round < rounds; ++round) {
        curl.add(run({.argv = {"curl", "--version"}, .environment = {}, .stdin_text = {}, .working_directory = {}}));
        version.add(installation.blongo({"--version"}));
        status.add(installation.blongo({"status"}));
    }
    print_row("blongo --version: times curl --version", version.seconds() / curl.seconds(), "x", at_most(most_times_curl));
    print_row("blongo --version: CPU", version.seconds() * 1e3, "ms");
    print_row("blongo status, 100,000 articles: times blongo --version", status.seconds() / version.seconds(), "x",
              at_most(most_times_version));
    print_row("blongo status, 100,000 articles: CPU", status.seconds() * 1e3, "ms");
}

void binary() {
    const TempDir folder;
    const std::string stripped = folder / "blongo";
    expect_exit(
        run({.argv = {"strip", "-o", stripped, blongo_binary()}, .environment = {}, .stdin_text = {}, .working_directory = {}}));
    print_row("stripped binary", static_cast<double>(std::filesystem::file_size(stripped)) / 1e6, "MB", at_most(most_megabytes));
}

} // namespace

void starting() {
    commands();
    binary();
}

} // namespace blongo::bench
