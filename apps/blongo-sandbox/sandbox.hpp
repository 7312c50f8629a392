// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "baselinker.hpp"
#include "faults.hpp"
#include "http_server.hpp"
#include "journal.hpp"
#include "ongoing.hpp"
#include "openapi.hpp"
#include "options.hpp"
#include "webhook.hpp"
#include "world.hpp"

namespace blongo::sandbox {

/// Both services behind one port. Every call goes the same way: find out what it is, count it
/// (rate limit, faults, writes in flight), let the fault act, execute, answer, journal. All
/// state is under one lock; waiting happens outside it.
class Sandbox {
public:
    /// Errors: unreadable world or fault files.
    [[nodiscard]] static Result<std::unique_ptr<Sandbox>> create(const Options& options);

    /// Returns the port, or 0 when it is taken.
    [[nodiscard]] int bind(int port);
    void run() { server_.run(); }
    void stop() { server_.stop(); }

private:
    explicit Sandbox(const Options& options);

    /// A call on its way through.
    struct Call {
        Exchange& exchange;
        std::uint64_t seq = 0;
        std::string side;
        std::string operation;
        FaultRule fault;
        std::optional<Reply> refused; ///< refused at the door, for example by the rate limit
        bool committed = false;
    };
    using Execute = std::function<Reply(Call&)>;

    [[nodiscard]] Reply handle(Exchange& exchange);
    [[nodiscard]] Reply serve(Call& call, const Execute& execute, Milliseconds latency);
    [[nodiscard]] Reply spoil(Call& call, const Execute& execute);
    [[nodiscard]] Reply spoiled_answer(Call& call, Reply reply) const;
    void kill_client(const Call& call);
    /// Something happens behind the client's back while its call is on the way: admin calls.
    void meanwhile(const Call& call);
    /// Waits; ends early when the server stops or, if asked, when the client hangs up.
    void wait(Milliseconds duration, const Connection* until_gone = nullptr) const;

    // sandbox_baselinker.cpp
    [[nodiscard]] Reply baselinker(Exchange& exchange);
    [[nodiscard]] Reply execute_baselinker(Call& call, const Fields& form);
    [[nodiscard]] std::optional<Reply> count_against_limit(Call& call, Account& account);
    [[nodiscard]] Reply block(Account& account, Milliseconds duration);
    [[nodiscard]] Reply base_reply(const json::Value& answer, std::uint64_t seq) const;

    // sandbox_ongoing.cpp
    [[nodiscard]] Reply ongoing(Exchange& exchange);
    [[nodiscard]] Reply execute_ongoing(Call& call, const OpenApi::Route& route, const std::string& warehouse);
    [[nodiscard]] GoodsOwner* authorised_owner(const Exchange& exchange, std::string_view warehouse,
                                               std::optional<std::int64_t> id);
    void begin_write(Call& call, const GoodsOwner* owner);
    void end_write(const Call& call);

    // admin.cpp
    [[nodiscard]] Reply admin(Exchange& exchange);
    [[nodiscard]] Reply admin_baselinker(Exchange& exchange, const json::Value& body);
    [[nodiscard]] Reply admin_ongoing(Exchange& exchange, const json::Value& body);
    [[nodiscard]] json::Value rates() const;

    [[nodiscard]] Timestamp now() const;
    [[nodiscard]] Context context(std::uint64_t seq);
    /// Records a breach of the contract.
    void violate(std::uint64_t seq, std::string kind, std::string where, std::string detail);
    /// Makes the journal entry, counts the call against the account's limit, picks the fault.
    void arrive(Call& call, Entry entry, Account* account = nullptr);

    struct ActiveWrite {
        std::uint64_t seq;
        const GoodsOwner* owner;
        const Connection* connection;
    };

    std::mutex mutex_;
    OpenApi openapi_;
    World world_;
    Settings settings_;
    Faults faults_;
    Journal journal_;
    std::vector<ActiveWrite> writes_;
    Milliseconds clock_offset_{0};
    int registered_client_ = 0;
    int port_ = 0;
    WebhookSender webhooks_;
    HttpServer server_;
};

/// Steady time, for windows and blocks that must not move with the clock.
[[nodiscard]] Milliseconds steady_now();

/// A JSON reply with this status.
[[nodiscard]] Reply json_reply(const json::Value& value, int status = 200);

} // namespace blongo::sandbox
