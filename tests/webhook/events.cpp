// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include <httplib.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>

#include "server.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string& token = webhook_token;
const char* const old_token = "9b77e6aa12";

using Environment = std::map<std::string, std::string>;

/// A call of blongo: its arguments, and those of its environment names that begin with BLONGO_, EVENT_ or
/// ONGOING_.
struct Started {
    std::string arguments;
    Environment environment;
    bool operator==(const Started& other) const = default;
};

json::Value real_event() {
    return json::Value::parse(read_data("ongoing/webhook.orderStatusChanged.json")).value();
}

/// Debian's webhook server with hooks.yaml and on-event as they stand in examples/webhook.
class Receiver {
public:
    explicit Receiver(Environment environment = {}) {
        mkdir((folder_ / "bin").c_str(), 0700);
        mkdir((folder_ / "calls").c_str(), 0700);
        // Writes when it began and ended, and in between how it was called.
        write_file(folder_ / "bin/blongo", "#!/bin/bash\ncd '" + folder_.path().string() + R"sh('
printf 'begin\n' >>times
{
  printf '%s\n' "$*"
  env -0 | grep -z '^\(BLONGO\|EVENT\|ONGOING\)_' | tr '\0' '\n'
} >"calls/.$$"
printf '%s' "$PPID" >worker
mv "calls/.$$" "calls/$$"
sleep "$(cat pace 2>/dev/null || echo 0)"
printf 'end\n' >>times
exit 3
)sh");
        chmod((folder_ / "bin/blongo").c_str(), 0700);
        environment.emplace("BLONGO_CONFIG", "/etc/blongo/blongo.toml");
        environment.emplace("PATH", folder_ / "bin" + ":/usr/bin:/bin");
        server_ = std::make_unique<WebhookServer>(folder_, std::move(environment));
    }

    /// Sends an event; the answer's status.
    int send(const std::string& body, const httplib::Headers& headers = {{"X-Auth-Token", token}}) const {
        httplib::Client client("127.0.0.1", server_->port());
        client.set_read_timeout(10);
        const auto answer = client.Post("/hooks/ongoing-order", headers, body, "application/json");
        return answer ? answer->status : 0;
    }
    int send(const json::Value& event) const { return send(event.dump()); }

    /// What ran so far, in no particular order.
    [[nodiscard]] std::vector<Started> calls() const {
        std::vector<Started> all;
        for (const auto& file : std::filesystem::directory_iterator(folder_.path() / "calls")) {
            if (file.path().filename().string().starts_with(".")) continue;
            Started call;
            for (const std::string& line : split(read_file(file.path()), '\n')) {
                if (call.arguments.empty())
                    call.arguments = line;
                else if (const auto equals = line.find('='); equals != std::string::npos)
                    call.environment[line.substr(0, equals)] = line.substr(equals + 1);
            }
            all.push_back(std::move(call));
        }
        return all;
    }

    /// Waits for so many calls that ended, and for the script to have nothing left to do.
    std::vector<Started> wait_for(std::size_t ended) {
        wait_until([&] { return times("end") >= ended && waiting() == 0; });
        return calls();
    }

    /// Sends an event behind those that came before and waits for it: what ran before it has been seen.
    std::vector<Started> calls_before_another() {
        json::Value last = real_event();
        last.set("orderId", 77);
        const std::size_t before = calls().size();
        if (send(last) != 200) throw std::runtime_error("the last event was not accepted");
        wait_until([&] { return calls().size() > before && seen("77"); });
        std::vector<Started> all = calls();
        std::erase_if(all, [](const Started& call) { return call.environment.at("BLONGO_ONGOING_ORDER") == "77"; });
        return all;
    }

    /// Kills the script that started the last call.
    void kill_worker() const { kill(static_cast<pid_t>(std::stol(read_file(folder_ / "worker"))), SIGKILL); }

    void wait_until(const std::function<bool()>& holds) { server_->process().wait_until(holds); }
    [[nodiscard]] bool seen(const std::string& order) const {
        const auto all = calls();
        return std::any_of(all.begin(), all.end(), [&](const Started& call) {
            const auto found = call.environment.find("BLONGO_ONGOING_ORDER");
            return found != call.environment.end() && found->second == order;
        });
    }

    /// The most calls that ran at the same time.
    [[nodiscard]] int most_at_once() const {
        int now = 0, most = 0;
        for (const std::string& line : split(read_file(folder_ / "times"), '\n')) {
            if (line == "begin") most = std::max(most, ++now);
            if (line == "end") --now;
        }
        return most;
    }
    [[nodiscard]] std::string log() const { return read_file(folder_ / "log"); }
    /// How long each call takes from now on.
    void pace(const std::string& seconds) const { write_file(folder_ / "pace", seconds); }
    [[nodiscard]] std::size_t waiting() const {
        const auto queue = folder_.path() / "queue/waiting";
        if (!std::filesystem::exists(queue)) return 0;
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(queue), {}));
    }
    [[nodiscard]] std::filesystem::path queue() const { return folder_.path() / "queue"; }
    [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

private:
    [[nodiscard]] std::size_t times(const std::string& what) const {
        if (!exists("times")) return 0;
        const auto lines = split(read_file(folder_ / "times"), '\n');
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), what));
    }

    TempDir folder_;
    std::unique_ptr<WebhookServer> server_;
};

