import Glibc

/// How many files the server may have open, which is how many connections it can hold.
///
/// A shell allows 1,024, a container mostly a million. libwebsockets keeps a table of that length for each
/// loop and, as Debian builds it, walks through it whenever a connection ends: 0.5 µs for each thousand.
enum OpenFiles {
    /// Asked for where the machine allows more than the shell does: some 140 MB of silent sessions.
    static let wanted: rlim_t = 32_768
    /// More are not taken, for the sake of that table.
    static let most: rlim_t = 131_072

    /// As many as a server started here has.
    static var allowed: rlim_t { bounded(limits).rlim_cur }

    /// Raises or lowers this process's limit to that.
    ///
    /// Before the first loop is made. Where it cannot be set it stays as it is.
    static func settle() {
        var settled = bounded(limits)
        setrlimit(files, &settled)
    }

    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static var limits: rlimit {
        var limits = rlimit()
        getrlimit(files, &limits)
        return limits
    }

    private static func bounded(_ limits: rlimit) -> rlimit {
        var bounded = limits
        bounded.rlim_cur = min(max(limits.rlim_cur, min(wanted, limits.rlim_max)), most)
        return bounded
    }
}
