// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/articles.hpp>

#include <algorithm>

#include <blongo/state/rows_impl.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::state {
namespace {

constexpr int keys_per_page = 5000;

/// The values of one row in the types that SOCI binds.
struct Values {
    std::string number, name, fingerprint, agreed, remote, kind;
    std::int64_t system_id = 0, source_id = 0, product_id = 0, detail_at = 0, written_at = 0, is_bundle = 0;
    int active = 0, gone = 0;

    Values() = default;
    explicit Values(const ArticleRow& row)
        : number(row.number.value()), name(row.name), fingerprint(row.fingerprint), agreed(row.agreed), remote(row.remote),
          kind(row.kind), system_id(row.system_id.value()), source_id(row.source_id.value()), product_id(row.product_id.value()),
          detail_at(to_unix_milliseconds(row.detail_at)), written_at(to_unix_milliseconds(row.written_at)),
          is_bundle(row.is_bundle ? 1 : 0), active(row.active ? 1 : 0), gone(row.gone ? 1 : 0) {}

    static const Table& table() {
        static const Table articles{"articles",
                                    {"number", "system_id", "source_id", "product_id", "name", "fingerprint", "agreed", "remote",
                                     "kind", "active", "gone", "detail_at", "written_at", "is_bundle"}};
        return articles;
    }

    [[nodiscard]] ArticleRow row() const {
        return {ArticleNumber{number},
                ArticleSystemId{system_id},
                ProductId{source_id},
                ProductId{product_id},
                name,
                fingerprint,
                agreed,
                remote,
                kind,
                active != 0,
                gone != 0,
                from_unix_milliseconds(detail_at),
                from_unix_milliseconds(written_at),
                is_bundle != 0};
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        body(self.number);
        for (auto* id : {&self.system_id, &self.source_id, &self.product_id}) body(*id);
        for (auto* text : {&self.name, &self.fingerprint, &self.agreed, &self.remote, &self.kind}) body(*text);
        for (auto* flag : {&self.active, &self.gone}) body(*flag);
        for (auto* time : {&self.detail_at, &self.written_at}) body(*time);
        body(self.is_bundle);
    }
};

struct ByNumber {
    using Key = std::tuple<std::string>;
    static constexpr std::string_view rest = "AND number = :n";
};

struct BySource {
    using Key = std::tuple<std::int64_t>;
    static constexpr std::string_view rest = "AND source_id = :s";
};

struct VariantsOf {
    using Key = std::tuple<std::int64_t, std::int64_t>; ///< the product, twice
    static constexpr std::string_view rest = "AND product_id = :p AND source_id <> :s AND gone = 0";
};

/// Sorted here: asked for the order of the key, SQLite walks through all articles in it to find these few.
std::vector<ArticleRow> in_order(std::vector<ArticleRow> rows) {
    std::ranges::sort(rows, {}, &ArticleRow::number);
    return rows;
}

const std::string written_cursor = "articles.written", touched_cursor = "articles.touched";

/// Belongs into the transaction of every write that ArticlesVersion::written tells of.
void count_write(Store::Session& session, const ConnectionKey& connection) {
    execute_kept(
        session,
        "INSERT INTO cursors (connection, name, value) VALUES (:c, :n, '1') ON CONFLICT (connection, name) DO UPDATE SET "
        "value = CAST(CAST(cursors.value AS BIGINT) + 1 AS TEXT)",
        In(connection), In(written_cursor));
}

/// Sets detail_at of the rows whose `column` is one of the ids.
template <class Id> Result<void> set_detail_at(Store& store, const ConnectionKey& connection, std::span<const Id> ids,
                                               const std::string& column, Timestamp detail_at) {
    if (ids.empty()) return {};
    return writing(store, "record the articles", [&](soci::session& sql) -> Result<void> {
        const std::int64_t at = to_unix_milliseconds(detail_at);
        execute_for_keys(sql, bound(ids), "UPDATE articles SET detail_at = :at WHERE connection = :c AND " + column + " IN ",
                         [&](soci::statement& statement) {
                             statement.exchange(soci::use(at));
                             statement.exchange(soci::use(connection));
                         });
        return Cursors(store, connection).set(touched_cursor, std::to_string(at));
    });
}

} // namespace

