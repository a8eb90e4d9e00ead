#define _GNU_SOURCE
#include "client-id.h"
#include "dialect.h"
#include "include/child-process.h"
#include "load-visit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { events_at_once = 256 };
static const double patience = 20;  // seconds without progress while opening

uint64_t load_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void load_fail(bench_load *load, const char *why) {
    // The first cause is the one worth telling.
    if (!load->error[0]) snprintf(load->error, sizeof load->error, "%s", why);
}

// MARK: life

static const dialect *const dialects[] = {
    [bench_dialect_maitred] = &dialect_maitred,
    [bench_dialect_mqtt] = &dialect_mqtt,
    [bench_dialect_xmpp] = &dialect_xmpp,
};

bench_load *bench_load_create(uint16_t port, bench_dialect dialect, bool secure) {
    bench_load *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->port = port;
    made->dialect = dialects[dialect];
    made->secure = secure;
    made->poll = epoll_create1(EPOLL_CLOEXEC);
    if (made->poll >= 0) return made;
    free(made);
    return NULL;
}

void bench_load_close_all(bench_load *load) {
    for (unsigned each = 0; each < load->count; each++) {
        peer *closed = load->peers[each];
        peer_abort(closed);
        free(closed->message);
        free(closed);
    }
    load->count = 0;
    load->acknowledged = load->delivered = load->refused = load->misordered = 0;
    load->closed = load->speaker_count = 0;
    load->has_agent = false;
    load->error[0] = 0;
}

void bench_load_destroy(bench_load *load) {
    bench_load_close_all(load);
    free(load->peers);
    free(load->speakers);
    free_visits(load);
    buffer_free(&load->scratch);
    close(load->poll);
    free(load);
}

const char *bench_load_error(const bench_load *load) { return load->error; }

// MARK: the loop

static void watch(bench_load *load, peer *which, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = which};
    epoll_ctl(load->poll, operation, which->socket, &event);
}

