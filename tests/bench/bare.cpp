// SPDX-License-Identifier: Apache-2.0
#include "bench/bare.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sqlite3.h>

namespace blongo::bench {

namespace {

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

class Connection {
public:
    explicit Connection(const std::string& url) : url_(url + "/articles") {
        set(CURLOPT_URL, url_.c_str());
        set(CURLOPT_CUSTOMREQUEST, "PUT");
        set(CURLOPT_HTTPHEADER, headers_.get());
        set(CURLOPT_USERAGENT, "bench"); // without one Ongoing answers 500
        set(CURLOPT_USERPWD, "WSI-SANDBOX:sandbox-password");
        set(CURLOPT_WRITEFUNCTION, &ignore);
    }
    void put(const std::string& body) {
        set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        set(CURLOPT_POSTFIELDS, body.c_str());
        long status = 0;
        if (curl_easy_perform(curl_.get()) == CURLE_OK) curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status != 200 && status != 201) throw std::runtime_error(fmt::format("HTTP {} to {}", status, body));
    }

private:
    template <class T> void set(CURLoption option, T value) { curl_easy_setopt(curl_.get(), option, value); }
    std::string url_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{curl_easy_init(), curl_easy_cleanup};
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all};
};

class Ledger {
public:
    explicit Ledger(const std::string& path) {
        sqlite3* opened = nullptr;
        if (sqlite3_open(path.c_str(), &opened) != SQLITE_OK) throw std::runtime_error("no database at " + path);
        database_.reset(opened);
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=FULL");
        run("CREATE TABLE writes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, answered INTEGER NOT NULL DEFAULT 0)");
        intend_ = prepared("INSERT INTO writes (id, body) VALUES (?, ?)");
        answer_ = prepared("UPDATE writes SET answered = 1 WHERE id = ?");
    }
    void run(const char* sql) {
        if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database_.get()));
    }
    void intend(std::int64_t id, const std::string& body) {
        sqlite3_bind_text(intend_.get(), 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
        execute(intend_.get(), id);
    }
    void answered(std::int64_t id) { execute(answer_.get(), id); }

private:
    using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
    Statement prepared(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) throw std::runtime_error(sql);
        return {statement, sqlite3_finalize};
    }
    void execute(sqlite3_stmt* statement, std::int64_t id) {
        sqlite3_bind_int64(statement, 1, id);
        if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_.get()));
        sqlite3_reset(statement);
    }
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database_{nullptr, sqlite3_close};
    Statement intend_{nullptr, sqlite3_finalize}, answer_{nullptr, sqlite3_finalize};
};

std::string body_of(std::int64_t id) {
    return fmt::format(
        R"({{"goodsOwnerId":1,"articleNumber":"BARE-{0}","articleName":"Produkt {0}","productCode":"{0}","unitCode":"szt",)"
        R"("isStockArticle":true,"weight":1.25,"length":0.3,"width":0.2,"height":0.1,"barCodeInfo":{{"barCode":"{0}"}}}})",
        id);
}

} // namespace

void put_articles_bare(const std::string& ongoing_url, std::int64_t count, const BareLedger& remembered) {
    Connection connection(ongoing_url);
    if (remembered.path.empty()) {
        for (std::int64_t id = 1; id <= count; ++id) connection.put(body_of(id));
        return;
    }
    Ledger ledger(remembered.path);
    for (std::int64_t first = 1; first <= count; first += remembered.writes_per_commit) {
        const std::int64_t end = std::min(count + 1, first + remembered.writes_per_commit);
        std::vector<std::string> bodies;
        for (std::int64_t id = first; id < end; ++id) bodies.push_back(body_of(id));
        ledger.run("BEGIN IMMEDIATE");
        for (std::int64_t id = first; id < end; ++id) ledger.intend(id, bodies[static_cast<std::size_t>(id - first)]);
        ledger.run("COMMIT");
        for (const auto& body : bodies) connection.put(body);
        ledger.run("BEGIN IMMEDIATE");
        for (std::int64_t id = first; id < end; ++id) ledger.answered(id);
        ledger.run("COMMIT");
    }
}

} // namespace blongo::bench
