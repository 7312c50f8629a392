// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/check.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::plan {

namespace {

constexpr std::size_t longest_shown = 120; ///< characters of a member's value

std::string shown(const json::Value& value) {
    std::string text = value.is_object() || value.is_array() ? value.dump() : std::string(value.text());
    if (character_count(text) <= longest_shown) return text;
    return cut_characters(text, longest_shown) + "...";
}

std::string sync_command(const map::ArticleDocument& wanted) {
    std::string command = "blongo articles sync";
    // A bundle goes after its components, in one run.
    for (const auto& component : wanted.components) command += " --sku " + shell_word(component.value());
    return command + " --sku " + shell_word(wanted.number.value());
}

} // namespace

std::int64_t Totals::parked_total() const {
    std::int64_t sum = 0;
    for (const auto& [cause, count] : parked) sum += count;
    return sum;
}

bool Totals::closes() const {
    std::int64_t sum = parked_total();
    for (const auto& [name, count] : terms) sum += count;
    return sum == total;
}

std::string shell_word(const std::string& text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_.,:/+@%=").find(c) != std::string_view::npos;
    });
    if (plain) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

Difference article_missing(const map::ArticleDocument& wanted) {
    return {.kind = "article_missing",
            .flow = "articles",
            .key = wanted.number.value(),
            .baselinker = wanted.name,
            .cause = "the product is in BaseLinker's catalogue, and Ongoing has no article of its number",
            .owner = "admin",
            .command = sync_command(wanted)};
}

Difference article_differs(const map::ArticleDocument& wanted, const std::vector<Change>& changes) {
    Difference out{.kind = "article_differs", .flow = "articles", .key = wanted.number.value(), .owner = "admin"};
    std::string members;
    for (const Change& change : changes) {
        const std::string separator = members.empty() ? "" : "; ";
        out.baselinker += fmt::format("{}{}: {}", separator, change.member, shown(change.after));
        out.ongoing += fmt::format("{}{}: {}", separator, change.member, shown(change.before));
        members += (members.empty() ? "" : ", ") + change.member;
    }
    out.cause = "Ongoing holds other values than BaseLinker's: " + members;
    out.command = sync_command(wanted);
    return out;
}

Difference article_surplus(const SurplusArticle& article) {
    Difference out{.kind = "article_surplus",
                   .flow = "articles",
                   .key = article.number,
                   .ongoing = article.name,
                   .cause = "no product or variant of BaseLinker has this number",
                   .owner = "admin"};
    if (article.ours && article.deactivate && article.in_stock) {
        out.cause += " any more, and the warehouse still has or expects pieces of it";
        out.owner = "warehouse";
        out.remedy = "empty its stock; the next blongo articles sync sets it inactive";
    } else if (article.ours) {
        out.cause += " any more";
        out.command = "blongo articles sync";
    } else {
        out.remedy = "give a product in BaseLinker this SKU, or set the article inactive in Ongoing";
    }
    return out;
}

std::optional<Difference> judge_stock(const StockItem& item, const map::PiecesByWarehouse& figures, const map::Demand& waiting,
                                      const StockRules& rules) {
    std::string held, wanted;
    for (const auto& [key, figure] : figures) {
        const auto there = item.held ? item.held->find(key) : map::PiecesByWarehouse::const_iterator{};
        const bool is_held = item.held && there != item.held->end();
        if (is_held && there->second == figure) continue;
        held += fmt::format("{}{}: {}", held.empty() ? "" : ", ", key, is_held ? fmt::to_string(there->second) : "nothing");
        wanted +=
            fmt::format("{}{}: {} = {} - {} waiting - {} buffer", wanted.empty() ? "" : ", ", key, figure, item.observed.at(key),
                        waiting_pieces(item.number, key, waiting, rules), rules.buffer_of(item.number));
    }
    if (held.empty()) return std::nullopt;
    return Difference{.kind = "stock_differs",
                      .flow = "stock",
                      .key = item.number.value(),
                      .baselinker = held,
                      .ongoing = wanted,
                      .cause = "BaseLinker offers another figure than the warehouse can send",
                      .owner = "admin",
                      .command = "blongo stock push --sku " + shell_word(item.number.value())};
}

} // namespace blongo::plan
