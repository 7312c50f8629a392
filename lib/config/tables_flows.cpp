// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/tables.hpp>

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/template.hpp>
#include <blongo/base/text.hpp>
#include <blongo/config/make_keys.hpp>

namespace blongo::config {
namespace {

using namespace codec;

const ListOf<Text> texts{};
const ListOf<Text> globs{{}, true};
const ListOf<Status> statuses{{1}};

/// The longest prefix that leaves room for an order id, "R" of returns and "-2" of reimports in
/// the 50 characters of an Ongoing order number.
constexpr std::size_t longest_prefix = 25;

std::string check_prefix(const std::string& prefix) {
    if (character_count(prefix) > longest_prefix)
        return "is longer than 25 characters; an order number of Ongoing holds 50 with the order id";
    const bool plain = std::all_of(prefix.begin(), prefix.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
               c == '/';
    });
    return plain ? std::string() : "may hold letters, digits and - _ . / only";
}

std::string check_cause(const std::string& cause) {
    if (cause == "default") return {};
    const auto& causes = parked_causes();
    if (std::find(causes.begin(), causes.end(), cause) != causes.end()) return {};
    return "has the key " + quote(cause) + ", which is neither \"default\" nor a cause of parking" +
           did_you_mean(cause, causes, "; ", "\"");
}

std::string check_country(const std::string& code) {
    const bool letters = code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*' || c == '?';
                         });
    return letters || code == "*" ? std::string() : "is " + quote(code) + "; a country is two letters, for example \"PL\"";
}

std::string check_currency(const std::string& code) {
    const bool good = code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return good ? std::string() : "is " + quote(code) + "; a currency is three capital letters, for example \"PLN\"";
}

/// "PL9": country and number of digits.
std::string check_phone(const std::string& form) {
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto digits = form.size() > 2 ? parse_id(std::string_view(form).substr(2)) : std::nullopt;
    if (form.size() > 2 && capital(form[0]) && capital(form[1]) && digits && *digits >= 4 && *digits <= 15) return {};
    return "is " + quote(form) + "; write the country and its number of digits, for example \"PL9\"";
}

/// Judges a template: what is wrong with it, and what to write.
std::string check_template(const std::string& text, std::span<const std::string_view> placeholders) {
    const auto made = Template::parse(text, placeholders);
    return made ? std::string() : fmt::format("is no good template: {}; {}", made.error().message, made.error().remedy);
}

std::string check_courier_field(const std::string& text) {
    constexpr std::string_view service = "auto";
    std::string complaint = check_template(text, courier_field_placeholders());
    if (!complaint.empty()) return complaint;
    const auto made = Template::parse(text);
    const std::vector<std::string> names = made->names();
    const bool asks = std::find(names.begin(), names.end(), service) != names.end();
    return asks && !made->is_just(service) ? "is " + quote(text) + "; {auto} stands alone" : complaint;
}

/// Services are a matter of the shipment: no {auto} here.
std::string check_package_field(const std::string& text) {
    const auto all = courier_field_placeholders();
    std::vector<std::string_view> placeholders(all.begin(), all.end());
    std::erase(placeholders, "auto");
    return check_template(text, placeholders);
}

/// A language, or a template that begins as texts of ours are known again: with words and time.
std::string check_label_texts(const std::string& text) {
    constexpr std::string_view placeholders[] = {"what", "time", "cause", "detail", "order"};
    constexpr std::string_view beginning = "{what} {time}";
    static const Text languages = choice({"en", "pl", "de", "sv"});
    if (text.find_first_of("{}") == std::string::npos)
        return languages.check(text) + (languages.check(text).empty() ? "" : ", or a template with {cause}");
    std::string complaint = check_template(text, placeholders);
    if (!complaint.empty() || text.starts_with(beginning)) return complaint;
    return "is " + quote(text) + "; it must begin with " + std::string(beginning) + ", by which blongo knows its own texts again";
}

