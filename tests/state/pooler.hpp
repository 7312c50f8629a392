// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/temp_dir.hpp"

namespace blongo::test {

/// A proxy in front of PostgreSQL that behaves as poolers do: it greets clients itself (with a
/// process id of its own) and hands each transaction to a free server connection, the one used
/// last first; in session mode a client keeps its server connection.
class Pooler {
public:
    enum class Mode { transaction, session };
    Pooler(std::string server_socket, Mode mode);
    ~Pooler();
    Pooler(const Pooler&) = delete;
    /// Folder of its socket, for `?host=`.
    [[nodiscard]] std::string folder() const { return folder_.path().string(); }

private:
    void accept_clients();
    void serve(int client);
    int take_server(const std::string& startup);
    void give_back(int server);

    TempDir folder_;
    std::string server_socket_;
    Mode mode_;
    int listener_ = -1;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::vector<int> idle_;
    std::vector<int> clients_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

} // namespace blongo::test
