// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

// What make_reporter() chooses from.
[[nodiscard]] std::unique_ptr<Reporter> make_json_reporter(const OutputOptions& options, int out_fd, int err_fd);
/// Text for people; lists as CSV when the format says so.
[[nodiscard]] std::unique_ptr<Reporter> make_text_reporter(const OutputOptions& options, int out_fd, int err_fd);

} // namespace blongo::report
