// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/deliveries.hpp>

#include <utility>

#include <blongo/base/text.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

using http::Effect;

constexpr Operation list_files{"GET", "/orders/{orderId}/files"};
constexpr Operation new_file{"POST", "/orders/{orderId}/files", Effect::unsafe_write, "fileId"};
constexpr Operation named_file{"PUT", "/orders/{orderId}/files", Effect::idempotent_write, "fileId"};
constexpr Operation replace_file{"PUT", "/orders/{orderId}/files/{fileId}", Effect::idempotent_write, "fileId"};
constexpr Operation print_file{"PUT", "/orders/{orderId}/files/{fileId}", Effect::unsafe_write, "fileId"};
constexpr Operation remove_file{"DELETE", "/orders/{orderId}/files/{fileId}", Effect::idempotent_write};
constexpr Operation save_parcel{"PUT", "/orders/{orderId}/parcels", Effect::idempotent_write, "parcelId"};
constexpr Operation save_parcel_tracking{"PUT", "/orders/{orderId}/parcels/{parcelId}/parcelTracking", Effect::idempotent_write};
constexpr Operation save_order_tracking{"PUT", "/orders/{orderId}/orderTracking", Effect::idempotent_write};
constexpr Operation remove_parcel{"DELETE", "/orders/{orderId}/parcels/{parcelId}", Effect::idempotent_write};
constexpr Operation list_rows{"GET", "/orders/{orderId}/wayBillRows"};

/// The only value that anybody has seen (3.7); returns are not written.
constexpr const char* outbound = "delivery";

std::string path_of(OngoingOrderId order, const std::string& rest) {
    return "/orders/" + std::to_string(order.value()) + rest;
}

json::Value file_body(const FileUpload& file) {
    return json::Value::object().set("mimeType", file.mime_type).set("fileDataBase64", base64_encode(file.bytes));
}

/// The request as text. A label may have megabytes: nothing else holds them while the call is on its way.
Result<std::string> named_file_text(const FileUpload& file, const Operation& operation) {
    json::Value body = file_body(file);
    body.set("fileName", file.file_name);
    if (!file.print) return body.dump();
    const PrintingInfo& print = *file.print;
    if (print.user_id.has_value() == print.workstation_id.has_value())
        return fail(ErrorKind::internal, "printing needs exactly one of user and workstation", operation.name());
    body.set_path("advanced.printingInfo.reportId", print.report_id);
    if (print.user_id)
        body.set_path("advanced.printingInfo.printAsUser.userId", *print.user_id);
    else
        body.set_path("advanced.printingInfo.printAsWorkstation.workstationId", *print.workstation_id);
    return body.dump();
}

Result<std::int64_t> id_in(const json::Document& answer, const Operation& operation) {
    const auto id = integer_of(answer.root()[operation.id_member]);
    if (!id) return fail(ErrorKind::ambiguous, "the answer's id is no whole number: the outcome is unknown", operation.name());
    return *id;
}

Result<json::Value> tracking_body(const std::string& waybill, const std::string& tracking_url, bool is_return,
                                  const Operation& operation) {
    if (waybill.empty() || tracking_url.empty())
        return fail(ErrorKind::internal, "tracking without number or url", operation.name());
    return json::Value::object().set("waybill", waybill).set("trackingUrl", tracking_url).set("isReturnTracking", is_return);
}

} // namespace

Result<std::vector<OrderFile>> Deliveries::get_files(OngoingOrderId order) {
    BLONGO_TRY(const auto answer, client_.call(list_files, path_of(order, "/files"), {}));
    BLONGO_TRY(const json::Node list, list_at(answer.root(), list_files.name()));
    std::vector<OrderFile> files;
    for (const json::Node item : list)
        files.push_back({integer_of(item["fileId"]).value_or(0), text_of(item["fileName"]), text_of(item["mimeType"]),
                         base64_decode(item["fileDataBase64"].text()).value_or(std::string{})});
    return files;
}

Result<std::int64_t> Deliveries::post_file(OngoingOrderId order, const FileUpload& file, http::Departure departure) {
    BLONGO_TRY(std::string body, named_file_text(file, new_file));
    BLONGO_TRY(const auto answer, client_.call(new_file, path_of(order, "/files"), {}, std::move(body), std::move(departure)));
    return id_in(answer, new_file);
}

