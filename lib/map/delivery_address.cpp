// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/delivery_address.hpp>

#include <algorithm>
#include <array>
#include <iterator>

#include <blongo/base/text.hpp>
#include <blongo/map/mapping_values.hpp>
#include <blongo/map/order_rows.hpp>

namespace blongo::map {

namespace {

constexpr std::array<std::string_view, 9> members{"consignee.name",        "consignee.address1",         "consignee.address2",
                                                  "consignee.address3",    "consignee.postCode",         "consignee.city",
                                                  "consignee.countryCode", "consignee.countryStateCode", "servicePointCode"};

std::string mark_of(const std::string& member, const std::string& value) {
    return fingerprint(member + "\n" + value);
}

std::string value_in(const DeliveryAddress& address, const std::string& member) {
    const auto found = address.find(member);
    return found == address.end() ? std::string{} : found->second;
}

} // namespace

DeliveryAddress delivery_address(const baselinker::Order& order, const OrderOptions& options) {
    DeliveryAddress out;
    const OrderNumber number = order_number(options, order.order_id);
    const std::vector<std::string> none;
    std::vector<std::string> notes;
    OrderContext context{order, options, number, none, notes};
    std::vector<Member> mapped;
    for (const OrderMappingRow& row : order_rows())
        if (std::ranges::find(members, row.row.target) != members.end())
            if (json::Value value = row.value(context); !value.is_null())
                mapped.push_back({std::string(row.row.target), std::move(value)});
    OwnMembers own;
    std::ranges::copy_if(options.own_members, std::back_inserter(own),
                         [](const OwnMember& each) { return std::ranges::find(members, each.member->path) != members.end(); });
    // What a template cannot make here rejected the order before it was sent.
    write_own_members(
        own, [&](std::string_view name) { return order_source(name, context); }, mapped, notes,
        [](const OwnMember&, std::string_view, const std::string&) {});
    for (const std::string_view member : members) {
        const auto found = std::ranges::find(mapped, member, &Member::target);
        out.emplace(member, found == mapped.end() ? std::string{} : std::string(found->value.text()));
    }
    return out;
}

DeliveryAddress delivery_address(const OrderDocument& document) {
    DeliveryAddress out;
    for (const Member& member : document.members)
        if (std::ranges::find(members, member.target) != members.end()) out.emplace(member.target, member.value.text());
    return out;
}

DeliveryAddress delivery_address(const ongoing::Order& order) {
    const auto& to = order.consignee;
    return {{"consignee.name", to.name},
            {"consignee.address1", to.address1},
            {"consignee.address2", to.address2},
            {"consignee.address3", to.address3},
            {"consignee.postCode", to.post_code},
            {"consignee.city", to.city},
            {"consignee.countryCode", to.country_code},
            {"consignee.countryStateCode", to.country_state_code},
            {"servicePointCode", order.service_point_code}};
}

json::Value address_marks(const DeliveryAddress& address) {
    json::Value marks = json::Value::object();
    for (const auto& [member, value] : address) marks.set(member, mark_of(member, value));
    return marks;
}

bool differs_from_mark(const json::Value& marks, const std::string& member, const DeliveryAddress& address) {
    const json::Value* mark = marks.find(member);
    return mark != nullptr && mark->text() != mark_of(member, value_in(address, member));
}

} // namespace blongo::map
