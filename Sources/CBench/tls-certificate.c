#include "include/tls.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

enum { seconds_valid = 2 * 24 * 3600 };

static bool describe(X509 *made, EVP_PKEY *key) {
    X509_NAME *name = X509_get_subject_name(made);
    return X509_set_version(made, 2) && ASN1_INTEGER_set(X509_get_serialNumber(made), 1) &&
           X509_gmtime_adj(X509_getm_notBefore(made), -3600) &&
           X509_gmtime_adj(X509_getm_notAfter(made), seconds_valid) &&
           X509_set_pubkey(made, key) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1",
                                      -1, -1, 0) &&
           X509_set_issuer_name(made, name) && X509_sign(made, key, EVP_sha256()) > 0;
}

bool bench_make_certificate(const char *certificate, const char *key) {
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    FILE *key_file = fopen(key, "we"), *certificate_file = fopen(certificate, "we");
    bool good = pair && made && key_file && certificate_file && describe(made, pair) &&
                PEM_write_PrivateKey(key_file, pair, NULL, NULL, 0, NULL, NULL) &&
                PEM_write_X509(certificate_file, made);
    if (key_file && fclose(key_file) != 0) good = false;
    if (certificate_file && fclose(certificate_file) != 0) good = false;
    X509_free(made);
    EVP_PKEY_free(pair);
    return good;
}
