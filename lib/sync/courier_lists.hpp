// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/baselinker/package_wire.hpp>
#include <blongo/sync/courier_forms.hpp>

namespace blongo::sync {

/// A courier for `list couriers`. Which of all couriers the seller has an account of, getCouriersList does not say.
struct ListedCourier {
    std::string code, name;
    std::vector<baselinker::CourierAccount> accounts; ///< asked for with `connected` only
};
/// getCouriersList, all of it; `connected`: the couriers that a rule of the connection names, each with its accounts
/// (getCourierAccounts). A courier without an account cannot book.
[[nodiscard]] Result<std::vector<ListedCourier>> list_couriers(const config::Config& config, const config::Connection& connection,
                                                               bool connected, const Runtime& runtime);

/// What a courier's form asks for, read anew. Error (not_found): BaseLinker knows no such courier.
[[nodiscard]] Result<CourierForms::Known> courier_form(const config::Config& config, const config::Connection& connection,
                                                       const std::string& code, const Runtime& runtime);

/// What getCourierServices offers for one order.
struct OfferedServices {
    std::string courier_code, rule;
    std::vector<std::string> fields; ///< of the form, whose options these are
    baselinker::FieldOptions services;
};
/// Asks with the rule that fits the order, and with what is known of its parcels: as packed where it was packed, else as
/// ordered. Errors: not_found (no such order), config (no rule fits, or it books nothing), rejected (no weight is known, or
/// the courier's words).
[[nodiscard]] Result<OfferedServices> courier_services(const config::Config& config, const config::Connection& connection,
                                                       BaseOrderId id, const Runtime& runtime);

} // namespace blongo::sync
