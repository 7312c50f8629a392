// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/personal_data.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/belongings.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/audit_log.hpp>

namespace blongo::sync {

namespace {

namespace fs = std::filesystem;

const std::string swept_at = "privacy.swept"; ///< cursor: when leftovers were looked for last, Unix milliseconds

std::int64_t times_in(const std::string& path, const std::string& wanted) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes = fold_case(std::string(std::istreambuf_iterator<char>(file), {}));
    std::int64_t times = 0;
    for (auto at = bytes.find(wanted); at != std::string::npos; at = bytes.find(wanted, at + wanted.size())) ++times;
    return times;
}

/// "state.db.v7.bak" beside a state of SQLite.
std::vector<fs::path> copies_of_upgrades(const state::Store& store) {
    std::vector<fs::path> copies;
    if (store.path().empty()) return copies;
    const fs::path state = store.path();
    std::error_code error;
    for (fs::directory_iterator entry(state.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(state.filename().string() + ".v") && name.ends_with(".bak")) copies.push_back(entry->path());
    }
    return copies;
}

} // namespace

Result<std::vector<HeldOrder>> held_orders(state::Store& store, const std::vector<const config::Connection*>& connections,
                                           const std::string& text) {
    BLONGO_TRY(const auto rows, state::Connections(store).list());
    std::vector<HeldOrder> found;
    for (const config::Connection* connection : connections) {
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.identity == identity_of(*connection); });
        if (row == rows.end()) continue;
        BLONGO_TRY(auto orders, orders_called(store, row->key, text));
        if (const auto id = parse_id(text)) {
            BLONGO_TRY(const auto held, state::held_of(store, row->key, BaseOrderId{*id}));
            if (!held.empty()) orders.insert(BaseOrderId{*id});
        }
        for (const BaseOrderId order : orders)
            found.push_back({connection->name, row->key, order, connection->shipments.label_dir});
    }
    const auto is_meant = [&](const HeldOrder& order) { return std::to_string(order.id.value()) == text; };
    if (std::ranges::any_of(found, is_meant)) std::erase_if(found, [&](const HeldOrder& order) { return !is_meant(order); });
    if (found.empty())
        return fail(ErrorKind::not_found, fmt::format("the state holds nothing of an order {}", text), {},
                    fmt::format("blongo pii find {}", text));
    return found;
}

Result<std::vector<FoundFile>> find_in_files(const std::vector<std::string>& paths, const std::string& text) {
    const std::string wanted = fold_case(text);
    std::vector<FoundFile> found;
    const auto look = [&](const fs::path& path) {
        if (const auto times = times_in(path.string(), wanted); times > 0) found.push_back({path.string(), times});
    };
    for (const std::string& path : paths) {
        std::error_code error;
        if (fs::is_directory(path, error)) {
            for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error), end;
                 !error && entry != end; entry.increment(error))
                if (entry->is_regular_file(error)) look(entry->path());
        } else if (fs::is_regular_file(path, error)) {
            look(path);
        } else {
            return fail(ErrorKind::usage, "there is no such file or folder", path,
                        "give --in the backups, logs or dumps to search");
        }
        if (error)
            return fail(ErrorKind::usage, "it cannot be read: " + error.message(), path, "run this as a user who may read it");
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
}

std::vector<std::string> known_files(const state::Store& store, const std::vector<const config::Connection*>& connections,
                                     const std::string& log_file) {
    std::set<std::string> paths;
    std::error_code error;
    for (const config::Connection* connection : connections)
        if (const std::string& folder = connection->shipments.label_dir; !folder.empty() && fs::is_directory(folder, error))
            paths.insert(folder);
    if (!log_file.empty() && fs::is_regular_file(log_file, error)) paths.insert(log_file);
    if (!store.path().empty()) {
        const fs::path state = store.path();
        if (const fs::path labels = state.parent_path() / "labels"; fs::is_directory(labels, error))
            paths.insert(labels.string());
        for (const fs::path& copy : copies_of_upgrades(store)) paths.insert(copy.string());
    }
    return {paths.begin(), paths.end()};
}

Result<void> erase_order(state::Store& store, const HeldOrder& order) {
    return store.in_transaction([&]() -> Result<void> { // a run that begins with the order meanwhile waits, or is seen here
        BLONGO_TRY(const std::string work, state::work_on(store, order.key, order.id));
        if (!work.empty())
            return fail(ErrorKind::guard, work, fmt::to_string(order.id),
                        fmt::format("wait for it to end; blongo why {}", order.id));
        state::Labels labels(store, order.key, order.label_dir);
        BLONGO_TRY(const auto rows, labels.of_order(order.id));
        for (const auto& row : rows) BLONGO_CHECK(labels.erase(row));
        return state::erase_personal(store, order.key, order.id, "erase");
    });
}

Result<void> expire_personal_data(state::Store& store, state::ConnectionKey key, const config::Connection& connection,
                                  Milliseconds keep, Milliseconds most, Clock& clock) {
    const Milliseconds end = clock.boot_time() + most;
    const Timestamp now = clock.now(), before = now - keep;
    BLONGO_TRY(const auto orders, state::expire_personal(store, key, before, [&] { return clock.boot_time() < end; }));
    state::Labels labels(store, key, connection.shipments.label_dir);
    BLONGO_TRY(const auto copies, labels.erase_before(before));
    if (orders + copies > 0) BLONGO_CHECK(state::empty_wal(store));
    if (clock.boot_time() >= end) return {};
    state::Cursors cursors(store, key);
    BLONGO_TRY(const auto swept, cursors.number(swept_at));
    if (swept && now - from_unix_milliseconds(*swept) < std::chrono::hours{24} && now >= from_unix_milliseconds(*swept))
        return {};
    BLONGO_TRY([[maybe_unused]] const auto leftovers, state::expire_leftovers(store, key, before));
    for (const fs::path& copy : copies_of_upgrades(store)) {
        std::error_code error;
        const auto written = fs::last_write_time(copy, error);
        if (!error && fs::file_time_type::clock::now() - written > keep) fs::remove(copy, error);
        if (error)
            return fail(ErrorKind::state, "a copy of the state from before an upgrade stays: " + error.message(), copy.string(),
                        "remove it");
    }
    return cursors.set(swept_at, std::to_string(to_unix_milliseconds(now)));
}

Result<void> note_export(state::Store& store, const HeldOrder& order) {
    state::Audit audit(store, order.key);
    audit.note({.kind = "act", .object = fmt::format("order:{}", order.id), .verb = "export personal data", .outcome = "done"});
    return audit.flush();
}

} // namespace blongo::sync
