// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/base/text.hpp>
#include <blongo/state/labels.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const std::string pdf("%PDF-1.4\n\0\xff binary \r\n", 21);

LabelRow label(std::int64_t package = 77, std::int64_t index = 1, std::int64_t order = 84'512'345) {
    LabelRow row;
    row.order_id = BaseOrderId{order};
    row.package_id = package;
    row.index = index;
    row.file_name = "label-BL-84512345-" + std::to_string(package) + ".pdf";
    row.extension = "pdf";
    row.mime_type = "application/pdf";
    return row;
}

unsigned mode_of(const fs::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return 0;
    return info.st_mode & 07777U;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> out;
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(folder, ignored)) out.push_back(file.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

/// A state with one connection and its label store in <folder of the place>/labels.
struct Shelf {
    explicit Shelf(Place& where) : place(where), store(where.open()), key(make_connection(*store)), labels(*store, key, {}) {}
    [[nodiscard]] fs::path folder() const { return place.folder.path() / "labels" / std::to_string(key); }
    /// Makes the stored copy something else, or takes it away.
    void damage(const LabelRow& row, const std::string& bytes) {
        if (is_sqlite(place)) {
            const std::string file = value(labels.file(row));
            if (bytes.empty())
                fs::remove(file);
            else
                write_file(file, bytes);
        } else {
            place.run(*store, "UPDATE labels SET bytes = '" + base64_encode(bytes) + "'");
        }
    }
    Place& place;
    std::unique_ptr<Store> store;
    ConnectionKey key;
    Labels labels;
};

} // namespace

