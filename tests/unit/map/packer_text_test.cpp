// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <rapidcheck.h>

#include <blongo/base/text.hpp>
#include <blongo/map/packer_text.hpp>
#include <blongo/map/packer_words.hpp>

using namespace blongo;
using map::PackerMessage;

namespace {

const Timestamp at = *parse_timestamp("2026-11-24T09:42:59Z");

std::string text(std::string_view cause, std::string_view texts = "en", std::string_view detail = "",
                 std::string_view kept = "") {
    return map::packer_text(map::packer_message(cause), cause, detail, at, "Europe/Warsaw", texts, "84512345", kept);
}

constexpr std::string_view shipment_causes[] = {"no_country",
                                                "bad_phone",
                                                "bad_postcode",
                                                "street_too_long",
                                                "name_too_long",
                                                "point_missing",
                                                "unpaid",
                                                "cod_unclear",
                                                "identity_changed",
                                                "merged_in_base",
                                                "split_waiting",
                                                "cancelled_came_back",
                                                "status_not_shippable",
                                                "cancelled_in_base",
                                                "not_confirmed",
                                                "lines_changed",
                                                "country_changed",
                                                "on_hold",
                                                "no_weight",
                                                "nothing_picked",
                                                "short_pick",
                                                "cod_short",
                                                "parcels_changed",
                                                "edited_in_warehouse",
                                                "locked_in_warehouse",
                                                "no_courier_rule",
                                                "service_ambiguous",
                                                "field_invalid",
                                                "package_exists",
                                                "sent_without_shipment",
                                                "old_order",
                                                "two_packages",
                                                "remote_rejected",
                                                "too_many_parcels",
                                                "unknown",
                                                "courier_rejected",
                                                "label_pending",
                                                "label_incomplete",
                                                "token_blocked"};

} // namespace

TEST_CASE("The packer reads what happened when, why, and what to do, in the language of the warehouse") {
    CHECK(text("bad_phone") == "LABEL FAILED 10:42: bad telephone number. Put it aside and tell the office.");
    CHECK(text("bad_phone", "pl") == "BRAK ETYKIETY 10:42: zły numer telefonu. Odłóż paczkę i powiadom biuro.");
    CHECK(text("bad_phone", "de") == "LABEL FEHLT 10:42: falsche Telefonnummer. Beiseitelegen und dem Büro melden.");
    CHECK(text("bad_phone", "sv") == "ETIKETT SAKNAS 10:42: fel telefonnummer. Lägg undan och meddela kontoret.");
    CHECK(text("label_pending") == "LABEL WAITING 10:42: the courier has no label yet. It comes by itself. Do not "
                                   "press Send again.");
    CHECK(text("token_blocked", "sv") == "ETIKETT VÄNTAR 10:42: BaseLinker är upptagen. Den kommer av sig själv. Tryck "
                                         "inte Skicka igen.");
    CHECK(text("cancelled_in_base") == "STOP 10:42: order cancelled. Do not hand it to the courier. Tell the office.");
    CHECK(text("something_new") == "LABEL FAILED 10:42: it could not be booked. Put it aside and tell the office.");
}

TEST_CASE("Cancelled, changed and merged orders stop the packer, pending labels let wait") {
    for (const auto* cause : {"cancelled_in_base", "lines_changed", "country_changed", "merged_in_base"})
        CHECK(map::packer_message(cause) == PackerMessage::stop);
    CHECK(map::packer_message("label_pending") == PackerMessage::waiting);
    CHECK(map::packer_message("token_blocked") == PackerMessage::waiting);
    CHECK(map::packer_message("courier_rejected") == PackerMessage::failed);
    CHECK(map::packer_message("anything") == PackerMessage::failed);
}

TEST_CASE("Every cause of a shipment has words of its own in every language") {
    for (const auto cause : shipment_causes) {
        INFO(cause);
        CHECK(map::has_own_words(cause));
        for (const auto language : map::packer_languages) {
            const auto words = map::cause_words(cause, language);
            CHECK_FALSE(words.cause.empty());
            CHECK(words.cause.back() != '.');
            CHECK(words.remedy.ends_with('.'));
            CHECK(character_count(words.cause) + character_count(words.remedy) < 120);
            if (language != map::PackerLanguage::en)
                CHECK(words.remedy != map::cause_words(cause, map::PackerLanguage::en).remedy);
        }
    }
}

