// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/packer_words.hpp>

#include <algorithm>

namespace blongo::map {

namespace {

/// A text in the order of PackerLanguage.
using Text = std::string_view[std::size(packer_languages)];

/// What the packer does: the same for many causes.
enum class Remedy : std::uint8_t {
    ask_office,
    hold_back,
    wait,
    correct,
    weigh,
    register_picks,
    make_one_parcel,
    send_no_more,
    print_it
};
constexpr Text remedies[] = {
    {"Put it aside and tell the office.", "Odłóż paczkę i powiadom biuro.", "Beiseitelegen und dem Büro melden.",
     "Lägg undan och meddela kontoret."},
    {"Do not hand it to the courier. Tell the office.", "Nie wydawaj kurierowi. Powiadom biuro.",
     "Nicht dem Kurier geben. Dem Büro melden.", "Lämna inte till budet. Meddela kontoret."},
    {"It comes by itself. Do not press Send again.", "Pojawi się sama. Nie wysyłaj ponownie.",
     "Es kommt von selbst. Nicht erneut senden.", "Den kommer av sig själv. Tryck inte Skicka igen."},
    {"Correct it and press Send again.", "Popraw i wyślij ponownie.", "Korrigieren und erneut senden.",
     "Rätta och tryck Skicka igen."},
    {"Enter the weight of the parcel and press Send again.", "Wpisz wagę paczki i wyślij ponownie.",
     "Gewicht eintragen und erneut senden.", "Ange paketets vikt och tryck Skicka igen."},
    {"Register the picks and press Send again.", "Zarejestruj zbiórkę i wyślij ponownie.",
     "Kommissionierung buchen und erneut senden.", "Registrera plocket och tryck Skicka igen."},
    {"Make it one parcel, or tell the office.", "Zrób jedną paczkę lub powiadom biuro.",
     "Ein Paket daraus machen oder dem Büro melden.", "Gör ett paket, eller meddela kontoret."},
    {"Do not press Send again. Tell the office.", "Nie wysyłaj ponownie. Powiadom biuro.",
     "Nicht erneut senden. Dem Büro melden.", "Tryck inte Skicka igen. Meddela kontoret."},
    {"It is among the files of the order: print it there.", "Jest w plikach zamówienia: wydrukuj ją stamtąd.",
     "Es liegt bei den Dateien des Auftrags: dort drucken.", "Den finns bland orderns filer: skriv ut den där."},
};

struct Row {
    std::string_view cause;
    Text words;
    Remedy remedy;
};

constexpr Row rows[] = {
    // the seller's order
    {"bad_phone",
     {"bad telephone number", "zły numer telefonu", "falsche Telefonnummer", "fel telefonnummer"},
     Remedy::ask_office},
    {"bad_postcode", {"bad post code", "zły kod pocztowy", "falsche Postleitzahl", "fel postnummer"}, Remedy::ask_office},
    {"street_too_long", {"street too long", "za długa ulica", "Straße zu lang", "för lång gatuadress"}, Remedy::ask_office},
    {"name_too_long", {"name too long", "za długa nazwa odbiorcy", "Name zu lang", "för långt namn"}, Remedy::ask_office},
    {"no_country",
     {"no country in the address", "brak kraju w adresie", "kein Land in der Adresse", "land saknas i adressen"},
     Remedy::ask_office},
    {"point_missing",
     {"no pick-up point", "brak punktu odbioru", "keine Abholstelle", "utlämningsställe saknas"},
     Remedy::ask_office},
    {"unpaid", {"order not paid", "zamówienie nieopłacone", "nicht bezahlt", "ordern är inte betald"}, Remedy::ask_office},
    {"cod_unclear",
     {"amount to collect not clear", "niejasna kwota pobrania", "Nachnahmebetrag unklar", "oklart efterkravsbelopp"},
     Remedy::ask_office},
    {"status_not_shippable",
     {"order not released for sending", "zamówienie nie do wysyłki", "nicht zum Versand freigegeben",
      "ordern är inte klar att skicka"},
     Remedy::ask_office},
    {"not_confirmed",
     {"order not confirmed", "zamówienie niepotwierdzone", "Bestellung nicht bestätigt", "ordern är inte bekräftad"},
     Remedy::ask_office},
    {"on_hold", {"order on hold", "zamówienie wstrzymane", "Bestellung angehalten", "ordern är stoppad"}, Remedy::ask_office},
    {"identity_changed",
     {"the number is another order's now", "numer należy do innego zamówienia", "Nummer gehört zu anderer Bestellung",
      "numret tillhör en annan order"},
     Remedy::hold_back},
    {"cancelled_came_back",
     {"cancelled order is active again", "anulowane zamówienie wróciło", "stornierte Bestellung wieder aktiv",
      "annullerad order är aktiv igen"},
     Remedy::hold_back},
    {"cancelled_in_base",
     {"order cancelled", "zamówienie anulowane", "Bestellung storniert", "ordern är annullerad"},
     Remedy::hold_back},
    {"lines_changed",
     {"order changed after packing", "zamówienie zmienione po spakowaniu", "Bestellung nach dem Packen geändert",
      "ordern ändrad efter packning"},
     Remedy::hold_back},
    {"country_changed",
     {"country changed after packing", "kraj zmieniony po spakowaniu", "Land nach dem Packen geändert",
      "landet ändrat efter packning"},
     Remedy::hold_back},
    {"merged_in_base",
     {"order merged with another one", "zamówienie połączone z innym", "mit anderer Bestellung vereint",
      "ordern är sammanslagen med en annan"},
     Remedy::hold_back},
    {"split_waiting", {"order was split", "zamówienie podzielone", "Bestellung geteilt", "ordern är delad"}, Remedy::ask_office},
    // the warehouse
    {"no_weight", {"no weight", "brak wagi", "kein Gewicht", "vikt saknas"}, Remedy::weigh},
    {"nothing_picked",
     {"nothing registered as picked", "nic nie zebrano", "nichts kommissioniert", "inget är plockat"},
     Remedy::register_picks},
    {"short_pick",
     {"less picked than ordered", "zebrano mniej niż zamówiono", "weniger kommissioniert als bestellt",
      "mindre plockat än beställt"},
     Remedy::ask_office},
    {"cod_short",
     {"less picked, and money to collect", "zebrano mniej, a jest pobranie", "weniger kommissioniert, mit Nachnahme",
      "mindre plockat, med efterkrav"},
     Remedy::ask_office},
    {"parcels_changed",
     {"parcels changed after booking", "paczki zmienione po nadaniu", "Pakete nach der Buchung geändert",
      "paketen ändrade efter bokning"},
     Remedy::ask_office},
    {"edited_in_warehouse",
     {"address edited here, the courier gets the old one", "adres zmieniony tutaj, kurier ma stary",
      "Adresse hier geändert, Kurier hat die alte", "adressen ändrad här, budet har den gamla"},
     Remedy::ask_office},
    {"locked_in_warehouse",
     {"order locked for changes", "zamówienie zablokowane", "Bestellung gesperrt", "ordern är låst"},
     Remedy::ask_office},
    // the administrator
    {"no_courier_rule",
     {"no courier for this order", "brak kuriera dla zamówienia", "kein Kurier für diese Bestellung", "inget bud för ordern"},
     Remedy::ask_office},
    {"service_ambiguous",
     {"courier service not clear", "niejasna usługa kuriera", "Kurierdienst unklar", "oklar budtjänst"},
     Remedy::ask_office},
    {"field_invalid",
     {"courier form filled in wrongly", "błąd w formularzu kuriera", "Kurierformular falsch ausgefüllt", "fel i budets formulär"},
     Remedy::ask_office},
    {"too_many_parcels",
     {"courier takes one parcel only", "kurier przyjmuje tylko jedną paczkę", "Kurier nimmt nur ein Paket",
      "budet tar bara ett paket"},
     Remedy::make_one_parcel},
    {"package_exists",
     {"a label exists already", "etykieta już istnieje", "Label existiert schon", "etikett finns redan"},
     Remedy::ask_office},
    {"two_packages",
     {"two labels were booked", "nadano dwie etykiety", "zwei Labels gebucht", "två etiketter bokade"},
     Remedy::hold_back},
    {"sent_without_shipment",
     {"sent without a label", "wysłano bez etykiety", "ohne Label gesendet", "skickad utan etikett"},
     Remedy::ask_office},
    {"old_order",
     {"order is too old", "zamówienie jest za stare", "Bestellung zu alt", "ordern är för gammal"},
     Remedy::ask_office},
    {"remote_rejected",
     {"not accepted by the other system", "odrzucone przez drugi system", "vom anderen System abgelehnt",
      "nekad av det andra systemet"},
     Remedy::ask_office},
    {"unknown",
     {"not known whether it is booked", "nie wiadomo, czy nadano", "unklar, ob gebucht", "oklart om den är bokad"},
     Remedy::send_no_more},
    // the courier
    {"courier_rejected",
     {"the courier refused it", "kurier odrzucił zlecenie", "vom Kurier abgelehnt", "budet nekade"},
     Remedy::correct},
    {"label_pending",
     {"the courier has no label yet", "kurier nie ma jeszcze etykiety", "Kurier hat noch kein Label",
      "budet har ingen etikett än"},
     Remedy::wait},
    {"label_incomplete",
     {"fewer labels than parcels", "mniej etykiet niż paczek", "weniger Labels als Pakete", "färre etiketter än paket"},
     Remedy::ask_office},
    {"label_unprinted",
     {"the label is not printed", "etykieta nie została wydrukowana", "Label nicht gedruckt", "etiketten är inte utskriven"},
     Remedy::print_it},
    {token_blocked,
     {"BaseLinker is busy", "BaseLinker jest zajęty", "BaseLinker ist ausgelastet", "BaseLinker är upptagen"},
     Remedy::wait},
};

constexpr Row any_other = {
    "", {"it could not be booked", "nie udało się nadać", "Buchung nicht möglich", "bokningen gick inte"}, Remedy::ask_office};

const Row* find_row(std::string_view cause) {
    const auto* found = std::ranges::find(rows, cause, &Row::cause);
    return found == std::end(rows) ? nullptr : found;
}

} // namespace

std::optional<PackerLanguage> language_called(std::string_view texts) {
    constexpr std::string_view names[] = {"en", "pl", "de", "sv"};
    const auto* found = std::ranges::find(names, texts);
    if (found == std::end(names)) return std::nullopt;
    return packer_languages[found - std::begin(names)];
}

std::string_view message_word(PackerMessage message, PackerLanguage language) {
    constexpr Text failed = {"LABEL FAILED", "BRAK ETYKIETY", "LABEL FEHLT", "ETIKETT SAKNAS"};
    constexpr Text waiting = {"LABEL WAITING", "ETYKIETA CZEKA", "LABEL WARTET", "ETIKETT VÄNTAR"};
    constexpr Text stop = {"STOP", "STOP", "STOPP", "STOPP"};
    const auto at = static_cast<std::size_t>(language);
    switch (message) {
    case PackerMessage::failed: return failed[at];
    case PackerMessage::waiting: return waiting[at];
    case PackerMessage::stop: return stop[at];
    }
    return failed[at];
}

PackerWords cause_words(std::string_view cause, PackerLanguage language) {
    const Row* found = find_row(cause);
    const Row& row = found == nullptr ? any_other : *found;
    const auto at = static_cast<std::size_t>(language);
    return {row.words[at], remedies[static_cast<std::size_t>(row.remedy)][at]};
}

bool has_own_words(std::string_view cause) {
    return find_row(cause) != nullptr;
}

} // namespace blongo::map
