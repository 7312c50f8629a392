// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <blongo/base/time.hpp>

namespace blongo::map {

/// What the packer reads in the warehouse instruction of an order (flows.md Shipments 14).
enum class PackerMessage : std::uint8_t {
    failed,  ///< LABEL FAILED 10:42: <cause in a few words>. <what to do>
    waiting, ///< LABEL WAITING: the token is blocked, or the label is not ready
    stop     ///< STOP: cancelled, or changed after packing: do not hand it to the courier
};
/// Not a cause of parking: BaseLinker's token is blocked for longer than a packer waits without a word.
inline constexpr std::string_view token_blocked = "token_blocked";
/// Which message a parked cause (or token_blocked) is; STOP for cancelled_in_base, lines_changed, country_changed, merged_in_base.
[[nodiscard]] PackerMessage packer_message(std::string_view cause);

/// `texts`: "en", "pl", "de", "sv", or a template that begins with "{what} {time}" and may hold {cause} {detail} {order} too
/// (its words are English). `cause`: of the fixed list, in a few words of that language, with what the packer does about
/// it; `detail`: the courier's words, cut. Local time of `zone`. `kept` (what stood there before) follows behind " | ". At
/// most 500 characters: `kept` is cut first, then detail.
[[nodiscard]] std::string packer_text(PackerMessage message, std::string_view cause, std::string_view detail, Timestamp at,
                                      std::string_view zone, std::string_view texts, std::string_view order_number,
                                      std::string_view kept);
/// Whether a warehouse instruction begins with a message of ours, in any of the languages: its words and a time.
[[nodiscard]] bool is_packer_text(std::string_view instruction);
/// What stands behind a message of ours; the whole instruction where it does not begin with one.
[[nodiscard]] std::string behind_packer_text(std::string_view instruction);

} // namespace blongo::map
