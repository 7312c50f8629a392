// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <blongo/sync/session.hpp>

#include "state/fixture.hpp"
#include "support/fake_transport.hpp"

namespace blongo::test {

/// Keeps what a flow tells.
class KeepingReporter final : public report::SilentReporter {
public:
    void action(const report::Action& action) override { actions.push_back(action); }
    std::vector<report::Action> actions;
};

/// A session on a real state whose services answer from a script. `on_slot` is what happens while a request waits for
/// its slot: before its departure is asked.
class ScriptedSession final : public sync::Session {
public:
    explicit ScriptedSession(Place& place) : place_(place) {}

    const config::Connection& connection() const noexcept override { return connection_; }
    const sync::Runtime& runtime() const noexcept override { return runtime_; }
    const config::Http& http() const noexcept override { return http_; }
    const config::Privacy& privacy() const noexcept override { return privacy_; }
    baselinker::Client& baselinker() noexcept override { return baselinker_; }
    ongoing::Client& ongoing() noexcept override { return ongoing_; }
    Result<std::unique_ptr<baselinker::Client>> another_baselinker() override {
        return fail(ErrorKind::internal, "one client is enough here");
    }
    state::Store& store() noexcept override { return *store_; }
    state::Locks& locks() noexcept override { return *locks_; }
    state::RequestBudget& budget() noexcept override { return *budget_; }
    state::ConnectionKey key() const noexcept override { return key_; }
    const Redactor& redactor() const noexcept override { return redactor_; }
    std::map<std::string, std::int64_t> requests() const override { return {}; }
    bool out_of_time() const noexcept override { return false; }

    FakeTransport fake;
    std::function<void()> on_slot;
    KeepingReporter reporter;
    StopToken stop;

private:
    Place& place_;
    FunctionTransport transport_{[this](const http::Request& request) {
        if (on_slot) on_slot();
        return fake.send(request);
    }};
    config::Connection connection_;
    config::Http http_;
    config::Privacy privacy_;
    Redactor redactor_;
    sync::Runtime runtime_{place_.clock, stop, reporter, {}, "0", place_.url, {}, 0, {}, Milliseconds{0}, std::nullopt};
    std::unique_ptr<state::Store> store_ = place_.open();
    std::unique_ptr<state::Locks> locks_ = value(state::Locks::open(place_.options()));
    std::unique_ptr<state::RequestBudget> budget_ = value(state::RequestBudget::open(place_.options(), {.account = "a"}, stop));
    state::ConnectionKey key_ = make_connection(*store_);
    baselinker::Client baselinker_{transport_, place_.clock, {.url = "u", .token = Secret("T")}};
    ongoing::Client ongoing_{transport_,
                             place_.clock,
                             {.url = "https://api.ongoingsystems.se/acme",
                              .username = "WSI",
                              .password = Secret("p"),
                              .goods_owner_id = GoodsOwnerId(159)}};
};

} // namespace blongo::test
