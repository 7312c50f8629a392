// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/label_desk.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/label_file.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/second_look.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

/// flows.md Shipments 10: pending labels are asked for again after so many seconds, then at every run.
constexpr std::array label_waits{Seconds{5}, Seconds{15}, Seconds{30}, Seconds{60}, Seconds{120}};
constexpr Seconds packer_waits{30};            ///< then the packer reads LABEL WAITING
constexpr std::chrono::minutes watch_pause{5}; ///< between two questions for a label that is late, by shipments watch
constexpr Seconds label_is_late{120};          ///< then it is parked, and the packer reads LABEL FAILED
/// In DeliveryRow::steps: its label was filed without printing, which is "to tell" or "told".
constexpr const char* step_unprinted = "unprinted";

std::int64_t parcel_count(const state::DeliveryRow& row) {
    const auto list = json::Value::parse(row.parcels.empty() ? "[]" : row.parcels);
    return list ? static_cast<std::int64_t>(list->size()) : 0;
}

} // namespace

PrintTarget LabelDesk::target_of(const state::DeliveryRow& row, const ongoing::Order* there) {
    if (parsed_object(row.steps)[step_no_print].is_true()) {
        PrintTarget nowhere;
        nowhere.words = "not printed: learnt by state rebuild, it may have been printed before";
        return nowhere;
    }
    SendWishes wishes;
    if (const auto event = json::Value::parse(row.event.empty() ? "{}" : row.event)) {
        wishes.workstation_id = (*event)["workstation"].integer();
        wishes.user_id = (*event)["user"].integer();
    }
    return print_target(context_.config(), wishes, there, rule_command_of(row));
}

std::vector<std::string> LabelDesk::rule_command_of(const state::DeliveryRow& row) {
    if (const auto settings = context_.settings())
        for (const auto& rule : (*settings)->rules)
            if (map::rule_name(rule) == row.rule) return rule.print_command;
    return {};
}

Result<void> LabelDesk::work(const state::DeliveryRow& row, const ongoing::Order* there, bool now_due) {
    if (context_.dry_run()) return {};
    const std::string key = delivery_key(row.order_id, row.number);
    BLONGO_TRY(const auto due, context_.due().find(due_delivery, key));
    if (!due && row.state != DeliveryState::booked && row.state != DeliveryState::labelled) return {};
    if (due && due->at > context_.now() && !now_due) return {};
    BLONGO_TRY(auto claim, WorkClaim::take(context_, row.order_id, row.number));
    if (!claim) return {}; // another process is at it
    BLONGO_TRY(const auto current, context_.deliveries().find(row.order_id, row.number));
    BLONGO_TRY(const auto step, context_.due().find(due_delivery, key));
    if (!current || (!step && due)) return {}; // it was dealt with meanwhile
    return work_on(*current, step, there);
}

Result<void> LabelDesk::work_on(state::DeliveryRow row, const std::optional<state::DueRow>& due, const ongoing::Order* there) {
    BLONGO_TRY(const auto wish, json::Value::parse(due && !due->payload.empty() ? due->payload : "{}"));
    int attempt = due ? due->attempt : 0;
    if (row.state == DeliveryState::booked && row.strategy == "report") {
        row.state = DeliveryState::labelled; // its label and tracking are the other integration's
        row.labelled_at = context_.now();
        BLONGO_CHECK(context_.deliveries().put(row));
    }
    if (row.state == DeliveryState::booked) {
        BLONGO_TRY(const bool there_now, label(row, there, attempt));
        if (!there_now) return {};
        attempt = 0;
    }
    if (wish["reprint"].is_true() && row.state >= DeliveryState::labelled) {
        // Recorded as done first: whatever fails behind it must not print again.
        BLONGO_CHECK(context_.next_step(row, context_.now(), attempt));
        BLONGO_CHECK(reprint(row, wish["wishes"], there));
    }
    if (parsed_object(row.steps)[step_unprinted].text() == "to tell") BLONGO_CHECK(tell_unprinted(row, there));
    if (row.state == DeliveryState::labelled) return tracking(row, attempt);
    if (row.state == DeliveryState::no_shipment) {
        BLONGO_CHECK(note_.take_back(row));
        BLONGO_CHECK(statuses(row));
        if (!parsed_object(row.steps)["status"].is_true()) { // BaseLinker did not show the order
            BLONGO_CHECK(context_.deliveries().put(row));
            return context_.next_step(row, context_.now() + looks_apart, attempt);
        }
    }
    return context_.next_step(row, std::nullopt);
}

