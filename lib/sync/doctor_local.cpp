// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

#include <filesystem>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <blongo/base/files.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

constexpr std::int64_t careful_rate = 95; ///< contract baselinker 1.1: 100 a minute for all programs together
constexpr std::uintmax_t little_disk = 500U << 20U;
constexpr std::string_view sqlite_scheme = "sqlite://";

/// A file or folder that others may write to can be replaced by them.
void examine_writable(Examination& exam, const std::string& what, const std::string& path) {
    struct stat info {};
    if (path.empty() || ::stat(path.c_str(), &info) != 0) return;
    const bool sticky_folder = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
    if ((info.st_mode & S_IWOTH) != 0 && !sticky_folder)
        exam.warn(
            "file modes",
            fmt::format("{}: {} can be changed by every user of this machine (mode {:o})", path, what, info.st_mode & 07777),
            "chmod o-w " + path);
}

void examine_disk(Examination& exam, const std::string& folder) {
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0) return;
    const std::uintmax_t left = static_cast<std::uintmax_t>(disk.f_bavail) * disk.f_frsize;
    const std::string words = fmt::format("{} MB are free at {}", left >> 20U, folder);
    if (left < little_disk)
        exam.warn("disk", words, "make room: a full disk stops every run before its first write");
    else
        exam.ok("disk", words);
}

/// SQLite's files hold names and addresses, and so do labels.
void examine_private(Examination& exam, const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return;
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
    exam.warn("file modes",
              fmt::format("{} is open to others (mode {:o}); it holds names and addresses", path, info.st_mode & 07777),
              "chmod 600 " + path);
}

/// The user whose runs root has just checked on behalf of, by the folder of the state.
void examine_readable(Examination& exam, const std::string& folder) {
    const auto owner = other_owner(folder);
    if (!owner) return;
    for (const auto& file : {exam.config.file, exam.connection.baselinker.token.file, exam.connection.ongoing.password.file}) {
        struct stat info {};
        if (file.empty() || ::stat(file.c_str(), &info) != 0) continue;
        const bool readable = info.st_uid == owner->user    ? (info.st_mode & S_IRUSR) != 0
                              : info.st_gid == owner->group ? (info.st_mode & S_IRGRP) != 0
                                                            : (info.st_mode & S_IROTH) != 0;
        if (readable) continue;
        const bool secret = file != exam.config.file;
        exam.warn(
            "file modes",
            fmt::format("root can read {}, but the user who owns {} cannot: its runs (cron, systemd) will fail", file, folder),
            secret ? fmt::format("chown --reference={} {}", folder, file)
                   : fmt::format("chgrp --reference={0} {1} && chmod 640 {1}", folder, file));
    }
}

void examine_holders(Examination& exam) {
    const auto locks = state::Locks::open(state_options(exam.runtime, state::Access::read_only));
    if (!locks) return;
    for (const std::string flow : {"articles", "orders", "stock", "shipments", "returns"}) {
        const auto holder = (*locks)->holder(state::flow_lock_name(exam.session->key(), flow));
        if (!holder || !*holder) continue;
        const auto runs = state::Runs(exam.session->store(), exam.session->key()).list(flow, 1);
        const bool told = runs && !runs->empty() && !runs->front().ended;
        const Milliseconds age = told ? exam.now() - runs->front().started : Milliseconds{0};
        if (age > std::chrono::hours{2})
            exam.warn("running", fmt::format("{} since {}: {}", flow, format_age(age), **holder),
                      "look whether it still does something: a run is meant to end by --max-duration");
        else
            exam.ok("running", fmt::format("{}: {}", flow, **holder));
    }
}

} // namespace

