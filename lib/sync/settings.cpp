// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/settings.hpp>

#include <fmt/format.h>

namespace blongo::sync {

namespace {

using Templates = std::vector<std::pair<std::string, Template>>;

Result<Templates> read_templates(const std::map<std::string, std::string>& texts, const std::string& where) {
    Templates templates;
    for (const auto& [field, text] : texts) {
        auto made = Template::parse(text, courier_field_placeholders());
        if (!made)
            return fail(ErrorKind::config, fmt::format("\"{}\": {}", field, made.error().message), where, made.error().remedy);
        templates.emplace_back(field, std::move(*made));
    }
    return templates;
}

/// "never" is no time.
Result<std::optional<Milliseconds>> read_rebook_after(const std::string& text, const std::string& where) {
    if (text.empty() || text == "never") return std::nullopt;
    if (const auto after = parse_duration(text)) return after;
    return fail(ErrorKind::config, fmt::format("rebook_after is \"{}\"", text), where,
                "write \"never\" or a duration such as \"30m\"");
}

map::Strategy strategy_of(const config::CourierRule& rule) {
    if (rule.courier_code == "none") return map::Strategy::none;
    return rule.strategy == "macro"    ? map::Strategy::macro
           : rule.strategy == "report" ? map::Strategy::report
                                       : map::Strategy::api;
}

Result<map::CourierRule> courier_rule(const config::CourierRule& rule, const config::Shipments& settings,
                                      const StatusResolver& resolve) {
    map::CourierRule out;
    out.delivery_method = rule.delivery_method;
    out.country = rule.country;
    out.order_source = rule.order_source;
    out.way_of_delivery = rule.way_of_delivery;
    out.transporter = rule.transporter;
    out.parcel_type = rule.parcel_type;
    out.currency = rule.currency;
    out.sku = rule.sku;
    out.cod = rule.cod;
    out.service_point = rule.service_point;
    out.parcels = rule.parcels;
    out.min_weight = rule.min_weight;
    out.max_weight = rule.max_weight;
    out.max_side = rule.max_side;
    out.courier_code = rule.courier_code;
    out.strategy = strategy_of(rule);
    out.trigger_id = rule.trigger_id;
    if (rule.account_id > 0) out.account_id = baselinker::CourierAccountId{rule.account_id};
    BLONGO_TRY(out.fields, read_templates(rule.fields, rule.origin));
    BLONGO_TRY(out.package, read_templates(rule.package, rule.origin));
    out.phone = rule.phone;
    out.mobile = rule.mobile;
    out.postcode = rule.postcode;
    out.point = rule.point;
    out.state = rule.state;
    out.street_max = rule.street_max;
    out.name_max = rule.name_max;
    out.cod_currency = rule.cod_currency;
    // A macro's booking cannot be seen in time: it is never repeated, whatever the connection says.
    if (out.strategy != map::Strategy::macro) {
        BLONGO_TRY(out.rebook_after,
                   read_rebook_after(rule.rebook_after.empty() ? settings.rebook_after : rule.rebook_after, rule.origin));
    }
    BLONGO_TRY(out.status_after_send, resolve(rule.status_after_send));
    out.print_command = rule.print_command;
    out.origin = rule.origin;
    return out;
}

/// The templates of one object. What is wrong with one stops its flow before (config): it is left out here.
map::OwnMembers own_members(const config::Connection& connection, MappedObject object) {
    map::OwnMembers own;
    for (const config::MappingOverride& each : connection.mapping)
        if (auto read = parse_own_member(each.target, each.expression, each.origin); read && read->object == object)
            own.push_back(std::move(*read));
    return own;
}

} // namespace

map::ArticleOptions article_map_options(const config::Connection& connection) {
    const auto& settings = connection.articles;
    map::ArticleOptions options;
    options.length_factor = settings.length_factor;
    options.parent_articles = settings.parent == "article";
    options.html_description = settings.description == "html";
    options.language = settings.language;
    using Bundles = map::ArticleOptions::Bundles;
    options.bundles = settings.bundles == "article" ? Bundles::article
                      : settings.bundles == "skip"  ? Bundles::skip
                                                    : Bundles::structure;
    options.include_tags = settings.include.tags;
    options.include_categories = settings.include.categories;
    options.include_manufacturers = settings.include.manufacturers;
    options.include_sku = settings.include.sku;
    options.exclude_tags = settings.exclude.tags;
    options.exclude_categories = settings.exclude.categories;
    options.exclude_manufacturers = settings.exclude.manufacturers;
    options.exclude_sku = settings.exclude.sku;
    options.own_members = own_members(connection, MappedObject::article);
    return options;
}

bool reads_custom_fields(const config::Connection& connection) {
    for (const MappedObject object : {MappedObject::order, MappedObject::order_line})
        for (const OwnMember& own : own_members(connection, object))
            for (const std::string& name : own.text.names())
                if (name.find(custom_fields) != std::string::npos) return true;
    return false;
}

plan::ArticleMergeOptions article_merge_options(const config::Articles& settings) {
    plan::ArticleMergeOptions out;
    out.overwrite_existing = settings.existing_articles == "overwrite";
    out.warehouse_owns.insert(settings.warehouse_owns.begin(), settings.warehouse_owns.end());
    return out;
}

map::OrderOptions order_map_options(const config::Connection& connection) {
    const auto& settings = connection.orders;
    using Options = map::OrderOptions;
    Options options;
    options.order_number_prefix = settings.order_number_prefix;
    options.time_zone = connection.time_zone;
    options.line_values = settings.line_values == "line" ? Options::LineValues::line : Options::LineValues::unit;
    options.admin_comments = settings.admin_comments == "instruction" ? Options::AdminComments::instruction
                             : settings.admin_comments == "off"       ? Options::AdminComments::off
                                                                      : Options::AdminComments::remark;
    options.company = settings.company == "name"       ? Options::Company::name
                      : settings.company == "address3" ? Options::Company::address3
                                                       : Options::Company::address2;
    options.notify_email = settings.notify_email;
    options.notify_sms = settings.notify_sms;
    options.notify_telephone = settings.notify_telephone;
    options.service_skus = settings.service_skus;
    options.service_lines = settings.service_lines;
    options.service_line_action =
        settings.service_line_action == "drop" ? Options::ServiceLines::drop : Options::ServiceLines::remark;
    options.lines_from = settings.lines_from;
    options.other_lines = settings.other_lines == "leave_out" ? Options::OtherLines::leave_out
                          : settings.other_lines == "send"    ? Options::OtherLines::send
                                                              : Options::OtherLines::park;
    options.own_members = own_members(connection, MappedObject::order);
    options.own_line_members = own_members(connection, MappedObject::order_line);
    return options;
}

Result<std::vector<map::CourierRule>> courier_rules(const config::Shipments& settings, const StatusResolver& resolve) {
    std::vector<map::CourierRule> rules;
    for (const config::CourierRule& rule : settings.couriers) {
        BLONGO_TRY(auto read, courier_rule(rule, settings, resolve));
        rules.push_back(std::move(read));
    }
    return rules;
}

map::ParcelOptions parcel_options(const config::Shipments& settings) {
    return {settings.packaging_weight, Decimal::parse(settings.default_weight)};
}

} // namespace blongo::sync