TEST_CASE("a label and its bytes come back as they were stored", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    const auto stored = value(shelf.labels.put(label(5'000'000'001), pdf));
    CHECK(stored.sha256 == sha256_hex(pdf));
    CHECK(stored.size == 21);
    CHECK(stored.stored == place.clock.now());
    CHECK(value(shelf.labels.bytes(stored)) == pdf);
    CHECK(read_file(value(shelf.labels.file(stored))) == pdf);

    auto reader = place.open(Access::read_only);
    Labels labels(*reader, shelf.key, {});
    const auto rows = value(labels.of_order(BaseOrderId{84'512'345}));
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].order_id == BaseOrderId{84'512'345});
    CHECK(rows[0].delivery == 1);
    CHECK(rows[0].package_id == 5'000'000'001);
    CHECK(rows[0].index == 1);
    CHECK(rows[0].file_name == "label-BL-84512345-5000000001.pdf");
    CHECK(rows[0].extension == "pdf");
    CHECK(rows[0].mime_type == "application/pdf");
    CHECK(rows[0].sha256 == stored.sha256);
    CHECK(rows[0].size == stored.size);
    CHECK(rows[0].file_id == 0);
    CHECK(rows[0].stored == stored.stored);
    CHECK_FALSE(rows[0].uploaded);
    CHECK_FALSE(rows[0].printed);
    CHECK_FALSE(rows[0].erased);
    CHECK(value(labels.bytes(rows[0])) == pdf);
    CHECK_FALSE(labels.put(label(2), pdf));
    CHECK(names_in(shelf.folder()).size() == (is_sqlite(place) ? 1 : 0));
}

TEST_CASE("the labels of an order come in order of delivery, package and file", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    auto second = label(70);
    second.delivery = 2;
    value(shelf.labels.put(second, "four"));
    value(shelf.labels.put(label(80), "three"));
    value(shelf.labels.put(label(71, 2), "two"));
    value(shelf.labels.put(label(71, 1), "one"));
    value(shelf.labels.put(label(71, 1, 99), "of another order"));
    Labels others(*shelf.store, make_connection(*shelf.store, "other", 160), {});
    value(others.put(label(71), "of another connection"));
    std::string all;
    for (const auto& row : value(shelf.labels.of_order(BaseOrderId{84'512'345}))) {
        all += value(shelf.labels.bytes(row)) + " ";
    }
    CHECK(all == "one two three four ");
    CHECK(value(shelf.labels.of_delivery(BaseOrderId{84'512'345}, 1)).size() == 3);
    CHECK(value(shelf.labels.of_delivery(BaseOrderId{84'512'345}, 2)).size() == 1);
    const auto theirs = value(others.of_order(BaseOrderId{84'512'345}));
    REQUIRE(theirs.size() == 1);
    CHECK(value(others.bytes(theirs[0])) == "of another connection");
}

TEST_CASE("only their owner can read the files and folders of labels", "[labels]") {
    const mode_t before = ::umask(0);
    {
        Place place(Database::sqlite);
        Shelf shelf(place);
        ::umask(0);
        const auto stored = value(shelf.labels.put(label(), pdf));
        const fs::path file = value(shelf.labels.file(stored));
        CHECK(file == fs::canonical(shelf.folder()) / "84512345-1-77-1.pdf");
        CHECK(mode_of(file) == 0600);
        CHECK(mode_of(shelf.folder()) == 0700);
        CHECK(mode_of(shelf.folder().parent_path()) == 0700);
    }
    {
        Place place(Database::postgresql);
        Shelf shelf(place);
        ::umask(0);
        fs::path copy;
        const auto stored = value(shelf.labels.put(label(), pdf));
        {
            Labels printing(*shelf.store, shelf.key, {});
            copy = value(printing.file(stored));
            CHECK(value(printing.file(stored)) == copy);
            CHECK(read_file(copy) == pdf);
            CHECK(mode_of(copy) == 0600);
            CHECK(mode_of(copy.parent_path()) == 0700);
        }
        CHECK_FALSE(fs::exists(copy.parent_path()));
    }
    ::umask(before);
}

TEST_CASE("labels are kept in the folder that was chosen", "[labels][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    const auto key = make_connection(*store);
    Labels labels(*store, key, place.folder / "elsewhere");
    const auto stored = value(labels.put(label(), pdf));
    const auto expected = place.folder.path() / "elsewhere" / std::to_string(key) / "84512345-1-77-1.pdf";
    CHECK(value(labels.file(stored)) == expected.string());
    CHECK_FALSE(fs::exists(place.folder.path() / "labels"));

    const auto absent = Labels(*store, key, place.folder / "no/such").put(label(2), pdf);
    REQUIRE_FALSE(absent);
    CHECK(absent.error().kind == ErrorKind::state);
    CHECK_THAT(absent.error().text(), Contains("no/such") && Contains("label_dir"));
    CHECK(value(labels.of_order(BaseOrderId{84'512'345})).size() == 1);
}

TEST_CASE("no text of the courier becomes part of a path", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    for (const char* extension : {"", "../../x", "p/f", ".pdf", "pdf2go", "p f", "pd\xc3\xb3"}) {
        INFO(extension);
        auto row = label();
        row.extension = extension;
        const auto refused = shelf.labels.put(row, pdf);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::protocol);
    }
    const auto empty = shelf.labels.put(label(), "");
    REQUIRE_FALSE(empty);
    CHECK(empty.error().kind == ErrorKind::protocol);
    CHECK(value(shelf.labels.of_order(BaseOrderId{84'512'345})).empty());

    auto row = label();
    row.extension = "EPL";
    row.file_name = "../../../../etc/passwd";
    const auto stored = value(shelf.labels.put(row, "N\nP1\n"));
    CHECK(stored.extension == "epl");
    CHECK(fs::path(value(shelf.labels.file(stored))).filename() == "84512345-1-77-1.epl");
}

TEST_CASE("a label that is stored again stays as it is, one with other bytes takes its place", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    auto first = value(shelf.labels.put(label(), pdf));
    first.file_id = 4711;
    first.uploaded = place.clock.now();
    value(shelf.labels.update(first));
    place.clock.advance(Seconds{60});
    auto again = label();
    again.file_name = "another name";
    const auto same = value(shelf.labels.put(again, pdf));
    CHECK(same.file_id == 4711);
    CHECK(same.uploaded == first.uploaded);
    CHECK(same.stored == first.stored);
    CHECK(same.file_name == first.file_name);
    CHECK(value(shelf.labels.of_order(first.order_id))[0].file_id == 4711);

    auto other = label();
    other.extension = "zpl";
    const auto replaced = value(shelf.labels.put(other, "^XA^XZ"));
    CHECK(replaced.file_id == 0);
    CHECK_FALSE(replaced.uploaded);
    CHECK(replaced.stored == place.clock.now());
    const auto rows = value(shelf.labels.of_order(first.order_id));
    REQUIRE(rows.size() == 1);
    CHECK(value(shelf.labels.bytes(rows[0])) == "^XA^XZ");
    CHECK_FALSE(shelf.labels.bytes(first));
    if (is_sqlite(place)) CHECK(names_in(shelf.folder()) == std::vector<std::string>{"84512345-1-77-1.zpl"});
}

TEST_CASE("updating a label leaves its bytes alone, and an unknown label is an error", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    auto row = value(shelf.labels.put(label(), pdf));
    row.file_id = 9'000'000'001;
    row.uploaded = place.clock.now() + Seconds{1};
    row.printed = place.clock.now() + Seconds{2};
    value(shelf.labels.update(row));
    const auto read = value(shelf.labels.of_delivery(row.order_id, 1))[0];
    CHECK(read.file_id == 9'000'000'001);
    CHECK(read.uploaded == row.uploaded);
    CHECK(read.printed == row.printed);
    CHECK(value(shelf.labels.bytes(read)) == pdf);
    for (const auto& absent : {shelf.labels.update(label(1)), shelf.labels.erase(label(1))}) {
        REQUIRE_FALSE(absent);
        CHECK(absent.error().kind == ErrorKind::not_found);
    }
    CHECK(value(shelf.labels.of_order(row.order_id)).size() == 1);
}

TEST_CASE("a label whose stored copy is damaged or gone is neither handed out nor printed, and can be stored again", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    auto row = value(shelf.labels.put(label(), pdf));
    row.file_id = 4711;
    value(shelf.labels.update(row));
    std::string other = pdf;
    other[12] ^= 1;
    shelf.damage(row, GENERATE_COPY(std::string(), other, pdf + "x", pdf.substr(1)));
    for (const auto& refused : {shelf.labels.bytes(row), shelf.labels.file(row)}) {
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::state);
        CHECK_THAT(refused.error().text(), Contains("stored label"));
    }
    const auto healed = value(shelf.labels.put(label(), pdf));
    CHECK(healed.file_id == 4711);
    CHECK(value(shelf.labels.bytes(healed)) == pdf);
}

TEST_CASE("old stored copies are erased, their rows say so, and the rest stays", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    const Timestamp begin = place.clock.now();
    for (int i = 1; i <= 3; ++i) {
        auto row = label(i);
        row.stored = begin - std::chrono::hours{24 * i};
        value(shelf.labels.put(row, "label " + std::to_string(i)));
    }
    Labels others(*shelf.store, make_connection(*shelf.store, "other", 160), {});
    auto theirs = label(1);
    theirs.stored = begin - std::chrono::hours{1000};
    theirs = value(others.put(theirs, "theirs"));

    CHECK(value(shelf.labels.erase_before(begin - std::chrono::hours{48})) == 1);
    CHECK(value(shelf.labels.erase_before(begin - std::chrono::hours{24})) == 1);
    CHECK(value(shelf.labels.erase_before(begin - std::chrono::hours{24})) == 0);
    const auto rows = value(shelf.labels.of_order(BaseOrderId{84'512'345}));
    REQUIRE(rows.size() == 3);
    CHECK(value(shelf.labels.bytes(rows[0])) == "label 1");
    CHECK_FALSE(rows[0].erased);
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK(rows[i].erased == begin);
        const auto gone = shelf.labels.bytes(rows[i]);
        REQUIRE_FALSE(gone);
        CHECK_THAT(gone.error().text(), Contains("erased"));
    }
    if (is_sqlite(place)) CHECK(names_in(shelf.folder()) == std::vector<std::string>{"84512345-1-1-1.pdf"});
    CHECK(place.number(*shelf.store, "SELECT COUNT(*) FROM labels WHERE bytes <> ''") == (is_sqlite(place) ? 0 : 2));
    CHECK(value(others.bytes(theirs)) == "theirs");

    // Fetched once more, it is kept for another time.
    place.clock.advance(Seconds{60});
    const auto back = value(shelf.labels.put(label(3), "label 3"));
    CHECK_FALSE(back.erased);
    CHECK(back.stored == place.clock.now());
    CHECK(value(shelf.labels.bytes(back)) == "label 3");
    CHECK(value(shelf.labels.erase_before(begin - std::chrono::hours{24})) == 0);
}

