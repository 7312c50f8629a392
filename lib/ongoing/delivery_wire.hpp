// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>

/// Files, parcels and tracking of an order (contract 3.7, 3.8), and stock per warehouse (2.4).
namespace blongo::ongoing {

/// What prints an uploaded file: the report decides the printer rule, user or workstation the place.
struct PrintingInfo {
    std::int64_t report_id = 0;
    std::optional<std::int64_t> user_id, workstation_id; ///< exactly one of them
};

struct FileUpload {
    std::string file_name{}, mime_type{};
    std::string bytes{}; ///< the file itself; sent as base64
    std::optional<PrintingInfo> print{};
};

/// GetFileModel
struct OrderFile {
    std::int64_t file_id = 0;
    std::string file_name, mime_type;
    std::string bytes; ///< decoded; empty if the answer holds none
};

/// A parcel to register; sizes in metre, weight in kilogram.
struct ParcelUpload {
    std::string parcel_number{};
    std::string waybill{}, tracking_url{}; ///< both or none
    std::optional<Decimal> length{}, width{}, height{}, weight{};
};

/// GetWayBillRowModel
struct WayBillRow {
    std::int64_t id = 0, number_of_packages = 0;
    std::optional<Decimal> weight, volume, length, width, height;
    std::string parcel_type_code;
};

/// GetArticleInventoryPerWarehouseModel; nullopt: not reported.
struct WarehouseStock {
    struct Figures {
        std::int64_t warehouse_id = 0;
        std::optional<Decimal> number_of_items, sellable_number_of_items;
    };
    ArticleSystemId article_system_id;
    ArticleNumber article_number;
    std::vector<Figures> warehouses;
};

} // namespace blongo::ongoing
