// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/check.hpp>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>

#include "check.hpp"
#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct CheckArguments {
    std::vector<std::string> only;
};

Result<std::set<std::string>> read_parts(const std::vector<std::string>& texts) {
    const auto& known = sync::check_parts();
    std::set<std::string> parts;
    for (const std::string& part : split_lists(texts)) {
        if (std::ranges::find(known, part) == known.end())
            return fail(ErrorKind::usage, fmt::format("check has no part '{}'", part), "--only", "one of: " + join(known, ", "));
        parts.insert(part);
    }
    return parts;
}

constexpr std::size_t widest_value = 60; ///< in a table; JSON and CSV have it whole

/// What a side holds. Texts of articles are long, and a table is for the eye.
Cell value_cell(const Context& context, std::string name, const std::string& text) {
    Cell cell = text_cell(std::move(name), text);
    if (context.format() == report::Format::text && character_count(text) > widest_value)
        cell.text = cut_characters(text, widest_value) + "...";
    return cell;
}

void print_difference(Context& context, const config::Connection& connection, const plan::Difference& found) {
    context.reporter().row(
        "difference", {text_cell("connection", connection.name), text_cell("flow", found.flow), text_cell("kind", found.kind),
                       text_cell("key", found.key), value_cell(context, "baselinker", found.baselinker),
                       value_cell(context, "ongoing", found.ongoing), text_cell("cause", found.cause),
                       text_cell("owner", found.owner), text_cell("command", found.command), text_cell("remedy", found.remedy)});
}

/// A term of the books as people read it.
std::string spoken(std::string term) {
    if (term == "accepted") return "accepted in BaseLinker";
    if (term == "products_and_variants") return "products and variants in BaseLinker";
    if (term == "sent") return "sent in Ongoing";
    if (term == "in_ongoing") return "in Ongoing";
    if (term == "before_cutover") return "before cut-over";
    std::ranges::replace(term, '_', ' ');
    return term;
}

/// "demo orders: 12 accepted in BaseLinker = 10 in Ongoing + 1 parked (unknown_sku 1) + ...".
std::string books_in_words(const config::Connection& connection, const plan::Totals& books) {
    std::string text = fmt::format("{} {}: {} {} = ", connection.name, books.flow, books.total, spoken(books.what));
    std::string parked;
    for (const auto& [cause, count] : books.parked) parked += fmt::format("{}{} {}", parked.empty() ? "" : ", ", cause, count);
    for (const auto& [name, count] : books.terms) text += fmt::format("{} {} + ", count, spoken(name));
    text += fmt::format("{} parked{}", books.parked_total(), parked.empty() ? "" : " (" + parked + ")");
    if (books.missing > 0) text += fmt::format("; {} missing", books.missing);
    return text + (books.closes() ? "" : "; DOES NOT CLOSE");
}

void print_books(Context& context, const config::Connection& connection, const plan::Totals& books) {
    std::vector<Cell> cells{text_cell("connection", connection.name), text_cell("flow", books.flow),
                            number_cell(books.what, books.total)};
    for (const auto& [name, count] : books.terms) cells.push_back(number_cell(name, count));
    json::Value causes = json::Value::object();
    for (const auto& [cause, count] : books.parked) causes.set(cause, count);
    cells.push_back(number_cell("parked", books.parked_total()));
    cells.push_back({"parked_by_cause", {}, std::move(causes)});
    cells.push_back(number_cell("missing", books.missing));
    cells.push_back(truth_cell("closes", books.closes()));
    context.reporter().row("check", cells);
}

/// The parts of one connection that its configuration lets run: those named, else those of its enabled flows.
std::set<std::string> parts_of(Context& context, const config::Connection& connection, const std::set<std::string>& named,
                               int& code) {
    std::set<std::string> parts;
    for (const std::string& part : sync::check_parts()) {
        if (named.empty() ? !find_flow(part)->enabled(connection) : !named.contains(part)) continue;
        if (is_usable(context, connection, part))
            parts.insert(part);
        else
            code = report::stronger(code, report::misused);
    }
    return parts;
}

int run_check(Context& context, const CheckArguments& arguments) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    const auto named = read_parts(arguments.only);
    if (!named) return context.failed(named.error());
    return compare_sides(context, *named, *since);
}

} // namespace

int compare_sides(Context& context, const std::set<std::string>& named, std::optional<Timestamp> since) {
    sync::CheckOptions options;
    options.since = since;
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    const auto& [connections, config, runtime] = *selected;
    const bool text = context.format() == report::Format::text;
    std::vector<std::string> books;
    bool agree = true;
    int code = report::done;
    for (const config::Connection* connection : connections) {
        if (context.process().stop.requested()) break;
        options.parts = parts_of(context, *connection, named, code);
        const sync::CheckSink sink{
            .difference = [&](const plan::Difference& found) { print_difference(context, *connection, found); },
            .totals =
                [&](const plan::Totals& totals) {
                    if (text)
                        books.push_back(books_in_words(*connection, totals));
                    else if (context.format() == report::Format::json)
                        print_books(context, *connection, totals);
                }};
        const auto summary = sync::check(*config, *connection, options, sink, runtime);
        for (const Error& error : summary.errors) (void)context.failed(error, connection->name);
        agree = agree && summary.differences == 0 && summary.complete;
        code = report::stronger(code, report::exit_code_for(summary, {.strict = false,
                                                                      .exit_code = context.common().exit_code,
                                                                      .stop_signal = context.process().stop.signal()}));
    }
    context.reporter().end_rows(agree && code == report::done ? "both sides agree" : "");
    if (!context.common().quiet)
        for (const std::string& line : books) context.reporter().text(line);
    return code;
}

void add_check(Command& root) {
    auto arguments = std::make_shared<CheckArguments>();
    Command& check = root.command("check", "Compare both sides, and say what mends each difference",
                                  everywhere | requesting | comparing | by_time,
                                  [arguments](Context& context) { return run_check(context, *arguments); });
    check
        .details(
            "Reads both sides and writes nothing, on neither side and not in the state. Every difference is one row: its "
            "kind, what each side holds, the cause, who acts, and the command that mends it, or what a person does where "
            "blongo cannot. Then the totals, which have to close: what BaseLinker has is in Ongoing, parked, or left out "
            "for a reason that is named.\n"
            "Articles cost as many calls as a first sync, orders one call for 100 and one of each side, shipments two "
            "calls each. --since T narrows it down to orders confirmed, and shipments sent, at or after T; without it they are "
            "looked at from start_from on, at most 90 days back. With --exit-code it exits with 9 when something differs.")
        .add(one_of(list("--only", "PARTS", "only these parts: " + join(sync::check_parts(), ","), arguments->only),
                    {sync::check_parts().begin(), sync::check_parts().end()}))
        .prints_rows();
}

} // namespace blongo::app
