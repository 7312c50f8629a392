// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace blongo::test {

/// An HTTPS server on 127.0.0.1 with a certificate of its own making for one IP address. It
/// answers every request with 200 "{}" and closes.
class TlsServer {
public:
    enum class Behaviour {
        answer,
        only_tls_1_1, ///< speaks nothing newer
        hang_up       ///< closes right after the handshake
    };
    explicit TlsServer(const std::string& certified_ip, Behaviour behaviour = Behaviour::answer);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    [[nodiscard]] std::string url() const;
    /// PEM, self-signed.
    [[nodiscard]] const std::string& certificate() const noexcept { return certificate_; }
    /// Requests received after a completed handshake.
    [[nodiscard]] int requests() const noexcept { return requests_; }

private:
    struct Tls;
    void run();
    void serve(int socket);

    std::unique_ptr<Tls> tls_;
    Behaviour behaviour_;
    std::string certificate_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> requests_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace blongo::test
