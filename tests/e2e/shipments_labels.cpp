// SPDX-License-Identifier: Apache-2.0
// Labels: from the courier into Ongoing, byte for byte, to the printer where the packer stands, and what is told when one
// does not come.
#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string kept = "Fragile: two people";

json::Value members(const std::string& text) {
    return read_json(text);
}

/// One order, imported; its packer reads `kept`.
void one_order(Sending& world, const json::Value& more = json::Value::object()) {
    world.import({base_order(1, {base_line(synthetic_sku(1))}, more)});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
}

std::string printing() {
    return "print = { report_id = 12, to = \"sender\", fallback_workstation_id = 3 }";
}

/// Who the last print job is for: "workstation 7", "user 231".
std::string printed_for(Sending& world) {
    const auto jobs = world.print_jobs();
    if (jobs.empty()) return "nobody";
    const json::Value& info = jobs.back()["printingInfo"];
    if (!info["printAsWorkstation"].is_null())
        return "workstation " + std::string(info.at_path("printAsWorkstation.workstationId").text());
    return "user " + std::string(info.at_path("printAsUser.userId").text());
}

} // namespace

TEST_CASE("a label of every kind arrives in Ongoing with its type and the same bytes, and on paper") {
    const std::vector<std::pair<std::string, std::string>> kinds{
        {"pdf", "application/pdf"}, {"html", "text/html"},      {"gif", "image/gif"},      {"png", "image/png"},
        {"zpl", "application/zpl"}, {"epl", "application/epl"}, {"dpl", "application/dpl"}};
    Sending world;
    std::vector<json::Value> orders;
    for (std::size_t i = 1; i <= kinds.size(); ++i)
        orders.push_back(base_order(static_cast<std::int64_t>(i), {base_line(synthetic_sku(1))}));
    world.import(orders);
    std::int64_t order = 0;
    for (const auto& [extension, type] : kinds) {
        const std::string number = std::to_string(++order);
        INFO(extension);
        world.sandbox.options(with("label_extension", extension));
        world.press_send(number);
        CHECK(world.send().exit_code == 0);
        const auto files = world.files(number);
        REQUIRE(files.size() == 1);
        const std::string package(world.packages(order).front()["package_id"].text());
        CHECK(files.front()["fileName"].text() == fmt::format("label-{}-{}.{}", number, package, extension));
        CHECK(files.front()["mimeType"].text() == type);
        const std::string path = world.installation.folder() / ("out." + extension);
        CHECK(world.blongo({"shipments", "label", number, "--out", path}).exit_code == 0);
        CHECK(base64_encode(read_file(path)) == files.front()["fileDataBase64"].text());
        CHECK(read_file(path).size() > 20);
    }
    CHECK(world.sandbox.calls("baselinker", "getLabel") == 7); // what was stored is not asked for again
    world.expect_lawful();
}

TEST_CASE("a stored label that was lost is fetched anew, the same as in Ongoing") {
    Sending world;
    one_order(world);
    world.press_send("1");
    CHECK(world.send().exit_code == 0);
    std::filesystem::remove_all(world.installation.folder() / "labels");
    const std::string path = world.installation.folder() / "again.pdf";
    CHECK(world.blongo({"label", "1", "--out", path}).exit_code == 0);
    CHECK(base64_encode(read_file(path)) == world.files("1").front()["fileDataBase64"].text());
    CHECK(world.sandbox.calls("baselinker", "getLabel") == 2);
    CHECK(world.bought() == 1);
}

TEST_CASE("bytes that are no label never reach the packer, and the label is asked for again", "[F27]") {
    Sending world;
    one_order(world);
    world.sandbox.fault(members(R"({"side":"baselinker","operation":"getLabel","fault":"status_before","code":200,
        "times":7,"body":"{\"status\":\"SUCCESS\",\"extension\":\"pdf\",\"label\":\"PGh0bWw+YnVzeTwvaHRtbD4=\"}"})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 5);
    CHECK(world.files("1").empty());
    world.let_pass(200);
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "label_pending"}});
    CHECK(world.why(1).find("label is no pdf: 17 bytes") != std::string::npos);
    world.sandbox.clear_faults();
    world.let_pass(200);
    CHECK(world.send().exit_code == 0);
    CHECK(world.files("1").size() == 1);
    CHECK(world.causes().empty());
    CHECK(world.bought() == 1);
}

