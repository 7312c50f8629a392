// SPDX-License-Identifier: Apache-2.0
// Random histories of ten orders: 30 things that people do with them in BaseLinker and in Ongoing, a run after every few of
// them, with faults and kills. A model that knows the rules and nothing of blongo watches every write; when all has come to
// rest it must find on both sides what the rules say, and each difference in the parked list.
//   BLONGO_SCHEDULES=N runs N histories, BLONGO_FIRST_SEED=S begins with seed S, BLONGO_TELL=1 prints each.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include <fmt/format.h>

#include "support/e2e/faults.hpp"
#include "support/e2e/history_events.hpp"
#include "support/e2e/sending.hpp"
#include "support/e2e/shipments.hpp"

using namespace blongo;
using namespace blongo::test;
using namespace blongo::test::history;

namespace {

constexpr int events = 30, most_runs_to_rest = 8;

Setup drawn(std::mt19937& random) {
    const auto one_in = [&](int n) { return std::uniform_int_distribution<int>(1, n)(random) == 1; };
    Setup setup;
    setup.journal = one_in(2);
    setup.missing_is_error = one_in(2);
    setup.clears_omitted = one_in(2);
    setup.shipments = one_in(4);
    if (one_in(3)) setup.locks_from = ware_status::released;
    if (one_in(3)) setup.begins_at = ware_status::open;
    if (one_in(2)) setup.after_import = base_status::after_import;
    if (one_in(3)) setup.on_error = base_status::trouble;
    if (one_in(2)) setup.cancel_refused = base_status::cancel_refused;
    if (one_in(2)) setup.by_warehouse[ware_status::picked] = base_status::picked;
    if (one_in(3)) setup.by_warehouse[ware_status::sent] = base_status::sent;
    if (one_in(3)) setup.by_warehouse[ware_status::cancelled] = base_status::back_from_warehouse;
    return setup;
}

std::string config_of(const Setup& setup) {
    std::string text;
    const auto status = [&](const char* name, std::int64_t value) {
        if (value != 0) text += fmt::format("{} = {}\n", name, value);
    };
    status("status_after_import", setup.after_import);
    status("status_on_error", setup.on_error);
    status("status_after_cancel_refused", setup.cancel_refused);
    std::string rows;
    for (const auto& [there, value] : setup.by_warehouse)
        rows += fmt::format("{}{} = {}", rows.empty() ? "" : ", ", there, value);
    if (!rows.empty()) text += "status_by_warehouse = { " + rows + " }\n";
    return orders_on(text);
}

std::string shipments_of(const Setup& setup) {
    if (!setup.shipments) return {};
    return fmt::format("[connections.demo.shipments]\nenabled = true\nstart_from = \"2020-01-01T00:00:00Z\"\n"
                       "status_after_send = {}\nstatus_after_short_send = {}\ndefault_weight = \"1\"\n",
                       base_status::delivered, base_status::delivered_short) +
           dpd_rule();
}

std::vector<std::string> options_of(const Setup& setup) {
    std::vector<std::string> options{"--products", std::to_string(most_skus)};
    const auto set = [&](const std::string& name, const std::string& value) {
        options.insert(options.end(), {"--set", name + "=" + value});
    };
    const auto truth = [](bool value) { return value ? "true" : "false"; };
    set("journal", truth(setup.journal));
    set("missing_order_is_error", truth(setup.missing_is_error));
    set("put_clears_omitted", truth(setup.clears_omitted));
    set("locked_from_status", std::to_string(setup.locks_from));
    set("new_order_status", std::to_string(setup.begins_at));
    return options;
}

class History {
public:
    explicit History(unsigned seed)
        : random_(seed), setup_(drawn(random_)), model_(setup_), sandbox_(options_of(setup_)),
          installation_(sandbox_, {},
                        "[http]\nread_timeout = \"5s\"\nretry_ongoing = [\"5ms\", \"10ms\"]\n"
                        "retry_baselinker = [\"5ms\", \"10ms\"]\n" +
                            shipments_of(setup_),
                        config_of(setup_)),
          people_(sandbox_, model_, setup_, random_) {
        json::Value statuses = sandbox_.get("/_admin/baselinker/dictionaries")["statuses"];
        for (const auto& [id, name] : {std::pair{base_status::back_from_warehouse, "Wycofane z magazynu"},
                                       {base_status::delivered, "Nadane"},
                                       {base_status::delivered_short, "Nadane w części"}})
            statuses.push_back(json::Value::object().set("id", id).set("name", name));
        sandbox_.post("/_admin/baselinker/dictionaries", json::Value::object().set("statuses", std::move(statuses)));
        tell(setup_.text());
    }

    void play() {
        try {
            for (int event = 1; event <= events;) {
                for (int few = pick(4); few >= 0 && event <= events; --few, ++event)
                    tell(fmt::format("{:2} {}", event, people_.something()));
                const std::string fault = pick(5) < 2 ? spoil() : "";
                run({"orders", "sync"}, fault);
                if (setup_.shipments && pick(3) == 0) run({"shipments", "send"}, "");
            }
            come_to_rest();
            model_.judge(look(sandbox_), parked());
            verdict();
            CHECK(model_.complaints().empty());
        } catch (const Wrong& wrong) {
            std::cerr << said_ << wrong.what() << "\n";
            FAIL_CHECK(wrong.what());
        }
    }

private:
    /// Something is not as it should be: the rest of the history would tell nothing new.
    struct Wrong : std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
    template <class Row> const Row& any(const std::vector<Row>& rows) {
        return rows[static_cast<std::size_t>(pick(static_cast<int>(rows.size())))];
    }

