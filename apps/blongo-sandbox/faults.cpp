// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include <blongo/base/ids.hpp>

namespace blongo::sandbox {

namespace {

constexpr std::array<std::string_view, 19> names = {
    "none",      "drop_before", "drop_after",    "status_before", "status_after", "html_502",   "html_403",
    "truncated", "stall",       "late_commit",   "blocked_token", "kill_before",  "kill_after", "nesting",
    "huge",      "redirect",    "empty_listing", "skew",          "meanwhile"};

std::int64_t milliseconds_of(const json::Value& seconds) {
    const auto number = seconds.decimal();
    return number ? (*number * Decimal{1000}).floor() : 0;
}

std::string text_of(const json::Value& value) {
    return std::string(value.text());
}

} // namespace

std::string_view to_string(FaultKind kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

const std::vector<std::string>& fault_names() {
    static const std::vector<std::string> list(names.begin() + 1, names.end());
    return list;
}

bool FaultRule::commits() const {
    switch (kind) {
    case FaultKind::drop_before:
    case FaultKind::status_before:
    case FaultKind::blocked_token:
    case FaultKind::kill_before: return false;
    case FaultKind::html_502:
    case FaultKind::html_403:
    case FaultKind::redirect:
    case FaultKind::nesting:
    case FaultKind::huge: return commit.value_or(false);
    default: return commit.value_or(true);
    }
}

json::Value FaultRule::to_json() const {
    json::Value object = json::Value::object();
    object.set("fault", to_string(kind)).set("operation", operation);
    for (const auto& [name, value] : {std::pair{"side", &side}, std::pair{"match", &match}, std::pair{"connection", &connection},
                                      std::pair{"location", &location}})
        if (!value->empty()) object.set(name, *value);
    for (const auto& [name, value] : {std::pair{"nth", nth}, std::pair{"every", every}, std::pair{"from", from},
                                      std::pair{"times", times}, std::pair{"milliseconds", milliseconds}})
        if (value != 0) object.set(name, value);
    return std::move(object).set("commit", commits()).set("code", code).set("seen", seen).set("fired", fired);
}

Result<FaultRule> FaultRule::from_json(const json::Value& object) {
    static const std::vector<std::string> known = {"fault",  "side", "operation", "match", "connection", "nth",
                                                   "every",  "from", "times",     "code",  "seconds",    "milliseconds",
                                                   "commit", "body", "location",  "seen",  "fired",      "admin"};
    for (const auto& [name, value] : object.members())
        if (std::find(known.begin(), known.end(), name) == known.end())
            return fail(ErrorKind::usage, "a fault rule knows no such member", name);
    FaultRule rule;
    const auto name = std::find(names.begin(), names.end(), object["fault"].text());
    if (name == names.end() || *name == "none")
        return fail(ErrorKind::usage, fmt::format("there is no fault '{}'", object["fault"].text()), "fault",
                    "see blongo-sandbox --help");
    rule.kind = static_cast<FaultKind>(name - names.begin());
    rule.side = text_of(object["side"]);
    rule.operation = text_of(object["operation"]);
    rule.match = text_of(object["match"]);
    rule.connection = text_of(object["connection"]);
    rule.body = text_of(object["body"]);
    rule.location = text_of(object["location"]);
    if (rule.operation.empty()) return fail(ErrorKind::usage, "a fault rule needs an operation or *", "operation");
    if (!rule.connection.empty() && rule.connection != "fresh" && rule.connection != "kept_alive")
        return fail(ErrorKind::usage, "connection is fresh or kept_alive", "connection");
    rule.nth = object["nth"].integer();
    rule.every = object["every"].integer();
    rule.from = object["from"].integer();
    rule.times = object["times"].integer();
    rule.code = object["code"].integer(500);
    rule.milliseconds = object["milliseconds"].integer(milliseconds_of(object["seconds"]));
    rule.admin = object["admin"];
    if (rule.kind == FaultKind::meanwhile && rule.admin.is_null())
        return fail(ErrorKind::usage, "meanwhile needs the admin calls that it makes", "admin");
    if (const json::Value* commit = object.find("commit")) rule.commit = commit->is_true();
    return rule;
}

Result<void> Faults::add(const json::Value& rules) {
    if (const json::Value* list = rules.find("faults")) return add(*list);
    std::vector<FaultRule> added;
    if (rules.is_array()) {
        for (const json::Value& object : rules.elements()) {
            BLONGO_TRY(FaultRule rule, FaultRule::from_json(object));
            added.push_back(std::move(rule));
        }
    } else {
        BLONGO_TRY(FaultRule rule, FaultRule::from_json(rules));
        added.push_back(std::move(rule));
    }
    rules_.insert(rules_.end(), added.begin(), added.end());
    return {};
}

json::Value Faults::to_json() const {
    json::Value list = json::Value::array();
    for (const FaultRule& rule : rules_) list.push_back(rule.to_json());
    return list;
}

FaultRule Faults::next(const Call& call) {
    FaultRule fired;
    for (FaultRule& rule : rules_) {
        if (!rule.side.empty() && rule.side != call.side) continue;
        if (rule.operation != "*" && rule.operation != call.operation) continue;
        if (!rule.connection.empty() && (rule.connection == "kept_alive") != call.kept_alive) continue;
        if (!rule.match.empty() && call.text.find(rule.match) == std::string_view::npos) continue;
        ++rule.seen;
        if (fired.kind != FaultKind::none) continue;
        if (rule.nth > 0 && rule.seen != rule.nth) continue;
        if (rule.every > 0 && rule.seen % rule.every != 0) continue;
        if (rule.from > 0 && rule.seen < rule.from) continue;
        if (rule.times > 0 && rule.fired >= rule.times) continue;
        ++rule.fired;
        fired = rule;
    }
    return fired;
}

int process_of_port(int peer_port, int own_port) {
    // The client's socket has the client's port as its local and ours as its remote one.
    const std::string ends = fmt::format(":{:04X} 0100007F:{:04X} ", peer_port, own_port);
    std::ifstream table("/proc/net/tcp");
    std::string inode;
    for (std::string line; inode.empty() && std::getline(table, line);) {
        if (line.find(ends) == std::string::npos) continue;
        std::istringstream words(line);
        for (int i = 0; i < 10; ++i) words >> inode;
    }
    if (inode.empty() || inode == "0") return 0;
    const std::string wanted = fmt::format("socket:[{}]", inode);
    std::error_code ignored;
    for (const auto& process : std::filesystem::directory_iterator("/proc", ignored)) {
        const auto pid = parse_id(process.path().filename().string());
        if (!pid) continue;
        std::error_code hidden;
        for (const auto& descriptor : std::filesystem::directory_iterator(process.path() / "fd", hidden))
            if (std::error_code gone; std::filesystem::read_symlink(descriptor.path(), gone) == wanted)
                return static_cast<int>(*pid);
    }
    return 0;
}

} // namespace blongo::sandbox
