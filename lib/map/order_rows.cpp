// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/order_rows.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using baselinker::Order;
using json::Value;

constexpr std::size_t instruction_characters = 500;

Value reported(std::string text) {
    return text.empty() ? Value{} : Value(std::move(text));
}

/// A text of the order on one line.
template <std::string Order::*field> Value text_of(OrderContext& context) {
    return reported(line_text(context.order.*field));
}

/// A code of the order: country, currency.
template <std::string Order::*field> Value upper_case_of(OrderContext& context) {
    return reported(code_text(context.order.*field));
}

Value order_id_of(OrderContext& context) {
    return Value(std::to_string(context.order.order_id.value()));
}

Value number_of(OrderContext& context) {
    return Value(context.number.value());
}

bool has_shop_order(const Order& order) {
    const std::string id = line_text(order.shop_order_id);
    return !id.empty() && id != "0" && id != "-1";
}

Value market_place_of(OrderContext& context) {
    return has_shop_order(context.order) ? reported(line_text(context.order.order_source)) : Value{};
}

Value market_place_number_of(OrderContext& context) {
    return has_shop_order(context.order) ? reported(line_text(context.order.shop_order_id)) : Value{};
}

Value delivery_date_of(OrderContext& context) {
    const auto confirmed = context.order.date_confirmed ? context.order.date_confirmed : context.order.date_add;
    if (!confirmed) return {};
    return Value(local_date(*confirmed, context.options.time_zone) + "T12:00:00.000+00:00");
}

Value remark_of(OrderContext& context) {
    return reported(order_remark(context));
}

Value instruction_of(OrderContext& context) {
    if (context.options.admin_comments != OrderOptions::AdminComments::instruction) return {};
    std::string text(trim(normalise_text(context.order.admin_comments)));
    if (character_count(text) > instruction_characters) {
        text = trim(cut_characters(text, instruction_characters));
        context.notes.push_back(fmt::format("warehouse instruction cut to {} characters", instruction_characters));
    }
    return reported(std::move(text));
}

/// Who receives something: which line of the address takes which of person and company.
struct Addressee {
    std::string name, address2, address3;
};

Addressee addressee(std::string_view person_text, std::string_view company_text, OrderOptions::Company place) {
    const std::string person = line_text(person_text);
    const std::string company = line_text(company_text);
    if (person.empty() || fold_case(person) == fold_case(company)) return {company, {}, {}};
    if (company.empty()) return {person, {}, {}};
    switch (place) {
    case OrderOptions::Company::name: return {company, person, {}};
    case OrderOptions::Company::address3: return {person, {}, company};
    case OrderOptions::Company::address2: break;
    }
    return {person, company, {}};
}

template <std::string Addressee::*part> Value consignee_part(OrderContext& context) {
    return reported(addressee(context.order.delivery_fullname, context.order.delivery_company, context.options.company).*part);
}

/// A country alone is BaseLinker's default, not an address.
bool has_invoice_address(const Order& order) {
    const std::array parts{&order.invoice_fullname, &order.invoice_company, &order.invoice_address, &order.invoice_postcode,
                           &order.invoice_city};
    return std::ranges::any_of(parts, [](const std::string* part) { return !line_text(*part).empty(); });
}

template <std::string Addressee::*part> Value invoice_part(OrderContext& context) {
    return reported(addressee(context.order.invoice_fullname, context.order.invoice_company, context.options.company).*part);
}

template <std::string Order::*field> Value invoice_text_of(OrderContext& context) {
    return has_invoice_address(context.order) ? text_of<field>(context) : Value{};
}

Value invoice_country_of(OrderContext& context) {
    return has_invoice_address(context.order) ? upper_case_of<&Order::invoice_country_code>(context) : Value{};
}

/// Whether a contact is to be notified; only where there is one.
template <std::string Order::*field, bool OrderOptions::*notify> Value notify_of(OrderContext& context) {
    return line_text(context.order.*field).empty() ? Value{} : Value(context.options.*notify);
}

constexpr std::string_view person_rule = "person in name, company in address2 (company = ...); either alone";
constexpr std::string_view one_line = "on one line, without emoji";
constexpr std::string_view both_places = "order and consignee";
constexpr std::string_view notify_rule = "notify, false by default";
constexpr std::string_view invoice_rule = "only with invoice data";

