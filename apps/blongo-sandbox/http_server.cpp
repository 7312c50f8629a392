// SPDX-License-Identifier: Apache-2.0
#include "http_server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <list>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <httplib.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

bool Connection::gone() const {
    char byte = 0;
    const ssize_t got = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0) return false;
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

std::string_view first(const Fields& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

std::size_t count(const Fields& fields, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

namespace {

constexpr int slice_ms = 50; // how long a wait lasts before it looks whether the server stops

thread_local Connection* current = nullptr;

/// A buffered socket for cpp-httplib, which reads request lines byte by byte.
class SocketStream final : public httplib::Stream {
public:
    SocketStream(Connection& connection, const std::atomic<bool>& stopping) : connection_(connection), stopping_(stopping) {}

    /// Waits for the next request; false when the client closed or the server stops.
    bool wait() {
        if (begin_ < end_) return true;
        while (!stopping_) {
            pollfd poller{connection_.socket, POLLIN, 0};
            const int ready = ::poll(&poller, 1, slice_ms);
            if (ready < 0 && errno != EINTR) return false;
            if (ready > 0) return !connection_.gone();
        }
        return false;
    }

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }

    ssize_t read(char* target, std::size_t size) override {
        if (begin_ == end_) {
            if (!wait()) return 0;
            const ssize_t got = ::recv(connection_.socket, buffer_.data(), buffer_.size(), 0);
            if (got <= 0) return got;
            begin_ = 0;
            end_ = static_cast<std::size_t>(got);
        }
        const std::size_t taken = std::min(size, end_ - begin_);
        std::copy_n(buffer_.data() + begin_, taken, target);
        begin_ += taken;
        return static_cast<ssize_t>(taken);
    }

    ssize_t write(const char* bytes, std::size_t size) override {
        if (connection_.mute) return static_cast<ssize_t>(size);
        std::size_t sent = 0;
        while (sent < size) {
            const ssize_t wrote = ::send(connection_.socket, bytes + sent, size - sent, MSG_NOSIGNAL);
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote <= 0) return -1;
            sent += static_cast<std::size_t>(wrote);
        }
        return static_cast<ssize_t>(size);
    }

    void get_remote_ip_and_port(std::string& ip, int& port) const override {
        ip = "127.0.0.1";
        port = connection_.peer_port;
    }
    void get_local_ip_and_port(std::string& ip, int& port) const override {
        ip = "127.0.0.1";
        port = 0;
    }
    socket_t socket() const override { return connection_.socket; }

private:
    Connection& connection_;
    const std::atomic<bool>& stopping_;
    std::array<char, 16384> buffer_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// A thread per connection: a pool would be held by clients that keep theirs open.
class ThreadPerConnection final : public httplib::TaskQueue {
public:
    void enqueue(std::function<void()> task) override {
        reap();
        auto& slot = threads_.emplace_back();
        slot.thread = std::thread([&slot, work = std::move(task)] {
            work();
            slot.done = true;
        });
    }
    void shutdown() override {
        for (auto& slot : threads_) slot.thread.join();
        threads_.clear();
    }

private:
    struct Slot {
        std::thread thread;
        std::atomic<bool> done{false};
    };
    void reap() {
        for (auto slot = threads_.begin(); slot != threads_.end();) {
            if (!slot->done) {
                ++slot;
                continue;
            }
            slot->thread.join();
            slot = threads_.erase(slot);
        }
    }
    std::list<Slot> threads_;
};

Fields query_of(const std::string& target) {
    Fields fields;
    const auto question = target.find('?');
    if (question == std::string::npos) return fields;
    for (const std::string& pair : split(std::string_view(target).substr(question + 1), '&')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        fields.emplace_back(percent_decode(pair.substr(0, equals), true),
                            equals == std::string::npos ? std::string{} : percent_decode(pair.substr(equals + 1), true));
    }
    return fields;
}

} // namespace

class HttpServer::Impl final : public httplib::Server {
public:
    explicit Impl(HttpServer::Handler handler) : handler_(std::move(handler)) {
        new_task_queue = [] { return new ThreadPerConnection; };
        set_keep_alive_max_count(1'000'000);
        set_keep_alive_timeout(300);
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            const bool has_body = request.has_header("Transfer-Encoding") ||
                                  (request.get_header_value("Content-Length") != "0" && request.has_header("Content-Length"));
            const bool multipart = request.is_multipart_form_data();
            if (has_body && !multipart) return HandlerResponse::Unhandled;
            if (has_body) current->close_after = true; // its body stays unread
            answer(request, {}, response);
            return HandlerResponse::Handled;
        });
        const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                      const httplib::ContentReader& reader) {
            std::string body;
            reader([&](const char* bytes, std::size_t size) {
                body.append(bytes, size);
                return true;
            });
            answer(request, std::move(body), response);
        };
        Post(".*", with_body);
        Put(".*", with_body);
        Patch(".*", with_body);
        Delete(".*", with_body);
    }

    std::atomic<bool> started{false};
    std::atomic<bool> finished{false};
    std::atomic<bool> stopping{false};

