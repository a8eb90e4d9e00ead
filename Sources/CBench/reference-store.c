#define _GNU_SOURCE
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "include/reference-server.h"
#include "reference-connection.h"

/// A piece of the received text, still as it was written (escapes included).
typedef struct piece {
    const char *start;
    size_t length;
} piece;

/// One message on its way through the writer; `text` is the frame, the pieces point into it.
typedef struct job {
    struct job *next;
    connection *from;
    uint32_t sequence;
    long long at;
    piece id, conversation, client_id, words;
    size_t length;
    char text[];
} job;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t some;
    job *pending, **pending_end;  // from the loop, for the writer
    job *stored, **stored_end;    // from the writer, for the loop
} line = {.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER};

static struct lws_context *context;
static connection *agent;  // loop thread only

// MARK: the writer's thread

static sqlite3 *database;
static sqlite3_stmt *insert;

static void run(const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) == SQLITE_OK) return;
    fprintf(stderr, "%s: %s\n", sql, message);
    exit(1);
}

static void store(const job *each) {
    sqlite3_bind_int64(insert, 1, each->from->number);
    sqlite3_bind_int64(insert, 2, each->sequence);
    sqlite3_bind_int64(insert, 3, each->at);
    sqlite3_bind_text(insert, 4, each->client_id.start, (int)each->client_id.length, SQLITE_STATIC);
    sqlite3_bind_text(insert, 5, each->words.start, (int)each->words.length, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) {
        fprintf(stderr, "insert: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
    sqlite3_reset(insert);
}

/// Everything pending goes into one transaction; the loop is woken once for all of it.
static void *write_pending(void *unused) {
    for (;;) {
        pthread_mutex_lock(&line.lock);
        while (!line.pending) pthread_cond_wait(&line.some, &line.lock);
        job *batch = line.pending, **end = line.pending_end;
        line.pending = NULL;
        line.pending_end = &line.pending;
        pthread_mutex_unlock(&line.lock);

        run("BEGIN IMMEDIATE");
        for (job *each = batch; each; each = each->next) store(each);
        run("COMMIT");

        pthread_mutex_lock(&line.lock);
        *line.stored_end = batch;
        line.stored_end = end;
        pthread_mutex_unlock(&line.lock);
        lws_cancel_service(context);
    }
    return unused;
}

static void start_writer(struct lws_context *started) {
    context = started;
    line.pending_end = &line.pending;
    line.stored_end = &line.stored;
    pthread_t thread;
    if (pthread_create(&thread, NULL, write_pending, NULL) != 0) abort();
    pthread_detach(thread);
}

// MARK: the loop's thread

/// The string value that follows `name` (with its quotes and colon) in a frame; empty when absent.
static piece find(const char *text, size_t length, const char *name) {
    size_t width = strlen(name);
    const char *start = memmem(text, length, name, width);
    if (!start) return (piece){text, 0};
    start += width;
    const char *end = start, *limit = text + length;
    while (end < limit && *end != '"') end += *end == '\\' ? 2 : 1;
    return (piece){start, end < limit ? (size_t)(end - start) : 0};
}

static void greet(connection *from) {
    const char *text = (const char *)from->message;
    if (memmem(text, from->length, "\"ticket\":", 9)) agent = from;
    piece id = find(text, from->length, "\"id\":\"");
    frame *welcome = frame_create(64 + id.length);
    welcome->length = (size_t)sprintf(frame_text(welcome),
                                      "{\"t\":\"welcome\",\"re\":\"%.*s\",\"d\":{}}",
                                      (int)id.length, id.start);
    connection_send(from, welcome);
}

static void accept_message(connection *from) {
    const char *text = (const char *)from->message;
    piece type = find(text, from->length, "\"t\":\"");
    if (type.length == 5 && memcmp(type.start, "hello", 5) == 0) {
        greet(from);
        return;
    }
    job *made = malloc(sizeof(job) + from->length);
    if (!made) abort();
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    memcpy(made->text, text, from->length);
    made->next = NULL;
    made->from = from;
    made->sequence = ++from->stored;
    made->at = now.tv_sec * 1000LL + now.tv_nsec / 1000000;
    made->length = from->length;
    made->id = find(made->text, made->length, "\"id\":\"");
    made->conversation = find(made->text, made->length, "\"c\":\"");
    made->client_id = find(made->text, made->length, "\"cid\":\"");
    made->words = find(made->text, made->length, "\"text\":\"");
    from->unfinished++;

    pthread_mutex_lock(&line.lock);
    *line.pending_end = made;
    line.pending_end = &made->next;
    pthread_cond_signal(&line.some);
    pthread_mutex_unlock(&line.lock);
}

static void acknowledge(const job *done) {
    frame *made = frame_create(160 + done->id.length + done->conversation.length);
    made->length = (size_t)sprintf(
        frame_text(made),
        "{\"t\":\"ack\",\"re\":\"%.*s\",\"c\":\"%.*s\",\"d\":"
        "{\"m\":\"msg_%u_%u\",\"s\":%u}}",
        (int)done->id.length, done->id.start, (int)done->conversation.length,
        done->conversation.start, done->from->number, done->sequence, done->sequence);
    connection_send(done->from, made);
}

static void deliver(const job *done) {
    if (!agent) return;
    frame *made = frame_create(256 + done->length);
    made->length = (size_t)sprintf(
        frame_text(made),
        "{\"t\":\"msg.new\",\"c\":\"%.*s\",\"s\":%u,\"p\":%u,\"d\":{\"m\":\"msg_%u_%u\","
        "\"cid\":\"%.*s\",\"from\":{\"kind\":\"customer\",\"id\":\"%u\"},"
        "\"text\":\"%.*s\",\"at\":%lld}}",
        (int)done->conversation.length, done->conversation.start, done->sequence,
        done->sequence - 1, done->from->number, done->sequence, (int)done->client_id.length,
        done->client_id.start, done->from->number, (int)done->words.length, done->words.start,
        done->at);
    connection_send(agent, made);
}

static void finish_stored(void) {
    pthread_mutex_lock(&line.lock);
    job *batch = line.stored;
    line.stored = NULL;
    line.stored_end = &line.stored;
    pthread_mutex_unlock(&line.lock);
    while (batch) {
        job *done = batch;
        batch = done->next;
        acknowledge(done);
        deliver(done);
        done->from->unfinished--;
        connection_release(done->from);
        free(done);
    }
}

static int answer(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t length) {
    (void)user;
    connection *from = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        connection_create(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (!connection_receive(from, in, length)) return 0;
        accept_message(from);
        connection_message_done(from);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return connection_flush(from);
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        if (line.stored_end) finish_stored();
        return 0;
    case LWS_CALLBACK_CLOSED:
        if (!from) return 0;
        if (agent == from) agent = NULL;
        from->wsi = NULL;
        connection_release(from);
        return 0;
    default:
        return 0;
    }
}

int bench_reference_store(uint16_t port, const char *path) {
    if (sqlite3_open(path, &database) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(database));
        return 1;
    }
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE event(position INTEGER PRIMARY KEY, conversation INTEGER NOT NULL,"
        " seq INTEGER NOT NULL, at INTEGER NOT NULL, cid TEXT NOT NULL, text TEXT NOT NULL)");
    const char *sql = "INSERT INTO event(conversation, seq, at, cid, text) VALUES(?,?,?,?,?)";
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &insert, NULL)) return 1;
    return serve(port, answer, start_writer, NULL, NULL, BENCH_USUAL_BUFFER);
}
