// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/document.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <blongo/base/text.hpp>

namespace blongo::config {
namespace {

using FileName = std::shared_ptr<const std::string>;

Place place_of(const FileName& file, const toml::source_region& region) {
    return {file, region.begin.line, region.begin.column};
}

Timestamp to_timestamp(const toml::date_time& value) {
    using namespace std::chrono;
    const auto days = sys_days{year{value.date.year} / month{value.date.month} / day{value.date.day}};
    const auto time = hours{value.time.hour} + minutes{value.time.minute} + seconds{value.time.second} +
                      duration_cast<Milliseconds>(nanoseconds{value.time.nanosecond});
    return days + time - minutes{value.offset ? value.offset->minutes : 0};
}

std::string local_text(const toml::date& value) {
    return fmt::format("{:04}-{:02}-{:02}", value.year, value.month, value.day);
}

std::string local_text(const toml::time& value) {
    return fmt::format("{:02}:{:02}:{:02}", value.hour, value.minute, value.second);
}

std::string fraction_text(double value) {
    std::array<char, 64> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return error == std::errc{} ? std::string(buffer.data(), end) : std::string();
}

Node convert(const toml::node& from, const FileName& file);

void convert_table(const toml::table& table, const FileName& file, Node& node) {
    for (const auto& [key, value] : table) {
        node.members.push_back({std::string(key.str()), place_of(file, key.source()), convert(value, file)});
    }
    std::stable_sort(node.members.begin(), node.members.end(), [](const Member& a, const Member& b) {
        return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
}

Node convert(const toml::node& from, const FileName& file) {
    Node node;
    node.place = place_of(file, from.source());
    switch (from.type()) {
    case toml::node_type::string:
        node.kind = Node::Kind::string;
        node.text = from.as_string()->get();
        break;
    case toml::node_type::integer:
        node.kind = Node::Kind::integer;
        node.integer = from.as_integer()->get();
        break;
    case toml::node_type::floating_point:
        node.kind = Node::Kind::fraction;
        node.text = fraction_text(from.as_floating_point()->get());
        break;
    case toml::node_type::boolean:
        node.kind = Node::Kind::boolean;
        node.boolean = from.as_boolean()->get();
        break;
    case toml::node_type::date:
        node.kind = Node::Kind::local_time;
        node.text = local_text(from.as_date()->get());
        break;
    case toml::node_type::time:
        node.kind = Node::Kind::local_time;
        node.text = local_text(from.as_time()->get());
        break;
    case toml::node_type::date_time: {
        const toml::date_time value = from.as_date_time()->get();
        node.kind = value.offset ? Node::Kind::time : Node::Kind::local_time;
        node.time = to_timestamp(value);
        node.text = local_text(value.date) + "T" + local_text(value.time);
        break;
    }
    case toml::node_type::array:
        node.kind = Node::Kind::array;
        for (const auto& item : *from.as_array()) node.items.push_back(convert(item, file));
        break;
    case toml::node_type::table:
    case toml::node_type::none:
        node.kind = Node::Kind::table;
        if (const auto* table = from.as_table()) convert_table(*table, file, node);
        break;
    }
    return node;
}

// toml++ builds and destroys dotted keys recursively and without a limit: a.a.a... with 300,000
// parts overflows the stack. No key of ours has more than ten parts.
std::optional<std::uint32_t> line_with_deep_key(std::string_view toml) {
    constexpr int most_dots = 100;
    std::uint32_t line = 1;
    int dots = 0;
    for (const char c : toml) {
        if (c == '.') {
            if (++dots > most_dots) return line;
        } else if (c == '\n') {
            ++line;
            dots = 0;
        } else if (std::string_view("=[]{},#").find(c) != std::string_view::npos) {
            dots = 0;
        }
    }
    return std::nullopt;
}

} // namespace

std::string Place::text() const {
    return fmt::format("{}:{}:{}", file ? *file : std::string("configuration"), line, column);
}

const Node* Node::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
    return found == members.end() ? nullptr : &found->value;
}

std::string_view Node::describe_kind() const {
    switch (kind) {
    case Kind::string: return "a string";
    case Kind::integer: return "a whole number";
    case Kind::fraction: return "a binary fraction";
    case Kind::boolean: return "true or false";
    case Kind::time: return "a date-time";
    case Kind::local_time: return "a local date or time without an offset";
    case Kind::array: return "a list";
    case Kind::table: return "a table";
    }
    return "a value";
}

std::string Node::describe() const {
    constexpr std::size_t longest = 40;
    std::string kind_text(describe_kind());
    switch (kind) {
    case Kind::string:
        return fmt::format("{} ({}{})", kind_text, quote(cut_characters(text, longest)), text.size() > longest ? "..." : "");
    case Kind::integer: return fmt::format("{} ({})", kind_text, integer);
    case Kind::boolean: return boolean ? "true" : "false";
    case Kind::time: return fmt::format("{} ({})", kind_text, format_utc(time));
    case Kind::fraction:
    case Kind::local_time: return fmt::format("{} ({})", kind_text, text);
    case Kind::array:
    case Kind::table: return kind_text;
    }
    return kind_text;
}

Result<Node> parse_document(std::string_view toml, const std::string& file_name) {
    const auto file = std::make_shared<const std::string>(file_name);
    if (toml.size() > max_document_bytes)
        return fail(ErrorKind::config, fmt::format("the file is longer than {} bytes", max_document_bytes), file_name,
                    "split it with include");
    if (const auto line = line_with_deep_key(toml))
        return fail(ErrorKind::config, "a key with more than 100 parts", Place{file, *line, 1}.text());
    try {
        const toml::table table = toml::parse(toml, std::string_view(file_name));
        Node root;
        root.place = {file, 1, 1};
        convert_table(table, file, root);
        return root;
    } catch (const toml::parse_error& error) {
        return fail(ErrorKind::config, std::string(error.description()), place_of(file, error.source()).text());
    }
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        switch (c) {
        case '"': quoted += "\\\""; break;
        case '\\': quoted += "\\\\"; break;
        case '\n': quoted += "\\n"; break;
        case '\r': quoted += "\\r"; break;
        case '\t': quoted += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
            else
                quoted += c;
        }
    }
    return quoted + '"';
}

std::string quote_key(std::string_view key) {
    const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    return bare ? std::string(key) : quote(key);
}

} // namespace blongo::config
