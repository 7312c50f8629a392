// SPDX-License-Identifier: Apache-2.0
// The fault matrix of the flow that spends money, generated: {fault} x {request} x {fresh, kept-alive} x {first, second
// order}. Whatever happens to a request, afterwards no delivery has two packages of ours, each has one label and one
// tracking entry, was printed once, and each status in BaseLinker was set once. What the flow cannot know it asks a person:
// `blongo unknown resolve` settles it in one command.
//   Every run plays a sample that is the same each time; the test with the label `long` plays all (BLONGO_CELLS=all;
//   BLONGO_CELLS=automation those whose name holds that word).
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <blongo/base/time.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/shipments.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t first_order = 7'000'001, second_order = 7'000'002;
constexpr std::size_t sample_size = 90;
constexpr unsigned sample_seed = 4;

/// Short waits: a stalled call costs its time-out. Looks for a lost booking 1, 2 and 4 s after the call.
const std::string short_waits = "[http]\nread_timeout = \"300ms\"\ncourier_timeout = \"300ms\"\n"
                                "retry_ongoing = [\"5ms\", \"10ms\", \"20ms\"]\n"
                                "retry_baselinker = [\"5ms\", \"10ms\", \"20ms\", \"40ms\"]\n";

/// Where the requests of one order are told from those of the other.
enum class Named { nowhere, by_order, by_ongoing_id, by_courier, by_turn };

struct Request {
    Operation operation;
    Named named;
    bool unsafe = false;       ///< goes out once, on a connection of its own
    bool opens = false;        ///< the first request of its side in a run: never on a kept-alive connection
    bool short_second = false; ///< comes when the second order is short
    int times = 1;             ///< so often for each order
};

const std::vector<Request> requests = {
    {{"ongoing", "GET /orders"}, Named::nowhere, false, true},
    {{"baselinker", "getOrders"}, Named::by_order, false, true},
    {{"baselinker", "getCourierFields"}, Named::by_courier},
    {{"baselinker", "getCourierAccounts"}, Named::by_courier},
    {{"baselinker", "getOrderPackages"}, Named::by_order, false, false, false, 2}, // before the call, and behind the label
    {{"baselinker", "createPackage"}, Named::by_order, true},
    {{"baselinker", "getLabel"}, Named::by_turn},
    {{"ongoing", "GET /orders/{orderId}/files"}, Named::by_ongoing_id},
    {{"ongoing", "POST /orders/{orderId}/files"}, Named::by_ongoing_id, true},
    {{"ongoing", "PUT /orders/{orderId}/parcels/{parcelId}/parcelTracking"}, Named::by_ongoing_id},
    {{"ongoing", "PUT /orders/{orderId}/orderTracking"}, Named::by_ongoing_id},
    {{"ongoing", "PATCH /orders/{orderId}/waybill"}, Named::by_ongoing_id},
    {{"baselinker", "setOrderStatuses"}, Named::nowhere, true},
    {{"baselinker", "setOrderStatus"}, Named::by_order, true, false, true},
};

const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after", "html_502",
                                         "truncated",   "stall",      "kill_before",   "kill_after"};
/// Of createPackage alone. The request arrives so many seconds after the client hung up, 0.3 s after the call: before,
/// between and after the looks at 1, 2 and 4 s.
const std::map<std::string, double> late = {{"late, 1 s", 1.0},
                                            {"late, between two looks", 1.2},
                                            {"late, just before the last look", 2.7},
                                            {"late, after the last look", 5.0}};
const std::vector<std::string> automation = {"automation, answered", "automation, refused", "automation, drop_after",
                                             "automation, kill_after"};

struct Cell {
    Request request;
    std::string fault, connection;
    int order = 1; ///< the first or the second; of both: 1
    int nth = 1;
    [[nodiscard]] std::string words() const {
        return fault + " at " + request.operation.name + " number " + std::to_string(nth) + " of order " + std::to_string(order) +
               " on a " + connection + " connection";
    }
    [[nodiscard]] bool is_late() const { return late.contains(fault); }
    [[nodiscard]] bool automatic() const { return fault.starts_with("automation"); }
};

