// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "command.hpp"

namespace blongo::app {
namespace {

constexpr std::size_t line_width = 80;
constexpr std::size_t names_width = 26;

struct Entry {
    std::string left, right;
};

/// Words folded into lines; the first begins at `used`, the others at `indent`.
std::string folded(const std::string& text, std::size_t used, std::size_t indent) {
    std::string out;
    std::size_t column = used;
    bool first = true;
    for (const std::string& word : split(text, ' ')) {
        const std::size_t width = display_width(word);
        if (!first && column + 1 + width > line_width) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += width;
        first = false;
    }
    return out;
}

std::string section(const std::string& title, const std::vector<Entry>& entries) {
    if (entries.empty()) return {};
    std::string out = '\n' + title + ":\n";
    for (const Entry& entry : entries) {
        std::string line = "  " + entry.left;
        if (line.size() < names_width)
            line += std::string(names_width - line.size(), ' ');
        else
            line += '\n' + std::string(names_width, ' ');
        out += line + folded(entry.right, names_width, names_width) + '\n';
    }
    return out;
}

bool is_positional(const Option& option) {
    return option.names.find('-') != 0;
}

Entry entry_of(const Option& option) {
    if (is_positional(option)) return {option.names, option.help};
    std::string left = option.names;
    const std::size_t comma = left.find(',');
    if (comma == std::string::npos)
        left = "    " + left;
    else
        left.insert(comma + 1, " ");
    if (!option.value.empty()) left += ' ' + option.value;
    return {left, option.help + (option.repeatable ? " (repeatable)" : "")};
}

std::string usage(const Command& command) {
    std::string line = "Usage: " + command.path();
    if (!command.run()) return line + " COMMAND [options]\n";
    for (const Option& option : command.own_options()) {
        if (!is_positional(option)) continue;
        const std::string name = option.names + (option.repeatable ? "..." : "");
        line += option.required ? ' ' + name : " [" + name + ']';
    }
    return line + " [options]\n";
}

constexpr const char* root_footer = R"(
Options stand before or after the command; blongo COMMAND --help shows those
that the command takes. Every option has an environment name: --lock-wait is
BLONGO_LOCK_WAIT. Option wins over environment over file over default.

Exit codes:
  0 done   1 failed   2 usage or configuration   3 new problems parked
  4 credentials refused   5 unreachable or out of time   6 no such object
  7 stopped by a guard   8 a write of unknown outcome   9 differences
  (--exit-code)   11 locked   130, 143 stopped by a signal
)";

} // namespace

std::string help_text(const Command& command) {
    std::string out = usage(command) + '\n' + folded(command.summary(), 0, 0) + ".\n";
    if (!command.details().empty())
        for (const std::string& paragraph : split(command.details(), '\n')) out += '\n' + folded(paragraph, 0, 0) + '\n';

    std::vector<Entry> commands, arguments, options, common;
    for (const auto& child : command.children()) commands.push_back({child->name(), child->summary()});
    for (const Option& option : command.own_options()) (is_positional(option) ? arguments : options).push_back(entry_of(option));
    if (command.run()) {
        for (const Option& option : command.common_options())
            if (command.takes(option)) (option.scope == everywhere ? common : options).push_back(entry_of(option));
    } else if (command.name() == command.path()) {
        for (const Option& option : command.common_options())
            if (option.scope == everywhere) common.push_back(entry_of(option));
        common.push_back({"-h, --help", "show the help of the program or of a command"});
        common.push_back({"    --version", "show the version"});
    }
    out += section("Commands", commands) + section("Arguments", arguments) + section("Options", options) +
           section("Common options", common);
    if (command.name() == command.path())
        out += root_footer;
    else if (!command.run())
        out += fmt::format("\nSee {} COMMAND --help.\n", command.path());
    return out;
}

} // namespace blongo::app
