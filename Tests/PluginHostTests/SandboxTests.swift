import Foundation
import JSONCoding
import PluginHost
import Testing

/// What a plugin tries and is denied.
///
/// Each attempt is reported as a fact: 0 when it worked, else errno.
struct SandboxTests {
    private static let attempts = """
        #include <signal.h>
        #include <sys/prctl.h>
        #include <sys/ptrace.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>

        static int in_constructor = -1;
        static char report[4096];

        static int outcome(long result) { return result < 0 ? errno : 0; }
        static void try(const char *what, int result) {
            size_t used = strlen(report);
            const char *comma = used ? "," : "";
            snprintf(
                report + used, sizeof report - used, "%s\\"%s\\":%d", comma, what, result);
        }
        __attribute__((constructor)) static void before_main(void) {
            in_constructor = outcome(open("/etc/passwd", O_RDONLY));
        }
        static void *nothing(void *unused) { return unused; }

        INVOKE {
            char *none[] = {NULL};
            char json[5000];
            pthread_t thread;
            report[0] = 0;
            try("constructor", in_constructor);
            try("socket_inet", outcome(socket(AF_INET, SOCK_STREAM, 0)));
            try("socket_unix", outcome(socket(AF_UNIX, SOCK_STREAM, 0)));
            try("io_uring", outcome(syscall(SYS_io_uring_setup, 8, NULL)));
            try("read_passwd", outcome(open("/etc/passwd", O_RDONLY)));
            try("read_proc", outcome(open("/proc/1/status", O_RDONLY)));
            try("list_root", outcome(open("/", O_RDONLY | O_DIRECTORY)));
            try("write_tmp", outcome(open("/tmp/maitred-sandbox-test", O_WRONLY | O_CREAT, 0600)));
            try("chmod", outcome(chmod("/tmp", 0700)));
            try("execve", outcome(execve("/bin/true", none, none)));
            try("fork", outcome(fork()));
            try("clone3", outcome(syscall(SYS_clone3, NULL, 0)));
            try("ptrace", outcome(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)));
            try("peek", outcome(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0)));
            try("kill_parent", outcome(kill(getppid(), 0)));
            try("own_descriptor", outcome(fcntl(3, F_SETOWN, getppid())));
            try("outlive", outcome(prctl(PR_SET_PDEATHSIG, 0)));
            try("priority", outcome(setpriority(PRIO_PROCESS, getppid(), 19)));
            try("thread", pthread_create(&thread, NULL, nothing, NULL));
            try("read_null", outcome(open("/dev/null", O_RDONLY)));
            try("read_granted", outcome(open(granted(), O_RDONLY)));
            try("environment", environ && environ[0] ? 1 : 0);
            snprintf(json, sizeof json, "{\\"facts\\":{%s}}", report);
            answer(call, json);
        }
        """

    private static let denied = [
        "constructor", "socket_inet", "socket_unix", "io_uring", "read_passwd", "read_proc",
        "list_root", "write_tmp", "chmod", "execve", "fork", "clone3", "ptrace", "peek",
        "kill_parent", "own_descriptor", "outlive", "priority",
    ]
    private static let allowed = ["thread", "read_null", "read_granted", "environment"]

    @Test func `denies everything beyond the bundle and the granted file, before constructors run`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let granted = "\(workshop.folder)/granted.csv"
            try workshop.write("a,b\n", to: granted)
            let manifest = PluginWorkshop.manifest(
                "probe",
                with: [
                    "config": [
                        "type": "object", "required": ["file"],
                        "properties": ["file": ["type": "string", "format": "file"]],
                    ]
                ]
            )
            let code = "static const char *granted(void) { return \"\(granted)\"; }\n"
            let id = try await workshop.build("probe", manifest: manifest, code + Self.attempts)
            let host = await workshop.host([]) {
                $0.settings = [id: .init(config: ["file": "granted.csv"])]
            }
            let sandbox = try #require(try await host.state(of: id).sandbox)
            try #require(sandbox.extent == .full && sandbox.reasons.isEmpty)
            let facts = try #require(await host.ask().first?.facts)
            for name in Self.denied { #expect(facts[name]?.intValue ?? 0 > 0, "\(name)") }
            for name in Self.allowed { #expect(facts[name]?.intValue == 0, "\(name)") }
            await host.stop()
        }
    }

    @Test func `says so when it is switched off`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build(
                "free",
                """
                INVOKE {
                    int file = open("/etc/passwd", O_RDONLY);
                    answer(call, file < 0 ? "{}" : "{\\"facts\\":{\\"free\\":true}}");
                }
                """
            )
            let host = await workshop.host([id]) { $0.confined = false }
            #expect(try await host.state(of: id).sandbox?.extent == .off)
            #expect(await host.ask().first?.facts == ["free": true])
            await host.stop()
        }
    }
}
