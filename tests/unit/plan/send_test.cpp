// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/causes.hpp>
#include <blongo/plan/send.hpp>

using namespace blongo;
using namespace blongo::plan;
using What = DueDelivery::What;
using Quantities = std::map<std::string, Decimal>;

namespace {

constexpr Timestamp now{Milliseconds{1'800'000'000'000}};
constexpr Milliseconds minute{60'000};
const std::map<std::int64_t, std::string> send{{450, "book"}, {460, "no_shipment"}, {475, "ignore"}};

ongoing::OrderLine line(const std::string& row, int ordered, int picked, bool to_pick = true) {
    ongoing::OrderLine made;
    made.row_number = row;
    made.ordered = ordered;
    made.picked = picked;
    made.should_be_picked = to_pick;
    return made;
}

ongoing::Order order_of(std::vector<ongoing::OrderLine> lines, std::int64_t status = 450) {
    ongoing::Order order;
    order.status_number = status;
    order.lines = std::move(lines);
    return order;
}

EarlierDelivery booked(std::int64_t number, Quantities quantities, std::string parcels = "p1") {
    EarlierDelivery made;
    made.number = number;
    made.quantities = std::move(quantities);
    made.parcels_fingerprint = std::move(parcels);
    made.booked = true;
    return made;
}

DueDelivery judged(const ongoing::Order& order, const std::vector<EarlierDelivery>& earlier = {},
                   const std::string& parcels = "p1", bool require_picked = true) {
    return judge_delivery(order, earlier, parcels, require_picked);
}

Sighting seen(std::int64_t status, std::optional<Timestamp> shipped = std::nullopt, std::int64_t event_id = 0) {
    Sighting made;
    made.status = status;
    made.shipped = shipped;
    made.event_id = event_id;
    return made;
}

/// 2 cups at 10.00 and 1 plate at 5.50, delivery 4.50: 30.00.
baselinker::Order base_order() {
    baselinker::Order order;
    order.order_id = BaseOrderId{84512345};
    order.order_status_id = OrderStatusId{21};
    order.confirmed = true;
    order.currency = "PLN";
    order.delivery_country_code = "PL";
    order.delivery_price = *Decimal::parse("4.50");
    const auto add = [&](std::int64_t row, const char* sku, int quantity, const char* price) {
        baselinker::OrderProduct product;
        product.order_product_id = OrderProductId{row};
        product.sku = sku;
        product.name = std::string("Name of ") + sku;
        product.quantity = quantity;
        product.price_brutto = *Decimal::parse(price);
        order.products.push_back(product);
    };
    add(501, "CUP", 2, "10.00");
    add(502, "PLATE", 1, "5.50");
    return order;
}

const Quantities told{{"501", 2}, {"502", 1}};

ShipmentChecks checks() {
    ShipmentChecks made;
    made.ship_statuses = {OrderStatusId{21}, OrderStatusId{22}};
    made.cancel_statuses = {OrderStatusId{90}};
    return made;
}

std::string cause_of(const std::optional<map::Rejection>& rejection) {
    if (!rejection) return "";
    CHECK(find_cause(rejection->cause) != nullptr);
    CHECK_FALSE(rejection->reason.empty());
    CHECK_FALSE(rejection->field.empty());
    return rejection->cause;
}

} // namespace

TEST_CASE("a status number means what the configuration says, every other one that nothing was sent") {
    CHECK(meaning_of(send, 450) == SendMeaning::book);
    CHECK(meaning_of(send, 460) == SendMeaning::no_shipment);
    CHECK(meaning_of(send, 475) == SendMeaning::ignore);
    CHECK(meaning_of(send, 400) == SendMeaning::not_sent);
    CHECK(meaning_of({{450, "buy"}}, 450) == SendMeaning::not_sent);
}

TEST_CASE("the lowest send status is one that means book or no_shipment") {
    CHECK(lowest_send_status(send) == 450);
    CHECK(lowest_send_status({{300, "ignore"}, {460, "no_shipment"}, {500, "book"}}) == 460);
    CHECK_FALSE(lowest_send_status({{475, "ignore"}}));
    CHECK_FALSE(lowest_send_status({}));
}

TEST_CASE("Send is an event once: seen for the first time, or after the order was open again") {
    const auto order = order_of({}, 450);
    CHECK(is_send_event(std::nullopt, order, send, 0));
    CHECK(is_send_event(Sighting{}, order, send, 0));
    CHECK(is_send_event(seen(400), order, send, 0));
    CHECK(is_send_event(seen(475), order, send, 0));
    CHECK_FALSE(is_send_event(seen(450), order, send, 0));
    CHECK_FALSE(is_send_event(seen(460), order, send, 0)); // both are send statuses
    CHECK(is_send_event(seen(400), order_of({}, 460), send, 0));
}

TEST_CASE("an order outside the send statuses is no event, whoever reports it") {
    CHECK_FALSE(is_send_event(std::nullopt, order_of({}, 400), send, 77));
    CHECK_FALSE(is_send_event(seen(450, now, 76), order_of({}, 475), send, 77));
    CHECK_FALSE(is_send_event(seen(300), order_of({}, 1000), send, 77));
}

TEST_CASE("a webhook's event counts once, a poll never as another one") {
    const auto order = order_of({}, 450);
    CHECK(is_send_event(seen(450, std::nullopt, 76), order, send, 77));
    CHECK_FALSE(is_send_event(seen(450, std::nullopt, 77), order, send, 77));
    CHECK_FALSE(is_send_event(seen(450, std::nullopt, 77), order, send, 0));
}

TEST_CASE("another time of shipping is a new event, one that only appears is not") {
    auto order = order_of({}, 450);
    order.shipped_time = now;
    CHECK(is_send_event(seen(450, now - minute), order, send, 0));
    CHECK_FALSE(is_send_event(seen(450, now), order, send, 0));
    CHECK_FALSE(is_send_event(seen(450), order, send, 0));
    order.shipped_time.reset();
    CHECK_FALSE(is_send_event(seen(450, now), order, send, 0));
}

TEST_CASE("Send was pressed at shippedTime, else when it was seen first, else now") {
    auto order = order_of({}, 450);
    Sighting before = seen(450);
    CHECK(sent_at(order, std::nullopt, now) == now);
    CHECK(sent_at(order, before, now) == now);
    before.first_send_seen = now - minute;
    CHECK(sent_at(order, before, now) == now - minute);
    order.shipped_time = now - 2 * minute;
    CHECK(sent_at(order, before, now) == now - 2 * minute);
}

TEST_CASE("the first delivery is what was picked, short when that is less than ordered") {
    const auto whole = judged(order_of({line("1", 2, 2), line("2", 1, 1)}));
    CHECK(whole.what == What::first);
    CHECK(whole.quantities == Quantities{{"1", 2}, {"2", 1}});
    CHECK_FALSE(whole.is_short);

    const auto less = judged(order_of({line("1", 2, 1), line("2", 1, 0)}));
    CHECK(less.what == What::first);
    CHECK(less.quantities == Quantities{{"1", 1}});
    CHECK(less.is_short);
}

TEST_CASE("what was picked since is a further delivery of its own") {
    const auto order = order_of({line("1", 3, 3), line("2", 1, 1), line("3", 2, 1)});
    const std::vector earlier{booked(1, {{"1", 1}, {"2", 1}}), booked(2, {{"1", 1}})};
    const auto due = judged(order, earlier);
    CHECK(due.what == What::further);
    CHECK(due.quantities == Quantities{{"1", 1}, {"3", 1}});
    CHECK(due.is_short); // one of row 3 is still missing

    const auto complete = judged(order_of({line("1", 3, 3)}), {booked(1, {{"1", 2}})});
    CHECK_FALSE(complete.is_short);
}

TEST_CASE("nothing new is a reprint, and other parcels are told apart from it") {
    const auto order = order_of({line("1", 2, 2)});
    CHECK(judged(order, {booked(1, {{"1", 2}}, "p1")}, "p1").what == What::reprint);
    CHECK(judged(order, {booked(1, {{"1", 2}}, "p1")}, "p2").what == What::parcels_changed);
    CHECK(judged(order, {booked(1, {{"1", 2}}, "")}, "p2").what == What::reprint); // adopted: nobody knows its parcels
    // The newest one counts, in whatever order they stand.
    CHECK(judged(order, {booked(2, {{"1", 1}}, "p2"), booked(1, {{"1", 1}}, "p1")}, "p2").what == What::reprint);
    CHECK(judged(order, {booked(1, {{"1", 2}})}).quantities.empty());
}

TEST_CASE("picks that were taken back ask for no second booking") {
    CHECK(judged(order_of({line("1", 2, 1)}), {booked(1, {{"1", 2}})}).what == What::reprint);
    CHECK(judged(order_of({line("1", 2, 0)}), {booked(1, {{"1", 2}})}).what == What::reprint);
}

TEST_CASE("a cancelled delivery covers nothing: its pieces are booked again") {
    EarlierDelivery cancelled = booked(1, {{"1", 2}});
    cancelled.cancelled = true;
    const auto all = judged(order_of({line("1", 2, 2)}), {cancelled});
    CHECK(all.what == What::first);
    CHECK(all.quantities == Quantities{{"1", 2}});
    const auto some = judged(order_of({line("1", 3, 3)}), {cancelled, booked(2, {{"1", 1}})});
    CHECK(some.what == What::further);
    CHECK(some.quantities == Quantities{{"1", 2}});
}

TEST_CASE("a delivery that is still to be booked covers nothing: it grows by what was picked meanwhile") {
    EarlierDelivery parked = booked(1, {{"1", 1}});
    parked.booked = false;
    const auto due = judged(order_of({line("1", 2, 2)}), {parked});
    CHECK(due.what == What::first);
    CHECK(due.quantities == Quantities{{"1", 2}});
}

TEST_CASE("an order of which nothing was picked waits, unless the warehouse registers no picks") {
    const auto order = order_of({line("1", 2, 0), line("9", 1, 0, false)});
    CHECK(judged(order).what == What::nothing_picked);
    CHECK(judged(order).quantities.empty());
    const auto unregistered = judged(order, {}, "p1", false);
    CHECK(unregistered.what == What::first);
    CHECK(unregistered.quantities == Quantities{{"1", 2}});
    CHECK_FALSE(unregistered.is_short);
    CHECK(judged(order, {booked(1, {{"1", 2}})}, "p1", false).what == What::reprint);
    // One pick registered: the warehouse does register them.
    const auto some = judged(order_of({line("1", 2, 0), line("2", 2, 1)}), {}, "p1", false);
    CHECK(some.quantities == Quantities{{"2", 1}});
    CHECK(some.is_short);
}

TEST_CASE("a row that is not to be picked is never missing and never a piece of a delivery") {
    const auto due = judged(order_of({line("1", 1, 1), line("9", 1, 0, false), line("8", 1, 1, false)}));
    CHECK(due.quantities == Quantities{{"1", 1}});
    CHECK_FALSE(due.is_short);
    CHECK(judged(order_of({line("1", 1, 0), line("8", 1, 1, false)})).what == What::nothing_picked);
}

TEST_CASE("a kit counts through its own line, else by its scarcest component") {
    auto kit = line("1", 3, 0);
    kit.sub_lines = {line("", 6, 5), line("", 3, 3), line("", 3, 0, false)};
    const auto due = judged(order_of({kit}));
    CHECK(due.quantities == Quantities{{"1", 2}}); // 5 of 6: two kits are whole
    CHECK(due.is_short);

    kit.picked = 3;
    CHECK(judged(order_of({kit})).quantities == Quantities{{"1", 3}});
    kit.picked = 0;
    kit.sub_lines[1].picked = 0;
    CHECK(judged(order_of({kit})).what == What::nothing_picked);

    auto of_kits = line("2", 2, 0);
    of_kits.sub_lines = {line("", 2, 0)};
    of_kits.sub_lines[0].sub_lines = {line("", 8, 8)};
    CHECK(judged(order_of({of_kits})).quantities == Quantities{{"2", 2}});
}

TEST_CASE("lines that people added in the warehouse without a row number are told apart") {
    auto first = line("", 1, 1), second = line("", 2, 2);
    first.id = 7;
    second.id = 8;
    const auto due = judged(order_of({first, second}));
    CHECK(due.quantities == Quantities{{"#7", 1}, {"#8", 2}});
    CHECK(judged(order_of({first, second}), {booked(1, due.quantities)}).what == What::reprint);
}

TEST_CASE("an order that is as Ongoing was told may be shipped") {
    CHECK_FALSE(check_order(base_order(), checks(), told, "PL"));
    auto renamed = base_order();
    renamed.delivery_fullname = "Somebody Else";
    renamed.delivery_address = "Another Street 1";
    renamed.phone = "+48600100200";
    renamed.delivery_country_code = "pl ";
    CHECK_FALSE(check_order(renamed, checks(), told, "PL"));
}

TEST_CASE("an order that is gone is not booked") {
    const auto rejection = check_order(std::nullopt, checks(), told, "PL");
    CHECK(cause_of(rejection) == "cancelled_in_base");
    CHECK(rejection->reason.find("deleted") != std::string::npos);
    CHECK(rejection->reason.find("merged") != std::string::npos);
}

TEST_CASE("what blocks an order is named in a fixed order, most fundamental first") {
    auto order = base_order();
    order.confirmed = false;
    order.order_status_id = OrderStatusId{90};
    order.products[0].quantity = 5;
    order.delivery_country_code = "DE";
    auto rules = checks();
    rules.require_paid = true;
    const auto next = [&] { return cause_of(check_order(order, rules, told, "PL")); };
    CHECK(next() == "not_confirmed");
    order.confirmed = true;
    CHECK(next() == "cancelled_in_base");
    rules.any_status = true;
    CHECK(next() == "cancelled_in_base"); // any status but a cancelled one
    rules.any_status = false;
    order.order_status_id = OrderStatusId{33};
    CHECK(next() == "status_not_shippable");
    rules.any_status = true;
    CHECK(next() == "lines_changed");
    order.products[0].quantity = 2;
    CHECK(next() == "country_changed");
    order.delivery_country_code = "PL";
    CHECK(next() == "unpaid");
    order.payment_done = 30;
    CHECK(next().empty());
}

TEST_CASE("a rejection names order, member and what both sides say") {
    auto order = base_order();
    order.products[0].quantity = 5;
    const auto rejection = check_order(order, checks(), told, "PL");
    REQUIRE(cause_of(rejection) == "lines_changed");
    CHECK(rejection->key == "84512345");
    CHECK(rejection->field == "orders.84512345.products.501.quantity");
    CHECK(rejection->reason == "line 501 (Name of CUP): 5 in BaseLinker, 2 in Ongoing");
    CHECK(rejection->label == "Name of CUP");

    order = base_order();
    order.products.pop_back();
    CHECK(check_order(order, checks(), told, "PL")->reason == "line 502 is gone: 0 in BaseLinker, 1 in Ongoing");
}

TEST_CASE("lines that Ongoing was never told do not hold a parcel back") {
    auto order = base_order();
    baselinker::OrderProduct discount;
    discount.order_product_id = OrderProductId{503};
    discount.name = "Rabat";
    discount.quantity = 1;
    discount.price_brutto = -3;
    order.products.push_back(discount);
    CHECK_FALSE(check_order(order, checks(), told, "PL"));
}

TEST_CASE("a row that stands for merged lines is compared with their sum") {
    auto order = base_order();
    order.products.push_back(order.products[0]);
    order.products.back().order_product_id = OrderProductId{504};
    order.products.back().quantity = 3;
    const Quantities merged{{"501", 5}, {"502", 1}};
    CHECK_FALSE(check_order(order, checks(), merged, "PL"));
    order.products.back().quantity = 4;
    CHECK(cause_of(check_order(order, checks(), merged, "PL")) == "lines_changed");
    order.products.back().quantity = 3;
    order.products.back().sku = "BOWL";
    CHECK(cause_of(check_order(order, checks(), merged, "PL")) == "lines_changed");
    // Without SKU the catalogue's ids say what is the same.
    for (auto* product : {&order.products[0], &order.products[2]}) {
        product->sku.clear();
        product->storage = "db";
        product->product_id = "77";
    }
    CHECK_FALSE(check_order(order, checks(), merged, "PL"));
    // A merged line of its own row is not counted twice.
    CHECK_FALSE(check_order(order, checks(), {{"501", 2}, {"502", 1}, {"504", 3}}, "PL"));
}

TEST_CASE("a country that was never told may be filled in, one that was told may not change or go") {
    auto order = base_order();
    CHECK_FALSE(check_order(order, checks(), told, ""));
    order.delivery_country_code = "DE";
    const auto changed = check_order(order, checks(), told, "PL");
    CHECK(cause_of(changed) == "country_changed");
    CHECK(changed->reason == "the country is DE in BaseLinker and PL in Ongoing");
    order.delivery_country_code.clear();
    CHECK(cause_of(check_order(order, checks(), told, "PL")) == "country_changed");
}

TEST_CASE("with require_paid goods and delivery are paid, or cash on delivery pays them") {
    auto rules = checks();
    rules.require_paid = true;
    auto order = base_order();
    order.payment_done = *Decimal::parse("29.99");
    const auto unpaid = check_order(order, rules, told, "PL");
    CHECK(cause_of(unpaid) == "unpaid");
    CHECK(unpaid->reason == "29.99 of 30.00 PLN is paid");
    CHECK_FALSE(check_order(order, checks(), told, "PL"));
    order.payment_done = 30;
    CHECK_FALSE(check_order(order, rules, told, "PL"));
    order.payment_done = 0;
    order.payment_method_cod = true;
    CHECK_FALSE(check_order(order, rules, told, "PL"));
}

TEST_CASE("what people changed in the warehouse's copy of the address is found") {
    using Members = std::map<std::string, std::string>;
    const Members sent{{"consignee.address1", "Długa 5"}, {"consignee.city", "Łódź"}, {"consignee.address2", ""}};
    CHECK(edited_in_warehouse(sent, {{"consignee.address1", "Długa  5 "}, {"consignee.city", "Łódź"}}).empty());
    CHECK(edited_in_warehouse(sent, {{"consignee.address1", "Długa 7"},
                                     {"consignee.city", ""},
                                     {"consignee.address2", "p. 3"},
                                     {"servicePointCode", "WAW01"}}) ==
          std::vector<std::string>{"consignee.address1", "consignee.address2", "consignee.city", "servicePointCode"});
    CHECK(edited_in_warehouse({}, {}).empty());
}