TEST_CASE("The courier's words stand behind the cause, on one line and without HTML") {
    CHECK(text("courier_rejected", "en", "<b>Nieprawidłowy</b> kod<br>pocztowy: 80-20.") ==
          "LABEL FAILED 10:42: the courier refused it: Nieprawidłowy kod pocztowy: 80-20. Correct it and press Send "
          "again.");
}

TEST_CASE("A template of one's own says it otherwise") {
    CHECK(text("no_weight", "{what} {time} #{order}: {cause} {detail}", "") ==
          "LABEL FAILED 10:42 #84512345: no weight. Enter the weight of the parcel and press Send again.");
    CHECK(text("courier_rejected", "{what} {time} {detail|upper}", "zły kod", "Fragile") ==
          "LABEL FAILED 10:42 ZŁY KOD | Fragile");
}

TEST_CASE("What stood there before is kept behind, and is the first to be cut") {
    CHECK(text("unpaid", "en", "", " Fragile!\nTwo people ") ==
          "LABEL FAILED 10:42: order not paid. Put it aside and tell the office. | Fragile!\nTwo people");
    const std::string long_kept(600, 'k');
    const auto with_kept = text("courier_rejected", "en", "refused", long_kept);
    CHECK(character_count(with_kept) == 500);
    CHECK_THAT(with_kept, Catch::StartsWith("LABEL FAILED 10:42: the courier refused it: refused. Correct it and "
                                            "press Send again. | kkk"));
    const std::string long_template = "{what} {time} " + std::string(400, 't') + " {detail}";
    const auto cut = text("courier_rejected", long_template, std::string(300, 'd'), "kept");
    CHECK(character_count(cut) == 500);
    CHECK(cut.find("kept") == std::string::npos);
    CHECK_THAT(cut, Catch::EndsWith("ttt " + std::string(500 - 420, 'd')));
    CHECK(character_count(text("unpaid", "{what} {time} " + std::string(600, 't'))) == 500);
}

TEST_CASE("Texts of ours are known again in every language, and people's are not taken for them") {
    for (const auto cause : {"bad_phone", "label_pending", "cancelled_in_base"})
        for (const auto* texts : {"en", "pl", "de", "sv", "{what} {time}!"})
            CHECK(map::is_packer_text(text(cause, texts, "", "kept")));
    for (const auto* human : {"", "STOP", "STOP: call first", "LABEL FAILED", "LABEL FAILED again", "STOP 10 boxes", "stop 10:42",
                              "Fragile | LABEL FAILED 10:42: x", "LABEL FAILED 1"})
        CHECK_FALSE(map::is_packer_text(human));
}

TEST_CASE("What people wrote is found again behind a text of ours") {
    CHECK(map::behind_packer_text(text("bad_phone", "pl", "", "call first | fragile")) == "call first | fragile");
    CHECK(map::behind_packer_text(text("cancelled_in_base", "en", "", "")).empty());
    CHECK(map::behind_packer_text("Fragile | LABEL FAILED 10:42: x") == "Fragile | LABEL FAILED 10:42: x");
}

TEST_CASE("Whatever comes, 500 characters are enough and no character is cut apart") {
    const auto piece = rc::gen::container<std::string>(rc::gen::element('a', ' ', '.', '|', '{', '<', '\n'));
    const auto emoji = rc::gen::element<std::string>("", "Ż", "👨‍👩‍👧", "e\xCC\x81");
    CHECK(rc::check("at most 500", [&] {
        std::string detail, kept;
        for (int i = *rc::gen::inRange(0, 80); i > 0; --i) {
            detail += *piece + *emoji;
            kept += *emoji + *piece;
        }
        const auto cause =
            *rc::gen::elementOf(std::vector<std::string_view>(std::begin(shipment_causes), std::end(shipment_causes)));
        const auto made =
            text(cause, *rc::gen::element<std::string>("en", "pl", "de", "sv", "{what} {time}: {detail}"), detail, kept);
        RC_ASSERT(character_count(made) <= 500U);
        RC_ASSERT(map::is_packer_text(made));
        RC_ASSERT(normalise_text(made) == made);
        const bool family_cut = made.ends_with("\xE2\x80\x8D") || made.ends_with("👨") || made.ends_with("👨‍👩");
        RC_ASSERT(!family_cut);
    }));
}
