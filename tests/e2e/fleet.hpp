// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// Many clients of one warehouse: each an account and a goods owner of its own in one sandbox, one configuration for all.
/// Client n (from 1) is the connection c01, c02 ...; its token is "token-N", its goods owner N, its password "password-N".
class Fleet {
public:
    /// `table` adds to a client's tables or replaces its text; `head` stands before all connections.
    explicit Fleet(int clients, const std::string& head = {},
                   const std::function<std::string(int client, std::string table)>& table = {},
                   std::vector<std::string> options = {"--products", "20"});

    Sandbox sandbox;
    Installation installation;

    [[nodiscard]] static std::string name(int client);
    /// Orders of one piece each in the client's account, client * 1000 + 1 and on; confirmed, to be sent.
    void orders(int client, int count);
    void order(int client, const json::Value& order);
    /// Ids of the orders that Ongoing holds for the client; one twice fails the test.
    [[nodiscard]] std::vector<std::int64_t> arrived(int client);
    /// A file of the client's secrets is written anew.
    void write_password(int client, const std::string& text) const;
    /// BaseLinker refuses the client's token for ten minutes.
    void block(int client);

    [[nodiscard]] Finished run(std::vector<std::string> arguments = {}) const;

private:
    int clients_;
};

/// The closing rows of a --json run by connection.
[[nodiscard]] std::map<std::string, json::Value> endings(const Finished& run);

} // namespace blongo::test
