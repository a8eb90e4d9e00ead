// A WebSocket client that is never the bottleneck: one thread, epoll, frames of its own. It drives
// any number of connections to one server and measures what comes back. Not thread-safe.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct bench_load bench_load;

/// How the server is spoken to.
typedef enum bench_dialect {
    bench_dialect_maitred,  ///< maitred's protocol; references A and B.
    bench_dialect_mqtt,     ///< MQTT 3.1.1, quality of service 1.
    bench_dialect_xmpp,     ///< XMPP, each message archived before it is delivered.
} bench_dialect;

/// The domain of the XMPP server's accounts.
#define BENCH_XMPP_DOMAIN "bench.localhost"

/// What a connection is for.
typedef enum bench_role {
    bench_role_idle,      ///< Stays open and answers pings.
    bench_role_echo,      ///< Its messages come back unchanged (reference A).
    bench_role_customer,  ///< Its messages are acknowledged.
    bench_role_agent,     ///< Receives what customers of the same client sent.
    bench_role_visitor,   ///< Comes by itself: visits.h.
    bench_role_returning, ///< Is open when it has been sent what it missed.
} bench_role;

typedef struct bench_opening {
    bench_role role;
    unsigned count;
    unsigned width;             ///< Handshakes in progress at a time.
    const char *origin;         ///< NULL sends no Origin.
    const char *const *hellos;  ///< One for each, NULL: none is sent. maitred: the frame that
                                ///< `welcome` answers; MQTT: a client id; XMPP: an `auth` element.
    bool close_when_open;       ///< Ends each connection as soon as it is open.
    const uint32_t *missed;     ///< For returning ones: how many of their messages each has missed.
    pid_t server;
} bench_opening;

typedef struct bench_opened {
    unsigned opened, failed;
    double seconds, server_cpu_seconds;
    uint64_t missing, misordered;  ///< Of what returning ones have missed.
} bench_opened;

typedef struct bench_load_options {
    unsigned connections;  ///< The first so many prepared ones; each keeps one message in flight.
    double warm_up_seconds, seconds;
    double messages_per_second;  ///< 0: as fast as the answers come; else on schedule, and latency
                                 ///< counts from the time a message was due.
    unsigned beside;        ///< A further connection that sends its signal all the time; its answers
    double beside_seconds;  ///< are not looked at. So often; 0: none does.
    pid_t server;
} bench_load_options;

typedef struct bench_measured {
    uint64_t messages;  ///< Acknowledged inside the measured window; by XMPP, where nothing is
                        ///< acknowledged to the sender, archived and delivered.
    double seconds;
    double p50_us, p90_us, p99_us, max_us;
    double server_cpu_seconds, client_cpu_seconds;
    uint64_t acknowledged, delivered;  ///< Since the connections were opened, warm-ups included.
    uint64_t refused, misordered;      ///< `err` answers; deliveries out of order, twice or lost.
    unsigned unanswered;               ///< Still waited for when patience ended.
    unsigned closed;                   ///< Connections the server has ended.
} bench_measured;

/// A client of the server at 127.0.0.1:`port`, with TLS when `secure`; NULL when out of resources.
bench_load *bench_load_create(uint16_t port, bench_dialect dialect, bool secure);
void bench_load_destroy(bench_load *load);

/// Closes every connection and forgets them, the counts too.
void bench_load_close_all(bench_load *load);

/// Why the last thing failed, in words; empty when nothing did. Valid until the next call.
const char *bench_load_error(const bench_load *load);

/// Opens `count` connections; they are numbered on from those there are. Gives up after 20 seconds
/// in which nothing was opened.
bench_opened bench_load_open(bench_load *load, const bench_opening *opening);

/// Gives a customer's or echo connection its message: into which conversation (by MQTT a topic, by
/// XMPP an address) and what it says, which must need no escaping. Client ids count up from 1.
bool bench_load_prepare(bench_load *load, unsigned connection, const char *conversation,
                        const char *text);

/// How many messages a customer has sent since it was opened.
uint32_t bench_load_sent(const bench_load *load, unsigned connection);

/// Gives a connection a frame of maitred's that is sent as it is, and says what answers it: a frame
/// of the type `answer` that comes to the agent for `conversation`, or without a conversation to the
/// connection itself. An echo connection needs neither.
bool bench_load_prepare_signal(bench_load *load, unsigned connection, const char *frame,
                               const char *conversation, const char *answer);

/// Sends a request of maitred's and waits for the answer with `"re":"<id>"`. Copies at most
/// `capacity` - 1 bytes and ends them with 0; returns the length of the answer, or -1.
long bench_load_ask(bench_load *load, unsigned connection, const char *frame, const char *id,
                    char *answer, size_t capacity, double timeout);

/// Sends a frame and waits until the connection receives one that contains `expected` (63 bytes at
/// most). Returns the seconds that took, or -1.
double bench_load_exchange(bench_load *load, unsigned connection, const char *frame,
                           const char *expected, double timeout);

/// Serves the connections (pings above all) for a while without sending.
void bench_load_serve(bench_load *load, double seconds);

/// Drives the prepared connections, then waits for every answer and, when there is an agent, every
/// delivery (10 seconds at most).
bench_measured bench_load_run(bench_load *load, const bench_load_options *options);