TEST_CASE("a label prints at the workstation of the event, else for its user, else for the last packer, else at the fallback") {
    Sending world({.shipments = printing()});
    std::vector<json::Value> orders;
    for (std::int64_t id = 1; id <= 5; ++id) orders.push_back(base_order(id, {base_line(synthetic_sku(1))}));
    world.import(orders);
    const auto send_event = [&](const std::string& number, std::vector<std::string> more) {
        world.press_send(number);
        more.insert(more.begin(), {"--ongoing-order", std::to_string(world.ongoing_id(number)), "--event", "77"});
        CHECK(world.send(more).exit_code == 0);
    };
    send_event("1", {"--print-workstation", "7", "--print-user", "99"});
    CHECK(printed_for(world) == "workstation 7");
    send_event("2", {"--print-user", "99"});
    CHECK(printed_for(world) == "user 99");
    world.work("3", "pick_and_send", parcels({"1"}).set("user_id", 55));
    CHECK(world.send().exit_code == 0);
    CHECK(printed_for(world) == "user 55");
    world.press_send("4");
    json::Value lines = world.there("4")["lines"];
    for (auto& line : lines.elements()) line.set("packed_at", nullptr);
    world.sandbox.post("/_admin/ongoing/orders",
                       with("orderNumber", "4").set("data", with("orderNumber", "4")).set("lines", lines));
    CHECK(world.send().exit_code == 0);
    CHECK(printed_for(world) == "workstation 3");
    CHECK(world.print_jobs().size() == 4);
    CHECK(world.print_jobs().back().at_path("printingInfo.reportId").integer() == 12);
    for (std::int64_t id = 1; id <= 4; ++id) CHECK(world.files(std::to_string(id)).size() == 1);

    // report_id 0: stored, not printed, and doctor says so.
    std::string config = world.installation.config_text();
    config.replace(config.find("report_id = 12"), 14, "report_id = 0");
    world.installation.write_config(config);
    world.press_send("5");
    CHECK(world.send().exit_code == 0);
    CHECK(world.files("5").size() == 1);
    CHECK(world.print_jobs().size() == 4);
    CHECK(world.blongo({"doctor"}).out.find("report_id = 0: labels are stored in Ongoing, and nobody prints them") !=
          std::string::npos);
    world.expect_lawful();
}

TEST_CASE("a print command gets the label's file and the printer of the workstation") {
    TempDir paper;
    const auto print = [&](const std::string& tray) {
        return fmt::format("print_command = [\"/bin/sh\", \"-c\", \"cp $1 {}/{}-$2\", \"sh\", \"{{file}}\", \"{{printer}}\"]",
                           paper.path().string(), tray);
    };
    Sending world({.shipments = print("main") + "\nprinters = { \"7\" = \"zebra-2\" }",
                   .couriers = dpd_rule("delivery_method = [\"Kurier\"]") +
                               dpd_rule("delivery_method = [\"Inny\"]", "fields = { service = \"classic\" }\n" + print("rule"))});
    world.import({base_order(1, {base_line(synthetic_sku(1))}),
                  base_order(2, {base_line(synthetic_sku(2))}, members(R"({"delivery_method":"Inny"})"))});
    for (const char* number : {"1", "2"}) {
        world.press_send(number);
        CHECK(
            world.send({"--ongoing-order", std::to_string(world.ongoing_id(number)), "--event", "5", "--print-workstation", "7"})
                .exit_code == 0);
    }
    const auto printed = [&](const std::string& name) { return base64_encode(read_file(paper / name)); };
    CHECK(printed("main-zebra-2") == world.files("1").front()["fileDataBase64"].text());
    CHECK(printed("rule-zebra-2") == world.files("2").front()["fileDataBase64"].text());
    CHECK(world.print_jobs().empty());
    std::filesystem::remove(paper / "main-zebra-2");
    CHECK(world.send().exit_code == 0); // what was printed is not printed again
    CHECK_FALSE(std::filesystem::exists(paper / "main-zebra-2"));
    // Send pressed again at another workstation: by the rule's own command.
    world.let_pass(61);
    std::filesystem::remove(paper / "rule-zebra-2");
    world.press_send_again("2");
    CHECK(world.send({"--ongoing-order", std::to_string(world.ongoing_id("2")), "--event", "6", "--print-workstation", "7"})
              .exit_code == 0);
    CHECK(std::filesystem::exists(paper / "rule-zebra-2"));
    CHECK(world.bought() == 2);
}

