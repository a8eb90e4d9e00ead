// Signals: frames that nobody stores, such as typing and ping.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load-client.h"

bool bench_load_prepare_signal(bench_load *load, unsigned connection, const char *frame,
                               const char *conversation, const char *answer) {
    if (connection >= load->count) return false;
    peer *with = load->peers[connection];
    char *message = strdup(frame);
    if (!message) return false;
    free(with->message);
    with->message = message;
    with->length = strlen(message);
    with->id_at = with->cid_at = 0;
    snprintf(with->answer, sizeof with->answer, "%s", answer ? answer : "");
    snprintf(with->conversation, sizeof with->conversation, "%s", conversation ? conversation : "");
    return true;
}

static int by_conversation(const void *left, const void *right) {
    const peer *const *one = left, *const *other = right;
    return strcmp((*one)->conversation, (*other)->conversation);
}

void load_index_speakers(bench_load *load) {
    free(load->speakers);
    load->speaker_count = 0;
    load->speakers = calloc(load->width ? load->width : 1, sizeof *load->speakers);
    if (!load->speakers) abort();
    for (unsigned each = 0; each < load->width; each++) {
        peer *with = load->peers[each];
        if (with->conversation[0]) load->speakers[load->speaker_count++] = with;
    }
    qsort(load->speakers, load->speaker_count, sizeof *load->speakers, by_conversation);
}

/// Whose signal a frame for the agent is; NULL when it is nobody's.
static peer *speaker(bench_load *load, const char *text, size_t length) {
    const char *id = memmem(text, length, "\"c\":\"", 5);
    if (!id) return NULL;
    id += 5;
    const char *end = memchr(id, '"', (size_t)(text + length - id));
    peer wanted, *key = &wanted;
    if (!end || (size_t)(end - id) >= sizeof wanted.conversation) return NULL;
    memcpy(wanted.conversation, id, (size_t)(end - id));
    wanted.conversation[end - id] = 0;
    peer **found = bsearch(&key, load->speakers, load->speaker_count, sizeof *load->speakers,
                           by_conversation);
    return found ? *found : NULL;
}

bool load_signalled(bench_load *load, peer *receiver, const char *text, size_t length) {
    peer *from = receiver;
    if (receiver->role == bench_role_agent) {
        if (load->speaker_count == 0) return false;
        from = speaker(load, text, length);
    }
    if (!from || !from->answer[0] || !load_has_type(text, length, from->answer)) return false;
    if (!from->waiting) return true;
    load->delivered++;
    load_answered(load, from);
    return true;
}
