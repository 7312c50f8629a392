// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <fmt/format.h>

#include "audit.hpp"

namespace blongo::app {
namespace {

Option with_scope(Option option, unsigned scope) {
    option.scope = scope;
    return option;
}

/// --json is a short form of --format json: the one that is set last counts.
Option json_option(Common& common) {
    Option option = flag("--json", "JSON Lines on stdout, errors as JSON on stderr", common.json);
    option.set = [&common, set = option.set](const std::vector<std::string>& values) {
        common.format.clear();
        return set(values);
    };
    return option;
}

Option format_option(Common& common) {
    Option option = text("--format", "FORMAT", "how rows are printed: text, json (one object a line) or csv", common.format);
    option.set = [&common](const std::vector<std::string>& values) -> std::optional<std::string> {
        for (const char* known : {"text", "json", "csv", "html"}) {
            if (values.back() != known) continue;
            common.format = known;
            common.json = common.format == "json";
            return {};
        }
        return fmt::format("'{}' is none of text, json, csv, html", values.back());
    };
    return option;
}

} // namespace

std::deque<Option> common_options(Common& common) {
    return {
        with_scope(flag("-n,--dry-run", "show what would be done and write nothing", common.dry_run), writing),
        with_scope(list("--sku", "SKU", "only this article", common.skus), by_sku),
        with_scope(list("--order", "N", "only this order", common.orders), by_order),
        with_scope(text("--since", "T", "only what is newer than T: 2h, 3d, 2026-11-24", common.since), by_time),
        with_scope(number("--limit", "N", "at most N writes", common.limit), writing),
        with_scope(duration("--max-duration", "D", "end cleanly after this time (45s, 15m, 2h); the next run goes on",
                            common.max_duration),
                   requesting),
        with_scope(duration("--lock-wait", "D", "wait this long for another run of the same flow", common.lock_wait), writing),
        with_scope(flag("--exit-code", "exit 9 when a dry run or a check finds differences", common.exit_code),
                   writing | comparing),
        with_scope(flag("--strict", "exit 3 while anything waits, not only for what is new", common.strict), writing),
        with_scope(flag("-y,--yes", "do not ask", common.yes), asking),
        text("-c,--config", "FILE", "configuration file", common.config),
        list("-C,--connection", "NAME", "only this connection; default: all that are enabled", common.connections),
        json_option(common),
        format_option(common),
        flag("-q,--quiet", "print problems that are new, due again or solved", common.quiet),
        counter("-v,--verbose", "also what stays the same, and each request; -vv with bodies", common.verbosity),
        text("--state", "URL", "where blongo remembers what it did: sqlite:///path or postgresql://...", common.state),
        text("--log-file", "FILE", "append what goes to stderr to this file, with times", common.log_file),
        text("--dump-http", "DIR", "write each exchange into this folder, without secrets", common.dump_http),
        text("--as", "NAME", "who sits here, where several people share a login: for the audit", witness().acting_as),
        flag("--personal", "show names, addresses and telephone numbers; the audit says so", witness().personal),
        flag("--no-color", "no colour on a terminal; NO_COLOR says the same", common.no_colour),
    };
}

} // namespace blongo::app
