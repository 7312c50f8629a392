// SPDX-License-Identifier: Apache-2.0
// Cancellations that the warehouse refuses, shown on both sides and never booked; orders that are not there, or only
// seem so; a journal that missed days.
#include <catch2/catch.hpp>

#include "golden/tool.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O;
const std::string number = Life::number_of(O);

} // namespace

TEST_CASE("a refused cancellation is said in the packer's language in front of what stood there, and taken back alone", "[F13]") {
    for (const std::string language : {"en", "pl"}) {
        INFO(language);
        Life life{{.shipments = "label_texts = \"" + language + "\""}};
        people::edit(life.sandbox, number, with("warehouseInstruction", "szkło"));
        life.bring_to(O, 400);
        move_to(life, status::cancelled);
        runs(life, "note O, 8072 O", 3);
        const std::string told = life.instruction(O);
        INFO(told);
        CHECK(told.find(language == "en" ? "order cancelled" : "zamówienie anulowane") != std::string::npos);
        CHECK(told.ends_with("szkło"));
        idle(life);
        move_to(life, status::to_warehouse);
        runs(life, "note O");
        CHECK(life.instruction(O) == "szkło");
        CHECK(life.parked().empty());
        idle(life);
        // Cancelled once more, it is said once more.
        move_to(life, status::cancelled);
        runs(life, "note O, 8072 O", 3);
        CHECK(life.instruction(O).starts_with("STOP "));
        CHECK(life.instruction(O).ends_with("szkło"));
    }
}

TEST_CASE("an order that is sent although it was cancelled keeps what people had written behind what the packer is told") {
    Life life;
    people::edit(life.sandbox, number, with("warehouseInstruction", "szkło"));
    life.bring_to(O, 400);
    move_to(life, status::cancelled);
    runs(life, "note O, 8072 O", 3);
    life.send_all();
    INFO(life.history());
    CHECK(life.booked().empty());
    CHECK(life.instruction(O).starts_with("STOP "));
    CHECK(life.instruction(O).ends_with("szkło"));
    move_to(life, status::to_warehouse);
    (void)life.run();
    CHECK(life.run({"shipments", "send", number}) == 0);
    INFO(life.history());
    CHECK(life.booked() == "O");
    CHECK(life.instruction(O) == "szkło");
}

