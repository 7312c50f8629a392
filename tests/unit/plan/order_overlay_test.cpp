// SPDX-License-Identifier: Apache-2.0
// An update of an order: ours over theirs, people's edits kept, what is gone cleared.
#include <catch2/catch.hpp>

#include <blongo/map/order_marks.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/order_overlay.hpp>

using namespace blongo;
using namespace blongo::plan;
using json::Value;

namespace {

map::OrderLine line(const std::string& row, const std::string& article, std::int64_t quantity) {
    map::OrderLine out;
    out.row_number = row;
    out.article = ArticleNumber{article};
    out.quantity = quantity;
    out.members = {{"rowNumber", row}, {"articleNumber", article}, {"numberOfItems", quantity}};
    return out;
}

map::OrderDocument document() {
    map::OrderDocument out;
    out.order_id = BaseOrderId{101};
    out.number = OrderNumber{"101"};
    out.members = {{"orderNumber", "101"},
                   {"deliveryDate", "2026-11-24T12:00:00.000+00:00"},
                   {"orderRemark", "ring twice"},
                   {"servicePointCode", "WAW01A"},
                   {"consignee.name", "Jan Kowalski"},
                   {"consignee.address1", "Polna 1"},
                   {"consignee.vatNumber", "PL1"}};
    out.lines = {line("11", "KUBEK", 2), line("12", "MISKA", 1)};
    return out;
}

/// What Ongoing shows of a document: everything but the VAT number.
Value held(const map::OrderDocument& shown) {
    Value body = shown.body();
    body.erase_path("consignee.vatNumber");
    return body;
}

const ReadsBack all_but_vat = [](std::string_view target) { return target != "consignee.vatNumber"; };

void set(map::OrderDocument& document, const std::string& target, const Value& value) {
    for (auto& member : document.members)
        if (member.target == target) member.value = value;
}

void drop(map::OrderDocument& document, const std::string& target) {
    std::erase_if(document.members, [&](const auto& member) { return member.target == target; });
}

std::vector<std::string> changed(const OrderOverlay& overlay) {
    std::vector<std::string> out;
    for (const auto& change : overlay.changes) out.push_back(change.member);
    return out;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("nothing changed: nothing is written, however Ongoing shows it") {
    const auto sent = document();
    Value there = held(sent);
    there.set("deliveryDate", "2026-11-24"); // a bare date
    there.set("orderRemark", "ring  twice\r\n");
    there.set("freeText1", "of the warehouse");
    const auto overlay = overlay_order(there, sent, map::document_marks(sent), all_but_vat);
    CHECK(overlay.is_empty());
    CHECK(overlay.kept.empty());
}

TEST_CASE("what BaseLinker changed is set, what people changed stays, what nobody owns stays", "[F15]") {
    const auto sent = document();
    auto now = document();
    set(now, "consignee.address1", "Nowa 2");
    set(now, "orderRemark", "leave at the door");
    Value there = held(sent);
    there.set("orderRemark", "fragile!");
    there.set("freeText1", "of the warehouse");
    const auto overlay = overlay_order(there, now, map::document_marks(sent), all_but_vat);
    CHECK(changed(overlay) == Names{"consignee.address1"});
    CHECK(overlay.kept == Names{"orderRemark"});
    CHECK(overlay.body["orderRemark"].text() == "fragile!");
    CHECK(overlay.body.at_path("consignee.address1").text() == "Nowa 2");
    CHECK(overlay.body["freeText1"].text() == "of the warehouse");
    CHECK(overlay.body.at_path("consignee.vatNumber").text() == "PL1"); // it cannot be read back: said again
}

TEST_CASE("people's edit that BaseLinker follows is no edit any more") {
    const auto sent = document();
    auto now = document();
    set(now, "orderRemark", "fragile!");
    Value there = held(sent);
    there.set("orderRemark", "fragile!");
    const auto overlay = overlay_order(there, now, map::document_marks(sent), all_but_vat);
    CHECK(overlay.is_empty());
    CHECK(overlay.kept.empty());
}

TEST_CASE("a member that BaseLinker reports no more is cleared, unless people edited it or it may not be missing") {
    const auto sent = document();
    auto now = document();
    for (const char* target : {"servicePointCode", "orderRemark", "consignee.name"}) drop(now, target);
    Value there = held(sent);
    there.set("orderRemark", "fragile!");
    const auto overlay = overlay_order(there, now, map::document_marks(sent), all_but_vat);
    CHECK(changed(overlay) == Names{"servicePointCode"});
    REQUIRE(overlay.body.find("servicePointCode") != nullptr);
    CHECK(overlay.body["servicePointCode"].is_null());
    CHECK(overlay.body["orderRemark"].text() == "fragile!");
    CHECK(overlay.body.at_path("consignee.name").text() == "Jan Kowalski");
}

TEST_CASE("a member that was sent as empty and that people filled is theirs; without any marks it is ours") {
    auto sent = document();
    drop(sent, "servicePointCode");
    const auto now = document();
    Value there = held(sent);
    there.set("servicePointCode", "KRA02B");
    CHECK(overlay_order(there, now, map::document_marks(sent), all_but_vat).kept == Names{"servicePointCode"});
    const auto unmarked = overlay_order(there, now, Value::object(), all_but_vat);
    CHECK(unmarked.body["servicePointCode"].text() == "WAW01A");
}

TEST_CASE("lines: added, removed, changed; those of people stay, those that people deleted stay deleted") {
    const auto sent = document();
    auto now = document();
    now.lines = {line("11", "KUBEK", 5), line("13", "TALERZ", 4)};
    const auto marks = map::document_marks(sent);
    Value there = held(sent);
    there["orderLines"].push_back(Value::object().set("rowNumber", "p1").set("articleNumber", "GRATIS").set("numberOfItems", 1));
    SECTION("nobody else touched them") {
        const auto overlay = overlay_order(there, now, marks, all_but_vat);
        CHECK(changed(overlay) == Names{"orderLines[11].numberOfItems", "orderLines[12]", "orderLines[13]"});
        const auto& lines = overlay.body["orderLines"].elements();
        REQUIRE(lines.size() == 3);
        CHECK(lines[0]["numberOfItems"].integer() == 5);
        CHECK(lines[1]["rowNumber"].text() == "p1");
        CHECK(lines[2]["articleNumber"].text() == "TALERZ");
    }
    SECTION("people changed a quantity and deleted a line") {
        there["orderLines"].elements()[0].set("numberOfItems", 1);
        now.lines.push_back(line("12", "MISKA", 1));
        there["orderLines"].elements().erase(there["orderLines"].elements().begin() + 1);
        const auto overlay = overlay_order(there, now, marks, all_but_vat);
        CHECK(overlay.kept == Names{"orderLines[11].numberOfItems", "orderLines[12] (deleted)"});
        CHECK(overlay.body["orderLines"].elements()[0]["numberOfItems"].integer() == 1);
        CHECK(overlay.body["orderLines"].size() == 3);
    }
    SECTION("a line that BaseLinker took away goes although people changed it") {
        there["orderLines"].elements()[1].set("numberOfItems", 9);
        const auto overlay = overlay_order(there, now, marks, all_but_vat);
        for (const auto& each : overlay.body["orderLines"].elements()) CHECK(each["rowNumber"].text() != "12");
    }
}

TEST_CASE("a lost answer is settled by what Ongoing holds, member by member") {
    const auto before = document();
    auto sent = document();
    set(sent, "consignee.address1", "Nowa 2");
    sent.lines.pop_back();
    const auto told = map::document_marks(before), tried = map::document_marks(sent);
    CHECK_FALSE(has_arrived(held(before), tried, told));
    CHECK(settled_marks(held(before), tried, told).canonical() == told.canonical());
    Value there = held(sent);
    there.set("orderRemark", "fragile!"); // people, meanwhile
    CHECK(has_arrived(there, tried, told));
    const auto settled = settled_marks(there, tried, told);
    CHECK(settled["members"]["consignee.address1"] == tried["members"]["consignee.address1"]);
    CHECK(settled["members"]["orderRemark"] == told["members"]["orderRemark"]); // still an edit of theirs
    CHECK(settled["lines"].find("12") == nullptr);
}

TEST_CASE("changes are shown without what may be about the buyer") {
    const auto shown = masked({{"consignee.name", "Jan", {}},
                               {"consignee.countryCode", "PL", "DE"},
                               {"freeText1", {}, "of a template"},
                               {"orderLines[11].numberOfItems", 1, 2},
                               {"orderLines[11].comment", {}, "For Jan"},
                               {"orderLines[12]", {}, "2 x KUBEK"}});
    CHECK(shown[0].before.text() == "***");
    CHECK(shown[0].after.is_null());
    CHECK(shown[1].after.text() == "DE");
    CHECK(shown[2].after.text() == "***");
    CHECK(shown[3].after.integer() == 2);
    CHECK(shown[4].after.text() == "***");
    CHECK(shown[5].after.text() == "2 x KUBEK");
}

TEST_CASE("pieces: what was lost, what covers what") {
    CHECK(lost_pieces({{"A", 3}, {"B", 1}}, {{"A", 1}, {"C", 9}}) == Pieces{{"A", 2}, {"B", 1}});
    CHECK(covers({{"A", 2}, {"B", 1}}, {{"A", 2}}));
    CHECK_FALSE(covers({{"A", 2}}, {{"A", 3}}));
    CHECK_FALSE(covers({{"A", 2}}, {}));
    CHECK(given_up({{"A", 3}, {"B", 2}}, {{"A", 1}}, {{"A", 1}}) == Pieces{{"A", 2}, {"B", 2}});
    CHECK(given_up({{"A", 3}}, {{"A", 1}}, {{"A", 22}}).empty()); // people raised it meanwhile
    CHECK(given_up({{"A", 3}}, {{"A", 1}}, {{"A", 2}}) == Pieces{{"A", 1}});
    auto with_gift = document();
    with_gift.lines.push_back(line("p1", "KUBEK", 7)); // of people
    CHECK(pieces_of(held(with_gift), map::document_marks(document())) == Pieces{{"KUBEK", 2}, {"MISKA", 1}});
    CHECK(sum_of({{"A", 1}}, {{"A", 2}, {"B", 1}}) == Pieces{{"A", 3}, {"B", 1}});
}

TEST_CASE("the warehouse's statuses: below 300 yes, at 300 once, from 320 on never") {
    using enum Changeable;
    for (const auto& [status, may] : {std::pair<std::int64_t, Changeable>{150, yes},
                                      {200, yes},
                                      {299, yes},
                                      {300, try_once},
                                      {319, try_once},
                                      {320, no},
                                      {400, no},
                                      {450, no},
                                      {1000, no}})
        CHECK(changeable(status) == may);
    CHECK(attempt_mark("f", 300) != attempt_mark("f", 200));
    CHECK(lowest_sent({{450, "book"}, {425, "ignore"}}) == 450);
    CHECK(lowest_sent({{475, "no_shipment"}, {500, "book"}}) == 475);
    CHECK(lowest_sent({}) == 450);
}

TEST_CASE("a source's mark changes with everything that a mapping may read, and with nothing else") {
    baselinker::Order order;
    order.order_id = BaseOrderId{1};
    order.products.emplace_back();
    const map::OrderOptions options;
    const auto mark = map::order_source_mark(order, options);
    auto other = order;
    other.order_status_id = OrderStatusId{5};
    other.date_in_status = Timestamp{Milliseconds{5}};
    other.delivery_package_nr = "123";
    CHECK(map::order_source_mark(other, options) == mark);
    other = order;
    other.phone = "1";
    CHECK(map::order_source_mark(other, options) != mark);
    other = order;
    other.products.front().quantity = Decimal{std::int64_t{2}};
    CHECK(map::order_source_mark(other, options) != mark);
    auto settings = options;
    settings.admin_comments = map::OrderOptions::AdminComments::off;
    CHECK(map::order_source_mark(order, settings) != mark);
}
