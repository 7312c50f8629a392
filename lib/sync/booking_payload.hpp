// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include <blongo/json/value.hpp>
#include <blongo/plan/packages.hpp>

namespace blongo::sync {

/// What the intent of a booking remembers, so that another run can settle it.
struct BookingPayload {
    BaseOrderId order_id;
    std::int64_t number = 1;
    std::set<baselinker::PackageId> before; ///< package ids that were there before the call
    plan::ExpectedPackage expected;
    std::int64_t rebook_after_ms = -1;
    std::string due_key;
    int empty_looks = 0;
    std::vector<Timestamp> late_looks;

    [[nodiscard]] json::Value to_json() const {
        json::Value known = json::Value::array();
        for (const auto& id : before) known.push_back(id.value());
        json::Value late = json::Value::array();
        for (const auto& at : late_looks) late.push_back(to_unix_seconds(at));
        return json::Value::object()
            .set("order_id", order_id.value())
            .set("number", number)
            .set("before", std::move(known))
            .set("courier_code", expected.courier_code)
            .set("account_id", expected.account_id ? expected.account_id->value() : 0)
            .set("rebook_after_ms", rebook_after_ms)
            .set("due_key", due_key)
            .set("empty_looks", empty_looks)
            .set("late_looks", std::move(late));
    }
    [[nodiscard]] static BookingPayload from_json(const json::Value& value) {
        BookingPayload out;
        out.order_id = BaseOrderId{value["order_id"].integer()};
        out.number = value["number"].integer();
        for (const auto& id : value["before"].elements()) out.before.insert(baselinker::PackageId{id.integer()});
        out.expected.courier_code = value["courier_code"].text();
        if (const auto account = value["account_id"].integer(); account != 0)
            out.expected.account_id = baselinker::CourierAccountId{account};
        out.rebook_after_ms = value["rebook_after_ms"].integer(-1);
        out.due_key = value["due_key"].text();
        out.empty_looks = static_cast<int>(value["empty_looks"].integer());
        for (const auto& at : value["late_looks"].elements()) out.late_looks.push_back(from_unix_seconds(at.integer()));
        return out;
    }
};

} // namespace blongo::sync
