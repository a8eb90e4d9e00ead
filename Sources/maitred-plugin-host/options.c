/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: maitred-plugin-host --check LIBRARY [--read PATH]…\n"
    "  Loads a plugin in the sandbox it will run in and prints its manifest.\n"
    "  --read PATH  a folder or file it may read: the Swift runtime's folder, for example\n"
    "The server itself uses --socket FD --server PID --library FILE --id ID\n"
    "  [--concurrency N] [--memory-mb N] [--read PATH]… [--service ID]… [--unconfined]\n";

/* A whole number from 1 to a million; 0 when the text is none. */
static int number(const char *text) {
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value >= 1 && value <= 1000000 ? (int)value : 0;
}

/* A process id or descriptor; -1 when the text is none. */
static int identifier(const char *text) {
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value >= 0 && value <= 0x7fffffff ? (int)value : -1;
}

static int read_option(const char *name, const char *value, options *out) {
    sandbox_plan *plan = &out->sandbox;
    if (strcmp(name, "--check") == 0) {
        out->check = 1;
        out->library = value;
    } else if (strcmp(name, "--library") == 0) {
        out->library = value;
    } else if (strcmp(name, "--id") == 0) {
        out->plugin_id = value;
    } else if (strcmp(name, "--socket") == 0) {
        return (out->socket = identifier(value)) > 2;
    } else if (strcmp(name, "--server") == 0) {
        return (out->server = identifier(value)) >= 0;
    } else if (strcmp(name, "--concurrency") == 0) {
        return (out->concurrency = number(value)) > 0;
    } else if (strcmp(name, "--memory-mb") == 0) {
        return (plan->memory_mb = (uint32_t)number(value)) > 0;
    } else if (strcmp(name, "--read") == 0 && plan->readable_count < READABLE_LIMIT) {
        out->readable[plan->readable_count++] = value;
    } else if (strcmp(name, "--service") == 0 && out->services_count < SERVICES_LIMIT) {
        out->services[out->services_count++] = value;
    } else {
        return 0;
    }
    return 1;
}

int options_parse(int count, char **arguments, options *out) {
    *out = (options){.socket = -1, .server = -1, .concurrency = 1};
    out->sandbox.memory_mb = 128;
    int right = 1;
    for (int i = 1; i < count && right; i++) {
        if (strcmp(arguments[i], "--unconfined") == 0) {
            out->unconfined = 1;
        } else {
            right = i + 1 < count && read_option(arguments[i], arguments[i + 1], out);
            i++;
        }
    }
    int complete = out->library &&
                   (out->check || (out->plugin_id && out->socket > 2 && out->server >= 0));
    if (!right || !complete) {
        fputs(usage, stderr);
        return 0;
    }
    out->readable[out->sandbox.readable_count++] = out->library;
    out->sandbox.readable = out->readable;
    return 1;
}
