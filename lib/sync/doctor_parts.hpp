// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/sync/inspect.hpp>

namespace blongo::sync {

/// Who can act on a check.
inline const std::string seller_acts = "seller", warehouse_acts = "warehouse", admin_acts = "administrator";

/// One run of `doctor` over a connection: what was found so far, and what several parts read. Every request is a read of
/// the class that leaves the reserve to sends and orders.
struct Examination {
    const config::Config& config;
    const config::Connection& connection;
    const Runtime& runtime;
    std::int64_t sample = 0; ///< orders to map for --sample; 0: none
    std::unique_ptr<Session> session{};
    std::vector<Check> checks{};
    std::vector<baselinker::Order> recent{}; ///< orders of the last 30 days, oldest first, as far as they were read
    bool recent_is_whole = false;
    std::vector<ongoing::OrderStatus> warehouse_statuses{};

    void ok(std::string name, std::string finding, const std::string& owner = admin_acts);
    void warn(std::string name, std::string finding, std::string remedy, const std::string& owner = admin_acts);
    void fail(std::string name, const Error& error, const std::string& owner = admin_acts);
    void skip(std::string name, std::string because, const std::string& owner = admin_acts);
    [[nodiscard]] Timestamp now() const { return runtime.clock.now(); }
};

// doctor_local.cpp: no request.
void examine_configuration(Examination& exam); ///< errors, mode, rate, modes of the configuration's files
void examine_state(Examination& exam);         ///< schema, modes, free disk, who runs
void examine_budget(Examination& exam);        ///< what is used, and whether others use it up
void examine_printing(Examination& exam);      ///< that nobody prints is said loudly

/// doctor_reach.cpp: names, TLS, the web firewall and the clock. False: Ongoing does not answer.
[[nodiscard]] bool examine_reach(Examination& exam);

// doctor_sides.cpp
[[nodiscard]] bool examine_baselinker(Examination& exam); ///< token, catalogue, reservations, warehouses; false: no answer
void examine_statuses(Examination& exam);                 ///< of BaseLinker: exist, do not overlap
void examine_journal(Examination& exam);
void examine_returns(Examination& exam);
void examine_ongoing(Examination& exam);     ///< statuses of Send, user, goods owner, warehouses
void examine_length_unit(Examination& exam); ///< on an article that both sides know

// doctor_shipments.cpp
void examine_couriers(Examination& exam);         ///< of the rules: accounts and fields
void examine_delivery_methods(Examination& exam); ///< of the last 30 days by count, with the rule that fits
void examine_label(Examination& exam);            ///< page size of the last one
void examine_automation(Examination& exam);       ///< what the seller's automatic actions must not do as well

/// doctor_sample.cpp: maps the last orders and runs them through the courier rules.
void examine_sample(Examination& exam);

} // namespace blongo::sync
