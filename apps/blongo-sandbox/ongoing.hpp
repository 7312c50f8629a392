// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/json/value.hpp>

#include "openapi.hpp"
#include "world.hpp"

namespace blongo::sandbox {

/// What an Ongoing operation answers.
struct OngoingAnswer {
    int status = 200;
    json::Value body;
};

/// A call of one Ongoing operation that got through the doors: authorised, valid by the
/// OpenAPI document.
struct OngoingCall {
    GoodsOwner& owner;
    Context& context;
    const OpenApi::Route& route;
    const Fields& query;
    const json::Value& body;

    void violate(std::string kind, std::string where, std::string detail) const {
        context.violate({std::move(kind), std::move(where), std::move(detail)});
    }
    [[nodiscard]] std::int64_t path_id(const std::string& name) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] std::optional<Timestamp> time(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return count(query, name) > 0; }

    /// Notes the last id of a page. A next page that begins with it was asked for without the
    /// + 1 that the contract demands (ongoing.md 1.6): recorded.
    void note_page(std::string_view cursor, std::optional<std::int64_t> last) const;
};

using OngoingHandler = OngoingAnswer (*)(OngoingCall& call);
using OngoingTable = std::map<std::string, OngoingHandler, std::less<>>;

void add_article_operations(OngoingTable& table);
void add_list_operations(OngoingTable& table);
void add_order_operations(OngoingTable& table);
void add_order_patch_operations(OngoingTable& table);
void add_transport_operations(OngoingTable& table);
void add_file_operations(OngoingTable& table);
void add_return_operations(OngoingTable& table);

/// The handler of "PUT /articles", or nullptr.
[[nodiscard]] OngoingHandler find_operation(std::string_view operation);

/// The refusals that integrations have seen (ongoing.md 1.4).
[[nodiscard]] OngoingAnswer refused(int status, std::string_view message);
[[nodiscard]] OngoingAnswer invalid(const std::vector<Problem>& problems);

/// A decimal as the server writes it: 2 is 2.0.
[[nodiscard]] json::Value number_json(const Decimal& number);
/// UTC with as many fraction digits as are needed: .3Z, .25Z, .437Z, or none.
[[nodiscard]] json::Value time_json(Timestamp time);
[[nodiscard]] json::Value time_json(const std::optional<Timestamp>& time);
/// The named decimal member in the server's form, or null.
[[nodiscard]] json::Value decimal_member(const json::Value& object, std::string_view name);
/// The members that are named, null where `object` has none.
[[nodiscard]] json::Value pick(const json::Value& object, std::initializer_list<std::string_view> names);
/// pick(), but null when the object itself is null.
[[nodiscard]] json::Value pick_or_null(const json::Value& object, std::initializer_list<std::string_view> names);

/// Puts the members of `body` over `stored`: null clears; what is left out stays, or is cleared
/// when the settings say so. `keep` names members that always stay.
void overlay(json::Value& stored, const json::Value& body, bool clear_omitted);

/// What a goods owner can sell of an article: in stock - locked for sale - left to allocate;
/// of a structure, what its scarcest component allows (ongoing.md 2.3, 2.4).
[[nodiscard]] Decimal sellable(GoodsOwner& owner, const Article& article, std::optional<std::int64_t> warehouse = {});

/// Problems that the document does not state but the contract does: lengths of keys and texts.
void check_length(std::vector<Problem>& problems, const json::Value& object, std::string_view name, std::size_t longest,
                  const std::string& where = {});

} // namespace blongo::sandbox