private:
    bool process_and_close_socket(socket_t socket) override {
        Connection connection;
        connection.socket = socket;
        connection.number = ++connections_;
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) == 0) connection.peer_port = ntohs(peer.sin_port);
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        current = &connection;
        SocketStream stream(connection, stopping);
        while (stream.wait()) {
            ++connection.requests;
            bool closed = false;
            if (!process_request(stream, false, closed, nullptr)) break;
            if (closed || connection.close_after || connection.mute) break;
        }
        current = nullptr;
        ::shutdown(socket, SHUT_RDWR);
        ::close(socket);
        return true;
    }

    void answer(const httplib::Request& request, std::string body, httplib::Response& response) {
        Exchange exchange{
            request.method, request.path, query_of(request.target), {}, std::move(body), request.has_header("Transfer-Encoding"),
            *current};
        for (const auto& [name, value] : request.headers) exchange.headers.emplace_back(to_lower_ascii(name), value);
        Reply reply = handler_(exchange);
        if (reply.delivery == Reply::Delivery::none) {
            current->mute = true;
            return;
        }
        response.status = reply.status;
        for (const auto& [name, value] : reply.headers) response.set_header(name, value);
        if (reply.padding > 0) {
            send_padded(std::move(reply), response);
        } else if (reply.delivery == Reply::Delivery::half) {
            send_half(std::move(reply), response);
        } else if (!reply.body.empty() || !reply.content_type.empty()) {
            response.set_content(reply.body, reply.content_type);
        }
    }

    static void send_half(Reply reply, httplib::Response& response) {
        const std::size_t size = reply.body.size();
        current->close_after = true;
        response.set_content_provider(size, reply.content_type,
                                      [text = std::move(reply.body)](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                          if (offset > 0) return false;
                                          sink.write(text.data(), std::max<std::size_t>(1, text.size() / 2));
                                          return true;
                                      });
    }

    static void send_padded(Reply reply, httplib::Response& response) {
        const auto padding = static_cast<std::size_t>(reply.padding);
        response.set_content_provider(
            padding + reply.body.size(), reply.content_type,
            [padding, text = std::move(reply.body)](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                static const std::string block(1 << 16, ' ');
                if (offset < padding) return sink.write(block.data(), std::min(block.size(), padding - offset));
                return sink.write(text.data() + (offset - padding), text.size() - (offset - padding));
            });
    }

    HttpServer::Handler handler_;
    std::atomic<std::uint64_t> connections_{0};
};

HttpServer::HttpServer(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
HttpServer::~HttpServer() = default;

int HttpServer::bind(int port) {
    if (port == 0) return std::max(0, impl_->bind_to_any_port("127.0.0.1"));
    return impl_->bind_to_port("127.0.0.1", port) ? port : 0;
}

void HttpServer::run() {
    impl_->started = true;
    if (!impl_->stopping) impl_->listen_after_bind();
    impl_->finished = true;
}

void HttpServer::stop() {
    impl_->stopping = true;
    // cpp-httplib forgets a stop that comes before it listens.
    while (impl_->started && !impl_->finished && !impl_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    impl_->stop();
}

bool HttpServer::stopping() const {
    return impl_->stopping;
}

} // namespace blongo::sandbox
