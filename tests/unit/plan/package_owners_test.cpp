// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/package_owners.hpp>

using namespace blongo;
using namespace blongo::plan;
using Booking = PossibleOwner::Booking;
using Of = std::vector<std::optional<std::size_t>>;
using Open = std::vector<bool>;

namespace {

baselinker::OrderPackage package(std::int64_t id, const std::string& number = {}, std::int64_t tracking_status = 1) {
    baselinker::OrderPackage made;
    made.package_id = baselinker::PackageId{id};
    made.package_number = number;
    made.tracking_status = tracking_status;
    return made;
}

struct Family {
    std::vector<ongoing::Order> orders{2};
    std::vector<PossibleOwner> owners;
    explicit Family(Booking first = Booking::due, Booking second = Booking::due) {
        orders[0].order_number = OrderNumber{"1"};
        orders[1].order_number = OrderNumber{"1-B1"};
        owners = {{&orders[0], {}, first}, {&orders[1], {}, second}};
    }
    PackageOwners judge(const std::vector<baselinker::OrderPackage>& packages) { return package_owners(packages, owners); }
};

} // namespace

TEST_CASE("a label file names its package's order, before any number") {
    Family family;
    family.owners[1].files = {"invoice.pdf", "label-1-B1-7.pdf"};
    family.orders[0].way_bill = "A7";
    const auto found = family.judge({package(7, "A7"), package(8)});
    CHECK(found.of == Of{1, 0});
    CHECK(found.open == Open{false, false});
}

TEST_CASE("a number that two orders show says nothing") {
    Family family;
    family.orders[0].way_bill = family.orders[1].way_bill = "A7";
    const auto found = family.judge({package(7, "A7")});
    CHECK(found.of == Of{std::nullopt});
    CHECK(found.open == Open{true, true});
}

TEST_CASE("by age only as many packages as orders that are booked") {
    CHECK(Family().judge({package(7), package(8)}).of == Of{0, 1});
    CHECK(Family(Booking::never).judge({package(7)}).of == Of{1});
    CHECK(Family(Booking::never).judge({package(7), package(8)}).of == Of{std::nullopt, std::nullopt});
    // It may have been booked before it came into a status that says nothing.
    const auto found = Family(Booking::perhaps).judge({package(7)});
    CHECK(found.of == Of{std::nullopt});
    CHECK(found.open == Open{false, true});
}

TEST_CASE("the only order has all packages, unless nothing of it is ever booked") {
    ongoing::Order order;
    order.order_number = OrderNumber{"1"};
    const std::vector packages{package(7, {}, 10), package(8), package(9)};
    const std::vector<PossibleOwner> booked{{&order, {}, Booking::due}}, collected{{&order, {}, Booking::never}};
    CHECK(package_owners(packages, booked).of == Of{0, 0, 0});
    CHECK(package_owners(packages, collected).of == Of{std::nullopt, std::nullopt, std::nullopt});
}

TEST_CASE("an order that shows what is no longer there was booked once") {
    Family family;
    family.owners[1].files = {"label-1-B1-8.pdf"};
    CHECK(family.judge({package(8)}).open == Open{false, false});
    family.orders[0].way_bill = "A7";
    CHECK(family.judge({package(8)}).open == Open{true, false});
    // Cancelled and still shown: known, nothing to ask.
    const auto found = family.judge({package(7, "A7", 10), package(8)});
    CHECK(found.of == Of{0, 1});
    CHECK(found.open == Open{false, false});
    family.orders[0].way_bill.clear();
    family.owners[0].files = {"label-1-7.pdf"};
    CHECK(family.judge({package(8)}).open == Open{true, false});
}
