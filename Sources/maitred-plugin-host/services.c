/* SPDX-License-Identifier: Apache-2.0 */
#include "services.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "frames.h"
#include "host.h"

#define METHOD_LIMIT 128

typedef struct question {
    uint64_t number; /* 0 while the place is free */
    maitred_answered answered;
    void *context;
} question;

static maitred_service_1 granted[SERVICES_LIMIT];
static int granted_count;
static question questions[MAITRED_OPEN_REQUESTS];
static uint64_t last_number;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A number whose remainder is the place, so that the answer finds it. 0 when all are taken. */
static uint64_t open_question(maitred_answered answered, void *context) {
    uint64_t number = 0;
    pthread_mutex_lock(&lock);
    for (unsigned tries = 0; tries < MAITRED_OPEN_REQUESTS && !number; tries++) {
        question *place = &questions[++last_number % MAITRED_OPEN_REQUESTS];
        if (place->number) continue;
        *place = (question){last_number, answered, context};
        number = last_number;
    }
    pthread_mutex_unlock(&lock);
    return number;
}

static int32_t ask(const maitred_host *host, const maitred_service_1 *service,
                   maitred_call *on_behalf, const char *method, maitred_slice in,
                   maitred_answered answered, void *context) {
    (void)host;
    char name[METHOD_LIMIT];
    int length = snprintf(name, sizeof name, "%s %s", service->id, method ? method : "");
    if (!answered || in.len > MAITRED_REQUEST_LIMIT - METHOD_LIMIT || length >= METHOD_LIMIT) {
        return MAITRED_TOO_LARGE;
    }
    uint64_t served = on_behalf ? calls_number(on_behalf) : 0;
    if (on_behalf && !served) return MAITRED_CANCELLED;
    uint64_t number = open_question(answered, context);
    if (!number) return MAITRED_BUSY;
    frames_send_related(FRAME_REQUEST, number, served, name, in);
    return MAITRED_OK;
}

void services_grant(const char *const *ids, int count) {
    for (int i = 0; i < count && i < SERVICES_LIMIT; i++) {
        granted[granted_count++] =
            (maitred_service_1){.size = sizeof(maitred_service_1), .id = ids[i], .ask = ask};
    }
}

const maitred_service_1 *services_find(const char *id) {
    for (int i = 0; i < granted_count; i++) {
        if (strcmp(granted[i].id, id) == 0) return &granted[i];
    }
    return NULL;
}

void services_answer(uint64_t number, int32_t status, maitred_slice out) {
    question asked = {0};
    pthread_mutex_lock(&lock);
    question *place = &questions[number % MAITRED_OPEN_REQUESTS];
    if (place->number == number) {
        asked = *place;
        if (status != MAITRED_MORE) place->number = 0;
    }
    pthread_mutex_unlock(&lock);
    if (asked.answered) asked.answered(asked.context, status, out);
}
