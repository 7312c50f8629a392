// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/return_ledger.hpp>

namespace blongo::sync {

json::Value entry_to_json(const state::ReturnEntry& entry) {
    json::Value lines = json::Value::array();
    for (const auto& line : entry.lines)
        lines.push_back(json::Value::object()
                            .set("row", line.row_number)
                            .set("article", line.article.value())
                            .set("quantity", line.quantity)
                            .set("received", line.received));
    const auto& row = entry.row;
    return json::Value::object()
        .set("return_id", row.return_id.value())
        .set("order_id", row.order_id.value())
        .set("number", row.number.value())
        .set("fingerprint", row.fingerprint)
        .set("base_status", row.base_status.value())
        .set("sent_status", row.sent_status.value())
        .set("fate", static_cast<std::int64_t>(row.fate))
        .set("adopted", row.adopted)
        .set("sent_at", to_unix_milliseconds(row.sent_at))
        .set("seen_at", to_unix_milliseconds(row.seen_at))
        .set("lines", std::move(lines));
}

state::ReturnEntry entry_from_json(const json::Value& value) {
    state::ReturnEntry out;
    out.row.return_id = ReturnId{value["return_id"].integer()};
    out.row.order_id = BaseOrderId{value["order_id"].integer()};
    out.row.number = ReturnNumber{std::string(value["number"].text())};
    out.row.fingerprint = value["fingerprint"].text();
    out.row.base_status = ReturnStatusId{value["base_status"].integer()};
    out.row.sent_status = ReturnStatusId{value["sent_status"].integer()};
    out.row.fate = static_cast<state::ReturnStatusFate>(value["fate"].integer());
    out.row.adopted = value["adopted"].is_true();
    out.row.sent_at = from_unix_milliseconds(value["sent_at"].integer());
    out.row.seen_at = out.row.looked_at = from_unix_milliseconds(value["seen_at"].integer());
    for (const auto& line : value["lines"].elements())
        out.lines.push_back({std::string(line["row"].text()), ArticleNumber{std::string(line["article"].text())},
                             line["quantity"].integer(), line["received"].decimal().value_or(Decimal{})});
    return out;
}

} // namespace blongo::sync