void load_step(bench_load *load, uint64_t nanoseconds) {
    struct epoll_event events[events_at_once];
    struct timespec wait = {.tv_sec = (time_t)(nanoseconds / 1000000000u),
                            .tv_nsec = (long)(nanoseconds % 1000000000u)};
    int ready = epoll_pwait2(load->poll, events, events_at_once, &wait, NULL);
    for (int each = 0; each < ready; each++) {
        peer *which = events[each].data.ptr;
        if (which->phase == phase_closed) continue;
        if (events[each].events & EPOLLOUT) {
            if (!peer_flush(which)) {
                load_ended(load, which, strerror(errno));
                continue;
            }
            if (which->outgoing.length == 0 || which->wants_read)
                watch(load, which, EPOLL_CTL_MOD, EPOLLIN);
        }
        if (events[each].events & (EPOLLIN | EPOLLERR | EPOLLHUP))
            peer_read(load, which, &load->scratch);
        if (which->phase == phase_closed || which->outgoing.length == 0) continue;
        if (which->wants_read && !peer_flush(which)) load_ended(load, which, strerror(errno));
        else if (which->outgoing.length > 0 && !which->wants_read)
            watch(load, which, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
}

void bench_load_serve(bench_load *load, double seconds) {
    uint64_t end = load_now() + (uint64_t)(seconds * 1e9);
    for (uint64_t now = load_now(); now < end; now = load_now()) load_step(load, end - now);
}

// MARK: opening

peer *load_add_peer(bench_load *load, bench_role role) {
    if (load->count == load->capacity) {
        load->capacity = load->capacity ? load->capacity * 2 : 128;
        load->peers = realloc(load->peers, load->capacity * sizeof *load->peers);
        if (!load->peers) abort();
    }
    peer *made = calloc(1, sizeof *made);
    if (!made) abort();
    made->number = load->count;
    made->role = role;
    made->socket = -1;
    load->peers[load->count++] = made;
    return made;
}

bool load_connect(bench_load *load, peer *of, phase phase, const char *request, size_t length) {
    if (!peer_connect(of, load->port, load->secure, phase, request, length)) return false;
    watch(load, of, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
    return true;
}

bool load_upgrade(bench_load *load, peer *of, const char *origin) {
    char request[1024];
    size_t length =
        peer_write_upgrade(request, sizeof request, load->port, load->dialect, origin);
    if (length > 0) return load_connect(load, of, phase_upgrading, request, length);
    errno = EMSGSIZE;
    return false;
}

static void start_one(bench_load *load) {
    peer *made = load_add_peer(load, load->opening->role);
    load->started++;
    if (!load_upgrade(load, made, load->opening->origin)) load_ended(load, made, strerror(errno));
}

void load_opened(bench_load *load, peer *of) {
    of->phase = phase_open;
    load->opened++;
    if (of->role == bench_role_agent) load->has_agent = true;
    if (load->opening->close_when_open) peer_abort(of);
}

const char *load_hello(const bench_load *load, const peer *of) {
    return load->opening->hellos[of->number - load->first];
}

void load_asked(bench_load *load, peer *of, const char *answer, size_t length) {
    visit_answered(load, of, answer, length);
}

void load_upgraded(bench_load *load, peer *of) {
    if (of->role == bench_role_visitor) {
        visit_upgraded(load, of);
        return;
    }
    const bench_opening *opening = load->opening;
    if (!opening || !opening->hellos) {
        load_opened(load, of);
        return;
    }
    of->phase = phase_greeting;
    load->dialect->greet(load, of);
}

void load_ended(bench_load *load, peer *of, const char *why) {
    if (of->phase == phase_closed) return;
    if (of->role == bench_role_visitor) {
        visit_ended(load, of);
        return;
    }
    if (of->phase == phase_open) load->closed++;
    else load->failed++;
    if (of->waiting && load->in_flight > 0) load->in_flight--;
    load_fail(load, why);
    peer_abort(of);
}

bench_opened bench_load_open(bench_load *load, const bench_opening *opening) {
    load->error[0] = 0;
    load->opening = opening;
    load->first = load->count;
    load->started = load->opened = load->failed = 0;
    double cpu = bench_process_cpu_seconds(opening->server);
    uint64_t begun = load_now(), progress = begun;
    while (load->opened + load->failed < opening->count) {
        unsigned before = load->opened;
        while (load->started < opening->count &&
               load->started - load->opened - load->failed < opening->width)
            start_one(load);
        load_step(load, 100000000);
        if (load->opened > before) progress = load_now();
        if ((double)(load_now() - progress) > patience * 1e9) {
            load_fail(load, "nothing was opened for 20 seconds");
            break;
        }
    }
    uint64_t missing = 0;
    for (unsigned each = load->first; opening->missed && each < load->count; each++)
        missing += opening->missed[each - load->first] - load->peers[each]->delivered;
    bench_opened result = {
        .missing = missing, .misordered = load->misordered,
        .opened = load->opened, .failed = opening->count - load->opened,
        .seconds = (double)(load_now() - begun) / 1e9,
        .server_cpu_seconds = bench_process_cpu_seconds(opening->server) - cpu,
    };
    load->opening = NULL;
    return result;
}

// MARK: what comes in

peer *load_delivered(bench_load *load, const char *id, size_t length) {
    if (length < client_id_length || memcmp(id, "bench-", client_id_prefix) != 0) return NULL;
    uint32_t number = read_digits(id + client_id_prefix, client_id_number);
    uint32_t sequence = read_digits(id + client_id_sequence_at, client_id_sequence);
    load->delivered++;
    if (number >= load->count) {
        load->misordered++;
        return NULL;
    }
    peer *from = load->peers[number];
    if (sequence != from->delivered + 1) load->misordered++;
    from->delivered = sequence;
    return from;
}

static bool answers_question(bench_load *load, const char *text, size_t length) {
    if (!load->answer || !memmem(text, length, load->asked, strlen(load->asked))) return false;
    size_t kept = length < load->answer_capacity ? length : load->answer_capacity - 1;
    memcpy(load->answer, text, kept);
    load->answer[kept] = 0;
    load->answer_length = (long)length;
    load->answered_at = load_now();
    load->answer = NULL;
    return true;
}

void load_received(bench_load *load, peer *from, const char *bytes, size_t length) {
    if (from->phase == phase_open && answers_question(load, bytes, length)) return;
    load->dialect->receive(load, from, bytes, length);
}

// MARK: asking

/// Sends a frame and waits for one that contains what `asked` holds.
static long ask(bench_load *load, unsigned connection, const char *frame, char *answer,
                size_t capacity, double timeout) {
    load->error[0] = 0;
    if (connection >= load->count || load->peers[connection]->phase != phase_open) {
        load_fail(load, "the connection is not open");
        return -1;
    }
    peer *with = load->peers[connection];
    load->answer = answer;
    load->answer_capacity = capacity;
    if (!peer_send(with, 1, frame, strlen(frame))) load_ended(load, with, strerror(errno));
    uint64_t end = load_now() + (uint64_t)(timeout * 1e9);
    while (load->answer && with->phase == phase_open && load_now() < end) load_step(load, 10000000);
    bool given = load->answer == NULL;
    load->answer = NULL;
    if (given) return load->answer_length;
    load_fail(load, "no answer came in time");
    return -1;
}

long bench_load_ask(bench_load *load, unsigned connection, const char *frame, const char *id,
                    char *answer, size_t capacity, double timeout) {
    snprintf(load->asked, sizeof load->asked, "\"re\":\"%.48s\"", id);
    return ask(load, connection, frame, answer, capacity, timeout);
}

double bench_load_exchange(bench_load *load, unsigned connection, const char *frame,
                           const char *expected, double timeout) {
    char unused[1];
    snprintf(load->asked, sizeof load->asked, "%s", expected);
    uint64_t from = load_now();
    if (ask(load, connection, frame, unused, sizeof unused, timeout) < 0) return -1;
    return (double)(load->answered_at - from) / 1e9;
}
