// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>

#include "faults.hpp"

namespace blongo::sandbox {

namespace {

constexpr const char* usage_text =
    R"(blongo-sandbox: BaseLinker and Ongoing WMS in one process, for trying out and for tests.

Usage: blongo-sandbox [options]
       blongo-sandbox --admin URL METHOD PATH [JSON]

It listens on the loopback interface and prints one line,
  blongo-sandbox listening on http://127.0.0.1:PORT
BaseLinker stands at POST /connector.php, Ongoing at /sandbox/api/v1/... (base URL
http://127.0.0.1:PORT/sandbox), the admin interface at /_admin/... It keeps everything in
memory and ends on SIGINT or SIGTERM.

Options
  --port N             port; 0 takes any free one (default 8470)
  --demo               a fictitious shop: 40 products, 114 orders (89 of them done), couriers
  --products N         add N synthetic products P000001 ...
  --world FILE         start from this state (the form of GET /_admin/world)
  --faults FILE        fault rules (JSON); may be repeated
  --token T            BaseLinker token (default sandbox-token)
  --user U             Ongoing user (default WSI-SANDBOX)
  --password P         Ongoing password (default sandbox-password)
  --goods-owner-id N   goods owner (default 1)
  --quirks             short for --set quirks=true
  --rate-limit N       short for --set rate_limit=N; --block-seconds, --block-time-zone,
                       --latency-baselinker and --latency-ongoing (milliseconds) likewise
  --set NAME=VALUE     any setting of the list below
  --admin URL METHOD PATH [JSON]   (alone) calls the admin interface of a running sandbox and
                       prints the answer; exit code 1 if it refuses or nobody answers
  --help               this text

Settings (also PUT /_admin/options with {"name": value})
)";

constexpr const char* fault_text = R"(
Faults: rules as JSON, {"faults":[{"side":"ongoing","operation":"PUT /articles","nth":3,
"fault":"drop_after"}]}. operation is a BaseLinker method, an Ongoing "VERB /path" with the
path's placeholders as in the API document ("PATCH /orders/{orderId}/waybill"), or "*".
nth (only the n-th call that fits, from 1), every, from, times limit when it fires; connection
"fresh" or "kept_alive" takes only first or only later requests of a connection; match takes
only calls whose path, query or body holds the text. The first rule that fires decides.
  drop_before, drop_after      close the connection without an answer; after: executed
  status_before, status_after  answer "code" (500) and "body"
  html_502, html_403           an HTML page of the front end; "commit":true executes first
  truncated                    executed, half the answer
  stall                        executed, then "seconds" of silence; "commit":false: executed later
  late_commit                  silence; executed "seconds" after the client hung up
  blocked_token                BaseLinker refuses the token for "seconds"
  kill_before, kill_after      SIGKILL for the client
  nesting, huge                a million brackets; 200 MB of answer
  redirect                     307 to "location"
  empty_listing                an empty list instead of the right one
  skew                         the Date header is "seconds" off
  meanwhile                    first the calls in "admin" are made, {"method":"POST","path":
                               "/_admin/baselinker/orders","body":{...}} or a list; then all goes well

Violations (GET /_admin/violations): whatever the contracts forbid is refused and recorded:
  unknown_member missing_member wrong_type null_not_allowed too_long too_short too_few_items
  bad_enum bad_date line_without_quantity not_json no_body content_type chunked_body
  missing_query unknown_query empty_query bad_query repeated_query comma_list bad_path
  page_overlap stale_cursor unknown_operation wrong_goods_owner bad_credentials
  no_user_agent parallel_writes duplicate_row empty_token bad_token two_tokens unknown_method
  unknown_parameter missing_parameter bad_parameter empty_list too_many_products
  too_many_orders parent_stock_write bundle_stock_write foreign_warehouse_write bad_quantity
  called_while_blocked cancelled_by_status bad_base64 bad_printing unexpected_body
  unknown_field bad_field too_many_parcels no_weight too_many_packages bad_admin_call

Admin interface (JSON)
  GET  /_admin/journal?since=SEQ&side=&operation=   requests that arrived
  GET  /_admin/violations, /_admin/counts, /_admin/rate; POST /_admin/unblock ends all blocks
  POST /_admin/reset-journal                        forget journal, violations, counts, maxima
  GET, PUT /_admin/world                            the whole state
  POST /_admin/accounts, /_admin/goods-owners       add or replace one (the form of the world's)
  GET, PUT /_admin/options                          the settings
  GET, POST, DELETE /_admin/faults                  rules with their counters; add; remove all
  POST /_admin/client {"pid":N}                     whom kill_before and kill_after kill if the
                                                    process cannot be found by its port
  POST /_admin/clock {"offset_seconds":N}           moves the world's time
  GET, POST, DELETE /_admin/baselinker/products     single objects, behind the client's back;
  GET, POST, DELETE /_admin/baselinker/orders       POST merges into the one with the same id,
  GET, POST, DELETE /_admin/baselinker/packages     DELETE ?id=N or ?number=X; a package without
                                                    package_id is a new one of the seller's
  POST /_admin/baselinker/edit                      what sellers do with orders in BaseLinker's screens:
       {"order_id":N,"action":"add_line","line":{...}}, edit_line ("order_product_id","line"), remove_line,
       split ("lines":[{"order_product_id":L,"quantity":1}]), merge ("orders":[N,...] into order_id), copy,
       delete, confirm, unconfirm, or a list of such; answers [{"order_id":N}], of split and copy the new order
  GET, POST, DELETE /_admin/baselinker/returns      POST merges into the one with the same return_id
  GET, POST /_admin/baselinker/couriers             POST merges into the one with the same code
  GET, POST /_admin/baselinker/dictionaries, /_admin/ongoing/dictionaries   couriers, statuses, ...
  GET, POST, DELETE /_admin/ongoing/articles        "stock":{"1":{"items":7,"locked_for_sale":2}} by
                                                    warehouse; "sellable_null":true: not reported
  GET, POST, DELETE /_admin/ongoing/orders
  POST /_admin/ongoing/work                         what people in the warehouse do:
       {"orderNumber":"X","action":"allocate|pick|pack|send|pick_and_send|collect|return|release|
        reopen|cancel|back_order","quantities":{"rowNumber":n},"parcels":[{"weight":1.2}],
        "way_bill_rows":[{"numberOfPackages":1,"weight":1.2}],"user_id":231,"computer_id":7},
       or a list of such; back_order: what was not picked becomes the order X-B1 ("reduce":true takes
       it off the lines of X)
  POST /_admin/ongoing/edit                         what people do in Ongoing's screens, at any status:
       {"orderNumber":"X","set":{"consignee.address1":"...","orderRemark":null},"status":1000,
        "lines":[{"rowNumber":"11","numberOfItems":3}],"add_lines":[{"articleNumber":"A","numberOfItems":1}],
        "delete_lines":["12"]}, or a list of such; null empties a member, 1000 cancels
  GET, POST, DELETE /_admin/ongoing/returns {"returnOrderNumber":"R1","receive":{"rowNumber":n} or true,
       "expect":{"rowNumber":n},"remove":["rowNumber"],"status":500}   what people do with return orders
  GET  /_admin/ongoing/print-jobs
  GET, POST /_admin/ongoing/webhook {"url":"http://127.0.0.1:9000/hooks/x","token":"t",
       "statuses":[450]}               sends order events from now on; GET: what was delivered
  With several worlds ?account=TOKEN and ?warehouse=W&goods_owner=N choose; default: the first.
)";

Result<std::int64_t> number_of(const std::string& option, const std::string& text) {
    const auto number = parse_id(text);
    if (!number) return fail(ErrorKind::usage, fmt::format("'{}' is not a number", text), option);
    return *number;
}

Result<void> set(Settings& settings, const std::string& name, const std::string& text) {
    for (const SettingRow& row : setting_rows()) {
        if (row.name != name) continue;
        json::Value value(text);
        if (std::holds_alternative<bool Settings::*>(row.member)) {
            if (text != "true" && text != "false")
                return fail(ErrorKind::usage, fmt::format("'{}' is not true or false", text), name);
            value = text == "true";
        } else if (std::holds_alternative<std::int64_t Settings::*>(row.member)) {
            BLONGO_TRY(value, number_of(name, text));
        }
        return settings.update(json::Value::object().set(name, value));
    }
    return fail(ErrorKind::usage, fmt::format("there is no setting '{}'", name), "--set", "see --help");
}

} // namespace

std::string help_text() {
    std::string text = usage_text;
    const Settings defaults;
    const json::Value values = defaults.to_json();
    for (const SettingRow& row : setting_rows()) {
        const std::string value = values[row.name].dump();
        text += fmt::format("  {:<28} {} (default {})\n", row.name, row.help, value);
    }
    return text + fault_text;
}

Result<Options> parse_options(const std::vector<std::string>& arguments) {
    Options options;
    if (!arguments.empty() && arguments.front() == "--admin") {
        if (arguments.size() < 4 || arguments.size() > 5)
            return fail(ErrorKind::usage, "URL METHOD PATH [JSON] are due", "--admin", "see --help");
        options.admin = AdminCall{arguments[1], arguments[2], arguments[3], arguments.size() == 5 ? arguments[4] : std::string{}};
        return options;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i];
        if (name == "--help" || name == "-h") {
            options.help = true;
            continue;
        }
        if (name == "--demo") {
            options.demo = true;
            continue;
        }
        if (name == "--quirks") {
            options.settings.quirks = true;
            continue;
        }
        std::string value;
        if (const auto equals = name.find('='); equals != std::string::npos && name.starts_with("--")) {
            value = name.substr(equals + 1);
            name.resize(equals);
        } else if (name.starts_with("--") && i + 1 < arguments.size()) {
            value = arguments[++i];
        } else {
            return fail(ErrorKind::usage, fmt::format("cannot read '{}'", name), "command line", "see --help");
        }
        if (name == "--port") {
            BLONGO_TRY(const std::int64_t port, number_of(name, value));
            if (port > 65535) return fail(ErrorKind::usage, "ports end at 65535", name);
            options.port = static_cast<int>(port);
        } else if (name == "--products") {
            BLONGO_TRY(options.products, number_of(name, value));
        } else if (name == "--goods-owner-id") {
            BLONGO_TRY(options.goods_owner_id, number_of(name, value));
        } else if (name == "--token") {
            options.token = value;
        } else if (name == "--user") {
            options.user = value;
        } else if (name == "--password") {
            options.password = value;
        } else if (name == "--faults") {
            options.fault_files.push_back(value);
        } else if (name == "--world") {
            options.world_file = value;
        } else if (name == "--set") {
            const auto equals = value.find('=');
            if (equals == std::string::npos) return fail(ErrorKind::usage, "NAME=VALUE is due", name);
            BLONGO_CHECK(set(options.settings, value.substr(0, equals), value.substr(equals + 1)));
        } else if (name == "--rate-limit" || name == "--block-seconds" || name == "--block-time-zone" ||
                   name == "--latency-baselinker" || name == "--latency-ongoing") {
            std::string setting = name.substr(2);
            std::replace(setting.begin(), setting.end(), '-', '_');
            BLONGO_CHECK(set(options.settings, setting, value));
        } else {
            return fail(ErrorKind::usage, fmt::format("there is no option '{}'", name), "command line", "see --help");
        }
    }
    return options;
}

} // namespace blongo::sandbox
