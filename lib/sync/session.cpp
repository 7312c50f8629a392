// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/session.hpp>

#include <atomic>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/http/curl_transport.hpp>
#include <blongo/http/record.hpp>
#include <blongo/http/url.hpp>
#include <blongo/sync/audited_transport.hpp>
#include <blongo/sync/personal_data.hpp>
#include <blongo/sync/personal_mask.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/settings.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/writer_lock.hpp>

namespace blongo::sync {

namespace {

/// The state's limiter in the words of the HTTP layer.
class BudgetAdapter final : public http::Budget {
public:
    BudgetAdapter(state::RequestBudget& budget, std::optional<Milliseconds> deadline) : budget_(budget), deadline_(deadline) {}

    Result<std::int64_t> acquire(const http::Request& request) override { return budget_.acquire(request.timeout, deadline_); }
    void release(std::int64_t slot, const Result<http::Response>& outcome, const std::optional<Error>& classified) override {
        if (classified && classified->kind == ErrorKind::throttled && classified->retry_at)
            budget_.blocked(slot, *classified->retry_at);
        else if (outcome && (!classified || classified->kind != ErrorKind::throttled))
            budget_.unblocked(slot);
        budget_.release(slot);
    }

private:
    state::RequestBudget& budget_;
    std::optional<Milliseconds> deadline_;
};

class HeldWriter final : public http::WriterLockTransport::Held {
public:
    explicit HeldWriter(std::unique_ptr<state::HeldLock> lock) : lock_(std::move(lock)) {}

private:
    std::unique_ptr<state::HeldLock> lock_;
};

/// One chain of transports to one side. Innermost first; see Session::open for the order.
struct Chain {
    std::unique_ptr<http::CurlTransport> curl;
    std::unique_ptr<http::LogTransport> log;
    std::unique_ptr<http::ReadOnlyTransport> read_only;
    std::unique_ptr<http::CountTransport> count;
    std::unique_ptr<BudgetAdapter> adapter;
    std::unique_ptr<http::BudgetTransport> budget;
    std::unique_ptr<http::WriterLockTransport> writer;
    std::unique_ptr<http::RetryTransport> retry;
    std::unique_ptr<AuditedTransport> audited;

    [[nodiscard]] http::Transport& outermost() {
        if (audited) return *audited;
        return *retry;
    }
};

class SessionImpl final : public Session {
public:
    /// `only_reads`: nothing but reads leaves for either side; of a dry run, always.
    SessionImpl(const config::Config& config, const config::Connection& connection, bool dry_run, bool only_reads,
                const Runtime& runtime)
        : config_(config), connection_(connection), dry_run_(dry_run), only_reads_(dry_run || only_reads), runtime_(runtime) {}

    ~SessionImpl() override {
        // What was written and no transaction recorded since. If this fails, the state is lost, and somebody said so.
        if (store_) (void)state::Audit(*store_, key_).flush();
    }
    SessionImpl(const SessionImpl&) = delete;
    SessionImpl& operator=(const SessionImpl&) = delete;

    Result<void> init(state::BudgetClass klass) {
        BLONGO_TRY(token_,
                   config::read_secret(connection_.baselinker.token,
                                       fmt::format("[connections.{}.baselinker] token", connection_.name), runtime_.environment));
        BLONGO_TRY(password_,
                   config::read_secret(connection_.ongoing.password,
                                       fmt::format("[connections.{}.ongoing] password", connection_.name), runtime_.environment));
        redactor_.add(token_);
        redactor_.add_basic(connection_.ongoing.username, password_);
        if (!runtime_.dump_http.empty()) {
            BLONGO_TRY(auto folder, http::ExchangeFolder::open(runtime_.dump_http));
            dump_.emplace(std::move(folder));
        }
        BLONGO_CHECK(open_state(klass));
        if (!dry_run_) expire(klass);
        baselinker_chain_ = make_baselinker_chain();
        ongoing_chain_ = make_ongoing_chain(klass);
        baselinker_ = make_baselinker(*baselinker_chain_);
        ongoing_ = std::make_unique<ongoing::Client>(ongoing_chain_->outermost(), runtime_.clock,
                                                     ongoing::ClientOptions{connection_.ongoing.url, connection_.ongoing.username,
                                                                            password_, connection_.ongoing.goods_owner_id,
                                                                            config_.http.read_timeout});
        return {};
    }

