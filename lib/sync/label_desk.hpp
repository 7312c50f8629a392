// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <blongo/sync/packer_note.hpp>
#include <blongo/sync/print_target.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// Brings a booked delivery to its end: label from the courier, file in Ongoing, printing, tracking, statuses. Each step is
/// recorded and resumable (flows.md Shipments 10 to 14); none ever books.
class LabelDesk {
public:
    LabelDesk(SendContext& context, PackerNote& note) : context_(context), note_(note) {}

    /// Goes on with a delivery from where it stands, if its next step is due (`now_due`: whenever it is). `there`: its order
    /// as this run read it, or null.
    [[nodiscard]] Result<void> work(const state::DeliveryRow& row, const ongoing::Order* there, bool now_due);
    /// Settles file uploads and prints of unknown outcome by looking at the order's files.
    [[nodiscard]] Result<void> recover(const std::set<BaseOrderId>& only);

    /// The label's rows, fetched from the courier when no copy is there. Rejection of the courier: Error (rejected).
    [[nodiscard]] Result<std::vector<state::LabelRow>> label_of(const state::DeliveryRow& row);
    /// Number, URL and status of the package, as BaseLinker holds them now. False: BaseLinker no longer holds it.
    [[nodiscard]] Result<bool> refresh(state::DeliveryRow& row);
    /// shipments refresh: every package that is under way, whatever is due. `named`: what Ongoing lost of it (its label, its
    /// tracking) is written again, too.
    [[nodiscard]] Result<void> refresh_all(const std::vector<state::DeliveryRow>& rows, bool named);

private:
    /// What the packer reads of a label that was filed without printing; not a cause of parking.
    static constexpr const char* cause_unprinted = "label_unprinted";

    [[nodiscard]] Result<void> work_on(state::DeliveryRow row, const std::optional<state::DueRow>& due,
                                       const ongoing::Order* there);
    [[nodiscard]] Result<bool> label(state::DeliveryRow& row, const ongoing::Order* there, int attempt);
    [[nodiscard]] Result<void> label_failed(state::DeliveryRow& row, const ongoing::Order* there, int attempt,
                                            const std::string& cause, const std::string& words);
    [[nodiscard]] Result<void> label_incomplete(state::DeliveryRow& row, const ongoing::Order* there, const std::string& words);
    [[nodiscard]] Result<void> all_is_well(state::DeliveryRow& row);
    [[nodiscard]] Result<std::string> instruction_of(const state::DeliveryRow& row, const ongoing::Order* there);
    [[nodiscard]] Result<bool> upload(state::DeliveryRow& row, state::LabelRow& label, const ongoing::Order* there);
    [[nodiscard]] Result<void> tell_unprinted(state::DeliveryRow& row, const ongoing::Order* there);
    [[nodiscard]] Result<bool> file_by_name(state::DeliveryRow& row, state::LabelRow& label, const ongoing::Order* there);
    [[nodiscard]] Result<bool> post(state::DeliveryRow& row, state::LabelRow& label, const PrintTarget& target,
                                    std::int64_t replace_file);
    /// Whether an upload that prints may have been carried out for this label.
    [[nodiscard]] Result<bool> may_have_printed(const state::LabelRow& label);
    /// Whether as many uploads that print as there may be never arrived: what prints nothing may be repeated, and is left.
    [[nodiscard]] Result<bool> upload_is_given_up(const state::LabelRow& label);
    [[nodiscard]] Result<void> reprint(state::DeliveryRow& row, const json::Value& wish, const ongoing::Order* there);
    [[nodiscard]] Result<void> print_locally(state::DeliveryRow& row, state::LabelRow& label, const PrintTarget& target);
    [[nodiscard]] Result<void> uploaded(state::DeliveryRow& row, state::LabelRow& label, std::int64_t file_id, bool printed);
    [[nodiscard]] Result<void> tracking(state::DeliveryRow& row, int attempt);
    [[nodiscard]] Result<void> write_tracking(const state::DeliveryRow& row, json::Value& steps);
    [[nodiscard]] Result<void> statuses(state::DeliveryRow& row);
    [[nodiscard]] Result<void> refresh_one(state::DeliveryRow row, bool named);
    [[nodiscard]] Result<void> restore(state::DeliveryRow& row);
    [[nodiscard]] Result<void> restore_label(const state::DeliveryRow& row);
    [[nodiscard]] Result<void> restore_tracking(state::DeliveryRow& row);
    [[nodiscard]] Result<void> recover_upload(const state::IntentRow& intent);
    [[nodiscard]] std::vector<std::string> rule_command_of(const state::DeliveryRow& row);
    [[nodiscard]] PrintTarget target_of(const state::DeliveryRow& row, const ongoing::Order* there);

    SendContext& context_;
    PackerNote& note_;
};

} // namespace blongo::sync
