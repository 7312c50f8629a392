// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/keyed.hpp>

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <blongo/base/text.hpp>

namespace blongo {
namespace {

constexpr std::string_view mark = "~1:";
constexpr std::size_t nonce_bytes = 16;

using Bytes = std::array<unsigned char, 32>;

const unsigned char* data_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

/// An HMAC with SHA-256 that waits for its key: to look the algorithms up takes longer than to compute one.
MacContext make_hmac() {
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr),
                                                                &EVP_MAC_free);
    MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr, &EVP_MAC_CTX_free);
    std::string digest = "SHA256";
    const std::array params{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                            OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), params.data()) != 1) context.reset();
    return context;
}

Bytes hmac(std::string_view key, std::string_view bytes) {
    thread_local const MacContext context = make_hmac();
    static constexpr unsigned char no_key = 0; // a null pointer would mean the last key
    Bytes out{};
    std::size_t length = 0;
    if (!context || EVP_MAC_init(context.get(), key.empty() ? &no_key : data_of(key), key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), data_of(bytes), bytes.size()) != 1 ||
        EVP_MAC_final(context.get(), out.data(), &length, out.size()) != 1 || length != out.size())
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
