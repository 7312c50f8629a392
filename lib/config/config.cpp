// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/config.hpp>

#include <algorithm>

namespace blongo::config {

const Connection* Config::find(std::string_view name) const {
    const auto found = std::find_if(connections.begin(), connections.end(), [&](const Connection& c) { return c.name == name; });
    return found == connections.end() ? nullptr : &*found;
}

} // namespace blongo::config
