/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "sandbox.h"
#include "services.h"

#define EX_OPTIONS 64      /* exit status: the arguments make no sense */
#define READABLE_LIMIT 256 /* of --read arguments */

typedef struct options {
    int check, unconfined;
    int socket, server; /* descriptor and process id of the server */
    int concurrency;
    const char *library, *plugin_id;
    const char *readable[READABLE_LIMIT + 1]; /* the library last */
    const char *services[SERVICES_LIMIT]; /* ids the manifest permits */
    int services_count;
    sandbox_plan sandbox;
} options;

/* Reads the arguments, which stay referenced. Returns 0, having said why, when they are wrong. */
int options_parse(int count, char **arguments, options *out);

#endif
