// SPDX-License-Identifier: Apache-2.0
// A JSON text is read or refused; what was read is written as a text that reads the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include <blongo/json/reader.hpp>
#include <blongo/json/value.hpp>

namespace {

std::size_t walk(blongo::json::Node node) {
    std::size_t bytes = node.text().size() + node.path().size();
    for (const auto child : node) bytes += child.key().size() + walk(child);
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace blongo;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto document = json::Document::parse(text);
    const auto value = json::Value::parse(text);
    if (document.has_value() != value.has_value()) __builtin_trap();
    if (!document) return document.error().text().empty() ? (__builtin_trap(), 0) : 0;
    if (size < 4096) (void)walk(document->root()); // path() is a search
    const std::string written = value->dump();
    const auto again = json::Value::parse(written);
    if (!again || again->dump() != written) __builtin_trap();
    return 0;
}
