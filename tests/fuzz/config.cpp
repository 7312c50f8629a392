// SPDX-License-Identifier: Apache-2.0
// A configuration is read, or each complaint about it says where.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <blongo/config/load.hpp>
#include <blongo/config/show.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace blongo;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find("include") != std::string_view::npos) return 0; // would read files
    const auto config = config::parse(text, "b.toml", [](const std::string&) -> std::optional<std::string> { return {}; });
    if (!config) {
        if (!config.error().text().starts_with("b.toml")) __builtin_trap();
        return 0;
    }
    for (const auto& problem : config::problems(*config))
        if (problem.message.find("b.toml") == std::string::npos) __builtin_trap();
    if (config::settings_text(config->settings).empty()) __builtin_trap();
    return 0;
}