    const config::Connection& connection() const noexcept override { return connection_; }
    const Runtime& runtime() const noexcept override { return runtime_; }
    const config::Http& http() const noexcept override { return config_.http; }
    const config::Privacy& privacy() const noexcept override { return config_.privacy; }
    baselinker::Client& baselinker() noexcept override { return *baselinker_; }
    ongoing::Client& ongoing() noexcept override { return *ongoing_; }
    state::Store& store() noexcept override { return *store_; }
    state::Locks& locks() noexcept override { return *locks_; }
    state::RequestBudget& budget() noexcept override { return *budget_; }
    state::ConnectionKey key() const noexcept override { return key_; }
    const Redactor& redactor() const noexcept override { return redactor_; }

    Result<std::unique_ptr<baselinker::Client>> another_baselinker() override {
        more_chains_.push_back(make_baselinker_chain());
        return make_baselinker(*more_chains_.back());
    }

    std::map<std::string, std::int64_t> requests() const override {
        std::int64_t to_baselinker = baselinker_chain_->count->total();
        for (const auto& chain : more_chains_) to_baselinker += chain->count->total();
        return {{"baselinker", to_baselinker}, {"ongoing", ongoing_chain_->count->total()}};
    }

    bool out_of_time() const noexcept override {
        return runtime_.stop.requested() || (runtime_.deadline && runtime_.clock.boot_time() >= *runtime_.deadline);
    }

private:
    /// privacy.keep_personal_data, done by every run. What cannot be erased now is told, and erased by the next one.
    void expire(state::BudgetClass klass) {
        const Milliseconds most = klass == state::BudgetClass::send ? Milliseconds{200} : Milliseconds{3000}; // a packer waits
        if (const auto done =
                expire_personal_data(*store_, key_, connection_, config_.privacy.keep_personal_data, most, runtime_.clock);
            !done)
            runtime_.reporter.warning(connection_.name, "personal data that is due was not erased: " + done.error().text());
    }

    Result<void> open_state(state::BudgetClass klass) {
        const auto access = dry_run_ ? state::Access::read_only : state::Access::read_write;
        const state::OpenOptions options = state_options(runtime_, access);
        BLONGO_TRY(auto opened, sync::open_state(connection_, runtime_, access));
        store_ = std::move(opened.store);
        key_ = opened.key;
        if (!dry_run_) {
            BLONGO_TRY(locks_, state::Locks::open(options));
        }
        state::BudgetOptions budget;
        budget.account = budget_account(connection_, token_);
        budget.per_minute = connection_.baselinker.requests_per_minute;
        budget.reserve = connection_.baselinker.reserve;
        budget.klass = klass;
        BLONGO_TRY(budget_, state::RequestBudget::open(options, budget, runtime_.stop));
        return {};
    }

    std::unique_ptr<Chain> make_base(const std::string& ca_file) {
        auto chain = std::make_unique<Chain>();
        http::CurlOptions curl;
        curl.connect_timeout = config_.http.connect_timeout;
        curl.ca_file = ca_file;
        curl.user_agent = "blongo/" + runtime_.version;
        curl.stop = &runtime_.stop;
        chain->curl = std::make_unique<http::CurlTransport>(curl);
        const bool with_bodies = runtime_.verbosity >= 2 || dump_;
        http::Transport* next = chain->curl.get();
        if (runtime_.verbosity >= 1 || dump_) {
            chain->log = std::make_unique<http::LogTransport>(*next, redactor_, runtime_.clock, with_bodies,
                                                              [this](const http::Exchange& exchange) { log(exchange); });
            next = chain->log.get();
        }
        if (only_reads_) {
            chain->read_only = std::make_unique<http::ReadOnlyTransport>(*next);
            next = chain->read_only.get();
        }
        chain->count = std::make_unique<http::CountTransport>(*next);
        return chain;
    }

    std::unique_ptr<Chain> make_baselinker_chain() {
        auto chain = make_base(connection_.baselinker.ca_file);
        chain->adapter = std::make_unique<BudgetAdapter>(*budget_, runtime_.deadline);
        chain->budget = std::make_unique<http::BudgetTransport>(*chain->count, *chain->adapter);
        add_retry(*chain, *chain->budget, config_.http.retry_baselinker);
        return chain;
    }

    std::unique_ptr<Chain> make_ongoing_chain(state::BudgetClass klass) {
        auto chain = make_base(connection_.ongoing.ca_file);
        http::Transport* next = chain->count.get();
        if (!dry_run_) {
            const auto identity = identity_of(connection_);
            const std::string name =
                state::writer_lock_name(identity.ongoing_host, identity.ongoing_path, identity.goods_owner_id.value());
            chain->writer = std::make_unique<http::WriterLockTransport>(
                *next, [this, name, klass]() -> Result<std::unique_ptr<http::WriterLockTransport::Held>> {
                    BLONGO_TRY(auto lock, take_writer(*locks_, name, klass, runtime_.clock, runtime_.stop));
                    return std::make_unique<HeldWriter>(std::move(lock));
                });
            next = chain->writer.get();
        }
        add_retry(*chain, *next, config_.http.retry_ongoing);
        return chain;
    }

