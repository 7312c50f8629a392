// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::json {

enum class Kind : std::uint8_t { missing, null, boolean, number, string, array, object };
std::string_view to_string(Kind kind) noexcept;

class Document;

/// A value inside a Document, or a member that is not there (kind() == missing; then every
/// look below it is missing too, so that chains need no checks). Cheap to copy; valid while
/// its Document lives. Reading never fails: what does not fit answers with nothing, and the
/// caller decides; path() then says where it was.
class Node {
public:
    Node() = default;

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool exists() const noexcept { return kind() != Kind::missing; }
    /// Missing or JSON null.
    [[nodiscard]] bool absent() const noexcept { return kind() <= Kind::null; }
    [[nodiscard]] bool is_object() const noexcept { return kind() == Kind::object; }
    [[nodiscard]] bool is_array() const noexcept { return kind() == Kind::array; }
    [[nodiscard]] bool is_string() const noexcept { return kind() == Kind::string; }
    [[nodiscard]] bool is_number() const noexcept { return kind() == Kind::number; }

    /// The text of a string (unescaped), the digits of a number as they stood in the
    /// document, "true" / "false"; empty for everything else.
    [[nodiscard]] std::string_view text() const noexcept;
    [[nodiscard]] bool is_true() const noexcept;

    /// Members of an object, elements of an array; 0 for everything else.
    [[nodiscard]] std::size_t size() const noexcept;
    /// The member; of several with one name the last (as PHP reads them).
    [[nodiscard]] Node operator[](std::string_view key) const noexcept;
    /// The key under which this node stands in its object; empty in arrays and at the root.
    [[nodiscard]] std::string_view key() const noexcept;

    /// "$.products.5434.variants[2].sku": JSON path from the root; keys of other characters than
    /// letters, digits, - and _ as '...' in brackets. A missing member answers with the first step
    /// that is not there. Costs a search: for messages.
    [[nodiscard]] std::string path() const;

    class Iterator;
    /// The elements of an array or the values of an object, in document order.
    [[nodiscard]] Iterator begin() const noexcept;
    [[nodiscard]] Iterator end() const noexcept;

private:
    friend class Document;
    Node(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    const Document* document_ = nullptr;
    std::uint32_t index_ = none;  ///< position on the tape; none: missing
    std::uint32_t parent_ = none; ///< where the missing member was looked for
    std::string_view missing_key_;
};

/// A parsed JSON text. Parsing is iterative (a million brackets do not overflow the stack),
/// numbers stay text (decimals stay exact), strings live in one buffer. The nodes lie on one
/// flat tape in document order, each container knowing where it ends.
class Document {
public:
    static constexpr std::size_t default_depth = 128;

    /// Takes the text over; a byte order mark is skipped. Errors (ErrorKind::protocol) name the byte
    /// offset: empty text, anything behind the value, a nesting deeper than `max_depth`, a number
    /// beyond 1e308. Bytes in strings that are not UTF-8 are no error and stay as they are; half an
    /// escaped surrogate pair becomes U+FFFD.
    [[nodiscard]] static Result<Document> parse(std::string text, std::size_t max_depth = default_depth);

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    [[nodiscard]] Node root() const noexcept { return Node{this, 0}; }

    /// One value on the tape. Defined in the source file's terms; public for Node only.
    struct Entry {
        const char* text = nullptr; ///< string, number, or key text
        std::uint32_t length = 0;   ///< bytes of text; members of a container
        std::uint32_t next = 0;     ///< tape index behind this value (containers: behind their end)
        const char* key = nullptr;  ///< key in the parent object, or nullptr
        std::uint32_t key_length = 0;
        Kind kind = Kind::null;
        bool truth = false;
    };

private:
    friend class Node;
    Document();
    std::unique_ptr<std::string> text_; ///< behind a pointer: entries point into it
    std::vector<Entry> tape_;
};

class Node::Iterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = const Node*;
    using reference = Node;
    Iterator() = default;
    Node operator*() const noexcept { return Node{document_, index_}; }
    Iterator& operator++() noexcept;
    Iterator operator++(int) noexcept {
        Iterator old = *this;
        ++*this;
        return old;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.index_ == b.index_; }

private:
    friend class Node;
    Iterator(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
    const Document* document_ = nullptr;
    std::uint32_t index_ = 0;
};

} // namespace blongo::json
