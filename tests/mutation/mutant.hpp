// SPDX-License-Identifier: Apache-2.0
// What campaign.py writes into the copy of the tree calls these. Every mutant is in the one build; the environment says
// which one is awake: BLONGO_MUTANT=<number>. BLONGO_MUTANTS_SEEN=<file> collects the numbers of the places that ran.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <type_traits>
#include <utility>

// A mutant that falls off a function's end is none: it does not compile. Of other warnings mutants are allowed to give many.
#pragma GCC diagnostic error "-Wreturn-type"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wextra"

namespace blongo_mutation {

/// More numbers than a campaign draws.
inline constexpr int most = 10000;

inline void note_seen(int number, const char* file) {
    static std::array<std::atomic<bool>, most> seen{};
    if (seen[static_cast<std::size_t>(number)].exchange(true)) return;
    const int out = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (out < 0) return;
    std::array<char, 16> line{};
    const int length = std::snprintf(line.data(), line.size(), "%d\n", number);
    (void)!write(out, line.data(), static_cast<std::size_t>(length));
    close(out);
}

/// A number between braces, where an int that is computed may not become a std::size_t.
struct Narrow {
    long long value;
    template <class Number>
    requires std::is_arithmetic_v<Number>
    operator Number() const { return static_cast<Number>(value); }
};

/// `left OP flip OP right`: the comparison that stands there, or `Other` of the same operands when mutant `number` is awake.
template <class Other> struct Flip { int number; };

template <class Left, class Other> struct Half {
    const Left& left;
    int number;
};

} // namespace blongo_mutation

/// Is mutant `number` awake?
inline bool blongo_mutant(int number) {
    static const int awake = [] {
        const char* text = std::getenv("BLONGO_MUTANT");
        return text ? std::atoi(text) : -1;
    }();
    static const char* const seen = std::getenv("BLONGO_MUTANTS_SEEN");
    if (seen) blongo_mutation::note_seen(number, seen);
    return number == awake;
}

namespace blongo_mutation {

#define BLONGO_MUTATION_FLIP(OP) \
    template <class Left, class Other> Half<Left, Other> operator OP(const Left& left, Flip<Other>&& flip) { \
        return {left, flip.number}; \
    } \
    template <class Left, class Other, class Right> bool operator OP(Half<Left, Other>&& half, Right&& right) { \
        return blongo_mutant(half.number) ? Other{}(half.left, right) : static_cast<bool>(half.left OP right); \
    }
BLONGO_MUTATION_FLIP(==)
BLONGO_MUTATION_FLIP(!=)
BLONGO_MUTATION_FLIP(<)
BLONGO_MUTATION_FLIP(<=)
BLONGO_MUTATION_FLIP(>)
BLONGO_MUTATION_FLIP(>=)
#undef BLONGO_MUTATION_FLIP

} // namespace blongo_mutation