Result<std::vector<state::LabelRow>> LabelDesk::label_of(const state::DeliveryRow& row) {
    BLONGO_TRY(auto stored, context_.labels().of_delivery(row.order_id, row.number));
    std::erase_if(stored, [&](const auto& label) {
        return label.package_id != row.package_id || label.erased || !context_.labels().bytes(label);
    });
    if (!stored.empty()) return stored;
    BLONGO_TRY(const auto file, context_.couriers().get_label(row.courier_code, baselinker::PackageId{row.package_id}));
    if (file.bytes.empty() || !baselinker::has_signature(file))
        return fail(ErrorKind::rejected, fmt::format("the courier's label is no {}: {} bytes that begin otherwise",
                                                     file.extension, file.bytes.size()));
    state::LabelRow label;
    label.order_id = row.order_id;
    label.delivery = row.number;
    label.package_id = row.package_id;
    label.file_name = map::label_file_name(row.order_number, row.package_id, label.index, file.extension);
    label.extension = file.extension;
    label.mime_type = map::mime_type(file.extension);
    label.stored = context_.now();
    const auto pages = file.extension == "pdf" ? map::pdf_pages(file.bytes) : std::nullopt;
    label.pages = pages.value_or(0);
    BLONGO_TRY(auto kept, context_.labels().put(std::move(label), file.bytes));
    return std::vector{std::move(kept)};
}

/// From the courier into Ongoing. False: not yet; the next step is due later.
Result<bool> LabelDesk::label(state::DeliveryRow& row, const ongoing::Order* there, int attempt) {
    auto labels = label_of(row);
    if (!labels) {
        if (ends_run(labels.error())) return fail(labels.error());
        BLONGO_CHECK(label_failed(row, there, attempt, "label_pending", html_to_text(labels.error().message)));
        return false;
    }
    for (auto& one : *labels) {
        BLONGO_TRY(const bool done, upload(row, one, there));
        if (!done) return false;
    }
    const std::int64_t parcels = parcel_count(row);
    const auto& first = labels->front();
    const auto told = first.pages != 0 && first.pages < parcels
                          ? label_incomplete(row, there,
                                             fmt::format("the label has {} page{} for {} parcels", first.pages,
                                                         first.pages == 1 ? "" : "s", parcels))
                          : all_is_well(row);
    if (!told) return fail(told.error());
    return true;
}

Result<void> LabelDesk::all_is_well(state::DeliveryRow& row) {
    if (!row.kept_instruction.empty()) {
        BLONGO_CHECK(note_.take_back(row));
        BLONGO_CHECK(context_.deliveries().put(row));
    }
    const std::string key = fmt::to_string(row.order_id);
    if (context_.flow().cause_of(key) == "two_packages") return {};
    BLONGO_CHECK(context_.flow().item_succeeded(key));
    return context_.flow().release_everywhere(key);
}

Result<std::string> LabelDesk::instruction_of(const state::DeliveryRow& row, const ongoing::Order* there) {
    if (there != nullptr) return there->warehouse_instruction;
    BLONGO_TRY(const auto order, context_.session().ongoing().get_order(row.ongoing_id));
    return order ? order->warehouse_instruction : std::string{};
}

/// What there is went into Ongoing; the parcels that lack a label are somebody's business.
Result<void> LabelDesk::label_incomplete(state::DeliveryRow& row, const ongoing::Order* there, const std::string& words) {
    const std::string key = fmt::to_string(row.order_id);
    BLONGO_CHECK(context_.flow().park({"label_incomplete", key, "getLabel", words, row.order_number.value(), {}}));
    BLONGO_TRY(const std::string now, instruction_of(row, there));
    BLONGO_CHECK(note_.tell(row, map::PackerMessage::failed, "label_incomplete", words, now));
    return context_.deliveries().put(row);
}

Result<void> LabelDesk::label_failed(state::DeliveryRow& row, const ongoing::Order* there, int attempt, const std::string& cause,
                                     const std::string& words) {
    const Timestamp now = context_.now();
    const auto tries = static_cast<std::size_t>(attempt);
    const Timestamp late_again = context_.options().watching ? now + watch_pause : now; // else: at every run
    const Timestamp next = tries < label_waits.size() ? now + label_waits[tries] : late_again;
    const Timestamp booked = row.booked_at.value_or(now);
    const bool late = cause != "label_pending" || now - booked >= label_is_late || tries >= label_waits.size();
    BLONGO_CHECK(context_.next_step(row, next, attempt + 1));
    if (late) {
        BLONGO_CHECK(
            context_.flow().park({cause, fmt::to_string(row.order_id), "getLabel", words, row.order_number.value(), {}}));
    } else {
        context_.report_step(row, "label", plan::Outcome::queued, words);
        context_.flow().incomplete();
    }
    if (late || now - booked >= packer_waits) {
        BLONGO_TRY(const std::string instruction, instruction_of(row, there));
        BLONGO_CHECK(note_.tell(row, late ? map::PackerMessage::failed : map::PackerMessage::waiting, cause, words, instruction));
        BLONGO_CHECK(context_.deliveries().put(row));
    }
    return {};
}