Started sent(const std::string& order, const std::string& event = "61") {
    return {"shipments send",
            {{"BLONGO_CONFIG", "/etc/blongo/blongo.toml"},
             {"BLONGO_ONGOING_ORDER", order},
             {"BLONGO_EVENT", event},
             {"BLONGO_PRINT_WORKSTATION", "12"},
             {"BLONGO_PRINT_USER", "231"}}};
}

} // namespace

TEST_CASE("an event of Ongoing becomes one blongo shipments send with the ids in its environment and nothing "
          "else") {
    Receiver receiver;
    CHECK(receiver.send(read_data("ongoing/webhook.orderStatusChanged.json")) == 200);
    const auto calls = receiver.wait_for(1);
    REQUIRE(calls.size() == 1);
    CHECK(calls.front() == sent("903115"));
    CHECK(receiver.log().find(token) == std::string::npos);
}

TEST_CASE("ids that an event does not have are not passed on") {
    Receiver receiver;
    json::Value event = real_event();
    event.erase("byComputer");
    event.set("byUser", json::Value::object().set("userId", nullptr));
    CHECK(receiver.send(event) == 200);
    const auto calls = receiver.wait_for(1);
    REQUIRE(calls.size() == 1);
    Started bare = sent("903115");
    bare.environment.erase("BLONGO_PRINT_WORKSTATION");
    bare.environment.erase("BLONGO_PRINT_USER");
    CHECK(calls.front() == bare);
}

TEST_CASE("without the right token nothing runs, and the sender is told") {
    Receiver receiver;
    const std::string event = real_event().dump();
    for (const httplib::Headers& headers :
         {httplib::Headers{}, httplib::Headers{{"X-Auth-Token", ""}}, httplib::Headers{{"X-Auth-Token", "4f0c2ab1d"}},
          httplib::Headers{{"X-Auth-Token", "wrong"}}, httplib::Headers{{"X-Auth-Token", old_token}}})
        CHECK(receiver.send(event, headers) == 403);
    CHECK(receiver.calls_before_another().empty());
}

TEST_CASE("two tokens are taken while one replaces the other") {
    Receiver receiver(Environment{{"ONGOING_WEBHOOK_TOKEN_OLD", old_token}});
    json::Value event = real_event();
    CHECK(receiver.send(event.dump(), {{"X-Auth-Token", old_token}}) == 200);
    CHECK(receiver.send(event.set("orderId", 2).dump(), {{"X-Auth-Token", token}}) == 200);
    CHECK(receiver.send(event.set("orderId", 3).dump(), {{"X-Auth-Token", ""}}) == 403);
    CHECK(receiver.wait_for(2).size() == 2);
}

TEST_CASE("a server without a token takes nothing") {
    Receiver receiver(Environment{{"ONGOING_WEBHOOK_TOKEN", ""}});
    const std::string event = real_event().dump();
    CHECK(receiver.send(event, {}) == 403);
    CHECK(receiver.send(event, {{"X-Auth-Token", ""}}) == 403);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(receiver.calls().empty());
}

TEST_CASE("what is no number in an event reaches no command, and is logged") {
    Receiver receiver;
    const std::string trap = (receiver.queue().parent_path() / "trap").string();
    const std::vector<std::string> bad = {
        "--config=/x", "1;id", "$(touch " + trap + ")",  "`touch " + trap + "`", "1\n2", "-1", "1.5",
        "../../1",     "",     "9999999999999999999999", "1 --force-old"};
    for (const std::string& text : bad)
        for (const char* member : {"orderId", "webhookEventId"}) CHECK(receiver.send(real_event().set(member, text)) == 200);
    const json::Value list = json::Value::array();
    CHECK(receiver.send(real_event().set("orderId", list)) == 200);
    CHECK(receiver.send(real_event().set("orderId", nullptr)) == 200);
    CHECK(receiver.send(real_event().set("byComputer", json::Value::object().set("computerId", "1;id"))) == 200);
    CHECK(receiver.send(real_event().set("byUser", json::Value::object().set("userId", "--config=/x"))) == 200);
    CHECK(receiver.send(std::string("[1,2]")) == 200);
    CHECK(receiver.send(std::string("{\"orderId\": 1,")) == 200);
    CHECK(receiver.calls_before_another().empty());
    CHECK_FALSE(receiver.exists("trap"));
    receiver.wait_until([&] { return receiver.log().find("the order id is not a number: --config=/x") != std::string::npos; });
}

