// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/send.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/shipment.hpp>

namespace blongo::plan {

namespace {

bool is_send(SendMeaning meaning) {
    return meaning == SendMeaning::book || meaning == SendMeaning::no_shipment;
}

/// A line that people made in the warehouse has no row number.
std::string key_of_line(const ongoing::OrderLine& line) {
    return line.row_number.empty() ? fmt::format("#{}", line.id) : line.row_number;
}

/// The largest whole n with n x part <= whole, as far as pieces are counted.
std::int64_t times(const Decimal& part, const Decimal& whole) {
    constexpr std::int64_t most = std::int64_t{1} << 32;
    std::int64_t above = 1;
    while (above < most && Decimal{above} * part <= whole) above *= 2;
    std::int64_t reached = above / 2;
    while (above - reached > 1) {
        const std::int64_t middle = reached + (above - reached) / 2;
        (Decimal{middle} * part <= whole ? reached : above) = middle;
    }
    return reached;
}

/// Pieces of a line that were picked; a kit of which only the components are registered counts by the scarcest of them.
Decimal picked_of(const ongoing::OrderLine& line) {
    if (!line.picked.is_zero()) return line.picked;
    std::optional<std::int64_t> kits;
    for (const auto& component : line.sub_lines) {
        if (!component.should_be_picked || component.ordered <= Decimal{}) continue;
        const std::int64_t enough_for = times(component.ordered, picked_of(component) * line.ordered);
        kits = kits ? std::min(*kits, enough_for) : enough_for;
    }
    return Decimal{kits.value_or(0)};
}

struct Pieces {
    Decimal ordered, picked, covered;
};

using Rows = std::map<std::string, Pieces>;

Rows rows_of(const ongoing::Order& order, std::span<const EarlierDelivery> earlier, bool require_picked) {
    Rows rows;
    bool any_picked = false;
    for (const auto& line : order.lines) {
        if (!line.should_be_picked) continue;
        Pieces& row = rows[key_of_line(line)];
        const Decimal picked = picked_of(line);
        row.ordered = row.ordered + line.ordered;
        row.picked = row.picked + picked;
        any_picked = any_picked || picked > Decimal{};
    }
    for (auto& [key, row] : rows) {
        if (!any_picked && !require_picked) row.picked = row.ordered;
        for (const auto& delivery : earlier) {
            if (!delivery.booked || delivery.cancelled) continue;
            if (const auto taken = delivery.quantities.find(key); taken != delivery.quantities.end())
                row.covered = row.covered + taken->second;
        }
    }
    return rows;
}

/// The newest delivery that still stands.
const EarlierDelivery* newest_booked(std::span<const EarlierDelivery> earlier) {
    const EarlierDelivery* newest = nullptr;
    for (const auto& delivery : earlier)
        if (delivery.booked && !delivery.cancelled && (newest == nullptr || delivery.number > newest->number)) newest = &delivery;
    return newest;
}

map::Rejection reject(const baselinker::Order& order, std::string cause, std::string_view field, std::string reason) {
    map::Rejection rejection;
    rejection.cause = std::move(cause);
    rejection.key = fmt::to_string(order.order_id);
    rejection.field = fmt::format("orders.{}.{}", order.order_id, field);
    rejection.reason = std::move(reason);
    return rejection;
}

bool same_article(const baselinker::OrderProduct& a, const baselinker::OrderProduct& b) {
    const std::string sku = map::key_text(a.sku);
    if (!sku.empty() || !map::key_text(b.sku).empty()) return sku == map::key_text(b.sku);
    const auto ids = map::catalogue_ids(a);
    return !ids.empty() && ids == map::catalogue_ids(b);
}

/// Where a row of Ongoing says something else than its line in BaseLinker. Lines that Ongoing was never told do not
/// count (discounts, services, other warehouses), unless they were merged into a line of the same article.
std::optional<map::Rejection> check_lines(const baselinker::Order& order, const std::map<std::string, Decimal>& told) {
    std::map<std::string, const baselinker::OrderProduct*> lines;
    for (const auto& product : order.products) lines.emplace(fmt::to_string(product.order_product_id), &product);
    for (const auto& [row, quantity] : told) {
        const auto line = lines.find(row);
        const auto changed = [&](const std::string& name, const Decimal& now) {
            auto rejection = reject(order, "lines_changed", fmt::format("products.{}.quantity", row),
                                    fmt::format("line {}{}: {} in BaseLinker, {} in Ongoing", row, name, now, quantity));
            if (line != lines.end()) rejection.label = normalise_name(line->second->name);
            return rejection;
        };
        if (line == lines.end()) {
            if (quantity.is_zero()) continue;
            return changed(" is gone", Decimal{});
        }
        const baselinker::OrderProduct& product = *line->second;
        if (product.quantity == quantity) continue;
        Decimal merged = product.quantity;
        for (const auto& [other_row, other] : lines)
            if (other != &product && !told.contains(other_row) && same_article(product, *other))
                merged = merged + other->quantity;
        if (merged == quantity) continue;
        const std::string name = normalise_name(product.name);
        return changed(name.empty() ? name : fmt::format(" ({})", name), product.quantity);
    }
    return std::nullopt;
}

std::optional<map::Rejection> check_paid(const baselinker::Order& order) {
    if (order.payment_method_cod) return std::nullopt;
    const Decimal due = map::goods_value(order) + order.delivery_price;
    if (order.payment_done >= due) return std::nullopt;
    return reject(order, "unpaid", "payment_done",
                  fmt::format("{} of {} {} is paid{}", order.payment_done.to_fixed(2), due.to_fixed(2), order.currency,
                              order.has_discounts ? ", discounts left aside" : ""));
}

} // namespace

SendMeaning meaning_of(const std::map<std::int64_t, std::string>& send, std::int64_t status) {
    const auto found = send.find(status);
    if (found == send.end()) return SendMeaning::not_sent;
    if (found->second == "book") return SendMeaning::book;
    if (found->second == "no_shipment") return SendMeaning::no_shipment;
    if (found->second == "ignore") return SendMeaning::ignore;
    return SendMeaning::not_sent;
}

std::optional<std::int64_t> lowest_send_status(const std::map<std::int64_t, std::string>& send) {
    for (const auto& [status, meaning] : send)
        if (is_send(meaning_of(send, status))) return status;
    return std::nullopt;
}

bool is_send_event(const std::optional<Sighting>& before, const ongoing::Order& now,
                   const std::map<std::int64_t, std::string>& send, std::int64_t event_id) {
    if (!is_send(meaning_of(send, now.status_number))) return false;
    if (!before || !is_send(meaning_of(send, before->status))) return true;
    if (event_id != 0 && event_id != before->event_id) return true;
    return before->shipped && now.shipped_time && *before->shipped != *now.shipped_time;
}

Timestamp sent_at(const ongoing::Order& order, const std::optional<Sighting>& before, Timestamp now) {
    if (order.shipped_time) return *order.shipped_time;
    return before ? before->first_send_seen.value_or(now) : now;
}

DueDelivery judge_delivery(const ongoing::Order& order, std::span<const EarlierDelivery> earlier,
                           const std::string& parcels_fingerprint, bool require_picked) {
    using What = DueDelivery::What;
    DueDelivery due;
    const Rows rows = rows_of(order, earlier, require_picked);
    for (const auto& [key, row] : rows) {
        const Decimal more = std::max(row.picked - row.covered, Decimal{});
        if (more > Decimal{}) due.quantities.emplace(key, more);
        due.is_short = due.is_short || row.covered + more < row.ordered;
    }
    const EarlierDelivery* const last = newest_booked(earlier);
    if (last == nullptr)
        due.what = due.quantities.empty() && require_picked ? What::nothing_picked : What::first;
    else if (!due.quantities.empty())
        due.what = What::further;
    else if (!last->parcels_fingerprint.empty() && last->parcels_fingerprint != parcels_fingerprint)
        due.what = What::parcels_changed;
    else
        due.what = What::reprint;
    return due;
}

std::optional<map::Rejection> check_order(const std::optional<baselinker::Order>& order, const ShipmentChecks& checks,
                                          const std::map<std::string, Decimal>& told, const std::string& told_country) {
    if (!order) {
        map::Rejection gone;
        gone.cause = "cancelled_in_base";
        gone.field = "orders";
        gone.reason = "the order was deleted in BaseLinker, or merged into another one";
        return gone;
    }
    const auto holds = [&](const std::vector<OrderStatusId>& statuses) {
        return std::ranges::find(statuses, order->order_status_id) != statuses.end();
    };
    if (!order->confirmed) return reject(*order, "not_confirmed", "confirmed", "the order is not confirmed");
    if (holds(checks.cancel_statuses))
        return reject(*order, "cancelled_in_base", "order_status_id",
                      fmt::format("the order is cancelled: status {}", order->order_status_id));
    if (!checks.any_status && !holds(checks.ship_statuses))
        return reject(*order, "status_not_shippable", "order_status_id",
                      fmt::format("status {} is none of ship_statuses", order->order_status_id));
    if (auto changed = check_lines(*order, told)) return changed;
    const std::string told_code = map::code_text(told_country);
    const std::string country = map::code_text(order->delivery_country_code);
    if (!told_code.empty() && country != told_code)
        return reject(
            *order, "country_changed", "delivery_country_code",
            fmt::format("the country is {} in BaseLinker and {} in Ongoing", country.empty() ? "empty" : country, told_code));
    return checks.require_paid ? check_paid(*order) : std::nullopt;
}

std::vector<std::string> edited_in_warehouse(const std::map<std::string, std::string>& sent,
                                             const std::map<std::string, std::string>& held) {
    std::set<std::string> targets;
    for (const auto& [target, value] : sent) targets.insert(target);
    for (const auto& [target, value] : held) targets.insert(target);
    const auto text_in = [](const std::map<std::string, std::string>& members, const std::string& target) {
        const auto found = members.find(target);
        return found == members.end() ? std::string{} : normalise_name(found->second);
    };
    std::vector<std::string> edited;
    for (const auto& target : targets)
        if (text_in(sent, target) != text_in(held, target)) edited.push_back(target);
    return edited;
}

} // namespace blongo::plan
