// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/audit_log.hpp>
#include <blongo/sync/personal_data.hpp>

#include "asked.hpp"
#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr std::size_t shortest_text = 3;

struct FindArguments {
    std::vector<std::string> words; ///< of one text
    std::vector<std::string> in;
};

struct EraseArguments {
    std::vector<std::string> orders;
};

/// The state opened, and the connections that are selected.
struct Memory {
    std::vector<const config::Connection*> connections;
    std::unique_ptr<state::Store> store;
};

Result<Memory> open(Context& context, state::Access access) {
    Memory memory;
    BLONGO_TRY(memory.connections, context.connections());
    BLONGO_TRY(const auto runtime, context.runtime());
    BLONGO_TRY(memory.store, sync::open_memory(runtime, access));
    return memory;
}

/// Runs `body` and answers its exit code; an error is reported.
template <class Body> int reported(Context& context, Body&& body) {
    const Result<int> code = body();
    return code ? *code : context.failed(code.error());
}

std::string name_of(const std::vector<state::ConnectionRow>& rows, state::ConnectionKey key) {
    for (const auto& row : rows)
        if (row.key == key) return row.name;
    return {};
}

int run_find(Context& context, const FindArguments& arguments) {
    return reported(context, [&]() -> Result<int> {
        const std::string text = join(arguments.words, " ");
        if (character_count(text) < shortest_text)
            return fail(ErrorKind::usage, fmt::format("'{}' is too short to search for", text), "TEXT",
                        "give a name, street, telephone number or mail address");
        BLONGO_TRY(const Memory memory, open(context, state::Access::read_only));
        BLONGO_TRY(const auto held, state::find_text(*memory.store, text));
        BLONGO_TRY(const auto names, state::Connections(*memory.store).list());
        auto paths = sync::known_files(*memory.store, memory.connections, context.common().log_file);
        paths.insert(paths.end(), arguments.in.begin(), arguments.in.end());
        BLONGO_TRY(const auto files, sync::find_in_files(paths, text));
        for (const auto& one : held)
            context.reporter().row("held", {text_cell("connection", name_of(names, one.connection)),
                                            text_cell("place", one.table + "." + one.column), text_cell("object", one.object),
                                            number_cell("times", 1)});
        for (const auto& one : files)
            context.reporter().row("held", {text_cell("connection", ""), text_cell("place", one.path), text_cell("object", ""),
                                            number_cell("times", one.times)});
        context.reporter().end_rows(fmt::format("not found, in {} and {} other places", memory.store->place(), paths.size()));
        return report::done;
    });
}

int run_export(Context& context, const std::vector<std::string>& named) {
    return reported(context, [&]() -> Result<int> {
        BLONGO_TRY(const Memory memory, open(context, state::Access::read_write));
        std::vector<sync::HeldOrder> orders;
        for (const std::string& text : named) {
            BLONGO_TRY(auto found, sync::held_orders(*memory.store, memory.connections, text));
            orders.insert(orders.end(), found.begin(), found.end());
        }
        json::Value document = json::Value::array();
        for (const auto& one : orders) {
            BLONGO_TRY(const auto rows, state::held_of(*memory.store, one.key, one.id));
            json::Value tables = json::Value::object();
            for (const auto& row : rows) {
                json::Value columns = json::Value::object();
                for (const auto& [column, text] : row.columns) columns.set(column, text);
                if (tables[row.table].is_null()) tables.set(row.table, json::Value::array());
                tables[row.table].push_back(std::move(columns));
            }
            document.push_back(json::Value::object()
                                   .set("connection", one.connection)
                                   .set("order_id", one.id.value())
                                   .set("state", std::move(tables)));
            BLONGO_CHECK(sync::note_export(*memory.store, one));
        }
        context.print(document.pretty() + "\n");
        return report::done;
    });
}

