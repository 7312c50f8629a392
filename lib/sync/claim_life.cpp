// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/claim_life.hpp>

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <blongo/base/host.hpp>
#include <blongo/sync/departure.hpp>

namespace blongo::sync {

bool is_running(const std::string& host, std::int64_t pid) {
    return host == host_name() && (kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

bool may_be_alive(const state::IntentRow& intent, Timestamp now, Milliseconds call_timeout) {
    if (intent.pid == static_cast<std::int64_t>(getpid()) && intent.host == host_name()) return false;
    if (now >= intent.send_deadline + call_timeout + settle_margin) return false;
    return intent.host != host_name() || is_running(intent.host, intent.pid);
}

Result<bool> take_over(Session& session, const state::IntentRow& intent, Milliseconds call_timeout) {
    bool taken = false;
    BLONGO_CHECK(session.store().in_transaction([&]() -> Result<void> {
        state::Intents intents(session.store(), session.key());
        BLONGO_TRY(const auto current, intents.find(intent.key)); // its deadline may have been renewed meanwhile
        BLONGO_TRY(const Timestamp now, session.store().now());
        if (!current || current->id != intent.id || current->state != state::IntentState::open ||
            may_be_alive(*current, now, call_timeout))
            return {};
        BLONGO_TRY(taken, intents.settle(intent.id, state::IntentState::unknown, "taken over by another run"));
        return {};
    }));
    return taken;
}

} // namespace blongo::sync
