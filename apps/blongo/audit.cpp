// SPDX-License-Identifier: Apache-2.0
#include "audit.hpp"

#include <fstream>
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/audit_log.hpp>

#include "asked.hpp"
#include "commands.hpp"
#include "process.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr std::int64_t newest_rows = 100; ///< of a list that asks for nothing

/// "eva (packers@office, sudo by anna)": who sat there, as far as anybody can know.
std::string who_words(const state::Actor& actor) {
    std::string login = actor.login + "@" + actor.host;
    if (!actor.sudo_user.empty() && actor.sudo_user != actor.login) login += ", sudo by " + actor.sudo_user;
    return actor.acting_as.empty() ? login : fmt::format("{} ({})", actor.acting_as, login);
}

std::string zone_of(const config::Config& config, const std::string& connection) {
    const config::Connection* found = config.find(connection);
    return found != nullptr ? found->time_zone : "UTC";
}

std::string words_of(const state::AuditRow& row) {
    if (row.salt_mark.empty()) return row.event.detail;
    return row.is_erased() ? "(erased)" : row.words.value_or("");
}

/// What people see of them: words about an order with --personal only.
std::string shown_words(const state::AuditRow& row) {
    const bool hidden = !row.salt_mark.empty() && row.words && !row.words->empty() && !witness().personal;
    return hidden ? "***" : words_of(row);
}

/// "create order:84512345 done, ongoing PUT /orders 200: new".
std::string what_words(const state::AuditRow& row) {
    const state::AuditEvent& e = row.event;
    std::string text = e.kind == "run" ? fmt::format("{} {}", e.flow, e.verb) : e.verb;
    for (const std::string* part : {&e.object, &e.outcome})
        if (!part->empty()) text += ' ' + *part;
    if (!e.endpoint.empty()) text += ", " + e.endpoint;
    if (!e.code.empty()) text += ' ' + e.code;
    if (!e.erased.empty()) text += " of " + join(e.erased, ", ");
    if (const std::string words = shown_words(row); !words.empty()) text += ": " + words;
    return text;
}

Cell hash_cell(std::string name, const std::string& text) {
    return {std::move(name), text, json::Value(text)};
}

/// Every member, those that the chain is computed from included.
std::vector<Cell> row_cells(const state::AuditRow& row, bool with_words) {
    const state::AuditEvent& e = row.event;
    std::vector<Cell> cells{text_cell("connection", row.connection),
                            number_cell("chain", row.chain),
                            number_cell("seq", row.seq),
                            {"at", format_utc(row.at), json::Value(format_utc(row.at))},
                            {"at_ms", std::to_string(to_unix_milliseconds(row.at)), json::Value(to_unix_milliseconds(row.at))}};
    for (const auto& [name, text] : {std::pair{"login", &row.actor.login},
                                     {"sudo_user", &row.actor.sudo_user},
                                     {"host", &row.actor.host},
                                     {"acting_as", &row.actor.acting_as},
                                     {"command", &row.actor.command},
                                     {"version", &row.actor.version},
                                     {"kind", &e.kind},
                                     {"flow", &e.flow},
                                     {"object", &e.object},
                                     {"verb", &e.verb},
                                     {"endpoint", &e.endpoint},
                                     {"outcome", &e.outcome},
                                     {"code", &e.code},
                                     {"request", &e.request},
                                     {"response", &e.response},
                                     {"before", &e.before},
                                     {"after", &e.after},
                                     {"detail", &e.detail}})
        cells.push_back(hash_cell(name, *text));
    cells.push_back(list_cell("erased", e.erased));
    cells.push_back(hash_cell("salt_mark", row.salt_mark));
    cells.push_back(hash_cell("hash", row.hash));
    if (with_words) cells.push_back(text_cell("words", shown_words(row)));
    return cells;
}

Result<state::AuditFilter> read_filter(Context& context, state::Store& store) {
    state::AuditFilter filter;
    filter.connections = context.common().connections;
    BLONGO_TRY(filter.from, since_of(context));
    for (const std::string& order : context.common().orders) {
        BLONGO_TRY(auto names, sync::audited_names(store, order));
        filter.objects.insert(filter.objects.end(), names.begin(), names.end());
    }
    for (const std::string& sku : context.common().skus) filter.objects.push_back("article:" + sku);
    if (!filter.from && filter.objects.empty()) filter.newest = newest_rows;
    return filter;
}