Result<bool> LabelDesk::upload(state::DeliveryRow& row, state::LabelRow& label, const ongoing::Order* there) {
    if (label.file_id != 0) { // recorded by an earlier run that ended before the delivery's row said so
        BLONGO_CHECK(uploaded(row, label, label.file_id, label.printed.has_value()));
        return true;
    }
    const PrintTarget target = target_of(row, there);
    BLONGO_TRY(const bool given_up, upload_is_given_up(label));
    if (given_up && target.ongoing) row.steps = parsed_object(row.steps).set(step_unprinted, "to tell").dump();
    std::int64_t same_name = 0;
    bool same_file = false;
    {
        BLONGO_TRY(const auto files, context_.warehouse().get_files(row.ongoing_id));
        for (const auto& file : files) {
            if (file.file_name != label.file_name) continue;
            same_name = file.file_id;
            same_file = file.bytes.empty() || sha256_hex(file.bytes) == label.sha256;
        }
    }
    if (same_file) { // by an upload whose answer was lost, perhaps: then it has printed, too
        BLONGO_TRY(const bool printed, may_have_printed(label));
        BLONGO_CHECK(uploaded(row, label, same_name, printed));
        return true;
    }
    if (!target.ongoing) {
        BLONGO_TRY(const bool filed, file_by_name(row, label, there));
        if (filed) BLONGO_CHECK(print_locally(row, label, target));
        return filed;
    }
    return given_up ? file_by_name(row, label, there) : post(row, label, target, same_name);
}

/// Filed without printing: whoever waits at the printer reads it, until it is printed.
Result<void> LabelDesk::tell_unprinted(state::DeliveryRow& row, const ongoing::Order* there) {
    const std::string words = "its upload was lost twice, so it was filed without printing";
    context_.report_step(row, "print", plan::Outcome::rejected,
                         fmt::format("{}; on paper: blongo shipments send {} --reprint", words, row.order_id));
    BLONGO_TRY(const std::string now, instruction_of(row, there));
    BLONGO_CHECK(note_.tell(row, map::PackerMessage::failed, cause_unprinted, {}, now));
    row.steps = parsed_object(row.steps).set(step_unprinted, "told").dump();
    return context_.deliveries().put(row);
}

/// Prints nothing, and may be repeated.
Result<bool> LabelDesk::file_by_name(state::DeliveryRow& row, state::LabelRow& label, const ongoing::Order* there) {
    ongoing::FileUpload file{label.file_name, label.mime_type, {}, std::nullopt};
    BLONGO_TRY(file.bytes, context_.labels().bytes(label));
    const auto id = context_.warehouse().put_file_by_name(row.ongoing_id, file);
    if (!id) {
        if (ends_run(id.error())) return fail(id.error());
        BLONGO_TRY(const auto due, context_.due().find(due_delivery, delivery_key(row.order_id, row.number)));
        BLONGO_CHECK(label_failed(row, there, due ? due->attempt : 0,
                                  is_refusal(id.error()) ? "remote_rejected" : "label_pending",
                                  "Ongoing did not take the label: " + html_to_text(id.error().message)));
        return false;
    }
    BLONGO_CHECK(uploaded(row, label, *id, false));
    return true;
}

/// The file is in Ongoing: recorded with the delivery's state in one transaction.
Result<void> LabelDesk::uploaded(state::DeliveryRow& row, state::LabelRow& label, std::int64_t file_id, bool printed) {
    const Timestamp now = context_.now();
    const bool news = row.state == DeliveryState::booked;
    label.file_id = file_id;
    if (!label.uploaded) label.uploaded = now;
    if (printed) label.printed = row.printed_at = now;
    if (news) {
        row.state = DeliveryState::labelled;
        row.labelled_at = now;
    }
    const auto record = [&]() -> Result<void> {
        BLONGO_CHECK(context_.labels().update(label));
        BLONGO_CHECK(context_.deliveries().put(row));
        return context_.next_step(row, now, 0);
    };
    BLONGO_CHECK(context_.store().in_transaction(record));
    if (news) context_.report_step(row, "label", plan::Outcome::done, label.file_name + (printed ? ", printed" : ""));
    return {};
}

Result<void> LabelDesk::print_locally(state::DeliveryRow& row, state::LabelRow& label, const PrintTarget& target) {
    if (target.command.empty()) return {};
    // Recorded first: a label that did not print is asked for again by a person; two are not noticed by anybody.
    label.printed = row.printed_at = context_.now();
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(context_.labels().update(label));
        return context_.deliveries().put(row);
    }));
    BLONGO_TRY(const std::string file, context_.labels().file(label));
    const auto printed = print_here(target, file);
    context_.report_step(row, "print", printed ? plan::Outcome::done : plan::Outcome::rejected,
                         printed ? target.words : printed.error().text());
    return {};
}

} // namespace blongo::sync
