// SPDX-License-Identifier: Apache-2.0
// Whatever products, orders, returns and courier forms an answer holds: what is made of them is a document within the
// limits of the other side, or a rejection that says why, with own templates of every source as well.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/decode_catalogue.hpp>
#include <blongo/baselinker/decode_orders.hpp>
#include <blongo/baselinker/decode_packages.hpp>
#include <blongo/baselinker/decode_returns.hpp>
#include <blongo/map/article.hpp>
#include <blongo/map/delivery_address.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/order_marks.hpp>
#include <blongo/map/order_return.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/map/shipment.hpp>
#include <blongo/ongoing/decode_orders.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;
using fuzz::expect;

const Timestamp now{std::chrono::hours{24 * 365 * 56}};

/// A template for each member that one may write, of all sources that there are for it.
map::OwnMembers own_members(MappedObject object) {
    std::string all;
    for (const std::string_view name : mapping_source_names(object))
        all += fmt::format("{{{}}}",
                           name.ends_with('*') ? std::string(name.substr(0, name.size() - 1)) + "name" : std::string(name));
    map::OwnMembers out;
    for (const MappedMember& member : mapped_members(object))
        if (member.reserved.empty())
            if (auto own = parse_own_member(fmt::format("{}.{}", to_string(object), member.path), all))
                out.push_back(std::move(*own));
    expect(!out.empty());
    return out;
}

void expect_reasons(const std::vector<map::Rejection>& rejected) {
    for (const auto& one : rejected) expect(!one.cause.empty() && !one.reason.empty());
}

void articles(json::Node root, const map::Catalogue& catalogue) {
    static const map::ArticleOptions plain{.length_factor = *Decimal::parse("0.01")};
    static const map::ArticleOptions own{.length_factor = *Decimal::parse("0.01"),
                                         .parent_articles = true,
                                         .html_description = true,
                                         .language = "de",
                                         .own_members = own_members(MappedObject::article),
                                         .trace = true};
    const auto data = baselinker::decode_products_data(root);
    if (!data) return;
    for (const auto& product : data->products) {
        for (const map::ArticleOptions* options : {&plain, &own}) {
            const auto mapped = map::map_product(product, catalogue, *options);
            expect_reasons(mapped.rejected);
            for (const auto& article : mapped.articles) {
                expect(!article.number.value().empty() && character_count(article.number.value()) <= map::key_characters);
                expect(!article.fingerprint().empty());
            }
        }
    }
}

/// A rule that fills a field of each name with everything that a shipment can tell.
const map::CourierRule& full_rule() {
    static const map::CourierRule rule = [] {
        map::CourierRule made;
        made.courier_code = "dpd";
        made.phone = "PL9";
        made.mobile = made.postcode = made.point = made.state = true;
        made.street_max = 30;
        made.name_max = 20;
        for (const std::string_view name : courier_field_placeholders()) {
            auto text = Template::parse(fmt::format("{{{}}}", name));
            if (text) made.fields.emplace_back(name, std::move(*text));
        }
        made.package.emplace_back("weight", *Template::parse("{weight}"));
        return made;
    }();
    return rule;
}

/// A form with the fields of that rule, for orders that come without one.
baselinker::CourierForm full_form() {
    baselinker::CourierForm form;
    const char* const types[] = {"text", "select", "checkbox", "date"};
    for (const auto& [id, text] : full_rule().fields)
        form.fields.push_back({.id = id,
                               .name = id,
                               .type = types[form.fields.size() % 4],
                               .desc = {},
                               .options = {{"1", id}},
                               .show_field = {},
                               .value = {},
                               .function = {}});
    form.package_fields.push_back(
        {.id = "weight", .name = {}, .type = "text", .desc = {}, .options = {}, .show_field = {}, .value = {}, .function = {}});
    return form;
}

