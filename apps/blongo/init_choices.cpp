// SPDX-License-Identifier: Apache-2.0
// The questions about statuses, the cut-over, stock and couriers.
#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>
#include <blongo/report/output.hpp>
#include <blongo/sync/courier_lists.hpp>
#include <blongo/sync/order_cutover.hpp>

#include "init_questions.hpp"

namespace blongo::app {
namespace {

/// A time with its zone, or a local one of the connection's zone: 2026-11-24 06:00.
std::optional<Timestamp> cutover_time(std::string text, const std::string& zone) {
    if (const auto equals = text.find('='); equals != std::string::npos) text = std::string(trim(text.substr(equals + 1)));
    constexpr std::size_t date = 10, to_minutes = 16, to_seconds = 19;
    if (text.size() < to_minutes) return std::nullopt; // a bare date means midnight to one, and the whole day to another
    if (text[date] == ' ') text[date] = 'T';
    if (text.size() == to_minutes) text += ":00";
    if (text.size() > to_seconds) return parse_timestamp(text);
    auto time = parse_timestamp(text + 'Z');
    // Twice: the zone's distance from UTC is that of the local time, not of the same figures in UTC.
    for (int round = 0; round < 2 && time; ++round)
        time = parse_timestamp(text + format_local_rfc3339(*time, zone).substr(to_seconds));
    return time;
}

bool holds(const SetupChoice& courier, const std::string& word) {
    return fold_case(courier.id).find(word) != std::string::npos || fold_case(courier.name).find(word) != std::string::npos;
}

} // namespace

Result<void> InitQuestions::ask_statuses() {
    show("\nOrder statuses of BaseLinker:", seller_.statuses);
    BLONGO_CHECK(
        choose({"Which statuses mean: to the warehouse (numbers or names, with commas)", join(options_.statuses, ","), {}},
               seller_.statuses, true, [&](auto chosen) { answers_.statuses = std::move(chosen); }));
    return settle(
        {"Which statuses mean: cancelled (or none)", options_.cancel, {}, false}, [&](const std::string& text) -> Result<void> {
            std::vector<SetupChoice> cancel;
            BLONGO_CHECK(([&]() -> Result<void> {
                if (to_lower_ascii(text) == "none") return {};
                for (const std::string& part : split(text, ',')) {
                    const std::string word(trim(part));
                    const auto found = std::find_if(seller_.statuses.begin(), seller_.statuses.end(), [&](const auto& one) {
                        return one.id == word || fold_case(one.name) == fold_case(word);
                    });
                    if (found == seller_.statuses.end())
                        return fail(ErrorKind::usage, fmt::format("there is no status '{}'", report::printable(word)));
                    if (std::find(answers_.statuses.begin(), answers_.statuses.end(), *found) != answers_.statuses.end())
                        return fail(ErrorKind::usage,
                                    fmt::format("{} ({}) goes to the warehouse: it cannot mean cancelled as well", found->id,
                                                found->name));
                    cancel.push_back(*found);
                }
                return {};
            })());
            answers_.cancel = std::move(cancel);
            return {};
        });
}

Result<void> InitQuestions::ask_write_backs() {
    struct WriteBack {
        const char* text;
        const std::string& given;
        SetupChoice& answer;
    };
    if (asks_) interview_.say("\nStatuses that blongo may set in BaseLinker (a number or name, or none):\n");
    for (const auto& [text, given, answer] :
         {WriteBack{"status_after_import: an order is in Ongoing", options_.after_import, answers_.after_import},
          WriteBack{"status_on_error: an order cannot be sent, somebody must act", options_.on_error, answers_.on_error},
          WriteBack{"status_after_send: all of it was sent", options_.after_send, answers_.after_send},
          WriteBack{"status_after_cancel_refused: cancelled too late, it was packed", options_.cancel_refused,
                    answers_.cancel_refused}}) {
        SetupChoice& target = answer;
        std::vector<SetupChoice> from = seller_.statuses;
        std::erase_if(from, [&](const auto& one) {
            return std::find(answers_.cancel.begin(), answers_.cancel.end(), one) != answers_.cancel.end();
        });
        BLONGO_CHECK(choose({text, given, "none", false}, from, false,
                            [&](auto chosen) { target = chosen.empty() ? SetupChoice{} : chosen.front(); }));
    }
    return {};
}

Result<void> InitQuestions::ask_cutover() {
    if (asks_) {
        const auto advice = sync::cutover_advice(config_, checked_connection(), runtime_);
        if (advice)
            interview_.say("\nThe cut-over: " + report::printable(*advice) + ".\n");
        else if (advice.error().kind == ErrorKind::stopped)
            return fail(advice.error());
    }
    return settle({"start_from (a time like 2026-11-24 06:00, or now)", options_.start_from, "now"},
                  [&](const std::string& text) -> Result<void> {
                      if (to_lower_ascii(text) == "now") {
                          answers_.start_from = std::chrono::floor<std::chrono::minutes>(runtime_.clock.now());
                          return {};
                      }
                      const auto read = cutover_time(text, answers_.time_zone);
                      if (!read)
                          return fail(ErrorKind::usage, "that is no time", {},
                                      "for example 2026-11-24 06:00 (of " + answers_.time_zone +
                                          "), or 2026-11-24T06:00:00+01:00");
                      answers_.start_from = *read;
                      return {};
                  });
}

Result<void> InitQuestions::ask_send_and_stock() {
    show("\nOrder statuses of Ongoing:", warehouse_);
    const bool has_usual = std::any_of(warehouse_.begin(), warehouse_.end(), [](const auto& one) { return one.id == "450"; });
    const std::string send = options_.send.empty() && !asks_ && has_usual ? "450" : join(options_.send, ",");
    BLONGO_CHECK(choose({"Which of them mean Send: the parcel leaves, a label is wanted", send, has_usual ? "450" : ""},
                        warehouse_, true, [&](auto chosen) { answers_.send = std::move(chosen); }));
    std::vector<SetupChoice> warehouses = seller_.warehouses;
    warehouses.push_back({"off", "stock is not written"});
    show("\nWarehouses of BaseLinker that stock can be written to:", warehouses);
    return choose({"Warehouse for Ongoing's stock (or off)", options_.stock, "off"}, warehouses, false,
                  [&](auto chosen) { answers_.stock = chosen.front().id == "off" ? SetupChoice{} : chosen.front(); });
}

void InitQuestions::add_rule(RuleAnswer rule) {
    for (auto& known : answers_.couriers) {
        if (known.courier_code != rule.courier_code || known.account_id != rule.account_id || known.fields != rule.fields)
            continue;
        known.methods.insert(known.methods.end(), rule.methods.begin(), rule.methods.end());
        return;
    }
    answers_.couriers.push_back(std::move(rule));
}

/// Accounts and fields of the courier, from its form.
Result<void> InitQuestions::complete_rule(RuleAnswer& rule, bool asks) {
    if (rule.courier_code == "none") return {};
    BLONGO_TRY(const auto known, sync::courier_form(config_, checked_connection(), rule.courier_code, runtime_));
    if (known.accounts.empty())
        return fail(ErrorKind::config, fmt::format("{} is not connected in BaseLinker: it has no account", rule.courier_code), {},
                    "connect it there first (Integrations), or choose another courier");
    std::vector<SetupChoice> accounts;
    for (const auto& account : known.accounts) accounts.push_back({fmt::to_string(account.id), account.name});
    std::string given = rule.account_id != 0   ? std::to_string(rule.account_id)
                        : accounts.size() == 1 ? accounts.front().id
                                               : std::string{};
    if (given.empty() && !asks) given = "several accounts";
    if (given.empty()) show("Accounts of " + rule.courier_code + ':', accounts);
    BLONGO_CHECK(choose({"Account", given, accounts.front().id}, accounts, false, [&](auto chosen) {
        rule.account_id = std::stoll(chosen.front().id);
        rule.account = chosen.front().name;
    }));
    for (const auto& field : known.form.fields) {
        if (fold_case(field.id).find("cod") != std::string::npos && field.type == "text") rule.fields[field.id] = "{cod_amount}";
        if (field.type != "select" || !field.value.empty()) continue;
        if (!field.function.empty()) {
            rule.fields[field.id] = "{auto}";
            continue;
        }
        std::vector<SetupChoice> options;
        for (const auto& [id, label] : field.options) options.push_back({id, label});
        if (options.empty()) continue;
        if (!asks) continue; // doctor tells what the form asks for
        show(fmt::format("{} ({}) of {}:", report::printable(field.name), field.id, rule.courier_code), options);
        BLONGO_CHECK(choose({field.id, {}, options.front().id, false}, options, false, [&](auto chosen) {
            if (!chosen.empty()) rule.fields[field.id] = chosen.front().id;
        }));
    }
    return {};
}

/// METHOD=CODE[:ACCOUNT]
Result<void> InitQuestions::take_courier_options() {
    for (const std::string& text : options_.couriers) {
        const auto equals = text.rfind('=');
        const auto wrong = [&] {
            return fail(ErrorKind::usage, fmt::format("--courier: '{}' is not METHOD=CODE or METHOD=CODE:ACCOUNT", text));
        };
        if (equals == std::string::npos || equals == 0) return wrong();
        const auto parts = split(text.substr(equals + 1), ':');
        RuleAnswer rule;
        rule.methods = {text.substr(0, equals)};
        rule.courier_code = parts.front();
        if (rule.courier_code.empty() || parts.size() > 2) return wrong();
        if (parts.size() == 2) {
            const auto account = parse_id(parts.back());
            if (!account) return wrong();
            rule.account_id = *account;
        }
        BLONGO_CHECK(complete_rule(rule, asks_));
        add_rule(std::move(rule));
    }
    return {};
}

/// The code that somebody means by a code, a name, or a part of one that only one courier has; "?" and what is unclear shows
/// couriers.
Result<std::string> InitQuestions::courier_code(const std::string& text) {
    if (couriers_.empty()) {
        BLONGO_TRY(const auto all, sync::list_couriers(config_, checked_connection(), false, runtime_));
        for (const auto& courier : all) couriers_.push_back({courier.code, courier.name});
    }
    const std::string word = fold_case(std::string(trim(text.starts_with('?') ? text.substr(1) : text)));
    std::vector<SetupChoice> like;
    for (const auto& courier : couriers_) {
        if (text == courier.id || (!text.starts_with('?') && fold_case(courier.id) == word)) return courier.id;
        if (holds(courier, word)) like.push_back(courier);
    }
    if (!text.starts_with('?') && like.size() == 1) return like.front().id;
    const std::string title = word.empty() ? "Couriers of BaseLinker:" : fmt::format("Couriers of BaseLinker with \"{}\":", word);
    if (!like.empty()) show(title, like);
    if (text.starts_with('?') && !like.empty()) return fail(ErrorKind::usage, "type a code from the left column");
    return fail(ErrorKind::usage, fmt::format("'{}' names no courier of BaseLinker", word), {}, "? shows all codes");
}

Result<void> InitQuestions::ask_rule(const sync::DeliveryMethod& method) {
    const std::string name = report::printable(method.name);
    return settle({fmt::format("{} {} by \"{}\"{}: courier code (? lists them), none, or skip", method.orders,
                               method.orders == 1 ? "order" : "orders", name, method.with_points ? " (to pick-up points)" : ""),
                   {},
                   method.courier.empty() ? "skip" : method.courier},
                  [&](const std::string& text) -> Result<void> {
                      if (to_lower_ascii(text) == "skip") {
                          answers_.uncovered.push_back(fmt::format("{} x \"{}\"", method.orders, method.name));
                          return {};
                      }
                      RuleAnswer rule;
                      rule.methods = {method.name};
                      rule.courier_code = "none";
                      if (to_lower_ascii(text) != "none") {
                          BLONGO_TRY(rule.courier_code, courier_code(text));
                      }
                      BLONGO_CHECK(complete_rule(rule, true));
                      add_rule(std::move(rule));
                      return {};
                  });
}

Result<void> InitQuestions::ask_couriers() {
    BLONGO_CHECK(take_courier_options());
    BLONGO_TRY(const auto methods, sync::recent_methods(config_, checked_connection(), runtime_));
    std::vector<SetupChoice> used;
    for (const auto& method : methods) {
        const auto same = [&](const auto& one) { return one.id == method.courier; };
        if (!method.courier.empty() && std::none_of(used.begin(), used.end(), same))
            used.push_back({method.courier, "sends \"" + method.name + '"'});
    }
    if (!used.empty()) show("\nCouriers by which orders of the last 30 days were sent:", used);
    if (asks_)
        interview_.say(
            "\nDelivery methods of the last 30 days that no courier rule covers. None: counter pick-up, nothing is booked. Skip: "
            "such orders are parked until there is a rule.\n");
    for (const auto& method : methods) {
        if (method.without_rule == 0 || method.name.empty()) continue;
        if (asks_) {
            BLONGO_CHECK(ask_rule(method));
        } else {
            answers_.uncovered.push_back(fmt::format("{} x \"{}\"", method.orders, method.name));
        }
    }
    return {};
}

} // namespace blongo::app
