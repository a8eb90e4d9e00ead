// MQTT 3.1.1, quality of service 1. A customer publishes, and PUBACK is its acknowledgement; an
// agent subscribes to what all publish, in a session that persists, and sends PUBACK for each.
// A connection greets with its client id.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client-id.h"
#include "dialect.h"

enum { type_connack = 2, type_publish = 3, type_puback = 4, type_suback = 9 };
enum { first_connect = 0x10, first_publish = 0x32, first_puback = 0x40, first_subscribe = 0x82 };
enum { clean_session = 2, longest_client_id = 64, longest_length_field = 4 };

static const char protocol_and_level[] = "\0\4MQTT\4", every_topic[] = "bench/#";

static void send_packet(bench_load *load, peer *to, const void *packet, size_t length) {
    if (!peer_send(to, 2, packet, length)) load_ended(load, to, strerror(errno));
}

static size_t put_number(uint8_t *to, size_t value) {
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return 2;
}

static size_t put(uint8_t *to, const void *bytes, size_t length) {
    memcpy(to, bytes, length);
    return length;
}

// MARK: greeting

static void greet(bench_load *load, peer *with) {
    const char *client = load_hello(load, with);
    size_t width = strlen(client), at = 2;
    if (width > longest_client_id) {
        load_ended(load, with, "the client id is too long");
        return;
    }
    uint8_t packet[32 + longest_client_id] = {first_connect};
    at += put(packet + at, protocol_and_level, sizeof protocol_and_level - 1);
    packet[at++] = with->role == bench_role_agent ? 0 : clean_session;
    at += put_number(packet + at, 0);  // no keep-alive: an idle connection may stay silent
    at += put_number(packet + at, width);
    at += put(packet + at, client, width);
    packet[1] = (uint8_t)(at - 2);
    send_packet(load, with, packet, at);
}

static void subscribe(bench_load *load, peer *with) {
    uint8_t packet[32] = {first_subscribe};
    size_t at = 2;
    at += put_number(packet + at, 1);
    at += put_number(packet + at, sizeof every_topic - 1);
    at += put(packet + at, every_topic, sizeof every_topic - 1);
    packet[at++] = 1;  // quality of service
    packet[1] = (uint8_t)(at - 2);
    send_packet(load, with, packet, at);
}

static void connected(bench_load *load, peer *from, const uint8_t *body, size_t length) {
    if (length != 2 || body[1] != 0) load_ended(load, from, "CONNECT was refused");
    else if (from->role == bench_role_agent) subscribe(load, from);
    else load_opened(load, from);
}

static void subscribed(bench_load *load, peer *from, const uint8_t *body, size_t length) {
    if (length == 3 && body[2] == 1) load_opened(load, from);
    else load_ended(load, from, "SUBSCRIBE was refused");
}

// MARK: messages

static size_t put_length(uint8_t *to, size_t length) {
    size_t at = 0;
    do {
        to[at] = length & 127;
        length >>= 7;
        if (length > 0) to[at] |= 128;
        at++;
    } while (length > 0);
    return at;
}

static bool prepare(peer *with, const char *conversation, const char *text) {
    char *topic = NULL, *payload = NULL;
    int topic_width = asprintf(&topic, "bench/%s", conversation);
    int width = asprintf(&payload, client_id_format " %s", with->number, text);
    if (topic_width < 0 || width < 0) abort();
    size_t body = 2 + (size_t)topic_width + 2 + (size_t)width, at = 1;
    uint8_t *packet = malloc(1 + longest_length_field + body);
    if (!packet) abort();
    packet[0] = first_publish;
    at += put_length(packet + at, body);
    at += put_number(packet + at, (size_t)topic_width);
    at += put(packet + at, topic, (size_t)topic_width);
    with->id_at = at;
    with->cid_at = at += 2;
    at += put(packet + at, payload, (size_t)width);
    with->message = (char *)packet;
    with->length = at;
    free(topic);
    free(payload);
    return true;
}

/// Packet ids go round; 0 is none.
static uint16_t packet_id(const peer *of) { return (uint16_t)((of->sequence - 1) % 65535 + 1); }

static void number(peer *with) {
    put_number((uint8_t *)with->message + with->id_at, packet_id(with));
    write_digits(with->message + with->cid_at + client_id_sequence_at, client_id_sequence,
                 with->sequence);
}

static void acknowledged(bench_load *load, peer *from, const uint8_t *body, size_t length) {
    if (length == 2 && from->waiting && (body[0] << 8 | body[1]) == packet_id(from))
        load_answered(load, from);
    else load_ended(load, from, "PUBACK came for what was not sent");
}

static void delivered(bench_load *load, peer *to, uint8_t first, const uint8_t *body,
                      size_t length) {
    size_t topic = length >= 2 ? 2 + (size_t)(body[0] << 8 | body[1]) : length;
    if ((first >> 1 & 3) != 1 || length < topic + 2) {
        load_ended(load, to, "PUBLISH came without quality of service 1");
        return;
    }
    const uint8_t puback[] = {first_puback, 2, body[topic], body[topic + 1]};
    load_delivered(load, (const char *)body + topic + 2, length - topic - 2);
    send_packet(load, to, puback, sizeof puback);
}

// MARK: packets

static void take(bench_load *load, peer *from, uint8_t first, const uint8_t *body, size_t length) {
    unsigned type = first >> 4;
    if (from->phase == phase_greeting && type == type_connack) {
        connected(load, from, body, length);
    } else if (from->phase == phase_greeting && type == type_suback) {
        subscribed(load, from, body, length);
    } else if (from->role == bench_role_customer && type == type_puback) {
        acknowledged(load, from, body, length);
    } else if (from->role == bench_role_agent && type == type_publish) {
        delivered(load, from, first, body, length);
    } else {
        load_ended(load, from, "the broker sent an unexpected packet");
    }
}

/// Takes one packet. Returns its length, 0 when it is incomplete or the connection has ended.
static size_t take_packet(bench_load *load, peer *from, const uint8_t *bytes, size_t available) {
    size_t length = 0, at = 1;
    bool more = true;
    for (unsigned shift = 0; more; shift += 7) {
        if (at == available) return 0;
        if (at > longest_length_field) {
            load_ended(load, from, "the length of a packet never ends");
            return 0;
        }
        length |= (size_t)(bytes[at] & 127) << shift;
        more = bytes[at++] & 128;
    }
    if (available - at < length) return 0;
    take(load, from, bytes[0], bytes + at, length);
    return from->phase == phase_closed ? 0 : at + length;
}

/// Packets need not begin and end where messages of the WebSocket do.
static void receive(bench_load *load, peer *from, const char *bytes, size_t length) {
    buffer whole = from->stream;
    from->stream = (buffer){0};
    if (whole.length > 0) {
        buffer_append(&whole, bytes, length);
        bytes = (const char *)whole.bytes;
        length = whole.length;
    }
    size_t at = 0, taken = 1;
    while (at < length && taken > 0) {
        taken = take_packet(load, from, (const uint8_t *)bytes + at, length - at);
        at += taken;
    }
    if (from->phase != phase_closed && at < length)
        buffer_append(&from->stream, bytes + at, length - at);
    buffer_free(&whole);
}

const dialect dialect_mqtt = {
    .path = "/mqtt", .protocol = "mqtt", .opcode = 2,
    .greet = greet, .receive = receive, .prepare = prepare, .number = number,
};