TEST_CASE("retention reaches every old label, however many", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    value(shelf.store->in_transaction([&]() -> Result<void> {
        for (int i = 1; i <= 450; ++i) BLONGO_CHECK(shelf.labels.put(label(i), "label"));
        return {};
    }));
    CHECK(value(shelf.labels.erase_before(place.clock.now() + Seconds{1})) == 450);
    CHECK(names_in(shelf.folder()).empty());
    CHECK(place.number(*shelf.store, "SELECT COUNT(*) FROM labels WHERE erased IS NULL OR bytes <> ''") == 0);
}

TEST_CASE("a label is erased at once when its package is cancelled, even when its file is gone already", "[labels]") {
    BLONGO_ON_BOTH(place);
    Shelf shelf(place);
    const auto first = value(shelf.labels.put(label(1), "one")), second = value(shelf.labels.put(label(2), "two"));
    shelf.damage(first, {});
    value(shelf.labels.put(label(2), "two"));
    value(shelf.labels.erase(first));
    value(shelf.labels.erase(first));
    const auto rows = value(shelf.labels.of_order(first.order_id));
    CHECK(rows[0].erased == place.clock.now());
    CHECK_FALSE(shelf.labels.bytes(first));
    CHECK(value(shelf.labels.bytes(second)) == "two");
}

