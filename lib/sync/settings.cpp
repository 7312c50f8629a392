// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

map::ArticleOptions article_map_options(const config::Articles& settings) {
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
    return options;
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
    options.service_line_action = settings.service_line_action == "drop" ? Options::ServiceLines::drop
                                                                         : Options::ServiceLines::remark;
    options.lines_from = settings.lines_from;
    options.other_lines = settings.other_lines == "leave_out" ? Options::OtherLines::leave_out
                          : settings.other_lines == "send"    ? Options::OtherLines::send
                                                              : Options::OtherLines::park;
    return options;
}

} // namespace blongo::sync
