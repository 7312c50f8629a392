// SPDX-License-Identifier: Apache-2.0
#include "journal.hpp"

namespace blongo::sandbox {

json::Value Entry::to_json() const {
    return json::Value::object()
        .set("seq", static_cast<std::int64_t>(seq))
        .set("side", side)
        .set("operation", operation)
        .set("path", path)
        .set("account", account)
        .set("at", at)
        .set("connection", static_cast<std::int64_t>(connection))
        .set("request", static_cast<std::int64_t>(request))
        .set("port", port)
        .set("parameters", parameters)
        .set("status", status)
        .set("error_code", error_code)
        .set("fault", fault)
        .set("committed", committed)
        .set("done", done);
}

std::uint64_t Journal::open(Entry entry) {
    entry.seq = next_++;
    entries_.push_back(std::move(entry));
    return entries_.back().seq;
}

void Journal::violate(std::uint64_t seq, const Problem& problem) {
    const Entry entry = has(seq) ? at(seq) : Entry{};
    violations_.push_back({seq, entry.side, entry.operation, problem});
}

void Journal::reset() {
    entries_.clear();
    violations_.clear();
    first_ = next_;
}

json::Value Journal::entries(std::uint64_t since, std::string_view side, std::string_view operation) const {
    json::Value list = json::Value::array();
    for (const Entry& entry : entries_)
        if (entry.seq > since && (side.empty() || entry.side == side) && (operation.empty() || entry.operation == operation))
            list.push_back(entry.to_json());
    return list;
}

json::Value Journal::violations() const {
    json::Value list = json::Value::array();
    for (const Violation& violation : violations_)
        list.push_back(json::Value::object()
                           .set("seq", static_cast<std::int64_t>(violation.seq))
                           .set("side", violation.side)
                           .set("operation", violation.operation)
                           .set("kind", violation.problem.kind)
                           .set("where", violation.problem.where)
                           .set("detail", violation.problem.detail));
    return list;
}

json::Value Journal::counts() const {
    std::map<std::string, std::map<std::string, std::int64_t>> sides;
    for (const Entry& entry : entries_) ++sides[entry.side][entry.operation];
    json::Value object = json::Value::object();
    for (const auto& [side, operations] : sides) {
        json::Value row = json::Value::object();
        for (const auto& [operation, number] : operations) row.set(operation, number);
        object.set(side, std::move(row));
    }
    return object;
}

} // namespace blongo::sandbox
