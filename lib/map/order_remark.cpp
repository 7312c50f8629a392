// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/order_rows.hpp>

namespace blongo::map {

namespace {

constexpr std::size_t remark_characters = 500;

void append_line(std::string& text, std::string_view line) {
    if (line.empty()) return;
    if (!text.empty()) text += '\n';
    text += line;
}

} // namespace

std::string order_remark(OrderContext& context) {
    std::string kept;
    if (context.options.admin_comments == OrderOptions::AdminComments::remark)
        append_line(kept, trim(normalise_text(context.order.admin_comments)));
    for (const std::string& text : context.service_texts) append_line(kept, text);
    std::string buyer(trim(normalise_text(context.order.user_comments)));

    const auto whole = [&] {
        std::string text = buyer;
        append_line(text, kept);
        return text;
    };
    std::string remark = whole();
    if (character_count(remark) <= remark_characters) return remark;

    context.notes.push_back(fmt::format("remark cut to {} characters", remark_characters));
    const std::size_t taken = character_count(kept) + (kept.empty() ? 0 : 1);
    buyer = taken < remark_characters ? trim(cut_characters(buyer, remark_characters - taken)) : std::string_view{};
    remark = whole();
    if (character_count(remark) <= remark_characters) return remark;
    return std::string(trim(cut_characters(remark, remark_characters)));
}

} // namespace blongo::map
