// SPDX-License-Identifier: Apache-2.0
// Uploads that print: one intent each, because a second one prints twice (contract ongoing.md 3.8).
#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/label_desk.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

constexpr Milliseconds between_reprints{60'000}; ///< flows.md Shipments 2: at most once a minute
constexpr int most_attempts = 2;                 ///< architecture.md: one repeat
const std::string absent = "absent";             ///< the result of an upload that never arrived

std::string file_key(const state::LabelRow& label, std::string_view what) {
    return fmt::format("{}:{}:{}:{}:{}", what, label.order_id, label.delivery, label.package_id, label.index);
}

state::IntentRow file_intent(const state::LabelRow& label, const std::string& action, std::int64_t replace_file) {
    state::IntentRow intent;
    intent.key = file_key(label, action == upload_action ? "file" : "print");
    intent.action = action;
    intent.fingerprint = label.sha256;
    intent.payload = json::Value::object()
                         .set("order_id", label.order_id.value())
                         .set("number", label.delivery)
                         .set("package_id", label.package_id)
                         .set("index", label.index)
                         .set("file_name", label.file_name)
                         .set("replace", replace_file)
                         .dump();
    return intent;
}

/// Proven by a look that was late enough.
bool never_arrived(const state::IntentRow& upload) {
    return upload.state == state::IntentState::withdrawn && upload.result == absent;
}

bool is_given_up(const state::IntentRow& upload) {
    return never_arrived(upload) && upload.attempt >= most_attempts;
}

} // namespace

Result<bool> LabelDesk::may_have_printed(const state::LabelRow& label) {
    BLONGO_TRY(const auto history, context_.intents().history(file_key(label, "file"), 1));
    return !history.empty() && history.front().state != state::IntentState::refused && !is_given_up(history.front());
}

Result<bool> LabelDesk::upload_is_given_up(const state::LabelRow& label) {
    BLONGO_TRY(const auto history, context_.intents().history(file_key(label, "file"), 1));
    return !history.empty() && is_given_up(history.front());
}

Result<bool> LabelDesk::post(state::DeliveryRow& row, state::LabelRow& label, const PrintTarget& target,
                             std::int64_t replace_file) {
    auto wanted = file_intent(label, upload_action, replace_file);
    BLONGO_TRY(const auto history, context_.intents().history(wanted.key, 1));
    if (!history.empty() && never_arrived(history.front())) wanted.attempt = history.front().attempt + 1;
    if (!history.empty() && history.front().state == state::IntentState::done && history.front().fingerprint == label.sha256)
        if (const auto id = parse_id(history.front().result)) { // another process has uploaded it
            BLONGO_CHECK(uploaded(row, label, *id, true));
            return true;
        }
    BLONGO_TRY(const auto intent, context_.intents().open(wanted, leave_within));
    if (!intent) return false; // another process is at it, or its outcome is not known yet
    ongoing::FileUpload file{label.file_name, label.mime_type, {}, target.ongoing};
    BLONGO_TRY(file.bytes, context_.labels().bytes(label));
    const auto id = replace_file == 0
                        ? context_.warehouse().post_file(row.ongoing_id, file, context_.departure(intent->id))
                        : context_.warehouse().put_file(row.ongoing_id, replace_file, file, context_.departure(intent->id));
    file.bytes.clear();
    if (id) {
        BLONGO_CHECK(context_.intents().settle(intent->id, state::IntentState::done, fmt::to_string(*id)));
        BLONGO_CHECK(uploaded(row, label, *id, true));
        return true;
    }
    if (is_ambiguous(id.error())) {
        BLONGO_CHECK(context_.intents().settle(intent->id, state::IntentState::unknown, id.error().text()));
        BLONGO_CHECK(context_.next_step(row, context_.now(), 0));
        context_.report_step(
            row, "label", plan::Outcome::unknown,
            "the answer of the upload was lost: looked for at the next run, sent again only if it never arrived");
        return false;
    }
    const bool refused = is_refusal(id.error());
    BLONGO_CHECK(context_.intents().settle(intent->id, refused ? state::IntentState::refused : state::IntentState::withdrawn,
                                           id.error().text()));
    if (!refused) return fail(id.error());
    BLONGO_TRY(const auto due, context_.due().find(due_delivery, delivery_key(row.order_id, row.number)));
    BLONGO_CHECK(label_failed(row, nullptr, due ? due->attempt : 0, "remote_rejected",
                              "Ongoing did not take the label: " + html_to_text(id.error().message)));
    return false;
}

Result<void> LabelDesk::recover(const std::set<BaseOrderId>& only) {
    if (context_.dry_run()) return {};
    for (const auto& action : {upload_action, print_action}) {
        BLONGO_TRY(const auto open, context_.intents().unsettled(action));
        for (const auto& intent : open) {
            BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
            if (!only.empty() && !only.contains(BaseOrderId{payload["order_id"].integer()})) continue;
            const auto settled = recover_upload(intent);
            if (settled) continue;
            if (ends_run(settled.error())) return settled;
            context_.session().runtime().reporter.warning(
                context_.session().connection().name,
                fmt::format("order {}: {}", payload["order_id"].integer(), settled.error().text()));
        }
    }
    return {};
}

