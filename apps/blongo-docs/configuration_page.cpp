// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>

#include <blongo/base/text.hpp>
#include <blongo/config/show.hpp>

#include "pages.hpp"
#include "roff.hpp"

namespace blongo::docs {
namespace {

struct Explained {
    std::string comment, example;
};

/// Where the comment of a line begins: at a # outside quotes.
std::size_t comment_begin(const std::string& line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (line[i] == '#' && !quoted) return i;
    }
    return std::string::npos;
}

bool is_key(std::string_view word) {
    return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

/// "[[connections.acme.shipments.couriers]]" -> "connections.*.shipments.couriers[]."
std::string table_of(const std::string& line) {
    const bool many = line.starts_with("[[");
    const std::size_t begin = many ? 2 : 1;
    std::string name = line.substr(begin, line.find(']') - begin);
    if (const std::size_t at = name.find(".acme"); at != std::string::npos) name.replace(at, 5, ".*");
    return name + (many ? "[]." : ".");
}

/// The comment beside each key of the sample, also of keys that stand behind a # themselves.
std::map<std::string, Explained> explained_keys(const std::string& sample) {
    std::map<std::string, Explained> keys;
    std::string table;
    for (std::string line : split(sample, '\n')) {
        if (line.starts_with("[")) {
            table = table_of(line);
            const std::size_t at = comment_begin(line);
            if (at != std::string::npos) keys.try_emplace(table, Explained{std::string(trim(line.substr(at + 1))), {}});
            continue;
        }
        const bool hidden = line.starts_with("# ");
        if (hidden) line = line.substr(2);
        const std::size_t equals = line.find(" = ");
        if (equals == std::string::npos || !is_key(line.substr(0, equals))) continue;
        const std::size_t at = comment_begin(line);
        std::string comment = at == std::string::npos ? "" : std::string(trim(line.substr(at + 1)));
        if (comment.empty() && !hidden) continue;
        const std::string value(trim(line.substr(equals + 3, at == std::string::npos ? at : at - equals - 3)));
        keys.try_emplace(table + line.substr(0, equals), Explained{std::move(comment), value});
    }
    return keys;
}

/// A key of a small table ("notify.email") is explained where that stands ("notify").
const Explained* find_explained(const std::map<std::string, Explained>& keys, std::string key) {
    while (!key.empty()) {
        if (const auto found = keys.find(key); found != keys.end()) return &found->second;
        if (const auto found = keys.find(key + "."); found != keys.end()) return &found->second; // a table's own line
        const std::size_t dot = key.rfind('.');
        if (dot == std::string::npos) return nullptr;
        key.resize(dot);
    }
    return nullptr;
}

std::string table_name(const std::string& key) {
    const std::size_t dot = key.rfind('.');
    return dot == std::string::npos ? "" : key.substr(0, dot);
}

std::string heading_of(const std::string& table) {
    std::string name = table;
    if (const std::size_t at = name.find(".*"); at != std::string::npos) name.replace(at, 2, ".NAME");
    if (name.ends_with("[]")) return "[[" + name.substr(0, name.size() - 2) + "]]";
    return "[" + name + "]";
}

} // namespace

Result<void> add_configuration_page(const std::string& sample, Pages& pages) {
    const auto keys = explained_keys(sample);
    Page page("blongo.toml", 5, "configuration of blongo");
    page.heading("Description");
    page.paragraph("TOML. Found by: --config, $BLONGO_CONFIG, $XDG_CONFIG_HOME/blongo/blongo.toml, "
                   "/etc/blongo/blongo.toml; the first one found. Unknown keys are errors, told with file, line and column.");
    page.paragraph("A key that is left out, or that holds an empty string, has its default. Tables below [defaults] hold "
                   "the same keys as a connection, for all of them. NAME is made of a-z, 0-9 and dashes.");
    page.paragraph("Strings that match names are globs: * and ?, capitals ignored. Durations: 250ms, 45s, 15m, 2h, 30d. "
                   "Money, weights and factors are strings or whole numbers. Relative paths begin in the folder of the file.");
    page.paragraph("No secret ever stands in it: it names a file that its owner alone can read, a program, a variable, or a "
                   "systemd credential.");
    page.paragraph("blongo config check reports everything that is wrong; blongo config show prints every effective "
                   "value with its origin.");
    std::optional<std::string> table;
    std::string group;
    for (const config::KnownKey& key : config::known_keys()) {
        const Explained* explained = find_explained(keys, key.key);
        if (explained == nullptr) return fail(ErrorKind::config, "examples/blongo.toml does not say what " + key.key + " means");
        // Small tables stand with the table that they belong to.
        std::string name = key.key, owner = table_name(key.key);
        while (!owner.empty() && !keys.contains(key.key) && keys.contains(owner)) owner = table_name(owner);
        if (table != owner) {
            page.heading(owner.empty() ? "Top level" : heading_of(owner));
            table = owner;
        }
        name = owner.empty() ? key.key : key.key.substr(owner.size() + 1);
        const bool has_default = !key.default_value.empty() && key.default_value != "\"\"" && key.default_value != "0";
        std::string meaning = explained->comment.empty() ? "another way to the same" : explained->comment;
        page.item(name, has_default ? "= " + key.default_value : "", meaning);
    }
    page.heading("Files");
    page.item("/etc/blongo/blongo.toml", "", "the configuration of the services");
    page.item("/usr/share/doc/blongo/examples/blongo.toml", "", "every key with its default");
    page.see_also("blongo(1) blongo-config(1) blongo-doctor(1)");
    pages["blongo.toml.5"] = page.text();
    return {};
}

} // namespace blongo::docs
