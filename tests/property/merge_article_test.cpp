// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/article_plan.hpp>
#include <blongo/plan/same_value.hpp>

#include "articles.hpp"

using namespace property;
using json::Value;

namespace {

const std::vector<std::string> members = {
    "articleName", "weight", "description", "barCodeInfo.barCode", "barCodeInfo.alternativeBarCodes", "structureDefinition"};

/// One of few values of a member, in one of the ways in which a side may write it. 0: blank.
Value written(const std::string& member, int which, int way) {
    if (which == 0) return way == 0 ? Value{} : Value("");
    const std::string digit = std::to_string(which);
    const Value number = Value::number(way == 0 ? digit : digit + ".0");
    if (member == "weight") return number;
    if (member == "description") return Value(way == 0 ? "line\n" + digit : "line\r\n" + digit);
    if (member == "barCodeInfo.alternativeBarCodes") {
        Value list = Value::array();
        list.push_back(Value::object().set("barCode", "590").set("quantityPerBarCode", number));
        if (way != 0) list.push_back(list.elements()[0]);
        return list;
    }
    if (member == "structureDefinition") {
        Value rows = Value::array();
        rows.push_back(Value::object().set("articleNumber", "PART").set("numberOfItems", number));
        return way == 0 ? Value::object().set("articleKind", "Structure").set("rows", rows)
                        : Value::object().set("rows", rows).set("articleKind", "Structure");
    }
    return Value("text " + digit);
}

Value some_value(const std::string& member, int least) {
    return written(member, *rc::gen::inRange(least, 4), *rc::gen::inRange(0, 2));
}

struct Case {
    map::ArticleDocument wanted;
    Value agreed = Value::object();
    Value remote = Value::object();
    std::string kind;
    plan::ArticleMergeOptions options;
};

Case any_case() {
    Case one;
    one.wanted.number = ArticleNumber{"A"};
    one.remote.set("articleNumber", *rc::gen::element<std::string>("A", "A", "OLD"));
    one.remote.set("unitCode", "pcs");
    one.kind = *rc::gen::element<std::string>("", "Structure");
    one.options.overwrite_existing = *rc::gen::arbitrary<bool>();
    for (const auto& member : members) {
        if (*rc::gen::arbitrary<bool>()) one.wanted.members.push_back({member, some_value(member, 1)});
        if (*rc::gen::arbitrary<bool>()) one.agreed.set(member, some_value(member, 1));
        if (*rc::gen::arbitrary<bool>()) one.remote.set_path(member, some_value(member, 0));
        if (*rc::gen::weightedElement<bool>({{5, false}, {1, true}})) one.options.warehouse_owns.insert(member);
    }
    return one;
}

plan::ArticleMerge merge(const Case& one) {
    return plan::merge_article(one.wanted, one.agreed, one.remote, one.kind, one.options);
}

bool changes(const plan::ArticleMerge& result, const std::string& member) {
    return std::ranges::any_of(result.changes, [&](const auto& change) { return change.member == member; });
}

} // namespace

TEST_CASE("A merge that was accepted leaves nothing to write") {
    CHECK(holds("merging again writes nothing", [] {
        auto one = any_case();
        const auto first = merge(one);
        one.agreed = first.agreed;
        if (first.write) one.remote = first.body;
        const auto second = merge(one);
        RC_ASSERT(!second.write);
        RC_ASSERT(second.kept == first.kept);
        RC_ASSERT(second.agreed.canonical() == first.agreed.canonical());
    }));
}

TEST_CASE("A merge never changes what people edited, what the warehouse owns, or what is not ours") {
    CHECK(holds("people's values stay", [] {
        const auto one = any_case();
        const auto result = merge(one);
        for (const auto& member : members) {
            const Value& held = one.remote.at_path(member);
            const Value* agreed = one.agreed.find(member);
            // The rows of a structure can be unknown; then there is nothing to compare with.
            const bool unseen = member == "structureDefinition" && held.is_null();
            const bool edited = agreed != nullptr && !unseen && !plan::same_article_value(member, *agreed, held);
            const bool theirs = agreed == nullptr && !unseen && !plan::is_blank(held) && !one.options.overwrite_existing;
            if (!edited && !theirs && !one.options.warehouse_owns.contains(member)) continue;
            RC_ASSERT(!changes(result, member));
            RC_ASSERT(plan::same_article_value(member, result.body.at_path(member), held));
        }
        RC_ASSERT(result.body["unitCode"].text() == "pcs");
        RC_ASSERT(result.body["articleNumber"].text() == "A");
    }));
}

TEST_CASE("A merge touches only members that BaseLinker reports") {
    CHECK(holds("unreported members stay as they are", [] {
        const auto one = any_case();
        const auto result = merge(one);
        for (const auto& member : members) {
            if (one.wanted.find(member) != nullptr) continue;
            RC_ASSERT(!changes(result, member));
            RC_ASSERT(result.body.at_path(member) == one.remote.at_path(member));
            RC_ASSERT(result.agreed[member] == one.agreed[member]);
        }
    }));
}

TEST_CASE("A merge writes exactly when something differs, and says what") {
    CHECK(holds("changes are real", [] {
        const auto one = any_case();
        const auto result = merge(one);
        RC_ASSERT(result.write == !result.changes.empty());
        for (const auto& change : result.changes) {
            RC_ASSERT(!plan::same_article_value(change.member, change.before, change.after));
            RC_ASSERT(plan::same_article_value(change.member, result.body.at_path(change.member), change.after));
        }
        if (one.kind != "Structure") RC_ASSERT(!changes(result, "structureDefinition"));
    }));
}

TEST_CASE("The order of detail work is total: any order of the input gives the same") {
    CHECK(holds("one order", [] {
        std::vector<plan::DetailWork> work;
        const int count = *rc::gen::inRange(0, 20);
        for (int i = 0; i < count; ++i) work.push_back({i, *rc::gen::arbitrary<bool>(), *rc::gen::inRange<std::int64_t>(0, 4)});
        auto other = shuffled(work);
        plan::order_detail_work(work);
        plan::order_detail_work(other);
        for (std::size_t i = 0; i < work.size(); ++i) RC_ASSERT(work[i].product_id == other[i].product_id);
        for (std::size_t i = 1; i < work.size(); ++i) RC_ASSERT(work[i - 1].is_new >= work[i].is_new);
    }));
}
