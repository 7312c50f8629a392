// SPDX-License-Identifier: Apache-2.0
// A day and a night: 96 runs of `blongo run`, a quarter of an hour apart by moved time, for four connections, while people
// sell, change, cancel, pack and send, 2 of 100 calls go wrong in every way that the sandbox knows, and the program is killed
// at random moments. Then calm runs, `unknown resolve` of what is left, and both sides must be what the rules say.
//   soak [--seed N] [--rounds N] [--tell] [--keep FOLDER]
// The seed is printed; --tell: a line for each run; --keep: what each run said, the journals of the sandboxes and the state
// are left in that folder, to find out what a complaint comes from.
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "bench/measure.hpp"
#include "judge.hpp"
#include "moved_time.hpp"
#include "shop.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr int shops = 4;
constexpr std::int64_t quarter = 900; // seconds
constexpr std::size_t window = 12;    // runs at the begin and at the end whose memory is compared
constexpr double most_growth = 0.05;
constexpr int most_calm_runs = 12;

struct Options {
    std::uint64_t seed = 1;
    int rounds = 96;
    bool tell = false;
    std::string keep{}; ///< a folder; empty: nothing is kept
};

std::vector<pid_t> children_of(pid_t pid) {
    std::ifstream in(fmt::format("/proc/{0}/task/{0}/children", pid));
    std::vector<pid_t> out;
    for (pid_t child = 0; in >> child;) out.push_back(child);
    return out;
}

/// A process that is not there any more, or dead and not waited for.
bool is_gone(pid_t pid) {
    std::ifstream in(fmt::format("/proc/{}/stat", pid));
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto at = text.rfind(')');
    return at == std::string::npos || text.compare(at, 3, ") Z") == 0;
}

class Soak {
public:
    explicit Soak(const Options& options) : options_(options), random_(options.seed) {
        for (int number = 1; number <= shops; ++number)
            shops_.emplace_back(number, options.seed * 100 + static_cast<unsigned>(number));
        installation_ = std::make_unique<Installation>(shops_.front().sandbox());
        const std::string folder = installation_->folder().path().string();
        std::string config = fmt::format("[state]\nurl = \"sqlite://{}/state.db\"\n[http]\nread_timeout = \"1s\"\n"
                                         "courier_timeout = \"1s\"\nretry_ongoing = [\"5ms\", \"20ms\", \"50ms\"]\n"
                                         "retry_baselinker = [\"5ms\", \"20ms\", \"50ms\"]\n",
                                         folder);
        for (SoakShop& shop : shops_) config += shop.config(folder);
        installation_->write_config(config);
    }

