// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <blongo/report/output.hpp>
#include <blongo/report/progress.hpp>
#include <blongo/report/reporters.hpp>
#include <blongo/report/table.hpp>
#include <blongo/report/words.hpp>

namespace blongo::report {
namespace {

std::string indented(const std::string& block) {
    std::string out;
    bool line_begins = true;
    for (const char c : block) {
        if (line_begins) out += "    ";
        out += c;
        line_begins = c == '\n';
    }
    if (!line_begins) out += '\n';
    return out;
}

class TextReporter final : public Reporter {
public:
    TextReporter(const OutputOptions& options, int out_fd, int err_fd) : options_(options), output_(out_fd, err_fd, options) {}

    void action(const Action& action) override {
        const std::lock_guard lock(mutex_);
        switch (where_shown(action, options_)) {
        case Shown::nowhere: return;
        case Shown::on_stdout: output_.result(action_lines(action, options_, options_.colour)); return;
        case Shown::on_stderr: {
            OutputOptions named = options_; // off a terminal the line stands alone in a log
            named.name_connections = true;
            output_.message(Priority::warning, action_lines(action, named, options_.error_colour),
                            action_lines(action, named, false));
        }
        }
    }
    void summary(const Summary& summary) override {
        const std::lock_guard lock(mutex_);
        if (!options_.quiet)
            output_.result(summary_line(summary) + '\n');
        else
            output_.clear_progress();
    }
    void problem(const std::string& connection, const Error& error) override {
        const std::lock_guard lock(mutex_);
        const std::string plain = problem_lines(connection, error, false);
        if (told_.insert(plain).second)
            output_.message(Priority::error, problem_lines(connection, error, options_.error_colour), plain);
    }
    void warning(const std::string& connection, const std::string& text) override {
        if (!options_.quiet) message(Priority::warning, "warning: ", connection, text);
    }
    void info(const std::string& connection, const std::string& text) override {
        if (options_.verbosity > 0 && !options_.quiet) message(Priority::info, "", connection, text);
    }
    void exchange(const std::string& connection, const std::string& line, const std::string& bodies) override {
        if (options_.verbosity == 0 || options_.quiet) return;
        message(Priority::debug, "", connection, line, options_.verbosity > 1 ? printable_lines(bodies) : "");
    }
    void progress(const std::string& connection, const std::string& step, std::int64_t done, std::int64_t total) override {
        if (!options_.terminal || options_.quiet) return;
        const std::lock_guard lock(mutex_);
        if (const auto line = progress_.update(connection, step, done, total, clock().boot_time())) output_.draw_progress(*line);
    }
    void row(const std::string&, const std::vector<Cell>& cells) override {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> names, texts;
        const bool csv = options_.format == Format::csv;
        for (const Cell& cell : cells) {
            names.push_back(cell.name);
            texts.push_back(csv ? cell.text : printable(cell.text));
        }
        if (csv) {
            if (rows_ == 0) output_.result(csv_line(names));
            output_.result(csv_line(texts));
        } else {
            if (rows_ == 0) table_.begin(std::move(names), static_cast<std::size_t>(options_.out_width));
            print(table_.add(std::move(texts)));
        }
        ++rows_;
    }
    void end_rows(const std::string& empty_text) override {
        const std::lock_guard lock(mutex_);
        if (options_.format != Format::csv) {
            print(table_.end());
            if (rows_ == 0 && !empty_text.empty() && !options_.quiet) print(empty_text + '\n');
        }
        rows_ = 0;
    }
    void text(const std::string& block) override {
        const std::lock_guard lock(mutex_);
        if (options_.format == Format::csv) return;
        std::string lines = printable_lines(block);
        if (!lines.empty() && lines.back() != '\n') lines += '\n';
        print(lines);
    }

private:
    void print(const std::string& lines) {
        if (!lines.empty()) output_.result(lines);
    }
    void message(Priority priority, const char* kind, const std::string& connection, const std::string& text,
                 const std::string& block = {}) {
        const std::lock_guard lock(mutex_);
        std::string lines = kind;
        if (!connection.empty()) lines += connection + ": ";
        lines += printable_lines(text) + '\n';
        output_.message(priority, lines + indented(block));
    }
    [[nodiscard]] const Clock& clock() const {
        static const SystemClock machine;
        return options_.clock != nullptr ? *options_.clock : machine;
    }

    std::mutex mutex_;
    OutputOptions options_;
    Output output_;
    Progress progress_;
    Table table_;
    std::size_t rows_ = 0;
    std::set<std::string> told_;
};

} // namespace

std::unique_ptr<Reporter> make_text_reporter(const OutputOptions& options, int out_fd, int err_fd) {
    return std::make_unique<TextReporter>(options, out_fd, err_fd);
}

std::unique_ptr<Reporter> make_reporter(const OutputOptions& options, int out_fd, int err_fd) {
    return options.format == Format::json ? make_json_reporter(options, out_fd, err_fd)
                                          : make_text_reporter(options, out_fd, err_fd);
}

} // namespace blongo::report
