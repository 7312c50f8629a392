// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/load.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <sys/stat.h>

#include <blongo/base/text.hpp>
#include <blongo/config/check.hpp>
#include <blongo/config/containers.hpp>
#include <blongo/config/include_files.hpp>
#include <blongo/config/tables.hpp>

namespace blongo::config {
namespace {

/// A [connections.NAME] as it stands in some file.
struct Written {
    const Member* member;
    std::string folder;
    std::vector<std::string> doubles; ///< complaints of the same name elsewhere
};

/// Reads one configuration: the first file, what it includes, and the structs of all that.
class Loader {
public:
    Result<Config> load(std::string_view toml, const std::string& file) {
        auto root = parse_document(toml, file);
        if (!root) return fail(std::move(root).error());
        config_.file = file;
        documents_.push_back(std::move(*root));
        read_first_file(documents_.front(), folder_of(file));
        read_connections();
        if (!errors_.empty()) {
            for (const ReadConnection& read : connections_)
                take_all(errors_,
                         read.reading.connection_errors()); // all at once, for whoever mends the file
            return fail(ErrorKind::config, join(sorted(errors_), "\n"));
        }
        hide_variables();
        list_settings();
        config_.warnings = sorted(warnings_);
        return std::move(config_);
    }

private:
    void read_first_file(const Node& root, const std::string& folder) {
        top_.set_folder(folder);
        const Node* include = nullptr;
        for (const Member& member : root.members) {
            if (member.key == "connections")
                gather_connections(member, folder);
            else if (member.key == "defaults")
                defaults_ = &member.value;
            else if (member.key == "include")
                include = &member.value;
            else if (!read_top(leading_table(), member) && !read_top(trailing_table(), member))
                unknown_top(member);
        }
        defaults_folder_ = folder;
        if (include != nullptr) read_include(*include, folder);
        take(top_);
        take_all(errors_, top_.invalid());
    }

    bool read_top(const Table<Config>& table, const Member& member) {
        const auto key = std::ranges::find(table, member.key, &Key<Config>::name);
        if (key == table.end()) return false;
        key->read(top_, key->name, member.value, config_);
        return true;
    }

    void unknown_top(const Member& member) {
        std::vector<std::string> names = {"include", "connections", "defaults"};
        for (const auto* table : {&leading_table(), &trailing_table()})
            for (const auto& key : *table) names.push_back(key.name);
        complain_unknown(top_, "", member, names);
    }

    void read_include(const Node& node, const std::string& folder) {
        const codec::ListOf<codec::Text> patterns{{}, true};
        top_.begin("include", node.place);
        if (node.is_empty_string() || !patterns.read(top_, "include", node, includes_)) return;
        std::vector<std::string> done = {config_.file};
        for (const auto& pattern : includes_) {
            if (pattern.empty()) continue;
            auto files = expand_include(pattern, folder);
            if (!files) {
                config_.unusable_files.push_back(node.place.text() + ": " + files.error().text());
                continue;
            }
            for (const auto& file : *files) {
                const bool again = std::any_of(done.begin(), done.end(), [&](const auto& d) { return is_same_file(d, file); });
                if (!again) read_included(file);
                done.push_back(file);
            }
        }
    }

    void read_included(const std::string& file) {
        auto text = read_text_file(file);
        auto root = text ? parse_document(*text, file) : Result<Node>(tl::unexpect, std::move(text).error());
        if (!root) {
            config_.unusable_files.push_back(root.error().text());
            return;
        }
        documents_.push_back(std::move(*root));
        for (const Member& member : documents_.back().members) {
            if (member.key == "connections")
                gather_connections(member, folder_of(file));
            else
                misplaced_.push_back(
                    {member.place, fmt::format("{}: {} stands in an included file, where only [connections.NAME] "
                                               "may stand; move it to {}",
                                               member.place.text(), quote(member.key), config_.file)});
        }
    }

    void gather_connections(const Member& member, const std::string& folder) {
        if (member.value.kind != Node::Kind::table) return top_.wrong_type("connections", member.value, "a table of connections");
        for (const Member& connection : member.value.members) {
            const auto same =
                std::find_if(written_.begin(), written_.end(), [&](const Written& w) { return w.member->key == connection.key; });
            if (same == written_.end()) {
                written_.push_back({&connection, folder, {}});
                continue;
            }
            same->doubles.push_back(fmt::format("{}: the connection {} stands at {} already; each connection stands once",
                                                connection.place.text(), quote(connection.key), same->member->place.text()));
        }
    }

    void read_defaults(Reading& reading, Connection& connection) {
        if (defaults_ == nullptr) return;
        reading.next_layer("defaults", true);
        reading.set_folder(defaults_folder_);
        read_table(reading, "", *defaults_, connection_table(), connection);
    }

    void read_connections() {
        for (const Written& written : written_) {
            const Member& member = *written.member;
            ReadConnection read{{}, Reading(""), member.place};
            read.connection.name = member.key;
            read_defaults(read.reading, read.connection);
            read.reading.next_layer("connections." + quote_key(member.key), false);
            read.reading.set_folder(written.folder);
            read.reading.begin_section("", member.place);
            read_table(read.reading, "", member.value, connection_table(), read.connection);
            check_connection(read, config_.http);
            refuse(read.connection, written);
            connections_.push_back(std::move(read));
        }
        for (const Complaint& complaint : misplaced_) {
            const bool has_connections =
                std::ranges::any_of(written_, [&](const Written& w) { return *w.member->place.file == *complaint.place.file; });
            if (!has_connections) config_.unusable_files.push_back(complaint.text);
        }
        check_identities(connections_);
        for (ReadConnection& read : connections_) take(read.reading);
        if (!connections_.empty()) return;
        Reading reading("defaults");
        Connection scratch;
        read_defaults(reading, scratch);
        take(reading);
        take_all(errors_, reading.invalid());
        warnings_.push_back({{}, config_.file + ": there is no connection; write [connections.NAME], or run blongo init"});
    }

