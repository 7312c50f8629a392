// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <blongo/json/value.hpp>

#include "openapi.hpp"

namespace blongo::sandbox {

/// A request as the journal shows it.
struct Entry {
    std::uint64_t seq = 0;
    std::string side;      ///< "baselinker" or "ongoing"
    std::string operation; ///< method name, or "PUT /articles"
    std::string path;      ///< with the query
    std::string account;   ///< which account or goods owner, for example "sandbox/1"
    std::string at;        ///< UTC
    std::uint64_t connection = 0;
    unsigned request = 0; ///< number on its connection
    int port = 0;
    json::Value parameters; ///< BaseLinker's parameters or Ongoing's body
    int status = 0;         ///< as answered; 0: no answer was sent
    std::string error_code; ///< of BaseLinker
    std::string fault;
    bool committed = false; ///< the service executed it and accepted it
    bool done = false;

    [[nodiscard]] json::Value to_json() const;
};

/// All requests and all breaches of the contract, in order of arrival. Not synchronised.
class Journal {
public:
    /// Returns the number of the entry.
    std::uint64_t open(Entry entry);
    [[nodiscard]] Entry& at(std::uint64_t seq) { return entries_.at(seq - first_); }
    [[nodiscard]] bool has(std::uint64_t seq) const { return seq >= first_ && seq - first_ < entries_.size(); }
    void violate(std::uint64_t seq, const Problem& problem);
    void reset();

    /// Entries with a number above `since`, of one side and operation if these are not empty.
    [[nodiscard]] json::Value entries(std::uint64_t since, std::string_view side, std::string_view operation) const;
    [[nodiscard]] json::Value violations() const;
    /// {"baselinker":{"getOrders":3},"ongoing":{"PUT /articles":10}}
    [[nodiscard]] json::Value counts() const;

private:
    struct Violation {
        std::uint64_t seq;
        std::string side, operation;
        Problem problem;
    };
    std::vector<Entry> entries_;
    std::vector<Violation> violations_;
    std::uint64_t first_ = 1;
    std::uint64_t next_ = 1;
};

} // namespace blongo::sandbox
