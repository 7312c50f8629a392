// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/causes.hpp>

#include <blongo/plan/causes.hpp>

namespace blongo::report {

CauseInfo describe_cause(std::string_view cause, std::string_view key) {
    const plan::Cause* known = plan::find_cause(cause);
    if (known == nullptr) return {.owner = "admin", .meaning = {}, .remedy = {}, .command = {}};
    return {.owner = std::string(known->owner),
            .meaning = std::string(known->meaning),
            .remedy = std::string(known->remedy),
            .command = plan::command_for(*known, key)};
}

} // namespace blongo::report
