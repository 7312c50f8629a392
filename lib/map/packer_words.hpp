// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <blongo/map/packer_text.hpp>

namespace blongo::map {

/// The languages of built-in texts.
enum class PackerLanguage : std::uint8_t { en, pl, de, sv };
inline constexpr PackerLanguage packer_languages[] = {PackerLanguage::en, PackerLanguage::pl, PackerLanguage::de,
                                                      PackerLanguage::sv};
/// "en", "pl", "de", "sv"; nullopt for everything else, which is a template.
[[nodiscard]] std::optional<PackerLanguage> language_called(std::string_view texts);

/// What a cause is in a few words (no sentence), and what the packer does about it (sentences).
struct PackerWords {
    std::string_view cause, remedy;
};

/// The first words of a message: "LABEL FAILED".
[[nodiscard]] std::string_view message_word(PackerMessage message, PackerLanguage language);
/// Words for every cause of the fixed list that a shipment may have; a cause of its own for all others.
[[nodiscard]] PackerWords cause_words(std::string_view cause, PackerLanguage language);
/// Whether a cause has words of its own.
[[nodiscard]] bool has_own_words(std::string_view cause);

} // namespace blongo::map
