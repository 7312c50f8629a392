// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/time.hpp>
#include <blongo/baselinker/package_wire.hpp>

namespace blongo::plan {

/// What a package of ours looks like.
struct ExpectedPackage {
    std::string courier_code;                               ///< "": any (a macro books as it likes)
    std::optional<baselinker::CourierAccountId> account_id; ///< none: any
};
/// Same courier and account, no return, tracking status 0 or 1 (contract 4.5).
[[nodiscard]] bool is_like(const baselinker::OrderPackage& package, const ExpectedPackage& expected);

/// The look after a lost answer, an ERROR or a SUCCESS: packages that are there now and were not before the call, nor
/// belong to another delivery.
struct PackageLook {
    enum class Verdict : std::uint8_t { none, one, several } verdict = Verdict::none;
    std::vector<baselinker::OrderPackage> fresh; ///< new ones, returns left out, ascending by id
    /// `one`: exactly one new package, and it is like the expected one. A single new package that is not like it is
    /// `several`: a person decides.
};
[[nodiscard]] PackageLook look_at_packages(const std::set<baselinker::PackageId>& before,
                                           const std::set<baselinker::PackageId>& of_other_deliveries,
                                           std::span<const baselinker::OrderPackage> now, const ExpectedPackage& expected);

/// Before the first attempt (flows.md Shipments 8, last sentence): packages that are there already and are none of ours.
struct ExistingPackages {
    enum class Verdict : std::uint8_t { none, adopt, park } verdict = Verdict::none;
    std::vector<baselinker::OrderPackage> found;
};
/// adopt: `may_adopt`, exactly one, like the expected one, and no earlier booking of ours on this order.
[[nodiscard]] ExistingPackages judge_existing(std::span<const baselinker::OrderPackage> packages,
                                              const std::set<baselinker::PackageId>& ours, const ExpectedPackage& expected,
                                              bool may_adopt, bool booked_before);

/// When a booking of unknown outcome is looked at next, and whether it may be booked again (flows.md Shipments 8).
struct UnknownOutcome {
    Timestamp called;        ///< when the intent was committed
    Timestamp send_deadline; ///< state time until which its request could leave
    Milliseconds call_timeout{0};
    std::vector<Milliseconds> waits;          ///< unknown_wait: looks after the call
    std::optional<Milliseconds> rebook_after; ///< none: never
    bool macro = false;                       ///< never rebooked
    int empty_looks = 0;                      ///< looks so far that found nothing
    std::vector<Timestamp> late_empty_looks;  ///< successful empty looks after send_deadline + rebook_after
};
/// The time of the next look; nullopt: all configured looks were made (then: once at every run).
[[nodiscard]] std::optional<Timestamp> next_look(const UnknownOutcome& outcome);
/// rebook_after has passed since send_deadline (it is at least three call time-outs), and two empty looks at least 60 s
/// apart were made after that.
[[nodiscard]] bool may_book_again(const UnknownOutcome& outcome, Timestamp now);

} // namespace blongo::plan
