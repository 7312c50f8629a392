// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <set>

#include <blongo/report/json_lines.hpp>
#include <blongo/report/output.hpp>
#include <blongo/report/reporters.hpp>
#include <blongo/report/summary_json.hpp>
#include <blongo/report/words.hpp>

namespace blongo::report {
namespace {

/// JSON Lines: results on stdout, errors and everything else on stderr, one object a line.
class JsonReporter final : public Reporter {
public:
    JsonReporter(const OutputOptions& options, int out_fd, int err_fd) : options_(options), output_(out_fd, err_fd, options) {}

    void action(const Action& action) override {
        if (where_shown(action, options_) != Shown::nowhere) result(action_json(action, options_.personal));
    }
    void summary(const Summary& summary) override {
        if (!options_.quiet) result(summary_json(summary));
    }
    void problem(const std::string& connection, const Error& error) override {
        const std::lock_guard lock(mutex_);
        const std::string line = error_json(connection, error);
        if (told_.insert(line).second) output_.message(Priority::error, line + '\n');
    }
    void warning(const std::string& connection, const std::string& text) override {
        if (!options_.quiet) message(Priority::warning, "warning", connection, text);
    }
    void info(const std::string& connection, const std::string& text) override {
        if (options_.verbosity > 0 && !options_.quiet) message(Priority::info, "info", connection, text);
    }
    void exchange(const std::string& connection, const std::string& line, const std::string& bodies) override {
        if (options_.verbosity == 0 || options_.quiet) return;
        message(Priority::debug, "exchange", connection, line, options_.verbosity > 1 ? bodies : "");
    }
    void progress(const std::string&, const std::string&, std::int64_t, std::int64_t) override {}
    void row(const std::string& message_type, const std::vector<Cell>& cells) override { result(row_json(message_type, cells)); }
    void end_rows(const std::string&) override {}
    void text(const std::string&) override {}

private:
    void result(const std::string& line) {
        const std::lock_guard lock(mutex_);
        output_.result(line + '\n');
    }
    void message(Priority priority, const std::string& type, const std::string& connection, const std::string& text,
                 const std::string& bodies = {}) {
        const std::lock_guard lock(mutex_);
        output_.message(priority, message_json(type, connection, text, bodies) + '\n');
    }

    std::mutex mutex_;
    OutputOptions options_;
    Output output_;
    std::set<std::string> told_;
};

} // namespace

std::unique_ptr<Reporter> make_json_reporter(const OutputOptions& options, int out_fd, int err_fd) {
    return std::make_unique<JsonReporter>(options, out_fd, err_fd);
}

} // namespace blongo::report
