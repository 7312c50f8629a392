// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/http/transport.hpp>

namespace blongo::baselinker {

/// The courier methods of the connector API (contract section 4), through a Client. They call the
/// carrier while one waits: ClientOptions::courier_timeout. There is no idempotency key: a booking
/// whose answer is lost is found again only by looking at the order's packages. `departure`: see
/// http::Departure.
class Couriers {
public:
    explicit Couriers(Client& client) : client_(client) {}

    [[nodiscard]] Result<std::vector<Courier>> get_couriers_list();
    [[nodiscard]] Result<std::vector<CourierAccount>> get_courier_accounts(const std::string& courier_code);
    [[nodiscard]] Result<CourierForm> get_courier_fields(const std::string& courier_code);
    /// Options of fields that have a `function`, for this order: id -> name.
    [[nodiscard]] Result<FieldOptions> get_courier_services(const PackageRequest& request);

    /// Buys one package. Effect::unsafe_write. SUCCESS without a package id is ErrorKind::ambiguous.
    [[nodiscard]] Result<CreatedPackage> create_package(const PackageRequest& request, http::Departure departure = {});
    /// Registers a package whose label was made elsewhere. Effect::unsafe_write.
    [[nodiscard]] Result<CreatedPackage> create_package_manual(BaseOrderId order, const std::string& courier_code,
                                                               const std::string& package_number, Timestamp pickup_date,
                                                               http::Departure departure = {});
    /// Asks the carrier to cancel and removes the package, never forced. Effect::unsafe_write. Success is
    /// proven by get_order_packages only.
    [[nodiscard]] Result<void> delete_courier_package(const std::string& courier_code, PackageId package,
                                                      http::Departure departure = {});

    /// All packages of an order, returns included.
    [[nodiscard]] Result<std::vector<OrderPackage>> get_order_packages(BaseOrderId order);
    /// The same; an order that is gone has none.
    [[nodiscard]] Result<std::vector<OrderPackage>> packages_of(BaseOrderId order);
    [[nodiscard]] Result<std::vector<PackageParcel>> get_package_details(PackageId package);

    /// The label, fetched from the carrier each time. A file that is empty or no base64 is
    /// ErrorKind::rejected: the package is there, its label is not.
    [[nodiscard]] Result<CourierDocument> get_label(const std::string& courier_code, PackageId package);
    [[nodiscard]] Result<CourierDocument> get_protocol(const std::string& courier_code, std::span<const PackageId> packages,
                                                       std::optional<CourierAccountId> account);
    /// `document_type`: "manifest".
    [[nodiscard]] Result<CourierDocument> get_courier_document(const std::string& courier_code, const std::string& document_type,
                                                               std::optional<CourierAccountId> account);

    [[nodiscard]] Result<std::vector<CourierField>> get_request_parcel_pickup_fields(const std::string& courier_code);
    /// Orders a courier. Effect::unsafe_write. Where the method's name of 2025 is unknown, the old one is used.
    [[nodiscard]] Result<std::string> run_request_parcel_pickup(const std::string& courier_code,
                                                                std::span<const PackageId> packages,
                                                                std::optional<CourierAccountId> account,
                                                                std::span<const std::pair<std::string, std::string>> fields,
                                                                http::Departure departure = {});

private:
    Client& client_;
};

} // namespace blongo::baselinker
