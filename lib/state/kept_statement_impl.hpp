// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A short statement that one session executes again and again. SQLite compiles it once, which is most of what it costs;
/// on PostgreSQL a prepared statement belongs to a connection that may be lost: there it is made anew each time.
class KeptStatement {
public:
    struct Done {
        bool has_row = false;
        long long changed_rows = 0;
    };
    /// Executes `query`. `bind(statement)` exchanges what it gives and reads: all of it must live as long as this object, at
    /// the same place. `each_row()` is called when what is read holds a row; without it a query gives at most one.
    template <class Bind> Done execute(Store::Session& session, std::string_view query, Bind&& bind) {
        return execute(session, query, bind, [] {});
    }
    template <class Bind, class EachRow>
    Done execute(Store::Session& session, std::string_view query, Bind&& bind, EachRow&& each_row) {
        const auto run = [&](soci::statement& statement) -> Done {
            const bool has_row = statement.execute(true);
            const long long changed_rows = statement.get_affected_rows();
            if (has_row) each_row();
            // Read to its end, a query holds nothing open.
            while (has_row && statement.fetch()) each_row();
            return {has_row, changed_rows};
        };
        if (session.postgresql()) {
            soci::statement once(session.sql());
            return run(prepare(once, query, bind, soci::details::st_one_time_query));
        }
        try {
            if (!statement_) prepare(statement_.emplace(session.sql()), query, bind, soci::details::st_repeatable_query);
            return run(*statement_);
        } catch (...) {
            statement_.reset();
            throw;
        }
    }

private:
    template <class Bind> static soci::statement& prepare(soci::statement& statement, std::string_view query, Bind& bind,
                                                          soci::details::statement_type type) {
        bind(statement);
        statement.alloc();
        statement.prepare(std::string(query), type);
        statement.define_and_bind();
        return statement;
    }

    std::optional<soci::statement> statement_;
};

/// A variable that a statement fills, when it has a row.
template <class T> struct Out {
    explicit Out(T& to_fill) : into(&to_fill) {}
    using Value = T;
    T* into;
};

/// A value that a statement is given.
template <class T> struct In {
    explicit In(const T& given) : from(&given) {}
    using Value = T;
    const T* from;
};

/// One statement of a session and the values that it is bound to.
template <class... Bound> struct KeptBinding : Store::Session::Kept {
    KeptStatement statement;
    std::tuple<typename Bound::Value...> values;
};

/// Executes a short statement that this session has compiled before, or compiles and keeps it: one text, in one place of the
/// program, with at most one row. `bound`: Out and In in the order in which the text names them, those that are filled first.
template <class... Bound> KeptStatement::Done execute_kept(Store::Session& session, std::string_view query, Bound... bound) {
    auto& kept = session.kept<KeptBinding<Bound...>>(query);
    const auto each = [&](auto&& body) { std::apply([&](auto&... value) { (body(bound, value), ...); }, kept.values); };
    each([]<class One, class Value>(const One& one, Value& value) {
        if constexpr (requires { one.from; }) value = *one.from;
    });
    const auto done = kept.statement.execute(session, query, [&](soci::statement& statement) {
        each([&]<class One, class Value>(const One& one, Value& value) {
            if constexpr (requires { one.from; })
                write_value(statement, std::as_const(value));
            else
                read_value(statement, value);
        });
    });
    if (!done.has_row) return done;
    each([]<class One, class Value>(const One& one, Value& value) {
        if constexpr (requires { one.into; }) *one.into = value;
    });
    return done;
}

} // namespace blongo::state
