// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/progress.hpp>

#include <fmt/format.h>

namespace blongo::report {
namespace {

constexpr Milliseconds redraw_after{100};
constexpr Milliseconds shortest_measure{1000};

/// "310/s", "12/min": whichever is a whole number that says something.
std::string rate_text(std::int64_t done, Milliseconds took) {
    const std::int64_t per_second = done * 1000 / took.count();
    if (per_second >= 1) return fmt::format("{}/s", per_second);
    return fmt::format("{}/min", done * 60'000 / took.count());
}

} // namespace

std::optional<std::string> Progress::update(const std::string& connection, const std::string& step, std::int64_t done,
                                            std::int64_t total, Milliseconds now) {
    if (connection != connection_ || step != step_ || done < first_) {
        connection_ = connection;
        step_ = step;
        first_ = done;
        started_ = now;
        drawn_.reset();
    }
    if (drawn_ && now - *drawn_ < redraw_after && done != total) return std::nullopt;
    drawn_ = now;

    std::string line = fmt::format("{} {}: {}", connection, step, done);
    if (total > 0) line += fmt::format(" of {} ({} %)", total, done * 100 / total);
    const std::int64_t since_start = done - first_;
    const Milliseconds took = now - started_;
    if (since_start <= 0 || took < shortest_measure) return line;
    line += ", " + rate_text(since_start, took);
    if (total > done) line += fmt::format(", {} left", format_age(took * (total - done) / since_start));
    return line;
}

} // namespace blongo::report
