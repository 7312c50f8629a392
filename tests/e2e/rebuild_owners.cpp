// SPDX-License-Identifier: Apache-2.0
// state rebuild: which of an order's orders in Ongoing a package is of, and that nothing is booked where nobody can tell.
#include <catch2/catch.hpp>

#include "support/e2e/lost_state.hpp"
#include "support/e2e/shipments.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string collected_at_500 = "send = { 450 = \"book\", 500 = \"no_shipment\" }\n";

std::string package_of(LostShop& shop, std::size_t which = 0) {
    const auto packages = packages_of(shop.sandbox, 101);
    REQUIRE(packages.size() > which);
    return std::to_string(packages[which]["package_id"].integer());
}

/// The parked row of 101: cause and command.
std::pair<std::string, std::string> parked(LostShop& shop) {
    for (const auto& row : lines_of(shop.installation.blongo({"parked", "list", "--json"}), "parked"))
        if (row["key"].text() == "101") return {std::string(row["cause"].text()), std::string(row["command"].text())};
    return {};
}

/// Two runs, which book nothing and end well: what waits for a person is known.
void expect_waits(LostShop& shop, std::size_t packages) {
    for (int i = 0; i < 2; ++i) {
        CHECK(said(shop.installation, {"run"}).exit_code == 0);
        CHECK(packages_of(shop.sandbox, 101).size() == packages);
    }
}

} // namespace

TEST_CASE("a back order keeps its package when the order itself was collected", "[state]") {
    LostShop shop(collected_at_500);
    shop.send_in_two(101, "collect");
    REQUIRE(shop.packages() == 0);
    shop.send_rest(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    REQUIRE(shop.packages(101) == 1);
    SECTION("its label says whose it is") {}
    SECTION("its number says whose it is") {
        shop.change("101-B1", with("files", json::Value::array()));
    }
    SECTION("only one of the two is ever booked") {
        shop.forget_package("101-B1");
    }
    SECTION("it was sent long ago") {
        shop.change("101-B1", with("shipped", "-2d"));
        shop.change("101", with("shipped", "-3d"));
    }
    shop.settle();
    for (const auto& row : deliveries_of(shop.installation))
        if (row["package_id"].integer() != 0) CHECK(row["order_number"].text() == "101-B1");
}

TEST_CASE("packages of an order and its back order find their way by age when nothing else tells", "[state]") {
    LostShop shop;
    shop.send_in_two(101);
    shop.send_rest(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    REQUIRE(shop.packages(101) == 2);
    for (const char* number : {"101", "101-B1"}) {
        shop.forget_package(number);
        shop.change(number, with("shipped", "-2d"));
    }
    const auto before = deliveries_of(shop.installation);
    shop.settle();
    const auto after = deliveries_of(shop.installation);
    REQUIRE(after.size() == 2);
    for (const auto& row : after)
        for (const auto& known : before)
            if (known["package_id"] == row["package_id"]) CHECK(known["order_number"] == row["order_number"]);
}

TEST_CASE("an order whose package was cancelled is not booked again by itself, nor is its back order", "[state]") {
    LostShop shop;
    const bool stays = GENERATE(false, true); // BaseLinker forgets a cancelled package, or shows it as cancelled
    if (stays) shop.sandbox.options(with("deleted_packages_stay", true));
    shop.send_in_two(101);
    const std::string cancelled = package_of(shop);
    CHECK(said(shop.installation, {"shipments", "cancel", "101"}).exit_code == 0);
    shop.send_rest(101);
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 3); // 101 has no package that stands
    REQUIRE(packages_of(shop.sandbox, 101).size() == 1);
    REQUIRE(package_of(shop) != cancelled);
    shop.lose_state();
    (void)shop.rebuild(stays ? 0 : 3);
    (void)said(shop.installation, {"run"}); // tells what is new
    expect_waits(shop, 1);
    const auto [cause, command] = parked(shop);
    CHECK(cause == (stays ? "sent_without_shipment" : "unknown"));
    CHECK(command == (stays ? "blongo shipments send 101" : "blongo unknown resolve 101"));
    // A person may have it booked.
    if (stays)
        CHECK(said(shop.installation, {"shipments", "send", "101"}).exit_code == 0);
    else
        CHECK(said(shop.installation, {"unknown", "resolve", "101", "--rebook"}).exit_code == 0);
    CHECK(packages_of(shop.sandbox, 101).size() == 2);
}

TEST_CASE("a package of which nobody can tell whose it is waits for a person, and so does everything it may be of", "[state]") {
    LostShop shop;
    shop.send_in_two(101);
    shop.send_rest(101);
    REQUIRE(shop.packages(101) == 1);
    shop.forget_package("101");
    shop.lose_state();
    const Finished rebuilt = shop.rebuild(3);
    expect_text(rebuilt.out + rebuilt.err, "package_exists");
    expect_waits(shop, 1);
    const auto [cause, command] = parked(shop);
    CHECK(cause == "package_exists");
    CHECK(command == "blongo unknown resolve 101 --package ID");
    // Not by hand either, as long as nobody has said whose it is.
    (void)said(shop.installation, {"shipments", "send", "101"});
    CHECK(packages_of(shop.sandbox, 101).size() == 1);

    const std::string package = package_of(shop);
    const Finished unsaid = said(shop.installation, {"unknown", "resolve", "101", "--package", package});
    CHECK(unsaid.exit_code == 2);
    expect_text(unsaid.err, "--of NUMBER");
    const auto printed = shop.print_jobs();
    CHECK(said(shop.installation, {"unknown", "resolve", "101", "--package", package, "--of", "101"}).exit_code == 0);
    CHECK(shop.files(101).size() == 1);
    CHECK(shop.print_jobs() == printed); // it may have been printed before
    (void)said(shop.installation, {"run"});
    expect_waits(shop, 1);
    CHECK(said(shop.installation, {"unknown", "resolve", "101", "--rebook", "--of", "101-B1"}).exit_code == 0);
    REQUIRE(packages_of(shop.sandbox, 101).size() == 2);
    const json::Value rest = shop.sandbox.orders()["101-B1"];
    CHECK(rest["files"].size() == 1);
    expect_waits(shop, 2);
}
