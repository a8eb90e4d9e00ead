/* Tries what its sandbox is there to refuse, and says how each attempt ended. VICTIM is a file
 * outside its folder that nobody may read or change. In its second call it uses the system calls
 * of another kind of program (32-bit), which a filter of system calls might not know. */
#include "plugin.h"

#include <linux/fs.h>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

/* System calls younger than some C libraries; the same on every machine. */
enum {
    NR_mount_setattr = 442,
    NR_fchmodat2 = 452,
    NR_setxattrat = 463,
    NR_open_tree_attr = 467,
    NR_file_setattr = 469,
};

static void outcome(const char *what, long result) {
    int why = errno;
    say("did try %s: %s", what, result >= 0 ? "ALLOWED" : strerror(why));
}

/* A child must not be: one that is ends at once. */
static long forked(long pid) {
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid((pid_t)pid, NULL, 0);
    return pid;
}

static void try_processes(void) {
    char *none[] = {NULL};
    outcome("execve", execve("/bin/true", none, none));
    int program = memfd_create("program", 0);
    outcome("execveat", syscall(SYS_execveat, program, "", none, none, 0x1000));
    signal(SIGXFSZ, SIG_IGN);
    outcome("write into a memfd", write(program, "#!", 2));
    outcome("fork", forked(fork()));
    outcome("clone", forked(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)));
    uint64_t arguments[8] = {[4] = SIGCHLD};
    outcome("clone3", forked(syscall(SYS_clone3, arguments, sizeof arguments)));
    pid_t server = getppid();
    outcome("ptrace", ptrace(PTRACE_ATTACH, server, NULL, NULL));
    outcome("kill 0", kill(server, 0));
    outcome("kill its group", kill(0, 0));
    outcome("tgkill", syscall(SYS_tgkill, server, server, 0));
    outcome("pidfd_open", syscall(SYS_pidfd_open, server, 0));
    char byte; /* the same address: any would be refused */
    struct iovec here = {&byte, 1}, there = {(void *)&server, 1};
    outcome("process_vm_readv", syscall(SYS_process_vm_readv, server, &here, 1L, &there, 1L, 0L));
    outcome("prlimit of the server", syscall(SYS_prlimit64, server, 7, NULL, here.iov_base));
}

static void try_network(void) {
    outcome("socket inet", socket(AF_INET, SOCK_STREAM, 0));
    outcome("socket inet6", socket(AF_INET6, SOCK_DGRAM, 0));
    outcome("socket unix", socket(AF_UNIX, SOCK_STREAM, 0));
    outcome("socket netlink", socket(AF_NETLINK, SOCK_RAW, 0));
    int pair[2];
    outcome("socketpair", socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    struct sockaddr_in trap = {.sin_family = AF_INET, .sin_port = htons(TRAP)};
    trap.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    outcome("connect the channel", connect(3, (struct sockaddr *)&trap, sizeof trap));
    outcome("sendto", sendto(3, "", 0, MSG_FASTOPEN, (struct sockaddr *)&trap, sizeof trap));
    char parameters[256] = {0};
    outcome("io_uring_setup", syscall(SYS_io_uring_setup, 4, parameters));
}

static void try_files(void) {
    outcome("read /etc/passwd", open("/etc/passwd", O_RDONLY));
    outcome("read /proc/self/maps", syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY));
    outcome("read a file outside", open(VICTIM, O_RDONLY));
    outcome("write a file outside", open(VICTIM, O_WRONLY | O_APPEND));
    outcome("make a file", open(VICTIM ".new", O_WRONLY | O_CREAT, 0600));
    outcome("make a file in /tmp", open("/tmp", O_TMPFILE | O_RDWR, 0600));
    outcome("truncate", truncate(VICTIM, 0));
    outcome("unlink", unlink(VICTIM));
    outcome("rename", rename(VICTIM, VICTIM ".away"));
    outcome("link", link(VICTIM, VICTIM ".link"));
    outcome("chmod", chmod(VICTIM, 0777));
    outcome("fchmodat2", syscall(NR_fchmodat2, AT_FDCWD, VICTIM, 0777, 0));
    outcome("chown", chown(VICTIM, 1, 1));
    outcome("utimensat", utimensat(AT_FDCWD, VICTIM, NULL, 0));
    outcome("setxattr", setxattr(VICTIM, "user.hostile", "1", 1, 0));
    struct {
        uint64_t value;
        uint32_t size, flags;
    } mark = {(uintptr_t)"1", 1, 0};
    outcome("setxattrat", syscall(NR_setxattrat, AT_FDCWD, VICTIM, 0, "user.hostile", &mark,
                                  sizeof mark));
    uint64_t no_dump[3] = {0x80}; /* FS_XFLAG_NODUMP */
    outcome("file_setattr",
            syscall(NR_file_setattr, AT_FDCWD, VICTIM, no_dump, sizeof no_dump, 0));
    outcome("mount_setattr", syscall(NR_mount_setattr, AT_FDCWD, "/", 0, no_dump, 32));
    outcome("open_tree_attr", syscall(NR_open_tree_attr, AT_FDCWD, "/", 1, no_dump, 32));
    struct stat about;
    say("note: stat of a file outside: %s", stat(VICTIM, &about) ? strerror(errno) : "allowed");
    int watch = inotify_add_watch(inotify_init1(0), VICTIM, IN_MODIFY | IN_OPEN);
    say("note: inotify of a file outside: %s", watch < 0 ? strerror(errno) : "allowed");
}

INVOKE {
    static atomic_int calls;
    if (atomic_fetch_add(&calls, 1) == 0) {
        try_processes();
        try_network();
        try_files();
        say("did try everything");
#ifdef __x86_64__
    } else {
        usleep(200000);
        long result;
        /* socketcall(SYS_SOCKET, …) of a 32-bit program; the argument cannot be read by it. */
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(102), "b"(1), "c"(0) : "memory");
        say("did try int 0x80: %ld", result);
#endif
    }
    answer(call, "{\"facts\":{\"tried\":true}}");
}

PLUGIN()
