// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/order_overlay.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>

namespace blongo::plan {

namespace {

using json::Value;
using map::value_mark;

/// Never cleared: without them there is no order, or no way to it.
constexpr std::array<std::string_view, 6> never_cleared{"orderNumber",    "deliveryDate",   "goodsOwnerOrderId",
                                                        "consignee.name", "consignee.city", "consignee.countryCode"};

constexpr std::array<std::string_view, 4> never_cleared_of_lines{"rowNumber", "articleNumber", "numberOfItems", "externalId"};

/// What a member becomes when we have nothing to say of it any more.
Value cleared(const Value& held) {
    return held.is_bool() ? Value(false) : Value();
}

/// The members of one object, an order's head or a line.
struct Part {
    std::string prefix; ///< of names in changes: "" or "orderLines[12]."
    std::string target; ///< of names for reads_back: "" or "orderLines[]."
    const Value& told;  ///< marks by member
    std::span<const std::string_view> never_cleared;
};

class Overlayer {
public:
    Overlayer(OrderOverlay& out, const ReadsBack& reads_back) : out_(out), reads_back_(reads_back) {}

    void members(Value& object, const std::vector<map::Member>& wanted, const Part& part) {
        for (const map::Member& member : wanted) set(object, member.target, member.value, part);
        for (const auto& [target, mark] : part.told.members()) {
            const auto same = [&](const map::Member& member) { return member.target == target; };
            if (mark.text().empty() || std::ranges::any_of(wanted, same)) continue;
            if (std::ranges::find(part.never_cleared, target) != part.never_cleared.end()) continue;
            const Value held = object.at_path(target);
            if (reads_back_(part.target + target) && value_mark(target, held).empty()) continue;
            set(object, target, cleared(held), part);
        }
    }

private:
    void set(Value& object, const std::string& target, const Value& wanted, const Part& part) {
        const Value held = object.at_path(target);
        const std::string is = value_mark(target, held), to_be = value_mark(target, wanted);
        const Value* mark = part.told.find(target);
        if (!reads_back_(part.target + target)) { // nobody can see what stands there: what we told last counts
            if (mark == nullptr || mark->text() != to_be) out_.changes.push_back({part.prefix + target, {}, wanted});
            object.set_path(target, wanted);
            return;
        }
        if (is == to_be) return;
        const bool was_told = mark != nullptr || part.told.size() != 0; // a member without a mark was told as empty
        if (was_told && (mark == nullptr ? std::string_view{} : mark->text()) != is) {
            out_.kept.push_back(part.prefix + target);
            return;
        }
        out_.changes.push_back({part.prefix + target, held, wanted});
        object.set_path(target, wanted);
    }