TEST_CASE("an instruction that people rewrote after a refused cancellation stays as they wrote it") {
    Life life;
    life.bring_to(O, 400);
    move_to(life, status::cancelled);
    runs(life, "note O, 8072 O", 3);
    people::edit(life.sandbox, number, with("warehouseInstruction", "odłożone na regał 7"));
    idle(life);
    move_to(life, status::to_warehouse);
    runs(life, "");
    CHECK(life.instruction(O) == "odłożone na regał 7");
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("without status_after_cancel_refused a refused cancellation stays in its status") {
    Life life{{.orders = ""}};
    life.bring_to(O, 320);
    move_to(life, status::cancelled);
    runs(life, "note O", 3);
    CHECK(life.base() == "O 8073");
    idle(life);
    life.send_all();
    CHECK(life.booked().empty());
}

TEST_CASE("status_after_cancel_refused is set once, and not against a human who cancels again") {
    Life life;
    life.bring_to(O, 320);
    move_to(life, status::cancelled);
    runs(life, "note O, 8072 O", 3);
    move_to(life, status::cancelled);
    runs(life, "");
    CHECK(life.base() == "O 8073");
    idle(life);
    life.send_all();
    INFO(life.history());
    CHECK(life.booked().empty());
}

TEST_CASE("an order whose cancellation was refused is not booked, whatever its status of BaseLinker means otherwise") {
    // The status that says so is also that of errors, that of import, or any status may be shipped.
    struct Row {
        std::string orders, shipments;
    };
    for (const Row& row : {Row{"status_after_cancel_refused = 8072\nstatus_on_error = 8072", ""},
                           Row{"status_after_cancel_refused = 8070\nstatus_by_warehouse = { 320 = 8070 }", ""},
                           Row{"status_after_cancel_refused = 8072", "ship_statuses = \"any\""},
                           Row{"status_after_cancel_refused = 8072", "ship_statuses = [8069, 8072]"}}) {
        INFO(row.orders << " / " << row.shipments);
        Life life{{.orders = row.orders, .shipments = row.shipments}};
        life.bring_to(O, 400);
        move_to(life, status::cancelled);
        CHECK(life.run() == 3);
        life.send_all();
        (void)life.run();
        (void)life.run({"shipments", "send"});
        INFO(life.history());
        CHECK(life.booked().empty());
        // Taken back, it is.
        move_to(life, status::to_warehouse);
        CHECK(life.run() == 0);
        CHECK(life.run({"shipments", "send", number}) == 0);
        INFO(life.history());
        CHECK(life.booked() == "O");
    }
}

TEST_CASE("a cancellation that was refused is tried again when the order's status has changed") {
    Life life{{.options = {"--set", "locked_from_status=300"}}};
    move_to(life, status::cancelled);
    runs(life, "delete O!, note O, 8072 O", 3);
    idle(life);
    life.bring_to(O, 200);
    runs(life, "delete O");
    CHECK(life.there().starts_with("O 1000"));
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("a firewall's page refuses no cancellation: the packer is told, and the next run asks again") {
    Life life;
    life.bring_to(O, 300);
    life.sandbox.fault(
        json::Value::object().set("side", "ongoing").set("operation", "DELETE /orders/{orderId}").set("fault", "html_403"));
    move_to(life, status::cancelled);
    runs(life, "delete O!, note O", 3); // BaseLinker is told of a refusal only
    CHECK(life.instruction(O).starts_with("STOP "));
    CHECK_FALSE(life.parked().empty());
    runs(life, "delete O!");
    life.sandbox.clear_faults();
    runs(life, "delete O");
    CHECK(life.there().starts_with("O 1000"));
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("an answer that says cancelled while the order stands is no cancellation") {
    Life life;
    life.bring_to(O, 200);
    life.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "DELETE /orders/{orderId}")
                           .set("fault", "status_before")
                           .set("code", 200)
                           .set("body", R"({"orderId":1,"message":"Order 101 was cancelled."})"));
    move_to(life, status::cancelled);
    CHECK(life.run() != 0);
    CHECK(life.there().starts_with("O 200"));
    CHECK_FALSE(life.parked().empty());
    life.sandbox.clear_faults();
    (void)life.run();
    INFO(life.history());
    CHECK(life.there() == "O 1000: A2 B1 told");
    CHECK(life.parked().empty());
    (void)life.writes();
    idle(life);
}

TEST_CASE("ERROR_ORDER_NOT_FOUND is an absence like an empty list") {
    Life life{{.options = {"--set", "missing_order_is_error=true"}}};
    life.bring_to(O, 200);
    seller::erase(life.sandbox, O);
    runs(life, "");
    runs(life, "delete O");
    idle(life);
}

TEST_CASE("an absence counts at the second look in a row, and an ERROR is no look") {
    Life life;
    life.bring_to(O, 200);
    const json::Value order = life.sandbox.base_order(O);
    SECTION("it came back between the looks") {
        seller::erase(life.sandbox, O);
        runs(life, "");
        life.sandbox.base_orders(order);
        runs(life, "");
        seller::erase(life.sandbox, O);
        runs(life, "");
        CHECK(life.there() == "O 200: A2 B1");
        runs(life, "delete O");
    }
    SECTION("errors in between") {
        seller::erase(life.sandbox, O);
        runs(life, "");
        life.sandbox.fault(json::Value::object()
                               .set("side", "baselinker")
                               .set("operation", "getOrders")
                               .set("match", "\"order_id\":101")
                               .set("fault", "status_before")
                               .set("code", 200)
                               .set("body", R"({"status":"ERROR","error_code":"ERROR_INTERNAL","error_message":"Sorry"})"));
        for (int i = 0; i < 3; ++i) {
            (void)life.run();
            INFO(life.history());
            CHECK(life.writes().empty());
        }
        CHECK(life.there() == "O 200: A2 B1");
        life.sandbox.clear_faults();
        runs(life, "delete O");
    }
    SECTION("one run that gets empty lists for everything") {
        life.sandbox.fault(
            json::Value::object().set("side", "baselinker").set("operation", "getOrders").set("fault", "empty_listing"));
        (void)life.run();
        CHECK(life.writes().empty());
        life.sandbox.clear_faults();
        runs(life, "");
        seller::erase(life.sandbox, O);
        runs(life, "");
        CHECK(life.there() == "O 200: A2 B1");
    }
    SECTION("two looks of one run are one") {
        seller::erase(life.sandbox, O);
        CHECK(life.run({"orders", "sync", "--order", number}) != 8);
        CHECK(life.writes().empty());
    }
}

TEST_CASE("an order that moved to a status that nothing names, or that is unconfirmed, is not absent") {
    for (const bool unconfirmed : {false, true}) {
        INFO(unconfirmed);
        Life life;
        life.bring_to(O, 200);
        if (unconfirmed)
            seller::unconfirm(life.sandbox, O);
        else
            move_to(life, 8075);
        for (int i = 0; i < 3; ++i) {
            (void)life.run();
            INFO(life.history());
            CHECK(life.writes().empty());
        }
        CHECK(life.there() == "O 200: A2 B1");
        // ... and its edits still arrive.
        if (unconfirmed) continue;
        seller::edit(life.sandbox, O, with("delivery_address", "Leśna 2"));
        runs(life, "put O");
        CHECK(life.there() == "O 200: A2 B1, Leśna 2");
        idle(life);
    }
}

TEST_CASE("a journal whose rows say id instead of log_id is read as well") {
    Life life{{.journal = true, .options = {"--set", "journal_key_id=true"}}};
    life.bring_to(O, 200);
    const std::int64_t n = seller::split(life.sandbox, O, {{O * 10 + 1, 1}});
    CHECK(life.run() != 8);
    (void)life.run();
    INFO(life.history());
    CHECK(life.there() == "O 200: A1 B1; N 300: A1");
    CHECK(life.in_ongoing(n)["writes"].integer() == 1);
    (void)life.writes();
    idle(life);
}

namespace {

/// The machine's clock, some days later.
class LaterClock final : public Clock {
public:
    explicit LaterClock(std::chrono::hours later) : later_(later) {}
    [[nodiscard]] Timestamp now() const override { return system_.now() + later_; }
    [[nodiscard]] Milliseconds boot_time() const override { return system_.boot_time(); }
    bool sleep(Milliseconds duration, const StopToken& stop) override { return system_.sleep(duration, stop); }

private:
    std::chrono::hours later_;
    SystemClock system_;
};

std::string sync_later(Life& life, int days) {
    Capture out, err;
    const std::chrono::hours later{24 * days};
    LaterClock clock(later);
    StopToken stop;
    life.sandbox.post("/_admin/clock", with("offset_seconds", 86'400 * days));
    const int code = app::run({.arguments = {"orders", "sync"},
                               .environment = environment_of({{"BLONGO_CONFIG", life.installation.config_file()}}),
                               .clock = clock,
                               .stop = stop,
                               .out_fd = out.fd(),
                               .err_fd = err.fd()});
    INFO(out.text() << err.text());
    CHECK(code == 0);
    return out.text() + err.text();
}

} // namespace

TEST_CASE("a journal that was not read for more than 3 days is warned of, and what it missed is found by the sweeps", "[F9]") {
    for (const int days : {2, 4}) {
        INFO(days << " days");
        Life life{{.journal = true}};
        life.bring_to(O, 200);
        REQUIRE(life.run() == 0);
        move_to(life, status::cancelled);
        (void)life.writes();
        const std::string said = sync_later(life, days);
        INFO(said);
        CHECK((said.find("journal") != std::string::npos) == (days > 3));
        CHECK(life.writes() == "delete O");
        CHECK(sync_later(life, days).find("journal") == std::string::npos);
        CHECK(life.writes().empty());
    }
}

TEST_CASE("a dry run tells of a cancellation and cancels nothing") {
    Life life;
    life.bring_to(O, 200);
    move_to(life, status::cancelled);
    CHECK(life.run({"orders", "sync", "--dry-run"}) == 0);
    INFO(life.output());
    CHECK(life.output().find("cancel") != std::string::npos);
    CHECK(life.writes().empty());
    CHECK(life.there() == "O 200: A2 B1");
    runs(life, "delete O");
}

TEST_CASE("an order that another run has claimed meanwhile is not cancelled beside it") {
    Life life;
    life.bring_to(O, 200);
    move_to(life, status::cancelled);
    (void)life.writes();
    life.sandbox.reset_journal();
    life.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "GET /orders/{orderId}")
                           .set("fault", "stall")
                           .set("seconds", 3));
    const auto run = life.installation.start({"orders", "sync", "--json"});
    run->wait_until([&] { return life.sandbox.calls("ongoing", "GET /orders/{orderId}") == 1; });
    edit_state(life.installation, "INSERT INTO intents (connection, key, action, payload, fingerprint, state, result, host, pid, "
                                  "epoch, attempt, created, send_deadline) SELECT id, 'order:101', 'put_order', '{}', '', 0, '', "
                                  "'another', 1, 0, 1, 4102444800000, 4102444800000 FROM connections");
    const auto ended = run->wait();
    INFO(ended.out << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK(ended.out.find("another run is at this order") != std::string::npos);
    CHECK(life.writes().empty());
    life.sandbox.clear_faults();
    edit_state(life.installation, "DELETE FROM intents WHERE host = 'another'");
    runs(life, "delete O");
    CHECK(life.there().starts_with("O 1000"));
}
