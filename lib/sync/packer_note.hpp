// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/map/packer_text.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// What the packer reads in the warehouse instruction of an order whose label does not come (flows.md Shipments 14). What
/// stood there is kept behind it and restored when all is well, unless somebody edited it meanwhile. Only the words of
/// the first message of a cause are written: idle runs write nothing.
class PackerNote {
public:
    explicit PackerNote(SendContext& context) : context_(context) {}

    /// Writes the message. `instruction_now`: what stands there, as read in this run. The caller stores the row, in which
    /// kept_instruction changes: with `store` unless it holds a claim on the delivery.
    [[nodiscard]] Result<void> tell(state::DeliveryRow& row, map::PackerMessage message, const std::string& cause,
                                    const std::string& detail, const std::string& instruction_now);
    /// The same of a cause, for a caller that has not read the order: reads it, tells, and stores the row.
    [[nodiscard]] Result<void> tell_parked(state::DeliveryRow& row, const std::string& cause, const std::string& detail);
    /// Stores what was told. Another process went on with the delivery meanwhile: the message is taken back.
    [[nodiscard]] Result<void> store(state::DeliveryRow& row);
    /// All is well: the instruction that was there comes back.
    [[nodiscard]] Result<void> take_back(state::DeliveryRow& row);

private:
    /// People's words, where a message of ours stands that this delivery did not write.
    [[nodiscard]] Result<std::string> behind_others(const state::DeliveryRow& row, const std::string& instruction_now);
    SendContext& context_;
};

} // namespace blongo::sync