Result<void> Articles::each_key(const std::function<void(ArticleKeyRow&&)>& row) {
    // Page by page, so that neither side holds the whole catalogue and `row` may use the store.
    std::string after;
    bool first = true;
    for (;;) {
        BLONGO_TRY(
            auto keys, reading(store_.session(), "read the articles", [&](soci::session& sql) {
                std::vector<ArticleKeyRow> page;
                page.reserve(keys_per_page);
                std::string number, fingerprint;
                std::int64_t source = 0, detail_at = 0;
                int flags = 0; // one column: each costs as much as any other, for every article
                soci::statement statement =
                    (sql.prepare << std::string(
                                        "SELECT number, source_id, fingerprint, detail_at, CASE WHEN remote = '' THEN 0 ELSE "
                                        "1 END + CASE WHEN active = 0 THEN 0 ELSE 2 END + CASE WHEN gone = 0 THEN 0 ELSE 4 "
                                        "END + CASE WHEN is_bundle = 0 THEN 0 ELSE 8 END FROM articles WHERE connection = :c AND "
                                        "number ") +
                                        (first ? ">=" : ">") + " :after ORDER BY number LIMIT " + std::to_string(keys_per_page),
                     soci::into(number), soci::into(source), soci::into(fingerprint), soci::into(detail_at), soci::into(flags),
                     soci::use(connection_), soci::use(after));
                statement.execute();
                while (statement.fetch()) {
                    page.push_back({ArticleNumber{number}, ProductId{source}, fingerprint, from_unix_milliseconds(detail_at),
                                    (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0});
                }
                return Result<std::vector<ArticleKeyRow>>(std::move(page));
            }));
        if (keys.empty()) return {};
        after = keys.back().number.value();
        first = false;
        const bool last = keys.size() < static_cast<std::size_t>(keys_per_page);
        for (ArticleKeyRow& key : keys) row(std::move(key));
        if (last) return {};
    }
}

Result<ArticlesVersion> Articles::version() {
    Cursors cursors(store_, connection_);
    BLONGO_TRY(const auto written, cursors.number(written_cursor));
    BLONGO_TRY(const auto touched, cursors.number(touched_cursor));
    return ArticlesVersion{written.value_or(0), from_unix_milliseconds(touched.value_or(0))};
}

Result<std::int64_t> Articles::count() {
    return reading(store_.session(), "count the articles", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        // Of a single connection all rows: SQLite counts those of a whole table page by page, others one by one.
        sql << "SELECT CASE WHEN (SELECT COUNT(*) FROM connections) = 1 THEN (SELECT COUNT(*) FROM articles) "
               "ELSE (SELECT COUNT(*) FROM articles WHERE connection = :c) END",
            soci::use(connection_), soci::into(count);
        return count;
    });
}

Result<std::vector<ArticleTargetRow>> Articles::targets() {
    return reading(store_.session(), "read the articles", [&](soci::session& sql) {
        std::vector<ArticleTargetRow> out;
        std::string number, kind;
        std::int64_t source = 0, product = 0, is_bundle = 0;
        soci::statement statement =
            (sql.prepare << "SELECT number, source_id, product_id, kind, is_bundle FROM articles WHERE connection = :c "
                            "AND source_id <> 0 AND gone = 0 ORDER BY number",
             soci::into(number), soci::into(source), soci::into(product), soci::into(kind), soci::into(is_bundle),
             soci::use(connection_));
        statement.execute();
        while (statement.fetch())
            out.push_back({ArticleNumber{number}, ProductId{source}, ProductId{product}, kind, is_bundle != 0});
        return Result<std::vector<ArticleTargetRow>>(std::move(out));
    });
}

Result<std::vector<ArticleMark>> Articles::marks(std::span<const ArticleNumber> numbers) {
    return reading(store_.session(), "read the articles", [&](soci::session& sql) {
        std::vector<ArticleMark> out;
        out.reserve(numbers.size());
        in_slices(sql, bound(numbers), [&](const auto& bind, const std::string& list) {
            std::string number, fingerprint;
            std::int64_t source = 0, product = 0, is_bundle = 0;
            int active = 0, gone = 0;
            soci::statement statement(sql);
            for (auto* text : {&number, &fingerprint}) statement.exchange(soci::into(*text));
            for (auto* value : {&source, &product, &is_bundle}) statement.exchange(soci::into(*value));
            for (auto* flag : {&active, &gone}) statement.exchange(soci::into(*flag));
            statement.exchange(soci::use(connection_));
            bind(statement);
            statement.alloc();
            statement.prepare("SELECT number, fingerprint, source_id, product_id, is_bundle, active, gone FROM articles "
                              "WHERE connection = :c AND number IN " +
                              list);
            statement.define_and_bind();
            statement.execute();
            while (statement.fetch())
                out.push_back({ArticleNumber{number}, ProductId{source}, ProductId{product}, fingerprint, active != 0, gone != 0,
                               is_bundle != 0});
        });
        return Result<std::vector<ArticleMark>>(std::move(out));
    });
}

Result<std::optional<ArticleRow>> Articles::find(const ArticleNumber& number) {
    return reading(store_.session(), "read an article", [&](soci::session&) -> Result<std::optional<ArticleRow>> {
        auto rows = select_kept<Values, ByNumber>(store_.session(), connection_, number.value());
        return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
    });
}

Result<std::vector<ArticleRow>> Articles::find_by_source(ProductId source) {
    return reading(store_.session(), "read the articles", [&](soci::session&) {
        return Result<std::vector<ArticleRow>>(
            in_order(select_kept<Values, BySource>(store_.session(), connection_, source.value())));
    });
}

