/* SPDX-License-Identifier: Apache-2.0
 *
 * Landlock: nothing of the file system but reading what the plan names. The numbers of newer
 * versions are written out, because Debian 12's header is older than many kernels it runs on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* struct landlock_ruleset_attr as of version 6; older kernels take its beginning. */
typedef struct ruleset {
    uint64_t files, network, scopes;
} ruleset;

#define FILES_V1 ((1ull << 13) - 1)
#define FILES_V2_REFER (1ull << 13)
#define FILES_V3_TRUNCATE (1ull << 14)
#define FILES_V5_IOCTL_DEV (1ull << 15)
#define NETWORK_V4_BIND_CONNECT 3ull
#define SCOPES_V6_ABSTRACT_SOCKET_SIGNAL 3ull

/* What a plugin's process may always read: the loader, system libraries and time zones. */
static const char *const always[] = {
    "/lib",      "/lib64",         "/usr/lib",           "/usr/lib64", "/etc/ld.so.cache",
    "/dev/null", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom",
};

static int create(int version) {
    ruleset rules = {.files = FILES_V1};
    size_t size = sizeof rules.files;
    if (version >= 2) rules.files |= FILES_V2_REFER;
    if (version >= 3) rules.files |= FILES_V3_TRUNCATE;
    if (version >= 4) {
        rules.network = NETWORK_V4_BIND_CONNECT;
        size = offsetof(ruleset, scopes);
    }
    if (version >= 5) rules.files |= FILES_V5_IOCTL_DEV;
    if (version >= 6) {
        rules.scopes = SCOPES_V6_ABSTRACT_SOCKET_SIGNAL;
        size = sizeof rules;
    }
    return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

/* Allows reading a path; one that does not exist needs no rule. Returns 0 when refused. */
static int allow(int rules, const char *path) {
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0) return 1;
    struct stat about;
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
        .parent_fd = file,
    };
    if (fstat(file, &about) == 0 && S_ISDIR(about.st_mode)) {
        rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    }
    long added = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(file);
    return added == 0;
}

const char *sandbox_landlock(const char *const *readable, size_t count) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return "this kernel has no Landlock";
    int rules = create((int)version);
    if (rules < 0) return strerror(errno);
    int allowed = 1;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) allowed &= allow(rules, always[i]);
    for (size_t i = 0; i < count; i++) allowed &= allow(rules, readable[i]);
    long applied = syscall(SYS_landlock_restrict_self, rules, 0);
    const char *reason = applied == 0 ? NULL : strerror(errno);
    close(rules);
    if (!reason && !allowed) return "a rule was refused; the plugin can read less than it should";
    return reason;
}
