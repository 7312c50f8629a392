// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/article_plan.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <blongo/base/mapping_targets.hpp>
#include <blongo/plan/same_value.hpp>

namespace blongo::plan {

namespace {

using json::Value;

constexpr std::string_view structure_member = "structureDefinition";
constexpr std::string_view barcodes_member = "barCodeInfo.alternativeBarCodes";
constexpr std::string_view structure_kind = "Structure";
constexpr std::size_t fewest_deactivations_judged = 5;

/// Whether warehouse_owns names the member or an object that holds it.
bool warehouse_owns(const ArticleMergeOptions& options, std::string_view member) {
    return std::ranges::any_of(options.warehouse_owns, [&](const std::string& owned) {
        return member.starts_with(owned) && (member.size() == owned.size() || member[owned.size()] == '.');
    });
}

/// Our bar codes with what people added to those that stay (their type).
Value with_known_types(const Value& wanted, const Value& remote) {
    Value list = Value::array();
    for (const Value& code : wanted.elements()) {
        const auto& held = remote.elements();
        const auto known =
            std::ranges::find_if(held, [&](const Value& other) { return other["barCode"].text() == code["barCode"].text(); });
        Value merged = known == held.end() ? code : *known;
        for (const auto& [name, value] : code.members()) merged.set(name, value);
        list.push_back(std::move(merged));
    }
    return list;
}

enum class Judgement { same, change, keep };

/// The rule of the overlay for one member (see merge_article).
Judgement judge(std::string_view member, const Value& wanted, const Value* agreed, const Value& remote, bool overwrite) {
    if (same_article_value(member, wanted, remote)) return Judgement::same;
    if (agreed != nullptr) return same_article_value(member, *agreed, remote) ? Judgement::change : Judgement::keep;
    return overwrite || is_blank(remote) ? Judgement::change : Judgement::keep;
}

/// What Ongoing does not show (the rows of a structure, a few members that only a mapping writes): all that can be
/// known is what was agreed last.
Judgement judge_unseen(std::string_view member, const Value& wanted, const Value* agreed, bool may_write) {
    if (agreed == nullptr) return may_write ? Judgement::change : Judgement::keep;
    return same_article_value(member, wanted, *agreed) ? Judgement::same : Judgement::change;
}

bool is_unreadable(std::string_view member) {
    const MappedMember* known = find_member(MappedObject::article, member);
    return known != nullptr && known->unreadable;
}

} // namespace

json::Value article_create_body(const map::ArticleDocument& wanted) {
    Value body = Value::object();
    body.set("articleNumber", wanted.number.value());
    for (const map::Member& member : wanted.members) body.set_path(member.target, member.value);
    return body;
}

json::Value article_agreed(const map::ArticleDocument& wanted) {
    Value agreed = Value::object();
    for (const map::Member& member : wanted.members) agreed.set(member.target, member.value);
    return agreed;
}

ArticleMerge merge_article(const map::ArticleDocument& wanted, const json::Value& agreed, const json::Value& remote,
                           std::string_view remote_kind, const ArticleMergeOptions& options) {
    ArticleMerge merge;
    merge.body = remote.is_object() ? remote : Value::object();
    merge.body.erase("goodsOwnerId");
    merge.agreed = agreed.is_object() ? agreed : Value::object();

    const Value& held_number = remote["articleNumber"];
    if (!is_blank(held_number) && held_number.text() != wanted.number.value())
        merge.changes.push_back({"articleNumber", held_number, Value(wanted.number.value())});
    merge.body.set("articleNumber", wanted.number.value());

    const bool is_structure = remote_kind == structure_kind;
    if (is_structure && wanted.find(structure_member) == nullptr) merge.notes.emplace_back("article_is_structure");
    for (const map::Member& member : wanted.members) {
        if (warehouse_owns(options, member.target)) continue;
        const bool structure = member.target == structure_member;
        if (structure && !is_structure) {
            merge.notes.emplace_back("bundle_is_stock_article");
            continue;
        }
        const Value& held = remote.at_path(member.target);
        const Value* ours = agreed.find(member.target);
        if (ours != nullptr && ours->is_null()) ours = nullptr;
        const bool unseen = held.is_null() && (structure || (remote.size() != 0 && is_unreadable(member.target)));
        // A template that is new is meant for the articles that we keep already, too.
        const bool may_write = options.overwrite_existing || (!structure && agreed.size() != 0);
        const Judgement judgement = unseen ? judge_unseen(member.target, member.value, ours, may_write)
                                           : judge(member.target, member.value, ours, held, options.overwrite_existing);
        if (judgement == Judgement::keep) {
            merge.kept.push_back(member.target);
            continue;
        }
        merge.agreed.set(member.target, member.value);
        if (judgement == Judgement::change) merge.changes.push_back({member.target, held, member.value});
        if (judgement == Judgement::change || unseen)
            merge.body.set_path(member.target,
                                member.target == barcodes_member ? with_known_types(member.value, held) : member.value);
    }
    merge.write = !merge.changes.empty();
    return merge;
}

void order_detail_work(std::vector<DetailWork>& work) {
    const auto turn = [](const DetailWork& item) { return std::tuple(!item.is_new, item.detail_at_ms, item.product_id); };
    if (!std::ranges::is_sorted(work, {}, turn)) std::ranges::sort(work, {}, turn); // most of the time it is
}

Result<void> judge_deactivations(std::size_t known, std::size_t to_deactivate, int max_percent, bool listing_was_empty) {
    if (to_deactivate == 0) return {};
    if (listing_was_empty) {
        return fail(
            ErrorKind::guard,
            fmt::format("BaseLinker's listing is empty, and {} of {} known articles would be deactivated", to_deactivate, known),
            "articles", "check baselinker.inventory_id with `blongo list inventories`");
    }
    const auto limit = static_cast<std::uint64_t>(std::clamp(max_percent, 0, 100));
    if (to_deactivate < fewest_deactivations_judged || to_deactivate * 100 <= limit * known) return {};
    return fail(ErrorKind::guard,
                fmt::format("{} of {} known articles would be deactivated, more than {} %", to_deactivate, known, max_percent),
                "articles",
                "check baselinker.inventory_id and the include / exclude filters; if it is meant, raise "
                "articles.max_deactivated_percent for one run");
}

} // namespace blongo::plan
