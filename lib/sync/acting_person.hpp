// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Who runs this command, as the machine knows it: "anna@office".
[[nodiscard]] std::string acting_person(const Runtime& runtime);

} // namespace blongo::sync
