internal import CLibWebSockets
internal import Glibc

/// The bound and listening sockets of a server: one for each address its host stands for.
struct Listener: Sendable {
    let descriptors: [Int32]
    let port: Int

    /// The kernel shortens it to `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// Bytes that the kernel takes ahead of a client, for every socket that is accepted.
    ///
    /// Left to itself it takes two megabytes and more for a client that does not read, and with a
    /// thousand of them its memory for TCP is used up.
    private static let writtenAhead: Int32 = 256 << 10

    /// Listens; port 0 becomes one port for all addresses.
    init(host: String, port: Int) throws(TransportError) {
        var hints = addrinfo()
        hints.ai_socktype = maitred_stream
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host.isEmpty ? nil : host, "0", &hints, &list) == 0, let list else {
            throw .unknownHost(host)
        }
        defer { freeaddrinfo(list) }
        var descriptors: [Int32] = []
        var chosen = port
        var failure: TransportError?
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let entry = next {
            next = entry.pointee.ai_next
            do throws(Refusal) {
                let socket = try Self.listen(on: entry.pointee, port: chosen)
                descriptors.append(socket)
                if chosen == 0 { chosen = Self.port(of: socket) }
            } catch {
                failure = .listening(host: host, port: port, call: error.call, code: error.code)
                // A machine without IPv6 still has "localhost" as ::1 in its hosts file.
                if error.code != EADDRNOTAVAIL && error.code != EAFNOSUPPORT {
                    for descriptor in descriptors { close(descriptor) }
                    throw .listening(host: host, port: port, call: error.call, code: error.code)
                }
            }
        }
        guard !descriptors.isEmpty else { throw failure ?? .unknownHost(host) }
        self.descriptors = descriptors
        self.port = chosen
    }

    /// Lets the port go; clients are refused from now on.
    func closeAll() {
        for descriptor in descriptors { close(descriptor) }
    }

    /// The call that failed, and errno.
    private struct Refusal: Error {
        let call: String
        let code: Int32
    }

    private static func listen(on entry: addrinfo, port: Int) throws(Refusal) -> Int32 {
        let descriptor = socket(
            entry.ai_family,
            maitred_stream_nonblocking,
            entry.ai_protocol
        )
        guard descriptor >= 0 else { throw Refusal(call: "socket", code: errno) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        set(descriptor, SOL_SOCKET, SO_SNDBUF, writtenAhead)
        var address = sockaddr_storage()
        memcpy(&address, entry.ai_addr, Int(entry.ai_addrlen))
        withUnsafeMutableBytes(of: &address) { bytes in
            // The port stands at the same place in both families.
            bytes.storeBytes(of: UInt16(clamping: port).bigEndian, toByteOffset: 2, as: UInt16.self)
        }
        if entry.ai_family == AF_INET6 {
            let isAny = NetworkAddress(address)?.description == "::"
            set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, isAny ? 0 : 1)
        }
        let bound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, entry.ai_addrlen)
            }
        }
        let call = bound == 0 ? "listen" : "bind"
        guard bound == 0, Glibc.listen(descriptor, backlog) == 0 else {
            let code = errno
            close(descriptor)
            throw Refusal(call: call, code: code)
        }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return withUnsafeBytes(of: address) { bytes in
            Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
