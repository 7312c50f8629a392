// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <blongo/base/files.hpp>

#include "support/temp_dir.hpp"

using namespace blongo;

namespace {

constexpr uid_t somebody = 4711;
constexpr gid_t their_group = 4712;

struct stat look(const std::string& path) {
    struct stat info {};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info;
}

bool make(const std::string& path, int flags = O_WRONLY) {
    const int file = open_private(path, flags);
    if (file >= 0) ::close(file);
    return file >= 0;
}

} // namespace

TEST_CASE("a private file is made once, for its user alone") {
    const test::TempDir dir;
    REQUIRE(make(dir / "a"));
    CHECK((look(dir / "a").st_mode & 07777) == 0600);
    CHECK(look(dir / "a").st_uid == ::geteuid());
    CHECK(make(dir / "a"));
    CHECK_FALSE(make(dir / "a", O_WRONLY | O_EXCL));
    CHECK(errno == EEXIST);
    CHECK_FALSE(make(dir / "none/a"));
    CHECK(errno == ENOENT);
    REQUIRE(make_private_directory(dir / "b"));
    CHECK((look(dir / "b").st_mode & 07777) == 0700);
    CHECK_FALSE(make_private_directory(dir / "b"));
    CHECK_FALSE(other_owner(dir.path().string()));
}

TEST_CASE("what root makes in a folder of another user belongs to that user") {
    if (::geteuid() != 0) return; // only root can give files away
    const test::TempDir dir;
    REQUIRE(::chown(dir.path().c_str(), somebody, their_group) == 0);
    REQUIRE(other_owner(dir.path().string()));
    REQUIRE(make(dir / "a"));
    REQUIRE(make(dir / "lock", O_RDWR | O_EXCL));
    REQUIRE(make_private_directory(dir / "b"));
    for (const char* name : {"a", "lock", "b"}) {
        INFO(name);
        CHECK(look(dir / name).st_uid == somebody);
        CHECK(look(dir / name).st_gid == their_group);
        CHECK((look(dir / name).st_mode & 077) == 0);
    }
    // Nothing that was there before, and nothing that a link points to, is given away.
    const test::TempDir roots;
    test::write_file(roots / "secret", "x");
    std::filesystem::create_symlink(roots / "secret", dir / "link");
    CHECK(make(dir / "link"));
    CHECK(look(roots / "secret").st_uid == 0);
    std::filesystem::create_symlink(roots / "new", dir / "dangling");
    CHECK(make(dir / "dangling"));
    CHECK(look(roots / "new").st_uid == 0);
    test::write_file(dir / "old", "x");
    CHECK(make(dir / "old"));
    CHECK(look(dir / "old").st_uid == 0);

    REQUIRE(::chmod(dir.path().c_str(), 01777) == 0);
    CHECK_FALSE(other_owner(dir.path().string()));
}
