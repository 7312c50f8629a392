// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace blongo {

/// SHA-256 of what comes in pieces, as lower-case hex. Each piece counts with its length: ("ab", "c") is not ("a", "bc").
class Digest {
public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    Digest& add(std::string_view piece);
    /// The first 32 digits, of which a chance collision needs 2^64 texts. Ends the digest.
    [[nodiscard]] std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
    std::string waiting_; ///< OpenSSL is asked for larger parts only
    void flush();
};

} // namespace blongo
