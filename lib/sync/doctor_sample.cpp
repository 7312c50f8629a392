// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/map/order.hpp>
#include <blongo/plan/preflight.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/sync/delivery_methods.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t most_sku_calls = 20; ///< SKUs that Ongoing does not know are looked up one by one
constexpr std::size_t sample_ids_shown = 3;

const std::string& owner_of(const std::string& cause) {
    const std::string owner = report::describe_cause(cause, {}).owner;
    return owner == "seller" ? seller_acts : owner == "warehouse" ? warehouse_acts : admin_acts;
}

class Sampler {
public:
    explicit Sampler(Examination& exam) : exam_(exam), options_(order_map_options(exam.connection)) {}

    Result<void> run() {
        BLONGO_CHECK(choose());
        BLONGO_CHECK(look_up_lines());
        StatusNames resolve(*exam_.session);
        BLONGO_TRY(rules_, courier_rules(exam_.connection.shipments, std::ref(resolve)));
        for (const auto& order : orders_) BLONGO_CHECK(map_one(order));
        BLONGO_CHECK(find_numbers());
        report();
        return {};
    }

private:
    Result<void> choose() {
        if (exam_.recent.empty()) {
            BLONGO_TRY(auto read, read_recent_orders(*exam_.session));
            exam_.recent = std::move(read.orders);
        }
        orders_ = exam_.recent;
        const auto most = static_cast<std::size_t>(exam_.sample);
        if (orders_.size() > most) orders_.erase(orders_.begin(), orders_.end() - static_cast<std::ptrdiff_t>(most));
        return {};
    }

    Result<void> look_up_lines() {
        std::set<ProductId> wanted;
        for (const auto& order : orders_)
            for (const auto& id : map::ids_to_look_up(order)) wanted.insert(id);
        const std::vector<ProductId> ids(wanted.begin(), wanted.end());
        constexpr std::size_t at_once = baselinker::limits::products_per_data_call;
        for (std::size_t i = 0; i < ids.size(); i += at_once) {
            const std::span<const ProductId> part(ids.data() + i, std::min(at_once, ids.size() - i));
            BLONGO_TRY(const auto data,
                       exam_.session->baselinker().get_products_data(exam_.connection.baselinker.inventory_id, part));
            for (const auto& product : data.products) {
                if (!product.sku.empty()) numbers_.emplace(product.id, ArticleNumber{product.sku});
                for (const auto& variant : product.variants)
                    if (!variant.sku.empty()) numbers_.emplace(variant.id, ArticleNumber{variant.sku});
            }
        }
        return {};
    }

    Result<void> map_one(const baselinker::Order& order) {
        const auto lookup = [&](ProductId id, bool) -> std::optional<ArticleNumber> {
            const auto found = numbers_.find(id);
            return found == numbers_.end() ? std::nullopt : std::optional{found->second};
        };
        const auto mapped = map::map_order(order, options_, lookup);
        if (mapped.skipped) return {};
        if (!mapped.document) {
            if (!mapped.rejected.empty()) blame(order.order_id, mapped.rejected.front().cause, mapped.rejected.front().reason);
            return {};
        }
        for (const auto& article : mapped.document->articles()) users_[article].push_back(order.order_id);
        if (rules_.empty() || !exam_.connection.shipments.enabled) return {};
        const plan::PreflightOptions options{parcel_options(exam_.connection.shipments), plan::Weighing::unknown, exam_.now(),
                                             exam_.connection.time_zone};
        const auto failures = plan::preflight(order, plan::foreseen_order(*mapped.document), rules_, options,
                                              [](const std::string&) { return std::optional<plan::KnownCourier>{}; });
        for (const auto& failure : failures)
            if (failure.certain) {
                blame(order.order_id, failure.rejection.cause, failure.rejection.reason, true);
                break;
            }
        return {};
    }

    /// An SKU that neither side knows parks its orders; one that the catalogue has becomes an article by itself.
    Result<void> find_numbers() {
        std::vector<ArticleNumber> wanted;
        for (const auto& [number, orders] : users_) wanted.push_back(number);
        constexpr std::size_t at_once = ongoing::limits::numbers_per_lookup;
        std::set<ArticleNumber> missing(wanted.begin(), wanted.end());
        for (std::size_t i = 0; i < wanted.size(); i += at_once) {
            const std::span<const ArticleNumber> part(wanted.data() + i, std::min(at_once, wanted.size() - i));
            BLONGO_TRY(const auto found, exam_.session->ongoing().find_articles(part));
            for (const auto& article : found) missing.erase(article.article_number);
        }
        std::size_t calls = 0;
        for (const auto& number : missing) {
            if (++calls > most_sku_calls) break;
            BLONGO_TRY(const auto rows,
                       exam_.session->baselinker().find_products(exam_.connection.baselinker.inventory_id, number.value()));
            if (!rows.empty()) continue;
            for (const auto& order : users_[number])
                blame(order, "unknown_sku", number.value() + " is neither in the catalogue nor in Ongoing");
        }
        return {};
    }

    void blame(BaseOrderId order, const std::string& cause, const std::string& reason, bool at_send = false) {
        if (!blamed_.insert(order).second) return;
        Blame& one = blames_[(at_send ? "will fail at Send: " : "would be parked: ") + cause];
        one.cause = cause;
        if (one.reason.empty()) one.reason = reason;
        one.orders.push_back(order);
    }

    void report() {
        const auto all = static_cast<std::int64_t>(orders_.size());
        if (all == 0) return exam_.skip("sample", "no order was confirmed in the last 30 days");
        exam_.ok("sample", fmt::format("{} of the last {} orders would go to Ongoing and be sent as they are",
                                       all - static_cast<std::int64_t>(blamed_.size()), all));
        for (const auto& [words, one] : blames_) {
            std::string ids;
            for (std::size_t i = 0; i < std::min(sample_ids_shown, one.orders.size()); ++i)
                ids += fmt::format("{}{}", i == 0 ? "" : ", ", one.orders[i]);
            if (one.orders.size() > sample_ids_shown) ids += ", ...";
            exam_.warn("sample", fmt::format("{} of {} {} ({}), for example: {}", one.orders.size(), all, words, ids, one.reason),
                       report::describe_cause(one.cause, {}).remedy, owner_of(one.cause));
        }
    }

    struct Blame {
        std::string cause, reason;
        std::vector<BaseOrderId> orders;
    };
    Examination& exam_;
    map::OrderOptions options_;
    std::vector<baselinker::Order> orders_;
    std::vector<map::CourierRule> rules_;
    std::map<ProductId, ArticleNumber> numbers_;
    std::map<ArticleNumber, std::vector<BaseOrderId>> users_;
    std::map<std::string, Blame> blames_;
    std::set<BaseOrderId> blamed_;
};

} // namespace

void examine_sample(Examination& exam) {
    if (const auto mapped = Sampler(exam).run(); !mapped) exam.skip("sample", mapped.error().message);
}

} // namespace blongo::sync
