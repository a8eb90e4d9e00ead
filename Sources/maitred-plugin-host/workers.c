/* SPDX-License-Identifier: Apache-2.0 */
#include "workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "calls.h"
#include "host.h"
#include "library.h"

typedef struct job {
    maitred_call *call;
    frame input;
} job;

/* As many jobs as calls can be open: the queue never overflows. */
static job queue[CALLS_LIMIT];
static unsigned head, tail;
static int threads, idle, limit;
static maitred_plugin *plugin;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t submitted = PTHREAD_COND_INITIALIZER;

void workers_open(maitred_plugin *served, int count) {
    plugin = served;
    limit = count < 1 ? 1 : count > WORKERS_LIMIT ? WORKERS_LIMIT : count;
}

static job take(void) {
    pthread_mutex_lock(&lock);
    idle++;
    while (head == tail) pthread_cond_wait(&submitted, &lock);
    idle--;
    job next = queue[head++ % CALLS_LIMIT];
    pthread_mutex_unlock(&lock);
    return next;
}

static void *work(void *unused) {
    for (;;) {
        job next = take();
        if (calls_begin(next.call)) {
            if (PROVIDES(plugin, invoke)) {
                plugin->invoke(plugin, next.call, next.input.method, next.input.payload);
            } else {
                calls_complete(next.call, MAITRED_UNSUPPORTED, (maitred_slice){0});
            }
        }
        free(next.input.buffer);
    }
    return unused;
}

/* Starts one more thread when none is idle. With the lock held. */
static int grow(void) {
    if (threads == limit || idle > (int)(tail - head)) return 1;
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WORKER_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work, NULL) == 0) threads++;
    pthread_attr_destroy(&attributes);
    return threads > 0;
}

void workers_submit(maitred_call *call, frame *input) {
    pthread_mutex_lock(&lock);
    int served = grow();
    if (served) {
        queue[tail++ % CALLS_LIMIT] = (job){call, *input};
        pthread_cond_signal(&submitted);
    }
    pthread_mutex_unlock(&lock);
    if (!served) {
        free(input->buffer);
        calls_complete(call, MAITRED_BUSY, (maitred_slice){0});
    }
}

void workers_drop(maitred_call *call) {
    int found = 0;
    pthread_mutex_lock(&lock);
    for (unsigned place = head; place != tail; place++) {
        job *this = &queue[place % CALLS_LIMIT];
        if (found) {
            queue[(place - 1) % CALLS_LIMIT] = *this;
        } else if (this->call == call) {
            found = 1;
            free(this->input.buffer);
        }
    }
    if (found) tail--;
    pthread_mutex_unlock(&lock);
    if (found) calls_begin(call);
}
