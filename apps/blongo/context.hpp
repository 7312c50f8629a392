// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/config/load.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

#include "common.hpp"
#include "quiet_output.hpp"

namespace blongo::app {

/// What the process gives to a command; replaced in tests.
struct Process {
    std::vector<std::string> arguments; ///< without the program's name
    config::Environment environment;
    Clock& clock;
    StopToken& stop;
    int out_fd = 1, err_fd = 2;
};

/// Everything that a command works with: its common options, the configuration, the reporter.
class Context {
public:
    Context(const Process& process, const Common& common);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] const Common& common() const noexcept { return common_; }
    [[nodiscard]] const Process& process() const noexcept { return process_; }
    [[nodiscard]] report::Reporter& reporter() noexcept { return *reporter_; }
    [[nodiscard]] report::Format format() const noexcept { return output_.format; }

    /// Columns of the terminal that stdout is; 0: it is none.
    [[nodiscard]] std::size_t columns() const noexcept { return static_cast<std::size_t>(output_.out_width); }

    /// Opens --log-file. Errors are ErrorKind::usage.
    [[nodiscard]] Result<void> open_log();
    /// The configuration, loaded at the first call, with --state in place.
    [[nodiscard]] Result<const config::Config*> config();
    /// From now on the configuration is this file, read anew: init has just written it.
    void use_config(std::string file);
    /// The connection of that name, enabled or not. Errors (usage) list the known names.
    [[nodiscard]] Result<const config::Connection*> connection_called(const std::string& name);
    /// The connections that -C names, else all enabled ones. Errors (usage) list the known names. Without
    /// -C, and when a name is not found, included files that cannot be used are reported, once.
    [[nodiscard]] Result<std::vector<const config::Connection*>> connections();
    /// What the flows share in this run. Errors: a state password that cannot be read.
    [[nodiscard]] Result<sync::Runtime> runtime();

    /// A run that may write was made for this connection: after_run() tells about it. For one thread.
    void wrote_for(const config::Connection& connection) { written_for_.insert(connection.name); }
    [[nodiscard]] const std::set<std::string>& written_for() const noexcept { return written_for_; }

    /// What quiet runs of whole flows print later, or not at all.
    [[nodiscard]] QuietOutput& quiet() noexcept { return quiet_; }

    /// Prints text as it is on stdout: help, version.
    void print(const std::string& block);
    /// Reports an error and answers its exit code.
    int failed(const Error& error, const std::string& connection = {});
    /// The code of the whole command: with what unusable files, a signal or a broken stdout add.
    [[nodiscard]] int finish(int code);

private:
    void rebuild_reporter();
    void report_unusable_files();
    const Process& process_;
    const Common& common_;
    report::OutputOptions output_;
    QuietOutput quiet_;
    std::unique_ptr<report::Reporter> reporter_;
    std::optional<config::Config> config_;
    std::string config_file_;              ///< empty: found by the rules
    std::optional<Milliseconds> deadline_; ///< boot time
    std::set<std::string> written_for_;    ///< names of connections
    int standing_code_ = 0;                ///< of what was reported and stopped nothing
    int log_fd_ = -1;
    int output_error_ = 0;
};

} // namespace blongo::app
