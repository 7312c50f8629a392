// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace blongo::docs {

/// Text as it stands in a line of roff: hyphens, backslashes, quotes and a leading dot stay what they are.
[[nodiscard]] std::string escaped(std::string_view text);

/// A manual page in the making, in the man(7) macros.
class Page {
public:
    /// `name`: "blongo-orders"; `what`: one line for apropos.
    Page(const std::string& name, int section, const std::string& what);
    void heading(const std::string& title);
    void subheading(const std::string& title);
    void paragraph(const std::string& text);
    /// A term in bold, what follows it in italics, and its meaning below.
    void item(const std::string& term, const std::string& value, const std::string& meaning);
    /// Lines as they are, indented.
    void block(const std::string& lines);
    /// "blongo(1), blongo.toml(5)".
    void see_also(const std::string& pages);
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    bool heading_ = false; ///< the last line is one: a paragraph begins by itself
};

} // namespace blongo::docs