/// All cells that can exist.
std::vector<Cell> all_cells() {
    std::vector<Cell> cells;
    for (const auto& request : requests)
        for (int order = 1; order <= (request.named == Named::nowhere ? 1 : 2); ++order)
            for (int nth = 1; nth <= request.times; ++nth)
                for (const std::string connection : {"fresh", "kept_alive"}) {
                    const bool kept = connection == "kept_alive";
                    if (kept && (request.unsafe || (request.opens && order == 1))) continue;
                    for (const auto& fault : faults) cells.push_back({request, fault, connection, order, nth});
                    if (request.operation.name != "createPackage") continue;
                    for (const auto& [fault, seconds] : late) cells.push_back({request, fault, connection, order, nth});
                    for (const auto& fault : automation) cells.push_back({request, fault, connection, order, nth});
                }
    return cells;
}

/// Two orders that were sent in the warehouse: two parcels with DPD, one to a locker. In the second shop one piece of the
/// second order is missing.
class Shop {
public:
    Shop()
        : sandbox_({"--products", "4"}),
          installation_(sandbox_, {}, short_waits + sends_on("unknown_wait = [1, 2, 4]"), orders_on()) {
        json::Value orders = json::Value::array();
        orders.push_back(base_order(first_order, {base_line(synthetic_sku(1), 2)}));
        orders.push_back(base_order(second_order, {base_line(synthetic_sku(2), 2)}, to_a_locker()));
        sandbox_.base_orders(orders);
        REQUIRE(sync_orders(installation_).exit_code == 0);
        const Snapshot imported(sandbox_, installation_);
        send_in_warehouse(sandbox_, first_order, {"1.2", "2.5"});
        send_in_warehouse(sandbox_, second_order, {"0.8"});
        complete_ = std::make_unique<Snapshot>(sandbox_, installation_);
        imported.restore();
        send_in_warehouse(sandbox_, first_order, {"1.2", "2.5"});
        send_in_warehouse(
            sandbox_, second_order, {"0.8"},
            json::Value::object().set("quantities", json::Value::object().set(std::to_string(second_order * 10 + 1), 1)));
        short_ = std::make_unique<Snapshot>(sandbox_, installation_);
        const json::Value there = sandbox_.orders();
        ongoing_ids_ = {there[std::to_string(first_order)]["orderId"].integer(),
                        there[std::to_string(second_order)]["orderId"].integer()};
    }

    void begin(bool short_second) {
        (short_second ? short_ : complete_)->restore();
        is_short_ = short_second;
        said_.clear();
    }

    /// Plays one cell to its end. False: the request never came.
    bool play(const Cell& cell) {
        begin(cell.request.short_second);
        if (cell.connection == "fresh" && !cell.request.unsafe)
            sandbox_.options(json::Value::object().set("close_connections", true));
        if (cell.automatic()) sandbox_.options(json::Value::object().set("seller_automation", true));
        if (cell.fault == "automation, refused")
            sandbox_.options(json::Value::object().set("package_error", "Brak środków na koncie"));
        if (const auto rule = rule_of(cell)) sandbox_.fault(*rule);
        const int hurt = run();
        const bool met = !rule_of(cell) || fault_fired(sandbox_);
        if (met && cell.fault.find("kill") != std::string::npos) CHECK(hurt == 128 + 9);
        sandbox_.clear_faults();
        sandbox_.options(
            json::Value::object().set("close_connections", false).set("seller_automation", false).set("package_error", ""));
        if (cell.is_late()) look_at_times(cell);
        recover();
        if (cell.automatic()) cancel_the_sellers();
        judge();
        return met;
    }

    /// `blongo shipments send`, remembered for a failure.
    int run(std::vector<std::string> arguments = {"shipments", "send", "--json"}) {
        const auto finished = installation_.blongo(std::move(arguments));
        said_ += in_short(finished);
        return finished.exit_code;
    }

