// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/text.hpp>

#include "examples.hpp"
#include "pages.hpp"
#include "roff.hpp"

namespace blongo::docs {
namespace {

using app::Command;
using app::Option;

bool is_argument(const Option& option) {
    return option.names.find('-') != 0;
}

std::string page_name(const Command& command) {
    return join(split(command.path(), ' '), "-");
}

/// "blongo orders hold N... [options]".
std::string synopsis(const Command& command) {
    std::string line = command.path();
    if (!command.run()) return line + " COMMAND [options]";
    for (const Option& option : command.own_options()) {
        if (!is_argument(option)) continue;
        const std::string name = option.names + (option.repeatable ? "..." : "");
        line += option.required ? ' ' + name : " [" + name + ']';
    }
    return line + " [options]";
}

void add_option(Page& page, const Option& option) {
    std::string meaning = option.help;
    if (option.repeatable) meaning += " (repeatable)";
    if (option.required && !is_argument(option)) meaning += " (required)";
    page.item(is_argument(option) ? option.names : join(split(option.names, ','), ", "), is_argument(option) ? "" : option.value,
              meaning);
}

void add_own_options(Page& page, const Command& command) {
    for (const Option& option : command.own_options())
        if (is_argument(option)) add_option(page, option);
    for (const Option& option : command.own_options())
        if (!is_argument(option)) add_option(page, option);
    if (!command.run()) return;
    for (const Option& option : command.common_options())
        if (option.scope != app::everywhere && command.takes(option)) add_option(page, option);
}

void describe(Page& page, const Command& command) {
    page.paragraph(command.summary() + '.');
    if (command.details().empty()) return;
    for (const std::string& text : split(command.details(), '\n'))
        if (!text.empty()) page.paragraph(text);
}

void add_examples(Page& page, const Command& command) {
    const auto examples = examples_of(command.path());
    if (examples.empty()) return;
    page.heading("Examples");
    for (const Example& example : examples) page.item(std::string(example.line), "", std::string(example.meaning));
}

constexpr const char* see_also_all = "blongo(1) blongo.toml(5) blongo-json(7)";

void add_page(const Command& command, Pages& pages) {
    Page page(page_name(command), 1, command.summary());
    page.heading("Synopsis");
    if (command.run()) page.block(synopsis(command));
    std::string lines;
    for (const auto& child : command.children()) lines += (lines.empty() ? "" : "\n") + synopsis(*child);
    if (!lines.empty()) page.block(lines);
    page.heading("Description");
    describe(page, command);
    if (command.run()) {
        page.heading("Options");
        add_own_options(page, command);
    }
    if (!command.children().empty()) page.heading("Commands");
    for (const auto& child : command.children()) {
        page.subheading(child->path());
        describe(page, *child);
        add_own_options(page, *child);
    }
    page.paragraph("Options that every command takes, exit codes, files and environment: see blongo(1).");
    add_examples(page, command);
    page.see_also(see_also_all);
    pages[page_name(command) + ".1"] = page.text();
}

struct Code {
    const char* code;
    const char* meaning;
};
constexpr Code codes[] = {
    {"0", "done, also when there was nothing to do"},
    {"1", "failed for a cause not listed here"},
    {"2", "usage or configuration error; nothing was written"},
    {"3", "finished; this run rejected or parked something new (--strict: or something still waits)"},
    {"4", "a side refused the credentials"},
    {"5", "a side was unreachable or throttled us, or time ran out with work left; a later run will probably do"},
    {"6", "no such object"},
    {"7", "a guard stopped the run before the first destructive write"},
    {"8", "a write whose outcome is unknown is waiting"},
    {"9", "only with --exit-code: differences exist"},
    {"11", "another run holds the lock"},
    {"130, 143", "stopped by SIGINT, SIGTERM after finishing the current item"},
};

} // namespace

void add_command_pages(const Command& root, Pages& pages) {
    Page page("blongo", 1, root.summary());
    page.heading("Synopsis");
    page.block("blongo COMMAND [options]\nblongo COMMAND --help\nblongo --version");
    page.heading("Description");
    page.paragraph(root.summary() +
                   ". It runs from cron, from systemd timers and by hand, writes only what differs, and "
                   "says of everything that it could not do what is wrong, who can mend it, and with which command.");
    page.heading("Commands");
    std::string others;
    for (const auto& child : root.children()) {
        page.item(child->path(), child->run() ? "" : "COMMAND", child->summary() + "; see " + page_name(*child) + "(1).");
        others += page_name(*child) + "(1) ";
    }
    page.heading("Common options");
    page.paragraph("They stand before or after the words of a command.");
    for (const Option& option : root.common_options())
        if (option.scope == app::everywhere) add_option(page, option);
    page.item("-h, --help", "", "show the help of the program or of a command");
    page.item("--version", "", "show the version");
    page.subheading("Of commands that they concern");
    for (const Option& option : root.common_options())
        if (option.scope != app::everywhere) add_option(page, option);
    page.heading("Exit status");
    for (const Code& code : codes) page.item(code.code, "", code.meaning);
    page.paragraph("When several apply: 130/143 > 8 > 1 > 7 > 4 > 2 > 6 > 5 > 11 > 3 > 9 > 0. With several connections "
                   "the strongest one counts.");
    page.heading("Environment");
    page.paragraph("An option wins over the environment, the environment over the configuration, that over the default. "
                   "Repeatable options take commas.");
    for (const Option& option : root.common_options())
        page.item(app::environment_name(option), "", join(split(option.names, ','), ", "));
    page.item("NO_COLOR, TERM", "", "no colour when NO_COLOR is set to anything, or TERM is unset or dumb");
    page.item("JOURNAL_STREAM", "",
              "set by systemd; where it means stderr, each line there begins with its priority as the journal reads it: "
              "<3> errors, <4> warnings and what is newly parked, <6> and <7> what -v and -vv show");
    page.heading("Files");
    page.paragraph("The configuration is the first one found of: --config, $BLONGO_CONFIG, "
                   "$XDG_CONFIG_HOME/blongo/blongo.toml, /etc/blongo/blongo.toml.");
    page.item("/var/lib/blongo/state.db", "",
              "what blongo did: keep it, and keep it safe. Without it shipments that were "
              "booked are looked for, never known.");
    page.item("--log-file", "FILE",
              "gets what goes to stderr; text lines begin with the time (UTC), JSON lines have it as "
              "the member time");
    add_examples(page, root);
    page.see_also(others + "blongo.toml(5) blongo-json(7)");
    pages["blongo.1"] = page.text();
    for (const auto& child : root.children()) add_page(*child, pages);
}

} // namespace blongo::docs
