// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/moves_impl.hpp>

#include <fmt/format.h>

#include <blongo/state/migrations_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* moved_code = "moved";

Error moved(const Target& here, const MoveMark& mark) {
    Error error = make_error(ErrorKind::config,
                             fmt::format("the state has moved to {} (at {}, by {})", mark.place,
                                         format_utc(from_unix_milliseconds(mark.at)), mark.host),
                             here.place, fmt::format("write url = \"{}\" under [state]", mark.url));
    error.code = moved_code;
    return error;
}

Error not_arrived(const Target& here, const MoveMark& mark, const std::string& why) {
    Error error = make_error(
        ErrorKind::config, fmt::format("the move of the state from {} to here has not ended{}", mark.place, why), here.place,
        fmt::format("on {}, with url = \"{}\" under [state]: blongo state move --to URL-OF-THIS-ONE; until then "
                    "that state is the one in use",
                    mark.host, mark.url));
    error.code = moved_code;
    return error;
}

/// Whether the place that the arrival came from holds its tombstone.
Result<bool> has_left(const MoveMark& arrival, const OpenOptions& options) {
    OpenOptions there = options;
    there.url = arrival.url;
    there.access = Access::read_only;
    BLONGO_TRY(const Target target, find_target(there, false));
    if (target.memory) return false;
    BLONGO_TRY(const auto session, Store::Session::open(target, target.connect, *options.clock));
    BLONGO_TRY(const int version, schema_version(*session));
    if (version < Store::newest_schema()) return false;
    return reading(*session, "look where the state came from", [&](soci::session& sql) -> Result<bool> {
        int count = 0;
        sql << "SELECT COUNT(*) FROM moves WHERE token = :token AND away = 1", soci::use(arrival.token), soci::into(count);
        return count == 1;
    });
}

} // namespace

bool is_moved(const Error& error) noexcept {
    return error.kind == ErrorKind::config && error.code == moved_code;
}

Result<void> refuse_moved(Store& store) {
    return refuse_moved(store.session());
}

Result<std::optional<MoveMark>> find_mark(Store::Session& session) {
    return reading(session, "see whether the state has moved", [](soci::session& sql) -> Result<std::optional<MoveMark>> {
        MoveMark mark;
        int away = 0;
        sql << "SELECT token, away, place, url, host, at FROM moves WHERE away = 1 OR ended IS NULL ORDER BY away DESC LIMIT 1",
            soci::into(mark.token), soci::into(away), soci::into(mark.place), soci::into(mark.url), soci::into(mark.host),
            soci::into(mark.at);
        if (!sql.got_data()) return std::nullopt;
        mark.away = away == 1;
        return mark;
    });
}

Result<void> put_mark(Store::Session& session, const MoveMark& mark) {
    return reading(session, "record the move of the state", [&](soci::session& sql) -> Result<void> {
        const int away = mark.away ? 1 : 0;
        OptionalTime ended(mark.ended ? std::optional(from_unix_milliseconds(mark.at)) : std::nullopt);
        sql << "INSERT INTO moves (token, away, place, url, host, at, ended) VALUES (:token, :away, :place, :url, :host, :at, "
               ":ended)",
            soci::use(mark.token), soci::use(away), soci::use(mark.place), soci::use(mark.url), soci::use(mark.host),
            soci::use(mark.at), soci::use(ended.value, ended.indicator);
        return {};
    });
}

Result<void> erase_arrivals(Store::Session& session) {
    return reading(session, "record the move of the state", [](soci::session& sql) -> Result<void> {
        sql << "DELETE FROM moves WHERE away = 0";
        return {};
    });
}

Result<void> end_arrival(Store::Session& session, const std::string& token) {
    return session.transaction("write", [&] {
        return reading(session, "record the move of the state", [&](soci::session& sql) -> Result<void> {
            const std::int64_t now = session.now_milliseconds();
            sql << "UPDATE moves SET ended = :now WHERE token = :token AND away = 0 AND ended IS NULL", soci::use(now),
                soci::use(token);
            return {};
        });
    });
}

Result<void> refuse_moved(Store::Session& session) {
    if (session.target().memory) return {};
    BLONGO_TRY(const bool is_marked, reading(session, "see whether the state has moved",
                                             [&](soci::session&) -> Result<bool> { return session.has_move_mark(); }));
    if (!is_marked) return {};
    BLONGO_TRY(const auto mark, find_mark(session));
    if (!mark) return {};
    // Before it has arrived, the copy would erase what is written here.
    return fail(mark->away ? moved(session.target(), *mark) : not_arrived(session.target(), *mark, {}));
}

Result<void> refuse_half_moved(Store::Session& session, const OpenOptions& options) {
    BLONGO_TRY(const auto mark, find_mark(session));
    if (!mark) return {};
    if (mark->away) return fail(moved(session.target(), *mark));
    const auto left = has_left(*mark, options);
    if (!left) return fail(not_arrived(session.target(), *mark, ", as far as is known: " + left.error().message));
    if (!*left) return fail(not_arrived(session.target(), *mark, {}));
    if (options.access == Access::read_only) return {};
    return end_arrival(session, mark->token);
}

} // namespace blongo::state
