// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/sync/check.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// What the parts of a check share. Every part reads through it and writes nothing.
struct CheckContext {
    const config::Config& config;
    Session& session;
    const CheckOptions& options;
    const CheckSink& sink;
    bool complete = true; ///< false: --max-duration ended, or more would have to be asked one by one than is sensible

    void warn(const std::string& text) {
        complete = false;
        session.runtime().reporter.warning(session.connection().name, text);
    }
    /// Whether the time is over; then the books of this part are not closed.
    [[nodiscard]] bool ended_early() {
        if (session.out_of_time()) complete = false;
        return session.out_of_time();
    }
    [[nodiscard]] Timestamp now() const { return session.runtime().clock.now(); }
};

/// When nothing else is said, a check looks back so far.
inline constexpr std::chrono::hours check_looks_back{24 * 90};

[[nodiscard]] Result<void> check_articles(CheckContext& context);
[[nodiscard]] Result<void> check_orders(CheckContext& context);
[[nodiscard]] Result<void> check_stock(CheckContext& context);
[[nodiscard]] Result<void> check_shipments(CheckContext& context);

} // namespace blongo::sync
