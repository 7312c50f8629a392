// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <blongo/base/result.hpp>
#include <blongo/base/template.hpp>

/// What [connections.X.mapping] may write, and from what: the closed request models of Ongoing (PostArticleModel,
/// PostOrderModel, PostOrderLine) and the fields of BaseLinker, as data. A test holds the models against the OpenAPI
/// document.
namespace blongo {

/// Whose members a mapping writes; in the configuration: article, order, order_line.
enum class MappedObject : std::uint8_t { article, order, order_line };
[[nodiscard]] std::string_view to_string(MappedObject object) noexcept;
[[nodiscard]] std::optional<MappedObject> mapped_object(std::string_view name) noexcept;

enum class MappedType : std::uint8_t { text, number, integer, boolean, date_time, list };
/// "a number", "true or false": what a value of this type is, for messages.
[[nodiscard]] std::string_view describe(MappedType type) noexcept;

/// How a text behaves.
enum class TextKind : std::uint8_t {
    line, ///< on one line, without emoji; too long: cut
    text, ///< may have several lines; too long: cut
    key   ///< on one line; too long: the object is rejected, because a cut key names something else
};

/// One member of a request model.
struct MappedMember {
    std::string_view path; ///< dotted: "consignee.address1"; of a line relative to it
    MappedType type = MappedType::text;
    TextKind kind = TextKind::line;
    std::size_t characters = 0;  ///< Ongoing's limit where one is known (contract 1.7); 0: none known
    std::string_view reserved{}; ///< not empty: no template may write it, and this is why
    std::string_view needs{};    ///< the object that holds it is closed without this member
    bool required = false;       ///< Ongoing takes nothing without it
    bool unreadable = false;     ///< no answer of Ongoing shows it: what is there is what was sent last
};
/// Every member of the model that is no object, in the order of the document; lists as a whole, reserved.
[[nodiscard]] std::span<const MappedMember> mapped_members(MappedObject object) noexcept;
[[nodiscard]] const MappedMember* find_member(MappedObject object, std::string_view path) noexcept;

/// The names that a template may read, with the kind of their value; "text_fields.*" stands for all that begin so.
struct MappingSource {
    std::string_view name;
    MappedType type = MappedType::text;
};
[[nodiscard]] std::span<const MappingSource> mapping_sources(MappedObject object);
/// The same names alone, for Template::parse.
[[nodiscard]] std::span<const std::string_view> mapping_source_names(MappedObject object);

/// "{default}": what the member would have without the template.
inline constexpr std::string_view default_source = "default";
/// Custom extra fields of an order: BaseLinker answers them only where they are asked for.
inline constexpr std::string_view custom_fields = "custom_extra_fields.";

/// One template over one member.
struct OwnMember {
    MappedObject object = MappedObject::article;
    const MappedMember* member = nullptr;
    Template text;
    std::string origin; ///< file:line:column
};
/// A key of [connections.X.mapping] ("order.consignee.address1") and its template. Error (config): what no template
/// may write, with the member that was meant; a template that is broken or reads what is not there; a constant, or a
/// lone source, that can never be what the member holds.
[[nodiscard]] Result<OwnMember> parse_own_member(std::string_view target, std::string_view text, std::string origin = {});

/// The text as a member of this type holds it: "1.50" -> "1.5" for a number, "yes" -> "true", a bare date -> noon UTC.
/// nullopt: it is none. Whole numbers fit 32 bits. A text stays as it is.
[[nodiscard]] std::optional<std::string> mapped_text(MappedType type, std::string_view text);

} // namespace blongo
