// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/check.hpp>

#include <array>

#include <blongo/sync/check_parts.hpp>

namespace blongo::sync {

namespace {

struct Part {
    const char* name;
    Result<void> (*run)(CheckContext& context);
};

/// One more part is one more row.
constexpr std::array parts{Part{"articles", &check_articles}, Part{"orders", &check_orders}, Part{"shipments", &check_shipments},
                           Part{"stock", &check_stock}};

/// What a run has found, passed on as it comes.
class Tally {
public:
    explicit Tally(const CheckSink& to) : to_(to) {}
    [[nodiscard]] CheckSink sink() {
        return {.difference =
                    [this](const plan::Difference& difference) {
                        ++differences_;
                        to_.difference(difference);
                    },
                .totals =
                    [this](const plan::Totals& totals) {
                        if (!totals.closes()) ++open_books_;
                        to_.totals(totals);
                    }};
    }
    [[nodiscard]] std::int64_t differences() const { return differences_ == 0 ? open_books_ : differences_; }

private:
    const CheckSink& to_;
    std::int64_t differences_ = 0, open_books_ = 0;
};

bool is_of_the_session(const Error& error) {
    return error.kind == ErrorKind::auth || error.kind == ErrorKind::throttled || error.kind == ErrorKind::stopped ||
           error.kind == ErrorKind::state;
}

} // namespace

const std::vector<std::string>& check_parts() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> out;
        for (const Part& part : parts) out.emplace_back(part.name);
        return out;
    }();
    return names;
}

report::Summary check(const config::Config& config, const config::Connection& connection, const CheckOptions& options,
                      const CheckSink& sink, const Runtime& runtime) {
    const auto session = Session::open(config, connection, state::BudgetClass::articles, true, runtime);
    if (!session) return failed_summary(connection.name, "check", FlowOptions::looking(), session.error());
    report::Summary summary;
    summary.connection = connection.name;
    summary.flow = "check";
    summary.dry_run = true;
    Tally tally(sink);
    const CheckSink counted = tally.sink();
    CheckContext context{config, **session, options, counted};
    for (const Part& part : parts) {
        if (!options.parts.contains(part.name)) continue;
        if ((*session)->out_of_time()) {
            context.complete = false;
            break;
        }
        const auto done = part.run(context);
        if (done) continue;
        summary.errors.push_back(done.error());
        summary.complete = false;
        if (is_of_the_session(done.error())) break;
    }
    summary.complete = summary.complete && context.complete;
    summary.differences = tally.differences();
    summary.requests = (*session)->requests();
    return summary;
}

} // namespace blongo::sync
