// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/returns.hpp>

#include <algorithm>
#include <utility>

#include <blongo/baselinker/decode_returns.hpp>
#include <blongo/baselinker/journal.hpp>
#include <blongo/baselinker/known_ids.hpp>
#include <blongo/baselinker/verdict.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::baselinker {
namespace {

std::string parameters_of(const ReturnQuery& query) {
    json::Writer writer;
    writer.begin_object();
    if (query.order_id) writer.member("order_id", query.order_id->value());
    if (query.return_id) writer.member("return_id", query.return_id->value());
    if (query.date_from) writer.member("date_from", to_unix_seconds(*query.date_from));
    if (query.id_from) writer.member("id_from", query.id_from->value());
    if (query.status_id) writer.member("status_id", query.status_id->value());
    writer.end_object();
    return writer.take();
}

} // namespace

Result<json::Document> Returns::read(const std::string& method, const std::string& parameters) {
    return client_.call(method, parameters, http::Effect::read, client_.read_timeout());
}

Result<ReturnsPage> Returns::get_returns(const ReturnQuery& query) {
    auto document = read("getOrderReturns", parameters_of(query));
    if (!document) {
        const bool one = query.return_id || query.order_id;
        if (one && document.error().kind == ErrorKind::not_found) return ReturnsPage{};
        return fail(std::move(document).error());
    }
    return located(decode_returns(document->root()), "getOrderReturns");
}

Result<ReturnsPage> Returns::get_return(ReturnId id) {
    ReturnQuery query;
    query.return_id = id;
    BLONGO_TRY(auto page, get_returns(query));
    std::erase_if(page.returns, [&](const OrderReturn& one) { return one.return_id != id; });
    std::erase_if(page.bad, [&](const BadReturn& one) { return one.return_id != id; });
    return page;
}

Result<int> Returns::each_return(ReturnQuery query, const std::function<Result<void>(OrderReturn&&)>& one,
                                 const std::function<Result<void>(BadReturn&&)>& bad) {
    constexpr auto full = static_cast<std::size_t>(limits::returns_per_call);
    KnownIds known;
    ReturnId from = query.id_from.value_or(ReturnId{1});
    for (int calls = 1; calls <= limits::list_pages_guard; ++calls) {
        query.id_from = from;
        BLONGO_TRY(ReturnsPage page, get_returns(query));
        for (OrderReturn& row : page.returns)
            if (known.add(row.return_id.value())) BLONGO_CHECK(one(std::move(row)));
        for (BadReturn& row : page.bad)
            if (row.return_id.value() <= 0 || known.add(row.return_id.value())) BLONGO_CHECK(bad(std::move(row)));
        known.end_page();
        if (page.rows.size() < full) return calls;
        std::erase(page.rows, ReturnId{});
        const ReturnId largest = page.rows.empty() ? ReturnId{} : *std::max_element(page.rows.begin(), page.rows.end());
        if (!std::is_sorted(page.rows.begin(), page.rows.end()) || largest <= from)
            return fail(ErrorKind::protocol, "returns come in no order that can be paged", "baselinker getOrderReturns",
                        "nothing was skipped; report this to the maintainers");
        from = largest;
    }
    return fail(ErrorKind::protocol, "the list of returns does not end", "baselinker getOrderReturns");
}

Result<std::vector<ReturnStatus>> Returns::get_return_status_list() {
    BLONGO_TRY(const auto document, read("getOrderReturnStatusList", "{}"));
    return located(decode_return_statuses(document.root()), "getOrderReturnStatusList");
}

Result<std::vector<ReturnJournalEntry>> Returns::get_journal_list(std::int64_t last_log_id, std::span<const int> log_types) {
    const std::string method = "getOrderReturnJournalList";
    return whole_journal<ReturnJournalEntry>(method, last_log_id, log_types,
                                             [&](const std::string& parameters) -> Result<std::vector<ReturnJournalEntry>> {
                                                 BLONGO_TRY(const auto document, read(method, parameters));
                                                 return located(decode_return_journal(document.root()), method);
                                             });
}

Result<void> Returns::set_return_status(ReturnId id, ReturnStatusId status, http::Departure departure) {
    json::Writer writer;
    writer.begin_object().member("return_id", id.value()).member("status_id", status.value()).end_object();
    BLONGO_CHECK(client_.call("setOrderReturnStatus", writer.text(), http::Effect::unsafe_write, client_.read_timeout(),
                              std::move(departure)));
    return {};
}

} // namespace blongo::baselinker
