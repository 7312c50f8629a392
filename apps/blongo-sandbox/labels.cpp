// SPDX-License-Identifier: Apache-2.0
#include "labels.hpp"

#include <vector>

#include <fmt/format.h>

namespace blongo::sandbox {

namespace {

std::string padding(const std::string& document, std::int64_t least_bytes) {
    const std::int64_t missing = least_bytes - static_cast<std::int64_t>(document.size());
    return missing > 0 ? std::string(static_cast<std::size_t>(missing), 'x') : std::string{};
}

std::string pdf(std::string_view text, std::int64_t pages, std::int64_t least_bytes) {
    std::string out = "%PDF-1.4\n";
    out += "%" + padding({}, least_bytes) + "\n";
    std::vector<std::size_t> offsets;
    const auto object = [&](const std::string& body) {
        offsets.push_back(out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", offsets.size(), body);
    };
    std::string kids;
    for (std::int64_t i = 0; i < pages; ++i) kids += fmt::format("{} 0 R ", 4 + 2 * i);
    object("<< /Type /Catalog /Pages 2 0 R >>");
    object(fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, pages));
    object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    for (std::int64_t i = 0; i < pages; ++i) {
        object(fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 283 425] /Contents {} 0 R "
                           "/Resources << /Font << /F1 3 0 R >> >> >>",
                           5 + 2 * i));
        const std::string stream = fmt::format("BT\n/F1 14 Tf 20 380 Td ({} {}/{}) Tj ET\n", text, i + 1, pages);
        object(fmt::format("<< /Length {} >>\nstream\n{}endstream", stream.size(), stream));
    }
    const std::size_t table = out.size();
    out += fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets.size() + 1);
    for (const std::size_t offset : offsets) out += fmt::format("{:010} 00000 n \n", offset);
    return out + fmt::format("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", offsets.size() + 1, table);
}

// One white pixel each.
constexpr unsigned char gif_bytes[] = {'G', 'I',  'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 0xFF, 0xFF, 0xFF, 0,   0,
                                       0,   0x2C, 0,   0,   0,   0,   1, 0, 1, 0, 0,    2, 2, 0x44, 1,    0,    0x3B};
constexpr unsigned char png_bytes[] = {0x89, 'P',  'N',  'G',  0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    0x0D, 'I',  'H',
                                       'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,
                                       0,    0x3A, 0x7E, 0x9B, 0x55, 0,    0,    0,    0x0A, 'I',  'D',  'A',  'T',  0x78,
                                       0x9C, 0x63, 0xF8, 0x0F, 0,    1,    1,    1,    0,    0x1B, 0xB6, 0xEE, 0x56, 0,
                                       0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};

std::string bytes_of(const unsigned char* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

} // namespace

std::string make_document(std::string_view extension, std::string_view text, std::int64_t pages, std::int64_t least_bytes) {
    if (extension == "pdf") return pdf(text, pages, least_bytes);
    if (extension == "gif" || extension == "png") {
        const std::string image =
            extension == "gif" ? bytes_of(gif_bytes, sizeof gif_bytes) : bytes_of(png_bytes, sizeof png_bytes);
        return image + padding(image, least_bytes);
    }
    std::string out = extension == "html" ? "<!DOCTYPE html><html><body>" : "";
    for (std::int64_t i = 1; i <= pages; ++i) {
        if (extension == "zpl")
            out += fmt::format("^XA^CI28^FO40,40^A0N,40^FD{} {}/{}^FS^XZ\n", text, i, pages);
        else if (extension == "epl")
            out += fmt::format("\nN\nA40,40,0,4,1,1,N,\"{} {}/{}\"\nP1\n", text, i, pages);
        else if (extension == "dpl")
            out += fmt::format("\x02L\r191100200400040{} {}/{}\rE\r", text, i, pages);
        else
            out += fmt::format("<h1>{} {}/{}</h1>", text, i, pages);
    }
    if (extension == "zpl") return out + "^XA^FX" + padding(out, least_bytes) + "^XZ\n";
    if (extension == "html") return out + "<!--" + padding(out, least_bytes) + "--></body></html>";
    return out + padding(out, least_bytes);
}

} // namespace blongo::sandbox
