// SPDX-License-Identifier: Apache-2.0
#include "pooler.hpp"

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace blongo::test {
namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

std::optional<std::string> read_bytes(int socket, std::size_t count) {
    std::string out(count, '\0');
    std::size_t got = 0;
    while (got < count) {
        const auto n = ::read(socket, out.data() + got, count - got);
        if (n <= 0) return std::nullopt;
        got += static_cast<std::size_t>(n);
    }
    return out;
}

bool write_bytes(int socket, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto n = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return false;
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

std::uint32_t number(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, 4);
    return ntohl(value);
}

std::string bytes_of(std::uint32_t value) {
    value = htonl(value);
    std::string out(4, '\0');
    std::memcpy(out.data(), &value, 4);
    return out;
}

/// A message with its type byte: "Q....".
std::optional<std::string> read_message(int socket) {
    auto head = read_bytes(socket, 5);
    if (!head) return std::nullopt;
    auto body = read_bytes(socket, number(*head, 1) - 4);
    if (!body) return std::nullopt;
    return *head + *body;
}

/// Relays answers until the server is ready again; its transaction status, or 0.
char relay_answer(int server, int client) {
    while (auto message = read_message(server)) {
        if (!write_bytes(client, *message)) return 0;
        if (message->front() == 'Z') return message->at(5);
    }
    return 0;
}

} // namespace

Pooler::Pooler(std::string server_socket, Mode mode) : server_socket_(std::move(server_socket)), mode_(mode) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_of(folder_ / ".s.PGSQL.5432");
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 8) != 0) {
        throw std::runtime_error("the pooler cannot listen");
    }
    acceptor_ = std::thread([this] { accept_clients(); });
}

Pooler::~Pooler() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::scoped_lock guard(mutex_);
        for (const int socket : clients_) ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (const int socket : idle_) ::close(socket);
    for (const int socket : clients_) ::close(socket);
    ::close(listener_);
}

void Pooler::accept_clients() {
    while (!stopping_) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const std::scoped_lock guard(mutex_);
        clients_.push_back(client);
        threads_.emplace_back([this, client] { serve(client); });
    }
}

int Pooler::take_server(const std::string& startup) {
    {
        const std::scoped_lock guard(mutex_);
        if (!idle_.empty()) {
            const int server = idle_.back();
            idle_.pop_back();
            return server;
        }
    }
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_of(server_socket_);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
    write_bytes(server, startup);
    while (auto message = read_message(server)) {
        if (message->front() == 'Z') return server;
    }
    return -1;
}

void Pooler::give_back(int server) {
    const std::scoped_lock guard(mutex_);
    idle_.push_back(server);
}

void Pooler::serve(int client) {
    // A Unix socket client asks for no TLS: the first message is the start-up packet.
    auto head = read_bytes(client, 4);
    if (!head) return;
    auto rest = read_bytes(client, number(*head, 0) - 4);
    if (!rest) return;
    const std::string startup = *head + *rest;
    const auto parameter = [](const std::string& name, const std::string& text) {
        const std::string body = name + '\0' + text + '\0';
        return "S" + bytes_of(static_cast<std::uint32_t>(body.size()) + 4) + body;
    };
    write_bytes(client, "R" + bytes_of(8) + bytes_of(0) + parameter("server_version", "15.0") +
                            parameter("client_encoding", "UTF8") + parameter("standard_conforming_strings", "on") + "K" +
                            bytes_of(12) + bytes_of(4'000'000 + static_cast<std::uint32_t>(client)) + bytes_of(7) + "Z" +
                            bytes_of(5) + "I");
    int server = -1;
    std::string pending;
    while (auto message = read_message(client)) {
        if (message->front() == 'X') break;
        pending += *message;
        // 'Q' and 'S' (Sync) end a request; all before them belong to it.
        if (message->front() != 'Q' && message->front() != 'S') continue;
        if (server < 0) server = take_server(startup);
        if (server < 0 || !write_bytes(server, pending)) break;
        pending.clear();
        const char status = relay_answer(server, client);
        if (status == 0) break;
        if (status == 'I' && mode_ == Mode::transaction) {
            give_back(server);
            server = -1;
        }
    }
    if (server >= 0) give_back(server);
    ::shutdown(client, SHUT_RDWR);
}

} // namespace blongo::test
