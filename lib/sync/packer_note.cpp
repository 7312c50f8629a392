// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/packer_note.hpp>

#include <algorithm>

#include <blongo/state/orders.hpp>

namespace blongo::sync {

namespace {

const ongoing::OrderClass label_failed{"LABEL-FAILED", "Label failed", ""};

/// One failure to write a text for people must not stop what the text is about.
Result<void> forgive(Flow& flow, const Result<void>& written, const std::string& connection) {
    if (written) return {};
    if (ends_run(written.error())) return fail(written.error());
    flow.session().runtime().reporter.warning(connection, "the packer's text was not written: " + written.error().text());
    return {};
}

} // namespace

/// The order flow says STOP of a cancellation that the warehouse refused, and has kept in full what its message may have cut.
Result<std::string> PackerNote::behind_others(const state::DeliveryRow& row, const std::string& instruction_now) {
    state::Orders ledger(context_.store(), context_.session().key());
    BLONGO_TRY(const auto order, ledger.find(row.order_id));
    BLONGO_TRY(const auto agreed, json::Value::parse(!order || order->agreed.empty() ? "{}" : order->agreed));
    const json::Value& stop = agreed["stop"];
    if (!instruction_now.empty() && stop["ours"].text() == instruction_now) return std::string(stop["before"].text());
    return map::behind_packer_text(instruction_now);
}

Result<void> PackerNote::tell(state::DeliveryRow& row, map::PackerMessage message, const std::string& cause,
                              const std::string& detail, const std::string& instruction_now) {
    if (context_.dry_run()) return {};
    BLONGO_TRY(const auto kept, json::Value::parse(row.kept_instruction.empty() ? "{}" : row.kept_instruction));
    const bool ours_stands = !kept["ours"].text().empty() && kept["ours"].text() == instruction_now;
    const auto kind = static_cast<std::int64_t>(message);
    if (ours_stands && kept["cause"].text() == cause && kept["message"].integer() == kind) return {};
    std::string before(kept["before"].text());
    if (!ours_stands) {
        BLONGO_TRY(before, behind_others(row, instruction_now));
    }
    const auto& wanted = context_.config().on_label_failure;
    auto& client = context_.session().ongoing();
    const auto& connection = context_.session().connection();
    json::Value note = json::Value::object().set("before", before).set("cause", cause).set("message", kind);
    if (std::ranges::find(wanted, "instruction") != wanted.end()) {
        const std::string text = map::packer_text(message, cause, detail, context_.now(), connection.time_zone,
                                                  context_.config().label_texts, row.order_number.value(), before);
        BLONGO_CHECK(forgive(context_.flow(), client.patch_warehouse_instruction(row.ongoing_id, text), connection.name));
        note.set("ours", text);
    }
    if (std::ranges::find(wanted, "class") != wanted.end() && !kept["class"].is_true()) {
        BLONGO_CHECK(
            forgive(context_.flow(), client.add_order_classes(row.ongoing_id, std::span(&label_failed, 1)), connection.name));
        note.set("class", true);
    }
    row.kept_instruction = note.dump();
    return {};
}

Result<void> PackerNote::tell_parked(state::DeliveryRow& row, const std::string& cause, const std::string& detail) {
    if (context_.dry_run()) return {};
    const auto there = context_.session().ongoing().get_order(row.ongoing_id);
    if (!there && ends_run(there.error())) return fail(there.error());
    if (!there || !*there) return {};
    BLONGO_CHECK(tell(row, map::packer_message(cause), cause, detail, (*there)->warehouse_instruction));
    return store(row);
}

Result<void> PackerNote::store(state::DeliveryRow& row) {
    if (context_.dry_run()) return {};
    BLONGO_TRY(const bool stored, context_.deliveries().put_instruction(row));
    return stored ? Result<void>{} : take_back(row);
}

Result<void> PackerNote::take_back(state::DeliveryRow& row) {
    if (row.kept_instruction.empty() || context_.dry_run()) return {};
    BLONGO_TRY(const auto kept, json::Value::parse(row.kept_instruction));
    auto& client = context_.session().ongoing();
    if (!kept["ours"].text().empty()) {
        BLONGO_TRY(const auto there, client.get_order(row.ongoing_id));
        if (there && there->warehouse_instruction == kept["ours"].text()) { // else somebody wrote there: theirs stays
            const auto restored = client.patch_warehouse_instruction(row.ongoing_id, std::string(kept["before"].text()));
            if (!restored) return forgive(context_.flow(), restored, context_.session().connection().name);
        }
    }
    row.kept_instruction.clear();
    return {};
}

} // namespace blongo::sync
