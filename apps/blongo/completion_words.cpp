// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/config/tables.hpp>
#include <blongo/sync/inspect.hpp>

#include "completion.hpp"
#include "context.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

bool is_argument(const Option& option) {
    return option.names.find('-') != 0;
}

std::vector<std::string> spellings(const Option& option) {
    return split(option.names, ',');
}

/// The option of a command by one of its spellings; none: no such option.
const Option* find_spelling(const Command& command, const std::string& word) {
    for (const auto* options : {&command.own_options(), &command.common_options()})
        for (const Option& option : *options) {
            const auto names = spellings(option);
            if (!is_argument(option) && std::find(names.begin(), names.end(), word) != names.end()) return &option;
        }
    return nullptr;
}

void note_value(Place& place, const Option& option, const std::string& value) {
    if (option.names == "-c,--config") place.config.push_back(value);
    if (option.names == "-C,--connection") place.connections.push_back(value);
    if (option.names == "--state") place.state.push_back(value);
}

const Option* positional_at(const Command& command, std::size_t number) {
    for (const Option& option : command.own_options()) {
        if (!is_argument(option)) continue;
        if (number == 0 || option.repeatable) return &option;
        --number;
    }
    return nullptr;
}

std::vector<Candidate> of_words(const std::vector<std::string>& words) {
    std::vector<Candidate> out;
    out.reserve(words.size());
    for (const std::string& word : words) out.push_back({word, {}});
    return out;
}

std::vector<Candidate> connection_names(Context& context) {
    std::vector<Candidate> out;
    if (const auto config = context.config())
        for (const config::Connection& connection : (*config)->connections)
            out.push_back({connection.name, connection.enabled ? connection.ongoing.url : "not enabled"});
    return out;
}

/// The connections that the line names, else all.
std::vector<const config::Connection*> meant(const config::Config& config, const Place& place) {
    std::vector<const config::Connection*> out;
    for (const config::Connection& connection : config.connections) {
        const auto& named = place.connections;
        if (named.empty() || std::find(named.begin(), named.end(), connection.name) != named.end()) out.push_back(&connection);
    }
    return out;
}

/// Statuses of BaseLinker that the configuration names.
std::vector<Candidate> statuses(Context& context, const Place& place) {
    std::set<std::string> found;
    const auto config = context.config();
    if (!config) return {};
    for (const config::Connection* connection : meant(**config, place)) {
        const auto add = [&](const config::StatusRef& status) {
            if (!status.name.empty())
                found.insert(status.name);
            else if (status.id != 0)
                found.insert(fmt::to_string(status.id));
        };
        const config::Orders& orders = connection->orders;
        for (const auto* list : {&orders.statuses, &orders.cancel_statuses, &orders.finished_statuses,
                                 &connection->shipments.ship_statuses, &connection->returns.statuses})
            std::for_each(list->begin(), list->end(), add);
        add(orders.status_after_import);
        add(connection->shipments.status_after_send);
        for (const auto& [cause, status] : orders.status_on_error) add(status);
    }
    return of_words({found.begin(), found.end()});
}

std::vector<Candidate> courier_codes(Context& context, const Place& place) {
    std::set<std::string> found;
    const auto config = context.config();
    if (!config) return {};
    for (const config::Connection* connection : meant(**config, place))
        for (const auto& rule : connection->shipments.couriers)
            if (rule.courier_code != "none") found.insert(rule.courier_code);
    return of_words({found.begin(), found.end()});
}

/// Keys of what waits, in the flows that such a word may belong to. A state on another host is not asked: Tab
/// answers at once or not at all.
std::vector<Candidate> waiting_keys(Context& context, const Place& place, bool of_orders) {
    const auto config = context.config();
    if (!config || !(*config)->state_url.starts_with("sqlite:")) return {};
    const auto runtime = context.runtime();
    if (!runtime) return {};
    std::vector<Candidate> out;
    for (const config::Connection* connection : meant(**config, place)) {
        const auto rows = sync::parked_of(**config, *connection, {}, *runtime);
        if (!rows) continue;
        for (const state::ParkedRow& row : *rows)
            if (!of_orders || row.flow == "orders" || row.flow == "shipments")
                out.push_back({row.key, row.flow + ": " + row.cause});
    }
    return out;
}

std::vector<Candidate> flow_names() {
    std::vector<Candidate> out;
    for (const FlowEntry& flow : flows()) out.push_back({std::string(flow.name), {}});
    return out;
}

