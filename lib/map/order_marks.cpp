// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/order_marks.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>

namespace blongo::map {

namespace {

using json::Value;

constexpr std::size_t mark_characters = 10;
constexpr std::size_t bare_date_characters = 10;

/// One line, every run of white space a single space.
std::string one_line(std::string_view text) {
    std::string out;
    bool space = false;
    for (const char c : trim(text)) {
        const bool white = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (white && !space) out += ' ';
        if (!white) out += c;
        space = white;
    }
    return out;
}

Value marks_of(const std::vector<Member>& members) {
    Value marks = Value::object();
    for (const Member& member : members) marks.set(member.target, value_mark(member.target, member.value));
    return marks;
}

Value text_list(const std::vector<std::string>& texts) {
    Value list = Value::array();
    for (const std::string& text : texts) list.push_back(text);
    return list;
}

/// Templates of the user: "orderRemark={user_comments}".
Value own_value(const OwnMembers& own) {
    Value list = Value::array();
    for (const OwnMember& each : own) list.push_back(std::string(each.member->path) + "=" + each.text.text());
    return list;
}

/// What is paid changes by itself: it matters only where a template reads it.
bool reads_payment(const OrderOptions& options) {
    const auto reads = [](const OwnMember& each) { return each.text.text().find("payment_done") != std::string::npos; };
    return std::ranges::any_of(options.own_members, reads) || std::ranges::any_of(options.own_line_members, reads);
}

Value options_value(const OrderOptions& options) {
    return Value::object()
        .set("version", order_mapping_version)
        .set("prefix", options.order_number_prefix)
        .set("zone", options.time_zone)
        .set("values", static_cast<int>(options.line_values))
        .set("admin", static_cast<int>(options.admin_comments))
        .set("company", static_cast<int>(options.company))
        .set("notify", (options.notify_email ? 1 : 0) + (options.notify_sms ? 2 : 0) + (options.notify_telephone ? 4 : 0))
        .set("service_skus", text_list(options.service_skus))
        .set("service_lines", text_list(options.service_lines))
        .set("service_action", static_cast<int>(options.service_line_action))
        .set("lines_from", text_list(options.lines_from))
        .set("other_lines", static_cast<int>(options.other_lines))
        .set("merge", options.merge_equal_lines)
        .set("own", own_value(options.own_members))
        .set("own_lines", own_value(options.own_line_members));
}

Value line_value(const baselinker::OrderProduct& line) {
    Value out = Value::array();
    for (const std::string* text : {&line.storage, &line.product_id, &line.variant_id, &line.name, &line.attributes, &line.sku,
                                    &line.ean, &line.location, &line.auction_id})
        out.push_back(*text);
    for (const std::int64_t number : {line.order_product_id.value(), line.storage_id, line.warehouse_id, line.bundle_id})
        out.push_back(number);
    for (const Decimal* number : {&line.price_brutto, &line.tax_rate, &line.quantity, &line.weight}) out.push_back(*number);
    return out;
}

Value time_value(const std::optional<Timestamp>& time) {
    return time ? Value(to_unix_seconds(*time)) : Value();
}

} // namespace

std::string value_mark(std::string_view member, const Value& value) {
    std::string text;
    if (value.is_number()) {
        text = value.decimal().value_or(Decimal{}).to_string();
        if (text == "0") text.clear();
    } else if (value.is_bool()) {
        text = value.is_true() ? "true" : "";
    } else if (value.is_string()) {
        text = one_line(value.text());
        // Answers say the same time with another number of digits, and Z.
        const bool is_time = text.size() > bare_date_characters && text[bare_date_characters] == 'T';
        if (member.ends_with("deliveryDate"))
            text.resize(std::min(text.size(), bare_date_characters));
        else if (const auto time = is_time ? parse_timestamp(text) : std::nullopt)
            text = format_utc(*time);
    } else if (!value.is_null() && value.size() != 0) {
        text = value.canonical();
    }
    return text.empty() ? std::string{} : fingerprint(text).substr(0, mark_characters);
}

Value document_marks(const OrderDocument& document) {
    Value lines = Value::object();
    for (const OrderLine& line : document.lines) lines.set(line.row_number, marks_of(line.members));
    return Value::object().set("members", marks_of(document.members)).set("lines", std::move(lines));
}

std::string order_source_mark(const baselinker::Order& order, const OrderOptions& options) {
    Value whole = Value::array();
    whole.push_back(options_value(options));
    for (const std::string* text : {&order.shop_order_id,
                                    &order.external_order_id,
                                    &order.order_source,
                                    &order.user_login,
                                    &order.phone,
                                    &order.email,
                                    &order.user_comments,
                                    &order.admin_comments,
                                    &order.currency,
                                    &order.payment_method,
                                    &order.delivery_method,
                                    &order.delivery_fullname,
                                    &order.delivery_company,
                                    &order.delivery_address,
                                    &order.delivery_postcode,
                                    &order.delivery_city,
                                    &order.delivery_state,
                                    &order.delivery_country,
                                    &order.delivery_country_code,
                                    &order.delivery_point_id,
                                    &order.delivery_point_name,
                                    &order.delivery_point_address,
                                    &order.delivery_point_postcode,
                                    &order.delivery_point_city,
                                    &order.invoice_fullname,
                                    &order.invoice_company,
                                    &order.invoice_nip,
                                    &order.invoice_address,
                                    &order.invoice_postcode,
                                    &order.invoice_city,
                                    &order.invoice_state,
                                    &order.invoice_country,
                                    &order.invoice_country_code,
                                    &order.extra_field_1,
                                    &order.extra_field_2})
        whole.push_back(*text);
    for (const std::int64_t number :
         {order.order_id.value(), order.order_source_id, order.delivery_method_id,
          static_cast<std::int64_t>(order.payment_method_cod), static_cast<std::int64_t>(order.want_invoice),
          static_cast<std::int64_t>(order.has_discounts), static_cast<std::int64_t>(order.confirmed)})
        whole.push_back(number);
    whole.push_back(order.delivery_price);
    if (reads_payment(options)) whole.push_back(order.payment_done);
    whole.push_back(time_value(order.date_confirmed));
    whole.push_back(time_value(order.date_add));
    for (const auto& [id, value] : order.custom_extra_fields) {
        whole.push_back(id);
        whole.push_back(value);
    }
    Value lines = Value::array();
    for (const auto& line : order.products) lines.push_back(line_value(line));
    whole.push_back(std::move(lines));
    return fingerprint(whole.dump());
}

} // namespace blongo::map