/// A list of statuses, or one of a few words that stand for a list.
template <class T> Key<T> statuses_or_words(std::string name, std::vector<StatusRef> T::*list,
                                            std::vector<std::pair<std::string, bool T::*>> words) {
    const auto reset = [list, words](T& out) {
        out.*list = T{}.*list;
        for (const auto& [word, flag] : words) out.*flag = T{}.*flag;
    };
    const auto read = [list, words](Reading& reading, const std::string& full, const Node& node, T& out) {
        if (node.kind != Node::Kind::string) {
            if (!statuses.read(reading, full, node, out.*list)) return;
            for (const auto& each : words) out.*each.second = false;
            return;
        }
        std::string known;
        for (const auto& [word, flag] : words) known += " or " + quote(word);
        const auto chosen = std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.first == node.text; });
        if (chosen == words.end())
            return reading.invalid(full, node.place, "is " + quote(node.text) + "; write a list of statuses" + known);
        for (const auto& each : words) out.*each.second = each.second == chosen->second;
    };
    const auto show = [list, words](const T& value) {
        for (const auto& [word, flag] : words)
            if (value.*flag) return quote(word);
        return statuses.show(value.*list);
    };
    return custom_key<T>(std::move(name), read, show, reset);
}

Key<Orders> status_on_error_key() {
    static const MapOf<std::string, Status> by_cause{{}, check_cause};
    const auto read = [](Reading& reading, const std::string& full, const Node& node, Orders& out) {
        if (node.kind == Node::Kind::table) {
            by_cause.read(reading, full, node, out.status_on_error);
            return;
        }
        StatusRef status;
        if (Status{}.read(reading, full, node, status) && status != StatusRef{}) out.status_on_error = {{"default", status}};
    };
    const auto show = [](const Orders& value) {
        const auto& map = value.status_on_error;
        if (map.empty()) return std::string("0");
        return map.size() == 1 && map.contains("default") ? Status{}.show(map.at("default")) : by_cause.show(map);
    };
    return custom_key<Orders>("status_on_error", read, show, [](Orders& out) { out.status_on_error.clear(); });
}

Table<CourierRule> courier_table() {
    const ListOf<Text> countries{{check_country}, true};
    const ListOf<Text> currencies{{check_currency}, true};
    const MapOf<std::string, Text> fields{{check_courier_field, false, true}, {}};
    const MapOf<std::string, Text> package_fields{{check_package_field, false, true}, {}};
    return {
        key("delivery_method", &CourierRule::delivery_method, globs),
        key("country", &CourierRule::country, countries),
        key("order_source", &CourierRule::order_source, globs),
        key("cod", &CourierRule::cod, Maybe<Flag>{}),
        key("service_point", &CourierRule::service_point, Maybe<Flag>{}),
        key("way_of_delivery", &CourierRule::way_of_delivery, globs),
        key("transporter", &CourierRule::transporter, globs),
        key("parcel_type", &CourierRule::parcel_type, globs),
        key("parcels", &CourierRule::parcels, Maybe<Whole>{{1}}),
        key("min_weight", &CourierRule::min_weight, Maybe<Exact>{}),
        key("max_weight", &CourierRule::max_weight, Maybe<Exact>{}),
        key("max_side", &CourierRule::max_side, Maybe<Exact>{}),
        key("currency", &CourierRule::currency, currencies),
        key("sku", &CourierRule::sku, globs),
        key("courier_code", &CourierRule::courier_code, Text{}),
        key("strategy", &CourierRule::strategy, choice({"api", "macro", "report"})),
        key("trigger_id", &CourierRule::trigger_id, Whole{0}),
        key("account_id", &CourierRule::account_id, Whole{0}),
        key("fields", &CourierRule::fields, fields),
        key("package", &CourierRule::package, package_fields),
        group<CourierRule>("checks",
                           {
                               key("phone", &CourierRule::phone, Text{check_phone}),
                               key("mobile", &CourierRule::mobile, Flag{}),
                               key("street_max", &CourierRule::street_max, Whole{0}),
                               key("name_max", &CourierRule::name_max, Whole{0}),
                               key("postcode", &CourierRule::postcode, Flag{}),
                               key("point", &CourierRule::point, Flag{}),
                               key("state", &CourierRule::state, Flag{}),
                           }),
        key("rebook_after", &CourierRule::rebook_after, never_or_duration()),
        key("status_after_send", &CourierRule::status_after_send, Status{}),
        key("cod_currency", &CourierRule::cod_currency, Text{check_currency}),
        key("print_command", &CourierRule::print_command, texts),
    };
}

