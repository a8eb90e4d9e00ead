/* SPDX-License-Identifier: Apache-2.0
 *
 * maitred-plugin-host: loads one plugin, in a sandbox, and lets the server talk to it.
 * The server starts it; people run it only as `maitred-plugin-host --check LIBRARY`. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "frames.h"
#include "library.h"
#include "life.h"
#include "options.h"
#include "sandbox.h"
#include "services.h"

#define CHANNEL 3

/* Leaves standard input, output and error, and the channel, and nothing of the server's. */
static int keep_only_channel(int socket) {
    if (socket != CHANNEL && dup2(socket, CHANNEL) < 0) return 0;
    return syscall(SYS_close_range, CHANNEL + 1, ~0u, 0) == 0;
}

/* Ends this process when the server's thread that made it ends; 0 if it has already. */
static int bind_to_server(int server) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == server;
}

/* Not clearenv: it leaves no list at all, and Swift's runtime looks into it when it is loaded. */
static void forget_environment(void) {
    static char *none[] = {NULL};
    environ = none;
}

int main(int count, char **arguments) {
    options given;
    if (!options_parse(count, arguments, &given)) return EX_OPTIONS;
    if (given.check) return check_library(&given);

    signal(SIGPIPE, SIG_IGN);
    if (!keep_only_channel(given.socket) || !bind_to_server(given.server)) return EX_OPTIONS;
    forget_environment();
    setvbuf(stdout, NULL, _IOLBF, 0);
    frames_open(CHANNEL);
    services_grant(given.services, given.services_count);

    sandbox_report report = {0};
    if (!given.unconfined) sandbox_apply(&given.sandbox, &report);
    const char *reasons = given.unconfined ? "switched off in the configuration" : report.reasons;
    frames_send(FRAME_HELLO, 0, FRAMES_VERSION, sandbox_status(&report), slice_of(reasons));

    const char *reason;
    const maitred_entry *entry = library_load(given.library, &reason);
    if (!entry) life_refuse(reason);
    frames_send(FRAME_LOADED, 0, (int32_t)entry->abi_minor, "", entry->manifest);
    life_serve(entry, given.plugin_id, given.concurrency);
    _exit(0);
}
