// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/checker.hpp>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::config {
namespace {

/// A booking is repeated only when the first call cannot be running any more.
constexpr int call_timeouts_before_rebook = 3;

void check_rebook(const Checker& check, const std::string& key, const std::string& rebook_after, const Http& http) {
    const auto after = parse_duration(rebook_after);
    const Milliseconds least = call_timeouts_before_rebook * http.courier_timeout;
    if (after && *after < least)
        check.error(key, fmt::format("is {}; it must be at least three times http.courier_timeout, {}", quote(rebook_after),
                                     format_duration(least)));
}

void check_print_command(const Checker& check, const std::string& key, const std::vector<std::string>& command) {
    const bool names_file = std::any_of(command.begin(), command.end(),
                                        [](const std::string& argument) { return argument.find("{file}") != std::string::npos; });
    if (!command.empty() && !names_file)
        check.error(key, "has no argument with {file}; write for example [\"lp\", \"-d\", \"{printer}\", \"{file}\"]");
}

bool matches_everything(const CourierRule& rule) {
    return rule.delivery_method.empty() && rule.country.empty() && rule.order_source.empty() && rule.way_of_delivery.empty() &&
           rule.transporter.empty() && rule.parcel_type.empty() && rule.currency.empty() && rule.sku.empty() && !rule.cod &&
           !rule.service_point && !rule.parcels && !rule.min_weight && !rule.max_weight && !rule.max_side;
}

void check_rule(const Checker& check, const std::string& key, const CourierRule& rule, const Http& http) {
    check.require(key + ".courier_code", !rule.courier_code.empty(),
                  "write the code of the courier (blongo list couriers), or \"none\" for counter pick-up");
    if (rule.strategy == "macro") {
        check.require(key + ".trigger_id", rule.trigger_id > 0,
                      "strategy \"macro\" runs a macro of BaseLinker and needs its number");
        if (!rule.rebook_after.empty() && rule.rebook_after != "never")
            check.error(key + ".rebook_after", "must be \"never\" with strategy \"macro\": whether a macro booked "
                                               "cannot be seen in time");
    } else if (rule.trigger_id > 0) {
        check.warning(key + ".trigger_id", "is used with strategy \"macro\" only");
    }
    check_rebook(check, key + ".rebook_after", rule.rebook_after, http);
    if (rule.min_weight && rule.max_weight && *rule.min_weight > *rule.max_weight)
        check.error(key + ".min_weight",
                    fmt::format("is {} and above max_weight, {}: no order can match", *rule.min_weight, *rule.max_weight));
    if (rule.courier_code == "none" && (!rule.fields.empty() || !rule.package.empty() || rule.account_id > 0))
        check.warning(key + ".courier_code", "\"none\" books nothing: fields, package and account_id are not used");
    if (!rule.courier_code.empty() && rule.courier_code != "none" && rule.strategy == "api" && rule.account_id == 0)
        check.warning(key + ".account_id", "is missing: that is right as long as the courier has one account in BaseLinker; "
                                           "with several, nothing is booked");
    check_print_command(check, key + ".print_command", rule.print_command);
}

} // namespace

void check_shipments(const Checker& check, const Http& http) {
    const Shipments& shipments = check.connection.shipments;
    const auto& waits = shipments.unknown_wait;
    if (std::adjacent_find(waits.begin(), waits.end(), std::greater_equal<>()) != waits.end())
        check.error("shipments.unknown_wait", "must rise: each number is the seconds from the lost answer to one look");
    check_rebook(check, "shipments.rebook_after", shipments.rebook_after, http);
    check_print_command(check, "shipments.print_command", shipments.print_command);
    const auto& cancel = check.connection.orders.cancel_statuses;
    if (shipments.status_after_send != StatusRef{} &&
        std::find(cancel.begin(), cancel.end(), shipments.status_after_send) != cancel.end())
        check.error("shipments.status_after_send", "is one of orders.cancel_statuses: a shipped order would count as cancelled");
    if (shipments.enabled && shipments.send.empty())
        check.warning("shipments.send", "is empty: no status of Ongoing means Send, so nothing is ever booked");
    const bool written = check.reading.origins().contains("shipments");
    if (shipments.enabled && written && shipments.couriers.empty())
        check.warning("shipments.couriers", "there is no courier rule: every order that is sent will be parked no_courier_rule");

    std::string catch_all;
    for (std::size_t i = 0; i < shipments.couriers.size(); ++i) {
        const CourierRule& rule = shipments.couriers[i];
        const std::string key = fmt::format("shipments.couriers[{}]", i + 1);
        check_rule(check, key, rule, http);
        if (!catch_all.empty())
            check.warning(key, "is never reached: the rule at " + catch_all + " has no condition and matches every order");
        else if (matches_everything(rule))
            catch_all = rule.origin;
    }
}

} // namespace blongo::config
