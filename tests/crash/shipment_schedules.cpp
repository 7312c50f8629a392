// SPDX-License-Identifier: Apache-2.0
// Random schedules of what people do in the warehouse and of two runs at once (cron's, and one that somebody started for an
// order), with faults and kills, against a model that knows nothing of blongo: it only remembers what was picked, and how
// often somebody gave a reason to book. Afterwards each package of ours belongs to one delivery, each piece that was
// picked is in one delivery that stands, and each label was uploaded and printed once.
//   BLONGO_SCHEDULES=N runs N schedules, BLONGO_FIRST_SEED=S begins with seed S, BLONGO_STATE=postgresql uses a server.
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "support/e2e/faults.hpp"
#include "support/e2e/shipments.hpp"
#include "support/postgres.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t first_order = 7'000'001;
constexpr int orders = 3, pieces = 4;

const std::string short_waits = "[http]\nread_timeout = \"300ms\"\ncourier_timeout = \"300ms\"\n"
                                "retry_ongoing = [\"5ms\", \"10ms\"]\nretry_baselinker = [\"5ms\", \"10ms\"]\n";

/// What has happened to an order outside blongo.
struct Known {
    int picked = 0;           ///< pieces; 0: not sent yet
    std::int64_t reasons = 0; ///< to book: the first Send, more picked, other parcels, a cancellation
};

/// Three orders in the warehouse, none of them picked.
class Shop {
public:
    explicit Shop(bool postgres)
        : sandbox_({"--products", "4"}), installation_(sandbox_, {},
                                                       short_waits + sends_on("unknown_wait = [1, 2, 3]\ndefault_weight = \"1\"\n"
                                                                              "parcels_changed = \"add\"\n"),
                                                       orders_on()) {
        if (postgres) {
            std::string config = installation_.config_text();
            const auto from = config.find("sqlite://"), to = config.find('"', from);
            config.replace(from, to - from, PostgresServer::instance().make_database());
            installation_.write_config(config);
        }
        for (int i = 0; i < orders; ++i)
            sandbox_.base_orders(base_order(first_order + i, {base_line(synthetic_sku(1 + i), pieces)},
                                            i == 1 ? to_a_locker() : json::Value::object()));
        REQUIRE(sync_orders(installation_).exit_code == 0);
        begin_.emplace(sandbox_, installation_);
    }
    void begin() { begin_->restore(); }
    Sandbox& sandbox() { return sandbox_; }
    const Installation& installation() { return installation_; }

private:
    Sandbox sandbox_;
    Installation installation_;
    std::optional<Snapshot> begin_;
};

class Schedule {
public:
    Schedule(Shop& shop, unsigned seed) : random_(seed), sandbox_(shop.sandbox()), installation_(shop.installation()) {
        shop.begin();
        if (pick(3) == 0) sandbox_.options(json::Value::object().set("deleted_packages_stay", true));
        if (pick(4) == 0) sandbox_.options(json::Value::object().set("label_not_ready", 1));
    }

    void play() {
        for (int step = 0; step < 5; ++step) {
            for (int event = pick(4); event >= 0; --event) happen();
            two_runs();
        }
        recover();
        // Whatever was missed or put off is asked for once more.
        for (auto& [id, known] : known_)
            if (known.picked > 0) work(id, "send");
        recover();
        judge();
    }

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    void work(std::int64_t id, const std::string& action, json::Value more = json::Value::object(),
              const std::vector<std::string>& parcels = {}) {
        said_ += action + " " + std::to_string(id) + " " + more.dump() + "\n";
        more.set("action", action);
        send_in_warehouse(sandbox_, id, parcels, std::move(more));
    }

    json::Value quantity(std::int64_t id, int number) {
        return json::Value::object().set("quantities", json::Value::object().set(std::to_string(id * 10 + 1), number));
    }

    /// What people in the warehouse do: send a part or all, send the rest, press Send again, pack otherwise.
    void happen() {
        const std::int64_t id = last_ = first_order + pick(orders);
        Known& known = known_[id];
        const std::vector<std::string> parcels = pick(2) == 0 ? std::vector<std::string>{} : std::vector<std::string>{"1.5"};
        if (known.picked == 0) {
            known.picked = pick(2) == 0 ? pieces : pieces / 2;
            ++known.reasons;
            work(id, "pick_and_send", quantity(id, known.picked), parcels);
        } else if (known.picked < pieces && pick(2) == 0) {
            known.picked = pieces;
            ++known.reasons;
            work(id, "pick_and_send", quantity(id, pieces), parcels);
        } else if (pick(3) == 0) {
            ++known.reasons;
            work(id, "send", json::Value::object(), {"2." + std::to_string(pick(10))});
        } else {
            work(id, "send");
        }
    }

