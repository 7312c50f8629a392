// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <random>

#include <fmt/format.h>
#include <unistd.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>

#include "audit.hpp"
#include "commands.hpp"
#include "process.hpp"
#include "rows.hpp"
#include "run_children.hpp"
#include "run_connection.hpp"

namespace blongo::app {
namespace {

constexpr std::int64_t default_parallel = 4; ///< one slow or blocked client must not hold up all others

struct RunArguments {
    std::vector<std::string> only;
    std::int64_t parallel = default_parallel;
    std::optional<Milliseconds> jitter;
};

/// The flows of --only; empty: all.
Result<std::set<std::string>> read_only_flows(const RunArguments& arguments) {
    std::set<std::string> only;
    std::vector<std::string> names;
    for (const FlowEntry& flow : flows()) names.emplace_back(flow.name);
    for (const std::string& word : split_lists(arguments.only)) {
        if (find_flow(word) == nullptr) {
            return fail(ErrorKind::usage, fmt::format("no flow is called '{}'{}", word, did_you_mean(word, names, ", ")),
                        "--only", "the flows: " + join(names, ", "));
        }
        only.insert(word);
    }
    return only;
}

/// So that many machines, or many lines of one crontab, do not begin in the same second. False: stopped meanwhile.
bool wait_at_random(Context& context, const RunArguments& arguments) {
    if (!arguments.jitter || arguments.jitter->count() <= 0) return !context.process().stop.requested();
    std::random_device source;
    std::uniform_int_distribution<std::int64_t> any(0, arguments.jitter->count());
    return context.process().clock.sleep(Milliseconds{any(source)}, context.process().stop);
}

/// What a child is given: the options of this run, but for what concerns all connections.
std::vector<std::string> child_arguments(Context& context, const RunArguments& arguments, const std::string& config_file,
                                         const std::string& connection) {
    const Common& common = context.common();
    std::vector<std::string> out = {"run", "--connection", connection, "--config", config_file, "--jitter", "0s"};
    const auto give = [&](const char* name, const std::string& value) {
        if (!value.empty()) out.insert(out.end(), {name, value});
    };
    const auto flag = [&](const char* name, bool given) {
        if (given) out.emplace_back(name);
    };
    for (const std::string& flow : arguments.only) give("--only", flow);
    give("--state", common.state);
    give("--log-file", common.log_file);
    give("--dump-http", common.dump_http);
    give("--as", witness().acting_as);
    give("--format", common.json ? "json" : "text");
    if (common.limit > 0) give("--limit", std::to_string(common.limit));
    if (common.lock_wait) give("--lock-wait", fmt::format("{}ms", common.lock_wait->count()));
    if (const auto left = time_left(context)) give("--max-duration", fmt::format("{}ms", left->count()));
    flag("--dry-run", common.dry_run);
    flag("--quiet", common.quiet);
    flag("--personal", witness().personal);
    flag("--exit-code", common.exit_code);
    flag("--strict", common.strict);
    flag("--no-color", common.no_colour);
    for (int i = 0; i < common.verbosity; ++i) out.emplace_back("-v");
    return out;
}

/// How one connection of several ended.
struct ConnectionEnd {
    const config::Connection* connection;
    int exit_code;
    std::string flows, finding; ///< of what was strongest
    Milliseconds duration;
};

ConnectionEnd judge(Context& context, const config::Connection& connection, const ChildEnd& child) {
    ConnectionEnd end{&connection, child.exit_code, {}, {}, child.duration};
    const int signal = context.process().stop.signal();
    if (!child.started && signal != 0) {
        end.exit_code = signal == SIGPIPE ? report::done : 128 + signal;
        end.finding = "not started: the run was stopped";
        return end;
    }
    if (!child.started) {
        const Error error = make_error(ErrorKind::timeout, "time ran out before this connection", {},
                                       "a later run goes on; give --max-duration or --parallel more");
        end.exit_code = context.failed(error, connection.name);
        end.finding = error.message;
        return end;
    }
    if (signal == SIGPIPE && child.exit_code == report::stopped_by_sigterm) end.exit_code = report::done; // asked by us
    if (child.error) {
        (void)context.failed(*child.error, connection.name);
        end.finding = child.error->message;
        return end;
    }
    std::vector<std::string> names;
    for (const FlowResult& result : from_lines(child.told)) {
        if (result.exit_code != end.exit_code || result.exit_code == report::done) continue;
        if (!result.flow.empty()) names.push_back(result.flow);
        if (end.finding.empty()) end.finding = result.finding;
    }
    end.flows = join(names, ", ");
    return end;
}

/// Which connection ended how: in JSON all of them, in text those that did not end well.
void print_closing(Context& context, const std::vector<ConnectionEnd>& ends) {
    if (context.common().quiet) return;
    const bool text = context.format() == report::Format::text;
    const auto well = std::count_if(ends.begin(), ends.end(), [](const auto& end) { return end.exit_code == report::done; });
    const auto others = static_cast<std::ptrdiff_t>(ends.size()) - well;
    if (text)
        context.reporter().text(others == 0 ? fmt::format("{} connections: all ok", ends.size())
                                            : fmt::format("{} connections: {} ok, {} not:", ends.size(), well, others));
    for (const ConnectionEnd& end : ends) {
        if (text && end.exit_code == report::done) continue;
        std::vector<Cell> cells = {text_cell("connection", end.connection->name), number_cell("exit_code", end.exit_code),
                                   text_cell("result", std::string(report::exit_code_words(end.exit_code))),
                                   text_cell("flows", end.flows), text_cell("finding", end.finding)};
        if (!text) cells.push_back(number_cell("duration_ms", end.duration.count()));
        context.reporter().row("run", cells);
    }
    context.reporter().end_rows("");
}

/// Each connection in a process of its own: whatever happens to one, a crash included, touches no other.
int run_all(Context& context, const std::vector<const config::Connection*>& connections, const RunArguments& arguments,
            const std::string& config_file) {
    const auto to_stderr = [&](std::string_view lines) {
        while (!lines.empty()) {
            const auto count = ::write(context.process().err_fd, lines.data(), lines.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return;
            lines.remove_prefix(static_cast<std::size_t>(count));
        }
    };
    const ChildRun run{.count = connections.size(),
                       .parallel = static_cast<std::size_t>(arguments.parallel),
                       .arguments = [&](std::size_t index) -> std::optional<std::vector<std::string>> {
                           const auto left = time_left(context);
                           if (left && left->count() <= 0) return std::nullopt;
                           return child_arguments(context, arguments, config_file, connections[index]->name);
                       },
                       .out = [&](std::string_view lines) { context.print(std::string(lines)); },
                       .err = to_stderr,
                       .clock = context.process().clock,
                       .stop = context.process().stop};
    const std::vector<ChildEnd> children = run_children(run);
    std::vector<ConnectionEnd> ends;
    int code = report::done;
    for (std::size_t i = 0; i < children.size(); ++i) {
        ends.push_back(judge(context, *connections[i], children[i]));
        code = report::stronger(code, ends.back().exit_code);
    }
    print_closing(context, ends);
    return code;
}

int run_everything(Context& context, const RunArguments& arguments) {
    const auto only = read_only_flows(arguments);
    if (!only) return context.failed(only.error());
    if (arguments.parallel < 1)
        return context.failed(make_error(ErrorKind::usage, "--parallel 0 would run nothing", {}, "give 1 or more"));
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    const auto config = context.config();
    if (!wait_at_random(context, arguments)) return report::done; // finish() says the rest
    if (connections->size() > 1) return run_all(context, *connections, arguments, (*config)->file);
    const auto results = run_connection(context, *connections->front(), *only);
    const std::string lines = to_lines(results);
    const int fd = part_of_run();
    if (fd >= 0 && ::write(fd, lines.data(), lines.size()) < 0) return strongest(results); // nobody asks any more
    return strongest(results);
}

} // namespace

void add_run(Command& root) {
    auto arguments = std::make_shared<RunArguments>();
    root.command("run", "All enabled flows of all connections: what cron calls", everywhere | writing | requesting,
                 [arguments](Context& context) { return run_everything(context, *arguments); })
        .add(list("--only", "FLOWS", "only these flows: orders,stock", arguments->only))
        .add(number("--parallel", "N", "so many connections at once (4)", arguments->parallel))
        .add(duration("--jitter", "D", "wait at random up to this long before the start", arguments->jitter))
        .details("Shipments, orders, articles, stock, returns, in this order. What is disabled, in the configuration or by "
                 "blongo connection pause, is passed over. --max-duration is one deadline for everything, the wait of --jitter "
                 "included.\n"
                 "With several connections each runs in a process of its own, and at the end it is said which one ended how. "
                 "One connection's trouble never stops another; the strongest exit code counts. A flow that failed does not "
                 "stop the connection's next ones, unless a side refuses the credentials, blocks the token or cannot be "
                 "reached.\n"
                 "SIGTERM and SIGINT end it after the current item of each connection.");
}

} // namespace blongo::app