    OrderOverlay& out_;
    const ReadsBack& reads_back_;
};

Value whole_line(const map::OrderLine& line) {
    Value out = Value::object();
    for (const map::Member& member : line.members) out.set_path(member.target, member.value);
    return out;
}

Value in_words(const Value& line) {
    return Value(
        fmt::format("{} x {}", line["numberOfItems"].decimal().value_or(Decimal{}).to_string(), line["articleNumber"].text()));
}

std::string line_name(std::string_view row) {
    return fmt::format("orderLines[{}]", row);
}

const Value& line_marks(const Value& marks, std::string_view row) {
    return marks["lines"][row];
}

/// Of each mark of `sent` the one that holds, as settled_marks() says.
Value settled(const Value& held, const Value& sent, const Value& told) {
    Value out = told.is_null() ? Value::object() : told;
    for (const auto& [target, mark] : sent.members())
        if (value_mark(target, held.at_path(target)) == mark.text()) out.set(target, mark);
    for (const auto& [target, mark] : told.members()) // what was cleared
        if (sent.find(target) == nullptr && !mark.text().empty() && value_mark(target, held.at_path(target)).empty())
            out.erase(target);
    return out;
}

bool arrived(const Value& held, const Value& sent, const Value& told) {
    const auto stands = [&](const std::string& target, std::string_view mark) {
        return value_mark(target, held.at_path(target)) == mark;
    };
    for (const auto& [target, mark] : sent.members())
        if (told[target].text() != mark.text() && stands(target, mark.text())) return true;
    return std::ranges::any_of(told.members(), [&](const auto& member) {
        return !member.second.text().empty() && sent.find(member.first) == nullptr && stands(member.first, "");
    });
}

const Value* held_line(const Value& held, std::string_view row) {
    for (const Value& line : held["orderLines"].elements())
        if (line["rowNumber"].text() == row) return &line;
    return nullptr;
}

} // namespace

OrderOverlay overlay_order(const Value& held, const map::OrderDocument& document, const Value& told,
                           const ReadsBack& reads_back) {
    OrderOverlay out;
    out.body = held;
    Overlayer overlayer(out, reads_back);
    overlayer.members(out.body, document.members, {"", "", told["members"], never_cleared});

    Value lines = Value::array();
    const auto wanted = [&](std::string_view row) {
        const auto found = std::ranges::find(document.lines, row, &map::OrderLine::row_number);
        return found == document.lines.end() ? nullptr : &*found;
    };
    for (const Value& there : held["orderLines"].elements()) {
        const std::string row(there["rowNumber"].text());
        const map::OrderLine* line = wanted(row);
        if (line != nullptr) {
            Value merged = there;
            overlayer.members(merged, line->members,
                              {line_name(row) + ".", "orderLines[].", line_marks(told, row), never_cleared_of_lines});
            lines.push_back(std::move(merged));
        } else if (told["lines"].find(row) != nullptr) {
            out.changes.push_back({line_name(row), in_words(there), {}});
        } else {
            lines.push_back(there); // of people
        }
    }
    for (const map::OrderLine& line : document.lines) {
        if (held_line(held, line.row_number) != nullptr) continue;
        if (told["lines"].find(line.row_number) != nullptr) {
            out.kept.push_back(line_name(line.row_number) + " (deleted)");
            continue;
        }
        Value fresh = whole_line(line);
        out.changes.push_back({line_name(line.row_number), {}, in_words(fresh)});
        lines.push_back(std::move(fresh));
    }
    out.body.set("orderLines", std::move(lines));
    return out;
}

Value settled_marks(const Value& held, const Value& sent, const Value& told) {
    Value lines = Value::object();
    for (const auto& [row, marks] : sent["lines"].members()) {
        const Value* there = held_line(held, row);
        const Value& before = line_marks(told, row);
        if (there != nullptr)
            lines.set(row, settled(*there, marks, before));
        else if (!before.is_null())
            lines.set(row, before);
    }
    for (const auto& [row, marks] : told["lines"].members())
        if (lines.find(row) == nullptr && held_line(held, row) != nullptr) lines.set(row, marks);
    return Value::object().set("members", settled(held, sent["members"], told["members"])).set("lines", std::move(lines));
}

bool has_arrived(const Value& held, const Value& sent, const Value& told) {
    if (arrived(held, sent["members"], told["members"])) return true;
    for (const auto& [row, marks] : sent["lines"].members()) {
        const Value* there = held_line(held, row);
        if (there == nullptr) continue;
        if (told["lines"].find(row) == nullptr || arrived(*there, marks, line_marks(told, row))) return true;
    }
    return std::ranges::any_of(told["lines"].members(), [&](const auto& line) {
        return sent["lines"].find(line.first) == nullptr && held_line(held, line.first) == nullptr;
    });
}

std::vector<Change> masked(std::vector<Change> changes) {
    static constexpr std::array<std::string_view, 9> plain{"orderNumber",      "goodsOwnerOrderId", "deliveryDate",
                                                           "servicePointCode", "wayOfDelivery.",    "transporter.",
                                                           "marketPlace.",     "customsInfo.",      "warehouseId"};
    static constexpr std::array<std::string_view, 4> plain_ends{"ountryCode", "customerNumber", "toBeNotified", "numberOfItems"};
    for (Change& change : changes) {
        const std::string_view member = change.member;
        const bool whole_line = member.starts_with("orderLines[") && member.ends_with(']');
        const bool shown = whole_line || std::ranges::any_of(plain, [&](auto each) { return member.starts_with(each); }) ||
                           std::ranges::any_of(plain_ends, [&](auto each) { return member.ends_with(each); });
        if (shown) continue;
        for (Value* value : {&change.before, &change.after})
            if (!value->is_null()) *value = Value("***");
    }
    return changes;
}

Pieces lost_pieces(const Pieces& before, const Pieces& after) {
    Pieces out;
    for (const auto& [article, pieces] : before) {
        const auto left = after.find(article);
        const std::int64_t lost = pieces - (left == after.end() ? 0 : left->second);
        if (lost > 0) out[article] = lost;
    }
    return out;
}

Pieces pieces_of(const Value& body, const Value& told) {
    Pieces out;
    for (const Value& line : body["orderLines"].elements())
        if (told["lines"].find(line["rowNumber"].text()) != nullptr)
            out[std::string(line["articleNumber"].text())] += line["numberOfItems"].decimal().value_or(Decimal{}).floor();
    return out;
}

Pieces given_up(const Pieces& before, const Pieces& after, const Pieces& holds) {
    Pieces out;
    const Pieces there = lost_pieces(before, holds);
    for (const auto& [article, pieces] : lost_pieces(before, after))
        if (const auto gone = there.find(article); gone != there.end()) out[article] = std::min(pieces, gone->second);
    return out;
}

bool covers(const Pieces& all, const Pieces& part) {
    return !part.empty() && lost_pieces(part, all).empty();
}

Pieces sum_of(Pieces a, const Pieces& b) {
    for (const auto& [article, pieces] : b) a[article] += pieces;
    return a;
}

} // namespace blongo::plan
