// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// getCourierFields and getCourierAccounts of a courier, kept in the state for a day (flows.md Shipments 5), so that a
/// send with a warm cache asks neither.
class CourierForms {
public:
    CourierForms(Session& session, baselinker::Couriers& couriers) : session_(session), couriers_(couriers) {}

    struct Known {
        baselinker::CourierForm form;
        std::vector<baselinker::CourierAccount> accounts;
    };
    [[nodiscard]] Result<const Known*> get(const std::string& courier_code);
    /// What is kept of it, without any request; nullptr: nothing that is younger than a day.
    [[nodiscard]] Result<const Known*> kept(const std::string& courier_code);
    /// Asked again at the next get(): the courier refused what the form seemed to allow.
    [[nodiscard]] Result<void> forget(const std::string& courier_code);

private:
    Session& session_;
    baselinker::Couriers& couriers_;
    std::map<std::string, Known> known_;
};

} // namespace blongo::sync
