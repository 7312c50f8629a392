// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/json/reader.hpp>

/// Decoders of courier answers (contract section 4), from the root of a SUCCESS answer. Money hangs
/// on these: a list that is not there or a package that cannot be read is an error (protocol).
namespace blongo::baselinker {

[[nodiscard]] Result<std::vector<Courier>> decode_couriers(json::Node root);
[[nodiscard]] Result<std::vector<CourierAccount>> decode_courier_accounts(json::Node root);
[[nodiscard]] Result<CourierForm> decode_courier_form(json::Node root);
[[nodiscard]] Result<std::vector<CourierField>> decode_courier_field_list(json::Node list);
[[nodiscard]] Result<FieldOptions> decode_courier_services(json::Node root);
[[nodiscard]] Result<CreatedPackage> decode_created_package(json::Node root);
[[nodiscard]] Result<std::vector<OrderPackage>> decode_order_packages(json::Node root);
[[nodiscard]] Result<std::vector<PackageParcel>> decode_package_details(json::Node root);
/// `member`: "label", "protocol", "document".
[[nodiscard]] Result<CourierDocument> decode_courier_document(json::Node root, const std::string& member);
[[nodiscard]] Result<StockUpdate> decode_stock_update(json::Node root);

} // namespace blongo::baselinker
