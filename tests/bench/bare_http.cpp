// SPDX-License-Identifier: Apache-2.0
#include "bench/bare_http.hpp"

#include <memory>
#include <stdexcept>

#include <curl/curl.h>
#include <fmt/format.h>

namespace blongo::bench {

namespace {

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

} // namespace

void put_articles_bare(const std::string& ongoing_url, std::int64_t count) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
    const std::string url = ongoing_url + "/articles";
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "bench"); // without one Ongoing answers 500
    curl_easy_setopt(curl.get(), CURLOPT_USERPWD, "WSI-SANDBOX:sandbox-password");
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &ignore);
    for (std::int64_t i = 1; i <= count; ++i) {
        const std::string body = fmt::format(
            R"({{"goodsOwnerId":1,"articleNumber":"BARE-{0}","articleName":"Produkt {0}","productCode":"{0}","unitCode":"szt",)"
            R"("isStockArticle":true,"weight":1.25,"length":0.3,"width":0.2,"height":0.1,"barCodeInfo":{{"barCode":"{0}"}}}})",
            i);
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
        long status = 0;
        if (curl_easy_perform(curl.get()) == CURLE_OK) curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status != 200 && status != 201) throw std::runtime_error(fmt::format("article {}: HTTP {}", i, status));
    }
}

} // namespace blongo::bench
