// SPDX-License-Identifier: Apache-2.0
// Random schedules of arrivals and of runs with faults, against a model that knows nothing of blongo: it only
// remembers which orders have been confirmed in an accepted status with lines that can be sent, and in which
// quantities. Afterwards the warehouse holds these orders and no other, each once.
//   BLONGO_SCHEDULES=N runs N schedules, BLONGO_FIRST_SEED=S begins with seed S.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr int skus = 10;

struct Known {
    bool confirmed = true, accepted = true, has_lines = true;
    bool seen_by_a_run = false;      ///< a run began since it was fit to be sent: it may be in Ongoing already
    std::set<std::int64_t> quantity; ///< what it may have been sent with
    [[nodiscard]] bool wanted() const { return confirmed && accepted && has_lines; }
};

class Schedule {
public:
    explicit Schedule(unsigned seed)
        // Nothing stalls here: a time-out would come from a busy machine only.
        : random_(seed), after_import_(pick(2) == 0), sandbox_({"--products", std::to_string(skus)}),
          installation_(sandbox_, {},
                        "[http]\nread_timeout = \"5s\"\nretry_ongoing = [\"5ms\", \"10ms\"]\n"
                        "retry_baselinker = [\"5ms\", \"10ms\"]\n",
                        orders_on(std::string(after_import_ ? "status_after_import = 8070\n" : "") + "status_on_error = 8072")) {
        if (pick(2) == 0) sandbox_.options(json::Value::object().set("journal", true));
        if (pick(3) == 0) sandbox_.options(json::Value::object().set("quirks", true));
    }

    void play() {
        for (int step = 0; step < 5; ++step) {
            for (int event = pick(7); event >= 0; --event) happen();
            if (pick(40) == 0) crowd();
            run_with_a_fault();
        }
        recover();
        judge();
    }

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    /// Confirmed within a few seconds of each other, or days ago.
    std::int64_t confirmation() { return pick(4) == 0 ? now_ - 86'400 * (1 + pick(20)) : now_ - 3'600 + pick(3); }

    json::Value lines(std::int64_t id, std::int64_t quantity) {
        json::Value list = json::Value::array();
        list.push_back(base_line(synthetic_sku(1 + static_cast<int>(id % skus)), quantity).set("order_product_id", id * 10));
        return list;
    }

    void arrive(std::int64_t date) {
        const std::int64_t id = 1'000 + 7 * static_cast<std::int64_t>(random_() % 100'000);
        if (orders_.contains(id)) return;
        Known& known = orders_[id];
        known.confirmed = pick(5) != 0;
        known.accepted = pick(4) != 0;
        known.has_lines = pick(8) != 0;
        const std::int64_t quantity = 1 + pick(9);
        known.quantity = {quantity};
        json::Value order = base_order(id, {},
                                       json::Value::object()
                                           .set("confirmed", known.confirmed)
                                           .set("date_confirmed", date)
                                           .set("date_in_status", date)
                                           .set("date_add", date - 60)
                                           .set("order_status_id", known.accepted ? status::to_warehouse : status::fresh));
        if (known.has_lines) order.set("products", lines(id, quantity));
        sandbox_.base_orders(order);
    }

    void happen() {
        if (orders_.empty() || pick(2) == 0) return arrive(confirmation());
        auto row = orders_.begin();
        std::advance(row, pick(static_cast<int>(orders_.size())));
        auto& [id, known] = *row;
        json::Value change = json::Value::object().set("order_id", id);
        if (!known.confirmed) {
            known.confirmed = true;
            change.set("confirmed", true);
        } else if (!known.accepted) { // a late status
            known.accepted = true;
            change.set("order_status_id", status::to_warehouse);
        } else {
            const std::int64_t quantity = 10 + pick(9);
            if (known.seen_by_a_run)
                known.quantity.insert(quantity);
            else
                known.quantity = {quantity};
            known.has_lines = true;
            change.set("products", lines(id, quantity));
        }
        sandbox_.base_orders(change);
    }

    /// More orders in one second than a page holds.
    void crowd() {
        const std::int64_t second = now_ - 1'800;
        for (int i = 0; i < 110; ++i) arrive(second);
    }

    void run_with_a_fault() {
        static const std::vector<std::pair<std::string, std::string>> operations = {
            {"baselinker", "getOrders"},      {"ongoing", "GET /orders"},
            {"ongoing", "GET /articles"},     {"baselinker", "getInventoryProductsData"},
            {"ongoing", "PUT /articles"},     {"ongoing", "PUT /orders"},
            {"baselinker", "setOrderStatus"}, {"baselinker", "setOrderStatuses"}};
        static const std::vector<std::string> faults = {"drop_before", "drop_after",  "status_before", "status_after", "html_502",
                                                        "truncated",   "late_commit", "kill_before",   "kill_after"};
        const auto& [side, operation] = operations[static_cast<std::size_t>(pick(static_cast<int>(operations.size())))];
        const auto& fault = faults[static_cast<std::size_t>(pick(static_cast<int>(faults.size())))];
        json::Value rule =
            json::Value::object().set("side", side).set("operation", operation).set("nth", 1 + pick(3)).set("fault", fault);
        if (fault.starts_with("status")) rule.set("code", pick(2) == 0 ? 500 : 503);
        if (fault == "late_commit") rule.set("seconds", json::Value::number("0.05"));
        if (pick(5) != 0) sandbox_.fault(rule);
        for (auto& [id, known] : orders_) known.seen_by_a_run = known.seen_by_a_run || known.wanted();
        const auto run = installation_.blongo({"orders", "sync", "--json"});
        said_ += fault + " at " + operation + ": " + std::to_string(run.exit_code) + "\n" + run.err;
        sandbox_.clear_faults();
    }

    void recover() {
        int last = -1;
        for (int run = 1; run <= 5 && last != 0; ++run) {
            if (run == 2) age_intents(installation_); // see crash/orders.cpp
            const auto again = installation_.blongo({"orders", "sync", "--json"});
            last = again.exit_code;
            said_ += "recovery: " + std::to_string(last) + "\n" + again.err;
        }
        INFO(said_);
        CHECK(last == 0);
    }

    void judge() {
        INFO(said_);
        const json::Value there = sandbox_.orders(); // throws if a number is there twice
        std::size_t wanted = 0;
        for (const auto& [id, known] : orders_) {
            const json::Value order = there[std::to_string(id)];
            INFO("order " << id);
            CHECK(order.is_object() == known.wanted());
            if (!known.wanted()) continue;
            ++wanted;
            REQUIRE(order["lines"].size() == 1);
            CHECK(known.quantity.contains(order["lines"].elements().front()["ordered"].integer()));
            if (!after_import_) continue;
            CHECK(sandbox_.base_order(id)["order_status_id"].integer() == status::in_warehouse);
            CHECK(sandbox_.status_writes(id, status::in_warehouse) == 1);
        }
        CHECK(there.size() == wanted);
        expect_lawful_and_idle(sandbox_, installation_, "orders");
    }

    std::mt19937 random_;
    bool after_import_;
    Sandbox sandbox_;
    Installation installation_;
    std::map<std::int64_t, Known> orders_;
    std::string said_;
    const std::int64_t now_ = to_unix_seconds(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()));
};

} // namespace

TEST_CASE("random schedules of arrivals and faults: nothing lost, nothing doubled, no foreign order") {
    for_each_seed(60, [](unsigned seed) { Schedule(seed).play(); });
}
