// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <blongo/sync/session.hpp>

#include "init_answers.hpp"
#include "init_files.hpp"
#include "init_terminal.hpp"

namespace blongo::app {

/// Answers by options, as text; empty: not given.
struct InitOptions {
    std::vector<std::string> names; ///< NAME
    std::string token_file, password_file, inventory, ongoing_url, username, goods_owner, cancel, start_from, time_zone, stock,
        after_import, on_error, after_send, cancel_refused;
    std::string baselinker_url;
    std::vector<std::string> statuses, send, couriers;
};

/// Asks, and checks each answer at the sides at once. Off a terminal only options answer, and what is missing is named at
/// once; what a side does not accept is an error.
class InitQuestions {
public:
    InitQuestions(const InitOptions& options, const Interview& interview, const sync::Runtime& runtime,
                  const config::Config& config);
    /// Options without which nothing can be done off a terminal; empty: all are there.
    [[nodiscard]] static std::vector<std::string> missing(const InitOptions& options);
    [[nodiscard]] Result<void> run(const InitPlace& place);
    [[nodiscard]] const InitAnswers& answers() const noexcept { return answers_; }
    /// Whether somebody said that files of secrets which are there may be replaced.
    [[nodiscard]] bool replaces(const std::string& file) const;

private:
    struct Question {
        std::string text, given, otherwise; ///< otherwise: the answer of an empty line
        bool required = true;
    };
    using Good = std::function<Result<void>(const std::string&)>;
    [[nodiscard]] Result<void> settle(const Question& question, const Good& good);
    [[nodiscard]] Result<bool> yes(const std::string& text, bool otherwise);
    [[nodiscard]] Result<void> ask_secret(const std::string& what, const std::string& given, const std::string& file,
                                          SecretAnswer& answer, const std::function<Result<void>()>& check);
    [[nodiscard]] Result<void> ask_seller(const InitPlace& place);
    [[nodiscard]] Result<void> ask_warehouse(const InitPlace& place);
    [[nodiscard]] Result<void> ask_statuses();
    [[nodiscard]] Result<void> ask_write_backs();
    [[nodiscard]] Result<void> ask_cutover();
    [[nodiscard]] Result<void> ask_send_and_stock();
    [[nodiscard]] Result<void> ask_couriers();
    [[nodiscard]] Result<std::string> courier_code(const std::string& text);
    [[nodiscard]] Result<void> ask_rule(const sync::DeliveryMethod& method);
    [[nodiscard]] Result<void> take_courier_options();
    void add_rule(RuleAnswer rule);
    [[nodiscard]] config::Connection checked_connection() const;
    [[nodiscard]] Result<void> complete_rule(RuleAnswer& rule, bool asks);
    [[nodiscard]] Result<void> choose(const Question& question, const std::vector<SetupChoice>& from, bool several,
                                      const std::function<void(std::vector<SetupChoice>)>& take);
    void show(const std::string& title, const std::vector<SetupChoice>& choices) const;

    const InitOptions& options_;
    const Interview& interview_;
    sync::Runtime runtime_; ///< its environment holds the secrets of the answers
    const config::Config& config_;
    const bool asks_;
    InitAnswers answers_;
    std::string token_, password_;
    std::vector<std::string> replaced_;
    sync::SellerLists seller_;
    std::vector<SetupChoice> warehouse_;
    std::vector<SetupChoice> couriers_; ///< all of BaseLinker's, by code; empty: not asked yet
};

} // namespace blongo::app
