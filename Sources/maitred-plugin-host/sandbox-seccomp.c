/* SPDX-License-Identifier: Apache-2.0
 *
 * seccomp: which system calls are refused, and why. All others are allowed: a plugin brings
 * whichever runtime it likes, and Landlock and the empty process decide what they can reach. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sandbox.h"

/* Refused whatever their arguments. */
static const char *const refused[] = {
    /* the network, and other processes: a pair of datagram sockets could be pointed anywhere */
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
    /* calls that would do the refused ones on our behalf */
    "io_uring_setup", "io_uring_enter", "io_uring_register",
    /* new programs and processes; threads are below */
    "execve", "execveat", "fork", "vfork",
    /* looking into or steering other processes */
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "setpriority", "ioprio_set", "sched_setscheduler", "sched_setparam",
    "sched_setattr", "sched_setaffinity", "migrate_pages", "move_pages",
    /* memory and queues shared by name */
    "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop",
    "semctl", "semtimedop", "mq_open", "mq_unlink",
    /* changes to files that Landlock does not know or older versions did not */
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime",
    "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
    "lremovexattr", "fremovexattr", "truncate", "ftruncate", "link", "linkat", "symlink",
    "symlinkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat",
    "rmdir", "mknod", "mknodat", "creat", "open_by_handle_at", "fanotify_init",
    /* the machine itself */
    "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "bpf", "perf_event_open",
    "userfaultfd", "keyctl", "add_key", "request_key", "kexec_load", "kexec_file_load",
    "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff",
    "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname",
    "setdomainname", "iopl", "ioperm", "quotactl", "acct", "syslog", "open_tree", "move_mount",
    "fsopen", "fsmount", "fspick", "fsconfig", "mount_setattr",
};

/* The first system call that is younger than the list above, and an end that leaves years of room.
 * Numbers are the same on all machines from 424 on. What nobody here has looked at is not there. */
#define FIRST_UNKNOWN 463 /* setxattrat, Linux 6.13 */
#define LAST_UNKNOWN 600

typedef struct conditional {
    const char *name;
    struct scmp_arg_cmp when;
} conditional;

/* The kernel looks at the lower half of these arguments; so must the comparison. */
#define COMMAND_IS(index, value) SCMP_CMP(index, SCMP_CMP_MASKED_EQ, 0xffffffffu, value)

static int refuse(scmp_filter_ctx filter, const char *name, int error) {
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return 0; /* unknown to this libseccomp or machine */
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), number, 0);
}

static int refuse_some(scmp_filter_ctx filter) {
    scmp_datum_t self = (scmp_datum_t)getpid();
    const conditional rules[] = {
        /* a new process rather than a thread */
        {"clone", SCMP_CMP(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)},
        /* signals to others: directly, or by owning a descriptor that sends SIGIO */
        {"kill", SCMP_CMP(0, SCMP_CMP_NE, self, 0)},
        {"tgkill", SCMP_CMP(0, SCMP_CMP_NE, self, 0)},
        {"fcntl", COMMAND_IS(1, 8 /* F_SETOWN */)},
        {"fcntl", COMMAND_IS(1, 10 /* F_SETSIG */)},
        {"fcntl", COMMAND_IS(1, 15 /* F_SETOWN_EX */)},
        {"ioctl", COMMAND_IS(1, 0x8901 /* FIOSETOWN */)},
        {"ioctl", COMMAND_IS(1, 0x8902 /* SIOCSPGRP */)},
        /* typing into a terminal */
        {"ioctl", COMMAND_IS(1, TIOCSTI)},
        {"ioctl", COMMAND_IS(1, TIOCLINUX)},
        /* limits of other processes */
        {"prlimit64", SCMP_CMP(0, SCMP_CMP_NE, 0, 0)},
        /* outliving the server */
        {"prctl", COMMAND_IS(0, PR_SET_PDEATHSIG)},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        int number = seccomp_syscall_resolve_name(rules[i].name);
        failed |= seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), number, 1, &rules[i].when);
    }
    return failed;
}

const char *sandbox_seccomp(void) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) return "libseccomp could not make a filter";
    int failed = refuse_some(filter);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        failed |= refuse(filter, refused[i], EPERM);
    }
    for (int number = FIRST_UNKNOWN; number <= LAST_UNKNOWN; number++) {
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
    }
    /* Its flags are in memory, out of a filter's sight; the C library then falls back to clone. */
    failed |= refuse(filter, "clone3", ENOSYS);
    if (!failed) failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed ? strerror(-failed) : NULL;
}
