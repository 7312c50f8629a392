// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/second_look.hpp>

#include <utility>

#include <fmt/format.h>

#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>

namespace blongo::sync {

namespace {

const std::string due_kind = "absent";

} // namespace

Result<bool> is_gone(Flow& flow, const std::string& object, Timestamp seen) {
    if (flow.dry_run()) return false;
    state::Due due(flow.session().store(), flow.session().key());
    BLONGO_TRY(const Timestamp now, flow.session().store().now());
    BLONGO_TRY(const auto first_look, due.find(due_kind, object));
    if (!first_look || first_look->at < seen) {
        BLONGO_CHECK(due.put({0, due_kind, object, now, "{}", 0}));
        return false;
    }
    if (now - first_look->at < looks_apart) return false;
    BLONGO_CHECK(due.erase(due_kind, object));
    return true;
}

Result<void> is_there(Flow& flow, const std::string& object) {
    if (flow.dry_run()) return {};
    state::Due due(flow.session().store(), flow.session().key());
    BLONGO_TRY(const auto first_look, due.find(due_kind, object));
    return first_look ? due.erase(due_kind, object) : Result<void>{};
}

Result<OrderLook> look_at_order(Flow& flow, BaseOrderId order) {
    const std::string object = fmt::format("order:{}", order);
    BLONGO_TRY(auto page, flow.session().baselinker().get_order(order));
    OrderLook look;
    if (page.orders.empty() && page.bad.empty()) {
        BLONGO_TRY(const auto row, state::Orders(flow.session().store(), flow.session().key()).find(order));
        BLONGO_TRY(look.is_gone, is_gone(flow, object, row ? row->seen_at : Timestamp{}));
        return look;
    }
    BLONGO_CHECK(is_there(flow, object));
    if (!page.orders.empty()) look.order = std::move(page.orders.front()); // else unreadable, which is not gone
    return look;
}

} // namespace blongo::sync
