// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <blongo/state/audit.hpp>

namespace soci {
class session;
}

namespace blongo::state {

/// What happened in a session of the state and waits for the next transaction to be written into the audit.
class AuditTrail {
public:
    struct Waiting {
        ConnectionKey chain = 0;
        AuditEvent event;
        bool in_transaction = false; ///< noted inside one: it did not happen if that fails
    };
    void note(Waiting waiting);
    void run_begins(ConnectionKey chain, const std::string& flow);
    /// Whether something of the run was recorded, or waits.
    [[nodiscard]] bool run_did_something() const;
    void run_over();
    [[nodiscard]] bool empty() const;
    /// All that waits, in order, the begin of the run before its first event. transaction_ended() says what becomes of it.
    [[nodiscard]] std::vector<Waiting> take();
    void transaction_ended(bool committed);

private:
    mutable std::mutex mutex_;
    std::vector<Waiting> waiting_, taken_;
    ConnectionKey run_chain_ = 0;
    std::string run_flow_; ///< "": no run
    bool run_recorded_ = false, run_recorded_before_ = false;
};

/// Appends what waits to the chains. Inside a write transaction, which keeps other processes and hosts off the heads.
[[nodiscard]] Result<void> write_audit(Store::Session& session);

/// The digests and the chain, for writing and for verifying.
[[nodiscard]] std::string audit_hash(const std::string& previous, const AuditRow& row, const std::string& actor);
[[nodiscard]] std::string actor_id(const Actor& who);
[[nodiscard]] std::string salt_mark(const std::string& salt);
[[nodiscard]] std::string salted(const std::string& salt, const std::string& text);
[[nodiscard]] std::string joined_objects(const std::vector<std::string>& objects);

} // namespace blongo::state
