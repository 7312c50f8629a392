// SPDX-License-Identifier: Apache-2.0
// blongo beside the program that a shop developer would write (peer/), doing the same work against the same sandbox; and what
// of that work no program can do without: the writes alone by libcurl, with and without a ledger of SQLite. Prints
// rows "<what>\t<blongo>\t<peer>\t<blongo / peer>\t<target>\t<reached>" for tests/bench/run.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/bare.hpp"
#include "bench/measure.hpp"
#include "support/e2e/orders.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr std::int64_t articles_per_commit = 100; ///< as blongo announces and records them; orders one by one
constexpr std::int64_t products = 10'000, order_count = 250, late_count = 10, first_order = 84'000'001;
constexpr double most_cpu = 0.1, most_memory = 1.0 / 3;
constexpr std::chrono::seconds longest{1'800}; // of one run, on a machine that has other things to do

/// Runs one flow, "articles" or "orders", of one of the two programs.
using Program = std::function<Finished(const std::string& flow)>;

/// One run of a flow.
struct Cost {
    std::string what;
    std::int64_t baselinker = 0, ongoing = 0; ///< requests
    double wall = 0;                          ///< seconds
    Finished finished;
};

/// Orders that a program never brought to the warehouse.
struct Lost {
    std::int64_t alone = 0, in_bursts = 0, late = 0;
};

Cost measured(const std::string& what, Sandbox& sandbox, const Program& program, const std::string& flow) {
    sandbox.reset_journal();
    const auto begun = std::chrono::steady_clock::now();
    Cost cost{.what = what, .finished = program(flow)};
    cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    expect_exit(cost.finished);
    cost.baselinker = sandbox.calls("baselinker");
    cost.ongoing = sandbox.calls("ongoing");
    return cost;
}

/// `count` orders from that id, `together` of them in each second from `second`, ten seconds apart.
void place_orders(Sandbox& sandbox, std::int64_t first, std::int64_t count, std::int64_t second, std::int64_t together,
                  std::int64_t status = status::to_warehouse) {
    json::Value made = json::Value::array();
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t confirmed = second + i / together * 10;
        made.push_back(one_piece(first + i, json::Value::object()
                                                .set("order_status_id", status)
                                                .set("date_confirmed", confirmed)
                                                .set("date_in_status", confirmed)
                                                .set("date_add", confirmed - 60)
                                                .set("shop_order_id", first + i)
                                                .set("user_comments", "Proszę dzwonić")
                                                .set("email", fmt::format("buyer{}@example.com", first + i))
                                                .set("delivery_fullname", fmt::format("Buyer {}", first + i))
                                                .set("delivery_address", fmt::format("Polna {}", first + i))
                                                .set("invoice_fullname", fmt::format("Buyer {}", first + i))
                                                .set("invoice_address", fmt::format("Polna {}", first + i))
                                                .set("invoice_country_code", "PL")));
    }
    sandbox.base_orders(made);
}

/// Those of the `count` orders from that id that are not in Ongoing.
std::int64_t missing(Sandbox& sandbox, std::int64_t first, std::int64_t count) {
    const json::Value there = sandbox.orders();
    std::int64_t absent = 0;
    for (std::int64_t id = first; id < first + count; ++id) absent += there.find(std::to_string(id)) == nullptr ? 1 : 0;
    return absent;
}

std::vector<Cost> costs_of(Sandbox& sandbox, const Program& program) {
    std::vector<Cost> costs;
    costs.push_back(measured(fmt::format("first load, {} articles", products), sandbox, program, "articles"));
    expect_exit(program("articles")); // what a program remembers of a pass, it has learnt behind this one
    costs.push_back(measured(fmt::format("idle pass, {} articles", products), sandbox, program, "articles"));
    static const std::int64_t first_second = std::time(nullptr) - 3'000; // the same for both: midnight lies between two days
    place_orders(sandbox, first_order, order_count, first_second, 1);
    costs.push_back(measured(fmt::format("{} orders", order_count), sandbox, program, "orders"));
    return costs;
}

