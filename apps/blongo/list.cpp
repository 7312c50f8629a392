// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/courier_lists.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct Dictionary {
    const char* name;
    const char* message_type;
    const char* summary;
};

constexpr std::array dictionaries = {
    Dictionary{"statuses", "order_status", "Order statuses of BaseLinker"},
    Dictionary{"return-statuses", "return_status", "Statuses of returns of BaseLinker"},
    Dictionary{"sources", "order_source", "Order sources of BaseLinker"},
    Dictionary{"inventories", "inventory", "Catalogues of BaseLinker"},
    Dictionary{"warehouses", "warehouse", "Warehouses of both sides"},
    Dictionary{"ways-of-delivery", "way_of_delivery", "Ways of delivery of Ongoing"},
    Dictionary{"transporters", "transporter", "Transporters of Ongoing"},
};

/// An id or number of a dictionary as a JSON number.
Cell dictionary_cell(const std::string& column, const std::string& text) {
    const bool is_id = column == "id" || column.ends_with("_id");
    const bool is_number = is_id && !text.empty() && text.size() < 19 &&
                           text.find_first_not_of("0123456789") == std::string::npos && (text == "0" || text.front() != '0');
    if (is_number) return {column, text, json::Value::number(text)};
    return text_cell(column, text);
}

int run_list(Context& context, const Dictionary& dictionary) {
    return list_rows(context, "", "none", [&](const auto& config, const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto table, sync::list_dictionary(config, connection, dictionary.name, runtime));
        for (const auto& row : table.rows) {
            std::vector<Cell> cells = {text_cell("connection", connection.name)};
            for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i)
                cells.push_back(dictionary_cell(table.columns[i], row[i]));
            context.reporter().row(dictionary.message_type, cells);
        }
        return {};
    });
}

int run_couriers(Context& context, bool connected) {
    const std::string none = connected ? "no courier rule names a courier: see [[connections.NAME.shipments.couriers]]" : "none";
    return list_rows(context, "", none, [&](const auto& config, const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto couriers, sync::list_couriers(config, connection, connected, runtime));
        for (const auto& courier : couriers) {
            std::vector<Cell> cells = {text_cell("connection", connection.name), text_cell("code", courier.code),
                                       text_cell("name", courier.name)};
            if (!connected) {
                context.reporter().row("courier", cells);
                continue;
            }
            cells.push_back(id_cell("account_id", 0));
            cells.push_back(text_cell("account", "not connected in BaseLinker"));
            if (courier.accounts.empty()) context.reporter().row("courier", cells);
            for (const auto& account : courier.accounts) {
                cells[cells.size() - 2] = id_cell("account_id", account.id.value());
                cells.back() = text_cell("account", account.name);
                context.reporter().row("courier", cells);
            }
        }
        return {};
    });
}

/// "classic: DPD Classic; ..."; JSON: a list of {"id", "label"}.
Cell options_cell(const baselinker::CourierField& field) {
    std::vector<std::string> words;
    json::Value list = json::Value::array();
    for (const auto& [id, label] : field.options) {
        words.push_back(label.empty() ? id : fmt::format("{}: {}", id, label));
        list.push_back(json::Value::object().set("id", id).set("label", label));
    }
    if (!field.function.empty()) words.insert(words.begin(), "by order: blongo list courier-services N");
    return {"options", join(words, "; "), std::move(list)};
}

void print_field(Context& context, const std::string& connection, const std::string& kind,
                 const baselinker::CourierField& field) {
    context.reporter().row("courier_field",
                           {text_cell("connection", connection), text_cell("kind", kind), text_cell("id", field.id),
                            text_cell("name", field.name), text_cell("type", field.type), text_cell("default", field.value),
                            options_cell(field), truth_cell("by_order", !field.function.empty())});
}

int run_courier_fields(Context& context, const std::string& code) {
    return list_rows(context, "", "the courier's form asks for nothing",
                     [&](const auto& config, const auto& connection, const auto& runtime) -> Result<void> {
                         BLONGO_TRY(const auto known, sync::courier_form(config, connection, code, runtime));
                         for (const auto& account : known.accounts)
                             print_field(context, connection.name, "account",
                                         {.id = fmt::to_string(account.id),
                                          .name = account.name,
                                          .type = {},
                                          .desc = {},
                                          .options = {},
                                          .show_field = {},
                                          .value = {},
                                          .function = {}});
                         for (const auto& field : known.form.fields) print_field(context, connection.name, "field", field);
                         for (const auto& field : known.form.package_fields)
                             print_field(context, connection.name, known.form.multi_packages ? "each parcel" : "parcel", field);
                         if (known.accounts.empty() && context.format() == report::Format::text)
                             context.reporter().warning(
                                 connection.name, fmt::format("{} is not connected in BaseLinker: it has no account", code));
                         return {};
                     });
}

int run_courier_services(Context& context, const std::string& n) {
    const auto order = find_one_order(context, n);
    if (!order) return context.failed(order.error());
    const config::Connection& connection = *order->connection;
    if (!is_usable(context, connection, "shipments")) return report::misused;
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error(), connection.name);
    const auto offered = sync::courier_services(**config, connection, order->found.order_id, *runtime);
    if (!offered) return context.failed(offered.error(), connection.name);
    for (const auto& [id, name] : offered->services)
        context.reporter().row("courier_service",
                               {text_cell("connection", connection.name), text_cell("key", fmt::to_string(order->found.order_id)),
                                text_cell("courier", offered->courier_code), text_cell("rule", offered->rule),
                                text_cell("field", join(offered->fields, ", ")), text_cell("id", id), text_cell("name", name)});
    context.reporter().end_rows(offered->fields.empty()
                                    ? fmt::format("{} has the same choices for every order: blongo list courier-fields {}",
                                                  offered->courier_code, offered->courier_code)
                                    : fmt::format("{} offers no service for this order", offered->courier_code));
    return report::done;
}

void add_courier_lists(Command& lists) {
    auto connected = std::make_shared<bool>(false);
    lists
        .command("couriers", "Couriers that BaseLinker knows, for courier_code", everywhere | requesting,
                 [connected](Context& context) { return run_couriers(context, *connected); })
        .add(flag("--connected", "those that a courier rule names, with the seller's accounts", *connected))
        .prints_rows()
        .details("BaseLinker's list does not say which couriers the seller has an account of: --connected asks, for each "
                 "courier of a rule.");
    const auto with_one = [&](const std::string& name, const std::string& summary, const std::string& argument,
                              const std::string& help, int (*what)(Context&, const std::string&)) -> Command& {
        return add_named(lists, name, summary, everywhere | requesting, argument, help, what).prints_rows();
    };
    with_one("courier-fields", "Accounts, fields and parcel fields of a courier", "CODE",
             "code of a courier, as blongo list couriers shows it", run_courier_fields)
        .details("For account_id, fields and package of a courier rule: id, type, default and the options with their labels.");
    with_one("courier-services", "Services that a courier offers for one order", "N", order_n_help, run_courier_services)
        .details("Asks with the rule that fits the order, with its parcels as packed or as ordered. \"{auto}\" in a field "
                 "takes the only one.");
}

} // namespace

void add_list(Command& root) {
    Command& lists = root.group("list", "What can be written into the configuration");
    for (const Dictionary& dictionary : dictionaries)
        lists
            .command(dictionary.name, dictionary.summary, everywhere | requesting,
                     [&dictionary](Context& context) { return run_list(context, dictionary); })
            .prints_rows();
    add_courier_lists(lists);
}

} // namespace blongo::app
