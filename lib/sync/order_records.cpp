// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_records.hpp>

namespace blongo::sync {

Result<void> OrderRecords::want_after_import(BaseOrderId order, OrderStatusId status) {
    OrderStatusId target = statuses_.after_import;
    if (target.value() == 0 && statuses_.is_error_status(status)) {
        BLONGO_TRY(target, write_back_.status_before_error(order));
    }
    return write_back_.want(order, status, target, "status_after_import");
}

Result<void> OrderRecords::park(const baselinker::Order& order, map::Rejection rejection, const std::string& input) {
    const auto before = flow_.parked().find(rejection.key);
    const bool is_new = before == flow_.parked().end() || before->second.cause != rejection.cause;
    const OrderStatusId target = statuses_.error_status(rejection.cause);
    if (rejection.label.empty()) rejection.label = rejection.key;
    const bool ours =
        statuses_.accepted.contains(order.order_status_id) || statuses_.is_error_status(order.order_status_id);
    const auto both = [&]() -> Result<void> {
        BLONGO_CHECK(flow_.park(rejection, input));
        if (!is_new || !ours) return {};
        return write_back_.want(order.order_id, order.order_status_id, target, "status_on_error");
    };
    return flow_.dry_run() ? both() : flow_.session().store().in_transaction(both);
}

} // namespace blongo::sync
