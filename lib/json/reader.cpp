// SPDX-License-Identifier: Apache-2.0
#include <blongo/json/reader.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

// Strings are scanned 16 bytes at a time; Document::parse gives them room to be read behind the end of the text.
#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

namespace blongo::json {
namespace {

constexpr std::size_t spare_bytes = 16; ///< the parser reads up to so many behind the text
/// Up to this depth, at which the builder ends the parsing, RapidJSON may recurse: twice as fast as its iterative parser,
/// which deeper nesting, where the stack would not do, is left to.
constexpr std::size_t deepest_recursion = Document::default_depth;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The 16-bit unit of "\uXXXX" at `at`, or -1.
int escaped_unit(const std::string& text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = text[i];
        unit <<= 4;
        if (c >= '0' && c <= '9')
            unit += c - '0';
        else if (c >= 'a' && c <= 'f')
            unit += c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            unit += c - 'A' + 10;
        else
            return -1;
    }
    return unit;
}

/// Half an escaped character (an emoji cut in two by the sender) becomes \ufffd: RapidJSON would
/// refuse the whole document.
void mend_surrogates(std::string& text) {
    const auto is_low = [](int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; };
    for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
        const int unit = escaped_unit(text, at);
        if (unit < 0xD800 || unit > 0xDFFF) {
            at += 2;
        } else if (!is_low(unit) && is_low(escaped_unit(text, at + 6))) {
            at += 12;
        } else {
            text.replace(at, 6, "\\ufffd");
            at += 6;
        }
    }
}

/// Lays the events of the parser on the tape.
class TapeBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TapeBuilder> {
public:
    TapeBuilder(std::vector<Document::Entry>& tape, std::size_t max_depth) : tape_(tape), max_depth_(max_depth) {}

    [[nodiscard]] bool too_deep() const { return too_deep_; }

    bool Null() { return scalar(Kind::null); }
    bool Bool(bool truth) {
        scalar(Kind::boolean);
        tape_.back().truth = truth;
        return true;
    }
    bool RawNumber(const char* text, rapidjson::SizeType length, bool) { return scalar(Kind::number, text, length); }
    bool String(const char* text, rapidjson::SizeType length, bool) { return scalar(Kind::string, text, length); }
    bool Key(const char* text, rapidjson::SizeType length, bool) {
        key_ = text;
        key_length_ = length;
        return true;
    }
    bool StartObject() { return open(Kind::object); }
    bool StartArray() { return open(Kind::array); }
    bool EndObject(rapidjson::SizeType members) { return close(members); }
    bool EndArray(rapidjson::SizeType elements) { return close(elements); }

private:
    Document::Entry& append(Kind kind) {
        Document::Entry& entry = tape_.emplace_back();
        entry.kind = kind;
        entry.key = key_;
        entry.key_length = key_length_;
        entry.next = static_cast<std::uint32_t>(tape_.size());
        key_ = nullptr;
        key_length_ = 0;
        return entry;
    }

    bool scalar(Kind kind, const char* text = nullptr, std::uint32_t length = 0) {
        Document::Entry& entry = append(kind);
        entry.text = text;
        entry.length = length;
        return true;
    }

    bool open(Kind kind) {
        if (open_.size() >= max_depth_) {
            too_deep_ = true;
            return false;
        }
        append(kind);
        open_.push_back(static_cast<std::uint32_t>(tape_.size() - 1));
        return true;
    }

    bool close(std::uint32_t children) {
        Document::Entry& entry = tape_[open_.back()];
        entry.length = children;
        entry.next = static_cast<std::uint32_t>(tape_.size());
        open_.pop_back();
        return true;
    }

    std::vector<Document::Entry>& tape_;
    std::vector<std::uint32_t> open_; ///< tape indexes of the containers that are open
    std::size_t max_depth_;
    const char* key_ = nullptr;
    std::uint32_t key_length_ = 0;
    bool too_deep_ = false;
};

bool is_plain_key(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

void append_step(std::string& path, std::string_view key) {
    if (is_plain_key(key)) {
        path += '.';
        path += key;
    } else {
        path += fmt::format("['{}']", key);
    }
}

} // namespace

std::string_view to_string(Kind kind) noexcept {
    switch (kind) {
    case Kind::missing: return "missing";
    case Kind::null: return "null";
    case Kind::boolean: return "boolean";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::array: return "array";
    case Kind::object: return "object";
    }
    return "missing";
}

