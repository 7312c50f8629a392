// SPDX-License-Identifier: Apache-2.0
// Run by the build: writes the manual pages and the completion scripts.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app.hpp"
#include "completion.hpp"

#include "pages.hpp"

int main(int argc, char** argv) {
    using namespace blongo;
    if (argc != 3) {
        (void)std::fputs("usage: blongo-docs examples/blongo.toml FOLDER\n", stderr);
        return 2;
    }
    std::ifstream in(argv[1], std::ios::binary);
    const std::string sample{std::istreambuf_iterator<char>(in), {}};
    app::Common common;
    app::CommandLine line("blongo", app::summary, app::common_options(common));
    app::add_commands(line.root());
    docs::Pages files;
    docs::add_command_pages(line.root(), files);
    docs::add_json_page(files);
    if (const auto added = docs::add_configuration_page(sample, files); !added) {
        (void)std::fprintf(stderr, "%s\n", added.error().text().c_str());
        return 1;
    }
    files["completion.bash"] = app::completion_script("bash");
    files["completion.zsh"] = app::completion_script("zsh");
    files["completion.fish"] = app::completion_script("fish");
    for (const auto& [name, text] : files) {
        std::ofstream out(std::string(argv[2]) + '/' + name, std::ios::binary);
        out << text;
        if (!out.flush()) {
            (void)std::fprintf(stderr, "%s/%s cannot be written\n", argv[2], name.c_str());
            return 1;
        }
    }
    return 0;
}
