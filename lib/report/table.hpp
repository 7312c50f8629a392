// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace blongo::report {

/// Lays rows out in columns by display width. The widths are fixed after the first
/// `measured_rows` rows, so that long lists need little memory and flow while they are read; a
/// longer cell then only shifts its own row. On a terminal that is too narrow for all columns the first ones stay columns,
/// and what does not fit follows below its row, broken between words.
class Table {
public:
    static constexpr std::size_t measured_rows = 500;

    /// `headings`: one per column, as given; printed in capitals, "_" as a space. `width`: of the terminal; 0: none.
    void begin(std::vector<std::string> headings, std::size_t width = 0);
    [[nodiscard]] bool begun() const noexcept { return !headings_.empty(); }
    /// Lines that are ready to be printed now: none while the widths are still measured.
    [[nodiscard]] std::string add(std::vector<std::string> cells);
    /// The remaining lines. Columns that are empty in every row are left out of a table that is
    /// printed as a whole.
    [[nodiscard]] std::string end();

private:
    [[nodiscard]] std::string flush(bool more_may_come);
    [[nodiscard]] std::string line(const std::vector<std::string>& cells) const;
    [[nodiscard]] std::size_t columns_that_fit() const;
    std::vector<std::string> headings_;
    std::vector<std::vector<std::string>> rows_;
    std::vector<std::size_t> widths_; ///< 0: the column is left out
    std::size_t width_ = 0;
    bool measured_ = false;
};

/// One line of CSV by RFC 4180, with its CR LF.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

/// Text on the left of a field of `width` columns.
[[nodiscard]] std::string padded(const std::string& text, std::size_t width);

} // namespace blongo::report
