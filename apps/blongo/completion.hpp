// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace blongo::app {

/// What may stand in the place of the last word of a command line.
struct Candidate {
    std::string word; ///< ":files" and ":folders": names of files or folders
    std::string meaning;
};

/// Where the last of `words` (what follows "blongo"; the last one may be empty) stands in the tree.
struct Place {
    const Command* command = nullptr;
    const Option* option = nullptr;                      ///< whose value the last word is, or a positional; none: neither
    std::string typed;                                   ///< of the value, or of the whole word
    std::string before;                                  ///< what of the last word stands before the value: "--format="
    bool options_ended = false;                          ///< "--" came before
    std::vector<std::string> config, connections, state; ///< values of -c, -C, --state on the line
};
[[nodiscard]] Place place_of(const Command& root, const std::vector<std::string>& words);

/// Commands and options that fit there. Values of options come from values_of().
[[nodiscard]] std::vector<Candidate> words_of_the_tree(const Place& place);
/// Values of the option or positional at this place that begin as typed: fixed words, names from the
/// configuration, keys from the state. Makes no request; what cannot be read gives nothing.
[[nodiscard]] std::vector<Candidate> values_of(const Place& place, Context& context);

/// The script for "bash", "zsh" or "fish", that asks `blongo completion words` at each press of Tab.
[[nodiscard]] std::string completion_script(std::string_view shell);

} // namespace blongo::app
