// SPDX-License-Identifier: Apache-2.0
#include "init_answers.hpp"

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/config/document.hpp>
#include <blongo/report/output.hpp>

namespace blongo::app {
namespace {

constexpr std::size_t comment_column = 44;

/// A line with its comment.
std::string commented(std::string line, const std::string& comment) {
    const std::size_t width = display_width(line);
    if (!comment.empty())
        line += std::string(width < comment_column ? comment_column - width : 1, ' ') + "# " + report::printable(comment);
    return line + '\n';
}

std::string ids_of(const std::vector<SetupChoice>& choices) {
    std::vector<std::string> ids;
    ids.reserve(choices.size());
    for (const auto& choice : choices) ids.push_back(choice.id);
    return '[' + join(ids, ", ") + ']';
}

std::string names_of(const std::vector<SetupChoice>& choices) {
    std::vector<std::string> names;
    names.reserve(choices.size());
    for (const auto& choice : choices) names.push_back(choice.name);
    return join(names, ", ");
}

std::string status_line(const std::string& key, const SetupChoice& choice, const std::string& why) {
    return commented(fmt::format("{} = {}", key, choice.id.empty() ? "0" : choice.id),
                     (choice.id.empty() ? "0: leave; " : choice.name + ": ") + why);
}

std::string quoted_list(const std::vector<std::string>& texts) {
    std::vector<std::string> out;
    out.reserve(texts.size());
    for (const auto& text : texts) out.push_back(config::quote(text));
    return '[' + join(out, ", ") + ']';
}

std::string rule_text(const std::string& table, const RuleAnswer& rule) {
    std::string text = fmt::format("\n[[{}.shipments.couriers]]\n", table);
    text += fmt::format("delivery_method = {}\ncourier_code = {}\n", quoted_list(rule.methods), config::quote(rule.courier_code));
    if (rule.account_id != 0) text += commented(fmt::format("account_id = {}", rule.account_id), rule.account);
    if (rule.fields.empty()) return text;
    std::vector<std::string> fields;
    for (const auto& [id, value] : rule.fields) fields.push_back(fmt::format("{} = {}", config::quote(id), config::quote(value)));
    return text +
           commented(fmt::format("fields = {{ {} }}", join(fields, ", ")), "blongo list courier-fields " + rule.courier_code);
}

config::StatusRef ref_of(const SetupChoice& choice) {
    return {choice.id.empty() ? 0 : std::stoll(choice.id), {}};
}

} // namespace

config::Connection connection_of(const InitAnswers& answers) {
    config::Connection connection;
    connection.name = answers.name;
    connection.mode = "plan";
    connection.time_zone = answers.time_zone;
    connection.baselinker.url = answers.baselinker_url;
    connection.baselinker.token.env = init_token;
    connection.baselinker.inventory_id = InventoryId{answers.inventory.id.empty() ? 0 : std::stoll(answers.inventory.id)};
    connection.ongoing.url = answers.ongoing_url;
    connection.ongoing.username = answers.username;
    connection.ongoing.password.env = init_password;
    connection.ongoing.goods_owner_id = GoodsOwnerId{answers.goods_owner_id};
    for (const auto& status : answers.statuses) connection.orders.statuses.push_back(ref_of(status));
    for (const auto& status : answers.cancel) connection.orders.cancel_statuses.push_back(ref_of(status));
    connection.orders.cancel_statuses_none = answers.cancel.empty();
    for (const auto& answer : answers.couriers) {
        config::CourierRule rule;
        rule.delivery_method = answer.methods;
        rule.courier_code = answer.courier_code;
        rule.account_id = answer.account_id;
        rule.rebook_after = "never";
        connection.shipments.couriers.push_back(std::move(rule));
    }
    return connection;
}

std::string connection_text(const InitAnswers& answers) {
    const std::string table = "connections." + answers.name;
    std::string text = fmt::format("[{}]\n", table);
    text += commented("mode = \"plan\"", "reads and reports, writes nothing; \"live\" when the dry runs look right");
    text += commented("time_zone = " + config::quote(answers.time_zone), "of dates and times for people");
    text += fmt::format("\n[{}.baselinker]\n", table);
    if (answers.baselinker_url != config::BaseLinker{}.url)
        text += fmt::format("url = {}\n", config::quote(answers.baselinker_url));
    text += commented("token_file = " + config::quote(answers.token.file), "mode 600");
    text += commented("inventory_id = " + answers.inventory.id, answers.inventory.name);
    text += fmt::format("\n[{}.ongoing]\nurl = {}\nusername = {}\n", table, config::quote(answers.ongoing_url),
                        config::quote(answers.username));
    text += commented("password_file = " + config::quote(answers.password.file), "mode 600");
    text += fmt::format("goods_owner_id = {}\n\n[{}.orders]\n", answers.goods_owner_id, table);
    text +=
        commented("statuses = " + ids_of(answers.statuses), "orders in these go to the warehouse: " + names_of(answers.statuses));
    text += commented("start_from = " + format_local_rfc3339(*answers.start_from, answers.time_zone),
                      "the cut-over: what entered its status before is left alone");
    text += answers.cancel.empty() ? commented("cancel_statuses = \"none\"", "no status cancels an order in Ongoing")
                                   : commented("cancel_statuses = " + ids_of(answers.cancel),
                                               "these cancel an order in Ongoing: " + names_of(answers.cancel));
    text += status_line("status_after_import", answers.after_import, "set in BaseLinker when Ongoing has the order");
    text += status_line("status_on_error", answers.on_error, "set when an order cannot be sent and somebody must act");
    text += status_line("status_after_cancel_refused", answers.cancel_refused, "set when it is too late to cancel");
    text += fmt::format("\n[{}.stock]\n", table);
    text += commented(fmt::format("enabled = {}", answers.stock.id.empty() ? "false" : "true"),
                      "true: Ongoing's stock is written to BaseLinker");
    if (!answers.stock.id.empty()) {
        text += commented("warehouse = " + config::quote(answers.stock.id), answers.stock.name);
        if (answers.reservations)
            text += commented("figure = \"sellable\"", "this catalogue works with reservations; or \"on_hand\"");
    }
    text += fmt::format("\n[{}.shipments]\n", table);
    std::vector<std::string> send;
    for (const auto& status : answers.send) send.push_back(status.id + " = \"book\"");
    text += commented("send = { " + join(send, ", ") + " }", "Ongoing's status that means Send: " + names_of(answers.send));
    text += status_line("status_after_send", answers.after_send, "set after a complete delivery");
    text += commented("print = { report_id = 0, fallback_workstation_id = 0 }",
                      "0: NOBODY PRINTS the label; ask the warehouse for its report");
    for (const auto& rule : answers.couriers) text += rule_text(table, rule);
    if (!answers.uncovered.empty())
        text += "\n# Delivery methods of the last 30 days without a rule: such orders are parked no_courier_rule.\n";
    for (const auto& method : answers.uncovered) text += "#   " + report::printable(method) + '\n';
    return text;
}

} // namespace blongo::app
