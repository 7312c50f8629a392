// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/catalogue_impl.hpp>

#include <charconv>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/migrations_impl.hpp>

namespace blongo::state {
namespace {

constexpr std::size_t values_at_once = 400; ///< of one INSERT: far below what SQLite takes

bool belongs_to_the_place(const std::string& table) {
    return table == "blongo_schema" || table == "moves";
}

std::vector<std::string> table_names(soci::session& sql) {
    std::vector<std::string> names;
    std::string name;
    soci::statement statement = (sql.prepare << "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                                                "'sqlite_%' ORDER BY name",
                                 soci::into(name));
    statement.execute();
    while (statement.fetch())
        if (!belongs_to_the_place(name)) names.push_back(name);
    return names;
}

Result<TableShape> shape_of(soci::session& sql, const std::string& name) {
    TableShape table{name, {}, false};
    std::string column, type;
    int key = 0;
    soci::statement statement = (sql.prepare << "SELECT name, type, pk FROM pragma_table_info(:t) ORDER BY cid", soci::use(name),
                                 soci::into(column), soci::into(type), soci::into(key));
    statement.execute();
    while (statement.fetch()) {
        const bool is_number = type == "BIGINT" || type == "INTEGER";
        if (!is_number && type != "TEXT") {
            return fail(ErrorKind::internal, fmt::format("the column {}.{} is of the type {}", name, column, type), name,
                        "columns of the state are BIGINT or text: whoever adds a type teaches `state move` to copy it");
        }
        if (type == "INTEGER" && key == 1) table.counts = true;
        if (name == "labels" && column == "bytes") continue;
        table.columns.push_back({column, is_number});
    }
    return table;
}

std::string column_list(const TableShape& table) {
    std::vector<std::string> names;
    for (const auto& column : table.columns) names.push_back(column.name);
    return join(names, ", ");
}

} // namespace

Result<std::vector<TableShape>> schema_tables(Clock& clock) {
    const Target target = memory_target({});
    BLONGO_TRY(const auto session, Store::Session::open(target, target.connect, clock));
    BLONGO_TRY([[maybe_unused]] const int version, migrate(*session, migrations()));
    return reading(*session, "list the tables of the state", [](soci::session& sql) -> Result<std::vector<TableShape>> {
        std::vector<TableShape> tables;
        for (const std::string& name : table_names(sql)) {
            BLONGO_TRY(TableShape table, shape_of(sql, name));
            tables.push_back(std::move(table));
        }
        return tables;
    });
}

void Tally::add(const TableShape& table, const CopiedRow& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const CopiedValue& value = row[i];
        if (value.indicator == soci::i_null)
            text += "-;";
        else if (table.columns[i].is_number)
            text += fmt::format("{};", value.number);
        else
            text += fmt::format("{}:{};", value.text.size(), value.text);
    }
    const std::string hash = sha256_hex(text);
    for (std::size_t i = 0; i < sum.size(); ++i) {
        std::uint64_t part = 0;
        std::from_chars(hash.data() + i * 16, hash.data() + (i + 1) * 16, part, 16);
        sum[i] += part;
    }
    ++rows;
}

Result<Tally> read_table(Store::Session& session, const TableShape& table,
                         const std::function<Result<void>(const CopiedRow&)>& row) {
    return reading(session, "read the state", [&](soci::session& sql) -> Result<Tally> {
        Tally tally;
        CopiedRow values(table.columns.size());
        soci::statement statement(sql);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (table.columns[i].is_number)
                statement.exchange(soci::into(values[i].number, values[i].indicator));
            else
                statement.exchange(soci::into(values[i].text, values[i].indicator));
        }
        statement.alloc();
        statement.prepare("SELECT " + column_list(table) + " FROM " + table.name);
        statement.define_and_bind();
        statement.execute();
        while (statement.fetch()) {
            tally.add(table, values);
            BLONGO_CHECK(row(values));
        }
        return tally;
    });
}

Result<void> TableWriter::put(const CopiedRow& row) {
    waiting_.push_back(row);
    if ((waiting_.size() + 1) * table_.columns.size() <= values_at_once) return {};
    return flush();
}

Result<void> TableWriter::flush() {
    if (waiting_.empty()) return {};
    return reading(session_, "write the state", [&](soci::session& sql) -> Result<void> {
        std::string text = fmt::format("INSERT INTO {} ({}) VALUES ", table_.name, column_list(table_));
        soci::statement statement(sql);
        int next = 0;
        for (std::size_t i = 0; i < waiting_.size(); ++i) {
            text += i == 0 ? "(" : ",(";
            for (std::size_t k = 0; k < table_.columns.size(); ++k) {
                CopiedValue& value = waiting_[i][k];
                text += fmt::format("{}:v{}", k == 0 ? "" : ",", next++);
                if (table_.columns[k].is_number)
                    statement.exchange(soci::use(value.number, value.indicator));
                else
                    statement.exchange(soci::use(value.text, value.indicator));
            }
            text += ')';
        }
        statement.alloc();
        statement.prepare(text);
        statement.define_and_bind();
        statement.execute(true);
        waiting_.clear();
        return {};
    });
}

Result<Guards> lift_guards(Store::Session& session, const std::string& table) {
    return reading(session, "lift the guards of the state", [&](soci::session& sql) -> Result<Guards> {
        if (session.postgresql()) {
            sql << "ALTER TABLE " + table + " DISABLE TRIGGER USER";
            return Guards{"ALTER TABLE " + table + " ENABLE TRIGGER USER"};
        }
        std::vector<std::string> names;
        Guards guards;
        std::string name, text;
        {
            soci::statement statement =
                (sql.prepare << "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t ORDER BY name",
                 soci::use(table), soci::into(name), soci::into(text));
            statement.execute();
            while (statement.fetch()) {
                names.push_back(name);
                guards.push_back(text);
            }
        }
        for (const auto& one : names) sql << "DROP TRIGGER " + one;
        return guards;
    });
}

Result<void> put_back(Store::Session& session, const Guards& guards) {
    return reading(session, "put the guards of the state back", [&](soci::session& sql) -> Result<void> {
        for (const auto& guard : guards) sql << guard;
        return {};
    });
}

Result<std::int64_t> last_id(Store::Session& session, const TableShape& table) {
    return reading(session, "read the state", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t last = 0;
        if (session.postgresql()) {
            sql << "SELECT COALESCE(pg_sequence_last_value(CAST(pg_get_serial_sequence(:t, 'id') AS regclass)), 0)",
                soci::use(table.name), soci::into(last);
        } else {
            sql << "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = :t", soci::use(table.name), soci::into(last);
        }
        return last;
    });
}

Result<void> set_last_id(Store::Session& session, const TableShape& table, std::int64_t last) {
    if (last == 0) return {};
    return reading(session, "write the state", [&](soci::session& sql) -> Result<void> {
        if (session.postgresql()) {
            std::int64_t set = 0;
            sql << "SELECT setval(CAST(pg_get_serial_sequence(:t, 'id') AS regclass), :last)", soci::use(table.name),
                soci::use(last), soci::into(set);
        } else {
            sql << "DELETE FROM sqlite_sequence WHERE name = :t", soci::use(table.name);
            sql << "INSERT INTO sqlite_sequence (name, seq) VALUES (:t, :last)", soci::use(table.name), soci::use(last);
        }
        return {};
    });
}

} // namespace blongo::state
