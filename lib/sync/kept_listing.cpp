// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/kept_listing.hpp>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/json/writer.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t parts_in_memory = 20; ///< a listing that is shorter is seldom interrupted, and soon read again
constexpr std::chrono::hours longest_life{24};
const std::string head_name = "articles.listing";

std::string part_name(std::size_t part) {
    return fmt::format("{}.{}", head_name, part);
}

/// [id, parent, sku, name] and, of one that could not be read, [..., path, reason]. Names are for messages about products
/// without SKU.
void write_row(json::Writer& part, const baselinker::ProductListRow& row) {
    part.begin_array().integer(row.id.value()).integer(row.parent_id.value()).string(row.sku);
    part.string(row.sku.empty() ? row.name : std::string{});
    if (row.bad) part.string(row.bad->path).string(row.bad->reason);
    part.end_array();
}

baselinker::ProductListRow listed_row(const json::Value& kept) {
    const auto& parts = kept.elements();
    const auto text = [&](std::size_t i) { return i < parts.size() ? std::string(parts[i].text()) : std::string{}; };
    const auto id = [&](std::size_t i) { return ProductId{i < parts.size() ? parts[i].integer() : 0}; };
    baselinker::ProductListRow row{id(0), id(1), text(2), {}, text(3), {}};
    if (parts.size() > 4) row.bad = baselinker::BadProduct{row.id, text(4), text(5)};
    return row;
}

} // namespace

Result<void> KeptListing::restore(const EachRow& row) {
    if (!keeps_) return {};
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto text, cursors.get(head_name));
    if (!text) return {};
    BLONGO_TRY(const auto head, json::Value::parse(*text));
    parts_ = static_cast<std::size_t>(head["parts"].integer());
    const Timestamp begun = from_unix_milliseconds(head["begun"].integer());
    const Timestamp now = flow_.session().runtime().clock.now();
    if (now < begun || now - begun > longest_life) return forget();
    for (std::size_t part = 0; part < parts_; ++part) {
        BLONGO_TRY(const auto kept, cursors.get(part_name(part)));
        if (!kept) return fail(ErrorKind::state, "a part of the kept listing is missing", part_name(part), "blongo state check");
        BLONGO_TRY(const auto rows, json::Value::parse(*kept));
        for (const json::Value& one : rows.elements()) BLONGO_CHECK(row(listed_row(one)));
        is_empty_ = is_empty_ && rows.size() == 0;
    }
    pages_ = static_cast<int>(head["pages"].integer());
    begun_ = head["begun"].integer();
    is_whole_ = head["whole"].is_true();
    is_resumed_ = true;
    return {};
}

bool KeptListing::records() const {
    return keeps_ && (is_resumed_ || flow_.session().runtime().deadline);
}

Result<void> KeptListing::add(const std::vector<baselinker::ProductListRow>& rows, int pages) {
    if (!records()) return {};
    is_empty_ = is_empty_ && rows.empty();
    if (begun_ == 0) begun_ = to_unix_milliseconds(flow_.session().runtime().clock.now());
    json::Writer part;
    part.begin_array();
    for (const auto& row : rows) write_row(part, row);
    waiting_.push_back(part.end_array().take());
    pages_ = pages;
    if (!is_resumed_ && parts_ == 0 && waiting_.size() <= parts_in_memory) return {};
    return store();
}

Result<void> KeptListing::store() {
    if (waiting_.empty()) return {};
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        state::Cursors cursors(flow_.session().store(), flow_.session().key());
        for (const std::string& part : waiting_) BLONGO_CHECK(cursors.set(part_name(parts_++), part));
        waiting_.clear();
        return put_head();
    });
}

Result<void> KeptListing::put_head() {
    const json::Value head = json::Value::object()
                                 .set("begun", begun_)
                                 .set("pages", static_cast<std::int64_t>(pages_))
                                 .set("parts", static_cast<std::int64_t>(parts_))
                                 .set("whole", is_whole_);
    return state::Cursors(flow_.session().store(), flow_.session().key()).set(head_name, head.dump());
}

Result<void> KeptListing::end(bool has_time) {
    if (!records() || is_whole_) return {};
    if (!is_resumed_ && has_time) return forget();
    if (is_empty_) return forget(); // perhaps for once: the next run asks again
    is_whole_ = true;
    BLONGO_CHECK(store());
    return put_head();
}

Result<void> KeptListing::forget() {
    waiting_.clear();
    if (parts_ == 0) return {};
    const auto erased = flow_.session().store().in_transaction([&]() -> Result<void> {
        state::Cursors cursors(flow_.session().store(), flow_.session().key());
        for (std::size_t part = 0; part < parts_; ++part) BLONGO_CHECK(cursors.erase(part_name(part)));
        return cursors.erase(head_name);
    });
    parts_ = 0;
    return erased;
}

} // namespace blongo::sync