    /// The next run meets a fault; answers its name.
    std::string spoil() {
        static const std::vector<Operation> operations = {{"baselinker", "getOrders"},
                                                          {"baselinker", "getOrders"},
                                                          {"baselinker", "getJournalList"},
                                                          {"baselinker", "setOrderStatus"},
                                                          {"baselinker", "setOrderStatuses"},
                                                          {"ongoing", "GET /orders"},
                                                          {"ongoing", "GET /orders/{orderId}"},
                                                          {"ongoing", "PUT /orders"},
                                                          {"ongoing", "PUT /orders"},
                                                          {"ongoing", "PUT /orders/{orderId}"},
                                                          {"ongoing", "DELETE /orders/{orderId}"},
                                                          {"ongoing", "DELETE /orders/{orderId}"},
                                                          {"ongoing", "PATCH /orders/{orderId}/servicePointCode"},
                                                          {"ongoing", "PATCH /orders/{orderId}/warehouseInstruction"}};
        static const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after",
                                                        "html_502",    "truncated",  "kill_before",   "kill_after"};
        const Operation& operation = any(operations);
        std::string fault = any(faults);
        // A listing that is empty for once must cancel nothing.
        if (!was_empty_ && operation.name == "getOrders" && pick(4) == 0) fault = "empty_listing";
        was_empty_ = was_empty_ || fault == "empty_listing";
        const int nth = 1 + pick(3);
        json::Value rule = json::Value::object()
                               .set("side", operation.side)
                               .set("operation", operation.name)
                               .set("nth", nth)
                               .set("fault", fault);
        if (fault.starts_with("status")) rule.set("code", fault == "status_after" || pick(2) == 0 ? 500 : 503);
        sandbox_.fault(rule);
        tell(fmt::format("   the next run meets {} at {} no. {}", fault, operation.name, nth));
        return fault;
    }

    /// Answers how many writes the run sent.
    std::size_t run(std::vector<std::string> arguments, const std::string& fault) {
        model_.run_begins(look(sandbox_), fault);
        arguments.emplace_back("--json");
        const auto finished = installation_.blongo(arguments);
        sandbox_.clear_faults();
        std::string said = in_short(finished);
        while (said.ends_with('\n')) said.pop_back();
        tell(fmt::format("   {} {}: {}", arguments[0], arguments[1], said));
        const auto writes = writes_since(sandbox_, seen_);
        for (const Call& call : writes) tell("      > " + call.text());
        const bool was_killed = fault.starts_with("kill") && finished.exit_code > 128;
        model_.run_ended(was_killed ? std::nullopt : std::optional(finished.exit_code), writes, look(sandbox_), parked());
        last_exit_ = finished.exit_code;
        if (!model_.complaints().empty()) verdict(); // easier to read here than at the end
        return writes.size();
    }

    Parked parked() {
        const auto list = installation_.blongo({"parked", "list", "--json"});
        Parked causes;
        for (const auto& row : lines_of(list, "parked"))
            if (row["flow"].text() == "orders") causes[row["key"].integer()] = row["cause"].text();
        return causes;
    }

    /// Faults are over and hours pass between the runs, until one has nothing to write any more.
    void come_to_rest() {
        std::size_t writes = 1;
        for (int round = 1; round <= most_runs_to_rest && (writes > 0 || last_exit_ != 0 || round < 4); ++round) {
            if (round > 1) let_time_pass();
            writes = run({"orders", "sync"}, "");
            if (setup_.shipments) writes += run({"shipments", "send"}, "");
        }
        if (writes > 0) throw Wrong(fmt::format("run {} still writes", most_runs_to_rest));
        if (last_exit_ != 0) throw Wrong(fmt::format("exit code {} at rest", last_exit_));
    }

    void let_time_pass() {
        age_sends(installation_);
        edit_state(installation_, "UPDATE parked SET next_try = next_try - 86400000 WHERE next_try IS NOT NULL");
        tell("   hours pass");
    }

    void verdict() {
        std::string all;
        for (const auto& complaint : model_.complaints()) all += "! " + complaint + "\n";
        for (const auto& violation : sandbox_.violations()) all += "! " + violation + "\n";
        if (!all.empty()) throw Wrong("parked: " + parked_text() + "\n" + all);
    }

    std::string parked_text() {
        std::string text;
        for (const auto& [id, cause] : parked()) text += fmt::format("{} {}; ", id, cause);
        return text;
    }

    void tell(const std::string& line) {
        static const bool aloud = std::getenv("BLONGO_TELL") != nullptr;
        if (aloud) std::cout << line << "\n" << std::flush;
        said_ += line + "\n";
    }

    std::mt19937 random_; // NOLINT(cert-msc51-cpp): a history is its seed
    Setup setup_;
    Model model_;
    Sandbox sandbox_;
    Installation installation_;
    People people_;
    std::int64_t seen_ = 0;
    int last_exit_ = -1;
    bool was_empty_ = false;
    std::string said_;
};

} // namespace

TEST_CASE("random histories of orders: both sides and the parked list are what the rules say") {
    for_each_seed(20, [](unsigned seed) { History(seed).play(); });
}