void examine_configuration(Examination& exam) {
    if (exam.connection.errors.empty()) exam.ok("configuration", exam.config.file);
    for (const auto& text : exam.config.warnings) exam.warn("configuration", text, "blongo config check");
    if (exam.connection.mode == "plan")
        exam.warn("mode", "mode = \"plan\": every run reads and reports, nothing is written",
                  "set mode = \"live\" when the dry runs look right");
    if (exam.connection.baselinker.requests_per_minute > careful_rate)
        exam.warn("request budget",
                  fmt::format("requests_per_minute = {}: BaseLinker allows 100 for all programs of the account",
                              exam.connection.baselinker.requests_per_minute),
                  "keep it at 60 unless the limit was raised by contract");
    examine_writable(exam, "the configuration", exam.config.file);
    for (const auto& file : {exam.connection.baselinker.token.file, exam.connection.ongoing.password.file})
        examine_writable(exam, "the folder of a secret", std::filesystem::path(file).parent_path().string());
}

void examine_state(Examination& exam) {
    state::Store& store = exam.session->store();
    const bool none_yet = store.place().starts_with("sqlite") && exam.session->key() == 0;
    if (none_yet)
        exam.ok("state", store.place() + ": no run yet, made by the first live run");
    else
        exam.ok("state", fmt::format("{} (schema {})", store.place(), store.schema_version()));
    if (!store.place().starts_with(sqlite_scheme)) return examine_holders(exam);
    const std::filesystem::path file(store.place().substr(sqlite_scheme.size()));
    const std::string folder = file.parent_path().string();
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) {
        examine_writable(exam, "the folder of the state", folder);
        examine_readable(exam, folder);
        examine_disk(exam, folder);
        if (::access(folder.c_str(), W_OK) != 0)
            exam.fail("state", make_error(ErrorKind::state, "this user cannot write into the folder of the state", folder,
                                          "chown it to the user that runs blongo, or set [state] url"));
    } else if (!std::filesystem::is_directory(file.parent_path().parent_path(), error)) {
        exam.fail("state",
                  make_error(ErrorKind::state, "the folder of the state is not there", folder, "mkdir -p -m 700 " + folder));
    }
    examine_private(exam, file.string());
    if (exam.session->key() != 0) examine_holders(exam);
}

void examine_budget(Examination& exam) {
    const auto status = exam.session->budget().status();
    if (!status) return exam.warn("request budget", status.error().message, status.error().remedy);
    const std::int64_t rate = exam.connection.baselinker.requests_per_minute;
    if (!status->blocked_until || *status->blocked_until <= exam.now())
        return exam.ok("request budget", fmt::format("{} of {} calls used in the last minute", status->used, rate));
    const std::string until =
        "BaseLinker has blocked the token until " + format_local(*status->blocked_until, exam.connection.time_zone);
    if (status->used < rate)
        exam.warn("request budget",
                  fmt::format("{}, although blongo used only {} of its {} calls in the last minute", until, status->used, rate),
                  "another program of this account uses up the limit of 100: find it (My account, API), or give blongo less "
                  "(requests_per_minute)",
                  seller_acts);
    else
        exam.warn("request budget", until, "nothing to do: runs go on by themselves; lower requests_per_minute if it comes back");
}

/// A label that nobody prints is noticed at the packing bench (flows.md Shipments 12).
void examine_printing(Examination& exam) {
    const auto& shipments = exam.connection.shipments;
    if (!shipments.print_command.empty())
        return exam.ok("printing", "labels are printed here, by " + shipments.print_command.front());
    if (shipments.print_report_id == 0)
        return exam.warn("printing",
                         "NOBODY PRINTS: shipments.print.report_id = 0: labels are stored in Ongoing, and nobody prints them",
                         "ask the warehouse for the number of its label report and set report_id, or set shipments.print_command",
                         warehouse_acts);
    if (shipments.print_fallback_workstation_id == 0)
        return exam.warn("printing",
                         fmt::format("labels are printed by report {} of Ongoing, and not at all where nobody knows who packed",
                                     shipments.print_report_id),
                         "set shipments.print.fallback_workstation_id", warehouse_acts);
    exam.ok("printing", fmt::format("labels are printed by report {} of Ongoing", shipments.print_report_id), warehouse_acts);
}

} // namespace blongo::sync