Document::Document() : text_(std::make_unique<std::string>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string text, std::size_t max_depth) {
    const auto refuse = [](std::string message, std::size_t offset) {
        return fail(ErrorKind::protocol, std::move(message), fmt::format("byte {}", offset));
    };
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
        return refuse("the JSON text is longer than 4 GB", 0);
    }
    const std::size_t begin = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), is_white)) {
        return refuse("the JSON text is empty", text.size());
    }
    mend_surrogates(text);
    const std::size_t size = text.size();
    text.append(spare_bytes, '\0');
    text.resize(size);

    Document document;
    *document.text_ = std::move(text);
    // Growing would copy the tape again and again; memory that stays unused is never touched.
    document.tape_.reserve(document.text_->size() / 12 + 8);
    TapeBuilder builder(document.tape_, max_depth);
    rapidjson::InsituStringStream stream(document.text_->data() + begin);
    rapidjson::Reader reader;
    constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag;
    const bool recurses = max_depth <= deepest_recursion;
    if (recurses)
        reader.Parse<flags>(stream, builder);
    else
        reader.Parse<flags | rapidjson::kParseIterativeFlag>(stream, builder);
    if (builder.too_deep()) {
        return refuse(fmt::format("the JSON text is nested deeper than {} levels", max_depth),
                      begin + reader.GetErrorOffset() - (recurses ? 1 : 0)); // which has passed the bracket
    }
    if (reader.HasParseError()) {
        std::string reason = rapidjson::GetParseError_En(reader.GetParseErrorCode());
        if (reason.ends_with('.')) reason.pop_back();
        return refuse("not valid JSON: " + reason, begin + reader.GetErrorOffset());
    }
    if (const std::size_t end = begin + stream.Tell(); end != document.text_->size()) {
        return refuse("not valid JSON: a zero byte stands behind the value", end);
    }
    return document;
}

Kind Node::kind() const noexcept {
    return index_ == none ? Kind::missing : document_->tape_[index_].kind;
}

std::string_view Node::text() const noexcept {
    switch (kind()) {
    case Kind::string:
    case Kind::number: {
        const Document::Entry& entry = document_->tape_[index_];
        return {entry.text, entry.length};
    }
    case Kind::boolean: return is_true() ? "true" : "false";
    default: return {};
    }
}

bool Node::is_true() const noexcept {
    return kind() == Kind::boolean && document_->tape_[index_].truth;
}

std::size_t Node::size() const noexcept {
    return is_object() || is_array() ? document_->tape_[index_].length : 0;
}

Node Node::operator[](std::string_view key) const noexcept {
    Node found;
    found.document_ = document_;
    if (is_object()) {
        const auto& tape = document_->tape_;
        for (std::uint32_t child = index_ + 1; child < tape[index_].next; child = tape[child].next) {
            // PHP keeps the last of members with one name.
            if (std::string_view(tape[child].key, tape[child].key_length) == key) found.index_ = child;
        }
    }
    if (found.index_ == none) {
        // Below a missing member the first step that was missing is what a person looks for.
        found.parent_ = exists() ? index_ : parent_;
        found.missing_key_ = exists() ? key : missing_key_;
    }
    return found;
}

std::string_view Node::key() const noexcept {
    if (index_ == none) return missing_key_;
    const Document::Entry& entry = document_->tape_[index_];
    return entry.key == nullptr ? std::string_view{} : std::string_view(entry.key, entry.key_length);
}

std::string Node::path() const {
    std::string out = "$";
    if (document_ == nullptr) return out;
    const std::uint32_t target = index_ == none ? parent_ : index_;
    if (target == none) return out;
    const auto& tape = document_->tape_;
    for (std::uint32_t at = 0; at != target;) {
        std::size_t position = 0;
        std::uint32_t child = at + 1;
        for (; tape[child].next <= target; child = tape[child].next) ++position;
        if (tape[at].kind == Kind::array)
            out += fmt::format("[{}]", position);
        else
            append_step(out, {tape[child].key, tape[child].key_length});
        at = child;
    }
    if (index_ == none) append_step(out, missing_key_);
    return out;
}

Node::Iterator Node::begin() const noexcept {
    if (!is_object() && !is_array()) return end();
    return {document_, index_ + 1};
}

Node::Iterator Node::end() const noexcept {
    if (index_ == none) return {};
    return {document_, document_->tape_[index_].next};
}

Node::Iterator& Node::Iterator::operator++() noexcept {
    index_ = document_->tape_[index_].next;
    return *this;
}

} // namespace blongo::json
