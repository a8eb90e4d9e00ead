/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workers.h"

/* Address space is more than data: libraries, their tables, stacks and reserved arenas. */
#define ADDRESS_SPACE_EXTRA_MB 512
/* Data beside the plugin's own: the runtime's and the threads' stacks. */
#define DATA_EXTRA_MB 96
#define OPEN_FILES 64

static const char *no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? NULL : strerror(errno);
}

/* A server started by root would otherwise hand root's powers to its plugins. */
static const char *no_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 ? NULL : strerror(errno);
}

static int limit(int resource, rlim_t value) {
    struct rlimit both = {value, value};
    return setrlimit(resource, &both);
}

static const char *resource_limits(const sandbox_plan *plan) {
    rlim_t mb = 1 << 20;
    int failed = limit(RLIMIT_CORE, 0) | limit(RLIMIT_NOFILE, OPEN_FILES) |
                 limit(RLIMIT_DATA, (plan->memory_mb + DATA_EXTRA_MB) * mb) |
                 limit(RLIMIT_AS, (plan->memory_mb + ADDRESS_SPACE_EXTRA_MB) * mb);
    /* Writing beyond it is SIGXFSZ, also on a standard output that is a file. */
    if (!plan->output_to_file) failed |= limit(RLIMIT_FSIZE, 0);
    /* Each arena reserves 64 MB of address space, and there would be one per thread. */
    mallopt(M_ARENA_MAX, 2);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WORKER_STACK);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
    return failed ? strerror(errno) : NULL;
}

static void note(sandbox_report *report, const char *part, const char *reason) {
    report->parts++;
    if (!reason) return;
    report->refused++;
    size_t used = strlen(report->reasons);
    snprintf(report->reasons + used, sizeof report->reasons - used, "%s%s: %s", used ? "\n" : "",
             part, reason);
}

void sandbox_apply(const sandbox_plan *plan, sandbox_report *report) {
    memset(report, 0, sizeof *report);
    note(report, "no_new_privs", no_new_privileges());
    note(report, "capabilities", no_capabilities());
    note(report, "rlimits", resource_limits(plan));
    note(report, "landlock", sandbox_landlock(plan->readable, plan->readable_count));
    note(report, "seccomp", sandbox_seccomp());
}

const char *sandbox_status(const sandbox_report *report) {
    if (report->parts == 0 || report->refused == report->parts) return "off";
    return report->refused == 0 ? "full" : "partial";
}