    /// Everything is as if nothing had happened.
    void judge() {
        INFO(said_);
        const auto rows = deliveries_of(installation_);
        CHECK(rows.size() == 2);
        const json::Value there = sandbox_.orders();
        for (const auto& row : rows) {
            const std::int64_t order = row["key"].integer();
            INFO("order " << order << ": " << row.dump());
            const bool is_short = is_short_ && order == second_order;
            CHECK(row["state"].text() == (is_short ? "sent, short" : "sent"));
            CHECK(packages_of(sandbox_, order, "client").size() <= 1);
            const auto packages = packages_of(sandbox_, order);
            CHECK(packages.size() == 1);
            const auto ours = std::ranges::find_if(packages, [&](const json::Value& package) {
                return package["package_id"].integer() == row["package_id"].integer();
            });
            REQUIRE(ours != packages.end());
            const std::string_view number = (*ours)["number"].text();
            const json::Value& held = there[std::to_string(order)];
            CHECK(held["files"].size() == 1);
            CHECK(held["tracking"].size() == 1);
            for (const auto& tracking : held["tracking"].elements()) CHECK(tracking["waybill"].text() == number);
            for (const auto& parcel : held["parcels"].elements()) CHECK(parcel["tracking"]["waybill"].text() == number);
            CHECK(held["way_bill"].text() == number);
            CHECK(print_jobs_of(sandbox_, order) == 1);
            const std::int64_t target = is_short ? status::sent_in_part : status::sent;
            CHECK(sandbox_.base_order(order)["order_status_id"].integer() == target);
            CHECK(sandbox_.status_writes(order, target) == 1);
        }
        expect_lawful_and_idle(sandbox_, installation_, "shipments");
    }

