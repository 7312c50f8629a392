// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// A call of one BaseLinker method that got through the doors: parsed, allowed, complete.
struct BaseCall {
    Account& account;
    Context& context;
    const json::Value& parameters;
    [[nodiscard]] const json::Value& operator[](std::string_view name) const { return parameters[name]; }
    void violate(std::string kind, std::string where, std::string detail) const {
        context.violate({std::move(kind), std::move(where), std::move(detail)});
    }
};

/// {"status":"SUCCESS"}, to be filled.
[[nodiscard]] json::Value success();
/// {"status":"ERROR","error_code":...,"error_message":...} (baselinker.md 1.2).
[[nodiscard]] json::Value base_error(std::string_view code, std::string_view message);

enum class ParameterType : std::uint8_t { integer, decimal, text, truth, map, list, integers, scalar };

struct Parameter {
    std::string_view name;
    ParameterType type;
    bool required = false;
    std::size_t longest = 0; ///< characters; 0: not documented
};

/// A method of the connector: what it takes, what it does.
struct BaseMethod {
    std::string_view name;
    std::vector<Parameter> parameters;
    json::Value (*run)(BaseCall& call);
    std::string_view collection = {}; ///< the member that an empty listing empties
    bool writes = false;
};

/// Methods of one area.
[[nodiscard]] std::span<const BaseMethod> catalogue_methods();
[[nodiscard]] std::span<const BaseMethod> order_methods();
[[nodiscard]] std::span<const BaseMethod> courier_methods();
[[nodiscard]] std::span<const BaseMethod> package_methods();
[[nodiscard]] std::span<const BaseMethod> return_methods();

/// The method of that name, or nullptr.
[[nodiscard]] const BaseMethod* find_method(std::string_view name);

/// Checks the parameters against the method (records what is wrong) and runs it.
[[nodiscard]] json::Value run_method(const BaseMethod& method, BaseCall& call);

} // namespace blongo::sandbox
