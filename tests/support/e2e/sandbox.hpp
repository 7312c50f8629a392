// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <blongo/json/value.hpp>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace blongo::test {

/// The real sandbox as a child process, and its admin interface.
class Sandbox {
public:
    /// `environment` is added to the one that each begin() gives the process.
    explicit Sandbox(std::vector<std::string> options = {}, std::map<std::string, std::string> environment = {});
    /// Both services go away, and come back with other options.
    void end() { process_.reset(); }
    void begin(std::vector<std::string> options);

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] json::Value get(const std::string& path);
    json::Value send(const std::string& method, const std::string& path, const json::Value& body);
    json::Value post(const std::string& path, const json::Value& body) { return send("POST", path, body); }

    /// {"side":..., "operation":..., "nth":..., "fault":...}
    void fault(const json::Value& rule) { post("/_admin/faults", rule); }
    void clear_faults();
    void options(const json::Value& changes) { send("PUT", "/_admin/options", changes); }
    /// What the clients did that the contracts forbid; empty: nothing.
    [[nodiscard]] std::vector<std::string> violations();
    /// How many calls of an operation arrived since the last reset_journal().
    [[nodiscard]] std::int64_t calls(const std::string& side, const std::string& operation);
    [[nodiscard]] std::int64_t calls(const std::string& side);
    /// Calls that may change something: everything but GET and get*.
    [[nodiscard]] std::int64_t writes();
    void reset_journal() { post("/_admin/reset-journal", json::Value::object()); }
    /// Articles of Ongoing by number: the stored document, with articleSystemId.
    [[nodiscard]] json::Value articles();
    /// What people do in Ongoing: members of an article (made when it is not there), its stock.
    void edit_article(const std::string& number, const json::Value& members);
    void set_stock(const std::string& number, std::int64_t pieces);

    /// What happens in BaseLinker: orders are made or changed (members over those of the order of that id).
    void base_orders(const json::Value& one_or_many) { post("/_admin/baselinker/orders", one_or_many); }
    void base_products(const json::Value& one_or_many) { post("/_admin/baselinker/products", one_or_many); }
    /// An order as BaseLinker holds it now; null if it is not there.
    [[nodiscard]] json::Value base_order(std::int64_t id);
    /// Orders of Ongoing by number: {"orderId", "status", "data", "lines", "writes"}. A number twice is an error.
    [[nodiscard]] json::Value orders();
    /// How many calls that BaseLinker executed (whatever they answered) set this order to this status.
    [[nodiscard]] std::int64_t status_writes(std::int64_t order, std::int64_t status);

private:
    [[nodiscard]] json::Value stored_article(const std::string& number);
    std::map<std::string, std::string> environment_;
    std::unique_ptr<Process> process_;
    std::string url_;
};

/// A configuration, its secrets and its state in a folder of their own, pointing at a sandbox.
class Installation {
public:
    /// `articles`, `orders`: what stands in these tables of [connections.demo]; orders are off unless given.
    explicit Installation(const Sandbox& sandbox, const std::string& articles = {}, const std::string& more = {},
                          const std::string& orders = "enabled = false");

    /// Runs `blongo` with these arguments and this configuration.
    [[nodiscard]] Finished blongo(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) const;
    /// ... without waiting.
    [[nodiscard]] std::unique_ptr<Process> start(std::vector<std::string> arguments,
                                                 std::map<std::string, std::string> environment = {}) const;
    [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string config_file() const { return folder_ / "blongo.toml"; }
    void write_config(const std::string& text) const;
    /// Writes the configuration with so many requests_per_minute instead of as good as no limit, and more lines of that table.
    void limit_requests(std::int64_t per_minute, const std::string& more = {}) const;
    [[nodiscard]] const std::string& config_text() const noexcept { return config_; }

private:
    [[nodiscard]] Spawn spawn(std::vector<std::string> arguments, std::map<std::string, std::string> environment) const;
    TempDir folder_;
    std::string config_;
};

/// The path of the tool under test.
[[nodiscard]] std::string blongo_binary();

/// The last summary line of a --json run; null if there is none.
[[nodiscard]] json::Value summary_of(const Finished& finished);
/// All lines of one message_type. Throws when any line is not as blongo-json(7) says.
[[nodiscard]] std::vector<json::Value> lines_of(const Finished& finished, const std::string& message_type);

} // namespace blongo::test
