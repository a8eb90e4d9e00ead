#define _GNU_SOURCE
#include "include/child-process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Becomes the program; only async-signal-safe calls, because the parent may have threads.
static _Noreturn void become(char *const arguments[], int input, int output, int errors,
                             pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    if (errors >= 0) dup2(errors, STDERR_FILENO);
    execv(arguments[0], arguments);
    _exit(127);
}

int bench_child_start(char *const arguments[], const char *error_path, bench_child *child) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0) return errno;
    if (pipe2(output, O_CLOEXEC) != 0) {
        int failure = errno;
        close(input[0]);
        close(input[1]);
        return failure;
    }
    int errors = open(error_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) become(arguments, input[0], output[1], errors, parent);
    int failure = pid < 0 ? errno : 0;
    close(input[0]);
    close(output[1]);
    if (errors >= 0) close(errors);
    if (failure != 0) {
        close(input[1]);
        close(output[0]);
        return failure;
    }
    *child = (bench_child){.pid = pid, .input = input[1], .output = output[0]};
    return 0;
}

int bench_child_wait(pid_t pid, double seconds) {
    int handle = (int)syscall(SYS_pidfd_open, pid, 0);
    if (handle >= 0) {
        struct pollfd ended = {.fd = handle, .events = POLLIN};
        int ready;
        do ready = poll(&ended, 1, (int)(seconds * 1000));
        while (ready < 0 && errno == EINTR);
        close(handle);
        if (ready == 0) return -1;
    }
    int status = 0;
    if (waitpid(pid, &status, 0) < 0) return 127;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

double bench_process_cpu_seconds(pid_t pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    // The second field is the program's name in brackets and may hold spaces.
    char *rest = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                        &system) != 2)
        return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

uint64_t bench_process_resident_bytes(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    unsigned long pages = 0;
    int found = fscanf(file, "%*u %lu", &pages);
    fclose(file);
    return found == 1 ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

uint64_t bench_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

uint16_t bench_free_port(void) {
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    bool bound = bind(probe, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(probe, (struct sockaddr *)&address, &length) == 0;
    close(probe);
    return bound ? ntohs(address.sin_port) : 0;
}
