// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/config/load.hpp>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace blongo::app {

class Context;

/// Commands that take an option; an option given to another command is a usage error, because it
/// would do nothing there.
enum Scope : unsigned {
    everywhere = 1,
    writing = 2,    ///< may write: -n and its relatives
    requesting = 4, ///< talks to a side
    by_sku = 8,     ///< can be narrowed to articles
    by_order = 16,  ///< can be narrowed to orders
    comparing = 32, ///< compares both sides: --exit-code
    by_time = 64,   ///< can be narrowed to what is newer: --since
    asking = 128    ///< asks before it does what cannot be undone: --yes
};

/// An option or positional argument. Values arrive as text; `set` reads them with our own parsers
/// and answers what is wrong with them, or nothing.
struct Option {
    std::string names; ///< "-C,--connection"; a positional: "SKU"
    std::string value; ///< what the help calls it; empty: a flag
    std::string help;
    std::function<std::optional<std::string>(const std::vector<std::string>& values)> set;
    unsigned scope = everywhere;
    bool repeatable = false;
    bool required = false;
    std::vector<std::string> words = {}; ///< all that it takes, for completion; empty: anything
};

// Setters. The last of several values counts.
[[nodiscard]] Option flag(std::string names, std::string help, bool& target);
[[nodiscard]] Option counter(std::string names, std::string help, int& target);
[[nodiscard]] Option text(std::string names, std::string value, std::string help, std::string& target);
[[nodiscard]] Option list(std::string names, std::string value, std::string help, std::vector<std::string>& target);
[[nodiscard]] Option number(std::string names, std::string value, std::string help, std::int64_t& target);
[[nodiscard]] Option duration(std::string names, std::string value, std::string help, std::optional<Milliseconds>& target);
[[nodiscard]] Option positional(const std::string& name, std::string help, bool required, std::vector<std::string>& target);

/// The same, without which the command cannot be run.
[[nodiscard]] Option required(Option option);

/// The same, with the words that it takes.
[[nodiscard]] Option one_of(Option option, std::vector<std::string> words);

/// "--lock-wait" -> "BLONGO_LOCK_WAIT"; empty for a positional.
[[nodiscard]] std::string environment_name(const Option& option);

/// A command, or a group of commands, in the tree that is parsed and from which help is written.
/// Wraps CLI11, which is used for argv only.
class Command {
public:
    using Run = std::function<int(Context&)>;
    Command(CLI::App& app, std::string path, std::string summary, std::deque<Option>& common);
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    ~Command();

    Command& group(const std::string& name, const std::string& summary);
    /// `takes`: scopes of the common options that have an effect here.
    Command& command(const std::string& name, const std::string& summary, unsigned takes, Run run);
    Command& add(Option option);
    /// Paragraphs of the help below the summary.
    Command& details(std::string text);
    /// It prints rows, so that --format csv makes sense.
    Command& prints_rows() noexcept;
    /// It makes a page, so that --format html makes sense.
    Command& makes_page() noexcept;

    [[nodiscard]] const std::string& path() const noexcept { return path_; } ///< "blongo articles sync"
    [[nodiscard]] const std::string& summary() const noexcept { return summary_; }
    [[nodiscard]] const std::string& details() const noexcept { return details_; }
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const std::deque<std::unique_ptr<Command>>& children() const noexcept { return children_; }
    [[nodiscard]] const std::deque<Option>& own_options() const noexcept { return own_; }
    [[nodiscard]] const std::deque<Option>& common_options() const noexcept { return common_; }
    [[nodiscard]] bool takes(const Option& option) const noexcept;
    [[nodiscard]] const Run& run() const noexcept { return run_; }
    [[nodiscard]] bool has_rows() const noexcept { return has_rows_; }
    [[nodiscard]] bool has_page() const noexcept { return has_page_; }

private:
    friend class CommandLine;
    struct Bound {
        const Option* option;
        CLI::Option* parsed;
    };
    /// Tells the parser the options of this command, and of those below that `arguments` may mean: telling it all of them
    /// costs more than many a command does.
    void bind_named(std::span<const std::string> arguments);
    void bind(const Option& option);
    [[nodiscard]] std::vector<std::string> given(const Option& option) const;
    CLI::App& app_;
    std::string path_, summary_, details_;
    std::deque<Option>& common_;
    std::deque<Option> own_;
    std::vector<Bound> bound_;
    std::deque<std::unique_ptr<Command>> children_;
    unsigned takes_ = everywhere;
    bool has_rows_ = false, has_page_ = false;
    Run run_;
};

/// The help of a command: usage, options with their meaning, commands of a group.
[[nodiscard]] std::string help_text(const Command& command);

/// The parser: a tree of commands with the common options at every node, so that they may stand
/// before and after the command's name.
class CommandLine {
public:
    CommandLine(const std::string& program, const std::string& summary, std::deque<Option> common);
    ~CommandLine();
    [[nodiscard]] Command& root() noexcept { return *root_; }

    /// What an argv asks for. Nothing has been done yet.
    struct Chosen {
        const Command* command = nullptr;
        bool help = false, version = false;
    };
    /// Sets the targets of all options, from argv or else from the environment. Errors are
    /// ErrorKind::usage with a suggestion and "Try: ..." as remedy.
    [[nodiscard]] Result<Chosen> parse(std::span<const std::string> arguments, const config::Environment& environment);

private:
    [[nodiscard]] std::vector<const Command*> chain() const;
    [[nodiscard]] static std::vector<std::string> given(std::span<const Command* const> chain, const Option& option);
    [[nodiscard]] Result<void> set_options(std::span<const Command* const> chain, const config::Environment& environment) const;
    [[nodiscard]] Result<void> check_extras(std::span<const Command* const> chain) const;
    std::deque<Option> common_;
    std::unique_ptr<CLI::App> app_;
    std::unique_ptr<Command> root_;
};

} // namespace blongo::app
