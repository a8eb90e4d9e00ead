import Glibc

extension HostProcess {
    /// What `maitred-plugin-host` is started with.
    struct Command: Sendable {
        var program: String
        var library: String
        var pluginID: String
        var concurrency: Int
        var memoryMegabytes: Int
        var readable: [String]
        /// Ids of the services that the manifest permits.
        var services: [String]
        var isConfined: Bool

        /// As options.c reads them; the channel is descriptor 3.
        var arguments: [String] {
            var arguments = [
                program, "--socket", "3", "--server", String(getpid()), "--library", library,
                "--id", pluginID, "--concurrency", String(concurrency), "--memory-mb",
                String(memoryMegabytes),
            ]
            for path in readable { arguments += ["--read", path] }
            for service in services { arguments += ["--service", service] }
            if !isConfined { arguments.append("--unconfined") }
            return arguments
        }
    }

    /// A call of the system that failed while a process was being started.
    struct SpawnFailure: Error, CustomStringConvertible {
        let call: String
        let code: Int32

        var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    /// The server's ends of what joins it to a new process.
    struct Ends {
        var pid: pid_t
        var channel: Int32
        var output: Int32
        var errors: Int32
    }

    /// Starts the program with a channel and two ways to print.
    ///
    /// Takes a millisecond. On the loop's thread: the process ends with the thread that made it.
    static func spawn(_ command: Command) throws(SpawnFailure) -> Ends {
        var pairs: [(server: Int32, process: Int32)] = []
        var isStarted = false
        defer {
            for pair in pairs {
                close(pair.process)
                if !isStarted { close(pair.server) }
            }
        }
        for _ in 0..<3 { pairs.append(try pair()) }
        let pid = try start(
            command,
            channel: pairs[0].process,
            output: pairs[1].process,
            errors: pairs[2].process
        )
        isStarted = true
        for pair in pairs { _ = fcntl(pair.server, F_SETFL, O_NONBLOCK) }
        return Ends(
            pid: pid,
            channel: pairs[0].server,
            output: pairs[1].server,
            errors: pairs[2].server
        )
    }

    /// Two joined sockets, closed in every process but the one they are meant for.
    private static func pair() throws(SpawnFailure) -> (server: Int32, process: Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw SpawnFailure(call: "socketpair", code: errno)
        }
        return (ends[0], ends[1])
    }

    private static func start(
        _ command: Command,
        channel: Int32,
        output: Int32,
        errors: Int32
    ) throws(SpawnFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        posix_spawn_file_actions_adddup2(&actions, channel, 3)
        // What else it may have inherited it closes itself, before any code of the plugin runs.

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        forgetSignals(&attributes)

        var arguments = command.arguments.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var pid: pid_t = 0
        let failed = posix_spawn(
            &pid,
            command.program,
            &actions,
            &attributes,
            &arguments,
            &environment
        )
        guard failed == 0 else { throw SpawnFailure(call: command.program, code: failed) }
        return pid
    }

    /// Gives the process the default signals, whatever the server has done to its own.
    private static func forgetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}
