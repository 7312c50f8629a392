// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

namespace blongo::sync {

void Examination::ok(std::string name, std::string finding, const std::string& owner) {
    checks.push_back({std::move(name), Check::Verdict::ok, std::move(finding), {}, ErrorKind::config, owner});
}

void Examination::warn(std::string name, std::string finding, std::string remedy, const std::string& owner) {
    checks.push_back({std::move(name), Check::Verdict::warning, std::move(finding), std::move(remedy), ErrorKind::config, owner});
}

void Examination::fail(std::string name, const Error& error, const std::string& owner) {
    checks.push_back({std::move(name), Check::Verdict::failure,
                      error.where.empty() ? error.message : error.where + ": " + error.message, error.remedy, error.kind, owner});
}

void Examination::skip(std::string name, std::string because, const std::string& owner) {
    checks.push_back({std::move(name), Check::Verdict::skipped, std::move(because), {}, ErrorKind::config, owner});
}

namespace {

bool open_for_doctor(Examination& exam) {
    auto session = Session::open(exam.config, exam.connection, state::BudgetClass::articles, true, exam.runtime);
    if (!session) {
        exam.fail(session.error().kind == ErrorKind::state ? "state" : "secrets", session.error());
        exam.skip("BaseLinker, Ongoing", "not tried");
        return false;
    }
    exam.session = std::move(*session);
    exam.ok("secrets", "token and password can be read, nobody else can read their files");
    return true;
}

void examine_sides(Examination& exam) {
    const bool warehouse = examine_reach(exam);
    const bool seller = examine_baselinker(exam);
    if (seller) {
        examine_statuses(exam);
        if (exam.connection.orders.enabled) examine_journal(exam);
        if (exam.connection.returns.enabled) examine_returns(exam);
    }
    if (warehouse) examine_ongoing(exam);
    if (seller && warehouse) examine_length_unit(exam);
    if (seller && exam.connection.shipments.enabled) {
        examine_couriers(exam);
        examine_delivery_methods(exam);
    }
    if (seller && exam.sample > 0) examine_sample(exam);
}

} // namespace

std::vector<Check> doctor(const config::Config& config, const config::Connection& connection, const Runtime& runtime,
                          std::int64_t sample) {
    Examination exam{config, connection, runtime, sample};
    examine_configuration(exam);
    if (!open_for_doctor(exam)) return std::move(exam.checks);
    examine_state(exam);
    examine_sides(exam);
    if (connection.shipments.enabled) {
        examine_printing(exam);
        examine_label(exam);
    }
    examine_automation(exam);
    examine_budget(exam);
    return std::move(exam.checks);
}

} // namespace blongo::sync
