// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/project.hpp>

#include <blongo/base/time.hpp>

namespace blongo::ongoing {
namespace {

json::Value converted(const json::Value& value, const ModelMember& member) {
    switch (member.type) {
    case MemberType::text: return value.is_string() && !value.text().empty() ? value : json::Value();
    case MemberType::boolean: return value.is_bool() ? value : json::Value();
    case MemberType::number: {
        const auto number = value.decimal();
        return number ? json::Value(*number) : json::Value();
    }
    case MemberType::integer: {
        const auto number = value.decimal();
        return number && number->is_whole() ? json::Value(number->floor()) : json::Value();
    }
    case MemberType::date_time: {
        constexpr std::size_t bare_date = 10;
        if (!value.is_string() || !parse_timestamp(value.text())) return {};
        return value.text().size() == bare_date ? json::Value(std::string(value.text()) + "T12:00:00.000+00:00") : value;
    }
    case MemberType::object: {
        json::Value object = project(value, member.inner);
        return object.size() == 0 ? json::Value() : object;
    }
    case MemberType::list: {
        json::Value list = json::Value::array();
        for (const json::Value& element : value.elements()) {
            json::Value item = project(element, member.inner);
            if (item.size() != 0) list.push_back(std::move(item));
        }
        return list.size() == 0 ? json::Value() : list;
    }
    }
    return {};
}

} // namespace

json::Value project(const json::Value& source, std::span<const ModelMember> members) {
    json::Value target = json::Value::object();
    for (const ModelMember& member : members) {
        const json::Value& value = member.source.empty() ? source : source.at_path(member.source);
        json::Value result = value.is_null() ? json::Value() : converted(value, member);
        if (result.is_null() && member.required) return {};
        if (!result.is_null()) target.set(member.target, std::move(result));
    }
    return target;
}

} // namespace blongo::ongoing
