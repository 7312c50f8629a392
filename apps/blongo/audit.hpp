// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/result.hpp>

#include "context.hpp"

namespace blongo::app {

/// Who sits here by his own word, and whether names may be shown: --as and --personal. Of the process, like its login.
struct Witness {
    std::string acting_as;
    bool personal = false;
};
[[nodiscard]] Witness& witness() noexcept;

/// With --personal: that this command shows personal data is recorded before it does.
[[nodiscard]] Result<void> note_personal(Context& context);

} // namespace blongo::app
