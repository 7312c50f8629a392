// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <blongo/base/decimal.hpp>
#include <blongo/base/error.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/json/reader.hpp>

/// Readers for BaseLinker's JSON, which PHP wrote: numbers as text, [] or "" for an empty map,
/// lists for maps, "1" for true (contract section 1.3). Each says whether the value was there,
/// was left empty, or is something that no rule explains.
namespace blongo::baselinker::tolerant {

/// Whether a key is this name, which is written out: compared without a call, for items of many members.
template <std::size_t size> [[nodiscard]] bool is(std::string_view key, const char (&name)[size]) noexcept {
    return key.size() == size - 1 && std::memcmp(key.data(), name, size - 1) == 0;
}

enum class State : std::uint8_t {
    present,  ///< read
    absent,   ///< missing, null, "" (and [] where that stands for nothing)
    malformed ///< a value of another kind; the item that holds it cannot be trusted
};

template <class T> struct Reading {
    State state = State::absent;
    T value{};
    [[nodiscard]] bool present() const noexcept { return state == State::present; }
    [[nodiscard]] bool absent() const noexcept { return state == State::absent; }
    [[nodiscard]] bool malformed() const noexcept { return state == State::malformed; }
};

/// A number, a numeric text, true or false (1, 0); "2.0" is 2, "2.5" is malformed.
[[nodiscard]] Reading<std::int64_t> integer(json::Node node);
/// A number or a numeric text, exact.
[[nodiscard]] Reading<Decimal> decimal(json::Node node);
/// true, 1, "1", "true" and their opposites; "" is absent.
[[nodiscard]] Reading<bool> boolean(json::Node node);
/// Text, or the digits of a number; null is absent, like "". The view lives as long as the document.
[[nodiscard]] Reading<std::string_view> text(json::Node node);
/// Unix seconds as number or text; 0 and less are absent: "none".
[[nodiscard]] Reading<Timestamp> unix_time(json::Node node);

/// The entries of a map: an object, or a list that stands for the keys "0", "1", ...
/// Calls `entry(key, node)` for each. Absent: {}, [], "", null, missing. Malformed: anything else.
template <class Entry> State each_entry(json::Node node, Entry&& entry) {
    if (!node.is_object() && !node.is_array())
        return node.absent() || (node.is_string() && node.text().empty()) ? State::absent : State::malformed;
    if (node.size() == 0) return State::absent;
    std::int64_t index = 0;
    for (const json::Node child : node) {
        if (node.is_object())
            entry(child.key(), child);
        else
            entry(std::string_view(std::to_string(index++)), child);
    }
    return State::present;
}

/// The elements of a collection that may come as a list or as an object keyed by id. Calls
/// `element(key, node)`; `key` is empty in a list. States as each_entry.
template <class Element> State each_element(json::Node node, Element&& element) {
    if (!node.is_array()) return each_entry(node, element);
    if (node.size() == 0) return State::absent;
    for (const json::Node child : node) element(std::string_view{}, child);
    return State::present;
}

/// Reads the members of one item and keeps the first one that is malformed, so that the item
/// can be set aside with its path and reason while the others go on.
class ItemReader {
public:
    void text(std::string& target, json::Node node);
    void integer(std::int64_t& target, json::Node node);
    void decimal(Decimal& target, json::Node node);
    void boolean(bool& target, json::Node node);
    void time(std::optional<Timestamp>& target, json::Node node);
    template <class Tag> void id(Id<Tag, std::int64_t>& target, json::Node node) {
        std::int64_t value = target.value();
        integer(value, node);
        target = Id<Tag, std::int64_t>(value);
    }
    /// Warehouse key -> whole number.
    void stock(std::map<WarehouseKey, std::int64_t>& target, json::Node node);
    /// Records a malformed map or collection; `expected` as in "a map of stock figures".
    void check(State state, json::Node node, std::string_view expected);
    void fault(json::Node node, std::string_view expected);

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
    bool failed_ = false;
    std::string path_, reason_;
};

/// The error of an answer whose `node` is of another kind than expected: "a list of orders".
[[nodiscard]] tl::unexpected<Error> wrong_shape(json::Node node, std::string_view expected);

/// A key or member as an id: digits only.
[[nodiscard]] std::optional<std::int64_t> id_from_key(std::string_view key);

} // namespace blongo::baselinker::tolerant
