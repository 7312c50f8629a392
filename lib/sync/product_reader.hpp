// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <blongo/baselinker/client.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/sync/known_answers.hpp>
#include <blongo/sync/queue.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Reads the details of products in a thread of its own, batch by batch, while their reader maps, plans and writes: a first
/// load takes the longer of the two, not their sum.
class ProductReader {
public:
    struct Batch {
        std::vector<ProductId> products;                      ///< asked for
        Result<std::optional<baselinker::ProductsData>> data; ///< nullopt: KnownAnswers knows the answer
        std::string answer;                                   ///< its digest; empty: there are several
    };

    /// Begins to read. All of these outlive it; `work` and `known` stay as they are as long.
    [[nodiscard]] static Result<std::unique_ptr<ProductReader>> open(Session& session, const std::vector<plan::DetailWork>& work,
                                                                     const KnownAnswers& known);
    /// The thread is told to end, and waited for.
    ~ProductReader();
    ProductReader(const ProductReader&) = delete;
    ProductReader& operator=(const ProductReader&) = delete;

    /// The next batch in the order of `work`; nullopt: there is none, for all were read, time is over, or reading failed.
    [[nodiscard]] std::optional<Batch> next() { return queue_.pop(); }

private:
    ProductReader(Session& session, const std::vector<plan::DetailWork>& work, const KnownAnswers& known,
                  std::unique_ptr<baselinker::Client> client);
    void read_all();
    [[nodiscard]] Batch read(std::size_t from, std::size_t to);

    Session& session_;
    const std::vector<plan::DetailWork>& work_;
    const KnownAnswers& known_;
    std::unique_ptr<baselinker::Client> client_;
    BoundedQueue<Batch> queue_;
    std::thread thread_;
};

} // namespace blongo::sync
