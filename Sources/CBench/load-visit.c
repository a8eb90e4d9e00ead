#define _GNU_SOURCE
#include "load-visit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/visits.h"

typedef enum step {
    step_session,  // asks for a session over HTTP
    step_connect,  // upgrades and greets
    step_write,
    step_call,  // asks for a person
    step_wait,
} step;

typedef struct visit {
    bench_visit seen;
    step step;
    uint64_t again_at;  // when to do the step once more; 0: it is under way
    unsigned failures;
    char token[1024], epoch[40], conversation[40];
} visit;

struct visits {
    const bench_visit_plan *plan;
    uint64_t begun;
    unsigned first, started, settled;
    visit *list;
};

enum { again_every = 2000000 };  // nanoseconds between two looks at who comes again

static visit *visit_of(bench_load *load, const peer *of) {
    return &load->visits->list[of->number - load->visits->first];
}

static double since(const bench_load *load, uint64_t now) {
    return (double)(now - load->visits->begun) / 1e9;
}

// MARK: coming again

static void come_again(visit *who, double seconds) {
    who->again_at = load_now() + (uint64_t)(seconds * 1e9);
}

/// Without a word of when: as the protocol says, after delays that grow.
static void come_again_unasked(visit *who) {
    double delay = 0.5 * (double)(1u << (who->failures < 6 ? who->failures : 6));
    who->failures++;
    who->seen.cut_off++;
    come_again(who, delay < 30 ? delay : 30);
}

/// The number that follows `name`, or -1.
static double number_after(const char *text, size_t length, const char *name) {
    const char *found = memmem(text, length, name, strlen(name));
    return found ? atof(found + strlen(name)) : -1;
}

static bool copy_after(char *to, size_t room, const char *text, size_t length, const char *name) {
    const char *start = memmem(text, length, name, strlen(name));
    if (!start) return false;
    start += strlen(name);
    const char *end = memchr(start, '"', (size_t)(text + length - start));
    if (!end || (size_t)(end - start) >= room) return false;
    memcpy(to, start, (size_t)(end - start));
    to[end - start] = 0;
    return true;
}

// MARK: the steps

static void say(bench_load *load, peer *of, const char *frame, int length) {
    if (length < 0 || !peer_send(of, 1, frame, (size_t)length))
        load_ended(load, of, strerror(errno));
}

static void write_message(bench_load *load, peer *of, visit *who) {
    char frame[1024];
    who->step = step_write;
    // A repeat has the same client id, so that it is stored once.
    say(load, of, frame,
        snprintf(frame, sizeof frame,
                 "{\"t\":\"msg.send\",\"id\":\"write\",\"d\":{\"cid\":\"visit-%06u\","
                 "\"text\":\"%s\"}}",
                 of->number, load->visits->plan->text));
}

static void call(bench_load *load, peer *of, visit *who) {
    char frame[128];
    who->step = step_call;
    say(load, of, frame,
        snprintf(frame, sizeof frame, "{\"t\":\"human\",\"id\":\"call\",\"c\":\"%s\",\"d\":{}}",
                 who->conversation));
}

static void ask_for_session(bench_load *load, peer *of) {
    const bench_visit_plan *plan = load->visits->plan;
    char body[128], request[512];
    int size = snprintf(body, sizeof body, "{\"site\":\"%s\"}", plan->site);
    int length = snprintf(request, sizeof request,
                          "POST /v1/widget/sessions HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                          "Content-Type: application/json\r\nContent-Length: %d\r\n"
                          "Origin: %s\r\n\r\n%s",
                          load->port, size, plan->origin, body);
    if (!load_connect(load, of, phase_asking, request, (size_t)length))
        visit_ended(load, of);
}

static void take_step(bench_load *load, peer *of) {
    visit *who = visit_of(load, of);
    who->again_at = 0;
    if (who->step == step_session) {
        ask_for_session(load, of);
    } else if (of->phase == phase_closed) {
        if (!load_upgrade(load, of, load->visits->plan->origin))
            visit_ended(load, of);
    } else if (who->step == step_write) {
        write_message(load, of, who);
    } else if (who->step == step_call) {
        call(load, of, who);
    }
}

// MARK: what comes in

void visit_answered(bench_load *load, peer *of, const char *answer, size_t length) {
    visit *who = visit_of(load, of);
    peer_abort(of);
    if (length > 12 && memcmp(answer + 8, " 201", 4) == 0 &&
        copy_after(who->token, sizeof who->token, answer, length, "\"token\":\"") &&
        copy_after(who->epoch, sizeof who->epoch, answer, length, "\"epoch\":\"")) {
        who->step = step_connect;
        take_step(load, of);
        return;
    }
    double seconds = number_after(answer, length, "etry-after: ");
    if (seconds < 0) seconds = number_after(answer, length, "etry-After: ");
    if (seconds < 0) {
        come_again_unasked(who);
    } else {
        who->seen.turned_away++;
        come_again(who, seconds);
    }
}

void visit_upgraded(bench_load *load, peer *of) {
    visit *who = visit_of(load, of);
    char resume[96] = "", frame[1400];
    if (who->conversation[0])
        snprintf(resume, sizeof resume, "{\"c\":\"%s\",\"s\":0}", who->conversation);
    of->phase = phase_greeting;
    say(load, of, frame,
        snprintf(frame, sizeof frame,
                 "{\"t\":\"hello\",\"id\":\"h\",\"d\":{\"token\":\"%s\",\"context\":{\"n\":1,"
                 "\"url_path\":\"/\",\"title\":\"Home\"},\"resume\":[%s],\"epoch\":\"%s\"}}",
                 who->token, resume, who->epoch));
}

