// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace blongo::test {

inline const std::string webhook_token = "4f0c2ab1d0";

/// Debian's webhook server with hooks.yaml and on-event as they stand in examples/webhook, ready to receive.
class WebhookServer {
public:
    /// `folder`: for hooks.yaml, the queue and the log. `environment`: besides token and queue, which it may name, too.
    WebhookServer(const TempDir& folder, std::map<std::string, std::string> environment);

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] Process& process() noexcept { return *process_; }

private:
    int port_;
    std::unique_ptr<Process> process_;
};

} // namespace blongo::test
