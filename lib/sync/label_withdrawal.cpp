// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/label_withdrawal.hpp>

#include <fmt/format.h>

namespace blongo::sync {

namespace {

constexpr int withdrawn_a_run = 100;

Result<void> withdraw(SendContext& context, state::LabelRow label, OngoingOrderId order) {
    const auto deleted = context.warehouse().delete_file(order, label.file_id);
    const bool was_gone = !deleted && deleted.error().kind == ErrorKind::not_found; // the order, too
    if (!deleted && !was_gone) return fail(deleted.error());
    label.withdrawn = context.now();
    return context.labels().update(label);
}

} // namespace

Result<void> withdraw_labels(SendContext& context) {
    const auto after = context.session().privacy().delete_labels_in_ongoing_after;
    if (!after) return {};
    BLONGO_TRY(const auto labels, context.labels().in_ongoing_since(context.now() - *after, withdrawn_a_run));
    int withdrawn = 0, refused = 0;
    std::string why;
    for (const auto& label : labels) {
        if (context.session().out_of_time()) break;
        BLONGO_TRY(const auto delivery, context.deliveries().find(label.order_id, label.delivery));
        if (!delivery) continue;
        const auto done = withdraw(context, label, delivery->ongoing_id);
        if (!done && ends_run(done.error())) return done;
        if (!done && why.empty()) why = fmt::format("order {}: {}", label.order_id, done.error().text());
        ++(done ? withdrawn : refused);
    }
    auto& reporter = context.session().runtime().reporter;
    const std::string& name = context.session().connection().name;
    if (withdrawn > 0) reporter.info(name, fmt::format("{} labels were deleted in Ongoing, for privacy", withdrawn));
    if (refused > 0)
        reporter.warning(name, fmt::format("{} labels that privacy.delete_labels_in_ongoing_after names are still in Ongoing: {}",
                                           refused, why));
    return {};
}

} // namespace blongo::sync
