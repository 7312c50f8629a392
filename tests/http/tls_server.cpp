// SPDX-License-Identifier: Apache-2.0
#include "tls_server.hpp"

#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace blongo::test {
namespace {

void must(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("TLS test server: ") + what);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "extension");
    X509_EXTENSION_free(extension);
}

X509* make_certificate(EVP_PKEY* key, const std::string& ip) {
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -24L * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test server"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, NID_subject_alt_name, "IP:" + ip);
    must(X509_sign(certificate, key, EVP_sha256()) > 0, "signature");
    return certificate;
}

std::string to_pem(X509* certificate) {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate);
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return pem;
}

} // namespace

struct TlsServer::Tls {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = nullptr;
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    ~Tls() {
        SSL_CTX_free(context);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
};

TlsServer::TlsServer(const std::string& certified_ip, Behaviour behaviour)
    : tls_(std::make_unique<Tls>()), behaviour_(behaviour) {
    must(tls_->key != nullptr && tls_->context != nullptr, "OpenSSL");
    tls_->certificate = make_certificate(tls_->key, certified_ip);
    certificate_ = to_pem(tls_->certificate);
    must(SSL_CTX_use_certificate(tls_->context, tls_->certificate) == 1, "certificate");
    must(SSL_CTX_use_PrivateKey(tls_->context, tls_->key) == 1, "key");
    if (behaviour == Behaviour::only_tls_1_1) {
        SSL_CTX_set_security_level(tls_->context, 0); // else OpenSSL itself refuses to speak it
        must(SSL_CTX_set_min_proto_version(tls_->context, TLS1_1_VERSION) == 1, "version");
        must(SSL_CTX_set_max_proto_version(tls_->context, TLS1_1_VERSION) == 1, "version");
    }
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    must(listener_ >= 0 && ::bind(listener_, plain, size) == 0 && ::listen(listener_, 16) == 0 &&
             ::getsockname(listener_, plain, &size) == 0,
         "cannot listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

TlsServer::~TlsServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

std::string TlsServer::url() const {
    return "https://127.0.0.1:" + std::to_string(port_) + "/";
}

void TlsServer::run() {
    sigset_t sigpipe; // OpenSSL writes to clients that have gone
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
    while (!stopping_) {
        pollfd watched{listener_, POLLIN, 0};
        if (::poll(&watched, 1, 20) <= 0) continue;
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket < 0) continue;
        const timeval limit{10, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        serve(socket);
        ::close(socket);
    }
}

void TlsServer::serve(int socket) {
    SSL* ssl = SSL_new(tls_->context);
    SSL_set_fd(ssl, socket);
    if (SSL_accept(ssl) == 1 && behaviour_ != Behaviour::hang_up) {
        std::string input;
        char buffer[4096];
        int got = 0;
        while (input.find("\r\n\r\n") == std::string::npos && (got = SSL_read(ssl, buffer, sizeof buffer)) > 0)
            input.append(buffer, static_cast<std::size_t>(got));
        if (!input.empty()) {
            ++requests_;
            constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
            SSL_shutdown(ssl);
        }
    }
    SSL_free(ssl);
}

} // namespace blongo::test
