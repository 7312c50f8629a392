// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/keyed.hpp>

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <blongo/base/text.hpp>

namespace blongo {
namespace {

constexpr std::string_view mark = "~1:";
constexpr std::size_t nonce_bytes = 16;

using Bytes = std::array<unsigned char, 32>;

const unsigned char* data_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Bytes hmac(std::string_view key, std::string_view bytes) {
    Bytes out{};
    unsigned int length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data_of(bytes), bytes.size(), out.data(), &length) ==
        nullptr)
        throw std::runtime_error("OpenSSL cannot compute an HMAC");
    return out;
}

std::string text_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// CTR mode: the same call encrypts and decrypts.
std::string crypt(std::string_view key, std::string_view nonce, std::string_view text) {
    const Bytes cipher_key = hmac(key, "seal");
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    std::string out(text.size(), '\0');
    int written = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, cipher_key.data(), data_of(nonce)) != 1 ||
        EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &written, data_of(text),
                          static_cast<int>(text.size())) != 1)
        throw std::runtime_error("OpenSSL cannot encrypt");
    return out;
}

std::string nonce_of(std::string_view key, std::string_view text) {
    return text_of(hmac(text_of(hmac(key, "nonce")), text)).substr(0, nonce_bytes);
}

} // namespace

std::string hmac_hex(std::string_view key, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : hmac(key, bytes)) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string seal(std::string_view key, std::string_view text) {
    if (text.empty()) return {};
    const std::string nonce = nonce_of(key, text);
    return std::string(mark) + base64_encode(nonce + crypt(key, nonce, text));
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed) {
    if (!sealed.starts_with(mark)) return std::string(sealed);
    const auto bytes = base64_decode(sealed.substr(mark.size()));
    if (!bytes || bytes->size() < nonce_bytes) return std::nullopt;
    std::string text = crypt(key, bytes->substr(0, nonce_bytes), std::string_view(*bytes).substr(nonce_bytes));
    if (nonce_of(key, text) != bytes->substr(0, nonce_bytes)) return std::nullopt;
    return text;
}

} // namespace blongo
