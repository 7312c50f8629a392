// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>

/// Couriers and packages as BaseLinker's answers hold them (contract section 4).
namespace blongo::baselinker {

using PackageId = Id<struct PackageIdTag, std::int64_t>;
using CourierAccountId = Id<struct CourierAccountIdTag, std::int64_t>;

/// getCouriersList.couriers[]: all couriers that BaseLinker knows, not only the seller's.
struct Courier {
    std::string code, name;
};

/// getCourierAccounts.accounts[]; none: the courier is not connected.
struct CourierAccount {
    CourierAccountId id;
    std::string name;
};

/// A choice of a form: id and label, in the order of the answer.
using FieldOptions = std::vector<std::pair<std::string, std::string>>;

/// getCourierFields.fields[], package_fields[] and getRequestParcelPickupFields.fields[]
struct CourierField {
    std::string id, name, type, desc; ///< type: select, checkbox, text, date
    FieldOptions options;
    std::map<std::string, std::vector<std::string>> show_field; ///< option id -> fields that it brings in
    std::string value;                                          ///< default, also of a number; a date is unix time
    std::string function;                                       ///< not empty: the options come from getCourierServices
};

/// getCourierFields
struct CourierForm {
    bool multi_packages = false;
    std::vector<CourierField> fields, package_fields;
};

/// createPackage: what is booked. A checkbox with several values repeats its id.
struct PackageRequest {
    BaseOrderId order_id;
    std::string courier_code;
    std::optional<CourierAccountId> account_id; ///< none: the first account, dangerous with several
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<std::map<std::string, std::string>> packages; ///< package field id -> value; kg and cm
};

/// createPackage, createPackageManual. The number may come later: read the order's packages.
struct CreatedPackage {
    PackageId package_id;
    std::string package_number, courier_inner_number;
};

/// OrderPackage::tracking_status of a package that was cancelled (4.5).
inline constexpr std::int64_t tracking_cancelled = 10;

/// getOrderPackages.packages[]
struct OrderPackage {
    PackageId package_id;
    std::string package_number; ///< courier_package_nr
    std::string courier_inner_number, courier_code, courier_other_name;
    CourierAccountId account_id;
    std::int64_t tracking_status = 0; ///< 0 unknown, 1 label created, 2 shipped, ... 10 cancelled (4.5)
    std::optional<Timestamp> tracking_status_date;
    std::string tracking_url;
    std::int64_t package_type = 0; ///< 0 standard, 1 return, 2 sent at point, 3 return sent at point
    bool is_return = false;        ///< is_return, or package_type 1 or 3
};

/// getPackageDetails.package_details[]: one parcel of a package.
struct PackageParcel {
    Decimal weight, length, width, height;
    std::string weight_unit, size_unit; ///< "kg", "cm", "" and others
    Decimal cod_value, cost_value;
    std::string cod_currency, cost_currency;
};

/// getLabel, getProtocol, getCourierDocument: the file itself, decoded.
struct CourierDocument {
    std::string extension; ///< pdf, html, gif, png, epl, zpl, dpl
    std::string bytes;
};

/// Whether the first bytes are those of the extension; true for formats without a mark of their own.
[[nodiscard]] bool has_signature(const CourierDocument& document);

/// updateInventoryProductsStock: partial success is normal.
struct StockUpdate {
    std::int64_t counter = 0;                  ///< products updated, by the side's count
    std::map<ProductId, std::string> warnings; ///< only ids that failed
};

} // namespace blongo::baselinker