/// Orders as they come in life, apart from the figures: seven in one second, as a market place hands them over; and ten that
/// are paid, so that they may go, after newer ones went.
Lost lost_by(Sandbox& sandbox, const Program& program) {
    constexpr std::int64_t bursts = first_order + 1'000, late = first_order + 2'000, together = 7;
    const std::int64_t now = std::time(nullptr);
    place_orders(sandbox, bursts, order_count, now - 400, together);
    place_orders(sandbox, late, late_count, now - 400, 1, status::fresh);
    expect_exit(program("orders"));
    json::Value paid = json::Value::array();
    for (std::int64_t id = late; id < late + late_count; ++id)
        paid.push_back(
            json::Value::object().set("order_id", id).set("order_status_id", status::to_warehouse).set("date_in_status", now));
    sandbox.base_orders(paid);
    for (int run = 0; run < 2; ++run) expect_exit(program("orders"));
    return {missing(sandbox, first_order, order_count), missing(sandbox, bursts, order_count),
            missing(sandbox, late, late_count)};
}

/// What was written of an article or an order, without what Ongoing adds: ids and times.
std::string written(const json::Value& object) {
    if (object["data"].is_null()) return object.dump();
    std::string text = object["data"].dump();
    for (const auto& line : object["lines"].elements()) text += line["data"].dump();
    return text;
}

/// Both have to have brought the same: otherwise one had less to do.
void expect_same(const json::Value& ours, const json::Value& theirs) {
    if (ours.size() != theirs.size())
        throw std::runtime_error(fmt::format("blongo wrote {}, the peer {}", ours.size(), theirs.size()));
    for (const auto& [number, value] : ours.members())
        if (written(value) != written(theirs[number]))
            throw std::runtime_error(fmt::format("not the same:\n{}\n{}", written(value), written(theirs[number])));
}

void print_pair(const std::string& what, double ours, double theirs, const std::string& unit, std::optional<double> most = {}) {
    const std::string target = most ? fmt::format("at most {:.2g}", *most) : "-";
    const std::string reached = !most ? "-" : ours <= *most * theirs ? "yes" : "NO";
    const auto figure = [&](double value) { // without a unit it is a count
        return unit.empty() ? fmt::format("{:.0f}", value) : fmt::format("{:.4g} {}", value, unit);
    };
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", what, figure(ours), figure(theirs),
               theirs > 0 ? fmt::format("{:.3f}", ours / theirs) : "-", target, reached);
}

void print(const std::vector<Cost>& ours, const std::vector<Cost>& theirs) {
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const Cost &a = ours[i], &b = theirs[i];
        print_pair(a.what + ": requests to BaseLinker", static_cast<double>(a.baselinker), static_cast<double>(b.baselinker), "");
        print_pair(a.what + ": requests to Ongoing", static_cast<double>(a.ongoing), static_cast<double>(b.ongoing), "");
        print_pair(a.what + ": wall time", a.wall, b.wall, "s");
        print_pair(a.what + ": CPU", a.finished.cpu_seconds, b.finished.cpu_seconds, "s", most_cpu);
        print_pair(a.what + ": peak memory", peak_mib(a.finished), peak_mib(b.finished), "MiB", most_memory);
    }
}

void print(const Lost& ours, const Lost& theirs) {
    const auto row = [](const std::string& what, std::int64_t a, std::int64_t b) {
        print_pair("orders lost " + what, static_cast<double>(a), static_cast<double>(b), "");
    };
    row(fmt::format("of {}, each in a second of its own", order_count), ours.alone, theirs.alone);
    row(fmt::format("of {}, seven in each second", order_count), ours.in_bursts, theirs.in_bursts);
    row(fmt::format("of {} that enter the status late", late_count), ours.late, theirs.late);
}

