// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/words.hpp>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/report/output.hpp>
#include <blongo/report/table.hpp>

namespace blongo::report {
namespace {

constexpr std::size_t key_width = 16;
constexpr std::size_t longest_value = 60;

constexpr const char* red = "\x1b[31m";
constexpr const char* green = "\x1b[32m";
constexpr const char* yellow = "\x1b[33m";
constexpr const char* dim = "\x1b[2m";

std::string painted(bool colour, const char* code, const std::string& text) {
    return colour ? code + text + "\x1b[0m" : text;
}

/// How one verb is written: its symbol, its colour, the word for what was done and for what would be.
struct Words {
    const char* symbol;
    const char* colour;
    const char* done;
    const char* would;
};

Words words_of(plan::Verb verb) noexcept {
    switch (verb) {
    case plan::Verb::create: return {"+", green, "created", "create"};
    case plan::Verb::update: return {"~", yellow, "updated", "update"};
    case plan::Verb::adopt: return {"&", green, "adopted", "adopt"};
    case plan::Verb::cancel: return {"x", yellow, "cancelled", "cancel"};
    case plan::Verb::same: return {"=", dim, "same", "leave"};
    case plan::Verb::skip: return {"-", dim, "skipped", "skip"};
    case plan::Verb::park: return {"?", red, "parked", "park"};
    case plan::Verb::reprint: return {"@", yellow, "reprinted", "reprint"};
    }
    return {" ", dim, "", ""};
}

bool has_failed(const Action& action) noexcept {
    return action.outcome == plan::Outcome::rejected || action.outcome == plan::Outcome::unknown;
}

std::string value_text(const json::Value& value) {
    if (value.is_null()) return "(none)";
    std::string text = printable(value.dump());
    if (character_count(text) <= longest_value) return text;
    return cut_characters(text, longest_value - 3) + "...";
}

/// How the notes begin that are shown without being asked for: a packer will meet what they say.
constexpr std::string_view warns_of_send = "will_fail_at_send: ";

/// What stands behind the key: the name, what happened, why.
std::string action_words(const Action& action) {
    std::vector<std::string> parts;
    if (action.outcome == plan::Outcome::rejected)
        parts.emplace_back(fmt::format("not {}, rejected", words_of(action.verb).done));
    else if (action.outcome == plan::Outcome::unknown)
        parts.emplace_back(fmt::format("outcome unknown, perhaps {}", words_of(action.verb).done));
    else if (action.outcome == plan::Outcome::queued)
        parts.emplace_back(fmt::format("not {} yet, tried again at the next run", words_of(action.verb).done));
    else if (action.verb == plan::Verb::park && !action.is_new)
        parts.emplace_back("still waits");
    else if (action.dry_run && action.verb != plan::Verb::same)
        parts.emplace_back(fmt::format("would {}", words_of(action.verb).would));
    if (!action.cause.empty()) parts.push_back(action.cause);
    const bool says_more = action.reason != "new" && action.reason != "changed" && action.reason != action.cause;
    if (!action.reason.empty() && says_more) parts.push_back(action.reason);
    if (!action.detail.empty()) parts.push_back(action.detail);
    return printable(join(parts, ": "));
}

/// Who acts, since when, and the next command.
std::string cause_line(const Action& action, const OutputOptions& options) {
    CauseInfo cause = describe_cause(action.cause, action.key, action.flow);
    if (!action.owner.empty()) cause.owner = action.owner;
    const std::string since = action.since ? "since " + format_local(*action.since, options.time_zone) + "; " : "";
    return "    " + printable(since + who_acts(cause, options.name_connections ? action.connection : "")) + '\n';
}

std::string calls_text(const std::map<std::string, std::int64_t>& requests) {
    std::vector<std::string> parts;
    std::int64_t last = 0;
    for (const auto& [side, number] : requests) {
        if (number == 0) continue;
        const std::string name = side == "baselinker" ? "BaseLinker" : side == "ongoing" ? "Ongoing" : side;
        parts.push_back(fmt::format("{} {}", number, name));
        last = number;
    }
    if (parts.empty()) return {};
    return join(parts, " and ") + (last == 1 ? " call, " : " calls, ");
}

} // namespace

bool is_new_problem(const Action& action) noexcept {
    return has_failed(action) || (action.verb == plan::Verb::park && action.is_new);
}

Shown where_shown(const Action& action, const OutputOptions& options) noexcept {
    const bool problem = is_new_problem(action);
    if (options.quiet) return problem ? Shown::on_stdout : Shown::nowhere;
    if (action.verb == plan::Verb::same && !has_failed(action) && options.verbosity == 0) return Shown::nowhere;
    if (options.format == Format::json || options.verbosity > 0 || action.dry_run) return Shown::on_stdout;
    const bool standing = action.verb == plan::Verb::park && !problem;
    if (options.out_terminal) return standing ? Shown::nowhere : Shown::on_stdout;
    return problem ? Shown::on_stderr : Shown::nowhere;
}

std::string action_lines(const Action& action, const OutputOptions& options, bool colour) {
    const Words words = words_of(action.verb);
    const bool failed = has_failed(action);
    std::string line;
    if (options.name_connections) line += action.connection + ' ';
    line += painted(colour, failed ? red : words.colour, failed ? "!" : words.symbol) + ' ';
    std::string key = printable(action.key);
    if (action.order_number && *action.order_number != action.key) key += " (" + printable(*action.order_number) + ')';
    if (!action.step.empty()) key += " [" + action.step + ']';
    const std::string label = action.label == action.key ? "" : printable(action.label);
    const std::string what = action_words(action);
    if (label.empty() && what.empty())
        line += key;
    else
        line += padded(key, key_width) + "  " + label;
    if (!what.empty()) line += (label.empty() ? "" : ": ") + what;
    line += '\n';

    if (!action.cause.empty() && (action.verb == plan::Verb::park || failed)) line += cause_line(action, options);
    const bool everything = action.dry_run || options.verbosity > 0;
    // Everything about a new object is new: shown when asked for.
    if (everything && (action.verb != plan::Verb::create || options.verbosity > 0)) {
        for (const plan::Change& change : action.changes) {
            const std::string text =
                fmt::format("    {}: {} -> {}", change.member, value_text(change.before), value_text(change.after));
            line += printable(text) + '\n';
        }
    }
    for (const std::string& note : action.notes)
        if (everything || note.starts_with(warns_of_send)) line += "    note: " + printable(note) + '\n';
    return line;
}

std::string summary_line(const Summary& summary) {
    std::vector<std::string> parts;
    const auto add = [&](std::int64_t number, plan::Verb verb) {
        if (number == 0) return;
        const Words words = words_of(verb);
        if (!summary.dry_run || verb == plan::Verb::same)
            parts.push_back(fmt::format("{} {}", number, words.done));
        else
            parts.push_back(fmt::format("would {} {}", words.would, number));
    };
    add(summary.created, plan::Verb::create);
    add(summary.updated, plan::Verb::update);
    add(summary.adopted, plan::Verb::adopt);
    add(summary.cancelled, plan::Verb::cancel);
    add(summary.same, plan::Verb::same);
    add(summary.skipped, plan::Verb::skip);
    if (summary.rejected > 0) parts.push_back(fmt::format("{} rejected", summary.rejected));
    add(summary.newly_parked, plan::Verb::park);
    if (summary.parked_total > 0) {
        const std::string waiting = fmt::format("{} wait{}", summary.parked_total, summary.parked_total == 1 ? "s" : "");
        if (summary.newly_parked > 0)
            parts.back() += " (" + waiting + ')';
        else
            parts.push_back(waiting);
    }
    if (summary.before_cutover > 0)
        parts.push_back(
            summary.flow == "shipments"
                ? fmt::format("{} sent before start_from (blongo shipments send N --force-old)", summary.before_cutover)
                : fmt::format("{} from before start_from (blongo orders backfill)", summary.before_cutover));
    if (summary.delayed > 0) parts.push_back(fmt::format("{} held back by import_delay", summary.delayed));
    if (summary.will_fail > 0)
        parts.push_back(fmt::format("{} will fail at send (blongo orders list --will-fail)", summary.will_fail));
    if (summary.unknown > 0) parts.push_back(fmt::format("{} of unknown outcome", summary.unknown));
    if (parts.empty() && summary.complete) parts.emplace_back("nothing to do");
    if (!summary.complete) parts.emplace_back("not complete");
    return fmt::format("{} {}{}: {} - {}{}", summary.connection, summary.flow, summary.dry_run ? " (dry run)" : "",
                       join(parts, ", "), calls_text(summary.requests), duration_text(summary.duration_ms));
}

std::string problem_lines(const std::string& connection, const Error& error, bool colour) {
    std::string line = painted(colour, red, "error:") + ' ';
    if (!connection.empty()) line += connection + ": ";
    if (!error.where.empty()) line += printable(error.where) + ": ";
    line += printable_lines(error.message);
    if (!error.code.empty() && error.message.find(error.code) == std::string::npos) line += " (" + printable(error.code) + ')';
    line += '\n';
    if (!error.remedy.empty()) line += "  " + printable_lines(error.remedy) + '\n';
    return line;
}

std::string duration_text(std::int64_t milliseconds) {
    const std::int64_t seconds = milliseconds / 1000;
    if (seconds < 10) return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

} // namespace blongo::report
