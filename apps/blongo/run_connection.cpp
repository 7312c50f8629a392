// SPDX-License-Identifier: Apache-2.0
#include "run_connection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>

namespace blongo::app {
namespace {

/// Every flow talks to both sides: after these the next one would end the same way.
bool ends_connection(const Error& error) {
    return error.kind == ErrorKind::auth || error.kind == ErrorKind::throttled || error.kind == ErrorKind::not_sent;
}

/// What a person reads about a flow in the closing lines of a run.
std::string finding_of(const config::Connection& connection, int code, const std::vector<Error>& errors) {
    for (const Error& error : errors)
        if (report::exit_code_for(error.kind) == code) return error.message;
    if (code == report::has_problems)
        return fmt::format("something was newly parked or rejected: blongo parked list -C {}", connection.name);
    if (code == report::unknown_outcome) return fmt::format("blongo unknown list -C {}", connection.name);
    if (code == report::unreachable) return "time ran out with work left";
    return errors.empty() ? std::string{} : errors.front().message;
}

std::string first_config_error(const config::Connection& connection, const std::string& flow) {
    const auto found = connection.errors.find(flow);
    return found == connection.errors.end() || found->second.empty() ? std::string{} : found->second.front();
}

/// The flows that this connection is to run.
std::vector<const FlowEntry*> wanted_flows(const config::Connection& connection, const std::set<std::string>& only) {
    std::vector<const FlowEntry*> wanted;
    for (const FlowEntry& flow : flows()) {
        const bool meant = only.empty() || only.contains(std::string(flow.name));
        if (meant && flow.enabled(connection)) wanted.push_back(&flow);
    }
    return wanted;
}

/// "articles, stock" from here on.
std::string names_from(const std::vector<const FlowEntry*>& wanted, std::size_t begin) {
    std::vector<std::string> names;
    for (std::size_t i = begin; i < wanted.size(); ++i) names.emplace_back(wanted[i]->name);
    return join(names, ", ");
}

class ConnectionRun {
public:
    ConnectionRun(Context& context, const config::Connection& connection)
        : context_(context), connection_(connection), options_(flow_options(context.common())) {}

    std::vector<FlowResult> all(const std::set<std::string>& only) {
        if (!connection_.enabled) {
            context_.reporter().warning(connection_.name, "passed over: the connection is disabled");
            return {};
        }
        if (connection_.errors.contains("")) { // told once, not for every flow
            (void)is_usable(context_, connection_, "");
            return {{"", report::misused, first_config_error(connection_, "")}};
        }
        const auto wanted = wanted_flows(connection_, only);
        for (std::size_t i = 0; i < wanted.size() && !context_.process().stop.requested(); ++i) {
            if (out_of_time(wanted, i) || paused()) break;
            if (run_one(*wanted[i])) continue;
            if (i + 1 < wanted.size())
                context_.reporter().warning(connection_.name,
                                            fmt::format("{} {} not run: the same would happen there", names_from(wanted, i + 1),
                                                        i + 2 == wanted.size() ? "was" : "were"));
            break;
        }
        return std::move(results_);
    }

private:
    /// False: the next flows would meet the same.
    bool run_one(const FlowEntry& flow) {
        const std::string name(flow.name);
        if (!is_usable(context_, connection_, name, true)) {
            results_.push_back({name, report::misused, first_config_error(connection_, name)});
            return true;
        }
        std::vector<Error> errors;
        const int code = run_on(context_, flow, connection_, options_, &errors);
        results_.push_back({name, code, code == report::done ? std::string{} : finding_of(connection_, code, errors)});
        return std::none_of(errors.begin(), errors.end(), ends_connection);
    }

    bool out_of_time(const std::vector<const FlowEntry*>& wanted, std::size_t next) {
        const auto left = time_left(context_);
        if (!left || *left > Milliseconds{0}) return false;
        const Error error = make_error(ErrorKind::timeout, fmt::format("time ran out before {}", names_from(wanted, next)), {},
                                       "a later run goes on; if it happens often, give --max-duration more");
        results_.push_back({std::string(wanted[next]->name), context_.failed(error, connection_.name), error.message});
        return true;
    }

    bool paused() {
        const auto pause = pause_text(context_, connection_);
        if (!pause) {
            results_.push_back({"", context_.failed(pause.error(), connection_.name), pause.error().message});
            return true;
        }
        if (*pause) pass_over(context_, connection_, **pause);
        return pause->has_value();
    }

    Context& context_;
    const config::Connection& connection_;
    sync::FlowOptions options_;
    std::vector<FlowResult> results_;
};

} // namespace

std::vector<FlowResult> run_connection(Context& context, const config::Connection& connection,
                                       const std::set<std::string>& only) {
    return ConnectionRun(context, connection).all(only);
}

std::optional<Milliseconds> time_left(Context& context) {
    const auto runtime = context.runtime();
    if (!runtime || !runtime->deadline) return std::nullopt;
    return *runtime->deadline - context.process().clock.boot_time();
}

int strongest(const std::vector<FlowResult>& results) {
    int code = report::done;
    for (const FlowResult& result : results) code = report::stronger(code, result.exit_code);
    return code;
}

std::string to_lines(const std::vector<FlowResult>& results) {
    std::string lines;
    for (const FlowResult& result : results)
        lines += json::Value::object()
                     .set("flow", result.flow)
                     .set("exit_code", result.exit_code)
                     .set("finding", result.finding)
                     .dump() +
                 '\n';
    return lines;
}

std::vector<FlowResult> from_lines(const std::string& lines) {
    std::vector<FlowResult> results;
    for (const std::string& line : split(lines, '\n')) {
        const auto value = json::Value::parse(line);
        if (!value || !value->is_object()) continue; // the child was killed in the middle of it
        const json::Value& read = *value;
        results.push_back({std::string(read["flow"].text()), static_cast<int>(read["exit_code"].integer()),
                           std::string(read["finding"].text())});
    }
    return results;
}

} // namespace blongo::app