    void add_retry(Chain& chain, http::Transport& next, const std::vector<Milliseconds>& waits) {
        chain.retry = std::make_unique<http::RetryTransport>(next, http::RetryPolicy{waits, Milliseconds{60'000}}, runtime_.clock,
                                                             runtime_.stop);
        chain.retry->set_deadline(runtime_.deadline);
        if (!dry_run_) chain.audited = std::make_unique<AuditedTransport>(*chain.retry, state::Audit(*store_, key_));
    }

    std::unique_ptr<baselinker::Client> make_baselinker(Chain& chain) {
        return std::make_unique<baselinker::Client>(
            chain.outermost(), runtime_.clock,
            baselinker::ClientOptions{connection_.baselinker.url, token_, config_.http.read_timeout, config_.http.courier_timeout,
                                      reads_custom_fields(connection_)});
    }

    void log(http::Exchange exchange) {
        // Also with --personal: dumps and logs are copied and kept, and nobody erases them.
        exchange.response_body = mask_body(exchange.response_body, exchange.request_body);
        exchange.error = mask_error(exchange.error, exchange.request_body);
        exchange.request_body = mask_body(exchange.request_body);
        if (dump_) dump_->write(exchange);
        if (runtime_.verbosity < 1) return;
        const std::string result = exchange.error.empty() ? std::to_string(exchange.status) : exchange.error;
        runtime_.reporter.exchange(connection_.name,
                                   fmt::format("{} {} -> {} ({} ms, {} bytes)", exchange.method, exchange.name, result,
                                               exchange.took.count(), exchange.bytes_received),
                                   runtime_.verbosity >= 2 ? http::to_text(exchange) : std::string{});
    }

    const config::Config& config_;
    const config::Connection& connection_;
    const bool dry_run_, only_reads_;
    const Runtime& runtime_;
    Secret token_, password_;
    Redactor redactor_;
    std::optional<http::ExchangeFolder> dump_;
    std::unique_ptr<state::Store> store_;
    state::ConnectionKey key_ = 0;
    std::unique_ptr<state::Locks> locks_;
    std::unique_ptr<state::RequestBudget> budget_;
    std::unique_ptr<Chain> baselinker_chain_, ongoing_chain_;
    std::vector<std::unique_ptr<Chain>> more_chains_;
    std::unique_ptr<baselinker::Client> baselinker_;
    std::unique_ptr<ongoing::Client> ongoing_;
};

} // namespace

Result<std::unique_ptr<Session>> Session::open(const config::Config& config, const config::Connection& connection,
                                               state::BudgetClass klass, bool dry_run, const Runtime& runtime) {
    auto session = std::make_unique<SessionImpl>(config, connection, dry_run, false, runtime);
    BLONGO_CHECK(session->init(klass));
    return std::unique_ptr<Session>(std::move(session));
}

Result<std::unique_ptr<Session>> open_learning_session(const config::Config& config, const config::Connection& connection,
                                                       const Runtime& runtime) {
    auto session = std::make_unique<SessionImpl>(config, connection, false, true, runtime);
    BLONGO_CHECK(session->init(state::BudgetClass::orders));
    return std::unique_ptr<Session>(std::move(session));
}

std::string budget_account(const config::Connection& connection, const Secret& token) {
    return connection.baselinker.account.empty() ? token.fingerprint() : connection.baselinker.account;
}

state::Identity identity_of(const config::Connection& connection) {
    state::Identity identity;
    const std::string& url = connection.ongoing.url;
    identity.ongoing_host = to_lower_ascii(http::authority_of(url));
    const auto scheme_end = url.find("://");
    const auto path = url.find('/', scheme_end == std::string::npos ? 0 : scheme_end + 3);
    if (path != std::string::npos) identity.ongoing_path = url.substr(path);
    while (!identity.ongoing_path.empty() && identity.ongoing_path.back() == '/') identity.ongoing_path.pop_back();
    identity.goods_owner_id = connection.ongoing.goods_owner_id;
    identity.baselinker_url = connection.baselinker.url;
    identity.inventory_id = connection.baselinker.inventory_id;
    return identity;
}

} // namespace blongo::sync
