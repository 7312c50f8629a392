// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/result.hpp>
#include <blongo/plan/alerts.hpp>

namespace blongo::report {

/// The message that the command of [notify] reads: one JSON object and the end of the line. Times are UTC.
[[nodiscard]] std::string alert_json(const std::string& connection, const plan::AlertMessage& message);

/// The same as a line for people, in quiet runs: what, since when, who acts, and the next command.
[[nodiscard]] std::string alert_line(const std::string& connection, const plan::AlertMessage& message,
                                     const std::string& time_zone);

/// What is kept of an alert that was told, and its way back; protocol: it is not what alert_memory makes.
[[nodiscard]] std::string alert_memory(const plan::Alert& alert);
[[nodiscard]] Result<plan::Alert> read_alert_memory(const std::string& text);

} // namespace blongo::report
