// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/table.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/report/fold.hpp>

namespace blongo::report {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t below = 4; ///< how far in it stands what does not fit into the line

std::string heading(const std::string& name) {
    std::string out;
    for (const char c : name) out += c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

} // namespace

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t used = display_width(text);
    return used >= width ? text : text + std::string(width - used, ' ');
}

void Table::begin(std::vector<std::string> headings, std::size_t width) {
    width_ = width;
    headings_ = std::move(headings);
    rows_.clear();
    widths_.assign(headings_.size(), 0);
    measured_ = false;
}

std::string Table::add(std::vector<std::string> cells) {
    cells.resize(headings_.size());
    if (measured_) return line(cells);
    rows_.push_back(std::move(cells));
    return rows_.size() < measured_rows ? std::string() : flush(true);
}

std::string Table::end() {
    std::string out = measured_ || rows_.empty() ? std::string() : flush(false);
    headings_.clear();
    return out;
}

std::string Table::flush(bool more_may_come) {
    measured_ = true;
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], display_width(row[i]));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < headings_.size(); ++i) {
        names.push_back(heading(headings_[i]));
        if (widths_[i] > 0 || more_may_come) widths_[i] = std::max(widths_[i], display_width(names[i]));
    }
    std::string out = line(names);
    for (const auto& row : rows_) out += line(row);
    rows_.clear();
    return out;
}

std::size_t Table::columns_that_fit() const {
    if (width_ == 0) return widths_.size();
    std::size_t used = 0, fitting = 0;
    for (const std::size_t width : widths_) {
        if (width > 0) used += (used > 0 ? gap : 0) + width;
        if (used > width_) break;
        ++fitting;
    }
    return fitting;
}

std::string Table::line(const std::vector<std::string>& cells) const {
    std::string out;
    std::size_t pending = 0; // spaces that a later cell will need; none at the end of a line
    const std::size_t fitting = columns_that_fit();
    for (std::size_t i = 0; i < fitting; ++i) {
        if (widths_[i] == 0) continue;
        if (!cells[i].empty()) out += std::string(pending, ' ') + cells[i];
        const std::size_t used = display_width(cells[i]);
        pending = (cells[i].empty() ? pending : 0) + (widths_[i] > used ? widths_[i] - used : 0) + gap;
    }
    out += '\n';
    std::size_t used = 0; // of a line below
    for (std::size_t i = fitting; i < cells.size(); ++i) {
        const std::size_t width = display_width(cells[i]);
        if (widths_[i] == 0 || width == 0) continue;
        if (used > 0 && used + gap + width <= width_) {
            out.insert(out.size() - 1, std::string(gap, ' ') + cells[i]);
            used += gap + width;
            continue;
        }
        out += fold_line(std::string(below, ' ') + cells[i], width_, below) + '\n';
        used = width + below > width_ ? width_ : below + width; // nothing more behind what was broken
    }
    return out;
}

std::string csv_line(const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += ',';
        if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
            out += cells[i];
            continue;
        }
        out += '"';
        for (const char c : cells[i]) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    return out + "\r\n";
}

} // namespace blongo::report
