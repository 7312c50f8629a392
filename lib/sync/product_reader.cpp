// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/product_reader.hpp>

#include <algorithm>
#include <exception>

#include <blongo/base/digest.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batches_ahead = 4; ///< read ahead of the writing

} // namespace

Result<std::unique_ptr<ProductReader>> ProductReader::open(Session& session, const std::vector<plan::DetailWork>& work,
                                                           const KnownAnswers& known) {
    BLONGO_TRY(auto client, session.another_baselinker());
    return std::unique_ptr<ProductReader>(new ProductReader(session, work, known, std::move(client)));
}

ProductReader::ProductReader(Session& session, const std::vector<plan::DetailWork>& work, const KnownAnswers& known,
                             std::unique_ptr<baselinker::Client> client)
    : session_(session), work_(work), known_(known), client_(std::move(client)), queue_(batches_ahead), thread_([this] {
          try {
              read_all();
          } catch (const std::exception& error) {
              queue_.push({{}, fail(ErrorKind::internal, error.what(), "reading products"), {}});
          }
          queue_.close();
      }) {}

ProductReader::~ProductReader() {
    queue_.close();
    thread_.join();
}

void ProductReader::read_all() {
    const auto size = static_cast<std::size_t>(session_.connection().articles.batch);
    for (std::size_t from = 0; from < work_.size() && !session_.out_of_time(); from += size) {
        Batch batch = read(from, std::min(work_.size(), from + size));
        const bool failed = !batch.data;
        if (!queue_.push(std::move(batch)) || failed) return;
    }
}

ProductReader::Batch ProductReader::read(std::size_t from, std::size_t to) {
    Batch batch{{}, std::nullopt, {}};
    bool has_new = false;
    for (std::size_t i = from; i < to; ++i) {
        batch.products.emplace_back(work_[i].product_id);
        has_new = has_new || work_[i].is_new;
    }
    const bool may_be_known = known_.is_used() && !has_new;
    batch.data = client_->get_products_data(session_.connection().baselinker.inventory_id, batch.products,
                                            [&](const std::string& parameters, const std::string& body) {
                                                if (!may_be_known) return false;
                                                batch.answer = Digest().add(parameters).add(body).hex();
                                                return known_.articles_of(batch.answer).has_value();
                                            });
    // Then the digest is that of the refusal.
    if (batch.data && *batch.data && (*batch.data)->in_parts) batch.answer.clear();
    return batch;
}

} // namespace blongo::sync