    void spoil() {
        static const std::vector<Operation> operations = {{"ongoing", "GET /orders"},
                                                          {"baselinker", "getOrders"},
                                                          {"baselinker", "getOrderPackages"},
                                                          {"baselinker", "createPackage"},
                                                          {"baselinker", "createPackage"},
                                                          {"baselinker", "getLabel"},
                                                          {"baselinker", "deleteCourierPackage"},
                                                          {"ongoing", "GET /orders/{orderId}/files"},
                                                          {"ongoing", "POST /orders/{orderId}/files"},
                                                          {"ongoing", "DELETE /orders/{orderId}/files/{fileId}"},
                                                          {"ongoing", "PUT /orders/{orderId}/orderTracking"},
                                                          {"ongoing", "PATCH /orders/{orderId}/waybill"},
                                                          {"baselinker", "setOrderStatus"},
                                                          {"baselinker", "setOrderStatuses"}};
        static const std::vector<std::string> faults = {"drop_before", "drop_after",  "status_before", "status_after", "html_502",
                                                        "truncated",   "late_commit", "kill_before",   "kill_after"};
        const auto& operation = operations[static_cast<std::size_t>(pick(static_cast<int>(operations.size())))];
        std::string fault = faults[static_cast<std::size_t>(pick(static_cast<int>(faults.size())))];
        if (fault == "late_commit" && operation.name != "createPackage") fault = "stall";
        json::Value rule = json::Value::object()
                               .set("side", operation.side)
                               .set("operation", operation.name)
                               .set("nth", 1 + pick(2))
                               .set("fault", fault);
        if (fault.starts_with("status")) rule.set("code", pick(2) == 0 ? 500 : 503);
        if (fault == "late_commit") rule.set("milliseconds", 50 + pick(300));
        if (fault == "stall") rule.set("milliseconds", 400);
        is_late_ = is_late_ || fault == "late_commit" || fault == "stall";
        sandbox_.fault(rule);
        said_ += fault + " at " + operation.name + "\n";
    }

    /// Cron's run and another one at the same time; in the middle of them somebody may press Send.
    void two_runs() {
        if (pick(5) != 0) spoil();
        if (pick(4) == 0) spoil();
        const std::int64_t id = pick(3) == 0 ? first_order + pick(orders) : last_; // mostly the one that cron is at, too
        std::vector<std::string> second{"shipments", "send", std::to_string(id), "--lock-wait", "1s", "--json"};
        if (const int what = pick(6); what < 2 && known_[id].reasons > 0) {
            second = {"shipments", what == 0 ? "cancel" : "rebook", std::to_string(id), "--json"};
            ++known_[id].reasons;
        }
        const auto cron = installation_.start({"shipments", "send", "--json"});
        std::this_thread::sleep_for(std::chrono::milliseconds(pick(5) * 20));
        const auto other = installation_.start(second);
        if (pick(3) == 0) happen();
        for (const auto* run : {&cron, &other}) {
            const auto finished = (*run)->wait();
            said_ += (run == &cron ? "cron: " : second[1] + " " + second[2] + ": ") + in_short(finished);
        }
        sandbox_.clear_faults();
    }

    void recover() {
        if (is_late_) std::this_thread::sleep_for(std::chrono::milliseconds(700)); // such requests have arrived then
        int last = -1;
        const auto run_until_done = [&](int rounds) {
            last = -1;
            for (int round = 1; round <= rounds && last != 0; ++round) {
                if (round == 3) age_sends(installation_);
                if (round == 5 && last == 8) settle_by_hand(sandbox_, installation_);
                const auto again = installation_.blongo({"shipments", "send", "--json"});
                last = again.exit_code;
                said_ += "recovery: " + in_short(again);
            }
        };
        run_until_done(7);
        age_sends(installation_); // what was put off without being wrong: a label that was not ready
        run_until_done(7);
        INFO(said_);
        CHECK(last == 0);
    }