TEST_CASE("a run that is killed while it stores labels leaves none that is half there", "[labels][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    ConnectionKey key = 0;
    {
        auto store = place.open();
        key = make_connection(*store);
    }
    const auto bytes_of = [](std::int64_t package) { return std::string(200'000, static_cast<char>('a' + package % 26)); };
    std::size_t stored = 0;
    for (int round = 0; round < 8; ++round) {
        const auto codes = in_processes(2, [&](int own) {
            // The later rounds give a busy machine the time to store something at all.
            ::ualarm(static_cast<useconds_t>((60'000 + (2 * round + own) * 7'000) * (round < 4 ? 1 : 5)), 0);
            auto store = Store::open(place.options());
            if (!store) return 1;
            Labels labels(**store, key, {});
            for (std::int64_t i = own;; i += 2) {
                if (!labels.put(label(round * 100'000 + i), bytes_of(i))) return 2;
            }
        });
        CHECK(codes == std::vector<int>(2, 128 + SIGALRM));
        auto store = place.open();
        Labels labels(*store, key, {});
        const auto rows = value(labels.of_order(BaseOrderId{84'512'345}));
        for (const auto& row : rows) CHECK(value(labels.bytes(row)) == bytes_of(row.package_id % 100'000));
        stored = rows.size();
    }
    CHECK(stored > 0);
    auto store = place.open();
    Labels labels(*store, key, {});
    // Retention takes what the killed ones left half-written.
    const auto folder = place.folder.path() / "labels" / std::to_string(key);
    if (is_sqlite(place)) write_file(folder / ".84512345-1-1-1.pdf.0011223344556677.tmp", "half");
    CHECK(value(labels.erase_before(place.system.now() + std::chrono::hours{1})) == static_cast<std::int64_t>(stored));
    for (const std::string& name : names_in(folder)) CHECK_THAT(name, !Contains(".tmp"));
}

TEST_CASE("of processes that store the same label at once, the row and the bytes come from the same one", "[labels][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    ConnectionKey key = 0;
    {
        auto store = place.open();
        key = make_connection(*store);
    }
    constexpr int rounds = 25;
    const auto codes = in_processes(4, [&](int own) {
        auto store = Store::open(place.options());
        if (!store) return 1;
        Labels labels(**store, key, {});
        for (int package = 1; package <= rounds; ++package) {
            // Two bring what the courier made, two what it made when asked once more.
            if (!labels.put(label(package), std::string(50'000, own < 2 ? 'x' : 'y'))) return 2;
        }
        return 0;
    });
    CHECK(codes == std::vector<int>(4, 0));
    auto store = place.open();
    Labels labels(*store, key, {});
    const auto rows = value(labels.of_order(BaseOrderId{84'512'345}));
    CHECK(rows.size() == rounds);
    for (const auto& row : rows) CHECK(value(labels.bytes(row)).size() == 50'000);
    if (is_sqlite(place)) CHECK(names_in(place.folder.path() / "labels" / std::to_string(key)).size() == rounds);
}