void shipment(const baselinker::Order& order, const ongoing::Order& there, const baselinker::CourierForm& form) {
    std::map<std::string, Decimal> pieces;
    for (const auto& line : there.lines) pieces.emplace(line.row_number, line.picked);
    for (const auto& product : order.products) pieces.emplace(fmt::to_string(product.order_product_id), product.quantity);
    const map::ParcelOptions options{.packaging_weight = {}, .default_weight = Decimal{1}};
    const auto plan = map::plan_parcels(there, {}, order, pieces, {}, options, {});
    if (const auto* rejected = std::get_if<map::Rejection>(&plan)) return expect(!rejected->reason.empty());
    const auto& parcels = std::get<map::ParcelPlan>(plan);
    const auto facts = map::shipment_facts(order, there, parcels);
    (void)map::mismatch(full_rule(), facts);
    const auto verdict = map::judge_by_rule(order, full_rule(), {}, {}, true);
    expect_reasons(verdict.rejected);
    const map::ShipmentInput input{order, there, full_rule(), parcels, verdict.cod, 1, now, "Europe/Warsaw"};
    const auto made = map::make_shipment(input, form, {{baselinker::CourierAccountId{1}, "one"}}, {{"std", "Standard"}});
    expect_reasons(made.rejected);
    expect(made.request.has_value() != !made.rejected.empty());
    expect(!map::shipment_input_fingerprint(input).empty());
}

void orders(json::Node root, const map::Catalogue& catalogue) {
    static const map::OrderOptions plain;
    static const map::OrderOptions own{.order_number_prefix = "BL-",
                                       .line_values = map::OrderOptions::LineValues::line,
                                       .service_lines = {"*wysy*", "Dostawa*"},
                                       .merge_equal_lines = true,
                                       .own_members = own_members(MappedObject::order),
                                       .own_line_members = own_members(MappedObject::order_line),
                                       .trace = true};
    const auto page = baselinker::decode_orders(root);
    if (!page) return;
    const auto form = full_form();
    for (const auto& order : page->orders) {
        expect(map::is_same_order(map::order_identity(order), map::order_identity(order)));
        for (const map::OrderOptions* options : {&plain, &own}) {
            const auto mapped = map::map_order(order, *options, map::lookup_in(catalogue));
            expect_reasons(mapped.rejected);
            (void)map::order_source_mark(order, *options);
            if (!mapped.document) continue;
            expect(character_count(mapped.document->number.value()) <= map::key_characters);
            expect(json::Value::parse(mapped.document->body().dump()).has_value());
            expect(!mapped.document->fingerprint().empty() && map::document_marks(*mapped.document).is_object());
        }
        shipment(order, {}, form);
    }
}

void returns(json::Node root) {
    const auto page = baselinker::decode_returns(root);
    if (!page) return;
    for (const auto& one : page->returns) {
        const auto mapped = map::map_return(one, "R-");
        expect_reasons(mapped.rejected);
        if (!mapped.document) continue;
        expect(!mapped.document->fingerprint().empty());
        map::OrderLineIds ids;
        for (const auto& line : mapped.document->lines) ids.emplace(line.row_number, 1);
        expect(map::return_body(*mapped.document, OngoingOrderId{1}, ids, nullptr, {}).model.is_object());
    }
}

/// An order of the warehouse, and a courier's form, for an order that is as it should be.
void other_side(json::Node root) {
    baselinker::Order order;
    order.order_id = BaseOrderId{1};
    order.delivery_fullname = "Jan Kowalski";
    order.delivery_country_code = "PL";
    if (const auto form = baselinker::decode_courier_form(root)) shipment(order, {}, *form);
    const auto read = [&](json::Node item) {
        const auto there = ongoing::decode_order(item, "GET /orders");
        if (!there) return;
        (void)map::delivery_address(*there);
        shipment(order, *there, full_form());
    };
    if (root.is_array())
        for (const json::Node item : root) read(item);
    else
        read(root);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = json::Document::parse(fuzz::text_of(data, size));
    if (!document) return 0;
    map::Catalogue catalogue;
    if (const auto rows = baselinker::decode_product_list(document->root()))
        for (const auto& row : *rows) catalogue.add(row);
    catalogue.finish(false);
    articles(document->root(), catalogue);
    orders(document->root(), catalogue);
    returns(document->root());
    other_side(document->root());
    return 0;
}
