// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/tables.hpp>

#include <array>

#include <blongo/base/text.hpp>
#include <blongo/config/make_keys.hpp>
#include <blongo/config/url.hpp>

namespace blongo::config {
namespace {

using namespace codec;

const ListOf<Text> texts{};
const ListOf<Text> globs{{}, true};

std::string check_env_name(const std::string& name) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (!name.empty() && std::all_of(name.begin(), name.end(), good) && !(name.front() >= '0' && name.front() <= '9')) return {};
    return "is not the name of an environment variable (letters, digits, underscores)";
}

std::string check_credential_name(const std::string& name) {
    if (name.find('/') == std::string::npos && name != "." && name != "..") return {};
    return "is not the name of a systemd credential: it must not hold a slash";
}

std::string check_state_url(const std::string& url) {
    const bool sqlite = url.starts_with("sqlite:");
    const bool postgresql = url.starts_with("postgresql://") || url.starts_with("postgres://");
    if (!sqlite && !postgresql) return "must be \"sqlite:///path/state.db\" or \"postgresql://user@host/database\"";
    if (sqlite && !url.starts_with("sqlite:///")) return "needs an absolute path: \"sqlite:///path/state.db\"";
    const std::string lower = to_lower_ascii(url);
    const auto authority = url.substr(url.find("//") + 2);
    const auto at = authority.find('@');
    const bool password_before_host =
        postgresql && at != std::string::npos && authority.substr(0, at).find(':') != std::string::npos;
    if (password_before_host || lower.find("password=") != std::string::npos)
        return "holds a password; name its source with password_file";
    return {};
}

/// One way to a secret. The first way that a layer writes makes the ways of earlier layers void.
template <class T, class Value, class Codec> Key<T> secret_key(const std::string& prefix, const std::string& way,
                                                               SecretSource T::*member, Value SecretSource::*field, Codec codec) {
    Key<T> key = custom_key<T>(
        prefix + "_" + way, [](Reading&, const std::string&, const Node&, T&) {},
        [member, field, codec](const T& value) { return codec.show(value.*member.*field); },
        [member, field](T& out) { out.*member.*field = Value{}; });
    key.read = [prefix, member, field, codec](Reading& reading, const std::string& full, const Node& node, T& out) {
        const std::string base = full.substr(0, full.rfind('.') + 1) + prefix;
        if (reading.first_in_layer(base)) {
            out.*member = {};
            for (const char* each : {"_file", "_command", "_env", "_credential"}) reading.forget_origins(base + each);
        }
        reading.begin(full, node.place);
        if (!node.is_empty_string()) codec.read(reading, full, node, out.*member.*field);
    };
    const bool is_file = way == "file";
    key.list = [member, field, codec, is_file](Listing& listing, const std::string& full, const T& value) {
        const SecretSource& source = value.*member;
        if (!(source.*field).empty() || (is_file && !source.set())) listing.row(full, codec.show(source.*field));
    };
    return key;
}

/// The four ways to a secret: <prefix>_file, _command, _env, _credential.
template <class T> Table<T> secret_keys(const std::string& prefix, SecretSource T::*member) {
    Text env{check_env_name};
    env.secret = true;
    Text credential{check_credential_name};
    credential.secret = true;
    Text argument;
    argument.secret = true;
    return {
        secret_key(prefix, "file", member, &SecretSource::file, Path{true}),
        secret_key(prefix, "command", member, &SecretSource::command, ListOf<Text>{argument}),
        secret_key(prefix, "env", member, &SecretSource::env, env),
        secret_key(prefix, "credential", member, &SecretSource::credential, credential),
    };
}

Table<BaseLinker> baselinker_table() {
    Table<BaseLinker> table = {key("url", &BaseLinker::url, Url{})};
    for (auto& each : secret_keys("token", &BaseLinker::token)) table.push_back(std::move(each));
    const Table<BaseLinker> rest = {
        key("inventory_id", &BaseLinker::inventory_id, IdOf<InventoryId>{}),
        key("requests_per_minute", &BaseLinker::requests_per_minute, Whole{1}),
        key("reserve", &BaseLinker::reserve, Whole{0}),
        key("account", &BaseLinker::account, Text{}),
        key("ca_file", &BaseLinker::ca_file, Path{}),
    };
    table.insert(table.end(), rest.begin(), rest.end());
    return table;
}

Table<Ongoing> ongoing_table() {
    Table<Ongoing> table = {key("url", &Ongoing::url, Url{}), key("username", &Ongoing::username, Text{})};
    for (auto& each : secret_keys("password", &Ongoing::password)) table.push_back(std::move(each));
    table.push_back(key("goods_owner_id", &Ongoing::goods_owner_id, IdOf<GoodsOwnerId>{}));
    table.push_back(key("ca_file", &Ongoing::ca_file, Path{}));
    return table;
}

Table<ProductFilter> filter_table() {
    return {
        key("tags", &ProductFilter::tags, globs),
        key("categories", &ProductFilter::categories, globs),
        key("manufacturers", &ProductFilter::manufacturers, globs),
        key("sku", &ProductFilter::sku, globs),
    };
}

Table<Articles> articles_table() {
    return {
        key("enabled", &Articles::enabled, Flag{}),
        key("length_factor", &Articles::length_factor, Exact{false}),
        key("parent", &Articles::parent, choice({"skip", "article"})),
        key("description", &Articles::description, choice({"text", "html"})),
        key("language", &Articles::language, Text{}),
        key("bundles", &Articles::bundles, choice({"structure", "article", "skip"})),
        key("scope", &Articles::scope, choice({"all", "ordered"})),
        group("include", &Articles::include, filter_table()),
        group("exclude", &Articles::exclude, filter_table()),
        key("existing_articles", &Articles::existing_articles, choice({"fill", "overwrite"})),
        key("warehouse_owns", &Articles::warehouse_owns, texts),
        key("removed", &Articles::removed, choice({"keep", "deactivate"})),
        key("max_deactivated_percent", &Articles::max_deactivated_percent, Whole{0, 100}),
        key("max_new_articles", &Articles::max_new_articles, Whole{0}),
        key("batch", &Articles::batch, Whole{1, 1000}),
    };
}

Table<Stock> stock_table() {
    return {
        key("enabled", &Stock::enabled, Flag{}),
        key("warehouse", &Stock::warehouse, Text{}),
        key("warehouses", &Stock::warehouses, MapOf<std::int64_t, Text>{}),
        key("figure", &Stock::figure, choice({"sellable", "on_hand"})),
        key("buffer", &Stock::buffer, Whole{0}),
        key("buffers", &Stock::buffers, MapOf<std::string, Whole>{}),
        key("exclude", &Stock::exclude, globs),
        key("batch", &Stock::batch, Whole{1, 1000}),
        key("max_zeroed_percent", &Stock::max_zeroed_percent, Whole{0, 100}),
        key("max_orders_age", &Stock::max_orders_age, Duration{Milliseconds{1}}),
    };
}

Table<Returns> returns_table() {
    return {
        key("enabled", &Returns::enabled, Flag{}),
        key("statuses", &Returns::statuses, ListOf<Status>{{1}}),
        key("status_after_received", &Returns::status_after_received, Status{}),
    };
}

void set_override(Reading& reading, const std::string& target, const Node& node, Connection& out) {
    std::erase_if(out.mapping, [&](const MappingOverride& each) { return each.target == target; });
    if (!node.is_empty_string()) out.mapping.push_back({target, node.text, node.place.text()});
    reading.begin("mapping." + quote_key(target), node.place);
}

/// `article.name = "..."` is a table in a table to TOML, and the target "article.name" to us.
void read_mapping(Reading& reading, const std::string& prefix, const Node& node, Connection& out) {
    if (node.kind != Node::Kind::table) {
        reading.wrong_type("mapping", node, "a table");
        return;
    }
    for (const Member& member : node.members) {
        const std::string target = join_key(prefix, member.key);
        if (member.value.kind == Node::Kind::table) {
            read_mapping(reading, target, member.value, out);
        } else if (member.value.kind != Node::Kind::string) {
            reading.wrong_type("mapping." + quote_key(target), member.value, "a string");
        } else if (!reading.first_in_layer("mapping " + target)) {
            reading.wrong(member.place, "the mapping of " + quote(target) + " stands here twice");
        } else {
            set_override(reading, target, member.value, out);
        }
    }
}

Key<Connection> mapping_key() {
    Key<Connection> key;
    key.name = "mapping";
    key.reset = [](Connection& out) { out.mapping.clear(); };
    key.read = [](Reading& reading, const std::string& full, const Node& node, Connection& out) {
        reading.begin_section(full, node.place);
        if (!node.is_empty_string()) read_mapping(reading, "", node, out);
    };
    key.list = [](Listing& listing, const std::string& full, const Connection& value) {
        for (const auto& each : value.mapping) listing.row(join_key(full, quote_key(each.target)), quote(each.expression));
    };
    key.describe = [](std::vector<KnownKey>& known, const std::string& full) { known.push_back({full, "{}"}); };
    return key;
}

std::string check_zone(const std::string& zone) {
    if (is_known_zone(zone)) return {};
    return "is " + quote(zone) + ", which is no time zone of this machine; write one such as \"Europe/Warsaw\"";
}

template <class T> Table<T> joined(Table<T> first, const Table<T>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

const Table<Connection>& connection_table() {
    static const Table<Connection> table = {
        key("enabled", &Connection::enabled, Flag{}),
        key("mode", &Connection::mode, choice({"live", "plan"})),
        key("pilot_orders", &Connection::pilot_orders, ListOf<Text>{{{}, false, true}}),
        key("time_zone", &Connection::time_zone, Text{check_zone}),
        section("baselinker", &Connection::baselinker, baselinker_table()),
        section("ongoing", &Connection::ongoing, ongoing_table()),
        section("articles", &Connection::articles, articles_table()),
        section("orders", &Connection::orders, orders_table()),
        section("stock", &Connection::stock, stock_table()),
        section("shipments", &Connection::shipments, shipments_table()),
        section("returns", &Connection::returns, returns_table()),
        mapping_key(),
    };
    return table;
}

const Table<Config>& leading_table() {
    static const Table<Config> table = {
        group("state", joined<Config>({key("url", &Config::state_url, Text{check_state_url, true})},
                                      secret_keys("password", &Config::state_password)))};
    return table;
}

const Table<Config>& trailing_table() {
    static const Duration above_zero{Milliseconds{1}};
    static const Table<Http> http = {
        key("connect_timeout", &Http::connect_timeout, above_zero),
        key("read_timeout", &Http::read_timeout, above_zero),
        key("courier_timeout", &Http::courier_timeout, above_zero),
        key("retry_ongoing", &Http::retry_ongoing, ListOf<Duration>{}),
        key("retry_baselinker", &Http::retry_baselinker, ListOf<Duration>{}),
    };
    static const Table<Notify> notify = {
        key("command", &Notify::command, texts),
        key("on", &Notify::on, ListOf<Text>{choice({"unknown", "guard", "auth", "stale", "sent_without_shipment", "parked"})}),
        key("remind", &Notify::remind, above_zero),
    };
    static const Table<Privacy> privacy = {
        key("keep_personal_data", &Privacy::keep_personal_data, Duration{}),
        key("delete_labels_in_ongoing_after", &Privacy::delete_labels_in_ongoing_after, Maybe<Duration>{}),
    };
    static const Table<Config> table = {
        section("http", &Config::http, http),
        section("notify", &Config::notify, notify),
        group("metrics", Table<Config>{key("textfile", &Config::metrics_textfile, Path{})}),
        section("privacy", &Config::privacy, privacy),
    };
    return table;
}

} // namespace blongo::config
