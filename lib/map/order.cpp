// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/order.hpp>

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/mapping_values.hpp>
#include <blongo/map/order_lines.hpp>

namespace blongo::map {

namespace {

using baselinker::Order;
using json::Value;

/// Countries of one customs union with Poland and Sweden: no customs value is declared among them.
constexpr std::array<std::string_view, 28> customs_union = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
                                                            "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MC",
                                                            "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

/// The customs value is a line's total in Ongoing; the table puts a piece's price there.
bool under_declares(const OrderDocument& document, const OrderOptions& options) {
    if (options.line_values != OrderOptions::LineValues::unit) return false;
    const Value* country = document.find("consignee.countryCode");
    if (country == nullptr || std::ranges::find(customs_union, country_text(country->text())) != customs_union.end())
        return false;
    return std::ranges::any_of(document.lines, [](const OrderLine& line) { return line.quantity > 1; });
}

OrderLine map_line(const OrderContext& order, const ChosenLine& chosen, const RefuseMember& refuse) {
    OrderLine line{
        std::to_string(chosen.product->order_product_id.value()), chosen.article, chosen.quantity, chosen.to_pick, {}, {}};
    LineContext context{order.order, order.options, chosen, order.notes};
    for (const LineMappingRow& row : line_rows())
        if (Value value = row.value(context); !value.is_null())
            line.members.push_back({std::string(row.member), std::move(value)});
    write_own_members(
        order.options.own_line_members, [&](std::string_view name) { return line_source(name, context, order); }, line.members,
        order.notes, refuse, order.options.trace ? &line.traces : nullptr);
    return line;
}

OrderDocument map_document(const Order& order, const OrderOptions& options, int attempt, ChosenLines& chosen,
                           const RefuseMember& refuse) {
    OrderDocument document;
    document.order_id = order.order_id;
    document.number = order_number(options, order.order_id, attempt);
    document.notes = std::move(chosen.notes);
    OrderContext context{order, options, document.number, chosen.service_texts, document.notes};
    for (const OrderMappingRow& row : order_rows())
        if (Value value = row.value(context); !value.is_null())
            document.members.push_back({std::string(row.row.target), std::move(value)});
    write_own_members(
        options.own_members, [&](std::string_view name) { return order_source(name, context); }, document.members, document.notes,
        refuse, options.trace ? &document.traces : nullptr);
    for (const ChosenLine& line : chosen.lines) document.lines.push_back(map_line(context, line, refuse));
    if (document.find("consignee.countryCode") == nullptr)
        document.notes.emplace_back("no country: no courier can book this order");
    if (under_declares(document, options))
        document.notes.emplace_back("customs values of one piece are declared for several (line_values = \"unit\")");
    return document;
}

Value object_of(const std::vector<Member>& members) {
    Value object = Value::object();
    for (const Member& member : members) object.set_path(member.target, member.value);
    return object;
}

const Value* find_member(const std::vector<Member>& members, std::string_view target) {
    const auto found = std::ranges::find(members, target, &Member::target);
    return found == members.end() ? nullptr : &found->value;
}

} // namespace

const json::Value* OrderLine::find(std::string_view target) const {
    return find_member(members, target);
}

const json::Value* OrderDocument::find(std::string_view target) const {
    return find_member(members, target);
}

json::Value OrderDocument::body() const {
    Value body = object_of(members);
    Value list = Value::array();
    for (const OrderLine& line : lines) list.push_back(object_of(line.members));
    body.set("orderLines", std::move(list));
    return body;
}

std::vector<ArticleNumber> OrderDocument::articles() const {
    std::set<ArticleNumber> numbers;
    for (const OrderLine& line : lines) numbers.insert(line.article);
    return {numbers.begin(), numbers.end()};
}

std::string OrderDocument::fingerprint() const {
    Value by_row = Value::object();
    for (const OrderLine& line : lines) by_row.set(line.row_number, object_of(line.members));
    const Value whole =
        Value::object().set("mapping", order_mapping_version).set("members", object_of(members)).set("lines", std::move(by_row));
    return blongo::fingerprint(whole.canonical());
}

NumberLookup lookup_in(const Catalogue& catalogue) {
    return [&catalogue](ProductId id, bool or_only_variant) {
        auto number = catalogue.number_of(id);
        return number || !or_only_variant ? number : catalogue.number_of_only_variant(id);
    };
}

OrderNumber order_number(const OrderOptions& options, BaseOrderId order, int attempt) {
    std::string number = options.order_number_prefix + std::to_string(order.value());
    if (attempt > 1) number += "-" + std::to_string(attempt);
    return OrderNumber{std::move(number)};
}

std::vector<ProductId> ids_to_look_up(const Order& order) {
    std::set<ProductId> ids;
    for (const baselinker::OrderProduct& line : order.products) {
        if (!key_text(line.sku).empty()) continue;
        for (const ProductId id : catalogue_ids(line)) ids.insert(id);
    }
    return {ids.begin(), ids.end()};
}

MappedOrder map_order(const Order& order, const OrderOptions& options, const NumberLookup& lookup, int attempt) {
    MappedOrder result;
    const auto refuse = [&](std::string cause, std::string_view field, std::string reason) {
        result.rejected.push_back({std::move(cause),
                                   std::to_string(order.order_id.value()),
                                   fmt::format("orders.{}.{}", order.order_id, field),
                                   std::move(reason),
                                   {},
                                   {}});
    };
    ChosenLines chosen = choose_lines(order, options, lookup);
    if (chosen.all_elsewhere) {
        result.skipped = true;
        return result;
    }

    if (!order.confirmed)
        refuse("not_confirmed", "confirmed", "the order is not confirmed");
    else if (!order.date_confirmed && !order.date_add)
        refuse("not_confirmed", "date_confirmed", "the order has no date of confirmation");
    if (key_too_long(order_number(options, order.order_id, attempt).value()))
        refuse("key_too_long", "order_id",
               fmt::format("order_number_prefix makes the number longer than {} characters", key_characters));
    if (key_too_long(key_text(order.delivery_point_id)))
        refuse("key_too_long", "delivery_point_id", fmt::format("the pick-up point has more than {} characters", key_characters));
    std::ranges::move(chosen.rejected, std::back_inserter(result.rejected));
    if (result.rejected.empty() && std::ranges::none_of(chosen.lines, [](const ChosenLine& line) { return line.to_pick; }))
        refuse("empty_order", "products",
               order.products.empty() ? "the order has no lines" : "the order has no line that could be picked");

    if (!result.rejected.empty()) return result;
    OrderDocument document =
        map_document(order, options, attempt, chosen, [&](const OwnMember& own, std::string_view cause, std::string reason) {
            const std::string member = fmt::format("mapping.{}.{}", to_string(own.object), own.member->path);
            refuse(std::string(cause), member, fmt::format("{} ({}) {}", member, own.origin, reason));
        });
    // The consignee is no member of its own, and Ongoing takes no order without one.
    const bool addressed =
        std::ranges::any_of(document.members, [](const Member& member) { return member.target.starts_with("consignee."); });
    if (result.rejected.empty() && !addressed)
        refuse("field_invalid", "mapping.order.consignee", "the mapping leaves nothing of the consignee");
    if (result.rejected.empty()) result.document = std::move(document);
    return result;
}

std::string order_identity(const Order& order) {
    const auto plain = [](std::string_view text) {
        std::string value(trim(text));
        return value == "0" || value == "-1" ? std::string{} : value;
    };
    return Value::object()
        .set("order_id", order.order_id.value())
        .set("date_add", order.date_add ? std::to_string(to_unix_seconds(*order.date_add)) : std::string{})
        .set("order_source", plain(order.order_source))
        .set("shop_order_id", plain(order.shop_order_id))
        .set("order_source_id", order.order_source_id == 0 ? std::string{} : std::to_string(order.order_source_id))
        .dump();
}

bool is_same_order(std::string_view known, std::string_view now) {
    const auto before = Value::parse(std::string(known));
    const auto after = Value::parse(std::string(now));
    if (!before || !after) return false;
    return std::ranges::all_of(before->members(), [&](const Value::Member& member) {
        const auto& [name, value] = member;
        return (value.is_string() && value.text().empty()) || (*after)[name] == value;
    });
}

} // namespace blongo::map