    [[nodiscard]] int settled_by_hand() const { return settled_by_hand_; }
    Sandbox& sandbox() { return sandbox_; }
    const Installation& installation() { return installation_; }

private:
    std::optional<json::Value> rule_of(const Cell& cell) {
        const std::string kind = cell.is_late()                           ? "late_commit"
                                 : cell.fault == "automation, drop_after" ? "drop_after"
                                 : cell.fault == "automation, kill_after" ? "kill_after"
                                                                          : cell.fault;
        if (cell.automatic() && kind == cell.fault) return std::nullopt;
        json::Value rule = fault_rule(cell.request.operation, kind, cell.connection, 1);
        rule.set("nth", cell.nth);
        if (kind == "stall") rule.set("seconds", json::Value::number("0.6")); // longer than the client waits
        if (cell.is_late()) rule.set("milliseconds", static_cast<std::int64_t>(late.at(cell.fault) * 1'000));
        if (cell.is_late()) rule.erase("seconds");
        const auto which = static_cast<std::size_t>(cell.order - 1);
        switch (cell.request.named) {
        case Named::nowhere: break;
        case Named::by_order:
            rule.set("match", "\"order_id\":" + std::to_string(cell.order == 1 ? first_order : second_order));
            break;
        case Named::by_ongoing_id: rule.set("match", "/orders/" + std::to_string(ongoing_ids_.at(which)) + "/"); break;
        case Named::by_courier: rule.set("match", cell.order == 1 ? "\"dpd\"" : "\"paczkomaty\""); break;
        case Named::by_turn: rule.set("nth", cell.order); break;
        }
        return rule;
    }

    /// The looks at 1, 2 and 4 s after the call, and one when the package is there.
    void look_at_times(const Cell& cell) {
        const std::int64_t order = cell.order == 1 ? first_order : second_order;
        const std::string created =
            read_any_state(installation_, "SELECT created FROM intents WHERE key = 'delivery:" + std::to_string(order) + ":1'");
        REQUIRE_FALSE(created.empty());
        const Timestamp called = from_unix_milliseconds(std::stoll(created));
        int last = 0;
        for (const int seconds : {1, 2, 4}) {
            std::this_thread::sleep_until(called + Seconds{seconds} + Milliseconds{100});
            last = run();
        }
        {
            INFO(said_);
            CHECK(last == (cell.fault == "late, after the last look" ? 8 : 0)); // nobody can know it before
        }
        for (int wait = 0; packages_of(sandbox_, order, "client").empty() && wait < 100; ++wait)
            std::this_thread::sleep_for(Milliseconds{50});
        last = run();
        INFO(said_);
        CHECK(last == 0); // found without a person
    }

    /// Where two stand, the person who reads two_packages cancels the one that is not used.
    void cancel_the_sellers() {
        for (const std::int64_t order : {first_order, second_order}) {
            CHECK(packages_of(sandbox_, order, "client").size() <= 1);
            if (packages_of(sandbox_, order).size() < 2) continue;
            for (const auto& package : packages_of(sandbox_, order, "seller"))
                sandbox_.send("DELETE", "/_admin/baselinker/packages?id=" + std::string(package["package_id"].text()), {});
        }
        age_sends(installation_);
        recover();
    }

    void recover() {
        int last = -1;
        for (int round = 1; round <= 6 && last != 0; ++round) {
            if (round == 3) age_sends(installation_);
            if (round == 5 && last == 8) settled_by_hand_ += settle_by_hand(sandbox_, installation_);
            last = run();
            if (last == 3) last = run(); // parked in this run instead of in the hurt one: it is news once
        }
        INFO(said_);
        CHECK(last == 0);
    }

    Sandbox sandbox_;
    Installation installation_;
    std::unique_ptr<Snapshot> complete_, short_;
    std::vector<std::int64_t> ongoing_ids_;
    std::string said_;
    bool is_short_ = false;
    int settled_by_hand_ = 0;
};

} // namespace

TEST_CASE("the matrix knows every request of the flow") {
    Shop shop;
    std::set<std::string> named, seen;
    for (const auto& request : requests) named.insert(request.operation.side + " " + request.operation.name);
    for (const bool short_second : {false, true}) {
        shop.begin(short_second);
        CHECK(shop.run() == 0);
        const json::Value counts = shop.sandbox().get("/_admin/counts");
        for (const std::string side : {"baselinker", "ongoing"})
            for (const auto& [operation, count] : counts[side].members()) seen.insert(side + " " + operation);
        shop.judge();
    }
    CHECK(seen == named);
}

TEST_CASE("every fault at every request of a send: one package, one label, one tracking entry, one print, one status") {
    Shop shop;
    auto cells = all_cells();
    const std::size_t all = cells.size();
    const char* wanted = std::getenv("BLONGO_CELLS");
    if (wanted != nullptr && std::string(wanted) != "all") {
        std::erase_if(cells, [&](const Cell& cell) { return cell.words().find(wanted) == std::string::npos; });
    } else if (wanted == nullptr) {
        std::shuffle(cells.begin(), cells.end(), std::mt19937(sample_seed)); // NOLINT: the same sample in every run
        cells.resize(std::min(sample_size, cells.size()));
        std::size_t number = 0;
        std::erase_if(cells, [&](const Cell&) { return !in_share(number++); });
    }
    std::size_t fired = 0;
    for (const auto& cell : cells) {
        INFO(cell.words());
        const bool met = shop.play(cell);
        CHECK(met);
        if (met) ++fired;
    }
    WARN("cells played: " << cells.size() << " of " << all << ", faults that fired: " << fired
                          << ", bookings that a person settled: " << shop.settled_by_hand());
}

TEST_CASE("a run that was held up while another one booked the same Send books nothing, and parks nothing", "[F1]") {
    Sandbox sandbox({"--products", "4"});
    const Installation installation(sandbox, {}, sends_on(), orders_on());
    sandbox.base_orders(base_order(first_order, {base_line(synthetic_sku(1), 2)}));
    REQUIRE(sync_orders(installation).exit_code == 0);
    send_in_warehouse(sandbox, first_order, {"1.2"});
    // What the first run reads of the packages is out of date when it gets to know it.
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "getOrderPackages")
                      .set("nth", 1)
                      .set("fault", "stall")
                      .set("seconds", 4)
                      .set("commit", GENERATE(true, false)));
    const auto held_up = installation.start({"shipments", "send", "--json"});
    held_up->wait_until([&] { return sandbox.calls("baselinker", "getOrderPackages") == 1; });
    const auto quick = installation.blongo({"shipments", "send", std::to_string(first_order), "--json"});
    INFO(in_short(quick));
    CHECK(quick.exit_code == 0);
    const auto slow = held_up->wait();
    INFO(in_short(slow));
    CHECK(slow.exit_code == 0);
    CHECK(bookings_of(sandbox, first_order) == 1);
    CHECK(packages_of(sandbox, first_order).size() == 1);
    CHECK(print_jobs_of(sandbox, first_order) == 1);
    CHECK(sandbox.status_writes(first_order, status::sent) == 1);
    CHECK(lines_of(installation.blongo({"parked", "list", "--json"}), "parked").empty());
    expect_lawful_and_idle(sandbox, installation, "shipments");
}