    int play() {
        fmt::print(stderr, "soak: seed {}\n", options_.seed);
        expect_exit(ask({"run", "--json"}));
        state_at_begin_ = state_bytes();
        const auto begun = std::chrono::steady_clock::now();
        for (int round = 1; round <= options_.rounds; ++round) play_round(round);
        for (SoakShop& shop : shops_) calls_ += shop.sandbox().calls("baselinker") + shop.sandbox().calls("ongoing");
        come_to_rest();
        keep_traces();
        for (SoakShop& shop : shops_)
            for (const auto& complaint : complaints_of(shop, asking())) complaints_.push_back(complaint);
        print(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
        for (const auto& complaint : complaints_) fmt::print(stderr, "! {}\n", complaint);
        return complaints_.empty() ? 0 : 1;
    }

private:
    Ask asking() {
        return [this](std::vector<std::string> arguments) { return ask(std::move(arguments)); };
    }
    Finished ask(std::vector<std::string> arguments) { return installation_->blongo(std::move(arguments), later_by(offset_)); }
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    void move_time(std::int64_t seconds) {
        offset_ += seconds;
        for (SoakShop& shop : shops_) shop.sandbox().post("/_admin/clock", json::Value::object().set("offset_seconds", offset_));
    }

    void play_round(int round) {
        move_time(quarter);
        for (SoakShop& shop : shops_) {
            shop.people_work();
            shop.spoil();
        }
        const auto begun = std::chrono::steady_clock::now();
        const std::optional<Finished> run = one_run();
        for (SoakShop& shop : shops_) shop.end_faults();
        if (run) {
            ++exit_codes_[run->exit_code];
            peaks_.push_back(peak_mib(*run));
            expect_known_end(round, *run);
            keep(fmt::format("run-{:02}", round), *run);
        }
        if (!options_.tell) return;
        fmt::print(stderr, "{:3} {:9} {:5.1f} MiB, {:4.1f} s, state {} KiB\n", round,
                   run ? fmt::format("exit {}", run->exit_code) : "killed", run ? peak_mib(*run) : 0.0,
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(), state_bytes() / 1024);
        if (run)
            for (const auto& row : lines_of(*run, "error"))
                fmt::print(stderr, "      {} {}\n", row["connection"].text(), row["message"].text().substr(0, 200));
    }

    /// One of four runs is killed: all of it, the process that watches over the others, or one connection's.
    /// Answers how it ended; nullopt: killed as a whole.
    std::optional<Finished> one_run() {
        const auto process = installation_->start({"run", "--json"}, later_by(offset_));
        const int fate = pick(12);
        const auto when = std::chrono::milliseconds(20 + pick(1'500));
        if (fate > 2) return process->wait();
        const auto until = std::chrono::steady_clock::now() + when;
        while (process->running() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const auto children = children_of(process->pid());
        if (!process->running() || children.empty()) return process->wait();
        ++kills_;
        if (fate == 0) {
            for (const pid_t child : children) ::kill(child, SIGKILL);
        } else if (fate == 2) {
            ::kill(children[static_cast<std::size_t>(pick(static_cast<int>(children.size())))], SIGKILL);
            return process->wait();
        }
        process->signal(SIGKILL);
        (void)process->wait();
        // Those that lost their watcher end by themselves before the next quarter of an hour.
        for (const pid_t child : children)
            for (int tries = 0; !is_gone(child); ++tries) {
                if (tries > 3'000) throw std::runtime_error("a process outlived its run by half a minute");
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        return {};
    }

    /// Faults and kills may end a run in many ways (7: a listing that was empty for once); bad JSON or a bug is none of them.
    void expect_known_end(int round, const Finished& run) {
        (void)lines_of(run, "run"); // every line is as blongo-json(7) says
        if (run.exit_code == 2 || run.exit_code == 6 || run.exit_code == 11 || run.exit_code > 128)
            complaints_.push_back(fmt::format("run {} ends with {}\n{}", round, run.exit_code, run.err));
        for (const auto& row : lines_of(run, "error"))
            if (row["message"].text().find("ended by signal") != std::string_view::npos &&
                row["message"].text().find("signal 9") == std::string_view::npos)
                complaints_.push_back("run " + std::to_string(round) + ": " + row.dump());
    }

    void come_to_rest() {
        int code = -1;
        for (calm_runs_ = 1; calm_runs_ <= most_calm_runs; ++calm_runs_) {
            move_time(quarter);
            const Finished run = ask({"run", "--json"});
            code = run.exit_code;
            keep(fmt::format("calm-run-{:02}", calm_runs_), run);
            if (options_.tell) fmt::print(stderr, "calm run {}: exit {}\n{}", calm_runs_, code, run.err);
            if (code == 0 && calm_runs_ >= 6) break;
            if (calm_runs_ == 3)
                for (SoakShop& shop : shops_) resolved_ += resolve_unknown(shop, asking());
        }
        if (code != 0) complaints_.push_back(fmt::format("calm run {} ends with {}", most_calm_runs, code));
    }

    void keep(const std::string& name, const Finished& run) const {
        if (options_.keep.empty()) return;
        std::filesystem::create_directories(options_.keep);
        write_file(options_.keep + "/" + name, run.out + run.err);
    }

    void keep_traces() {
        if (options_.keep.empty()) return;
        for (SoakShop& shop : shops_) {
            std::string calls;
            const json::Value journal = shop.sandbox().get("/_admin/journal");
            for (const auto& call : journal.elements()) calls += call.dump() + "\n";
            write_file(options_.keep + "/journal-" + shop.name(), calls);
        }
        std::filesystem::copy(installation_->folder().path(), options_.keep + "/installation",
                              std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
    }

    [[nodiscard]] std::int64_t state_bytes() const {
        std::int64_t bytes = 0;
        for (const char* file : {"state.db", "state.db-wal"}) {
            std::error_code missing;
            const auto size = std::filesystem::file_size(installation_->folder() / file, missing);
            if (!missing) bytes += static_cast<std::int64_t>(size);
        }
        return bytes;
    }

    static double median(std::vector<double> values) {
        std::sort(values.begin(), values.end());
        return values[values.size() / 2];
    }

    void print(double seconds) {
        std::int64_t orders = 0, deliveries = 0, faults = 0;
        std::map<std::string, std::int64_t> kinds;
        for (SoakShop& shop : shops_) {
            for (const auto& [id, known] : shop.sold()) deliveries += known.deliveries;
            orders += static_cast<std::int64_t>(shop.sandbox().get("/_admin/baselinker/orders").size());
            faults += shop.faults;
            for (const auto& [kind, count] : shop.faults_by) kinds[kind] += count;
        }
        print_row(fmt::format("soak, seed {}: runs of 4 connections, {} min apart", options_.seed, quarter / 60), options_.rounds,
                  "");
        print_row("soak: orders", static_cast<double>(orders), "");
        print_row("soak: deliveries", static_cast<double>(deliveries), "");
        print_row("soak: calls", static_cast<double>(calls_), "");
        print_row("soak: calls that went wrong", 100.0 * static_cast<double>(faults) / static_cast<double>(calls_), "%");
        print_row("soak: runs killed", kills_, "");
        print_row("soak: bookings resolved by hand", resolved_, "");
        print_row("soak: calm runs until all rested", calm_runs_, "");
        print_row("soak: state at the begin", static_cast<double>(state_at_begin_) / 1024, "KiB");
        print_row("soak: state at the end", static_cast<double>(state_bytes()) / 1024, "KiB");
        print_row("soak: state an order", static_cast<double>(state_bytes() - state_at_begin_) / static_cast<double>(orders),
                  "B");
        if (peaks_.size() >= 3 * window) {
            const auto begin = peaks_.begin() + static_cast<std::ptrdiff_t>(window);
            const double first = median({begin, begin + static_cast<std::ptrdiff_t>(window)});
            const double last = median({peaks_.end() - static_cast<std::ptrdiff_t>(window), peaks_.end()});
            print_row("soak: peak memory, median of runs 13 to 24", first, "MiB");
            print_row("soak: peak memory, median of the last 12 runs", last, "MiB");
            print_row("soak: growth of the peak memory", last / first - 1, "x", at_most(most_growth));
        }
        print_row("soak: wall time", seconds, "s");
        print_row("soak: complaints", static_cast<double>(complaints_.size()), "", at_most(0));
        std::string by_kind, by_code;
        for (const auto& [kind, count] : kinds) by_kind += fmt::format(" {} {}", kind, count);
        for (const auto& [code, count] : exit_codes_) by_code += fmt::format(" {}: {}", code, count);
        fmt::print(stderr, "faults:{}\nruns by exit code:{}\n", by_kind, by_code);
    }

    Options options_;
    std::mt19937_64 random_;
    std::deque<SoakShop> shops_;
    std::unique_ptr<Installation> installation_;
    std::int64_t offset_ = 0, state_at_begin_ = 0, calls_ = 0;
    std::vector<double> peaks_; ///< MiB, of runs that were not killed
    std::map<int, int> exit_codes_;
    int kills_ = 0, resolved_ = 0, calm_runs_ = 0;
    std::vector<std::string> complaints_;
};

Options read_options(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        if (name == "soak") continue; // the scene's name, as tests/bench/run gives it
        if (name == "--tell")
            options.tell = true;
        else if (name == "--seed" && i + 1 < count)
            options.seed = std::stoull(arguments[++i]);
        else if (name == "--rounds" && i + 1 < count)
            options.rounds = std::stoi(arguments[++i]);
        else if (name == "--keep" && i + 1 < count)
            options.keep = arguments[++i];
        else
            throw std::runtime_error("usage: soak [--seed N] [--rounds N] [--tell] [--keep FOLDER]");
    }
    return options;
}

} // namespace

} // namespace blongo::bench

int main(int count, char** arguments) try {
    return blongo::bench::Soak(blongo::bench::read_options(count, arguments)).play();
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