constexpr std::array rows{
    OrderMappingRow{{"orderNumber", "order_id", "order_number_prefix before it"}, &number_of},
    OrderMappingRow{{"goodsOwnerOrderId", "order_id", "as text"}, &order_id_of},
    OrderMappingRow{{"marketPlace.marketPlace", "order_source", "only with a shop_order_id"}, &market_place_of},
    OrderMappingRow{{"marketPlace.marketPlaceOrderNumber", "shop_order_id", "not 0 or -1"}, &market_place_number_of},
    OrderMappingRow{{"deliveryDate", "date_confirmed", "date in time_zone, at noon UTC"}, &delivery_date_of},
    OrderMappingRow{{"orderRemark", "user_comments + admin_comments",
                     "on lines of their own, then service lines; 500 characters, the buyer's text is cut"},
                    &remark_of},
    OrderMappingRow{{"warehouseInstruction", "admin_comments", "only with admin_comments = \"instruction\""}, &instruction_of},
    OrderMappingRow{{"servicePointCode", "delivery_point_id", "as it is"}, &text_of<&Order::delivery_point_id>},
    OrderMappingRow{{"wayOfDelivery.code", "delivery_method", one_line}, &text_of<&Order::delivery_method>},
    OrderMappingRow{{"wayOfDelivery.name", "delivery_method", one_line}, &text_of<&Order::delivery_method>},
    OrderMappingRow{{"consignee.customerNumber", "order_id", "as text"}, &order_id_of},
    OrderMappingRow{{"consignee.name", "delivery_fullname, delivery_company", person_rule}, &consignee_part<&Addressee::name>},
    OrderMappingRow{{"consignee.address1", "delivery_address", one_line}, &text_of<&Order::delivery_address>},
    OrderMappingRow{{"consignee.address2", "delivery_company", person_rule}, &consignee_part<&Addressee::address2>},
    OrderMappingRow{{"consignee.address3", "delivery_company", "only with company = \"address3\""},
                    &consignee_part<&Addressee::address3>},
    OrderMappingRow{{"consignee.postCode", "delivery_postcode", one_line}, &text_of<&Order::delivery_postcode>},
    OrderMappingRow{{"consignee.city", "delivery_city", one_line}, &text_of<&Order::delivery_city>},
    OrderMappingRow{{"consignee.countryCode", "delivery_country_code", "upper case"},
                    &upper_case_of<&Order::delivery_country_code>},
    OrderMappingRow{{"consignee.countryStateCode", "delivery_state", one_line}, &text_of<&Order::delivery_state>},
    OrderMappingRow{{"consignee.vatNumber", "invoice_nip", "cannot be read back"}, &text_of<&Order::invoice_nip>},
    OrderMappingRow{{"emailNotification.value", "email", both_places}, &text_of<&Order::email>},
    OrderMappingRow{{"emailNotification.toBeNotified", "email", notify_rule},
                    &notify_of<&Order::email, &OrderOptions::notify_email>},
    OrderMappingRow{{"smsNotification.value", "phone", both_places}, &text_of<&Order::phone>},
    OrderMappingRow{{"smsNotification.toBeNotified", "phone", notify_rule}, &notify_of<&Order::phone, &OrderOptions::notify_sms>},
    OrderMappingRow{{"telephoneNotification.value", "phone", both_places}, &text_of<&Order::phone>},
    OrderMappingRow{{"telephoneNotification.toBeNotified", "phone", notify_rule},
                    &notify_of<&Order::phone, &OrderOptions::notify_telephone>},
    OrderMappingRow{{"consignee.advanced.emailNotification.value", "email", both_places}, &text_of<&Order::email>},
    OrderMappingRow{{"consignee.advanced.emailNotification.toBeNotified", "email", notify_rule},
                    &notify_of<&Order::email, &OrderOptions::notify_email>},
    OrderMappingRow{{"consignee.advanced.smsNotification.value", "phone", both_places}, &text_of<&Order::phone>},
    OrderMappingRow{{"consignee.advanced.smsNotification.toBeNotified", "phone", notify_rule},
                    &notify_of<&Order::phone, &OrderOptions::notify_sms>},
    OrderMappingRow{{"consignee.advanced.telephoneNotification.value", "phone", both_places}, &text_of<&Order::phone>},
    OrderMappingRow{{"consignee.advanced.telephoneNotification.toBeNotified", "phone", notify_rule},
                    &notify_of<&Order::phone, &OrderOptions::notify_telephone>},
    OrderMappingRow{{"consignee.invoiceAddress.name", "invoice_fullname, invoice_company", person_rule},
                    &invoice_part<&Addressee::name>},
    OrderMappingRow{{"consignee.invoiceAddress.address1", "invoice_address", invoice_rule},
                    &invoice_text_of<&Order::invoice_address>},
    OrderMappingRow{{"consignee.invoiceAddress.address2", "invoice_company", person_rule}, &invoice_part<&Addressee::address2>},
    OrderMappingRow{{"consignee.invoiceAddress.address3", "invoice_company", "only with company = \"address3\""},
                    &invoice_part<&Addressee::address3>},
    OrderMappingRow{{"consignee.invoiceAddress.postCode", "invoice_postcode", invoice_rule},
                    &invoice_text_of<&Order::invoice_postcode>},
    OrderMappingRow{{"consignee.invoiceAddress.city", "invoice_city", invoice_rule}, &invoice_text_of<&Order::invoice_city>},
    OrderMappingRow{{"consignee.invoiceAddress.countryCode", "invoice_country_code", "upper case"}, &invoice_country_of},
    OrderMappingRow{{"consignee.invoiceAddress.countryStateCode", "invoice_state", invoice_rule},
                    &invoice_text_of<&Order::invoice_state>},
    OrderMappingRow{{"consignee.invoiceAddress.advanced.emailNotification.value", "email", invoice_rule},
                    &invoice_text_of<&Order::email>},
    OrderMappingRow{{"consignee.invoiceAddress.advanced.smsNotification.value", "phone", invoice_rule},
                    &invoice_text_of<&Order::phone>},
    OrderMappingRow{{"consignee.invoiceAddress.advanced.telephoneNotification.value", "phone", invoice_rule},
                    &invoice_text_of<&Order::phone>},
    OrderMappingRow{{"customsInfo.customsValueCurrencyCode", "currency", "upper case"}, &upper_case_of<&Order::currency>},
};

} // namespace

std::span<const OrderMappingRow> order_rows() noexcept {
    return rows;
}

std::span<const MappingRow> order_mapping() noexcept {
    static const std::vector<MappingRow> table = [] {
        std::vector<MappingRow> result;
        for (const OrderMappingRow& row : order_rows()) result.push_back(row.row);
        for (const LineMappingRow& row : line_rows()) result.push_back(row.row);
        return result;
    }();
    return table;
}

} // namespace blongo::map