/// What cannot be undone is done to the one order that was meant: of several that answer to a text nobody is erased.
Result<void> names_one(const std::vector<sync::HeldOrder>& found, const std::string& text) {
    std::vector<std::string> orders;
    orders.reserve(found.size());
    for (const auto& order : found) orders.push_back(fmt::format("{} of {}", order.id, order.connection));
    if (orders.size() == 1) return {};
    return fail(ErrorKind::usage, fmt::format("{} names several orders: {}", text, join(orders, ", ")), text,
                "give the BaseLinker id of the one that is meant, and its connection with -C");
}

int run_erase(Context& context, const EraseArguments& arguments) {
    return reported(context, [&]() -> Result<int> {
        BLONGO_TRY(const Memory memory, open(context, state::Access::read_write));
        std::vector<sync::HeldOrder> orders;
        for (const std::string& text : arguments.orders) {
            BLONGO_TRY(const auto found, sync::held_orders(*memory.store, memory.connections, text));
            BLONGO_CHECK(names_one(found, text));
            orders.insert(orders.end(), found.begin(), found.end());
        }
        int code = report::done;
        bool any = false;
        for (const auto& order : orders) {
            const std::string what = fmt::format("{}: personal data of order {}", order.connection, order.id);
            if (!is_agreed(context, {}, what + ": "))
                return fail(ErrorKind::usage, "nothing was erased: nobody said yes", fmt::to_string(order.id), "add --yes");
            if (const auto erased = sync::erase_order(*memory.store, order); !erased) {
                code = report::stronger(code, context.failed(erased.error(), order.connection));
                continue;
            }
            any = true;
            if (context.format() == report::Format::text)
                context.reporter().text(fmt::format(
                    "{}: erased what was held of the buyer of order {}; ids, counts and times stay", order.connection, order.id));
            else
                context.reporter().row("erased",
                                       {text_cell("connection", order.connection), id_cell("order_id", order.id.value())});
        }
        if (!any) return code;
        BLONGO_CHECK(state::scrub(*memory.store));
        const auto copies = sync::known_files(*memory.store, {}, {});
        for (const std::string& path : copies)
            if (path.ends_with(".bak"))
                context.reporter().warning(
                    {}, fmt::format("{} is a copy from before an upgrade and may still hold it: remove it when it is not needed",
                                    path));
        return code;
    });
}

} // namespace

void add_pii(Command& root) {
    Command& pii = root.group("pii", "Personal data: find, export, erase");
    auto find = std::make_shared<FindArguments>();
    pii.command("find", "Where a name, telephone number, street or mail address is held", everywhere,
                [find](Context& context) { return run_find(context, *find); })
        .details("Searches the whole state, stored labels, the log file of --log-file, copies that upgrades left beside the "
                 "state, and "
                 "what --in names. Any case; what is compressed (labels as PDF, packed logs) is not seen. Prints places, never "
                 "the text.")
        .add(positional("TEXT", "what to look for", true, find->words))
        .add(list("--in", "PATH", "search this file or folder, too: backups, logs, dumps", find->in))
        .prints_rows();
    auto exported = std::make_shared<std::vector<std::string>>();
    pii.command("export", "All that is held of an order, as JSON", everywhere,
                [exported](Context& context) { return run_export(context, *exported); })
        .details("For a buyer who asks. It is recorded in the audit.")
        .add(positional("N", "order", true, *exported));
    auto erased = std::make_shared<EraseArguments>();
    pii.command("erase", "Erase what is held of the buyer of an order", everywhere | asking,
                [erased](Context& context) { return run_erase(context, *erased); })
        .details("From the state, the stored labels and the words of the audit, whose hashes still close. Ids, articles, counts "
                 "and times "
                 "stay, and the order is not looked at any more. BaseLinker and Ongoing are not touched. Refused (7) while a "
                 "shipment or a "
                 "write of it is under way. privacy.keep_personal_data does the same by itself.")
        .add(positional("N", "order", true, erased->orders));
}

} // namespace blongo::app
