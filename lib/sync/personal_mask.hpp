// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace blongo::sync {

/// Whether a field of BaseLinker's order is about the buyer: "email", "delivery_fullname". What says how and into which
/// country is sent is not.
[[nodiscard]] bool is_buyer_field(std::string_view field);

/// Whether a member of either side's objects is about a person, whatever stands in it.
[[nodiscard]] bool is_personal_member(std::string_view member);

/// The body of a request or an answer of either side as it may be written down: what its members say of a person (names,
/// streets, telephone numbers, mail addresses, accounts, free texts, labels, the link to the order's page) becomes "***", and
/// so does what the words of an error repeat of it (personal_words.hpp). Names of members, ids, articles, quantities, statuses,
/// error codes and countries stay. A form of BaseLinker is shown with its parameters decoded. Takes a body that was cut off,
/// too; of what is not JSON only size and hash stay. `request`: the body, not masked, that this is the answer to.
[[nodiscard]] std::string mask_body(std::string_view body, std::string_view request = {});

/// The text of an error, as mask_body shows it.
[[nodiscard]] std::string mask_error(std::string_view text, std::string_view request = {});

} // namespace blongo::sync
