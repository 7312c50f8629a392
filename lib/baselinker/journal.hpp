// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm> // IWYU pragma: keep
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/error.hpp>
#include <blongo/base/result.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/known_ids.hpp>
#include <blongo/baselinker/tolerant.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/json/writer.hpp>

/// The journals of orders and of returns (contract 3.3, 3.6), which differ in what an entry names only.
namespace blongo::baselinker {

/// The entries of one answer, ascending by log_id. `read` reads what else an entry has, and says whether it names what it
/// is about: one that does not, or that cannot be read, is left out, since the journal only hastens what other reads find.
template <class Entry, class Read> [[nodiscard]] Result<std::vector<Entry>> decode_entries(json::Node root, Read&& read) {
    std::vector<Entry> entries;
    const json::Node logs = root["logs"];
    const auto state = tolerant::each_element(logs, [&](std::string_view, json::Node item) {
        Entry entry;
        tolerant::ItemReader reader;
        reader.integer(entry.log_id, item["id"]);
        reader.integer(entry.log_id, item["log_id"]); // the name in the sample and in every client
        reader.integer(entry.log_type, item["log_type"]);
        reader.integer(entry.object_id, item["object_id"]);
        const bool named = read(entry, reader, item);
        if (!reader.failed() && entry.log_id > 0 && named) entries.push_back(entry);
    });
    if (state == tolerant::State::malformed || !logs.exists()) return tolerant::wrong_shape(logs, "a list of journal entries");
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.log_id < b.log_id; });
    return entries;
}

/// All entries behind `last_log_id`, call after call until nothing new comes. `page(parameters)` makes one call and
/// answers its entries.
template <class Entry, class Page> [[nodiscard]] Result<std::vector<Entry>>
whole_journal(const std::string& method, std::int64_t last_log_id, std::span<const int> log_types, Page&& page) {
    std::vector<Entry> entries;
    KnownIds known;
    for (int call = 0; call < limits::list_pages_guard; ++call) {
        json::Writer writer;
        writer.begin_object().member("last_log_id", last_log_id).key("logs_types").begin_array();
        for (const int type : log_types) writer.integer(type);
        writer.end_array().end_object();
        BLONGO_TRY(const std::vector<Entry> decoded, page(writer.text()));
        bool brought_new = false;
        for (const Entry& entry : decoded) {
            if (!known.add(entry.log_id)) continue;
            entries.push_back(entry);
            brought_new = brought_new || entry.log_id > last_log_id;
        }
        known.end_page();
        if (!brought_new) return entries;
        last_log_id = std::max(last_log_id, decoded.back().log_id);
    }
    return fail(ErrorKind::protocol, "the journal does not end", "baselinker " + method);
}

} // namespace blongo::baselinker