static void settle(bench_load *load, visit *who) {
    if (who->seen.settled >= 0 || who->seen.acknowledged < 0) return;
    who->seen.settled = since(load, load_now());
    who->step = step_wait;
    load->visits->settled++;
}

static void refused(bench_load *load, visit *who, const char *text, size_t length) {
    // Handed to a person before the customer asked for one.
    if (who->step == step_call && memmem(text, length, "\"conflict\"", 10)) return;
    double milliseconds = number_after(text, length, "\"retry_ms\":");
    if (milliseconds < 0 && !memmem(text, length, "\"temporary\":true", 16)) {
        char why[240];
        snprintf(why, sizeof why, "a visitor was refused: %.*s", (int)length, text);
        load_fail(load, why);
    }
    if (milliseconds < 0) {
        come_again_unasked(who);
    } else {
        who->seen.turned_away++;
        come_again(who, milliseconds / 1000);
    }
}

static void greeted(bench_load *load, peer *of, visit *who, const char *text, size_t length) {
    if (!load_has_type(text, length, "welcome")) {
        load_ended(load, of, "a greeting was refused");
        return;
    }
    of->phase = phase_open;
    who->failures = 0;
    if (who->step <= step_write) write_message(load, of, who);
    else if (who->step == step_call) call(load, of, who);
}

void visit_received(bench_load *load, peer *of, const char *text, size_t length) {
    visit *who = visit_of(load, of);
    if (of->phase == phase_greeting) {
        greeted(load, of, who, text, length);
    } else if (load_has_type(text, length, "err")) {
        refused(load, who, text, length);
    } else if (load_has_type(text, length, "ack")) {
        if (who->step != step_write || !memmem(text, length, "\"re\":\"write\"", 12)) return;
        copy_after(who->conversation, sizeof who->conversation, text, length, "\"c\":\"");
        who->seen.acknowledged = since(load, load_now());
        call(load, of, who);
        if (who->seen.position) settle(load, who);
    } else if (load_has_type(text, length, "queue.pos")) {
        who->seen.position = (unsigned)number_after(text, length, "\"position\":");
        settle(load, who);
    } else if (load_has_type(text, length, "conv.upd")) {
        if (!memmem(text, length, "\"status\":\"open\"", 15)) return;
        who->seen.answered = true;
        who->seen.position = 0;
        settle(load, who);
    } else if (load_has_type(text, length, "msg.new")) {
        char own[32];
        snprintf(own, sizeof own, "\"cid\":\"visit-%06u\"", of->number);
        if (memmem(text, length, own, strlen(own))) who->seen.found = true;
    }
}

void visit_ended(bench_load *load, peer *of) {
    visit *who = visit_of(load, of);
    peer_abort(of);
    come_again_unasked(who);
}

// MARK: coming and checking

static void start_next(bench_load *load) {
    struct visits *all = load->visits;
    peer *made = load_add_peer(load, bench_role_visitor);
    all->list[all->started++].seen.due = all->plan->due[made->number - all->first];
    take_step(load, made);
}

static void take_due_steps(bench_load *load, uint64_t now) {
    struct visits *all = load->visits;
    for (unsigned each = 0; each < all->started; each++) {
        uint64_t again = all->list[each].again_at;
        if (again != 0 && again <= now) take_step(load, load->peers[all->first + each]);
    }
}

bool bench_visit_run(bench_load *load, const bench_visit_plan *plan) {
    load->error[0] = 0;
    free_visits(load);
    struct visits *all = calloc(1, sizeof *all);
    visit *list = calloc(plan->count ? plan->count : 1, sizeof *list);
    if (!all || !list) abort();
    for (unsigned each = 0; each < plan->count; each++)
        list[each].seen.acknowledged = list[each].seen.settled = -1;
    *all = (struct visits){.plan = plan, .begun = load_now(), .first = load->count, .list = list};
    load->visits = all;
    uint64_t end = all->begun, looked = 0;
    if (plan->count) end += (uint64_t)((plan->due[plan->count - 1] + plan->patience) * 1e9);
    for (uint64_t now = load_now(); now < end && all->settled < plan->count; now = load_now()) {
        while (all->started < plan->count && plan->due[all->started] <= since(load, now))
            start_next(load);
        if (now - looked > again_every) {
            take_due_steps(load, now);
            looked = now;
        }
        load_step(load, again_every / 2);
    }
    all->plan = NULL;
    return load->error[0] == 0;
}

void bench_visit_check(bench_load *load, double patience) {
    struct visits *all = load->visits;
    uint64_t end = load_now() + (uint64_t)(patience * 1e9);
    for (unsigned each = 0; all && each < all->started; each++) {
        visit *who = &all->list[each];
        peer *with = load->peers[all->first + each];
        who->seen.found = false;
        if (who->seen.acknowledged < 0 || with->phase != phase_open) continue;
        char frame[128];
        say(load, with, frame,
            snprintf(frame, sizeof frame,
                     "{\"t\":\"sync\",\"id\":\"check\",\"c\":\"%s\",\"d\":{\"after\":0}}",
                     who->conversation));
        // One after the other: this asks whether it is there, not how fast it comes.
        while (!who->seen.found && with->phase == phase_open && load_now() < end)
            load_step(load, 1000000);
    }
}

bench_visit bench_visit_result(const bench_load *load, unsigned number) {
    return load->visits->list[number].seen;
}

void free_visits(bench_load *load) {
    if (!load->visits) return;
    free(load->visits->list);
    free(load->visits);
    load->visits = NULL;
}
