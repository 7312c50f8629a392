// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/secret.hpp>
#include <blongo/base/time.hpp>
#include <blongo/config/config.hpp>
#include <blongo/sync/setup.hpp>

namespace blongo::app {

using sync::SetupChoice;

/// A secret as init learns it: the name of a file that is there, or typed text that becomes a file.
struct SecretAnswer {
    std::string file; ///< where it stands, or is to stand
    Secret typed;     ///< not empty: to be written
};

/// A courier rule that somebody chose for delivery methods.
struct RuleAnswer {
    std::vector<std::string> methods;
    std::string courier_code; ///< "none": counter pick-up
    std::int64_t account_id = 0;
    std::string account;
    std::map<std::string, std::string> fields;
};

/// Everything that a new connection is made of.
struct InitAnswers {
    std::string name, time_zone = "Europe/Warsaw";
    std::string baselinker_url, ongoing_url, username;
    SecretAnswer token, password;
    SetupChoice inventory;
    bool reservations = false;
    std::int64_t goods_owner_id = 0;
    std::vector<SetupChoice> statuses, cancel;                      ///< cancel: empty says "none"
    SetupChoice after_import, on_error, after_send, cancel_refused; ///< id empty: none
    std::optional<Timestamp> start_from;
    std::vector<SetupChoice> send;
    SetupChoice stock; ///< id empty: off
    std::vector<RuleAnswer> couriers;
    std::vector<std::string> uncovered; ///< delivery methods without a rule, for a comment
};

/// The connection of the answers so far, for live checks: secrets are named as the environment variables below.
[[nodiscard]] config::Connection connection_of(const InitAnswers& answers);
inline constexpr const char* init_token = "blongo init: token";
inline constexpr const char* init_password = "blongo init: password";

/// The tables of the connection as a person would write them.
[[nodiscard]] std::string connection_text(const InitAnswers& answers);

} // namespace blongo::app