TEST_CASE("the packer reads why there is no label in the warehouse's language, or sees a class") {
    Sending world({.shipments = "label_texts = \"en\"", .couriers = dpd_rule({}, "checks = { phone = \"PL9\" }")});
    std::vector<json::Value> orders;
    for (std::int64_t id = 1; id <= 6; ++id)
        orders.push_back(base_order(id, {base_line(synthetic_sku(1))}, members(R"({"phone":"1"})")));
    world.import(orders);
    const auto with_texts = [&](const std::string& texts) {
        std::string config = world.installation.config_text();
        config.replace(config.find("label_texts = \"en\""), 18, texts);
        world.installation.write_config(config);
    };
    const std::vector<std::pair<std::string, std::string>> texts{
        {"label_texts = \"en\"", "LABEL FAILED 00:00: bad telephone number"},
        {"label_texts = \"pl\"", "BRAK ETYKIETY 00:00: zły numer telefonu"},
        {"label_texts = \"de\"", "LABEL FEHLT 00:00: falsche Telefonnummer"},
        {"label_texts = \"sv\"", "ETIKETT SAKNAS 00:00: fel telefonnummer"},
        {"label_texts = \"{what} {time} [{order}] {cause}\"", "LABEL FAILED 00:00 [5] bad telephone number"}};
    std::int64_t order = 0;
    for (const auto& [setting, text] : texts) {
        const std::string number = std::to_string(++order);
        INFO(setting);
        with_texts(setting);
        world.press_send(number);
        CHECK(world.send().exit_code == 3);
        std::string told = world.instruction(number);
        for (std::size_t at = 2; at + 2 < told.size(); ++at) // the time of day
            if (told[at] == ':' && std::isdigit(static_cast<unsigned char>(told[at - 1])) != 0) {
                told.replace(at - 2, 5, "00:00");
                break;
            }
        INFO(told);
        CHECK(told.starts_with(text));
    }
    with_texts("on_label_failure = [\"class\"]");
    world.edit_warehouse("6", with("warehouseInstruction", kept));
    world.press_send("6");
    CHECK(world.send().exit_code == 3);
    CHECK(world.instruction("6") == kept);
    CHECK(world.there("6")["data"]["classes"].dump().find("LABEL-FAILED") != std::string::npos);
    world.expect_lawful();
}

TEST_CASE("a label that is not ready is waited for, then told, and fetched without booking again") {
    Sending world;
    one_order(world);
    world.sandbox.options(members(R"({"label_not_ready":4})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 5); // not complete: the label comes at a later run
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
    world.let_pass(40);
    CHECK(world.send().exit_code == 5);
    CHECK(world.instruction("1").starts_with("LABEL WAITING "));
    CHECK(world.instruction("1").ends_with(" | " + kept));
    world.let_pass(100);
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "label_pending"}});
    CHECK(world.why(1).find("nie jest jeszcze gotowa") != std::string::npos);
    CHECK(world.instruction("1").starts_with("LABEL FAILED "));
    CHECK(world.files("1").empty());
    world.let_pass(200);
    CHECK(world.send().exit_code == 0);
    world.let_pass(200);
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.files("1").size() == 1);
    CHECK(world.instruction("1") == kept);
    CHECK(world.bought() == 1);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 1);
    CHECK(world.sandbox.calls("baselinker", "getLabel") == 5);
}

TEST_CASE("one page for two parcels waits until somebody has looked at the label", "[F28]") {
    Sending world;
    one_order(world);
    world.sandbox.options(members(R"({"label_one_page":true})"));
    world.work("1", "pick_and_send", parcels({"1", "2"}));
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "label_incomplete"}});
    CHECK(world.why(1).find("1 page for 2 parcels") != std::string::npos);
    CHECK(world.instruction("1").find(": fewer labels than parcels") != std::string::npos);
    CHECK(world.files("1").size() == 1);
    CHECK(world.bought() == 1);
    CHECK(world.blongo({"shipments", "label", "1", "--out", world.installation.folder() / "label.pdf"}).exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
}

TEST_CASE("a label that Ongoing refuses is told, and goes there by itself once Ongoing takes it") {
    Sending world;
    one_order(world);
    world.sandbox.fault(members(R"({"side":"ongoing","operation":"PUT /orders/{orderId}/files","fault":"status_before",
        "code":400,"body":"{\"success\":false,\"message\":\"File store is full.\"}"})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "remote_rejected"}});
    CHECK(world.why(1).find("File store is full") != std::string::npos);
    CHECK(world.instruction("1").find(": not accepted by the other system") != std::string::npos);
    CHECK(world.bought() == 1);
    world.sandbox.clear_faults();
    world.let_pass(200);
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.files("1").size() == 1);
    CHECK(world.instruction("1") == kept);
    CHECK(world.bought() == 1);
}