TEST_CASE("the order's number is nobody's business: its text goes nowhere") {
    Receiver receiver;
    const std::vector<std::string> numbers = {"--config=/x", "1;id", "$(id)", "BL 1\n--force-old"};
    for (std::size_t i = 0; i < numbers.size(); ++i)
        CHECK(receiver.send(real_event().set("orderNumber", numbers[i]).set("orderId", static_cast<std::int64_t>(i + 1))) == 200);
    const auto calls = receiver.wait_for(numbers.size());
    REQUIRE(calls.size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        CHECK(std::count(calls.begin(), calls.end(), sent(std::to_string(i + 1))) == 1);
}

TEST_CASE("only statuses that mean Send start anything") {
    Receiver receiver(Environment{{"BLONGO_WEBHOOK_STATUSES", "450 451"}});
    const auto with_status = [](int order, int status) {
        return real_event().set("orderId", order).set("orderStatus", json::Value::object().set("number", status));
    };
    CHECK(receiver.send(with_status(1, 400)) == 200);
    CHECK(receiver.send(with_status(2, 500)) == 200);
    CHECK(receiver.send(with_status(3, 45)) == 200);
    CHECK(receiver.send(with_status(4, 451)) == 200);
    receiver.wait_until([&] { return receiver.seen("4"); });
    const auto calls = receiver.calls_before_another();
    REQUIRE(calls.size() == 1);
    CHECK(calls.front() == sent("4"));
}

TEST_CASE("a hundred events at once are all handled, a few at a time, each answered at once") {
    Receiver receiver;
    receiver.pace("0.05");
    std::vector<std::thread> senders;
    std::vector<double> seconds(100);
    std::vector<int> statuses(100);
    for (std::size_t i = 0; i < 100; ++i)
        senders.emplace_back([&, i] {
            const auto id = static_cast<std::int64_t>(1000 + i);
            const auto begin = std::chrono::steady_clock::now();
            statuses[i] = receiver.send(real_event().set("orderId", id).set("webhookEventId", id));
            seconds[i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        });
    for (std::thread& sender : senders) sender.join();
    CHECK(std::count(statuses.begin(), statuses.end(), 200) == 100);
    CHECK(*std::max_element(seconds.begin(), seconds.end()) < 2.0);
    const auto calls = receiver.wait_for(100);
    CHECK(calls.size() == 100);
    std::set<std::string> orders;
    for (const Started& call : calls) orders.insert(call.environment.at("BLONGO_ONGOING_ORDER"));
    CHECK(orders.size() == 100);
    CHECK(receiver.most_at_once() <= 4);
    CHECK(receiver.most_at_once() >= 2);
}

TEST_CASE("the same event five times while it waits is one send; later it is passed on again", "[F36]") {
    Receiver receiver(Environment{{"BLONGO_WEBHOOK_WORKERS", "1"}});
    receiver.pace("1");
    CHECK(receiver.send(real_event().set("orderId", 1)) == 200);
    receiver.wait_until([&] { return receiver.seen("1"); });
    for (int i = 0; i < 5; ++i) CHECK(receiver.send(real_event().set("orderId", 2)) == 200);
    receiver.wait_until([&] { return receiver.waiting() == 1; });
    auto calls = receiver.wait_for(2);
    CHECK(std::count(calls.begin(), calls.end(), sent("2")) == 1);
    CHECK(receiver.send(real_event().set("orderId", 2)) == 200);
    calls = receiver.wait_for(3);
    CHECK(std::count(calls.begin(), calls.end(), sent("2")) == 2);
    CHECK(receiver.most_at_once() == 1);
}

TEST_CASE("an event that waited too long, and one too many, are left to the poll with a line in the log") {
    Receiver receiver(Environment{{"BLONGO_WEBHOOK_WORKERS", "1"}, {"BLONGO_WEBHOOK_MOST_WAITING", "2"}});
    std::filesystem::create_directories(receiver.queue() / "waiting");
    const auto stale = receiver.queue() / "waiting/5.5.5.5";
    write_file(stale, "");
    std::filesystem::last_write_time(stale, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    receiver.pace("1");
    CHECK(receiver.send(real_event().set("orderId", 1)) == 200);
    receiver.wait_until([&] { return receiver.seen("1"); });
    for (const int order : {2, 3}) {
        CHECK(receiver.send(real_event().set("orderId", order)) == 200);
        receiver.wait_until([&] { return receiver.waiting() == static_cast<std::size_t>(order - 1); });
    }
    CHECK(receiver.send(real_event().set("orderId", 4)) == 200);
    receiver.wait_until([&] { return receiver.log().find("dropped order 4") != std::string::npos; });
    const auto calls = receiver.wait_for(3);
    CHECK(calls.size() == 3);
    CHECK_FALSE(receiver.seen("4"));
    CHECK_FALSE(receiver.seen("5"));
    receiver.wait_until([&] { return receiver.log().find("dropped 5: it waited") != std::string::npos; });
}

TEST_CASE("how a send ended stands in the log, and a worker that was killed blocks nobody") {
    Receiver receiver(Environment{{"BLONGO_WEBHOOK_WORKERS", "1"}});
    receiver.pace("30");
    CHECK(receiver.send(real_event().set("orderId", 1)) == 200);
    receiver.wait_until([&] { return receiver.seen("1"); });
    receiver.pace("0");
    receiver.kill_worker();
    CHECK(receiver.send(real_event().set("orderId", 2)) == 200);
    receiver.wait_until([&] { return receiver.seen("2"); });
    receiver.wait_until([&] { return receiver.log().find("order 2, event 61: exit code 3") != std::string::npos; });
}
