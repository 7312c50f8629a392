// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/delivery_wire.hpp>

namespace blongo::ongoing {

/// The operations that write a shipment back to its order (contract 3.7, 3.8), through a Client. `departure`: see
/// http::Departure.
class Deliveries {
public:
    explicit Deliveries(Client& client) : client_(client) {}

    /// GET files, contents included: heavy.
    [[nodiscard]] Result<std::vector<OrderFile>> get_files(OngoingOrderId order);
    /// POST files: always a new file, printed when `print` is set. Effect::unsafe_write: after an unknown
    /// outcome look at the list first. Returns the file id.
    [[nodiscard]] Result<std::int64_t> post_file(OngoingOrderId order, const FileUpload& file, http::Departure departure = {});
    /// PUT files?fileName=...: creates or replaces by name and never prints (`print` set is ErrorKind::internal).
    [[nodiscard]] Result<std::int64_t> put_file_by_name(OngoingOrderId order, const FileUpload& file);
    /// PUT files/{fileId}: replaces. Effect::unsafe_write when it prints.
    [[nodiscard]] Result<std::int64_t> put_file(OngoingOrderId order, std::int64_t file_id, const FileUpload& file,
                                                http::Departure departure = {});
    [[nodiscard]] Result<void> delete_file(OngoingOrderId order, std::int64_t file_id);

    /// PUT parcels: creates or updates by parcel number. Returns the parcel id.
    [[nodiscard]] Result<std::int64_t> put_parcel(OngoingOrderId order, const ParcelUpload& parcel);
    /// PUT parcels/{parcelId}/parcelTracking and PUT orderTracking. Ongoing takes no empty url: without
    /// one patch the waybill (an empty text is ErrorKind::internal and sends nothing).
    [[nodiscard]] Result<void> put_parcel_tracking(OngoingOrderId order, std::int64_t parcel_id, const std::string& waybill,
                                                   const std::string& tracking_url);
    [[nodiscard]] Result<void> put_order_tracking(OngoingOrderId order, const std::string& waybill,
                                                  const std::string& tracking_url, bool is_return = false);
    /// Empty parcels only.
    [[nodiscard]] Result<void> delete_parcel(OngoingOrderId order, std::int64_t parcel_id);
    [[nodiscard]] Result<std::vector<WayBillRow>> get_way_bill_rows(OngoingOrderId order);

private:
    Client& client_;
};

} // namespace blongo::ongoing