/// The CPU of as many PUTs by libcurl alone, and of those that a ledger remembers before and behind, beside the flow of the peer
/// that makes as many and does its work besides.
void print_bare(const Cost& theirs, std::int64_t puts, std::int64_t writes_per_commit) {
    const TempDir folder;
    for (const std::string& ledger : {std::string{}, folder / "ledger.db"}) {
        Sandbox sandbox({"--products", "1"});
        Spawn bare{.argv = {std::filesystem::read_symlink("/proc/self/exe").string(), "--bare", sandbox.url() + "/sandbox/api/v1",
                            std::to_string(puts)},
                   .environment = {},
                   .stdin_text = {},
                   .working_directory = {}};
        if (!ledger.empty()) bare.argv.insert(bare.argv.end(), {ledger, std::to_string(writes_per_commit)});
        const Finished finished = run(bare, longest);
        expect_exit(finished);
        const std::string what = ledger.empty() ? "libcurl alone" : "libcurl and SQLite alone";
        print_pair(fmt::format("{}, {} PUTs: CPU ({})", what, puts, theirs.what), finished.cpu_seconds,
                   theirs.finished.cpu_seconds, "s");
    }
}

void expect_no_violations(Sandbox& sandbox, const std::string& who) {
    const auto violations = sandbox.violations();
    if (!violations.empty()) throw std::runtime_error(who + ": " + violations.front());
}

/// The peer in this folder, told of a sandbox and its state by the environment.
Program peer_in(const std::string& folder, const Sandbox& sandbox, const TempDir& state) {
    const Spawn peer{.argv = {"node", folder + "/main.js"},
                     .environment = {{"BASELINKER_URL", sandbox.url() + "/connector.php"},
                                     {"BASELINKER_TOKEN", "sandbox-token"},
                                     {"INVENTORY_ID", "307"},
                                     {"ORDER_STATUS_ID", std::to_string(status::to_warehouse)},
                                     {"ONGOING_URL", sandbox.url() + "/sandbox/api/v1"},
                                     {"ONGOING_USER", "WSI-SANDBOX"},
                                     {"ONGOING_PASSWORD", "sandbox-password"},
                                     {"GOODS_OWNER_ID", "1"},
                                     {"STATE_FILE", state / "state.json"}},
                     .stdin_text = {},
                     .working_directory = state.path().string()};
    return [peer](const std::string& flow) {
        Spawn spawn = peer;
        spawn.argv.push_back(flow);
        return run(spawn, longest);
    };
}

void compare(const std::string& folder) {
    Sandbox our_sandbox({"--products", std::to_string(products)}), their_sandbox({"--products", std::to_string(products)});
    const Installation installation(our_sandbox, {}, {}, orders_on());
    const TempDir state;
    const Program ours = [&](const std::string& flow) { return installation.start({flow, "sync"})->wait(longest); };
    const Program theirs = peer_in(folder, their_sandbox, state);
    // A child begins with the peak memory of the process that it was forked from: what this one reads itself, it reads later.
    const auto our_costs = costs_of(our_sandbox, ours), their_costs = costs_of(their_sandbox, theirs);
    expect_same(our_sandbox.articles(), their_sandbox.articles());
    expect_same(our_sandbox.orders(), their_sandbox.orders());
    print(our_costs, their_costs);
    print_bare(their_costs.front(), products, articles_per_commit);
    print_bare(their_costs.back(), order_count, 1);
    print(lost_by(our_sandbox, ours), lost_by(their_sandbox, theirs));
    expect_no_violations(our_sandbox, "blongo");
    expect_no_violations(their_sandbox, "the peer");
}

} // namespace

} // namespace blongo::bench

int main(int argc, char** argv) try {
    using namespace blongo::bench;
    if ((argc == 4 || argc == 6) && std::string(argv[1]) == "--bare") {
        BareLedger ledger;
        if (argc == 6) ledger = {argv[4], std::stoll(argv[5])};
        put_articles_bare(argv[2], std::stoll(argv[3]), ledger);
        return 0;
    }
    if (argc != 2) {
        std::fputs("usage: peer <folder of the peer, its packages installed>\n", stderr);
        return 2;
    }
    compare(argv[1]);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
