// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>

namespace blongo::app {
namespace {

/// CLI11 takes a positional in brackets for a list and "++" for the end of a command. An argument
/// that looks so goes through it behind this mark.
constexpr char shield = '\x01';

std::string shielded(const std::string& argument) {
    const bool bracketed = argument.size() > 1 && argument.front() == '[' && argument.back() == ']';
    return bracketed || argument == "++" ? shield + argument : argument;
}

std::string unshielded(const std::string& argument) {
    return !argument.empty() && argument.front() == shield ? argument.substr(1) : argument;
}

bool is_positional(const Option& option) {
    return option.names.find('-') != 0;
}

std::string long_name(const Option& option) {
    const std::size_t begin = option.names.find("--");
    return begin == std::string::npos ? option.names : option.names.substr(begin);
}

tl::unexpected<Error> misuse(const std::string& message, const Command& command) {
    return fail(ErrorKind::usage, message, {}, fmt::format("Try: {} --help", command.path()));
}

std::vector<std::string> child_names(const Command& command) {
    std::vector<std::string> names;
    for (const auto& child : command.children()) names.push_back(child->name());
    return names;
}

} // namespace

Command::Command(CLI::App& app, std::string path, std::string summary, std::deque<Option>& common)
    : app_(app), path_(std::move(path)), summary_(std::move(summary)), common_(common) {
    app_.set_help_flag();
    app_.allow_extras();
    // At most one command on each level: a later argument that happens to be called like another
    // command is a positional then.
    app_.require_subcommand(0, 1);
}

Command::~Command() = default;

std::string Command::name() const {
    return path_.substr(path_.rfind(' ') + 1);
}

Command& Command::group(const std::string& name, const std::string& summary) {
    CLI::App* app = app_.add_subcommand(name, summary);
    return *children_.emplace_back(std::make_unique<Command>(*app, path_ + ' ' + name, summary, common_));
}

Command& Command::command(const std::string& name, const std::string& summary, unsigned takes, Run run) {
    Command& added = group(name, summary);
    added.takes_ = everywhere | takes;
    added.run_ = std::move(run);
    return added;
}

Command& Command::add(Option option) {
    own_.push_back(std::move(option));
    return *this;
}

Command& Command::details(std::string text) {
    details_ = std::move(text);
    return *this;
}

Command& Command::prints_rows() noexcept {
    has_rows_ = true;
    return *this;
}

Command& Command::makes_page() noexcept {
    has_page_ = true;
    return *this;
}

bool Command::takes(const Option& option) const noexcept {
    return (option.scope & takes_) != 0;
}

void Command::bind_named(std::span<const std::string> arguments) {
    if (bound_.empty()) {
        for (const Option& option : common_) bind(option);
        for (const Option& option : own_) bind(option);
    }
    for (const auto& child : children_)
        if (std::ranges::find(arguments, child->name()) != arguments.end()) child->bind_named(arguments);
}

void Command::bind(const Option& option) {
    CLI::Option* parsed = nullptr;
    if (option.value.empty()) {
        parsed = app_.add_flag(option.names);
    } else {
        parsed = app_.add_option(option.names, CLI::callback_t{});
        parsed->type_size(1);
        if (is_positional(option) && option.repeatable)
            parsed->expected(-1);
        else
            parsed->expected(1);
    }
    parsed->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    bound_.push_back({&option, parsed});
}

std::vector<std::string> Command::given(const Option& option) const {
    std::vector<std::string> values;
    for (const Bound& bound : bound_) {
        if (bound.option != &option) continue;
        for (const std::string& value : bound.parsed->results()) values.push_back(unshielded(value));
    }
    return values;
}

CommandLine::CommandLine(const std::string& program, const std::string& summary, std::deque<Option> common)
    : common_(std::move(common)), app_(std::make_unique<CLI::App>(summary, program)),
      root_(std::make_unique<Command>(*app_, program, summary, common_)) {
    app_->add_flag("--version");
}

CommandLine::~CommandLine() = default;

std::vector<const Command*> CommandLine::chain() const {
    std::vector<const Command*> nodes{root_.get()};
    for (bool deeper = true; deeper;) {
        deeper = false;
        for (const auto& child : nodes.back()->children()) {
            if (!child->app_.parsed()) continue;
            nodes.push_back(child.get());
            deeper = true;
            break;
        }
    }
    return nodes;
}

Result<CommandLine::Chosen> CommandLine::parse(std::span<const std::string> arguments, const config::Environment& environment) {
    // -h stands in no command's tree, so that it works wherever it is put, even behind a mistake.
    Chosen chosen;
    root_->bind_named(arguments);
    std::vector<std::string> reversed;
    bool options_ended = false;
    for (const std::string& argument : arguments) {
        options_ended = options_ended || argument == "--";
        const bool help = !options_ended && (argument == "-h" || argument == "--help");
        chosen.help = chosen.help || help;
        if (!help) reversed.push_back(shielded(argument));
        // CLI11 would take the next argument for the value.
        if (!options_ended && argument.starts_with("--") && argument.find('=') == argument.size() - 1)
            return misuse(fmt::format("{} has no value", argument), *root_);
    }
    std::reverse(reversed.begin(), reversed.end()); // CLI11 takes a vector from its end
    std::optional<std::string> failure;
    try {
        app_->parse(reversed);
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string what = error.what();
        failure = what.substr(0, what.find(':')) + " needs a value";
    } catch (const CLI::ParseError& error) {
        failure = error.what();
    }
    const std::vector<const Command*> nodes = chain();
    const Command& last = *nodes.back();
    chosen.command = &last;
    if (chosen.help) return chosen;
    chosen.version = app_->get_option("--version")->count() > 0;
    if (chosen.version) return chosen;
    // Options first: they say whether the error is wanted as JSON.
    const Result<void> set = set_options(nodes, environment);
    if (failure) return misuse(*failure, last);
    BLONGO_CHECK(check_extras(nodes));
    if (!set) return fail(set.error());
    if (!last.run()) {
        return misuse(fmt::format("{} needs a command: {}", last.path(), join(child_names(last), ", ")), last);
    }
    return chosen;
}

std::vector<std::string> CommandLine::given(std::span<const Command* const> chain, const Option& option) {
    std::vector<std::string> values;
    for (const Command* node : chain) {
        const auto here = node->given(option);
        values.insert(values.end(), here.begin(), here.end());
    }
    return values;
}

Result<void> CommandLine::set_options(std::span<const Command* const> chain, const config::Environment& environment) const {
    const Command& last = *chain.back();
    std::vector<const Option*> options;
    for (const Option& option : common_) options.push_back(&option);
    for (const Option& option : last.own_options()) options.push_back(&option);
    Result<void> outcome;
    const auto note = [&](const std::string& wrong) {
        if (outcome) outcome = misuse(wrong, last);
    };
    // The environment first: where two options decide the same, the one on the command line wins.
    for (const Option* option : options) {
        const std::string variable = environment_name(*option);
        if (variable.empty() || !last.takes(*option) || !given(chain, *option).empty()) continue;
        const std::string text = environment(variable).value_or("");
        if (text.empty()) continue;
        const auto wrong = option->set(option->repeatable ? split(text, ',') : std::vector{text});
        if (wrong) note(fmt::format("{}: {}", variable, *wrong));
    }
    // `blongo report --out F parcels`: the option of a command on the way would do nothing.
    for (const Command* node : chain) {
        if (node == &last) continue;
        for (const Option& option : node->own_options())
            if (!node->given(option).empty()) note(fmt::format("{} takes no {}", last.path(), long_name(option)));
    }
    for (const Option* option : options) {
        const std::string name = is_positional(*option) ? option->names : long_name(*option);
        const auto values = given(chain, *option);
        if (values.empty()) {
            if (option->required) note(fmt::format("{} needs {}", last.path(), name));
        } else if (last.run() && !last.takes(*option)) {
            note(fmt::format("{} takes no {}", last.path(), name));
        } else if (const auto wrong = option->set(values)) {
            note(fmt::format("{}: {}", name, *wrong));
        }
    }
    return outcome;
}

Result<void> CommandLine::check_extras(std::span<const Command* const> chain) const {
    for (const Command* node : chain) {
        for (const std::string& shielded_extra : node->app_.remaining()) {
            const std::string extra = unshielded(shielded_extra);
            if (extra == "--") continue;
            if (extra.size() > 1 && extra.front() == '-') {
                const std::string word = extra.substr(0, extra.find('='));
                std::vector<std::string> names;
                for (const auto& [option, parsed] : node->bound_)
                    if (node->takes(*option) || !node->run()) names.push_back(long_name(*option));
                return misuse(fmt::format("unknown option {}{}", word, did_you_mean(word, names, ", ")), *node);
            }
            if (node->children().empty()) return misuse(fmt::format("unexpected argument '{}'", extra), *node);
            return misuse(fmt::format("unknown command '{}'{}", extra, did_you_mean(extra, child_names(*node), ", ")), *node);
        }
    }
    return {};
}

} // namespace blongo::app