/// Opens the state for a command that reads it and runs `body(config, store)`.
template <class Body> int with_memory(Context& context, Body&& body) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const auto store = sync::open_memory(*runtime, state::Access::read_only);
    if (!store) return context.failed(store.error());
    const Result<int> done = body(**config, **store);
    return done ? *done : context.failed(done.error());
}

int run_show(Context& context) {
    return with_memory(context, [&](const config::Config& config, state::Store& store) -> Result<int> {
        BLONGO_TRY(const auto filter, read_filter(context, store));
        BLONGO_TRY(const auto rows, state::audit_rows(store, filter));
        if (context.format() != report::Format::text) {
            for (const auto& row : rows) context.reporter().row("audit", row_cells(row, true));
            context.reporter().end_rows({});
            return report::done;
        }
        for (const auto& row : rows)
            context.reporter().row("audit", {{"time", format_local(row.at, zone_of(config, row.connection)), {}},
                                             {"row", fmt::format("{} {}", row.connection, row.seq), {}},
                                             {"who", who_words(row.actor), {}},
                                             {"command", row.actor.command, {}},
                                             {"what", what_words(row), {}}});
        context.reporter().end_rows("nothing is recorded");
        return report::done;
    });
}

struct ExportArguments {
    std::string from, to;
    bool heads = false;
};

void print_heads(Context& context, const std::vector<state::AuditHead>& heads) {
    for (const auto& head : heads) {
        if (context.format() == report::Format::text)
            context.reporter().text(fmt::format("{} {} {} {}", head.connection, head.chain, head.seq, head.hash));
        else
            context.reporter().row("audit_head", {text_cell("connection", head.connection), number_cell("chain", head.chain),
                                                  number_cell("seq", head.seq), hash_cell("hash", head.hash)});
    }
    if (context.format() != report::Format::text) context.reporter().end_rows({});
}

int run_export(Context& context, const ExportArguments& arguments) {
    return with_memory(context, [&](const config::Config&, state::Store& store) -> Result<int> {
        if (arguments.heads) {
            BLONGO_TRY(const auto heads, state::audit_heads(store, context.common().connections));
            print_heads(context, heads);
            return report::done;
        }
        if (context.format() == report::Format::text)
            return fail(ErrorKind::usage, "an export has no form for people", "--format", "give --format csv or --format json");
        state::AuditFilter filter;
        filter.connections = context.common().connections;
        const Timestamp now = context.process().clock.now();
        BLONGO_TRY(filter.from, read_time(arguments.from, "--from", now));
        BLONGO_TRY(filter.until, read_time(arguments.to, "--to", now));
        BLONGO_TRY(const auto rows, state::audit_rows(store, filter));
        for (const auto& row : rows) context.reporter().row("audit", row_cells(row, witness().personal));
        context.reporter().end_rows({});
        return report::done;
    });
}

/// One line of `audit export --heads`, in any of its forms: words, CSV, JSON.
std::optional<state::AuditHead> parse_head(std::string line) {
    state::AuditHead head;
    if (line.starts_with('{')) {
        const auto value = json::Value::parse(line);
        if (!value) return std::nullopt;
        head.connection = (*value)["connection"].text();
        head.chain = (*value)["chain"].integer();
        head.seq = (*value)["seq"].integer();
        head.hash = (*value)["hash"].text();
    } else {
        for (char& c : line)
            if (c == ',') c = ' ';
        std::istringstream words(line);
        words >> head.connection >> head.chain >> head.seq >> head.hash;
    }
    const bool whole =
        head.seq > 0 && head.hash.size() == 64 && head.hash.find_first_not_of("0123456789abcdef") == std::string::npos;
    return whole ? std::optional(head) : std::nullopt;
}

Result<std::vector<state::AuditHead>> read_heads(const std::string& path) {
    std::vector<state::AuditHead> heads;
    if (path.empty()) return heads;
    std::ifstream file(path);
    if (!file)
        return fail(ErrorKind::usage, "the file of heads cannot be read", path, "give --heads what audit export --heads printed");
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (trim(line).empty() || (number == 1 && line.starts_with("connection,"))) continue;
        const auto head = parse_head(std::string(trim(line)));
        if (!head)
            return fail(ErrorKind::usage, "this is no head of the audit", fmt::format("{}:{}", path, number),
                        "give --heads what audit export --heads printed");
        heads.push_back(*head);
    }
    if (heads.empty())
        return fail(ErrorKind::usage, "the file holds no head", path, "give --heads what audit export --heads printed");
    return heads;
}