    void judge() {
        INFO(said_);
        const auto rows = deliveries_of(installation_);
        const json::Value there = sandbox_.orders();
        for (const auto& [id, known] : known_) {
            if (known.picked == 0) continue;
            INFO("order " << id << ", picked " << known.picked << ", reasons to book " << known.reasons);
            std::set<std::int64_t> standing, held;
            std::int64_t ever = 0, delivered = 0;
            for (const auto& row : rows) {
                if (row["key"].integer() != id) continue;
                INFO(row.dump());
                const std::int64_t package = row["package_id"].integer(0);
                ever += package != 0 ? 1 : 0;
                if (row["state"].text() == "cancelled") continue;
                CHECK(row["state"].text().starts_with("sent"));
                CHECK(package != 0);
                CHECK(standing.insert(package).second);
                delivered += pieces_of(id, row["delivery"].integer());
            }
            for (const auto& package : packages_of(sandbox_, id)) {
                CHECK(held.insert(package["package_id"].integer()).second);
                expect_one_label(there[std::to_string(id)], package);
            }
            CHECK(standing == held);                  // no package without a delivery, no delivery without its package
            CHECK(ever == bookings_of(sandbox_, id)); // and never was one
            CHECK(ever <= known.reasons);
            CHECK(delivered == known.picked);
            CHECK(there[std::to_string(id)]["files"].size() == held.size());
            expect_statuses(id);
        }
        expect_printed_once();
        expect_lawful_and_idle(sandbox_, installation_, "shipments");
    }

    std::int64_t pieces_of(std::int64_t id, std::int64_t delivery) {
        const std::string text =
            read_any_state(installation_, "SELECT quantities FROM deliveries WHERE order_id = " + std::to_string(id) +
                                              " AND number = " + std::to_string(delivery));
        const auto quantities = json::Value::parse(text);
        std::int64_t sum = 0;
        if (quantities)
            for (const auto& [row, count] : quantities->members()) sum += count.integer();
        return sum;
    }

    void expect_one_label(const json::Value& order, const json::Value& package) {
        int labels = 0, entries = 0;
        for (const auto& file : order["files"].elements())
            if (file["fileName"].text().find("-" + std::string(package["package_id"].text()) + ".") != std::string_view::npos)
                ++labels;
        for (const auto& tracking : order["tracking"].elements())
            if (tracking["waybill"] == package["number"]) ++entries;
        INFO("package " << package["package_id"].text());
        CHECK(labels == 1);
        CHECK(entries == 1);
    }

    /// No status is written while BaseLinker shows it already: each such call may send a mail to the buyer.
    void expect_statuses(std::int64_t id) {
        const json::Value calls = sandbox_.get("/_admin/journal?side=baselinker");
        std::int64_t now = status::to_warehouse;
        for (const auto& call : calls.elements()) {
            const json::Value& sent = call["parameters"];
            const std::string_view operation = call["operation"].text();
            if (!call["committed"].is_true() || !operation.starts_with("setOrderStatus")) continue;
            bool meant = sent["order_id"].integer(0) == id;
            for (const auto& one : sent["order_ids"].elements()) meant = meant || one.integer() == id;
            if (!meant) continue;
            CHECK(sent["status_id"].integer() != now);
            now = sent["status_id"].integer();
        }
        CHECK(now == (known_[id].picked == pieces ? status::sent : status::sent_in_part));
    }

    /// Once; on a slow machine a Send that is pressed again a minute later is a wish for another one.
    void expect_printed_once() {
        std::map<std::string, std::time_t> printed;
        const json::Value list = sandbox_.get("/_admin/ongoing/print-jobs");
        for (const auto& job : list.elements()) {
            const std::string file(job["fileName"].text()), at(job["at"].text());
            std::tm time{};
            REQUIRE(strptime(at.c_str(), "%Y-%m-%dT%H:%M:%S", &time) != nullptr);
            const auto [before, is_first] = printed.emplace(file, timegm(&time));
            INFO(file);
            CHECK((is_first || timegm(&time) - before->second >= 59));
            before->second = timegm(&time);
        }
    }

    std::mt19937 random_; // NOLINT(cert-msc51-cpp): a schedule is its seed
    Sandbox& sandbox_;
    const Installation& installation_;
    std::map<std::int64_t, Known> known_;
    std::string said_;
    std::int64_t last_ = first_order; ///< whose turn it was last in the warehouse
    bool is_late_ = false;            ///< a request may have been under way after its client hung up
};

} // namespace

TEST_CASE("random schedules of two runs at once: no package too many, no piece unsent, no label printed twice") {
    const char* state = std::getenv("BLONGO_STATE");
    Shop shop(state != nullptr && std::string(state) == "postgresql");
    for_each_seed(20, [&](unsigned seed) { Schedule(shop, seed).play(); });
}
