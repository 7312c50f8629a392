// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/keys.hpp>

#include <array>

#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>

namespace blongo::config {

void Listing::row(const std::string& key, std::string value) {
    const auto origin = origins_.find(key);
    if (origin == origins_.end() && only_written_) return;
    rows_.push_back({join_key(prefix_, key), std::move(value), origin == origins_.end() ? "default" : origin->second.text()});
}

void complain_unknown(Reading& reading, const std::string& table, const Member& member, const std::vector<std::string>& known) {
    // What people write first when they look for the place of a secret.
    constexpr std::array<std::string_view, 4> secrets = {"token", "password", "api_token", "api_key"};
    const std::string where = reading.shown(table).empty() ? "the top level" : "[" + reading.shown(table) + "]";
    std::string text = fmt::format("unknown key {} in {}", quote(member.key), where);
    if (std::find(secrets.begin(), secrets.end(), member.key) != secrets.end()) {
        text += "; no secret stands in this file: name its source with token_file or password_file";
    } else if (const std::string meant = did_you_mean(member.key, known, "; ", "\""); !meant.empty()) {
        text += meant;
    } else if (known.size() <= 12) {
        std::vector<std::string> names;
        names.reserve(known.size());
        for (const auto& name : known) names.push_back(quote(name));
        text += "; known here: " + join(names, ", ");
    }
    reading.wrong(member.place, text);
}

} // namespace blongo::config
