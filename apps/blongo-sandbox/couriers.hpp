// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <blongo/json/value.hpp>

#include "baselinker.hpp"

namespace blongo::sandbox {

/// The courier of that code in the account's dictionary, or nullptr.
[[nodiscard]] const json::Value* find_courier(const Account& account, std::string_view code);
[[nodiscard]] json::Value no_such_courier();

/// What createPackage sends is checked against the courier's form; what is wrong with it is
/// recorded. Returns the field at fault.
[[nodiscard]] std::optional<std::string> check_form(BaseCall& call, const json::Value& courier);

/// The courier's own words when it refuses the order's address; empty: it takes it.
[[nodiscard]] std::string courier_refusal(const json::Value& courier, const json::Value& order, const json::Value& fields);

/// A new package of an order. `created_by`: "client", "seller", "macro" or "manual". The number
/// may be given; else it comes from the courier's series. Returns its id.
std::int64_t add_package(Account& account, const Context& context, const json::Value& order, std::string_view courier_code,
                         std::string_view created_by, const json::Value& details);

/// The seller's automatic action for an order that entered a status: the package that the setting
/// seller_automation_courier describes.
void run_seller_automation(Account& account, const Context& context, const json::Value& order);

/// Tracking that moves on by itself: shipped, on the way, out for delivery, delivered, each step so
/// long after the one before (setting tracking_step_seconds).
void advance_tracking(Account& account, const Context& context);

/// Changes of a package that the outside world causes (tracking that moves on): the members over
/// the stored ones, the history and the journal event.
void change_package(Account& account, const Context& context, const json::Value& given);

} // namespace blongo::sandbox
