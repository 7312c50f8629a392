// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/digest.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <blongo/base/text.hpp>

namespace blongo {
namespace {

std::string to_hex(const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(count * 2, '\0');
    char* to = out.data();
    for (std::size_t i = 0; i < count; ++i) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return out;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// Looking an algorithm up by its name costs OpenSSL more than hashing a short text.
const EVP_MD* sha256() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

std::array<unsigned char, EVP_MAX_MD_SIZE> sha256_of(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int length = 0;
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (context == nullptr || EVP_DigestInit_ex2(context.get(), sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), hash.data(), &length) != 1) {
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    return hash;
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    constexpr std::size_t length = 32;
    return to_hex(sha256_of(bytes).data(), length);
}

struct Digest::State {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Digest::Digest() : state_(std::make_unique<State>()) {
    if (state_->context == nullptr || EVP_DigestInit_ex2(state_->context.get(), sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

Digest::~Digest() = default;

Digest& Digest::add(std::string_view piece) {
    constexpr std::size_t part = 4096;
    const std::uint64_t length = piece.size();
    std::array<char, sizeof length> bytes{};
    std::memcpy(bytes.data(), &length, sizeof length);
    waiting_.append(bytes.data(), bytes.size());
    if (waiting_.size() + piece.size() > part) flush();
    if (piece.size() <= part) {
        waiting_ += piece;
    } else if (EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) != 1) {
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    return *this;
}

void Digest::flush() {
    if (EVP_DigestUpdate(state_->context.get(), waiting_.data(), waiting_.size()) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    waiting_.clear();
}

std::string Digest::hex() {
    flush();
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(state_->context.get(), hash.data(), &length) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    return to_hex(hash.data(), length).substr(0, 32);
}

std::string fingerprint(std::string_view bytes) {
    constexpr std::size_t length = 16;
    return to_hex(sha256_of(bytes).data(), length);
}

std::string random_hex(std::size_t bytes) {
    std::string buffer(bytes, '\0');
    auto* data = reinterpret_cast<unsigned char*>(buffer.data());
    if (RAND_bytes(data, static_cast<int>(bytes)) != 1) throw std::runtime_error("OpenSSL has no random bytes");
    return to_hex(data, bytes);
}

} // namespace blongo