std::string rule_key(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index + 1) + "]";
}

/// [[...couriers]]: the list of a layer replaces the list of an earlier one.
Key<Shipments> couriers_key() {
    static const Table<CourierRule> table = courier_table();
    Key<Shipments> key = custom_key<Shipments>(
        "couriers",
        [](Reading& reading, const std::string& full, const Node& node, Shipments& out) {
            if (node.kind != Node::Kind::array) return reading.wrong_type(full, node, "a list of tables, [[couriers]]");
            for (std::size_t i = 0; i < node.items.size(); ++i) {
                const Node& item = node.items[i];
                CourierRule rule;
                rule.origin = item.place.text().substr(0, item.place.text().rfind(':'));
                reading.begin(rule_key(full, i), item.place);
                read_table(reading, rule_key(full, i), item, table, rule);
                out.couriers.push_back(std::move(rule));
            }
        },
        [](const Shipments&) { return std::string("[]"); }, [](Shipments& out) { out.couriers.clear(); });
    key.read = [read = key.read](Reading& reading, const std::string& full, const Node& node, Shipments& out) {
        reading.forget_origins(full);
        read(reading, full, node, out);
    };
    key.list = [](Listing& listing, const std::string& full, const Shipments& value) {
        if (value.couriers.empty()) return listing.row(full, "[]");
        listing.only_written(true);
        for (std::size_t i = 0; i < value.couriers.size(); ++i) list_table(listing, rule_key(full, i), table, value.couriers[i]);
        listing.only_written(false);
    };
    key.describe = [](std::vector<KnownKey>& known, const std::string& full) { describe_table(known, full + "[]", table); };
    return key;
}

} // namespace

const std::vector<std::string>& parked_causes() {
    static const std::vector<std::string> causes = {
        // for the seller
        "unknown_sku", "no_sku", "duplicate_sku", "empty_order", "bad_quantity", "no_country", "bad_phone", "bad_postcode",
        "street_too_long", "point_missing", "unpaid", "cod_unclear", "identity_changed", "merged_in_base", "split_waiting",
        "cancelled_came_back", "status_not_shippable", "cancelled_in_base", "not_confirmed", "lines_changed", "country_changed",
        "name_too_long", "on_hold",
        // for the warehouse
        "no_weight", "nothing_picked", "short_pick", "cod_short", "parcels_changed", "edited_in_warehouse", "locked_in_warehouse",
        // for the administrator
        "no_courier_rule", "service_ambiguous", "field_invalid", "package_exists", "sent_without_shipment", "old_order",
        "foreign_lines", "exists_in_warehouse", "two_packages", "remote_rejected", "key_too_long", "too_many_parcels", "unknown",
        // for the courier
        "courier_rejected", "label_pending", "label_incomplete"};
    return causes;
}

