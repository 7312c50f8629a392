// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/secret.hpp>

#include <utility>

#include <openssl/crypto.h>

#include <blongo/base/text.hpp>

namespace blongo {

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
    other.wipe(); // a short string leaves its bytes behind when it is moved
}

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        std::string copy = other.text_;
        wipe();
        text_.swap(copy);
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

std::string Secret::fingerprint() const {
    return text_.empty() ? std::string{} : sha256_hex("blongo secret\n" + text_).substr(0, 12);
}

void Secret::wipe() noexcept {
    text_.resize(text_.capacity()); // all bytes that the text ever used here; allocates nothing
    OPENSSL_cleanse(text_.data(), text_.size());
    text_.clear();
}

} // namespace blongo
