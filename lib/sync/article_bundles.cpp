// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_bundles.hpp>

#include <fmt/format.h>

namespace blongo::sync {

Result<bool> ArticleBundles::process() {
    Session& session = flow_.session();
    bool has_progress = true;
    while (!waiting_.empty() && has_progress && !session.out_of_time() && !flow_.ends_at_limit()) {
        std::vector<map::ArticleDocument> ready, waiting;
        for (auto& bundle : waiting_) {
            BLONGO_TRY(const bool known, writer_.all_known(bundle.components));
            (known ? ready : waiting).push_back(std::move(bundle));
        }
        has_progress = !ready.empty();
        BLONGO_CHECK(writer_.process(std::move(ready)));
        waiting_ = std::move(waiting);
    }
    if (session.out_of_time() || flow_.limit_reached()) return waiting_.empty();
    for (const auto& bundle : waiting_) BLONGO_CHECK(settle_waiting(bundle));
    return true;
}

Result<void> ArticleBundles::settle_waiting(const map::ArticleDocument& bundle) {
    std::string missing;
    bool will_come = false; // held back by max_new_articles, or left for the next run
    for (const auto& component : bundle.components) {
        BLONGO_TRY(const bool known, writer_.all_known({component}));
        if (known) continue;
        missing += (missing.empty() ? "" : ", ") + component.value();
        will_come =
            will_come || (!catalogue_.holders_of(component.value()).empty() && !flow_.parked().contains(component.value()));
    }
    if (!will_come)
        return flow_.park({"unknown_sku", bundle.number.value(), "bundle_products",
                           fmt::format("components that are not in Ongoing: {}", missing), bundle.name, bundle.source_id});
    auto line = flow_.action(plan::Verb::skip, bundle.number.value(), "waits for its components");
    line.label = bundle.name;
    flow_.report(line);
    return {};
}

} // namespace blongo::sync
