// SPDX-License-Identifier: Apache-2.0
#include "ongoing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

std::int64_t OngoingCall::path_id(const std::string& name) const {
    return json::Value(route.path.at(name)).integer();
}

std::optional<std::string> OngoingCall::text(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return std::string(first(query, name));
}

std::optional<std::int64_t> OngoingCall::integer(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return json::Value(first(query, name)).integer();
}

std::optional<Timestamp> OngoingCall::time(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return parse_timestamp(first(query, name));
}

bool OngoingCall::flag(std::string_view name) const {
    return first(query, name) == "true";
}

std::vector<std::string> OngoingCall::texts(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : query)
        if (key == name) values.push_back(value);
    return values;
}

void OngoingCall::note_page(std::string_view cursor, std::optional<std::int64_t> last) const {
    std::string key = route.operation;
    for (const auto& [name, value] : query)
        if (name != cursor) key.append(1, '&').append(name).append(1, '=').append(value);
    const auto before = owner.last_of_page.find(key);
    if (const auto from = integer(cursor); from && *from > 0 && before != owner.last_of_page.end() && before->second == *from)
        violate("page_overlap", fmt::format("query {}", cursor),
                "the page begins with the last id of the page before: ask with the highest id + 1");
    if (last)
        owner.last_of_page[key] = *last;
    else
        owner.last_of_page.erase(key);
}

OngoingHandler find_operation(std::string_view operation) {
    static const OngoingTable table = [] {
        OngoingTable all;
        add_article_operations(all);
        add_list_operations(all);
        add_order_operations(all);
        add_order_patch_operations(all);
        add_transport_operations(all);
        add_file_operations(all);
        add_return_operations(all);
        return all;
    }();
    const auto found = table.find(operation);
    return found == table.end() ? nullptr : found->second;
}

OngoingAnswer refused(int status, std::string_view message) {
    return {status, json::Value::object().set("message", message)};
}

OngoingAnswer invalid(const std::vector<Problem>& problems) {
    json::Value state = json::Value::object();
    for (const Problem& problem : problems) {
        json::Value texts = json::Value::array();
        texts.push_back(problem.detail);
        state.set("model." + problem.where, std::move(texts));
    }
    return {400, json::Value::object().set("Message", "The request is invalid.").set("ModelState", std::move(state))};
}

json::Value number_json(const Decimal& number) {
    std::string text = number.to_string();
    if (text.find('.') == std::string::npos) text += ".0";
    return json::Value::number(std::move(text));
}

json::Value time_json(Timestamp time) {
    std::string text = format_utc(time);
    const auto dot = text.find('.');
    if (dot != std::string::npos) {
        text.pop_back();
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
        text += 'Z';
    }
    return text;
}

json::Value time_json(const std::optional<Timestamp>& time) {
    return time ? time_json(*time) : json::Value();
}

json::Value decimal_member(const json::Value& object, std::string_view name) {
    const auto number = object[name].decimal();
    return number ? number_json(*number) : json::Value();
}

json::Value pick(const json::Value& object, std::initializer_list<std::string_view> names) {
    json::Value picked = json::Value::object();
    for (const std::string_view name : names) picked.set(name, object[name]);
    return picked;
}

json::Value pick_or_null(const json::Value& object, std::initializer_list<std::string_view> names) {
    return object.is_null() ? json::Value() : pick(object, names);
}

void overlay(json::Value& stored, const json::Value& body, bool clear_omitted) {
    if (clear_omitted) stored = json::Value::object();
    for (const auto& [name, value] : body.members()) {
        if (value.is_null())
            stored.erase(name);
        else
            stored.set(name, value);
    }
}

Decimal sellable(GoodsOwner& owner, const Article& article, std::optional<std::int64_t> warehouse) {
    if (article.is_structure()) {
        std::optional<std::int64_t> least;
        for (const json::Value& row : article.data["structureDefinition"]["rows"].elements()) {
            const Article* component = owner.find_article(std::string(row["articleNumber"].text()));
            const std::int64_t each = std::max<std::int64_t>(1, row["numberOfItems"].decimal().value_or(1).floor());
            const std::int64_t sets = component == nullptr ? 0 : sellable(owner, *component, warehouse).floor() / each;
            least = std::min(least.value_or(sets), sets);
        }
        return least.value_or(0);
    }
    Decimal free;
    bool main_warehouse = true;
    bool counts_orders = false;
    for (const auto& [id, stock] : article.stock) {
        if (!warehouse || *warehouse == id) {
            free = free + stock.items - stock.locked_for_sale;
            counts_orders = counts_orders || main_warehouse;
        }
        main_warehouse = false;
    }
    if (!warehouse || counts_orders || (article.stock.empty() && *warehouse == 1)) {
        const Bookings& held = owner.bookings(article.id);
        free = free - (held.booked - held.allocated);
    }
    return free;
}

void check_length(std::vector<Problem>& problems, const json::Value& object, std::string_view name, std::size_t longest,
                  const std::string& where) {
    const std::size_t length = character_count(object[name].text());
    if (length > longest)
        problems.push_back(
            {"too_long", where + std::string(name), fmt::format("{} characters, at most {} fit", length, longest)});
}

} // namespace blongo::sandbox