    /// What stands beside the connection's own table but makes it doubtful.
    void refuse(Connection& connection, const Written& written) {
        std::vector<std::string> found = written.doubles;
        for (const Complaint& complaint : misplaced_)
            if (*complaint.place.file == *written.member->place.file) found.push_back(complaint.text);
        if (!found.empty()) connection.errors[""].insert(connection.errors[""].end(), found.begin(), found.end());
    }

    /// What a command starts sees no secret that stands in the environment.
    void hide_variables() {
        std::vector<SecretSource*> sources = {&config_.state_password};
        for (ReadConnection& read : connections_) {
            sources.push_back(&read.connection.baselinker.token);
            sources.push_back(&read.connection.ongoing.password);
        }
        std::vector<std::string> variables;
        for (const SecretSource* source : sources)
            if (!source->env.empty()) variables.push_back(source->env);
        for (SecretSource* source : sources) source->hidden_variables = variables;
        for (ReadConnection& read : connections_) read.connection.shipments.hidden_variables = variables;
    }

    void list_settings() {
        Listing before("", top_.origins(), config_.settings);
        before.row("include", codec::ListOf<codec::Text>{}.show(includes_));
        list_table(before, "", leading_table(), config_);
        for (ReadConnection& read : connections_) {
            Listing listing("connections." + quote_key(read.connection.name), read.reading.origins(), config_.settings);
            list_table(listing, "", connection_table(), read.connection);
            config_.connections.push_back(std::move(read.connection));
        }
        Listing after("", top_.origins(), config_.settings);
        list_table(after, "", trailing_table(), config_);
    }

    void take(const Reading& reading) {
        take_all(errors_, reading.errors());
        take_all(warnings_, reading.warnings());
    }

    static void take_all(std::vector<Complaint>& to, const std::vector<Complaint>& from) {
        to.insert(to.end(), from.begin(), from.end());
    }

    /// By file in reading order, then line; what [defaults] says once per connection stands once.
    [[nodiscard]] std::vector<std::string> sorted(std::vector<Complaint> complaints) const {
        const auto rank = [this](const Complaint& c) {
            std::size_t index = 0;
            while (index < documents_.size() && c.place.file && *documents_[index].place.file != *c.place.file) ++index;
            return std::tuple(index, c.place.line, c.place.column);
        };
        std::stable_sort(complaints.begin(), complaints.end(),
                         [&](const Complaint& a, const Complaint& b) { return rank(a) < rank(b); });
        std::vector<std::string> texts;
        std::set<std::string> seen;
        for (Complaint& complaint : complaints)
            if (seen.insert(complaint.text).second) texts.push_back(std::move(complaint.text));
        return texts;
    }

    Config config_;
    std::deque<Node> documents_; ///< the first file, then included ones; never moved, others point into them
    std::vector<Written> written_;
    std::vector<ReadConnection> connections_;
    const Node* defaults_ = nullptr;
    std::string defaults_folder_;
    std::vector<std::string> includes_;
    Reading top_{""};
    std::vector<Complaint> errors_, warnings_;
    std::vector<Complaint> misplaced_; ///< in included files
};

} // namespace

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

Result<std::string> find_file(const std::string& option, const Environment& environment) {
    std::error_code error;
    const auto named = [&](const std::string& file, const std::string& by) -> Result<std::string> {
        if (std::filesystem::exists(file, error)) return file;
        return fail(ErrorKind::config, "there is no such configuration file, named by " + by, file,
                    "correct the name, or write a first configuration with: blongo init");
    };
    if (!option.empty()) return named(option, "--config");
    const auto variable = [&](const char* name) { return environment(name).value_or(std::string()); };
    // A file that is named and not there is never replaced by another one behind the user's back.
    if (const auto file = variable("BLONGO_CONFIG"); !file.empty()) return named(file, "BLONGO_CONFIG");
    std::vector<std::string> places;
    const std::string xdg = variable("XDG_CONFIG_HOME");
    const std::string home = variable("HOME");
    if (!xdg.empty())
        places.push_back(xdg + "/blongo/blongo.toml");
    else if (!home.empty())
        places.push_back(home + "/.config/blongo/blongo.toml");
    places.emplace_back("/etc/blongo/blongo.toml");
    for (const auto& place : places) {
        if (std::filesystem::exists(place, error)) return place;
        if (error == std::errc::permission_denied)
            return fail(ErrorKind::config, "this user may not look into the folder of the configuration", place,
                        "run blongo as the user that it was set up for, for example: sudo -u blongo blongo ...; or name another "
                        "file with --config");
    }
    return fail(ErrorKind::config, "no configuration file was found; looked at --config, $BLONGO_CONFIG, " + join(places, ", "),
                {}, "write one with: blongo init, or start from examples/blongo.toml");
}

Result<Config> load(const std::string& file, const Environment& environment) {
    BLONGO_TRY(const std::string text, read_text_file(file));
    auto config = parse(text, file, environment);
    struct stat info {};
    if (config && ::stat(file.c_str(), &info) == 0 && (info.st_mode & S_IWOTH) != 0)
        config->warnings.push_back(file +
                                   ": everybody on this machine may change this file, and with it what is run; "
                                   "chmod o-w " +
                                   file);
    return config;
}

Result<Config> parse(std::string_view toml, const std::string& file_name, const Environment& /*environment*/) {
    return Loader().load(toml, file_name);
}

} // namespace blongo::config
