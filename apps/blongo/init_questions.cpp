// SPDX-License-Identifier: Apache-2.0
#include "init_questions.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>
#include <blongo/report/output.hpp>
#include <blongo/sync/order_cutover.hpp>

namespace blongo::app {
namespace {

constexpr std::string_view no_answer = "none";

tl::unexpected<Error> no_choice(const std::string& text, const std::vector<SetupChoice>& from) {
    std::vector<std::string> words;
    words.reserve(from.size());
    for (const auto& choice : from) words.push_back(fmt::format("{} ({})", choice.id, report::printable(choice.name)));
    return fail(ErrorKind::usage, fmt::format("there is no '{}'", report::printable(text)), {}, "one of: " + join(words, ", "));
}

/// The address as the configuration takes it: people copy it with what their documentation puts behind it.
std::string without_path_of_api(std::string url) {
    const auto cut = [&url](std::string_view end) {
        if (url.ends_with(end)) url.resize(url.size() - end.size());
    };
    cut("/");
    cut("/api/v1");
    cut("/");
    return url;
}

/// What a side says of a wrong answer. The client's remedies are about a configuration, which is not there yet.
std::string refusal_of(const Error& error, const std::string& remedy_of_auth) {
    const std::string& remedy = error.kind == ErrorKind::auth ? remedy_of_auth : error.remedy;
    return "  " + report::printable(error.message) + (remedy.empty() ? "" : "; " + report::printable(remedy)) + '\n';
}

const SetupChoice* find_choice(const std::string& text, const std::vector<SetupChoice>& from) {
    for (const auto& choice : from)
        if (choice.id == text) return &choice;
    for (const auto& choice : from)
        if (fold_case(choice.name) == fold_case(text)) return &choice;
    return nullptr;
}

} // namespace

InitQuestions::InitQuestions(const InitOptions& options, const Interview& interview, const sync::Runtime& runtime,
                             const config::Config& config)
    : options_(options), interview_(interview), runtime_(runtime), config_(config), asks_(interview.is_terminal()) {
    runtime_.environment = [this, outer = runtime.environment](const std::string& name) -> std::optional<std::string> {
        if (name == init_token) return token_;
        if (name == init_password) return password_.empty() ? "not known yet" : password_;
        return outer(name);
    };
    answers_.baselinker_url = options.baselinker_url.empty() ? config::BaseLinker{}.url : options.baselinker_url;
    if (!options.time_zone.empty()) answers_.time_zone = options.time_zone;
}

std::vector<std::string> InitQuestions::missing(const InitOptions& options) {
    std::vector<std::string> out;
    const auto need = [&](bool given, const char* name) {
        if (!given) out.emplace_back(name);
    };
    need(!options.names.empty(), "NAME");
    need(!options.token_file.empty(), "--token-file");
    need(!options.inventory.empty(), "--inventory");
    need(!options.ongoing_url.empty(), "--ongoing-url");
    need(!options.username.empty(), "--username");
    need(!options.password_file.empty(), "--password-file");
    need(!options.goods_owner.empty(), "--goods-owner");
    need(!options.statuses.empty(), "--status");
    need(!options.cancel.empty(), "--cancel-status");
    need(!options.start_from.empty(), "--start-from");
    return out;
}

bool InitQuestions::replaces(const std::string& file) const {
    return std::find(replaced_.begin(), replaced_.end(), file) != replaced_.end();
}

/// The connection as it is known so far, under a name that no state knows.
config::Connection InitQuestions::checked_connection() const {
    config::Connection connection = connection_of(answers_);
    connection.name = "blongo init";
    return connection;
}

Result<void> InitQuestions::settle(const Question& question, const Good& good) {
    bool use_given = !question.given.empty();
    for (;;) {
        std::string text = question.given;
        if (!use_given && asks_) {
            const std::string hint = question.otherwise.empty() ? std::string{} : " [" + question.otherwise + ']';
            BLONGO_TRY(text, interview_.ask(question.text + hint + ": "));
        }
        if (text.empty()) text = question.otherwise;
        Result<void> taken = text.empty() ? Result<void>(fail(ErrorKind::usage, "an answer is needed")) : good(text);
        if (taken) return {};
        if (!asks_ || taken.error().kind == ErrorKind::stopped || runtime_.stop.requested()) return taken;
        interview_.say(refusal_of(taken.error(), taken.error().remedy));
        use_given = false;
    }
}

Result<bool> InitQuestions::yes(const std::string& text, bool otherwise) {
    bool answer = otherwise;
    BLONGO_CHECK(settle({text, {}, otherwise ? "yes" : "no"}, [&](const std::string& word) -> Result<void> {
        const std::string lower = to_lower_ascii(word);
        if (lower != "y" && lower != "yes" && lower != "n" && lower != "no") return fail(ErrorKind::usage, "yes or no");
        answer = lower.front() == 'y';
        return {};
    }));
    return answer;
}

void InitQuestions::show(const std::string& title, const std::vector<SetupChoice>& choices) const {
    if (!asks_) return;
    interview_.say(title + '\n');
    std::size_t width = 8;
    for (const auto& choice : choices) width = std::max(width, choice.id.size());
    for (const auto& choice : choices)
        interview_.say(fmt::format("  {:>{}}  {}\n", choice.id, width, report::printable(choice.name)));
}

Result<void> InitQuestions::choose(const Question& question, const std::vector<SetupChoice>& from, bool several,
                                   const std::function<void(std::vector<SetupChoice>)>& take) {
    return settle(question, [&](const std::string& text) -> Result<void> {
        std::vector<SetupChoice> chosen;
        if (to_lower_ascii(text) == no_answer) {
            if (question.required) return fail(ErrorKind::usage, "at least one is needed");
            take({});
            return {};
        }
        for (const std::string& part : split(text, ',')) {
            const std::string word(trim(part));
            if (word.empty()) continue;
            const SetupChoice* found = find_choice(word, from);
            if (found == nullptr) return no_choice(word, from);
            if (std::find(chosen.begin(), chosen.end(), *found) == chosen.end()) chosen.push_back(*found);
        }
        if (chosen.empty() || (!several && chosen.size() > 1))
            return fail(ErrorKind::usage, several ? "at least one is needed" : "one only");
        take(std::move(chosen));
        return {};
    });
}

Result<void> InitQuestions::ask_secret(const std::string& what, const std::string& given, const std::string& file,
                                       SecretAnswer& answer, const std::function<Result<void>()>& check) {
    std::string& text = what == "token" ? token_ : password_;
    const auto from_file = [&](const std::string& name) -> Result<void> {
        config::SecretSource source;
        source.file = name;
        BLONGO_TRY(const Secret read, config::read_secret(source, what, runtime_.environment));
        text = read.reveal();
        BLONGO_CHECK(check());
        answer = {name, {}};
        return {};
    };
    if (!given.empty()) {
        auto read = from_file(given);
        if (read || !asks_ || read.error().kind == ErrorKind::stopped) return read;
        interview_.say("  " + read.error().text() + '\n');
    }
    struct stat info {};
    if (::lstat(file.c_str(), &info) == 0) {
        BLONGO_TRY(const bool replace, yes(fmt::format("{} is there already: replace what it holds?", file), false));
        if (!replace) {
            const auto read = from_file(file);
            if (read) return {};
            return fail(read.error());
        }
        replaced_.push_back(file);
    }
    for (;;) {
        BLONGO_TRY(text, interview_.ask_secret(what == "token" ? "BaseLinker API token (My account, API; not shown): "
                                                               : "Password of the API user (not shown): "));
        Result<void> taken = text.empty() ? Result<void>(fail(ErrorKind::usage, "an answer is needed")) : check();
        if (taken) {
            answer = {file, Secret(text)};
            return {};
        }
        if (taken.error().kind == ErrorKind::stopped || runtime_.stop.requested()) return taken;
        interview_.say(refusal_of(
            taken.error(), what == "token" ? "copy it once more from BaseLinker (My account, API)"
                                           : "user, password and goods owner belong together: the warehouse gives them out"));
        if (what != "token") return taken; // the address or the user may be wrong as well: asked again from there
    }
}

Result<void> InitQuestions::ask_seller(const InitPlace& place) {
    const auto check = [&]() -> Result<void> {
        BLONGO_TRY(seller_, sync::seller_lists(config_, checked_connection(), runtime_));
        return {};
    };
    BLONGO_CHECK(
        ask_secret("token", options_.token_file, place.secrets_folder + '/' + answers_.name + ".token", answers_.token, check));
    show("\nCatalogues of BaseLinker:", seller_.inventories);
    const std::string only = seller_.inventories.size() == 1 ? seller_.inventories.front().id : std::string{};
    BLONGO_CHECK(choose({"Catalogue (number or name)", options_.inventory, only}, seller_.inventories, false,
                        [&](auto chosen) { answers_.inventory = chosen.front(); }));
    answers_.reservations = std::find(seller_.with_reservations.begin(), seller_.with_reservations.end(),
                                      answers_.inventory.id) != seller_.with_reservations.end();
    return {};
}

Result<void> InitQuestions::ask_warehouse(const InitPlace& place) {
    for (bool first = true;; first = false) {
        const auto given = [&](const std::string& option) { return first ? option : std::string{}; };
        BLONGO_CHECK(settle(
            {"Address of Ongoing's API (https://api.ongoingsystems.se/NAME)", given(options_.ongoing_url), answers_.ongoing_url},
            [&](const std::string& text) -> Result<void> {
                if (!text.starts_with("https://") && !text.starts_with("http://127.") && !text.starts_with("http://localhost"))
                    return fail(ErrorKind::usage, "it begins with https://", {},
                                "for example https://api.ongoingsystems.se/acme");
                answers_.ongoing_url = without_path_of_api(text);
                return {};
            }));
        BLONGO_CHECK(settle({"API user of Ongoing (WSI...)", given(options_.username), answers_.username},
                            [&](const std::string& text) -> Result<void> {
                                answers_.username = text;
                                return {};
                            }));
        const std::string before = answers_.goods_owner_id == 0 ? std::string{} : std::to_string(answers_.goods_owner_id);
        BLONGO_CHECK(
            settle({"Goods owner id", given(options_.goods_owner), before}, [&](const std::string& text) -> Result<void> {
                const auto id = parse_id(text);
                if (!id || *id == 0) return fail(ErrorKind::usage, "it is a number; the warehouse knows it");
                answers_.goods_owner_id = *id;
                return {};
            }));
        const auto check = [&]() -> Result<void> {
            BLONGO_TRY(warehouse_, sync::warehouse_statuses(config_, checked_connection(), runtime_));
            return {};
        };
        password_.clear();
        auto taken = ask_secret("password", given(options_.password_file),
                                place.secrets_folder + '/' + answers_.name + ".password", answers_.password, check);
        if (taken) return {};
        const bool ended =
            taken.error().kind == ErrorKind::stopped || taken.error().kind == ErrorKind::usage || runtime_.stop.requested();
        if (!asks_ || ended) return taken;
        if (password_.empty()) interview_.say("  " + report::printable(taken.error().message) + '\n');
        interview_.say("Once more, an empty line keeps what stands in brackets.\n");
    }
}

Result<void> InitQuestions::run(const InitPlace& place) {
    if (!options_.names.empty()) answers_.name = options_.names.front();
    BLONGO_CHECK(ask_seller(place));
    BLONGO_CHECK(ask_warehouse(place));
    for (const auto& other : config_.connections)
        if (other.enabled && sync::identity_of(other) == sync::identity_of(connection_of(answers_)))
            return fail(ErrorKind::config,
                        fmt::format("connection {} has this catalogue and this goods owner already", other.name), config_.file,
                        "two connections must not write over each other: change that one");
    BLONGO_CHECK(ask_statuses());
    BLONGO_CHECK(ask_write_backs());
    BLONGO_CHECK(ask_cutover());
    BLONGO_CHECK(ask_send_and_stock());
    return ask_couriers();
}

} // namespace blongo::app