Table<Orders> orders_table() {
    const Duration above_zero{Milliseconds{1}};
    return {
        key("enabled", &Orders::enabled, Flag{}),
        key("statuses", &Orders::statuses, statuses),
        key("start_from", &Orders::start_from, Maybe<Time>{}),
        key("late_window", &Orders::late_window, above_zero),
        key("import_delay", &Orders::import_delay, Duration{}),
        key("order_number_prefix", &Orders::order_number_prefix, Text{check_prefix}),
        statuses_or_words<Orders>("cancel_statuses", &Orders::cancel_statuses, {{"none", &Orders::cancel_statuses_none}}),
        key("finished_statuses", &Orders::finished_statuses, statuses),
        key("order_sources", &Orders::order_sources, texts),
        key("exclude_sources", &Orders::exclude_sources, texts),
        key("line_values", &Orders::line_values, choice({"unit", "line"})),
        key("admin_comments", &Orders::admin_comments, choice({"remark", "instruction", "off"})),
        key("company", &Orders::company, choice({"address2", "name", "address3"})),
        group<Orders>("notify",
                      {
                          key("email", &Orders::notify_email, Flag{}),
                          key("sms", &Orders::notify_sms, Flag{}),
                          key("telephone", &Orders::notify_telephone, Flag{}),
                      }),
        key("service_skus", &Orders::service_skus, globs),
        key("service_lines", &Orders::service_lines, globs),
        key("service_line_action", &Orders::service_line_action, choice({"remark", "drop"})),
        key("lines_from", &Orders::lines_from, texts),
        key("other_lines", &Orders::other_lines, choice({"park", "leave_out", "send"})),
        key("preflight", &Orders::preflight, choice({"warn", "park", "off"})),
        key("status_after_import", &Orders::status_after_import, Status{}),
        status_on_error_key(),
        key("status_after_cancel_refused", &Orders::status_after_cancel_refused, Status{}),
        key("status_by_warehouse", &Orders::status_by_warehouse, MapOf<std::int64_t, Status>{}),
        key("patch_when_started", &Orders::patch_when_started, ListOf<Text>{choice({"service_point", "remark", "instruction"})}),
    };
}

Table<Shipments> shipments_table() {
    return {
        key("enabled", &Shipments::enabled, Flag{}),
        key("send", &Shipments::send, MapOf<std::int64_t, Text>{choice({"book", "no_shipment", "ignore"}), {}}),
        key("start_from", &Shipments::start_from, Maybe<Time>{}),
        key("max_bookings_at_once", &Shipments::max_bookings_at_once, Whole{1}),
        key("max_order_age", &Shipments::max_order_age, Duration{Milliseconds{1}}),
        key("require_picked", &Shipments::require_picked, Flag{}),
        key("require_paid", &Shipments::require_paid, Flag{}),
        statuses_or_words<Shipments>("ship_statuses", &Shipments::ship_statuses,
                                     {{"auto", &Shipments::ship_statuses_auto}, {"any", &Shipments::ship_statuses_any}}),
        key("short", &Shipments::short_delivery, choice({"book", "park"})),
        key("parcels_changed", &Shipments::parcels_changed, choice({"park", "add", "rebook"})),
        key("address_edited_in_ongoing", &Shipments::address_edited_in_ongoing, choice({"park", "push", "ignore"})),
        key("existing", &Shipments::existing, choice({"adopt", "park"})),
        key("default_weight", &Shipments::default_weight, decimal_text()),
        key("packaging_weight", &Shipments::packaging_weight, Exact{}),
        key("unknown_wait", &Shipments::unknown_wait, ListOf<Whole>{{1}, false, 1}),
        key("rebook_after", &Shipments::rebook_after, never_or_duration()),
        key("status_after_send", &Shipments::status_after_send, Status{}),
        key("status_after_short_send", &Shipments::status_after_short_send, Status{}),
        group<Shipments>("print",
                         {
                             key("report_id", &Shipments::print_report_id, Whole{0}),
                             key("to", &Shipments::print_to, choice({"sender"})),
                             key("fallback_workstation_id", &Shipments::print_fallback_workstation_id, Whole{0}),
                         }),
        key("print_command", &Shipments::print_command, texts),
        key("printers", &Shipments::printers, MapOf<std::string, Text>{}),
        key("label_dir", &Shipments::label_dir, Path{}),
        key("label_retention", &Shipments::label_retention, Duration{}),
        key("label_texts", &Shipments::label_texts, Text{check_label_texts}),
        key("on_label_failure", &Shipments::on_label_failure, ListOf<Text>{choice({"instruction", "class"})}),
        couriers_key(),
    };
}

} // namespace blongo::config
