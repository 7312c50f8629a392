// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/files.hpp>
#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/report/terminal.hpp>

#include "audit.hpp"
#include "process.hpp"

namespace blongo::app {

Context::Context(const Process& process, const Common& common) : process_(process), common_(common) {
    output_.format = common.json ? report::Format::json : common.format == "csv" ? report::Format::csv : report::Format::text;
    output_.quiet = common.quiet;
    output_.verbosity = common.verbosity;
    output_.personal = witness().personal;
    output_.clock = &process.clock;
    output_.on_output_failure = [this](int error) {
        output_error_ = error;
        if (!process_.stop.requested()) process_.stop.request(SIGPIPE); // nobody gets the results: no use to go on
    };
    report::look_at_terminals(output_, process.out_fd, process.err_fd, common.no_colour, process.environment);
    if (common.max_duration) deadline_ = process.clock.boot_time() + *common.max_duration;
    rebuild_reporter();
}

Context::~Context() {
    reporter_.reset();
    if (log_fd_ >= 0) (void)close(log_fd_);
}

void Context::rebuild_reporter() {
    reporter_ = report::make_reporter(output_, process_.out_fd, process_.err_fd);
    if (common_.quiet) reporter_ = keeping(quiet_, std::move(reporter_));
}

Result<void> Context::open_log() {
    if (common_.log_file.empty()) return {};
    log_fd_ = open_private(common_.log_file, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (log_fd_ < 0) {
        return fail(ErrorKind::usage, fmt::format("the log file cannot be opened: {}", std::generic_category().message(errno)),
                    common_.log_file, "give --log-file a file in a folder that this user may write to");
    }
    output_.log_fd = log_fd_;
    rebuild_reporter();
    return {};
}

Result<const config::Config*> Context::config() {
    if (config_) return &*config_;
    BLONGO_TRY(const std::string file,
               config::find_file(config_file_.empty() ? common_.config : config_file_, process_.environment));
    BLONGO_TRY(config_, config::load(file, process_.environment));
    if (!common_.state.empty()) {
        config_->state_url = common_.state;
        for (config::Setting& setting : config_->settings) {
            if (setting.key != "state.url") continue;
            setting.value = '"' + common_.state + '"';
            setting.origin = "--state or BLONGO_STATE";
        }
    }
    return &*config_;
}

void Context::use_config(std::string file) {
    config_file_ = std::move(file);
    config_.reset();
}

void Context::report_unusable_files() {
    if (standing_code_ != report::done) return;
    for (const std::string& message : config_->unusable_files)
        standing_code_ = failed(make_error(ErrorKind::config, message, {}, "the connections of other files go on"));
}

Result<const config::Connection*> Context::connection_called(const std::string& name) {
    BLONGO_TRY(const config::Config* loaded, config());
    if (const config::Connection* found = loaded->find(name)) return found;
    report_unusable_files(); // it may stand in one of them
    std::vector<std::string> names;
    for (const config::Connection& connection : loaded->connections) names.push_back(connection.name);
    return fail(ErrorKind::usage, fmt::format("no connection is called '{}'{}", name, did_you_mean(name, names, ", ")),
                loaded->file, fmt::format("known connections: {}", names.empty() ? "none" : join(names, ", ")));
}

Result<std::vector<const config::Connection*>> Context::connections() {
    BLONGO_TRY(const config::Config* loaded, config());
    std::vector<const config::Connection*> selected;
    std::vector<std::string> names;
    for (const config::Connection& connection : loaded->connections) {
        names.push_back(connection.name);
        if (common_.connections.empty() && connection.enabled) selected.push_back(&connection);
    }
    for (const std::string& name : common_.connections) {
        BLONGO_TRY(const config::Connection* found, connection_called(name));
        if (std::find(selected.begin(), selected.end(), found) == selected.end()) selected.push_back(found);
    }
    if (common_.connections.empty()) report_unusable_files();
    if (selected.empty()) {
        return fail(ErrorKind::config, "no connection is enabled", loaded->file,
                    fmt::format("set enabled = true in [connections.NAME] (connections: {})",
                                names.empty() ? "none" : join(names, ", ")));
    }
    output_.name_connections = selected.size() > 1 || part_of_run() >= 0;
    output_.time_zone = selected.front()->time_zone;
    rebuild_reporter();
    return selected;
}

Result<sync::Runtime> Context::runtime() {
    BLONGO_TRY(const config::Config* loaded, config());
    Secret password;
    if (loaded->state_password.set()) {
        BLONGO_TRY(password, config::read_secret(loaded->state_password, "the password of the state", process_.environment));
    }
    return sync::Runtime{.clock = process_.clock,
                         .stop = process_.stop,
                         .reporter = *reporter_,
                         .environment = process_.environment,
                         .version = BLONGO_VERSION,
                         .state_url = loaded->state_url,
                         .state_password = std::move(password),
                         .verbosity = common_.quiet ? 0 : common_.verbosity,
                         .dump_http = common_.dump_http,
                         .lock_wait = common_.lock_wait.value_or(Milliseconds{0}),
                         .deadline = deadline_};
}

void Context::print(const std::string& block) {
    report::OutputOptions plain = output_;
    plain.format = report::Format::text;
    report::make_reporter(plain, process_.out_fd, process_.err_fd)->text(block);
}

int Context::failed(const Error& error, const std::string& connection) {
    reporter_->problem(connection, error);
    return report::exit_code_for(error.kind);
}

int Context::finish(int code) {
    code = report::stronger(code, standing_code_);
    const int signal = process_.stop.signal();
    if (signal != 0 && signal != SIGPIPE) {
        code = report::stronger(code, 128 + signal);
        if (part_of_run() < 0) // else whoever runs all connections says it
            reporter_->warning({}, fmt::format("stopped by {} after the current item; the next run goes on",
                                               signal == SIGINT ? "SIGINT" : "SIGTERM"));
    }
    if (output_error_ == 0 || output_error_ == EPIPE) return code;
    const Error error = make_error(ErrorKind::internal,
                                   fmt::format("stdout cannot be written to: {}", std::generic_category().message(output_error_)),
                                   {}, "the results are not complete; run the command again");
    reporter_->problem({}, error);
    return report::stronger(code, report::failed);
}

} // namespace blongo::app
