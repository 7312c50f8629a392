// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/decode.hpp>

#include <algorithm>

#include <blongo/ongoing/read.hpp>

namespace blongo::ongoing {

Result<Article> decode_article(json::Node item, const std::string& name) {
    Article article;
    for (const json::Node member : item) {
        const std::string_view key = member.key();
        if (key == "articleSystemId")
            article.article_system_id = ArticleSystemId(integer_of(member).value_or(0));
        else if (key == "articleNumber")
            article.article_number = ArticleNumber(text_of(member));
        else if (key == "articleName")
            article.article_name = text_of(member);
        else if (key == "articleKind")
            article.article_kind = text_of(member);
        else if (key == "isActive")
            article.is_active = flag_of(member, true);
        else if (key == "inventoryInfo") {
            article.inventory = {decimal_of(member["numberOfItems"]), decimal_of(member["numberOfBookedItems"]),
                                 decimal_of(member["sellableNumberOfItems"]), decimal_of(member["lockedForSaleNumberOfItems"]),
                                 decimal_of(member["toReceiveNumberOfItems"])};
        }
    }
    if (article.article_system_id.value() <= 0)
        return fail(ErrorKind::protocol, "an article without articleSystemId", name + " " + item.path());
    article.document = json::Value::from(item);
    return article;
}

StructureDefinition decode_structure(json::Node item) {
    StructureDefinition structure;
    structure.article_system_id = ArticleSystemId(integer_of(item["articleSystemId"]).value_or(0));
    structure.article_number = ArticleNumber(text_of(item["articleNumber"]));
    structure.article_kind = text_of(item["articleKind"]);
    for (const json::Node row : item["rows"])
        structure.rows.push_back({ArticleNumber(text_of(row["articleNumber"])), decimal_of(row["numberOfItems"]).value_or(0)});
    return structure;
}

std::vector<TransporterContract> decode_transporter_contracts(json::Node list) {
    std::vector<TransporterContract> contracts;
    const auto add = [&](TransporterContract contract) {
        const bool known = std::any_of(contracts.begin(), contracts.end(), [&](const TransporterContract& other) {
            return other.transporter_code == contract.transporter_code &&
                   other.transporter_service_code == contract.transporter_service_code;
        });
        if (!known) contracts.push_back(std::move(contract));
    };
    for (const json::Node item : list) {
        const TransporterContract contract{text_of(item["transporterCode"]), text_of(item["transporterName"]),
                                           text_of(item["transporterServiceCode"])};
        const json::Node services = item["transporterServices"];
        if (services.size() == 0 || !contract.transporter_service_code.empty()) add(contract);
        for (const json::Node service : services)
            add({contract.transporter_code, contract.transporter_name, text_of(service["transporterServiceCode"])});
    }
    return contracts;
}

} // namespace blongo::ongoing
