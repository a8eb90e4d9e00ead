/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <pthread.h>
#include <time.h>

#include "frames.h"
#include "host.h"

typedef struct slot {
    uint64_t generation; /* odd while the call is open */
    uint64_t number;     /* the server's */
    int begun, cancelled;
} slot;

static slot slots[CALLS_LIMIT];
static int open_count;
static int next_slot;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t closed = PTHREAD_COND_INITIALIZER;

static maitred_call *token_of(const slot *call) {
    return (maitred_call *)(uintptr_t)(call->generation * CALLS_LIMIT + (uint64_t)(call - slots));
}

/* The open slot a token names, or NULL. With the lock held. */
static slot *find(maitred_call *token) {
    uint64_t value = (uintptr_t)token;
    slot *call = &slots[value % CALLS_LIMIT];
    return call->generation % 2 == 1 && call->generation == value / CALLS_LIMIT ? call : NULL;
}

/* Sends a call's only answer. It counts as open until then: whoever waits for the last one ends
 * the process. Its slot is free already, so the lock is not held. */
static void answer(uint64_t number, int32_t status, maitred_slice out) {
    frames_send(FRAME_RESULT, number, status, "", out);
    pthread_mutex_lock(&lock);
    open_count--;
    pthread_cond_broadcast(&closed);
    pthread_mutex_unlock(&lock);
}

maitred_call *calls_open(uint64_t number) {
    maitred_call *token = NULL;
    pthread_mutex_lock(&lock);
    for (int tries = 0; tries < CALLS_LIMIT && !token; tries++) {
        slot *call = &slots[next_slot];
        next_slot = (next_slot + 1) % CALLS_LIMIT;
        if (call->generation % 2 == 1) continue;
        *call = (slot){.generation = call->generation + 1, .number = number};
        open_count++;
        token = token_of(call);
    }
    pthread_mutex_unlock(&lock);
    return token;
}

maitred_call *calls_cancel(uint64_t number, int *begun) {
    maitred_call *token = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < CALLS_LIMIT; i++) {
        slot *call = &slots[i];
        if (call->generation % 2 == 0 || call->number != number) continue;
        call->cancelled = 1;
        *begun = call->begun;
        token = token_of(call);
    }
    pthread_mutex_unlock(&lock);
    return token;
}

int calls_begin(maitred_call *token) {
    uint64_t number = 0;
    int cancelled = 1;
    pthread_mutex_lock(&lock);
    slot *call = find(token);
    if (call) {
        number = call->number;
        cancelled = call->cancelled;
        call->begun = 1;
        if (cancelled) call->generation++;
    }
    pthread_mutex_unlock(&lock);
    if (call && cancelled) answer(number, MAITRED_CANCELLED, (maitred_slice){0});
    return !cancelled;
}

void calls_complete(maitred_call *token, int32_t status, maitred_slice out) {
    pthread_mutex_lock(&lock);
    slot *call = find(token);
    uint64_t number = call ? call->number : 0;
    int cancelled = call && call->cancelled;
    if (call) call->generation++;
    pthread_mutex_unlock(&lock);

    if (!call) {
        host_misbehaving("completed a call twice, or one that never was");
    } else if (cancelled) {
        host_note("completed a call after it was cancelled");
        answer(number, MAITRED_CANCELLED, (maitred_slice){0});
    } else if (out.len > MAITRED_RESULT_LIMIT) {
        host_misbehaving("completed a call with more than MAITRED_RESULT_LIMIT bytes");
        answer(number, MAITRED_TOO_LARGE, (maitred_slice){0});
    } else {
        answer(number, status, out);
    }
}

uint64_t calls_number(maitred_call *token) {
    pthread_mutex_lock(&lock);
    slot *call = find(token);
    uint64_t number = call ? call->number : 0;
    pthread_mutex_unlock(&lock);
    return number;
}

void calls_part(maitred_call *token, maitred_slice out) {
    pthread_mutex_lock(&lock);
    slot *call = find(token);
    uint64_t number = call ? call->number : 0;
    int cancelled = call && call->cancelled;
    pthread_mutex_unlock(&lock);
    if (!call) {
        host_misbehaving("sent a part of a call that is not open");
    } else if (out.len > MAITRED_RESULT_LIMIT) {
        host_misbehaving("sent a part with more than MAITRED_RESULT_LIMIT bytes");
    } else if (!cancelled) {
        frames_send(FRAME_PART, number, 0, "", out);
    }
}

int calls_wait(uint32_t milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&lock);
    while (open_count > 0 && pthread_cond_timedwait(&closed, &lock, &until) == 0) {
    }
    int left = open_count;
    pthread_mutex_unlock(&lock);
    return left;
}