namespace {

/// A send whose label came so much later that the order's status has to be read again before it is set: then BaseLinker
/// answers as if it had no order.
void send_with_late_label(Sending& world) {
    one_order(world);
    world.sandbox.options(members(R"({"label_not_ready":1})"));
    world.press_send("1");
    REQUIRE(world.send().exit_code == 5);
    world.let_pass(120);
    edit_state(world.installation, "UPDATE deliveries SET steps = json_set(steps, '$.base_status_at', 0);"
                                   "UPDATE orders SET seen_at = seen_at - 3600000");
    world.sandbox.fault(members(R"({"side":"baselinker","operation":"getOrders","fault":"empty_listing"})"));
    CHECK(world.send().exit_code == 0);
    CHECK(world.files("1").size() == 1);
    CHECK(world.base_status(1) == status::to_warehouse);
}

} // namespace

TEST_CASE("an order that BaseLinker does not show once gets its status after the send in a later run") {
    Sending world({.shipments = "status_after_send = 8071"});
    send_with_late_label(world);
    world.sandbox.clear_faults();
    world.let_pass(120);
    CHECK(world.send().exit_code == 0);
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.send().exit_code == 0);
    CHECK(world.sandbox.status_writes(1, status::sent) == 1);
    CHECK(world.bought() == 1);
}

TEST_CASE("an order that BaseLinker does not show in two runs gets no status after the send, and is looked at no more") {
    Sending world({.shipments = "status_after_send = 8071"});
    send_with_late_label(world);
    CHECK(world.send().exit_code == 0); // too soon
    world.let_pass(120);
    CHECK(world.send().exit_code == 0);
    world.sandbox.clear_faults();
    world.sandbox.reset_journal();
    world.let_pass(120);
    CHECK(world.send().exit_code == 0);
    CHECK(world.base_status(1) == status::to_warehouse);
    CHECK(world.sandbox.calls("baselinker", "getOrders") == 0);
}

TEST_CASE("a label whose arrival in Ongoing nobody heard of is found there, and a file of its name that is another is replaced") {
    const bool other = GENERATE(false, true);
    Sending world;
    one_order(world);
    world.sandbox.fault(members(R"({"side":"ongoing","operation":"PUT /orders/{orderId}/files","fault":"status_after",
        "code":500})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 5);
    world.sandbox.clear_faults();
    REQUIRE(world.files("1").size() == 1);
    const std::string label(world.files("1").front()["fileDataBase64"].text());
    if (other) {
        json::Value files = world.there("1")["files"];
        files.elements().front().set("fileDataBase64", base64_encode("%PDF-1.4 of somebody else"));
        world.sandbox.post("/_admin/ongoing/orders",
                           json::Value::object().set("files", std::move(files)).set("data", with("orderNumber", "1")));
    }
    world.let_pass(200);
    world.sandbox.reset_journal();
    CHECK(world.send().exit_code == 0);
    CHECK(world.sandbox.calls("ongoing", "PUT /orders/{orderId}/files") == (other ? 1 : 0));
    REQUIRE(world.files("1").size() == 1);
    CHECK(world.files("1").front()["fileDataBase64"].text() == label);
    CHECK(world.bought() == 1);
}

TEST_CASE("a label whose uploads that print were lost twice is filed without printing, said so, and printed when asked") {
    const bool is_third_answer_lost = GENERATE(false, true);
    Sending world({.shipments = printing() + "\nstatus_after_send = 8071"});
    one_order(world);
    const auto later = [&] {
        world.let_pass(200);
        age_intents(world.installation);
    };
    world.sandbox.fault(members(R"({"side":"ongoing","operation":"POST /orders/{orderId}/files","fault":"drop_before",
        "times":2})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 8);
    later();
    (void)world.send(); // proven absent: sent once more, and lost again
    CHECK(world.sandbox.calls("ongoing", "POST /orders/{orderId}/files") == 2);
    CHECK(world.files("1").empty());
    later();
    if (is_third_answer_lost) {
        world.sandbox.fault(members(R"({"side":"ongoing","operation":"PUT /orders/{orderId}/files","fault":"drop_after",
            "times":9})"));
        (void)world.send();
        world.sandbox.clear_faults();
        later();
    }
    const auto filed = world.send();
    CHECK(filed.exit_code == 3);
    CHECK(filed.out.find("blongo shipments send 1 --reprint") != std::string::npos);
    CHECK(world.instruction("1").find("the label is not printed") != std::string::npos);
    CHECK(world.files("1").size() == 1);
    CHECK(world.print_jobs().empty());
    CHECK(world.causes().empty());
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.send().exit_code == 0);
    CHECK(world.blongo({"shipments", "send", "1", "--reprint"}).exit_code == 0);
    CHECK(world.print_jobs().size() == 1);
    CHECK(world.instruction("1") == kept);
    CHECK(world.files("1").size() == 1);
    CHECK(world.bought() == 1);
    world.expect_lawful();
}
