// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// The summary line as it stands in `--json` output, in the runs table and in alerts.
[[nodiscard]] std::string summary_json(const Summary& summary);

} // namespace blongo::report
