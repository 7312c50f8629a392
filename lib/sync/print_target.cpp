// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/print_target.hpp>

#include <fmt/format.h>

#include <blongo/config/command.hpp>

namespace blongo::sync {

namespace {

constexpr Milliseconds print_timeout{30'000};

/// Who packed a piece of the order last.
std::int64_t last_packer(const ongoing::Order& order) {
    std::int64_t user = 0;
    std::optional<Timestamp> latest;
    for (const auto& line : order.lines)
        for (const auto& item : line.picked_items) {
            if (!item.packed_by_user_id) continue;
            if (latest && item.packed_time && *item.packed_time < *latest) continue;
            user = *item.packed_by_user_id;
            if (item.packed_time) latest = item.packed_time;
        }
    return user;
}

std::string replaced(std::string text, std::string_view name, const std::string& value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

} // namespace

PrintTarget print_target(const config::Shipments& settings, const SendWishes& wishes, const ongoing::Order* there,
                         const std::vector<std::string>& rule_command) {
    PrintTarget out;
    const auto& command = rule_command.empty() ? settings.print_command : rule_command;
    if (!command.empty()) {
        const std::int64_t workstation =
            wishes.workstation_id != 0 ? wishes.workstation_id : settings.print_fallback_workstation_id;
        const auto printer = settings.printers.find(fmt::to_string(workstation));
        const std::string name = printer == settings.printers.end() ? std::string{} : printer->second;
        for (const auto& argument : command) out.command.push_back(replaced(argument, "{printer}", name));
        out.hidden_variables = settings.hidden_variables;
        out.words = fmt::format("here, by {}{}", command.front(), name.empty() ? "" : " on " + name);
        return out;
    }
    if (settings.print_report_id == 0) {
        out.words = "not printed (shipments.print.report_id = 0): the label is stored in Ongoing";
        return out;
    }
    ongoing::PrintingInfo info;
    info.report_id = settings.print_report_id;
    const std::int64_t packer = there == nullptr ? 0 : last_packer(*there);
    if (wishes.workstation_id != 0) {
        info.workstation_id = wishes.workstation_id;
        out.words = fmt::format("at workstation {}, where Send was pressed", wishes.workstation_id);
    } else if (wishes.user_id != 0) {
        info.user_id = wishes.user_id;
        out.words = fmt::format("for user {}, who pressed Send", wishes.user_id);
    } else if (packer != 0) {
        info.user_id = packer;
        out.words = fmt::format("for user {}, who packed it", packer);
    } else if (settings.print_fallback_workstation_id != 0) {
        info.workstation_id = settings.print_fallback_workstation_id;
        out.words = fmt::format("at workstation {} (fallback_workstation_id)", settings.print_fallback_workstation_id);
    } else {
        out.words = "nobody is known to print for: set shipments.print.fallback_workstation_id";
        return out;
    }
    out.ongoing = info;
    return out;
}

Result<void> print_here(const PrintTarget& target, const std::string& file) {
    std::vector<std::string> argv;
    for (const auto& argument : target.command) argv.push_back(replaced(argument, "{file}", file));
    const auto ended = config::first_line_of_command(argv, print_timeout, target.hidden_variables);
    if (ended) return {};
    return fail(ErrorKind::rejected, "the print command failed: " + ended.error().message, target.command.front(),
                "run it by hand with the label: blongo shipments label N --out FILE");
}

} // namespace blongo::sync
