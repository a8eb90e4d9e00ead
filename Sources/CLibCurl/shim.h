#ifndef MAITRED_CLIBCURL_SHIM_H
#define MAITRED_CLIBCURL_SHIM_H

// Debian's libcurl4-openssl-dev: one TLS library in the process.
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

// curl_easy_setopt and curl_easy_getinfo take their values by `...`, which Swift cannot call. One
// function for each type of value; the option says which is right.

static inline CURLcode maitred_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

/// The text is copied by curl.
static inline CURLcode maitred_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// What is pointed at must outlive the transfer.
static inline CURLcode maitred_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode maitred_curl_set_list(CURL *easy, CURLoption option,
                                             struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/// The body is copied by curl.
static inline CURLcode maitred_curl_set_body(CURL *easy, const void *bytes, long length) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, length);
    return code ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

/// Receives bytes: of the body, or one header line. What it does not take ends the transfer.
typedef size_t (*maitred_curl_receive)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode maitred_curl_set_receiver(CURL *easy, CURLoption option,
                                                 maitred_curl_receive receive) {
    return curl_easy_setopt(easy, option, receive);
}

/// Opens the socket for an address, or refuses it with CURL_SOCKET_BAD.
typedef curl_socket_t (*maitred_curl_open)(void *context, curlsocktype purpose,
                                           struct curl_sockaddr *address);

static inline CURLcode maitred_curl_set_opener(CURL *easy, maitred_curl_open open) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
}

/// Called before each request on a connection, new or kept, with the address it leads to.
typedef int (*maitred_curl_before)(void *context, char *address, char *own, int port, int own_port);

static inline CURLcode maitred_curl_set_before(CURL *easy, maitred_curl_before before) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before);
}

static inline long maitred_curl_status(CURL *easy) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/// A message about a transfer that has ended; its result is in a union, which Swift does not see.
static inline CURLcode maitred_curl_result(const CURLMsg *message) { return message->data.result; }

static inline CURLMcode maitred_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The bytes of an address: longer than the `struct sockaddr` by which curl declares it.
static inline const struct sockaddr *maitred_curl_address(const struct curl_sockaddr *address) {
    return &address->addr;
}

static const curl_socket_t maitred_curl_no_socket = CURL_SOCKET_BAD;

#endif
