// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/order_life.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/plan/send.hpp>

namespace blongo::plan {

std::string attempt_mark(const std::string& what, std::int64_t ongoing_status) {
    return fmt::format("{}@{}", what, ongoing_status);
}

std::int64_t lowest_finished(const std::map<std::int64_t, std::string>& send) {
    return std::min(lowest_send_status(send).value_or(returned_in_ongoing), returned_in_ongoing);
}

std::int64_t lowest_sent(const std::map<std::int64_t, std::string>& send) {
    return lowest_send_status(send).value_or(sent_in_ongoing);
}

} // namespace blongo::plan