Result<std::vector<ArticleRow>> Articles::find_variants(ProductId product) {
    return reading(store_.session(), "read the articles", [&](soci::session&) {
        const std::int64_t id = product.value();
        return Result<std::vector<ArticleRow>>(in_order(select_kept<Values, VariantsOf>(store_.session(), connection_, id, id)));
    });
}

Result<std::vector<ArticleRow>> Articles::find_many(std::span<const ArticleNumber> numbers) {
    return reading(store_.session(), "read the articles", [&](soci::session& sql) {
        std::vector<ArticleRow> found;
        in_slices(sql, bound(numbers), [&](const auto& bind, const std::string& list) {
            auto rows = select_rows<Values>(sql, connection_, "AND number IN " + list + " ORDER BY number", bind);
            std::move(rows.begin(), rows.end(), std::back_inserter(found));
        });
        return Result<std::vector<ArticleRow>>(std::move(found));
    });
}

Result<std::vector<ArticleRow>> Articles::page(const ArticleNumber& after, int limit) {
    return reading(store_.session(), "read the articles", [&](soci::session& sql) {
        return Result<std::vector<ArticleRow>>(
            select_rows<Values>(sql, connection_, "AND number > :after ORDER BY number LIMIT " + std::to_string(limit),
                                [&](soci::statement& statement) { statement.exchange(soci::use(after.value())); }));
    });
}

Result<void> Articles::put(std::span<const ArticleRow> rows) {
    if (rows.empty()) return {};
    return writing(store_, "record the articles", [&](soci::session&) -> Result<void> {
        const auto unique = without_doubles(rows, [](const ArticleRow& row) -> std::string_view { return row.number.value(); });
        upsert_rows<Values>(store_.session(), connection_, unique.size(), [&](std::size_t i) { return Values(*unique[i]); });
        count_write(store_.session(), connection_);
        return {};
    });
}

Result<void> Articles::touch(std::span<const ArticleNumber> numbers, Timestamp detail_at) {
    return set_detail_at(store_, connection_, numbers, "number", detail_at);
}

Result<void> Articles::touch_products(std::span<const ProductId> products, Timestamp detail_at) {
    return set_detail_at(store_, connection_, products, "product_id", detail_at);
}

Result<void> Articles::rename(const ArticleNumber& from, const ArticleNumber& to, Timestamp at) {
    return writing(store_, "rename the article", [&](soci::session& sql) -> Result<void> {
        std::int64_t source = 0, taken = 0;
        sql << "SELECT source_id FROM articles WHERE connection = :c AND number = :n", soci::use(connection_),
            soci::use(from.value()), soci::into(source);
        if (!sql.got_data()) {
            return fail(ErrorKind::not_found, "the state knows no article of this number", from.value());
        }
        sql << "SELECT COUNT(*) FROM articles WHERE connection = :c AND number = :n", soci::use(connection_),
            soci::use(to.value()), soci::into(taken);
        if (taken != 0) {
            return fail(ErrorKind::rejected, "article " + from.value() + " cannot get a number that another article has",
                        to.value(), "see both with: blongo articles show");
        }
        const std::int64_t time = to_unix_milliseconds(at);
        sql << "UPDATE articles SET number = :to WHERE connection = :c AND number = :from", soci::use(to.value()),
            soci::use(connection_), soci::use(from.value());
        sql << "INSERT INTO article_renames (connection, source_id, old_number, new_number, at) "
               "VALUES (:c, :source, :from, :to, :at)",
            soci::use(connection_), soci::use(source), soci::use(from.value()), soci::use(to.value()), soci::use(time);
        count_write(store_.session(), connection_);
        return {};
    });
}

Result<void> Articles::erase(const ArticleNumber& number) {
    return writing(store_, "forget the article", [&](soci::session& sql) -> Result<void> {
        sql << "DELETE FROM articles WHERE connection = :c AND number = :n", soci::use(connection_), soci::use(number.value());
        count_write(store_.session(), connection_);
        return {};
    });
}

Result<std::vector<ArticleRename>> Articles::renames(ProductId source) {
    return reading(store_.session(), "read the renames", [&](soci::session& sql) {
        std::vector<ArticleRename> out;
        std::string from, to;
        std::int64_t at = 0;
        const std::int64_t id = source.value();
        soci::statement statement = (sql.prepare << "SELECT old_number, new_number, at FROM article_renames WHERE "
                                                    "connection = :c AND source_id = :s ORDER BY id",
                                     soci::into(from), soci::into(to), soci::into(at), soci::use(connection_), soci::use(id));
        statement.execute();
        while (statement.fetch()) {
            out.push_back({source, ArticleNumber{from}, ArticleNumber{to}, from_unix_milliseconds(at)});
        }
        return Result<std::vector<ArticleRename>>(std::move(out));
    });
}

} // namespace blongo::state