Result<std::int64_t> Deliveries::put_file_by_name(OngoingOrderId order, const FileUpload& file) {
    if (file.print) return fail(ErrorKind::internal, "a file that is put by name is never printed", named_file.name());
    BLONGO_TRY(const auto answer,
               client_.call(named_file, path_of(order, "/files"), {{"fileName", file.file_name}}, file_body(file).dump()));
    return id_in(answer, named_file);
}

Result<std::int64_t> Deliveries::put_file(OngoingOrderId order, std::int64_t file_id, const FileUpload& file,
                                          http::Departure departure) {
    const Operation& operation = file.print ? print_file : replace_file;
    BLONGO_TRY(std::string body, named_file_text(file, operation));
    BLONGO_TRY(const auto answer, client_.call(operation, path_of(order, "/files/" + std::to_string(file_id)), {},
                                               std::move(body), std::move(departure)));
    return id_in(answer, operation);
}

Result<void> Deliveries::delete_file(OngoingOrderId order, std::int64_t file_id) {
    BLONGO_CHECK(client_.call(remove_file, path_of(order, "/files/" + std::to_string(file_id)), {}));
    return {};
}

Result<std::int64_t> Deliveries::put_parcel(OngoingOrderId order, const ParcelUpload& parcel) {
    json::Value body =
        json::Value::object().set("parcelNumber", parcel.parcel_number).set("transportAdministrationType", outbound);
    const auto size = [&](const char* path, const std::optional<Decimal>& value) {
        if (value) body.set_path(path, *value);
    };
    size("advanced.length", parcel.length);
    size("advanced.width", parcel.width);
    size("advanced.height", parcel.height);
    size("advanced.weight", parcel.weight);
    if (!parcel.waybill.empty() && !parcel.tracking_url.empty()) {
        body.set_path("tracking.waybill", parcel.waybill);
        body.set_path("tracking.trackingUrl", parcel.tracking_url);
    }
    BLONGO_TRY(const auto answer, client_.call(save_parcel, path_of(order, "/parcels"), {}, body.dump()));
    return id_in(answer, save_parcel);
}

Result<void> Deliveries::put_parcel_tracking(OngoingOrderId order, std::int64_t parcel_id, const std::string& waybill,
                                             const std::string& tracking_url) {
    BLONGO_TRY(const json::Value body, tracking_body(waybill, tracking_url, false, save_parcel_tracking));
    BLONGO_CHECK(client_.call(save_parcel_tracking, path_of(order, "/parcels/" + std::to_string(parcel_id) + "/parcelTracking"),
                              {}, body.dump()));
    return {};
}

Result<void> Deliveries::put_order_tracking(OngoingOrderId order, const std::string& waybill, const std::string& tracking_url,
                                            bool is_return) {
    BLONGO_TRY(const json::Value body, tracking_body(waybill, tracking_url, is_return, save_order_tracking));
    BLONGO_CHECK(client_.call(save_order_tracking, path_of(order, "/orderTracking"), {}, body.dump()));
    return {};
}

Result<void> Deliveries::delete_parcel(OngoingOrderId order, std::int64_t parcel_id) {
    BLONGO_CHECK(client_.call(remove_parcel, path_of(order, "/parcels/" + std::to_string(parcel_id)), {}));
    return {};
}

Result<std::vector<WayBillRow>> Deliveries::get_way_bill_rows(OngoingOrderId order) {
    BLONGO_TRY(const auto answer, client_.call(list_rows, path_of(order, "/wayBillRows"), {}));
    BLONGO_TRY(const json::Node list, list_at(answer.root(), list_rows.name()));
    std::vector<WayBillRow> rows;
    for (const json::Node item : list)
        rows.push_back({integer_of(item["wayBillRowId"]).value_or(0), integer_of(item["numberOfPackages"]).value_or(0),
                        decimal_of(item["weight"]), decimal_of(item["volume"]), decimal_of(item["length"]),
                        decimal_of(item["width"]), decimal_of(item["height"]), text_of(item["parcelType"]["code"])});
    return rows;
}

} // namespace blongo::ongoing