/// By the option's own words, else by what its value is called.
std::vector<Candidate> all_values(const Place& place, Context& context) {
    const Option& option = *place.option;
    if (!option.words.empty()) return of_words(option.words);
    if (option.names == "-C,--connection") return connection_names(context);
    if (option.names == "--format") {
        const bool rows = place.command->has_rows();
        return of_words(rows ? std::vector<std::string>{"text", "json", "csv"} : std::vector<std::string>{"text", "json"});
    }
    const std::string& value = option.value;
    const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), value) != names.end();
    };
    if (is_one_of({"FILE"})) return {{":files", {}}};
    if (is_one_of({"DIR", "FOLDER"})) return {{":folders", {}}};
    if (is_one_of({"CONNECTION", "NAME"})) return connection_names(context);
    if (is_one_of({"FLOW", "FLOWS"})) return flow_names();
    if (is_one_of({"CAUSE"})) return of_words(config::parked_causes());
    if (is_one_of({"STATUS", "STATUSES"})) return statuses(context, place);
    if (is_one_of({"CODE", "COURIER"})) return courier_codes(context, place);
    if (is_one_of({"N"})) return waiting_keys(context, place, true);
    if (is_one_of({"KEY"})) return waiting_keys(context, place, false);
    return {};
}

} // namespace

Place place_of(const Command& root, const std::vector<std::string>& words) {
    Place place;
    place.command = &root;
    const Option* pending = nullptr;
    std::size_t positionals = 0;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i];
        if (pending != nullptr) {
            note_value(place, *pending, word);
            pending = nullptr;
        } else if (place.options_ended) {
            ++positionals;
        } else if (word == "--") {
            place.options_ended = true;
        } else if (word.size() > 1 && word.front() == '-') {
            const std::size_t equals = word.find('=');
            const Option* option = find_spelling(*place.command, word.substr(0, equals));
            if (option == nullptr || option->value.empty()) continue;
            if (equals == std::string::npos)
                pending = option;
            else
                note_value(place, *option, word.substr(equals + 1));
        } else {
            const auto& children = place.command->children();
            const auto child =
                std::find_if(children.begin(), children.end(), [&](const auto& each) { return each->name() == word; });
            if (child != children.end())
                place.command = child->get();
            else
                ++positionals;
        }
    }
    place.typed = words.empty() ? std::string() : words.back();
    const std::size_t equals = place.typed.find('=');
    if (pending != nullptr) {
        place.option = pending;
    } else if (!place.options_ended && place.typed.starts_with("--") && equals != std::string::npos) {
        place.option = find_spelling(*place.command, place.typed.substr(0, equals));
        place.before = place.typed.substr(0, equals + 1);
        place.typed = place.typed.substr(equals + 1);
    } else if (place.options_ended || !place.typed.starts_with("-")) {
        place.option = positional_at(*place.command, positionals);
    }
    // Several values with commas between them: the last one is being typed.
    const std::size_t comma = place.typed.rfind(',');
    const bool takes_list = place.option != nullptr && !is_argument(*place.option) && place.option->repeatable;
    if (takes_list && comma != std::string::npos) {
        place.before += place.typed.substr(0, comma + 1);
        place.typed = place.typed.substr(comma + 1);
    }
    return place;
}

std::vector<Candidate> words_of_the_tree(const Place& place) {
    std::vector<Candidate> out;
    const auto add = [&](const std::string& word, const std::string& meaning) {
        if (word.starts_with(place.typed)) out.push_back({word, meaning});
    };
    const bool is_value = place.option != nullptr && !is_argument(*place.option);
    if (is_value || !place.before.empty() || place.options_ended) return out;
    const Command& command = *place.command;
    for (const auto& child : command.children()) add(child->name(), child->summary());
    if (!place.typed.starts_with("-") && (!command.children().empty() || place.option != nullptr)) return out;
    for (const auto* options : {&command.own_options(), &command.common_options()})
        for (const Option& option : *options) {
            if (is_argument(option) || !(command.run() ? command.takes(option) : option.scope == everywhere)) continue;
            const auto names = spellings(option);
            add(names.back(), option.help);
            if (names.size() > 1 && place.typed.size() == 2) add(names.front(), option.help);
        }
    add("--help", "show the help of the program or of a command");
    if (command.name() == command.path()) add("--version", "show the version");
    return out;
}

std::vector<Candidate> values_of(const Place& place, Context& context) {
    if (place.option == nullptr) return {};
    std::vector<Candidate> out;
    for (Candidate& candidate : all_values(place, context)) {
        if (candidate.word.starts_with(":"))
            out.push_back(std::move(candidate));
        else if (candidate.word.starts_with(place.typed))
            out.push_back({place.before + candidate.word, std::move(candidate.meaning)});
    }
    return out;
}

} // namespace blongo::app
