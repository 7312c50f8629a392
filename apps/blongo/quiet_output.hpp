// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <blongo/report/reporter.hpp>
#include <blongo/sync/alerts.hpp>

namespace blongo::app {

/// What happened to one connection in a quiet run.
struct QuietNotes {
    sync::SeenByRun seen;
    std::set<std::string> parked;                  ///< causes of which it was printed what they parked
    std::map<std::string, report::Action> actions; ///< failed ones, by the keys of their alerts
    std::map<std::string, Error> errors;           ///< the same
};

/// Quiet runs (-q) of whole flows print a failure only after it was looked up whether it was told before: until then it is
/// kept here. What is newly parked is printed at once. Thread-safe.
class QuietOutput {
public:
    /// From now on failures of this flow are kept.
    void begin(const std::string& connection, const std::string& flow);
    /// One run of it ended; nothing for a flow that is not looked after.
    void end(const std::string& connection, const std::string& flow, bool whole);
    /// False: this flow is not looked after, and who asks prints it.
    bool keep(const std::string& connection, const std::string& flow, const Error& error);
    bool keep(const report::Action& action);

    /// Connections with notes.
    [[nodiscard]] std::vector<std::string> connections() const;
    /// The notes so far; flows that go on are looked after further.
    [[nodiscard]] QuietNotes take(const std::string& connection);

private:
    [[nodiscard]] bool looks_after(const std::string& connection, const std::string& flow) const;
    mutable std::mutex mutex_;
    std::map<std::string, QuietNotes> notes_;
};

/// A reporter that gives `quiet` what it keeps, and prints everything else through `inner`.
[[nodiscard]] std::unique_ptr<report::Reporter> keeping(QuietOutput& quiet, std::unique_ptr<report::Reporter> inner);

} // namespace blongo::app
