// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <blongo/http/curl_transport.hpp>
#include <blongo/http/decorators.hpp>
#include <blongo/http/retry_after.hpp>
#include <blongo/http/url.hpp>

namespace blongo::sync {

namespace {

constexpr Seconds tolerated_skew{30};
constexpr int edge_trouble = 500;

/// One plain read of Ongoing that keeps what the client does not: the clock of the other side.
class DatedTransport final : public http::Transport {
public:
    DatedTransport(http::Transport& next, Clock& clock) : next_(next), clock_(clock) {}
    Result<http::Response> send(const http::Request& request) override {
        const Timestamp asked = clock_.now();
        auto answer = next_.send(request);
        if (!answer) return answer;
        // A date that has passed reads as the time it is measured from: so it is measured from the beginning of all.
        if (const auto date = http::parse_retry_after(answer->header("date"), Timestamp{}))
            skew_ = *date - std::chrono::floor<Seconds>(asked);
        return answer;
    }
    /// How far the other side's clock is ahead of ours, to a second or two.
    [[nodiscard]] const std::optional<Milliseconds>& skew() const noexcept { return skew_; }

private:
    http::Transport& next_;
    Clock& clock_;
    std::optional<Milliseconds> skew_;
};

bool examine_name(Examination& exam, const std::string& side, const std::string& url) {
    std::string host = http::host_of(url);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (found != nullptr) ::freeaddrinfo(found);
    if (code == 0) {
        exam.ok("DNS of " + side, host + " is found");
        return true;
    }
    exam.fail("DNS of " + side, make_error(ErrorKind::not_sent, "cannot resolve " + host + ": " + ::gai_strerror(code), {},
                                           "check the spelling of the host and the DNS of this machine"));
    return false;
}

/// TLS stands when a call got through, whatever its answer was.
void examine_tls(Examination& exam, const std::string& side, const std::string& url) {
    if (url.starts_with("http://")) return exam.ok("TLS of " + side, http::authority_of(url) + " is this machine: without TLS");
    exam.ok("TLS of " + side, "the certificate of " + http::host_of(url) + " is valid");
}

void examine_clock(Examination& exam, const std::optional<Milliseconds>& skew) {
    if (!skew) return exam.skip("clock", "Ongoing told no time");
    const auto seconds = std::chrono::duration_cast<Seconds>(*skew).count();
    if (std::abs(seconds) <= tolerated_skew.count()) return exam.ok("clock", "the clocks of Ongoing and of this machine agree");
    exam.warn("clock",
              fmt::format("this machine's clock is {} s {} Ongoing's", std::abs(seconds), seconds > 0 ? "behind" : "ahead of"),
              "set it by NTP: timedatectl set-ntp true");
}

/// An answer that stands before the service, not of it: the same to every request of this program.
bool is_firewall(const Error& error) {
    return error.kind == ErrorKind::edge || error.http_status == edge_trouble;
}

} // namespace

bool examine_reach(Examination& exam) {
    (void)examine_name(exam, "BaseLinker", exam.connection.baselinker.url);
    if (!examine_name(exam, "Ongoing", exam.connection.ongoing.url)) return false;
    const auto password = config::read_secret(exam.connection.ongoing.password, "password", exam.runtime.environment);
    if (!password) return false; // told with the secrets
    http::CurlOptions curl;
    curl.connect_timeout = exam.config.http.connect_timeout;
    curl.ca_file = exam.connection.ongoing.ca_file;
    curl.user_agent = "blongo/" + exam.runtime.version;
    curl.stop = &exam.runtime.stop;
    http::CurlTransport wire(curl);
    DatedTransport dated(wire, exam.runtime.clock);
    http::RetryTransport retry(dated, {exam.config.http.retry_ongoing, Milliseconds{60'000}}, exam.runtime.clock,
                               exam.runtime.stop);
    ongoing::Client client(retry, exam.runtime.clock,
                           {exam.connection.ongoing.url, exam.connection.ongoing.username, *password,
                            exam.connection.ongoing.goods_owner_id, exam.config.http.read_timeout});
    const auto statuses = client.get_order_statuses();
    if (!statuses && statuses.error().kind == ErrorKind::not_sent) {
        exam.fail("connection to Ongoing", statuses.error());
        return false;
    }
    examine_tls(exam, "Ongoing", exam.connection.ongoing.url);
    examine_clock(exam, dated.skew());
    if (!statuses && is_firewall(statuses.error())) {
        Error error = statuses.error();
        error.message = "every request is refused in front of Ongoing, a plain read too: " + error.message;
        error.remedy = "try curl from this machine; if that is answered, the warehouse's web firewall refuses this program: "
                       "send the warehouse this page and ask to let through the User-Agent " +
                       curl.user_agent;
        exam.fail("web firewall", error, warehouse_acts);
        return false;
    }
    if (!statuses) {
        const bool refused = statuses.error().kind == ErrorKind::auth;
        exam.fail("Ongoing", statuses.error(), refused ? warehouse_acts : admin_acts);
        return false;
    }
    exam.ok("web firewall", "plain reads are answered", warehouse_acts);
    exam.ok("Ongoing", fmt::format("credentials accepted, {} order statuses", statuses->size()), warehouse_acts);
    exam.warehouse_statuses = *statuses;
    return true;
}

} // namespace blongo::sync
