// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/couriers.hpp>

#include <utility>

#include <blongo/baselinker/decode_packages.hpp>
#include <blongo/baselinker/verdict.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::baselinker {
namespace {

using http::Effect;

/// The decoder's value, or its error with the method's name.
std::string courier_parameters(const std::string& courier_code) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code).end_object();
    return writer.take();
}

void write_ids(json::Writer& writer, std::span<const PackageId> packages) {
    writer.key("package_ids").begin_array();
    for (const PackageId package : packages) writer.integer(package.value());
    writer.end_array();
}

void write_fields(json::Writer& writer, std::span<const std::pair<std::string, std::string>> fields) {
    writer.key("fields").begin_array();
    for (const auto& [id, value] : fields) writer.begin_object().member("id", id).member("value", value).end_object();
    writer.end_array();
}

std::string package_parameters(const PackageRequest& request) {
    json::Writer writer;
    writer.begin_object().member("order_id", request.order_id.value()).member("courier_code", request.courier_code);
    if (request.account_id) writer.member("account_id", request.account_id->value());
    write_fields(writer, request.fields);
    writer.key("packages").begin_array();
    for (const auto& parcel : request.packages) {
        writer.begin_object();
        for (const auto& [id, value] : parcel) writer.member(id, value);
        writer.end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

} // namespace

Result<std::vector<Courier>> Couriers::get_couriers_list() {
    BLONGO_TRY(const auto document, client_.call_courier("getCouriersList", "{}", Effect::read));
    return located(decode_couriers(document.root()), "getCouriersList");
}

Result<std::vector<CourierAccount>> Couriers::get_courier_accounts(const std::string& courier_code) {
    BLONGO_TRY(const auto document, client_.call_courier("getCourierAccounts", courier_parameters(courier_code), Effect::read));
    return located(decode_courier_accounts(document.root()), "getCourierAccounts");
}

Result<CourierForm> Couriers::get_courier_fields(const std::string& courier_code) {
    BLONGO_TRY(const auto document, client_.call_courier("getCourierFields", courier_parameters(courier_code), Effect::read));
    return located(decode_courier_form(document.root()), "getCourierFields");
}

Result<FieldOptions> Couriers::get_courier_services(const PackageRequest& request) {
    BLONGO_TRY(const auto document, client_.call_courier("getCourierServices", package_parameters(request), Effect::read));
    return located(decode_courier_services(document.root()), "getCourierServices");
}

Result<CreatedPackage> Couriers::create_package(const PackageRequest& request, http::Departure departure) {
    BLONGO_TRY(const auto document,
               client_.call_courier("createPackage", package_parameters(request), Effect::unsafe_write, std::move(departure)));
    return located(decode_created_package(document.root()), "createPackage");
}

Result<CreatedPackage> Couriers::create_package_manual(BaseOrderId order, const std::string& courier_code,
                                                       const std::string& package_number, Timestamp pickup_date,
                                                       http::Departure departure) {
    json::Writer writer;
    writer.begin_object()
        .member("order_id", order.value())
        .member("courier_code", courier_code)
        .member("package_number", package_number)
        .member("pickup_date", to_unix_seconds(pickup_date))
        .end_object();
    BLONGO_TRY(const auto document,
               client_.call_courier("createPackageManual", writer.text(), Effect::unsafe_write, std::move(departure)));
    return located(decode_created_package(document.root()), "createPackageManual");
}

Result<void> Couriers::delete_courier_package(const std::string& courier_code, PackageId package, http::Departure departure) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code).member("package_id", package.value()).end_object();
    BLONGO_CHECK(client_.call_courier("deleteCourierPackage", writer.text(), Effect::unsafe_write, std::move(departure)));
    return {};
}

Result<std::vector<OrderPackage>> Couriers::get_order_packages(BaseOrderId order) {
    json::Writer writer;
    writer.begin_object().member("order_id", order.value()).end_object();
    BLONGO_TRY(const auto document, client_.call_courier("getOrderPackages", writer.text(), Effect::read));
    return located(decode_order_packages(document.root()), "getOrderPackages");
}

Result<std::vector<OrderPackage>> Couriers::packages_of(BaseOrderId order) {
    auto packages = get_order_packages(order);
    const bool is_gone =
        !packages && (packages.error().kind == ErrorKind::not_found || packages.error().code == "ERROR_ORDER_NOT_FOUND");
    if (is_gone) return std::vector<OrderPackage>{};
    return packages;
}

Result<std::vector<PackageParcel>> Couriers::get_package_details(PackageId package) {
    json::Writer writer;
    writer.begin_object().member("package_id", package.value()).end_object();
    BLONGO_TRY(const auto document, client_.call_courier("getPackageDetails", writer.text(), Effect::read));
    return located(decode_package_details(document.root()), "getPackageDetails");
}

Result<CourierDocument> Couriers::get_label(const std::string& courier_code, PackageId package) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code).member("package_id", package.value()).end_object();
    BLONGO_TRY(const auto document, client_.call_courier("getLabel", writer.text(), Effect::read));
    return located(decode_courier_document(document.root(), "label"), "getLabel");
}

Result<CourierDocument> Couriers::get_protocol(const std::string& courier_code, std::span<const PackageId> packages,
                                               std::optional<CourierAccountId> account) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code);
    write_ids(writer, packages);
    if (account) writer.member("account_id", account->value());
    writer.end_object();
    BLONGO_TRY(const auto document, client_.call_courier("getProtocol", writer.text(), Effect::read));
    return located(decode_courier_document(document.root(), "protocol"), "getProtocol");
}

Result<CourierDocument> Couriers::get_courier_document(const std::string& courier_code, const std::string& document_type,
                                                       std::optional<CourierAccountId> account) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code).member("document_type", document_type);
    if (account) writer.member("account_id", account->value());
    writer.end_object();
    BLONGO_TRY(const auto document, client_.call_courier("getCourierDocument", writer.text(), Effect::read));
    return located(decode_courier_document(document.root(), "document"), "getCourierDocument");
}

Result<std::vector<CourierField>> Couriers::get_request_parcel_pickup_fields(const std::string& courier_code) {
    const std::string method = "getRequestParcelPickupFields";
    BLONGO_TRY(const auto document, client_.call_courier(method, courier_parameters(courier_code), Effect::read));
    return located(decode_courier_field_list(document.root()["fields"]), method);
}

Result<std::string> Couriers::run_request_parcel_pickup(const std::string& courier_code, std::span<const PackageId> packages,
                                                        std::optional<CourierAccountId> account,
                                                        std::span<const std::pair<std::string, std::string>> fields,
                                                        http::Departure departure) {
    json::Writer writer;
    writer.begin_object().member("courier_code", courier_code);
    write_ids(writer, packages);
    if (account) writer.member("account_id", account->value());
    write_fields(writer, fields);
    writer.end_object();
    auto answer = client_.call_courier("runRequestParcelPickup", writer.text(), Effect::unsafe_write, departure);
    if (!answer && answer.error().code == "ERROR_UNKNOWN_METHOD") // refused unread: nothing was ordered
        answer = client_.call_courier("requestParcelPickup", writer.text(), Effect::unsafe_write, std::move(departure));
    if (!answer) return fail(std::move(answer).error());
    const json::Node number = answer->root()["pickup_number"];
    return std::string(number.is_string() || number.is_number() ? number.text() : std::string_view{});
}

} // namespace blongo::baselinker
