// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace blongo::sync {

/// Words of three characters or more, in small letters, that a service may say again: names, streets, post codes.
using SentWords = std::set<std::string>;

/// Adds the words of a text.
void add_words(SentWords& words, std::string_view text);

/// What a service says of an error, as it may be written down: mail addresses, quoted values, runs of six digits or more
/// (telephone and account numbers, spaces and dashes within) and `sent` words become "***". Codes, dates, and names of members
/// of BaseLinker's or Ongoing's objects, quoted or not, stay: they say what is to be done.
[[nodiscard]] std::string mask_words(std::string_view text, const SentWords& sent = {});

} // namespace blongo::sync
