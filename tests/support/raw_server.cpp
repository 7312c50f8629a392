// SPDX-License-Identifier: Apache-2.0
#include "support/raw_server.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace blongo::test {
namespace {

constexpr std::chrono::seconds patience{60};

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void close_with_reset(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

// The number of bytes of the first whole request in `input`, or 0.
std::size_t whole_request(const std::string& input) {
    const std::size_t head = input.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    std::string lower = input.substr(0, head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::size_t body = 0;
    if (const std::size_t at = lower.find("\r\ncontent-length:"); at != std::string::npos)
        body = std::strtoul(lower.c_str() + at + 17, nullptr, 10);
    const std::size_t whole = head + 4 + body;
    return input.size() >= whole ? whole : 0;
}

} // namespace

Reply Reply::answer(int status, std::string_view body, std::string_view extra_headers) {
    Reply reply;
    reply.bytes = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                  std::string(extra_headers) + "\r\n" + std::string(body);
    return reply;
}

Reply Reply::ok_then_close(std::string_view body) {
    Reply reply = ok(body);
    reply.then = Then::close;
    return reply;
}

Reply Reply::chunked(const std::vector<std::string>& chunks, bool complete) {
    Reply reply;
    reply.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& chunk : chunks) {
        char size[32];
        std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
        reply.bytes += size + chunk + "\r\n";
    }
    if (complete)
        reply.bytes += "0\r\n\r\n";
    else
        reply.then = Then::close;
    return reply;
}

Reply Reply::redirect(int status, std::string_view location) {
    return answer(status, "", "Location: " + std::string(location) + "\r\n");
}

Reply Reply::truncated() {
    return {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"half\":", .then = Then::close};
}

Reply Reply::flood(std::size_t bytes, bool announced) {
    Reply reply;
    reply.bytes = "HTTP/1.1 200 OK\r\n";
    if (announced) reply.bytes += "Content-Length: " + std::to_string(bytes) + "\r\n";
    reply.bytes += "\r\n";
    reply.filler = bytes;
    reply.then = Then::close;
    return reply;
}

RawServer::RawServer(std::vector<Reply> script) : script_(script.begin(), script.end()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, plain, &size) != 0 || ::pipe(wake_) != 0)
        throw std::runtime_error("cannot listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
    stopping_ = true;
    [[maybe_unused]] const ssize_t woken = ::write(wake_[1], "x", 1);
    thread_.join();
    ::close(wake_[0]);
    ::close(wake_[1]);
    ::close(listener_);
}

std::string RawServer::url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

int RawServer::connections() const {
    const std::lock_guard guard(mutex_);
    return connections_;
}

std::vector<std::string> RawServer::requests() const {
    const std::lock_guard guard(mutex_);
    return requests_;
}

int RawServer::arrivals(std::string_view part) const {
    const std::lock_guard guard(mutex_);
    return static_cast<int>(std::count_if(requests_.begin(), requests_.end(),
                                          [&](const std::string& request) { return request.find(part) != std::string::npos; }));
}

void RawServer::wait_until_all_closed() const {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return connections_ > 0 && open_count_ == 0; }))
        throw std::runtime_error("a connection stays open");
}

void RawServer::wait_for_requests(int count) const {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return static_cast<int>(requests_.size()) >= count; }))
        throw std::runtime_error("requests did not arrive");
}

void RawServer::run() {
    while (!stopping_) {
        std::vector<pollfd> watched{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const auto& [socket, connection] : open_) watched.push_back({socket, POLLIN, 0});
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
        if (stopping_) break;
        if ((watched[1].revents & POLLIN) != 0) accept_one();
        for (std::size_t i = 2; i < watched.size(); ++i) {
            if (watched[i].revents == 0) continue;
            const auto found = open_.find(watched[i].fd);
            if (found != open_.end() && !read_from(found->first, found->second)) open_.erase(found);
        }
        const std::lock_guard guard(mutex_);
        open_count_ = static_cast<int>(open_.size());
        changed_.notify_all();
    }
    for (const auto& [socket, connection] : open_) ::close(socket);
}

void RawServer::accept_one() {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const timeval limit{10, 0}; // a client that stops reading must not hold the server
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const std::lock_guard guard(mutex_);
    ++connections_;
    if (!script_.empty() && script_.front().before_reading) {
        const bool reset = script_.front().then == Reply::Then::reset;
        script_.pop_front();
        if (reset)
            close_with_reset(socket);
        else
            ::close(socket);
        return;
    }
    open_.emplace(socket, Connection{});
    open_count_ = static_cast<int>(open_.size());
}

bool RawServer::read_from(int socket, Connection& connection) {
    char buffer[16384];
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) {
        ::close(socket);
        return false;
    }
    connection.input.append(buffer, static_cast<std::size_t>(got));
    while (!connection.stalled) {
        const std::size_t size = whole_request(connection.input);
        if (size == 0) return true;
        {
            const std::lock_guard guard(mutex_);
            requests_.push_back(connection.input.substr(0, size));
            changed_.notify_all();
        }
        connection.input.erase(0, size);
        if (!reply_to(socket, connection)) return false;
    }
    return true;
}

bool RawServer::reply_to(int socket, Connection& connection) {
    const Reply reply = next_reply();
    bool sent = send_all(socket, reply.bytes);
    const std::string block(std::min<std::size_t>(reply.filler, 1U << 20U), 'x');
    for (std::size_t left = reply.filler; sent && left > 0;) {
        const std::size_t size = std::min(left, block.size());
        sent = send_all(socket, std::string_view(block).substr(0, size));
        left -= size;
    }
    switch (sent ? reply.then : Reply::Then::close) {
    case Reply::Then::keep: return true;
    case Reply::Then::stall: connection.stalled = true; return true;
    case Reply::Then::close: ::close(socket); return false;
    case Reply::Then::reset: close_with_reset(socket); return false;
    }
    return false;
}

Reply RawServer::next_reply() {
    const std::lock_guard guard(mutex_);
    if (script_.empty()) return Reply::ok();
    Reply reply = std::move(script_.front());
    script_.pop_front();
    return reply;
}

} // namespace blongo::test
