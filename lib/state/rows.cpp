// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

std::string joined(std::span<const std::string> words) {
    std::string out;
    for (const std::string& word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

} // namespace

std::string select_text(const Table& table, const std::string& rest, const std::string& connection) {
    return "SELECT " + joined(table.columns) + " FROM " + table.name + " WHERE connection = " + connection + " " + rest;
}

std::string upsert_text(const Table& table, std::size_t rows) {
    std::string text = "INSERT INTO " + table.name + " (connection, " + joined(table.columns) + ") VALUES ";
    int next = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        text += row == 0 ? "(" : ",(";
        for (std::size_t column = 0; column <= table.columns.size(); ++column) {
            text += (column == 0 ? ":v" : ",:v") + std::to_string(next++);
        }
        text += ')';
    }
    text += " ON CONFLICT (connection";
    for (std::size_t i = 0; i < table.keys; ++i) text += ", " + table.columns[i];
    text += ") DO UPDATE SET ";
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
        if (i != table.keys) text += ',';
        text += table.columns[i] + "=excluded." + table.columns[i];
    }
    return text;
}

} // namespace blongo::state