/// There: done. Absent at a look that is late enough: it never arrived, and may be sent once more.
Result<void> LabelDesk::recover_upload(const state::IntentRow& intent) {
    const Milliseconds timeout = context_.session().http().read_timeout;
    if (intent.state == state::IntentState::open) {
        BLONGO_TRY(const bool taken_over, take_over(context_.session(), intent, timeout));
        if (!taken_over) return {};
    }
    BLONGO_TRY(const Timestamp now, context_.store().now());
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    const BaseOrderId order{payload["order_id"].integer()};
    BLONGO_TRY(auto claim, WorkClaim::take(context_, order, payload["number"].integer()));
    if (!claim) return {}; // another process is at this delivery: a later run settles it
    BLONGO_TRY(auto row, context_.deliveries().find(order, payload["number"].integer()));
    BLONGO_TRY(const auto labels, context_.labels().of_delivery(order, payload["number"].integer()));
    const auto label = std::ranges::find_if(labels, [&](const state::LabelRow& candidate) {
        return candidate.package_id == payload["package_id"].integer() && candidate.index == payload["index"].integer();
    });
    const auto settle = [&](state::IntentState state, const std::string& result) -> Result<void> {
        BLONGO_CHECK(context_.intents().settle(intent.id, state, result));
        return {};
    };
    if (!row || label == labels.end()) return settle(state::IntentState::withdrawn, "its delivery is gone");
    // A file that is there and is printed again looks the same before and after: it counts as printed.
    if (intent.action == print_action) return settle(state::IntentState::done, "not known; not printed again");
    BLONGO_TRY(const auto files, context_.warehouse().get_files(row->ongoing_id));
    for (const auto& file : files) {
        if (file.file_name != label->file_name) continue;
        if (!file.bytes.empty() && sha256_hex(file.bytes) != label->sha256) continue;
        BLONGO_CHECK(settle(state::IntentState::done, fmt::to_string(file.file_id)));
        if (row->state == state::DeliveryState::cancelled) return {};
        state::LabelRow found = *label;
        return uploaded(*row, found, file.file_id, true);
    }
    const Timestamp late = intent.send_deadline + timeout + settle_margin;
    if (now >= late) return settle(state::IntentState::withdrawn, absent);
    BLONGO_CHECK(settle(state::IntentState::unknown, "looked: the file is not there yet"));
    BLONGO_CHECK(context_.next_step(*row, late, 0));
    context_.report_step(*row, "label", plan::Outcome::unknown,
                         fmt::format("the answer of the upload was lost; not there yet; sent again after {}",
                                     format_local(late, context_.session().connection().time_zone)));
    return {};
}

Result<void> LabelDesk::reprint(state::DeliveryRow& row, const json::Value& wish, const ongoing::Order* there) {
    const auto line = [&](plan::Verb verb, plan::Outcome outcome, const std::string& detail) {
        auto action =
            context_.action(verb, row.order_id, row.order_number, verb == plan::Verb::reprint ? "reprint" : "sent already");
        action.outcome = outcome;
        action.detail = detail;
        context_.flow().report(action);
    };
    const SendWishes wishes = SendWishes::from_json(wish);
    if (row.printed_at && context_.now() - *row.printed_at < between_reprints) {
        line(plan::Verb::same, plan::Outcome::done, "printed less than a minute ago");
        return {};
    }
    const PrintTarget target = print_target(context_.config(), wishes, there, rule_command_of(row));
    if (!target.ongoing && target.command.empty()) {
        line(plan::Verb::same, plan::Outcome::done, package_words(row) + "; " + target.words);
        return {};
    }
    BLONGO_TRY(auto labels, label_of(row));
    for (auto& label : labels) {
        if (!target.ongoing) {
            BLONGO_CHECK(print_locally(row, label, target));
            line(plan::Verb::reprint, plan::Outcome::done, target.words);
            continue;
        }
        if (label.withdrawn) {
            line(plan::Verb::same, plan::Outcome::done,
                 "its label was deleted in Ongoing (privacy.delete_labels_in_ongoing_after); blongo shipments label " +
                     fmt::to_string(row.order_id) + " has it while it is stored here");
            continue;
        }
        if (label.file_id == 0) {
            line(plan::Verb::same, plan::Outcome::done, "its label is not in Ongoing");
            continue;
        }
        BLONGO_TRY(const auto intent, context_.intents().open(file_intent(label, print_action, label.file_id), leave_within));
        if (!intent) continue;
        ongoing::FileUpload file{label.file_name, label.mime_type, {}, target.ongoing};
        BLONGO_TRY(file.bytes, context_.labels().bytes(label));
        const auto printed = context_.warehouse().put_file(row.ongoing_id, label.file_id, file, context_.departure(intent->id));
        const bool unknown = !printed && is_ambiguous(printed.error());
        const bool refused = !printed && is_refusal(printed.error());
        BLONGO_CHECK(context_.intents().settle(intent->id,
                                               printed || unknown ? state::IntentState::done
                                               : refused          ? state::IntentState::refused
                                                                  : state::IntentState::withdrawn,
                                               printed ? "" : printed.error().text()));
        if (!printed && !unknown && !refused) return fail(printed.error());
        if (!refused) {
            label.printed = row.printed_at = context_.now();
            BLONGO_CHECK(context_.labels().update(label));
            if (parsed_object(row.kept_instruction)["cause"].text() == cause_unprinted) BLONGO_CHECK(note_.take_back(row));
            BLONGO_CHECK(context_.deliveries().put(row));
        }
        line(plan::Verb::reprint, refused ? plan::Outcome::rejected : plan::Outcome::done,
             printed ? target.words : printed.error().text());
    }
    return {};
}

} // namespace blongo::sync
