// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "doctor.hpp"
#include "init_files.hpp"
#include "init_questions.hpp"

namespace blongo::app {
namespace {

constexpr int standard_input = 0;

Result<void> check_name(const std::string& name) {
    const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (good) return {};
    return fail(ErrorKind::usage, fmt::format("'{}' is no name of a connection", name), {},
                "a-z, 0-9 and dashes, for example acme-pl");
}

Result<void> learn_name(InitOptions& options, const Interview& interview) {
    if (!options.names.empty()) return check_name(options.names.front());
    for (;;) {
        BLONGO_TRY(const std::string name, interview.ask("Name of the connection, for example of the client (a-z, 0-9, -): "));
        const auto good = check_name(name);
        if (good) {
            options.names = {name};
            return {};
        }
        interview.say("  " + good.error().text() + '\n');
    }
}

Result<sync::Runtime> runtime_of(Context& context, const InitPlace& place) {
    Secret password;
    if (place.existing && place.existing->state_password.set()) {
        BLONGO_TRY(password, config::read_secret(place.existing->state_password, "the password of the state",
                                                 context.process().environment));
    }
    return sync::Runtime{.clock = context.process().clock,
                         .stop = context.process().stop,
                         .reporter = context.reporter(),
                         .environment = context.process().environment,
                         .version = BLONGO_VERSION,
                         .state_url = place.state_url,
                         .state_password = std::move(password),
                         .verbosity = context.common().quiet ? 0 : context.common().verbosity,
                         .dump_http = context.common().dump_http,
                         .lock_wait = Milliseconds{0},
                         .deadline = {}};
}

/// What the file would be is read as every command reads it, before anything is written.
Result<void> check_whole_text(const InitPlace& place, const std::string& text, const std::string& name,
                              const config::Environment& environment) {
    BLONGO_TRY(const std::string whole, whole_text(place, text));
    BLONGO_TRY(const auto parsed, config::parse(whole, place.target, environment));
    const config::Connection* connection = parsed.find(name);
    if (connection == nullptr || connection->errors.empty()) return {};
    return fail(ErrorKind::config, connection->errors.begin()->second.front(), place.target);
}

Result<void> write_all(const InitPlace& place, const InitQuestions& questions, const config::Environment& environment) {
    const InitAnswers& answers = questions.answers();
    const std::string text = connection_text(answers);
    BLONGO_CHECK(check_whole_text(place, text, answers.name, environment));
    InitFiles files(place.owner);
    for (const auto* secret : {&answers.token, &answers.password})
        if (!secret->typed.empty()) {
            BLONGO_CHECK(files.secret(secret->file, secret->typed, questions.replaces(secret->file)));
        }
    BLONGO_CHECK(files.configuration(place, text));
    files.keep();
    return {};
}

void say_next(Context& context, const InitPlace& place, const std::string& name) {
    if (context.format() != report::Format::text) return;
    const auto usual = config::find_file({}, context.process().environment);
    const std::string options =
        (usual && *usual == place.config_file ? std::string{} : " -c " + place.config_file) + " -C " + name;
    // The package's timer reads the usual place.
    const bool has_timer =
        options.find(" -c ") == std::string::npos && std::filesystem::exists("/lib/systemd/system/blongo@.timer");
    const std::string every = has_timer ? fmt::format("systemctl enable --now blongo@{}.timer", name)
                                        : fmt::format("cron: */5 * * * *  blongo run{} -q --max-duration 4m", options);
    context.reporter().text(fmt::format("\nNext (mode = \"plan\": nothing is written yet):\n"
                                        "  blongo articles sync{0}    which articles would be made\n"
                                        "  blongo orders sync{0}      which orders would go, which would be parked, and why\n"
                                        "  blongo shipments send{0}   what would be booked\n"
                                        "When that looks right: mode = \"live\" in {1}, and every 5 minutes\n"
                                        "  {2}\n",
                                        options, place.target, every));
}

int run_init(Context& context, InitOptions options) {
    const Interview interview(standard_input, context.process().err_fd, context.process().stop);
    if (options.names.empty() && context.common().connections.size() == 1) options.names = context.common().connections;
    if (!interview.is_terminal()) {
        const auto missing = InitQuestions::missing(options);
        if (!missing.empty())
            return context.failed(make_error(ErrorKind::usage,
                                             "without a terminal everything is told by options; missing: " + join(missing, ", "),
                                             {}, "Try: blongo init --help"));
    }
    if (const auto named = learn_name(options, interview); !named) return context.failed(named.error());
    const std::string name = options.names.front();
    const auto place = find_init_place(context.common().config, context.common().state, name, context.process().environment);
    if (!place) return context.failed(place.error());
    if (const auto writable = check_writable(*place); !writable) return context.failed(writable.error());
    for (std::string* file : {&options.token_file, &options.password_file})
        if (!file->empty()) *file = std::filesystem::absolute(*file).lexically_normal().string();
    const auto runtime = runtime_of(context, *place);
    if (!runtime) return context.failed(runtime.error());
    const config::Config config = place->existing.value_or(config::Config{});
    InitQuestions questions(options, interview, *runtime, config);
    if (const auto asked = questions.run(*place); !asked) return context.failed(asked.error());
    if (context.process().stop.requested()) return report::done; // the signal says the rest
    if (const auto written = write_all(*place, questions, context.process().environment); !written)
        return context.failed(written.error());
    if (context.format() == report::Format::text) context.reporter().text(fmt::format("written: {}\n", place->target));
    context.use_config(place->config_file);
    const auto loaded = context.config();
    if (!loaded) return context.failed(loaded.error());
    const config::Connection* connection = (*loaded)->find(name);
    if (connection == nullptr)
        return context.failed(make_error(ErrorKind::config, "the new connection is not read", place->target,
                                         "check include in " + place->config_file));
    const int code = show_doctor(context, *connection, 0, {});
    say_next(context, *place, name);
    return code;
}

Option name_argument(InitOptions& options) {
    Option name = positional("NAME", "name of the connection: a-z, 0-9, dashes", false, options.names);
    name.repeatable = false;
    return name;
}

} // namespace

void add_init(Command& root) {
    auto options = std::make_shared<InitOptions>();
    root.command("init", "Write the configuration of a new connection, by questions or by options", everywhere,
                 [options](Context& context) { return run_init(context, *options); })
        .add(name_argument(*options))
        .add(text("--token-file", "FILE", "file (mode 600) with BaseLinker's token", options->token_file))
        .add(text("--baselinker-url", "URL", "address of BaseLinker's API", options->baselinker_url))
        .add(text("--inventory", "ID", "catalogue of BaseLinker", options->inventory))
        .add(text("--ongoing-url", "URL", "address of the warehouse's API, without /api/v1", options->ongoing_url))
        .add(text("--username", "USER", "API user of the goods owner", options->username))
        .add(text("--password-file", "FILE", "file (mode 600) with its password", options->password_file))
        .add(text("--goods-owner", "ID", "goods owner of Ongoing", options->goods_owner))
        .add(list("--status", "STATUS", "orders in this status go to the warehouse (id or name)", options->statuses))
        .add(text("--cancel-status", "LIST", "statuses that mean cancelled, with commas, or none", options->cancel))
        .add(text("--start-from", "TIME", "the cut-over: a time (2026-11-24 06:00), or now", options->start_from))
        .add(text("--after-import", "STATUS", "status_after_import; default: none", options->after_import))
        .add(text("--on-error", "STATUS", "status_on_error; default: none", options->on_error))
        .add(text("--after-send", "STATUS", "status_after_send; default: none", options->after_send))
        .add(text("--after-cancel-refused", "STATUS", "status_after_cancel_refused; default: none", options->cancel_refused))
        .add(list("--send-status", "NUMBER", "status of Ongoing that means Send; default: 450", options->send))
        .add(text("--stock", "WAREHOUSE", "warehouse of BaseLinker for Ongoing's stock; default: off", options->stock))
        .add(list("--courier", "RULE", "METHOD=CODE or METHOD=CODE:ACCOUNT: courier of a delivery method", options->couriers))
        .add(text("--time-zone", "ZONE", "default: Europe/Warsaw", options->time_zone))
        .details("On a terminal everything that no option says is asked, and each answer is checked at once; nothing is written "
                 "before the last "
                 "one. Typed secrets go to files of mode 600 beside the configuration. A connection that is there is never "
                 "changed. Ends "
                 "with blongo doctor, and with its exit code.");
}

} // namespace blongo::app
