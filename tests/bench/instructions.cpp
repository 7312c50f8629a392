// SPDX-License-Identifier: Apache-2.0
// How many instructions fixed pieces of work take, counted by callgrind: figures that no other load disturbs.
#include "bench/scenes.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/measure.hpp"
#include "support/e2e/sandbox.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

/// What callgrind says at its end: "==123== Collected : 4567".
std::int64_t collected(const Finished& finished) {
    constexpr std::string_view label = "Collected : ";
    const auto at = finished.err.find(label);
    if (at == std::string::npos) throw std::runtime_error("callgrind counted nothing:\n" + finished.err);
    return std::stoll(finished.err.substr(at + label.size()));
}

std::int64_t counted(const std::vector<std::string>& callgrind_options, const std::vector<std::string>& command) {
    Spawn spawn;
    spawn.argv = {"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"};
    spawn.argv.insert(spawn.argv.end(), callgrind_options.begin(), callgrind_options.end());
    spawn.argv.insert(spawn.argv.end(), command.begin(), command.end());
    return collected(expect_exit(run(spawn, std::chrono::seconds{1'200})));
}

void tell(const std::string& scenario, std::int64_t count) {
    fmt::print("{}\t{}\n", scenario, count);
    std::fflush(stdout);
}

/// Work inside this very program, without its start and the making of its input.
void tell_work(const std::string& name) {
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    tell(name, counted({"--toggle-collect=measured_work"}, {self, "work", name}));
}

/// The start of a process, which every command pays.
void tell_version() {
    tell("version", counted({}, {blongo_binary(), "--version"}));
}

} // namespace

void instructions() {
    for (const char* name : {"parse_dom_products", "decode_products", "map_products", "decode_orders", "map_orders"})
        tell_work(name);
    tell_version();
}

} // namespace blongo::bench
