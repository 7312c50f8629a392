// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/http/transport.hpp>
#include <blongo/state/audit.hpp>

namespace blongo::sync {

/// What a request writes, as the audit calls it: "order:84512345", "ongoing-order:1201", "article:SKU-1"; one name for
/// each order of a call about many; one empty name where it says nothing.
[[nodiscard]] std::vector<std::string> written_objects(const http::Request& request);

/// The outermost transport of a live session: notes every write, with what became of it, all attempts together.
class AuditedTransport final : public http::Transport {
public:
    AuditedTransport(http::Transport& next, state::Audit audit) : next_(next), audit_(audit) {}
    [[nodiscard]] Result<http::Response> send(const http::Request& request) override;

private:
    http::Transport& next_;
    state::Audit audit_;
};

} // namespace blongo::sync
