// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/json/value.hpp>
#include <blongo/map/order.hpp>
#include <blongo/plan/action.hpp>

namespace blongo::plan {

/// Whether GetOrderModel shows a member of PostOrderModel; of lines "orderLines[].comment".
using ReadsBack = std::function<bool(std::string_view target)>;

/// An update of an order that people in the warehouse may have edited (flows.md Common): what Ongoing holds, with the
/// members that we own put over it.
struct OrderOverlay {
    json::Value body;              ///< the whole PostOrderModel
    std::vector<Change> changes;   ///< what differs from what Ongoing holds; of lines "orderLines[<row number>].comment"
    std::vector<std::string> kept; ///< members that people edited, and that stay
    [[nodiscard]] bool is_empty() const noexcept { return changes.empty(); }
};

/// `held`: the PostOrderModel that says again what Ongoing holds. `told`: map::document_marks of what was sent last; a
/// member without a mark was sent as empty, and without any marks everything is ours to set. A member of theirs that differs from its mark was edited by people: it
/// stays, unless it is already what we would set. A member that was sent, that nobody edited, and that the document
/// no longer reports, is cleared. A line that the document has no more goes, whoever edited it; a line that people added
/// stays, and a line that they deleted stays deleted.
[[nodiscard]] OrderOverlay overlay_order(const json::Value& held, const map::OrderDocument& document, const json::Value& told,
                                         const ReadsBack& reads_back);

/// The marks after an attempt whose outcome was found by looking: of each member those of `sent` where Ongoing holds that
/// value now, else those of `told`.
[[nodiscard]] json::Value settled_marks(const json::Value& held, const json::Value& sent, const json::Value& told);

/// Whether Ongoing holds what an update sent: a member of `sent` that differs from `told` stands there, or a line that
/// it took away is gone.
[[nodiscard]] bool has_arrived(const json::Value& held, const json::Value& sent, const json::Value& told);

/// The changes as they may be shown to everybody: what may be about the buyer as "***" (lines, codes and dates are not).
[[nodiscard]] std::vector<Change> masked(std::vector<Change> changes);

/// Pieces by article.
using Pieces = std::map<std::string, std::int64_t>;
/// What `before` has more of than `after`.
[[nodiscard]] Pieces lost_pieces(const Pieces& before, const Pieces& after);
/// Pieces by article of the lines of a PostOrderModel that were sent by us (marks `told`): people's own lines left out.
[[nodiscard]] Pieces pieces_of(const json::Value& body, const json::Value& told);
/// What an order really gave up: pieces that it was told of `before` and no more `after`, and that Ongoing, which `holds`
/// this now, has no more either: people may have kept, or raised, what we lowered.
[[nodiscard]] Pieces given_up(const Pieces& before, const Pieces& after, const Pieces& holds);
/// Whether `all` has at least the pieces of `part`; an empty part is in nothing.
[[nodiscard]] bool covers(const Pieces& all, const Pieces& part);
[[nodiscard]] Pieces sum_of(Pieces a, const Pieces& b);

} // namespace blongo::plan