int run_verify(Context& context, const std::string& heads_file) {
    return with_memory(context, [&](const config::Config&, state::Store& store) -> Result<int> {
        BLONGO_TRY(const auto heads, read_heads(heads_file));
        BLONGO_TRY(const auto verdict, state::verify_audit(store, context.common().connections, heads));
        for (const auto& flaw : verdict.flaws)
            context.reporter().row("audit_flaw", {text_cell("connection", flaw.connection), number_cell("chain", flaw.chain),
                                                  number_cell("seq", flaw.seq), text_cell("finding", flaw.what)});
        context.reporter().end_rows({});
        if (!verdict.flaws.empty())
            return fail(
                ErrorKind::state,
                fmt::format("the audit does not close: {} finding{}", verdict.flaws.size(), verdict.flaws.size() == 1 ? "" : "s"),
                store.place(), "keep this state as it is, and compare it with a backup");
        if (context.format() == report::Format::text)
            context.reporter().text(
                fmt::format("the audit closes: {} rows in {} chain{}{}{}", verdict.rows, verdict.heads.size(),
                            verdict.heads.size() == 1 ? "" : "s",
                            verdict.erased > 0 ? fmt::format(", {} without their words, which were erased", verdict.erased) : "",
                            heads.empty() ? "" : fmt::format("; {} exported heads are in it", heads.size())));
        else
            for (const auto& head : verdict.heads)
                context.reporter().row("audit_head", {text_cell("connection", head.connection), number_cell("chain", head.chain),
                                                      number_cell("seq", head.seq), hash_cell("hash", head.hash)});
        context.reporter().end_rows({});
        return report::done;
    });
}

} // namespace

Witness& witness() noexcept {
    static Witness one;
    return one;
}

Result<void> note_personal(Context& context) {
    if (!witness().personal || part_of_run() >= 0) return {}; // whoever runs all connections has noted it for each
    const auto connections = context.connections();
    if (!connections) return {}; // the command itself says what is wrong
    BLONGO_TRY(const auto runtime, context.runtime());
    return sync::note_personal(*connections, runtime);
}

void add_audit(Command& root) {
    Command& audit = root.group("audit", "Who did what: show, export, verify");
    audit.command("show", "Decisions, writes and what people did, oldest first", by_order | by_sku | by_time, run_show)
        .details("Without --order, --sku or --since the newest 100 rows. Connections that were removed are in it as well. Hashes "
                 "and the members of each row: --json. Words about orders and returns are masked without --personal. A write of "
                 "an article or of "
                 "stock is recorded with the batch that it belongs to: one that was killed by force (kill -9, power) leaves no "
                 "row of its last "
                 "writes, which the next run finds done. Bookings and orders are recorded before they are sent.")
        .prints_rows();
    auto exported = std::make_shared<ExportArguments>();
    audit
        .command("export", "All rows with their hashes, or the ends of the chains", everywhere,
                 [exported](Context& context) { return run_export(context, *exported); })
        .details(
            "Words about buyers are in it with --personal only; without them every hash can be computed all the same. Keep the "
            "heads where nobody who can write to the state can write: they prove later that nothing was changed or cut off.")
        .add(text("--from", "T", "at or after this date or time", exported->from))
        .add(text("--to", "T", "before this date or time", exported->to))
        .add(flag("--heads", "only the last row of each chain, for audit verify --heads", exported->heads))
        .prints_rows();
    auto heads = std::make_shared<std::string>();
    audit
        .command("verify", "Whether a row was changed, removed or added", everywhere,
                 [heads](Context& context) { return run_verify(context, *heads); })
        .details(
            "Computes every hash again. Exits with 1 when something does not fit. Rows that were cut off at the end are found "
            "with --heads only.")
        .add(text("--heads", "FILE", "what audit export --heads printed before", *heads))
        .prints_rows();
}

} // namespace blongo::app
